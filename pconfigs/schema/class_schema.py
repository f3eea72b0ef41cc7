"""Schemas: what a config class declares, in one table per class.

Made when the class is decorated, from names alone; annotations are resolved when the fields are
first asked for.
"""

from __future__ import annotations

from _operator import attrgetter

from pconfigs.deferred import thread_lock
from pconfigs.errors.formatting import given_words, note_secrets
from pconfigs.markers import Pinned, Secret
from pconfigs.schema.build_record import RAW
from pconfigs.schema.properties import pcheck, pproperty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeGuard

    from pconfigs.annotations.resolve import ClassAnnotations
    from pconfigs.schema.fields import Field
    from pconfigs.schema.format_history import History

SCHEMA = "__pconfig_schema__"


_CACHES = ("fallback", "below", "fallback_pins", "reader", "past", "same", "smoke")


class _Unresolved:
    """Resolves the fields of a schema when they are asked for first.

    They are an attribute from then on: they are read in every build, and a property costs more.
    """

    def __get__(self, schema: Any, owner: type) -> Any:
        schema.resolve()
        return schema.fields


class PickledDefault:
    """Makes the default of a class that was pickled by value, when it is first asked for."""

    def __init__(self, schema: Schema, reduced: tuple[Any, Any]) -> None:
        self.schema, self.reduced = schema, reduced

    def __call__(self) -> None:
        self.schema.make_default = None
        restore, arguments = self.reduced
        self.schema.default = restore(*arguments)


class Schema:
    """Describe what a config class declares.

    Attributes:
        cls: The class.
        declared: Annotations of the class itself, as written.
        properties: What computes fields, by name; the most derived one.
        checks: Methods that check the config as a whole, by name.
        constructs: The class that the config constructs, or None.
        declines: Subclasses may decline to construct what their ancestor does; then True.
        environment: The class of environment variables, or None.
        outside: The outside code that its configs call or make, or None; see
            wrapping/signatures.py.
        default: The config registered with `pdefaults += …`, or None.
        smoke: The config registered with `psmoke += …`, or None.
        make_default: Makes the default from a signature when it is first asked for, or None.
        fallback: Defaults to fall back on, once known; see build/defaults.py.
        below: The layer below the keywords, where one config is all of it; see
            build/compiled_init.py.
        reader: The class of the objects through which properties read a config; see
            build/evaluation.py.
        history: The past of the class, for old files; past: that of its ancestors, too.
        built: How many configs of the class were built, until that no longer matters.
        building: Returns what lower packages ask of `build`; see declare/building.py.
        lazy_value: Reads a property of a config that does not hold its value yet; None as long as
            there was no such config. See build/lazy_inputs.py.
        reads_elsewhere: Whether a property was seen to read something outside of its config, which
            its code does not show.
        fallback_pins: The pinned fields that `fallback` has inputs for, once known.
        merging: Where fields come from, by the classes of bases; see merged_bases.py.
        same, exact: Generated comparisons of its configs, for `==` and for diffs.
        last_reads: What the properties of the config read that was evaluated last.
        asked: The names that properties and checks may read on parts; see open_reads.py.
        fields: The fields in the order in which they are printed: those of ancestors first.
    """

    fields: dict[str, Field] = _Unresolved()  # type: ignore[assignment]

    def __init__(self, cls: type, declared: ClassAnnotations, building: Callable[[], Any]) -> None:
        self.cls = cls
        self.building = building
        self.declared = declared
        self.own_properties = {n: v for n, v in cls.__dict__.items() if isinstance(v, pproperty)}
        self.properties: dict[str, pproperty] = _collect(cls, declared, pproperty)
        self.checks: dict[str, pcheck] = _collect(cls, declared, pcheck)
        self.constructs: type | None = None
        self.declines = False
        self.environment: type | None = None
        self.outside: Any = None
        self.passed: tuple[str, ...] | None = None
        self.make_default: Callable[[], None] | None = None
        self._default: Any = None
        self.smoke: Any = None
        self.default_is_replaceable = False
        self.fallback: tuple[Any, ...] | None = None
        self.below: Any = None
        self.reader: type | None = None
        self.built = 0
        self.history: History | None = None
        self.past: History | None = None
        self.reads_elsewhere = False
        self.lazy_value: Callable[[pproperty, Any], Any] | None = None
        self.fallback_pins: frozenset[str] | None = None
        self.same: Callable[[Any, Any], bool] | None = None
        self.exact: dict[str, Callable[..., bool]] = {}
        self.merging: dict[tuple[type, ...], Any] = {}
        self.last_reads: dict[str, tuple[str, ...]] = {}
        self.asked: dict[tuple[str, bool], Any] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Return what cloudpickle takes along of a class that it pickles by value.

        Its fields are resolved, so that it does without the names of its script; its default
        becomes a function that makes it, because a default needs its class.
        """
        state = {
            **self.__dict__,
            **dict.fromkeys(_CACHES),
            **{name: {} for name in ("exact", "merging", "asked")},
            "fields": self.fields,
        }
        if self.default is not None:
            state["_default"] = None
            state["make_default"] = PickledDefault(self, self.default.__reduce__())
        return state

    @property
    def default(self) -> Any:
        if self.make_default is not None:
            self.make_default()
        return self._default

    @default.setter
    def default(self, config: Any) -> None:
        self._default = config

    @property
    def known_fields(self) -> dict[str, Field] | None:
        """The fields, where they are resolved already."""
        return self.__dict__.get("fields")

    @property
    def field_names(self) -> tuple[str, ...]:
        """Names of the fields, without resolving their annotations."""
        names: dict[str, None] = {}
        for schema in self.lineage:
            for name in schema.declared.names:
                if name not in schema.declared.class_vars and name != "environment":
                    names[name] = None
            names.update(dict.fromkeys(self.computed_in(schema)))
        return tuple(names)

    @property
    def lineage(self) -> list[Schema]:
        """The schemas of the class and its ancestors, most remote first."""
        return [c.__dict__[SCHEMA] for c in reversed(self.cls.__mro__) if SCHEMA in c.__dict__]

    @property
    def entries(self) -> list[str]:
        """Names in print order: fields, class variables, `constructable_type` and `environment`."""
        names: dict[str, None] = {}
        for index, schema in enumerate(self.lineage):
            constructing = schema.constructs is not None or schema.declines
            if constructing and index == 0:
                names["constructable_type"] = None
            elif index == 0 and schema.outside is not None and schema.outside.how == "calls":
                names["funcname"] = None
            for name in schema.declared.names:
                if name != "environment" or self.environment is not None or name in self.fields:
                    names[name] = None
            for name in schema.properties:
                names[name] = None
            if constructing:
                names.setdefault("constructable_type")
        return list(names)

    @property
    def class_vars(self) -> tuple[str, ...]:
        """Names of class variables, in print order."""
        return tuple(
            name for name in self.entries if name not in self.fields and name != "environment"
        )

    def resolve(self) -> None:
        # One thread at a time: what is resolved is put on classes and shared by their scopes.
        with _RESOLVING:
            if self.known_fields is None:
                self._resolve_alone()

    def _resolve_alone(self) -> None:
        fields: dict[str, Field] = self.building().resolved_fields(self)
        self.nested_names = tuple(
            n for n, field in fields.items() if not field.validator.never_holds_configs
        )
        self.flat_names = tuple(
            n for n, field in fields.items() if field.validator.never_holds_configs
        )
        self.values_of: Callable[[Any], tuple[Any, ...]] = _values_getter(tuple(fields))
        self.taking = tuple(n for n, field in fields.items() if field.takes_input)
        self.secret_names = frozenset(n for n, f in fields.items() if Secret in f.markers)
        note_secrets(self.cls.__name__, self.secret_names)
        self.fields = fields

    def computed_in(self, ancestor: Schema) -> list[str]:
        """Return the names of the properties of `ancestor` that are properties of this class."""
        properties = self.properties if ancestor is self else ancestor.properties
        return [name for name in properties if name in self.properties]


_RESOLVING = thread_lock()


def _values_getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a function that returns the values of some fields of a config as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda config: tuple([getattr(config, name) for name in names])


def _collect(cls: type, declared: ClassAnnotations, kind: type) -> dict[str, Any]:
    """Return objects of `kind` in the class and its ancestors by name; the most derived wins."""
    found: dict[str, Any] = {}
    for ancestor in reversed(cls.__mro__):
        schema = ancestor.__dict__.get(SCHEMA)
        if schema is not None and kind is pproperty:
            # They are no attributes of it any more.
            found.update(schema.own_properties)
        for name, value in ancestor.__dict__.items():
            if isinstance(value, kind):
                found[name] = value
            elif name in found and name not in declared.names and not name.startswith("__"):
                # A derived class has put something else in its place.
                del found[name]
    return found


def derived_classes(cls: type) -> list[type]:
    """Return the classes derived from a class, nearest first; those of readers are left out."""
    found = [cls]
    for one in found:
        derived: list[type] = type.__subclasses__(one)
        found += [c for c in derived if c not in found and "__pconfig_reader__" not in vars(c)]
    return found[1:]


def schema_of(config_or_class: Any) -> Schema:
    """Return the schema of a config or a config class."""
    found: Schema = config_or_class.__pconfig_schema__
    return found


def held_value(config: Any, name: str) -> Any:
    """Return the value of a field; `Secret` for a secret that was left out of a pickled config."""
    try:
        return getattr(config, name)
    except AttributeError:
        if name in schema_of(config).secret_names:
            return Secret
        raise


def value_or_input(config: Any, field: Field) -> Any:
    """Return the value of a field; where that is open, what was given for the field.

    What configs are compared, hashed, fingerprinted and printed by: two open configs of which other
    configs would be made are different.
    """
    value = held_value(config, field.name)
    if value is Pinned and field.takes_input:
        return (config.__pconfig_record__[RAW] or {}).get(field.name, Pinned)
    return value


def held_values(config: Any) -> tuple[Any, ...]:
    """Return the values of a config in field order, each as `held_value` returns it."""
    schema = schema_of(config)
    try:
        return schema.values_of(config)
    except AttributeError:
        return tuple([held_value(config, name) for name in schema.fields])


def is_config(value: object) -> bool:
    """Return whether `value` is a config."""
    return hasattr(type(value), SCHEMA)


def require_config(function: str, value: object) -> None:
    """Raise TypeError, in the name of a public function, unless `value` is a config."""
    if not is_config(value):
        hint = f"\n    give a config of it: {value.__name__}(...)" if is_config_class(value) else ""
        raise TypeError(f"{function} must get a config, got {given_words(value)}{hint}")


def is_config_class(value: object) -> TypeGuard[type]:
    """Return whether `value` is a config class, or a class derived from one."""
    return isinstance(value, type) and hasattr(value, SCHEMA)
