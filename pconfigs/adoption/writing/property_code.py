"""Code of properties: fields that follow from others unless they are given."""

from __future__ import annotations

import builtins
import json
import math
from collections.abc import Iterator
from typing import Any

from pconfigs.adoption.description import ConfigClass, Field, Tie
from pconfigs.adoption.formulas import references, variables
from pconfigs.adoption.nodes import Path, Variable
from pconfigs.adoption.ties import from_inputs, reachable
from pconfigs.adoption.writing.texts import docstring
from pconfigs.adoption.writing.type_code import TypeCode
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
        self.closing: dict[Any, bool] = {}  # fields whose properties need that of this one

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
        if _is_unsure(self.field):
            classes = [self.code.imports.config_class(one) for one in self.field.kind.classes]
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
        below: dict[Path, int] = {}  # the last stage that sets something there
        for tie in self.ties:
            stage = 0
            for read in references(tie.formula):
                above = [stage_of.get(read[:count], -1) for count in range(len(read))]
                stage = max(stage, below.get(read, -1) + 1, *(other + 1 for other in above))
            path = tie.path
            stage_of[path] = stage
            for count in range(len(path) + 1):
                below[path[:count]] = max(stage, below.get(path[:count], 0))
            while len(found) <= stage:
                found.append([])
            found[stage].append(tie)
        return found

    def assignment(self, tie: Tie, view: str) -> list[str]:
        """Return the lines that set one value, under the conditions under which it is there."""
        below = tie.path[self.level + 1 :]
        place = "".join(f".{inner.name}" for _, _, inner in _through(self.field, below))
        conditions = [*self.type_guards(below, tie.owner), *self.guards(tie)]
        pin = self.code.add("pconfigs", "Pin")
        line = f"{view}{place} = {pin}({self.formula(tie.formula)})"
        if not conditions:
            return [line]
        return [f"if {' and '.join(conditions)}:", f"    {line}"]

    def type_guards(self, path: Path, owner: ConfigClass) -> list[str]:
        """Return the conditions under which a path below the part leads to a field of `owner`."""
        found: list[str] = []
        place = "given"
        for count, (outer, holder, inner) in enumerate(_through(self.field, path)):
            # Of the part itself, its only class is known: another value is returned as it is.
            if _is_unsure(outer) and (count or len(outer.kind.classes) > 1):
                found.append(self.guard(place, owner if count == len(path) - 1 else holder))
            place += f".{inner.name}"
        return found

    def guards(self, tie: Tie) -> list[str]:
        """Return the conditions under which what a tie reads is there."""
        found: dict[str, None] = {}
        for read in references(tie.formula):
            place, field = self.start(read)
            for outer, holder, inner in _through(field, read[self.level + 1 :]):
                if _is_unsure(outer):
                    found[self.guard(place, holder)] = None
                place += f".{inner.name}"
        return list(found)

    def guard(self, place: str, one: ConfigClass) -> str:
        """Return the condition that a value is a config of a class."""
        return f"isinstance({place}, {self.code.imports.config_class(one)})"

    def start(self, path: Path) -> tuple[str, Field]:
        """Return the code and the field of the class from which the value at a path is read."""
        field = self.one.fields[path[self.level]]
        is_part = path[self.level] == self.child
        return "given" if is_part else f"{self.source(path)}.{field.name}", field

    def source(self, read: Path) -> str:
        """Return what a path is read from: `self`, or its inputs where that would be a cycle."""
        other = read[self.level]
        if other not in self.closing:
            self.closing[other] = self.child in reachable(self.needs, other)
        if self.closing[other] and from_inputs(self.one, read, self.level):
            self.reads_inputs = True
            return "inputs"
        return "self"

    def needs(self, child: Any) -> set[Any]:
        """Return the fields of the class that the property of a field reads."""
        ties = self.one.ties.get(child, ())
        return {path[self.level] for tie in ties for path in references(tie.formula)} - {child}

    def read(self, path: Path) -> str:
        """Return the code that reads the value at a path."""
        text, field = self.start(path)
        names = [inner.name for _, _, inner in _through(field, path[self.level + 1 :])]
        rest = path[self.level + 1 + len(names) :]
        return "".join([text, *(f".{name}" for name in names), *(f"[{step!r}]" for step in rest)])

    def formula(self, formula: Formula) -> str:
        """Return the code of a formula."""
        if isinstance(formula, Constant):
            value = formula.value
            # The names that `repr` gives what is not finite are not defined in code.
            is_named = isinstance(value, float) and not math.isfinite(value)
            return f'float("{value}")' if is_named else repr(value)
        if isinstance(formula, Reference):
            return self.read(formula.path)
        if isinstance(formula, Variable):
            return f"self.environment.{self.code.variables[formula]}"
        if isinstance(formula, Listed):
            return f"[{', '.join(self.formula(item) for item in formula.items)}]"
        if isinstance(formula, Joined):
            return self.joined(formula)
        assert isinstance(formula, Call)
        return self.call(formula)

    def call(self, formula: Call) -> str:
        """Return the code of a resolver's call."""
        words = [self.formula(one) for one in formula.arguments]
        operator = OPERATORS.get(formula.name)
        if operator is None:
            return f"{formula.name}({', '.join(words)})"
        inner = [
            f"({word})" if isinstance(one, Call) and one.name in OPERATORS else word
            for word, one in zip(words, formula.arguments, strict=True)
        ]
        return operator.join(inner)

    def joined(self, formula: Joined) -> str:
        """Return an f-string, or a join of strings where Python 3.11 has no f-string for it."""
        parts = [
            (True, str(one.value)) if isinstance(one, Constant) else (False, self.formula(one))
            for one in formula.parts
        ]
        if any(set(part) & {'"', "\\"} for is_text, part in parts if not is_text):
            items = [repr(part) if is_text else f"str({part})" for is_text, part in parts]
            return f"''.join([{', '.join(items)}])"
        return f'f"{"".join(_in_f_string(*one) for one in parts)}"'


def _in_f_string(is_text: bool, part: str) -> str:
    if not is_text:
        return f"{{{part}}}"
    return json.dumps(part, ensure_ascii=False)[1:-1].replace("{", "{{").replace("}", "}}")


def _names(tie: Tie) -> str:
    """Return what a tie reads, for a docstring."""
    reads = [f"`{'.'.join(map(str, path[tie.level :]))}`" for path in references(tie.formula)]
    reads += [f"the variable {one.name}" for one in variables(tie.formula)]
    return ", ".join(reads) or "a value"


def _through(field: Field, path: Path) -> Iterator[tuple[Field, ConfigClass, Field]]:
    """Yield the steps of a path below a field, as far as they lead through configs.

    Each is the field that holds the config, the config's class, and the field there.
    """
    for key in path:
        if not field.kind.classes:
            return
        holder = next(one for one in field.kind.classes if key in one.fields)
        yield field, holder, holder.fields[key]
        field = holder.fields[key]


def _is_unsure(field: Field) -> bool:
    """Return whether a field may hold something else than a config of one class."""
    return field.kind.one_class is None or field.omitted
