"""Converters of config classes: how configs are written as mappings of their fields, and read.

A field whose property makes its value of an input (a tie: `blocks` with the width of the model put
into each) is written once, as its value, where loading can infer the input from it: the input is
the value without what is pinned in it. Where it cannot, the input is written in its place and the
value below `$computed`.
"""

from __future__ import annotations

from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from pconfigs.annotations.kinds import is_a, kind_of
from pconfigs.markers import Pin, Pinned, Required
from pconfigs.schema.build_record import raw_inputs
from pconfigs.schema.class_schema import held_values, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.schema.format_history import history_of
from pconfigs.schema.inheritance import ABSENT, fallback_of, inherited_input, is_soft
from pconfigs.serialization.conversion.field_plan import ATOMS, FieldPlan, is_same_input
from pconfigs.serialization.conversion.scalar_codecs import qualified_name
from pconfigs.serialization.conversion.tags import (
    COMPUTED,
    GIVEN,
    INVALID,
    MARKER,
    OF_CONFIGS,
    PIN,
    PLAIN,
    VERSION,
)

if TYPE_CHECKING:
    from pconfigs.serialization.dump import Dump
    from pconfigs.serialization.load_context import Load

_KEY = "__pconfig_converter__"
_MISSING: Any = object()


def config_converter(cls: type) -> ConfigConverter:
    """Return the converter of a config class, kept on it."""
    converter: ConfigConverter | None = cls.__dict__.get(_KEY)
    if converter is None:
        converter = ConfigConverter(cls)
        type.__setattr__(cls, _KEY, converter)
    return converter


class ConfigConverter:
    """Writes, reads and compares the configs of one class.

    Attributes:
        plans: What is known of each field, in order.
        known: The keys that a mapping may have.
    """

    def __init__(self, cls: type) -> None:
        self.cls = cls
        self.schema = schema = schema_of(cls)
        self.history = history_of(schema)
        self.name = qualified_name(cls)
        self.plans = [FieldPlan(field) for field in schema.fields.values()]
        self.known = OF_CONFIGS.union(plan.name for plan in self.plans)
        history = self.history
        self.migrates = bool(
            history.renamed or history.removed or history.upgrade or history.version != 1
        )
        self.names = tuple(plan.name for plan in self.plans)
        open_plans = [plan for plan in self.plans if not plan.secret]
        self._settable = [plan for plan in open_plans if not plan.field.pinned]
        atoms = [p for p in self._settable if p.is_atom]
        # Nearly all fields are numbers, strings and the like, which are compared all at once.
        self._atoms = [plan.index for plan in atoms] if len(atoms) > 1 else []
        self._atoms_of: Any = itemgetter(*self._atoms) if self._atoms else lambda values: ()
        self._atom_defaults: list[Any] = []
        self._givable = [
            (p.index, p.name, p.field.derived) for p in self._settable if p.index not in self._atoms
        ]
        self.repaired = [plan for plan in self._settable if plan.field.derived]
        self._pinned = [p for p in open_plans if p.field.pinned and not p.field.derived]
        self._computed = [plan for plan in self.plans if plan.computed]
        self._following = [plan for plan in open_plans if is_soft(plan.field)]
        self._checked = [p for p in self.plans if p.field.pinned or p.field.derived]
        self.pins = [plan for plan in self.plans if plan.field.pinned]
        plain = [plan.field for plan in self.plans if plan.plain]
        self.nested = [f.name for f in plain if not f.validator.never_holds_configs]
        flat = [field.name for field in plain if field.validator.never_holds_configs]
        self.flat: Any = attrgetter(*flat) if len(flat) > 1 else None
        if self.flat is None:
            self.nested += flat
        # What is written apart from its value being looked up, by the types of all values.
        self._special: dict[tuple[type, ...], list[FieldPlan]] = {}
        self._defaults: tuple[Any, dict[str, Any]] = (None, {})
        # The names of fields that were at their defaults, by the list of the others.
        self._at_default: dict[tuple[Any, ...], list[str]] = {}

    def defaults(self) -> dict[str, Any]:
        """Return the default input of each field that has one."""
        fallback = self.schema.fallback
        if fallback is None or self._defaults[0] is not fallback:
            fallback = fallback_of(self.schema)
            self._at_default = {}
            found = {
                plan.name: inherited_input(plan.field, fallback)[0]
                for plan in self.plans
                if fallback
            }
            inputs = {name: value for name, value in found.items() if value is not ABSENT}
            self._defaults = (fallback, inputs)
            self._atom_defaults = [inputs.get(self.names[i], ABSENT) for i in self._atoms]
        return self._defaults[1]

    # Writing.

    def dump(self, config: Any, out: Dump, tied: bool, data: dict[str, Any]) -> None:
        """Write a config into `data`.

        Args:
            config: The config.
            out: The writing that it is a part of.
            tied: Whether a property around it made it of an input without its pins.
            data: A mapping that may name the class already.
        """
        if self.history.version != 1:
            data[VERSION] = self.history.version
        values, raws = held_values(config), raw_inputs(config)
        defaults = self.defaults()
        if self._defaults[0]:
            data[GIVEN] = self._given(values, raws, defaults)
        data.update(zip(self.names, values))
        kinds = tuple(map(type, values))
        special = self._special.get(kinds)
        if special is None:
            special = self._special[kinds] = self._special_for(kinds)
        computed: dict[str, Any] = {}
        out.steps.append(None)
        for plan in special:
            value = values[plan.index]
            if type(value) is float and value - value == 0.0 and not plan.secret:
                continue
            out.steps[-1] = plan.name
            if plan.secret:
                data[plan.name] = {MARKER: "Secret"}
            elif plan.field.pinned:
                data[plan.name] = out.computed(plan.converter, value)
            else:
                data[plan.name] = plan.converter.dump(value, out)
        if self._pinned and not tied:
            self._dump_pins(values, out, data)
        for plan in self.repaired:
            out.steps[-1] = plan.name
            self._dump_repaired(plan, raws, values[plan.index], out, data, computed)
        if raws:
            for plan in self._following:
                if type(raws.get(plan.name)) is Pin:
                    data[plan.name] = {PIN: data[plan.name]}
            self._dump_pinned_inputs(values, raws, out, tied, data, computed)
        out.steps.pop()
        if computed:
            data[COMPUTED] = computed

    def _special_for(self, kinds: tuple[type, ...]) -> list[FieldPlan]:
        """Return the fields whose values, being of these types, are not written as they are."""
        return [
            plan
            for plan, kind in zip(self.plans, kinds)
            if plan.secret or (kind not in PLAIN and plan not in self.repaired)
        ]

    def _given(
        self, values: tuple[Any, ...], raws: dict[str, Any], defaults: dict[str, Any]
    ) -> list[str]:
        """Return the fields that are not at the default of the class."""
        others = [
            index
            for index, value, default in zip(
                self._atoms, self._atoms_of(values), self._atom_defaults
            )
            if value is not default and value != default
        ]
        for index, name, is_repaired in self._givable:
            given = raws.get(name, Pinned) if is_repaired else values[index]
            if not is_same_input(defaults.get(name, ABSENT), given):
                others.append(index)
        others.sort()
        return [self.names[index] for index in others]

    def _dump_pins(self, values: tuple[Any, ...], out: Dump, data: dict[str, Any]) -> None:
        """Write the pins that are not those of the default."""
        defaults = self.defaults()
        for plan in self._pinned:
            raw = values[plan.index]
            if not is_same_input(defaults.get(plan.name, ABSENT), raw):
                out.steps[-1] = plan.name
                data[plan.name] = {PIN: plan.converter.dump(raw, out)}

    def _dump_pinned_inputs(
        self, values: tuple[Any, ...], raws: dict[str, Any], out: Dump, tied: bool, data: Any,
        computed: Any,
    ) -> None:  # fmt: skip
        """Write the pins given for fields that have a property."""
        defaults = self.defaults()
        for plan in self._computed:
            raw = raws.get(plan.name, ABSENT)
            if tied or raw is ABSENT or is_same_input(defaults.get(plan.name, ABSENT), raw):
                continue
            out.steps[-1] = plan.name
            value = values[plan.index]
            data[plan.name] = {PIN: plan.converter.dump(raw, out)}
            if not (raw is value or same_value(raw, value)):
                computed[plan.name] = out.computed(plan.converter, value)

    def _dump_repaired(
        self, plan: FieldPlan, raws: Any, value: Any, out: Dump, data: Any, computed: Any
    ) -> None:
        """Write a field whose property makes its value of an input."""
        raw = raws.get(plan.name, ABSENT)
        if raw is ABSENT or raw is value:
            data[plan.name] = plan.converter.dump(value, out)
            return
        ties: dict[int, Any] = {}
        if raw is not Pinned and value is not Pinned and follows(raw, value, ties):
            around, out.ties = out.ties, ties
            data[plan.name] = plan.converter.dump(value, out)
            out.ties = around
        else:
            data[plan.name] = plan.converter.dump(raw, out)
            computed[plan.name] = out.computed(plan.converter, value)

    # Reading.

    def load(self, node: dict[Any, Any], data: Load) -> Any:
        """Return the config of a mapping, or INVALID, with the reasons noted."""
        nodes, computed = self.nodes(node, data)
        inputs: dict[str, Any] = {}
        steps, before = data.steps, len(data.problems)
        steps.append(None)
        for plan in self.plans:
            value = nodes.get(plan.name, _MISSING)
            if value is _MISSING:
                continue
            if plan.plain:
                if type(value) not in plan.taken:
                    steps[-1] = plan.name
                    if type(value) is dict and PIN in value and is_soft(plan.field):
                        value = _pin(plan.converter.load(value[PIN], data))
                    else:
                        value = plan.converter.load(value, data)
                inputs[plan.name] = value
            elif not plan.computed or is_a(value, dict):
                steps[-1] = plan.name
                self._load_other(plan, value, inputs, computed, data)
        steps.pop()
        if self.history.added and data.ours:
            for name, value in self.history.added.items():
                if name not in nodes and value is not Pinned:
                    inputs.setdefault(name, value)
        if len(data.problems) > before:
            self._note_others(inputs, nodes, data)
            return INVALID
        if GIVEN in node and not data.is_given(self.schema, node[GIVEN]):
            return INVALID
        if GIVEN in node and data.warns:
            self._note_defaults(node[GIVEN], inputs, nodes, data)
        config = data.build(self, inputs, node)
        if config is not INVALID and data.compares:
            self._check(config, nodes, computed, data)
        return config

    def nodes(self, node: dict[Any, Any], data: Load) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return plain data of the inputs and of computed values, by the names of today."""
        plain = self.known.issuperset(node) and not self.migrates
        if not plain or COMPUTED in node or VERSION in node:
            found: tuple[dict[str, Any], dict[str, Any]] = data.migrated(self.schema, node)
            return found
        return node, {}

    def _load_other(
        self, plan: FieldPlan, node: Any, inputs: dict[str, Any], computed: Any, data: Load
    ) -> None:
        """Read the input of a field that is secret, pinned or computed."""
        name, field = plan.name, plan.field
        secret = data.secret
        if plan.secret:
            data.enter_secret(field)
        tag = next(iter(node)) if is_a(node, dict) and len(node) == 1 else None
        if tag == MARKER and node[MARKER] == "Secret":
            if name not in self.defaults():
                inputs[name] = Required
        elif field.pinned:
            if tag == PIN:
                inputs[name] = _pin(plan.converter.load(node[PIN], data))
            elif not field.derived:
                if data.keeps:
                    inputs[name] = _pin(plan.converter.load(node, data))
                elif name not in self.defaults():
                    # A property around gives the value, or it is not known yet.
                    inputs[name] = Pinned
        else:
            compares = data.compares
            if field.derived and data.ours and name not in computed and not data.keeps:
                # What is in it is compared as a part of what the property makes of it.
                data.compares = False
            inputs[name] = plan.converter.load(node, data)
            data.compares = compares
        data.secret = secret

    def _note_others(self, inputs: dict[str, Any], nodes: dict[str, Any], data: Load) -> None:
        """Note what else is wrong with a config that cannot be built anyway."""
        defaults = self.defaults()
        for plan in self.plans:
            name, field = plan.name, plan.field
            if name in inputs:
                value = inputs[name].value if type(inputs[name]) is Pin else inputs[name]
                if value is not INVALID:
                    data.check(plan.field, value)
            elif name not in nodes and name not in defaults:
                if not (field.pinned and field.derived):
                    data.note_below(name, f"is missing ({field.validator.description})")

    def _note_defaults(
        self, given: list[Any], inputs: dict[str, Any], nodes: dict[str, Any], data: Load
    ) -> None:
        """Note fields that were left at their default, which has changed since."""
        defaults = self.defaults()
        for name in self._names_at_default(given):
            value, today = inputs.get(name, ABSENT), defaults[name]
            if value is today or name not in nodes or is_same_input(today, value):
                continue
            if type(value) is type(today) and hasattr(value, "__pconfig_schema__"):
                if fallback_of(schema_of(value)):
                    continue  # a part that was at its default notes itself what has changed in it
            data.note_default(name, value, today)

    def _names_at_default(self, given: list[Any]) -> list[str]:
        """Return the fields that were at their defaults, given those that were not."""
        key = tuple([name for name in given if isinstance(name, str)])
        names = self._at_default.get(key)
        if names is None:
            others = {self.history.name_today(name) for name in key}
            defaults = self.defaults()
            names = [p.name for p in self._settable if p.name in defaults and p.name not in others]
            if len(self._at_default) < 1000:
                self._at_default[key] = names
        return names

    # Comparing.

    def _check(
        self, config: Any, nodes: dict[str, Any], computed: dict[str, Any], data: Load
    ) -> None:
        """Compare what code computes for a config with what it had computed."""
        data.steps.append(None)
        for plan in self._checked:
            name, field = plan.name, plan.field
            node = computed.get(name, _MISSING)
            if node is _MISSING:
                node = nodes.get(name, _MISSING)
                if node is _MISSING or not (field.pinned or data.ours):
                    continue
            data.steps[-1] = name
            secret = data.secret
            if plan.secret:
                data.enter_secret(field)
            if not self._same_field(plan, node, getattr(config, name), data):
                data.changed(config, field, node, plan.converter)
            data.secret = secret
        data.steps.pop()

    def _same_field(self, plan: FieldPlan, node: Any, value: Any, data: Load) -> bool:
        if is_a(node, dict) and len(node) == 1:
            if plan.secret and node.get(MARKER) == "Secret":
                return True
            if PIN in node and (plan.field.pinned or is_soft(plan.field)):
                node = node[PIN]
        return plan.converter.same(node, value, data)

    def same(self, node: dict[Any, Any], config: Any, data: Load) -> bool:
        """Return whether a mapping is that of a config of the class which code computes today."""
        if not self.schema.nested_names and not self.migrates and COMPUTED not in node:
            # Nearly always the values are simply those of the mapping.
            if tuple(map(node.get, self.names)) == held_values(config):
                return True
        return next(self.differences(node, config, data), None) is None

    def differences(self, node: dict[Any, Any], config: Any, data: Load) -> Any:
        """Yield (field, plain data, converter) where a config differs from a mapping."""
        nodes, computed = self.nodes(node, data)
        for plan, value in zip(self.plans, held_values(config)):
            saved = computed.get(plan.name, _MISSING) if computed else _MISSING
            if saved is _MISSING:
                saved = nodes.get(plan.name, _MISSING)
            if saved is value or (type(saved) in ATOMS and type(saved) is type(value)):
                if saved == value:
                    continue
            if saved is _MISSING:
                continue
            if not self._same_field(plan, saved, value, data):
                yield plan.field, saved, plan.converter


def _pin(value: Any) -> Any:
    return value if value is Pinned else Pin(value)


def follows(raw: Any, value: Any, ties: dict[int, Any]) -> bool:
    """Return whether the input of a property can be inferred from the value that it made.

    That is so where the two differ only in what is pinned, and nothing is pinned in the input.
    The configs in the value that are not those of the input are put into `ties`, by their ids.
    """
    if raw is value:
        return True
    if hasattr(kind_of(raw), "__pconfig_schema__"):
        return type(raw) is type(value) and _config_follows(raw, value, ties)
    if is_a(raw, (list, tuple)) and type(raw) is type(value) and not hasattr(raw, "_fields"):
        return len(raw) == len(value) and all(
            follows(one, other, ties) for one, other in zip(raw, value)
        )
    if is_a(raw, dict) and type(raw) is type(value):
        return raw.keys() == value.keys() and all(
            follows(one, value[key], ties) for key, one in raw.items()
        )
    return is_same_input(raw, value)


def _config_follows(raw: Any, value: Any, ties: dict[int, Any]) -> bool:
    converter = config_converter(kind_of(raw))
    raws = raw_inputs(raw)
    for plan in converter.pins:
        pin = raws.get(plan.name, Pinned) if plan.field.derived else getattr(raw, plan.name)
        if pin is not Pinned and not is_same_input(
            converter.defaults().get(plan.name, ABSENT), pin
        ):
            return False
    made = raw_inputs(value) if converter.repaired else raws
    for plan in converter.repaired:
        if not follows(raws.get(plan.name, Pinned), made.get(plan.name, Pinned), ties):
            return False
    # Those without configs in them are nearly always equal all at once.
    if converter.flat is not None and converter.flat(raw) != converter.flat(value):
        if not all(map(is_same_input, converter.flat(raw), converter.flat(value))):
            return False
    for name in converter.nested:
        if not follows(getattr(raw, name), getattr(value, name), ties):
            return False
    ties[id(value)] = raw
    return True
