"""Constraints: what `Annotated[int, Gt(0)]` adds to the type.

The vocabulary of annotated-types is known by the names of its classes and attributes: nothing has
to be imported. Other metadata is ignored.
"""

from __future__ import annotations

from pconfigs.validation.base import InvalidValue, Validator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any


class Rule:
    """One constraint: its words, and whether a value keeps it."""

    __slots__ = ("description", "holds")

    def __init__(self, description: str, holds: Callable[[Any], Any]) -> None:
        self.description, self.holds = description, holds


class ConstrainedValidator(Validator):
    """A value that fits another check and keeps some rules; None, where it fits, keeps them all."""

    def __init__(self, inner: Validator, rules: tuple[Rule, ...]) -> None:
        self.inner, self.rules = inner, rules
        self.description = f"{inner.description} {' and '.join(rule.description for rule in rules)}"
        self.never_holds_configs = inner.never_holds_configs
        # None keeps every rule: `Annotated[int | None, Gt(0)]` is about the int.
        self.types = inner.types & {type(None)}

    def choices(self) -> tuple[Validator, ...]:
        return (self.inner,)

    def item_at(self, container: Any, key: Any) -> Validator:
        return self.inner.item_at(container, key)

    def validate(self, value: Any) -> Any:
        inner = self.inner
        try:
            taken = value if type(value) in inner.types else inner.validate(value)
        except InvalidValue as mismatch:
            if mismatch.expected == inner.description and not mismatch.path:
                mismatch.expected = self.description
            raise mismatch.checked_by(self) from None
        if taken is None:
            return taken
        for rule in self.rules:
            try:
                kept = bool(rule.holds(taken))
            except Exception as error:
                # A predicate may raise anything; that is a refusal, too.
                said = f"{type(error).__name__}: {error}"
                raise InvalidValue("", value, self.description, said, constraint=True) from error
            if not kept:
                raise InvalidValue("", value, self.description, constraint=True)
        return taken


def constrained(inner: Validator, metadata: Iterable[Any]) -> Validator:
    """Return `inner` with the constraints among `metadata`; `inner` itself where there are none."""
    rules = tuple(rules_of(metadata))
    return ConstrainedValidator(inner, rules) if rules else inner


def rules_of(metadata: Iterable[Any]) -> Iterator[Rule]:
    """Yield the rules that `metadata` states, groups of constraints taken apart."""
    for one in metadata:
        known = _RULES.get(type(one).__name__)
        if isinstance(one, type):
            continue
        if known is not None:
            yield from known(one)
        elif getattr(type(one), "__is_annotated_types_grouped_metadata__", False):
            yield from rules_of(one)


def _bounds(one: Any) -> Iterator[Rule]:
    comparisons: tuple[tuple[str, str, Callable[[Any, Any], Any]], ...] = (
        ("gt", ">", lambda value, bound: value > bound),
        ("ge", ">=", lambda value, bound: value >= bound),
        ("lt", "<", lambda value, bound: value < bound),
        ("le", "<=", lambda value, bound: value <= bound),
    )
    for name, sign, holds in comparisons:
        bound = getattr(one, name, None)
        if bound is not None:
            yield Rule(f"{sign} {bound!r}", _against(holds, bound))


def _against(holds: Callable[[Any, Any], Any], bound: Any) -> Callable[[Any], Any]:
    return lambda value: holds(value, bound)


def _lengths(one: Any) -> Iterator[Rule]:
    least, most = getattr(one, "min_length", 0) or 0, getattr(one, "max_length", None)
    if least and least == most:
        yield Rule(f"of length {least}", lambda value: len(value) == least)
        return
    if least:
        yield Rule(f"of length >= {least}", lambda value: len(value) >= least)
    if most is not None:
        yield Rule(f"of length <= {most}", lambda value: len(value) <= most)


def _multiple(one: Any) -> Iterator[Rule]:
    step = one.multiple_of

    def holds(value: Any) -> bool:
        rest = value % step
        if rest == 0 or not isinstance(rest, float):
            return bool(rest == 0)
        # 0.3 is not a multiple of 0.1 in floating point, but is meant to be.
        return bool(min(abs(rest), abs(step - rest)) <= 1e-9 * max(abs(value), abs(step)))

    yield Rule(f"that is a multiple of {step!r}", holds)


def _predicate(one: Any) -> Iterator[Rule]:
    name = getattr(one.func, "__qualname__", type(one.func).__name__)
    yield Rule("that passes a test" if "<lambda>" in name else f"that passes {name}", one.func)


def _timezone(one: Any) -> Iterator[Rule]:
    zone = one.tz
    if zone is ...:
        yield Rule("with a time zone", lambda value: value.tzinfo is not None)
    elif zone is None:
        yield Rule("without a time zone", lambda value: value.tzinfo is None)
    else:
        yield Rule(f"in time zone {zone}", lambda value: str(value.tzinfo) == str(zone))


_RULES: dict[str, Callable[[Any], Iterator[Rule]]] = {
    **dict.fromkeys(["Gt", "Ge", "Lt", "Le", "Interval"], _bounds),
    **dict.fromkeys(["Len", "MinLen", "MaxLen"], _lengths),
    "MultipleOf": _multiple,
    "Predicate": _predicate,
    "Timezone": _timezone,
}
