"""Exact equality: whether two values differ in nothing that a diff shows.

Stricter than `==`: `1`, `1.0` and `True` differ, and so may configs that hold the same values if
other ones were given for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

from pconfigs.annotations.kinds import SCALARS
from pconfigs.markers import Pinned
from pconfigs.schema.build_record import raw_inputs
from pconfigs.schema.class_schema import SCHEMA, Schema
from pconfigs.schema.equality import is_ordered, same_value
from pconfigs.schema.fields import Field
from pconfigs.schema.generated_code import compile_function

Side: TypeAlias = Literal["given", "made", "both"]
"""What is compared of configs: what was given for their fields, what the fields hold, or both."""

Same: TypeAlias = Callable[[Any, Any, Side], bool]


class ExactComparison:
    """Compares what two trees hold, each pair of configs once."""

    def __init__(self) -> None:
        self._apart: set[tuple[int, int, Side]] = set()

    def items_apart(
        self, before: Sequence[Any], after: Sequence[Any], side: Side
    ) -> dict[int, None] | None:
        """Return the indexes at which two sequences of one length may differ; None if unknown."""
        try:
            same = self._same_items(before, after, side)
            return {index: None for index, is_same in enumerate(same) if not is_same}
        except (AttributeError, RecursionError):
            return None  # a secret that was left out of a pickle; lists nested very deep

    def _same_items(self, before: Sequence[Any], after: Sequence[Any], side: Side) -> list[bool]:
        """Return whether they are the same for each pair of items of sequences of one length."""
        kind: type[Any] = type(before[0]) if before else object
        schema: Schema | None = getattr(kind, SCHEMA, None)
        if schema is None or schema.nested_names:
            return [a is b or self._same(a, b, side) for a, b in zip(before, after, strict=True)]
        # Mostly, a list holds configs of one class: one call for each, as they are many.
        same, compare = self._same, schema.exact.get(side) or _comparison(schema, side)
        return [
            a is b or (compare(a, b, same) if type(a) is type(b) is kind else same(a, b, side))
            for a, b in zip(before, after, strict=True)
        ]

    def _same(self, one: Any, other: Any, side: Side) -> bool:
        kind = type(one)
        if kind is not type(other):
            return False
        if kind in SCALARS:
            return bool(one == other)
        schema: Schema | None = getattr(kind, SCHEMA, None)
        if schema is not None:
            compare = schema.exact.get(side) or _comparison(schema, side)
            if not schema.nested_names:
                return compare(one, other, self._same)
            # What is above a difference differs, too: it is not looked through at each level.
            place = (id(one), id(other), side)
            if place in self._apart:
                return False
            if compare(one, other, self._same):
                return True
            self._apart.add(place)
            return False
        if isinstance(one, (list, tuple)):
            return len(one) == len(other) and all(self._same_items(one, other, side))
        if isinstance(one, dict):
            if is_ordered(one) and [*one] != [*other]:
                return False
            return one.keys() == other.keys() and all(
                [a is other[key] or self._same(a, other[key], side) for key, a in one.items()]
            )
        return same_value(one, other)


def _comparison(schema: Schema, side: Side) -> Callable[[Any, Any, Same], bool]:
    """Return what compares two configs of a class, generated as that of `==` is."""
    names: dict[str, Any] = {"type": type, "scalars": SCALARS, "same_inputs": _same_inputs}
    tests = [
        # Variants share what they inherit: identity answers first, for most fields.
        f"(a.{field.name} is b.{field.name} or {_test(field, side)})"
        for field in schema.fields.values()
        if side != "given" or field.property is None
    ]
    if side != "made":
        tests += [f"same_inputs(a, b, {name!r}, same)" for name in schema.taking]
    lines = ["def compare(a, b, same):", f"    return {' and '.join(tests) or 'True'}"]
    subject = f"exact comparison of {schema.cls.__qualname__}"
    compare = compile_function("compare", subject, lines, names)
    schema.exact[side] = compare
    return compare


def _test(field: Field, side: Side) -> str:
    ours, theirs = f"a.{field.name}", f"b.{field.name}"
    # What is given to a property is among the raw inputs: its value is only made.
    of_value = side if field.property is None else "made"
    equal = (
        f"{ours} == {theirs} if type({ours}) in scalars else same({ours}, {theirs}, '{of_value}')"
    )
    return f"type({ours}) is type({theirs}) and ({equal})"


def _same_inputs(a: Any, b: Any, name: str, same: Same) -> bool:
    ours, theirs = raw_inputs(a).get(name, Pinned), raw_inputs(b).get(name, Pinned)
    return ours is theirs or same(ours, theirs, "given")
