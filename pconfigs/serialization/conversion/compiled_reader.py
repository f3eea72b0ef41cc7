"""Compiled readers: what ConfigConverter.load does, as straight code made for one class.

A class gets one when many of its configs are read. It reads mappings as `pdump` writes them: all
fields and no other key, scalars of the very types of their fields, no pins. Of every other mapping
it reads nothing, and returns UNREAD. Nothing else has happened then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pconfigs.annotations.kinds import ATOMS
from pconfigs.markers import Pinned
from pconfigs.schema.build_record import INHERITED, RECORD
from pconfigs.schema.generated_code import compile_function
from pconfigs.schema.inheritance import ABSENT
from pconfigs.serialization.conversion.config_converter import ConfigConverter, FieldPlan
from pconfigs.serialization.conversion.contexts import Reading
from pconfigs.serialization.conversion.tags import GIVEN, INVALID, PIN, TYPE, UNREAD


def compiled_reader(converter: ConfigConverter) -> Callable[[dict[Any, Any], Reading], Any] | None:
    """Return the `read` of a converter, for as long as the class has the default of today.

    None where files of the class are read in a way of their own, or with secrets.
    """
    history = converter.history
    if converter.migrates or history.added or converter.following or converter.schema.secret_names:
        return None
    source = _Source(converter)
    subject = f"reader of {converter.cls.__qualname__}"
    return compile_function("read", subject, source.lines(), source.names)


class _Source:
    """The source of one reader, and the names that it uses; `v3` is the value of field 3."""

    def __init__(self, converter: ConfigConverter) -> None:
        self.converter, self.plans = converter, converter.plans
        self.defaults = converter.defaults()
        self.names: dict[str, Any] = {
            "schema": converter.schema, "fallback": converter.fallback, "cls": converter.cls,
            "restart": converter.restart, "converter": converter, "UNREAD": UNREAD,
            "INVALID": INVALID, "Pinned": Pinned, "set_": object.__setattr__,
            "names": frozenset(converter.names), "lists_fields": _lists_fields,
        }  # fmt: skip
        self.scalars = [plan for plan in self.plans if _is_scalar(plan)]
        self.settable = [plan for plan in self.plans if not plan.field.pinned]
        self.parts = [plan for plan in self.settable if plan not in self.scalars]

    def lines(self) -> list[str]:
        gets = "; ".join(f"v{plan.index} = node[{plan.name!r}]" for plan in self.plans)
        tags = [f"({TYPE!r} in node)", *([f"({GIVEN!r} in node)"] * bool(self.converter.fallback))]
        lines = [
            "def read(node, data):",
            "    if schema.fallback is not fallback: return restart(node, data)",
            # Each UNREAD leaves the whole config to the general reader, before anything is built.
            "    if data.keeps: return UNREAD",
            f"    try: {gets or 'pass'}",
            "    except KeyError: return UNREAD",
            f"    others = len(node) - {len(self.plans)}",
            f"    if others and others != {' + '.join(tags)}: return UNREAD",
        ]
        if refused := self._refused():
            lines.append(f"    if {' or '.join(refused)}: return UNREAD")
        if self.converter.fallback:
            lines.append(f"    given = node.get({GIVEN!r})")
            lines.append("    if not lists_fields(names, given): return UNREAD")
        if self.parts:
            lines += [f"    {line}" for line in self._parts()]
        if self.converter.fallback:
            lines += [f"    {line}" for line in self._note_defaults()]
        return [*lines, *[f"    {line}" for line in self._built()]]

    def _refused(self) -> list[str]:
        """Return the tests for what is not read here."""
        tests: list[str] = []
        for plan in self.scalars:
            types = plan.field.validator.types
            names, test = f"types{plan.index}", "not in"
            self.names[names] = types
            if len(types) == 1:
                self.names[names], test = next(iter(types)), "is not"
            tests.append(f"type(v{plan.index}) {test} {names}")
        return tests + [
            f"type(v{plan.index}) is dict and {PIN!r} in v{plan.index}"
            for plan in self.plans
            if plan.field.pinned and plan not in self.scalars
        ]

    def _parts(self) -> list[str]:
        """Return lines that read what is not a scalar, and what is given to properties."""
        lines = ["steps, found = data.steps, len(data.problems)", "steps.append(None)"]
        if any(plan.field.derived for plan in self.parts):
            lines.append("compares = data.compares")
        for plan in self.parts:
            index = plan.index
            self.names[f"load{index}"] = plan.converter.load
            lines.append(f"steps[-1] = {plan.name!r}")
            if plan.field.derived:
                # What is in it is compared as a part of what the property makes of it.
                lines.append("if data.ours: data.compares = False")
            lines.append(f"v{index} = load{index}(v{index}, data)")
            if plan.field.derived:
                lines.append("data.compares = compares")
        return [
            *lines,
            "steps.pop()",
            "if len(data.problems) > found:",
            f"    converter.note_others({self._inputs()}, node, data)",
            "    return INVALID",
        ]

    def _inputs(self) -> str:
        """Return the display of the inputs by name."""
        return f"{{{', '.join(f'{name!r}: {value}' for name, value in self._given())}}}"

    def _given(self) -> list[tuple[str, str]]:
        return [
            (plan.name, "Pinned" if plan.field.pinned else f"v{plan.index}")
            for plan in self.plans
            if not plan.field.pinned or (not plan.field.derived and plan.name not in self.defaults)
        ]

    def _note_defaults(self) -> list[str]:
        """Return lines that note fields at their default where that has changed since."""
        lines = ["if data.warns:", "    today = []"]
        for plan in self.settable:
            value, default, add = f"v{plan.index}", f"d{plan.index}", f"today.append({plan.name!r})"
            self.names[default] = self.defaults.get(plan.name, ABSENT)
            if plan.is_atom and type(self.names[default]) in ATOMS:
                lines.append(f"    if {value} is not {default} and {value} != {default}: {add}")
            elif self.names[default] is not ABSENT:
                lines.append(
                    f"    today.append({plan.name!r} if {plan.name!r} in given else UNREAD)"
                )
            else:
                lines.append(f"    {add}")
        inputs = f"given, {self._inputs()}, node, data"
        return [*lines, f"    if today != given: converter.note_defaults({inputs})"]

    def _built(self) -> list[str]:
        """Return lines that build the config, and compare computed values with the saved ones."""
        keywords = ", ".join(f"{name}={value}" for name, value in self._given())
        # The place of the load takes that of the call in this generated code.
        record = f"(*(data.here or data.where()), *config.{RECORD}[{INHERITED}:])"
        lines = [
            f"try: config = cls({keywords})",
            "except Exception as error: return data.not_built(error, converter)",
            f"set_(config, {RECORD!r}, {record})",
        ]
        tests = []
        for plan in self.converter.checked:
            value, today = f"v{plan.index}", f"config.{plan.name}"
            test = f"type({today}) is not type({value}) or {today} != {value}"
            tests.append(test if plan in self.scalars else "True")
        if tests:
            tested = "True" if "True" in tests else " or ".join(tests)
            lines += [
                f"if data.compares and ({tested}):",
                "    converter.check(config, node, {}, data)",
            ]
        return [*lines, "return config"]


def _is_scalar(plan: FieldPlan) -> bool:
    """Return whether all values of a field that fit by their type are read as they are."""
    types = plan.field.validator.types
    return bool(types) and types <= plan.taken


def _lists_fields(names: frozenset[str], given: Any) -> bool:
    """Return whether plain data is a list of names of fields."""
    try:
        return type(given) is list and names.issuperset(given)
    except TypeError:
        return False  # it holds what is not even hashable
