"""Code of a config class: its fields with their types and comments, and its properties."""

from __future__ import annotations

import textwrap

from pconfigs.adoption.description import ConfigClass, Field, classes_in
from pconfigs.adoption.formulas import variables as read
from pconfigs.adoption.nodes import dotted
from pconfigs.adoption.writing.environment_code import CLASS, MODULE
from pconfigs.adoption.writing.property_code import PropertyCode
from pconfigs.adoption.writing.texts import MARK, comment, docstring
from pconfigs.adoption.writing.type_code import TypeCode


class ClassCode:
    """Write one class.

    Args:
        one: The class.
        types: Write types of its module.
    """

    def __init__(self, one: ConfigClass, types: TypeCode) -> None:
        self.one, self.types, self.add = one, types, types.add

    def text(self) -> str:
        """Return the code of the class."""
        parts = [self.head()]
        if any(read(tie.formula) for ties in self.one.ties.values() for tie in ties):
            parts.append(f"    environment: {self.add(f'{self.one.package}.{MODULE}', CLASS)}")
        parts += [self.field(field) for field in self.one.fields.values()]
        if self.one.settled:
            omitted, anything = self.add("pconfigs", "Omitted"), self.add("typing", "Any")
            parts += [f"    {name}: {omitted}[{anything}]" for name in self.one.settled]
        parts += [
            f"\n{PropertyCode(self.one, child, self.types).text()}" for child in self.one.ties
        ]
        return "\n".join(parts)

    def head(self) -> str:
        """Return the decorator, the class line and the docstring."""
        one = self.one
        decorator = f"@{self.add('pconfigs', 'pconfig')}"
        base = self.add("pconfigs", "PConfig")
        arguments: list[str] = []
        if one.how and one.target is not None:
            target = self.types.imports.qualified(*one.target_place)
            arguments.append(f"{one.how}={target}")
            base = f"{base}[{target}]" if one.how == "mocks" else base
        renamed = {
            str(field.key): field.name for field in one.fields.values() if field.key != field.name
        }
        renamed |= {key: one.fields[name].name for key, name in one.renamed.items()}
        if renamed:
            arguments.append(f"renamed={renamed!r}")
        if arguments:
            decorator += f"({', '.join(arguments)})"
        if one.how == "calls":
            line = f"class {one.name}:"
        elif one.bases:
            names = [self.types.imports.config_class(base) for base in one.bases]
            line = f"class {one.name}({', '.join(names)}):"
        else:
            line = f"class {one.name}({base}):"
        marks = [comment(mark, MARK) for mark in one.marks]
        doc = one.doc or _about(one)
        body = textwrap.indent(docstring(doc), "    ")
        return "\n".join([*marks, decorator, line, body, ""])

    def field(self, field: Field) -> str:
        """Return the lines of a field."""
        lines = [comment(line) for line in field.notes.settings]
        lines += [comment(mark, MARK) for mark in field.marks]
        lines.append(f"{field.name}: {self.annotation(field)}")
        if field.notes.text:
            lines.append(docstring(field.notes.text))
        return textwrap.indent("\n".join(lines), "    ")

    def annotation(self, field: Field) -> str:
        """Return the annotation of a field."""
        code = self.types.kind(field.kind)
        if self.one.how and any(one.how and not one.is_partial for one in classes_in(field.kind)):
            code = f"{self.add('pconfigs', 'Built')}[{code}]"
        if field.omitted or field.formula is not None:
            code = f"{self.add('pconfigs', 'Omitted')}[{code}]"
        elif field.is_extra:
            code = f"{self.add('pconfigs', 'Kwarg')}[{code}]"
        return f"{self.add('pconfigs', 'Secret')}[{code}]" if field.secret else code


def _about(one: ConfigClass) -> str:
    """Return what a class is about, where the source does not describe it."""
    if one.target is not None:
        return f"Parameters of `{one.target}`."
    return f"Section `{dotted(one.path)}`." if one.path else "All settings."
