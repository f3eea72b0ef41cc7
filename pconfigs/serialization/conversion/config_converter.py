"""Converters of config classes: how configs are read from mappings of their fields, and compared.

config_writer.py has how they are written.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import ATOMS, MISSING
from pconfigs.markers import Pin, Pinned, Required, Secret
from pconfigs.schema.class_schema import held_values, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.schema.format_history import history_of
from pconfigs.schema.inheritance import ABSENT, fallback_of, inherited_input, is_soft
from pconfigs.serialization.conversion.converters import Converter, converter_of
from pconfigs.serialization.conversion.scalar_codecs import qualified_name
from pconfigs.serialization.conversion.tags import (
    COMPUTED,
    GIVEN,
    INVALID,
    MARKER,
    OF_CONFIGS,
    PIN,
    UNREAD,
    VERSION,
)
from pconfigs.validation.base import ClassValidator

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pconfigs.schema.fields import Field
    from pconfigs.serialization.conversion.contexts import Reading


_KEY = "__pconfig_converter__"
READS_BEFORE_COMPILING = 60


class FieldPlan:
    """The facts of a field for writing and reading.

    Attributes:
        index: Its position.
        plain: Whether its value is its input: nothing computes, pins or hides it.
        computed: Whether it is pinned and has a property.
        is_atom: Whether its input is of a type that Python compares itself.
    """

    __slots__ = (
        "computed", "converter", "field", "index", "is_atom", "name", "plain", "secret", "taken",
    )  # fmt: skip

    def __init__(self, field: Field) -> None:
        self.field, self.name, self.index = field, field.name, field.index
        self.converter: Converter = converter_of(field.validator)
        self.taken = self.converter.taken
        self.secret = Secret in field.markers
        self.plain = not field.derived and not field.pinned and not self.secret
        self.computed = field.derived and field.pinned and not self.secret
        types = field.validator.types
        self.is_atom = self.plain and bool(types) and types <= ATOMS


def is_same_input(one: Any, other: Any) -> bool:
    """Return whether two inputs are the same, at the cost of an `==` for most."""
    if one is other:
        return True
    if one is ABSENT or other is ABSENT:
        return False
    if type(one) in ATOMS and type(other) in ATOMS:
        return bool(one == other or (one != one and other != other))
    return same_value(one, other)


def _same_but_for_secrets(one: Any, other: Any) -> bool:
    """Return whether two inputs are the same, secrets in their configs aside."""
    if hasattr(type(one), "__pconfig_schema__"):
        if type(one) is not type(other):
            return False
        fields = [f for f in schema_of(one).fields.values() if Secret not in f.markers]
        names = [field.name for field in fields if field.property is None]
        return all(_same_but_for_secrets(getattr(one, n), getattr(other, n)) for n in names)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            _same_but_for_secrets(item, other[key]) for key, item in one.items()
        )
    for kind in (list, tuple):
        if isinstance(one, kind) and isinstance(other, kind):
            return len(one) == len(other) and all(map(_same_but_for_secrets, one, other))
    return is_same_input(one, other)


def config_converter(cls: type) -> ConfigConverter:
    """Return the converter of a config class, kept on it."""
    converter: ConfigConverter | None = cls.__dict__.get(_KEY)
    if converter is None:
        converter = ConfigConverter(cls)
        type.__setattr__(cls, _KEY, converter)
    return converter


class ConfigConverter:
    """Reads and compares the configs of one class.

    Attributes:
        validator: Of configs of the class.
        plans: What is known of each field, in order.
        plans_by_name: The same by name.
        known: The keys that a mapping may have.
        settable: The fields that take inputs which are written.
        repaired: The fields whose property makes their value of an input.
        following: The fields that a `Pin` may give a value that is left out of files.
        pins: The pinned fields.
        checked: The fields whose values are those of code, or of outside.
        read: Returns the config of a mapping as `pdump` writes it, or UNREAD; compiled after a
            number of configs.
        fallback: The defaults that `defaults` returned the inputs of.
    """

    def __init__(self, cls: type) -> None:
        self.cls, self.validator = cls, ClassValidator(cls)
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
        self.plans_by_name = dict(zip(self.names, self.plans))
        open_plans = [plan for plan in self.plans if not plan.secret]
        self.settable = [plan for plan in open_plans if not plan.field.pinned]
        self.repaired = [plan for plan in self.settable if plan.field.derived]
        self.following = [plan for plan in open_plans if is_soft(plan.field)]
        self.checked = [p for p in self.plans if p.field.pinned or p.field.derived]
        self.pins = [plan for plan in self.plans if plan.field.pinned]
        self.read: Callable[[dict[Any, Any], Reading], Any] | None = None
        self._loaded = 0
        self.fallback: tuple[Any, ...] | None = None
        self._defaults: dict[str, Any] = {}
        self._at_default: dict[tuple[Any, ...], list[str]] = {}

    def defaults(self) -> dict[str, Any]:
        """Return the default input of each field that has one."""
        fallback = self.schema.fallback
        if fallback is None or self.fallback is not fallback:
            fallback = fallback_of(self.schema)
            self._at_default = {}
            found = {
                plan.name: inherited_input(plan.field, fallback)[0]
                for plan in self.plans
                if fallback
            }
            self._defaults = {name: value for name, value in found.items() if value is not ABSENT}
            self.fallback = fallback
        return self._defaults

    # Reading.

    def load(self, node: dict[Any, Any], data: Reading) -> Any:
        """Return the config of a mapping, or INVALID, with the reasons noted."""
        self._loaded += 1
        if self._loaded == READS_BEFORE_COMPILING:
            self.read = data.compiled(self)
        nodes, computed = self.nodes(node, data)
        inputs: dict[str, Any] = {}
        steps, before = data.steps, len(data.problems)
        steps.append(None)
        for plan in self.plans:
            value = nodes.get(plan.name, MISSING)
            if plan.plain and type(value) in plan.taken:
                inputs[plan.name] = value
            elif value is not MISSING and (not plan.computed or isinstance(value, dict)):
                steps[-1] = plan.name
                if plan.plain and type(value) is not dict:
                    inputs[plan.name] = plan.converter.load(value, data)
                else:
                    self._load_input(plan, value, inputs, computed, data)
        steps.pop()
        if self.history.added and data.ours:
            for name, value in self.history.added.items():
                if name not in nodes and value is not Pinned:
                    inputs.setdefault(name, value)
        if len(data.problems) > before:
            self.note_others(inputs, nodes, data)
            return INVALID
        if GIVEN in node and not data.is_given(self.schema, node[GIVEN]):
            return INVALID
        if GIVEN in node and data.warns:
            self.note_defaults(node[GIVEN], inputs, nodes, data)
        config = data.build(self, inputs)
        if config is not INVALID and data.compares:
            self.check(config, nodes, computed, data)
        return config

    def restart(self, node: dict[Any, Any], data: Reading) -> Any:
        """Return UNREAD, now that the class has another default than `read` was compiled for."""
        self.read, self._loaded = None, 0
        return UNREAD

    def nodes(self, node: dict[Any, Any], data: Reading) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return plain data of the inputs and of computed values, by the names of today."""
        plain = self.known.issuperset(node) and not self.migrates
        if not plain or COMPUTED in node or VERSION in node:
            found: tuple[dict[str, Any], dict[str, Any]] = data.migrated(self.schema, node)
            return found
        return node, {}

    def _load_input(
        self, plan: FieldPlan, node: Any, inputs: dict[str, Any], computed: Any, data: Reading
    ) -> None:
        """Read the input of a field."""
        name, field = plan.name, plan.field
        secret, compares = data.secret, data.compares
        if plan.secret:
            data.enter_secret(field)
        tag = next(iter(node)) if isinstance(node, dict) and len(node) == 1 else None
        if tag == MARKER and node[MARKER] == "Secret" and not plan.plain:
            if name not in self.defaults() and not (field.pinned and field.derived):
                inputs[name] = Pinned if field.pinned else Required
        elif tag == PIN and (field.pinned or (plan.plain and is_soft(field))):
            inputs[name] = _pin(plan.converter.load(node[PIN], data))
        elif not field.pinned:
            if field.derived and data.ours and name not in computed and not data.keeps:
                # What is in it is compared as a part of what the property makes of it.
                data.compares = False
            inputs[name] = plan.converter.load(node, data)
        elif not field.derived and data.keeps:
            inputs[name] = _pin(plan.converter.load(node, data))
        elif not field.derived and name not in self.defaults():
            # A property around gives the value, or it is not known yet.
            inputs[name] = Pinned
        data.secret, data.compares = secret, compares

    def note_others(self, inputs: dict[str, Any], nodes: dict[str, Any], data: Reading) -> None:
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

    def note_defaults(
        self, given: list[Any], inputs: dict[str, Any], nodes: dict[str, Any], data: Reading
    ) -> None:
        """Note fields that were left at their default, which has changed since."""
        defaults = self.defaults()
        for name in self._names_at_default(given):
            value, today = inputs.get(name, ABSENT), defaults[name]
            if value is today or name not in nodes or is_same_input(today, value):
                continue
            if _same_but_for_secrets(today, value):
                continue  # what was not saved has not changed
            if type(value) is type(today) and hasattr(value, "__pconfig_schema__"):
                if fallback_of(schema_of(value)):
                    continue  # a part that was at its default notes itself what has changed in it
            if self.plans_by_name[name].converter.same(nodes[name], today, data):
                continue  # but for secrets, which were not written
            data.note_default(name, value, today)

    def _names_at_default(self, given: list[Any]) -> list[str]:
        """Return the fields that were at their defaults, given those that were not."""
        # Kept by the list: of a YAML file, this is asked for each of its configs.
        key = tuple([name for name in given if isinstance(name, str)])
        names = self._at_default.get(key)
        if names is None:
            others = {self.history.name_today(name) for name in key}
            defaults = self.defaults()
            names = [p.name for p in self.settable if p.name in defaults and p.name not in others]
            if len(self._at_default) < 1000:
                self._at_default[key] = names
        return names

    # Comparing.

    def check(
        self, config: Any, nodes: dict[str, Any], computed: dict[str, Any], data: Reading
    ) -> None:
        """Compare what code computes for a config with what it had computed."""
        data.steps.append(None)
        for plan in self.checked:
            name, field = plan.name, plan.field
            node = computed.get(name, MISSING)
            if node is MISSING:
                node = nodes.get(name, MISSING)
                if node is MISSING or not (field.pinned or data.ours):
                    continue
            data.steps[-1] = name
            secret = data.secret
            if plan.secret:
                data.enter_secret(field)
            if not self._same_field(plan, node, getattr(config, name), data):
                data.changed(config, field, node, plan.converter)
            data.secret = secret
        data.steps.pop()

    def _same_field(self, plan: FieldPlan, node: Any, value: Any, data: Reading) -> bool:
        if isinstance(node, dict) and len(node) == 1:
            if plan.secret and node.get(MARKER) == "Secret":
                return True
            if PIN in node and (plan.field.pinned or is_soft(plan.field)):
                node = node[PIN]
        return plan.converter.same(node, value, data)

    def has_same_values(self, node: dict[Any, Any], config: Any) -> bool:
        """Return whether the values of a config without parts are simply those of a mapping."""
        if self.migrates or self.schema.nested_names or COMPUTED in node:
            return False
        return tuple(map(node.get, self.names)) == held_values(config)

    def same(self, node: dict[Any, Any], config: Any, data: Reading) -> bool:
        """Return whether a mapping is that of a config of the class which code computes today."""
        if self.has_same_values(node, config):
            return True
        return next(self.differences(node, config, data), None) is None

    def differences(self, node: dict[Any, Any], config: Any, data: Reading) -> Any:
        """Yield (field, plain data, converter) where a config differs from a mapping."""
        nodes, computed = self.nodes(node, data)
        for plan, value in zip(self.plans, held_values(config)):
            saved = computed.get(plan.name, MISSING) if computed else MISSING
            if saved is MISSING:
                saved = nodes.get(plan.name, MISSING)
            if saved is value or (type(saved) in ATOMS and type(saved) is type(value)):
                if saved == value:
                    continue
            if saved is MISSING:
                continue
            if not self._same_field(plan, saved, value, data):
                yield plan.field, saved, plan.converter


def _pin(value: Any) -> Any:
    return value if value is Pinned else Pin(value)
