"""Code of a config class: its fields with their types and comments, and its properties."""

from __future__ import annotations

import textwrap

from pconfigs.adoption.description import ConfigClass, Field, Kind, classes_in
from pconfigs.adoption.formulas import variables as read
from pconfigs.adoption.nodes import Variable, dotted
from pconfigs.adoption.writing.environment_code import CLASS, MODULE
from pconfigs.adoption.writing.imports import Imports
from pconfigs.adoption.writing.property_code import PropertyCode

MARK = "# adopt:"
"""The beginning of a line that is left to decide."""
WIDTH = 80


class ClassCode:
    """Write one class.

    Args:
        one: The class.
        imports: Of its module.
        variables: Attributes of the class that declares environment variables.
    """

    def __init__(self, one: ConfigClass, imports: Imports, variables: dict[Variable, str]) -> None:
        self.one, self.imports, self.variables = one, imports, variables

    def text(self) -> str:
        """Return the code of the class."""
        parts = [self.head()]
        if any(read(tie.formula) for ties in self.one.ties.values() for tie in ties):
            parts.append(f"    environment: {self.add(f'{self.one.package}.{MODULE}', CLASS)}")
        parts += [self.field(field) for field in self.one.fields.values()]
        if self.one.settled:
            omitted, anything = self.add("pconfigs", "Omitted"), self.add("typing", "Any")
            parts += [f"    {name}: {omitted}[{anything}]" for name in self.one.settled]
        parts += [f"\n{PropertyCode(self.one, child, self).text()}" for child in self.one.ties]
        return "\n".join(parts)

    def add(self, module: str, name: str) -> str:
        """Import a name."""
        return self.imports.add(module, name)

    def head(self) -> str:
        """Return the decorator, the class line and the docstring."""
        one = self.one
        decorator = f"@{self.add('pconfigs', 'pconfig')}"
        base = self.add("pconfigs", "PConfig")
        arguments: list[str] = []
        if one.how and one.target is not None:
            module, name = one.target_place
            first, dot, rest = name.partition(".")
            target = f"{self.add(module, first)}{dot}{rest}"
            arguments.append(f"{one.how}={target}")
            base = f"{base}[{target}]" if one.how == "mocks" else base
        renamed = {
            str(field.key): field.name for field in one.fields.values() if field.key != field.name
        }
        if renamed:
            arguments.append(f"renamed={renamed!r}")
        if arguments:
            decorator += f"({', '.join(arguments)})"
        if one.how == "calls":
            line = f"class {one.name}:"
        elif one.bases:
            names = [self.add(f"{b.package}.{b.module}", b.name) for b in one.bases]
            line = f"class {one.name}({', '.join(names)}):"
        else:
            line = f"class {one.name}({base}):"
        marks = [f"{MARK} {mark}" for mark in one.marks]
        doc = one.doc or _about(one)
        body = textwrap.indent(_docstring(doc), "    ")
        return "\n".join([*marks, decorator, line, body, ""])

    def field(self, field: Field) -> str:
        """Return the lines of a field."""
        lines = [f"# {line}" for line in field.notes.settings]
        lines += [f"{MARK} {mark}" for mark in field.marks]
        lines.append(f"{field.name}: {self.annotation(field)}")
        if field.notes.text:
            lines.append(_docstring(field.notes.text))
        return textwrap.indent("\n".join(lines), "    ")

    def annotation(self, field: Field) -> str:
        """Return the annotation of a field."""
        code = self.kind(field.kind)
        if self.one.how and any(one.how and not one.is_partial for one in classes_in(field.kind)):
            code = f"{self.add('pconfigs', 'Built')}[{code}]"
        if field.omitted or field.formula is not None:
            code = f"{self.add('pconfigs', 'Omitted')}[{code}]"
        elif field.is_extra:
            code = f"{self.add('pconfigs', 'Kwarg')}[{code}]"
        return f"{self.add('pconfigs', 'Secret')}[{code}]" if field.secret else code

    def kind(self, kind: Kind) -> str:
        """Return the code of a type."""
        if kind.text:
            for module, name in kind.imports:
                self.add(module, name)
            return kind.text
        if kind.any or (kind.is_empty and not kind.none):
            return self.add("typing", "Any")
        parts = [self.add(f"{one.package}.{one.module}", one.name) for one in kind.classes]
        parts += [name for name in ("bool", "int", "float", "str") if name in kind.names]
        for name in sorted(kind.names - {"bool", "int", "float", "str"}):
            module, _, last = name.rpartition(".")
            parts.append(self.add(module or "builtins", last))
        if kind.literals:
            values = ", ".join(map(repr, kind.literals))
            parts.append(f"{self.add('typing', 'Literal')}[{values}]")
        if kind.item is not None:
            parts.append(f"list[{self.kind(kind.item)}]")
        if kind.value is not None:
            parts.append(f"dict[{kind.key}, {self.kind(kind.value)}]")
        if kind.none:
            parts.append("None")
        return " | ".join(parts)


def _about(one: ConfigClass) -> str:
    """Return what a class is about, where the source does not describe it."""
    if one.target is not None:
        return f"Parameters of `{one.target}`."
    return f"Section `{dotted(one.path)}`." if one.path else "All settings."


def _docstring(text: str) -> str:
    """Return a docstring: a sentence on one line, or lines that fit."""
    lines = [
        wrapped
        for line in text.split("\n")
        for wrapped in (textwrap.wrap(line, WIDTH, break_long_words=False) or [""])
    ]
    safe = docstring("\n".join(lines))
    prefix = "r" if "\\" in safe and not safe.endswith("\\") else ""
    if not prefix:
        safe = safe.replace("\\", "\\\\")
    return f'{prefix}"""{safe}"""' if "\n" not in safe else f'{prefix}"""{safe}\n"""'


def docstring(text: str) -> str:
    """Return text that can be between triple quotes; backslashes are left to the caller."""
    plain = text.replace('"""', "'''")
    plain = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in plain)
    return f"{plain} " if plain.endswith('"') else plain
