"""Code of properties: fields that follow from others unless they are given."""

from __future__ import annotations

import builtins
import json
from typing import Any

from pconfigs.adoption.description import ConfigClass, Field, Kind, Tie
from pconfigs.adoption.formulas import references, variables
from pconfigs.adoption.nodes import Path, Variable
from pconfigs.adoption.ties import from_inputs, reachable
from pconfigs.adoption.writing.texts import docstring
from pconfigs.adoption.writing.type_code import TypeCode
from pconfigs.adoption.writing.value_code import Code
from pconfigs.serialization.formats.interpolations import (
    Call,
    Constant,
    Formula,
    Joined,
    Listed,
    Reference,
)

OPERATORS = {"add": " + ", "sub": " - ", "mul": " * ", "div": " / ", "floordiv": " // "}


class PropertyCode:
    """Write the property of one field of a class.

    Args:
        one: The class.
        child: Key of the field.
        code: Write types of its module.
    """

    def __init__(self, one: ConfigClass, child: Any, code: TypeCode) -> None:
        self.one, self.child, self.code = one, child, code
        self.field = one.fields[child]
        self.ties = one.ties[child]
        self.level = self.ties[0].level
        self.reads_inputs = False

    def text(self) -> str:
        """Return the property."""
        own = [tie for tie in self.ties if len(tie.path) == self.level + 1]
        body = self.own(own[0]) if own else self.part()
        if self.reads_inputs:
            # In a variable: type checkers know what a condition has shown.
            body.insert(1, f"inputs = {self.code.add('pconfigs', 'pinputs')}(self)")
        decorator = f"@{self.code.add('pconfigs', 'pproperty')}(fixup=True)"
        kind = self.code.kind(self.field.kind)
        lines = [decorator, f"def {self.field.name}(self) -> {kind}:", *(f"    {b}" for b in body)]
        return "\n".join(f"    {line}" for line in lines)

    def own(self, tie: Tie) -> list[str]:
        """Return the body for a field of the class itself."""
        inputs, omitted = self.code.add("pconfigs", "pinputs"), self.code.add("pconfigs", "Omitted")
        name = self.field.name
        condition = " and ".join([f"given is {omitted}", *self.guards(tie)])
        lines = [docstring(f"Follow {_names(tie)} unless given."), f"given = {inputs}(self).{name}"]
        if len(self.ties) == 1 and condition == f"given is {omitted}":
            return [*lines, f"return {self.formula(tie.formula)} if {condition} else given"]
        return [
            *lines,
            f"if {condition}:",
            f"    return {self.formula(tie.formula)}",
            "return given",
        ]

    def part(self) -> list[str]:
        """Return the body for a part, in which values are set."""
        inputs, setter = self.code.add("pconfigs", "pinputs"), self.code.add("pconfigs", "psetter")
        name = self.field.name
        hidden = name in ("given", "self", *self.code.imports.taken) or hasattr(builtins, name)
        view = f"{name}_" if hidden else name
        lines = [
            docstring(f"Complete `{name}` with values that follow from others unless given."),
            f"given = {inputs}(self).{name}",
        ]
        if self.field.kind.one_class is None or self.field.omitted:
            classes = [self.class_name(one) for one in self.field.kind.classes]
            kinds = classes[0] if len(classes) == 1 else f"({', '.join(classes)})"
            lines += [f"if not isinstance(given, {kinds}):", "    return given"]
        fields = {f.name for one in self.field.kind.classes for f in one.fields.values()}
        end = f"{setter}(construct={view})" if "config" in fields else f"{view}.config"
        stages = self.stages()
        for number, ties in enumerate(stages):
            lines.append(f"with {setter}(given) as {view}:")
            lines += [f"    {line}" for tie in ties for line in self.assignment(tie, view)]
            lines.append(f"given = {end}" if number < len(stages) - 1 else f"return {end}")
        return lines

    def stages(self) -> list[list[Tie]]:
        """Return the ties in stages: each reads what earlier ones have set in the part."""
        found: list[list[Tie]] = []
        stage_of: dict[Path, int] = {}
        for tie in self.ties:
            stage = 0
            for read in references(tie.formula):
                for path, other in stage_of.items():
                    if path[: len(read)] == read or read[: len(path)] == path:
                        stage = max(stage, other + 1)
            stage_of[tie.path] = stage
            while len(found) <= stage:
                found.append([])
            found[stage].append(tie)
        return found

    def assignment(self, tie: Tie, view: str) -> list[str]:
        """Return the lines that set one value, under the conditions under which it is there."""
        below = tie.path[self.level + 1 :]
        place = "".join(f".{step}" for step in self.steps(below, self.field))
        conditions = [
            *self.type_guards("given", self.field, below, tie.owner),
            *self.guards(tie),
        ]
        pin = self.code.add("pconfigs", "Pin")
        line = f"{view}{place} = {pin}({self.formula(tie.formula, 'given')})"
        if not conditions:
            return [line]
        return [f"if {' and '.join(conditions)}:", f"    {line}"]

    def class_name(self, one: ConfigClass) -> str:
        """Return the name of a class, imported."""
        return self.code.add(f"{one.package}.{one.module}", one.name)

    def type_guards(self, start: str, field: Field, path: Path, owner: ConfigClass) -> list[str]:
        """Return the conditions under which a path below a part leads to a field of `owner`."""
        found: list[str] = []
        place = start
        for count in range(len(path)):
            is_last = count == len(path) - 1
            holder = owner if is_last else _holding(field.kind, path[count:])
            unsure = field.kind.one_class is None or field.omitted
            if unsure and not (count == 0 and len(field.kind.classes) == 1):
                found.append(f"isinstance({place}, {self.class_name(holder)})")
            field = holder.fields[path[count]]
            place += f".{field.name}"
        return found

    def guards(self, tie: Tie) -> list[str]:
        """Return the conditions under which what a tie reads is there."""
        found: list[str] = []
        for read in references(tie.formula):
            field = self.one.fields[read[self.level]]
            place = "given"
            if read[self.level] != self.child:
                place = f"{self.source(read)}.{field.name}"
            for count in range(self.level + 1, len(read)):
                if not field.kind.classes:
                    break
                holder = _holding(field.kind, read[count:])
                if field.kind.one_class is None or field.omitted:
                    guard = f"isinstance({place}, {self.class_name(holder)})"
                    if guard not in found:
                        found.append(guard)
                field = holder.fields[read[count]]
                place += f".{field.name}"
        return found

    def source(self, read: Path) -> str:
        """Return what a path is read from: `self`, or its inputs where that would be a cycle."""
        other = read[self.level]
        reads: dict[Any, set[Any]] = {}
        for child, ties in self.one.ties.items():
            reads[child] = {
                path[self.level] for tie in ties for path in references(tie.formula)
            } - {child}
        if self.child in reachable(reads, other) and from_inputs(self.one, read, self.level):
            self.reads_inputs = True
            return "inputs"
        return "self"

    def steps(self, path: Path, field: Field) -> list[str]:
        """Return the names of the fields along a path below a field."""
        found: list[str] = []
        for count, key in enumerate(path):
            field = _holding(field.kind, path[count:]).fields[key]
            found.append(field.name)
        return found

    def read(self, path: Path, view: str) -> str:
        """Return the code that reads the value at a path."""
        field = self.one.fields[path[self.level]]
        if path[self.level] == self.child:
            text = view
        else:
            text = f"{self.source(path)}.{field.name}"
        for count in range(self.level + 1, len(path)):
            if field.kind.classes:
                field = _holding(field.kind, path[count:]).fields[path[count]]
                text += f".{field.name}"
            else:
                return text + "".join(f"[{step!r}]" for step in path[count:])
        return text

    def formula(self, formula: Formula, view: str = "") -> str:
        """Return the code of a formula."""
        if isinstance(formula, Constant):
            return repr(formula.value)
        if isinstance(formula, Reference):
            return self.read(formula.path, view)
        if isinstance(formula, Variable):
            return f"self.environment.{self.code.variables[formula]}"
        if isinstance(formula, Listed):
            return f"[{', '.join(self.formula(item, view) for item in formula.items)}]"
        if isinstance(formula, Joined):
            return self.joined(formula, view)
        assert isinstance(formula, Call)
        return self.call(formula, view)

    def call(self, formula: Call, view: str) -> str:
        """Return the code of a resolver's call."""
        words = [self.formula(one, view) for one in formula.arguments]
        operator = OPERATORS.get(formula.name)
        if operator is None:
            return f"{formula.name}({', '.join(words)})"
        inner = [
            f"({word})" if isinstance(one, Call) and one.name in OPERATORS else word
            for word, one in zip(words, formula.arguments, strict=True)
        ]
        return operator.join(inner)

    def joined(self, formula: Joined, view: str) -> str:
        """Return an f-string, or a join of strings where Python 3.11 has no f-string for it."""
        words = [
            one.value if isinstance(one, Constant) else Code(self.formula(one, view))
            for one in formula.parts
        ]
        if any(isinstance(word, Code) and set(word.text) & {'"', "\\"} for word in words):
            items = [f"str({w.text})" if isinstance(w, Code) else repr(str(w)) for w in words]
            return f"''.join([{', '.join(items)}])"
        text = ""
        for word in words:
            if isinstance(word, Code):
                text += f"{{{word.text}}}"
            else:
                piece = json.dumps(str(word), ensure_ascii=False)[1:-1]
                text += piece.replace("{", "{{").replace("}", "}}")
        return f'f"{text}"'


def _names(tie: Tie) -> str:
    """Return what a tie reads, for a docstring."""
    reads = [f"`{'.'.join(map(str, path[tie.level :]))}`" for path in references(tie.formula)]
    reads += [f"the variable {one.name}" for one in variables(tie.formula)]
    return ", ".join(reads) or "a value"


def _holding(kind: Kind, path: Path) -> ConfigClass:
    """Return the class of a type that has the first step of a path."""
    return next(one for one in kind.classes if path[0] in one.fields)
