"""Writers of config classes: configs become mappings of their fields.

A field whose property makes its value of an input (a tie: `blocks` with the width of the model put
into each) is written once, as its value, where loading can infer the input from it: the input is
the value without what is pinned in it. Where it cannot, the input is written in its place and the
value below `$computed`.
"""

from __future__ import annotations

from operator import attrgetter

from pconfigs.markers import Pin, Pinned
from pconfigs.schema.build_record import BASES, INHERITED, RAW, raw_inputs
from pconfigs.schema.class_schema import held_values
from pconfigs.schema.equality import same_value
from pconfigs.schema.inheritance import ABSENT
from pconfigs.serialization.conversion.config_converter import (
    FieldPlan,
    config_converter,
    is_same_input,
)
from pconfigs.serialization.conversion.tags import (
    COMPUTED,
    GIVEN,
    MARKER,
    PIN,
    PLAIN,
    VERSION,
)

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pconfigs.serialization.conversion.contexts import Dump


WRITER = "__pconfig_writer__"
WRITES_BEFORE_COMPILING = 60


def config_writer(cls: type) -> ConfigWriter:
    """Return the writer of a config class, kept on it."""
    writer: ConfigWriter | None = cls.__dict__.get(WRITER)
    if writer is None:
        writer = ConfigWriter(cls)
        type.__setattr__(cls, WRITER, writer)
    return writer


class ConfigWriter:
    """Writes the configs of one class.

    Attributes:
        converter: What else is known of the class.
        write: Returns the plain form of a config without its class, given the writing that it is a
            part of, and whether a property around it made it of an input without its pins. It is
            `dump` or, after a number of configs, the same as straight code for the class.
    """

    write: Callable[[Any, Dump, bool], dict[str, Any]]

    def __init__(self, cls: type) -> None:
        self.converter = converter = config_converter(cls)
        self.name, self.version = converter.name, converter.history.version
        self.write, self._written = self.first_writes, 0
        self.plans, self.names, self.pins = converter.plans, converter.names, converter.pins
        open_plans = [plan for plan in self.plans if not plan.secret]
        self.repaired = converter.repaired
        self.pinned = [p for p in open_plans if p.field.pinned and not p.field.derived]
        self.computed = [plan for plan in self.plans if plan.computed]
        self.following = converter.following
        plain = [plan.field for plan in self.plans if plan.plain]
        self._nested = [f.name for f in plain if not f.validator.never_holds_configs]
        flat = [field.name for field in plain if field.validator.never_holds_configs]
        self._flat: Any = attrgetter(*flat) if len(flat) > 1 else None
        if self._flat is None:
            self._nested += flat
        bare = [plan.name for plan in self.pins if not plan.field.derived]
        # The pin, where there is one field for it; else something else than `Pinned`.
        self._pins_of: Any = attrgetter(*bare) if bare else lambda config: Pinned
        # A config made from one base that has these from it differs from the base in pins alone.
        self._inputs = sum(1 << p.index for p in self.plans if p.plain or p in self.repaired)

    def first_writes(self, config: Any, out: Dump, tied: bool) -> dict[str, Any]:
        """Return the plain form of a config, and compile what does so after a number of them."""
        self._written += 1
        if self._written >= WRITES_BEFORE_COMPILING:
            self.write = out.compiled(self)
        return self.dump(config, out, tied)

    def restart(self, config: Any, out: Dump, tied: bool) -> dict[str, Any]:
        """Return the plain form of a config, now that the class has another default."""
        self.write, self._written = self.first_writes, 0
        return self.write(config, out, tied)

    def dump(self, config: Any, out: Dump, tied: bool) -> dict[str, Any]:
        """Return the plain form of a config; see `write`."""
        data: dict[str, Any] = {} if self.version == 1 else {VERSION: self.version}
        values, raws = held_values(config), raw_inputs(config)
        defaults = self.converter.defaults()
        if self.converter.fallback:
            data[GIVEN] = self._given(values, raws, defaults)
        data.update(zip(self.names, values))
        computed: dict[str, Any] = {}
        out.steps.append(None)
        for plan, value in zip(self.plans, values):
            if plan.secret:
                data[plan.name] = {MARKER: "Secret"}
            elif type(value) not in PLAIN and plan not in self.repaired:
                out.steps[-1] = plan.name
                if plan.field.pinned:
                    data[plan.name] = out.computed(plan.converter, value)
                else:
                    data[plan.name] = plan.converter.dump(value, out)
        if self.pinned and not tied:
            self._dump_pins(values, out, data)
        for plan in self.repaired:
            out.steps[-1] = plan.name
            self.dump_repaired(plan, raws, values[plan.index], out, data, computed)
        if raws:
            for plan in self.following:
                if type(raws.get(plan.name)) is Pin:
                    data[plan.name] = {PIN: data[plan.name]}
            self._dump_pinned_inputs(values, raws, out, tied, data, computed)
        out.steps.pop()
        if computed:
            data[COMPUTED] = computed
        return data

    def _given(
        self, values: tuple[Any, ...], raws: dict[str, Any], defaults: dict[str, Any]
    ) -> list[str]:
        """Return the fields that are not at the default of the class."""
        given: list[str] = []
        for plan in self.converter.settable:
            default = defaults.get(plan.name, ABSENT)
            value = raws.get(plan.name, Pinned) if plan.field.derived else values[plan.index]
            if value is not default and not is_same_input(default, value):
                given.append(plan.name)
        return given

    def _dump_pins(self, values: tuple[Any, ...], out: Dump, data: dict[str, Any]) -> None:
        """Write the pins that are not those of the default."""
        defaults = self.converter.defaults()
        for plan in self.pinned:
            raw = values[plan.index]
            if not is_same_input(defaults.get(plan.name, ABSENT), raw):
                out.steps[-1] = plan.name
                data[plan.name] = {PIN: plan.converter.dump(raw, out)}

    def _dump_pinned_inputs(
        self, values: tuple[Any, ...], raws: dict[str, Any], out: Dump, tied: bool, data: Any,
        computed: Any,
    ) -> None:  # fmt: skip
        """Write the pins given for fields that have a property."""
        defaults = self.converter.defaults()
        for plan in self.computed:
            raw = raws.get(plan.name, ABSENT)
            if tied or raw is ABSENT or is_same_input(defaults.get(plan.name, ABSENT), raw):
                continue
            out.steps[-1] = plan.name
            value = values[plan.index]
            data[plan.name] = {PIN: plan.converter.dump(raw, out)}
            if not (raw is value or same_value(raw, value)):
                computed[plan.name] = out.computed(plan.converter, value)

    def dump_repaired(
        self, plan: FieldPlan, raws: Any, value: Any, out: Dump, data: Any, computed: Any
    ) -> None:
        """Write a field whose property makes its value of an input."""
        raw = raws.get(plan.name, ABSENT)
        if raw is ABSENT or raw is value:
            data[plan.name] = plan.converter.dump(value, out)
            return
        ties: dict[int, Any] = {}
        if raw is not Pinned and value is not Pinned and _follows(raw, value, ties):
            around, out.ties = out.ties, ties
            data[plan.name] = plan.converter.dump(value, out)
            out.ties = around
        else:
            data[plan.name] = plan.converter.dump(raw, out)
            computed[plan.name] = out.computed(plan.converter, value)

    def follows(self, raw: Any, value: Any, ties: dict[int, Any]) -> bool:
        """Return whether a config of the class is another one with pins put into it."""
        record, raws = value.__pconfig_record__, raw.__pconfig_record__[RAW]
        if raws or self._pins_of(raw) is not Pinned:
            if not self._has_no_pins(raw, raws or {}):
                return False
        if record[BASES] is not raw or self._inputs & ~record[INHERITED]:
            if not self._follows_by_value(raw, value, ties):
                return False
        ties[id(value)] = raw
        return True

    def _has_no_pins(self, config: Any, raws: dict[str, Any]) -> bool:
        """Return whether a config has no pins but those of the default."""
        defaults = self.converter.defaults()
        for plan in self.pins:
            pin = raws.get(plan.name, Pinned) if plan.field.derived else getattr(config, plan.name)
            if pin is not Pinned and not is_same_input(defaults.get(plan.name, ABSENT), pin):
                return False
        return True

    def _follows_by_value(self, raw: Any, value: Any, ties: dict[int, Any]) -> bool:
        raws, made = raw_inputs(raw), raw_inputs(value)
        for plan in self.repaired:
            if not _follows(raws.get(plan.name, Pinned), made.get(plan.name, Pinned), ties):
                return False
        # Those without configs in them are nearly always equal all at once.
        if self._flat is not None and self._flat(raw) != self._flat(value):
            if not all(map(is_same_input, self._flat(raw), self._flat(value))):
                return False
        return all(
            [_follows(getattr(raw, name), getattr(value, name), ties) for name in self._nested]
        )


def _follows(raw: Any, value: Any, ties: dict[int, Any]) -> bool:
    """Return whether the input of a property can be inferred from the value that it made.

    That is so where the two differ only in what is pinned, and nothing is pinned in the input.
    The configs in the value that are not those of the input are put into `ties`, by their ids.
    """
    if raw is value:
        return True
    kind = type(raw)
    if hasattr(kind, "__pconfig_schema__"):
        return kind is type(value) and config_writer(kind).follows(raw, value, ties)
    if isinstance(raw, (list, tuple)) and kind is type(value) and not hasattr(raw, "_fields"):
        if len(raw) != len(value):
            return False
        kinds = set(map(type, raw)).union(map(type, value))
        only = next(iter(kinds)) if len(kinds) == 1 else object
        # Mostly, a list holds configs of one class.
        follows = config_writer(only).follows if hasattr(only, "__pconfig_schema__") else _follows
        return all([one is other or follows(one, other, ties) for one, other in zip(raw, value)])
    if isinstance(raw, dict) and kind is type(value):
        return raw.keys() == value.keys() and all(
            [_follows(one, value[key], ties) for key, one in raw.items()]
        )
    return is_same_input(raw, value)
