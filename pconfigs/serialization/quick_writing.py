"""Quick writers: plain data of a config, by straight code made for one class.

They do what text/data.py does for what nearly every config is: inputs of exactly the declared
types, pins that follow from them, no part twice. In every other case they give up.
"""

from __future__ import annotations

from _operator import attrgetter

from pconfigs.markers import Secret
from pconfigs.schema.build_record import RAW, RECORD
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.format_history import history_of
from pconfigs.schema.inheritance import fallback_of, inherited_input
from pconfigs.serialization.plain_forms import plain_forms_of
from pconfigs.validation.frozen import FrozenList

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.fields import Field

    Quick = Callable[[Any, set[int]], dict[str, Any]]

_SCALARS = frozenset((int, bool, str, type(None)))
_NUMBERS = frozenset((int, float))


class Unsuitable(Exception):
    """What is to be written or read is none of the common cases."""


def quick_writer(cls: type) -> Quick:
    """A function of a config of exactly `cls` and a set of ids; it gives up with `Unsuitable`."""
    found: Quick | None = cls.__dict__.get("__pconfig_writer__")
    if found is None:
        # A class may be inside its own configs: what is being made is looked up when it is needed.
        type.__setattr__(cls, "__pconfig_writer__", _never)
        found = _make(cls)
        type.__setattr__(cls, "__pconfig_writer__", found)
    return found


def _never(config: Any, seen: set[int]) -> NoReturn:
    raise Unsuitable


def _part(cls: type) -> Quick:
    """The writer of a field of the class: looked up at each call, since it may not be made yet."""

    def write(config: Any, seen: set[int]) -> dict[str, Any]:
        if type(config) is not cls:
            raise Unsuitable
        return (cls.__dict__.get("__pconfig_writer__") or quick_writer(cls))(config, seen)

    return write


def _make(cls: type) -> Quick:
    schema = schema_of(cls)
    fields = list(schema.fields.values())
    kinds = [field_kind(field) for field in fields]
    if cls is not schema.cls or not fields or None in kinds or history_of(schema).version != 1:
        return _never
    space: dict[str, Any] = {"__unsuitable": Unsuitable, "__items": _items}
    names = [f"__{index}" for index in range(len(fields))]
    space["__read"] = attrgetter(*[field.name for field in fields])
    entries: list[str] = []
    floats: list[str] = []
    typed: list[tuple[str, set[type]]] = []
    for name, field, kind in zip(names, fields, kinds):
        text = name
        if kind == "scalar":
            typed.append((name, plain_forms_of(field.validator).scalars))
            if float in plain_forms_of(field.validator).scalars:
                floats.append(name)
        elif kind == "list":
            space[f"{name}t"] = _scalar_items(field)
            text = f"__items({name}, {name}t)"
        elif isinstance(kind, type):
            space[f"{name}w"] = _part(kind)
            text = f"{name}w({name}, __seen)"
            if type(None) in plain_forms_of(field.validator).scalars:
                text = f"None if {name} is None else {text}"
        entries.append(f"{field.name!r}: {text}")
    lines = [
        "def write(config, __seen):",
        "    __key = id(config)",
        f"    if __key in __seen or config.{RECORD}[{RAW}] is not None: raise __unsuitable",
        "    __seen.add(__key)",
        f"    {', '.join(names)}{',' if len(names) > 1 else ''} = __read(config)",
    ]
    lines += _type_lines(typed, floats, space)
    if fallback_of(schema):
        lines += given_lines(schema, names, space)
        entries.insert(0, "'$given': __given")
    lines.append(f"    return {{{', '.join(entries)}}}")
    exec(compile("\n".join(lines), f"<writer of {cls.__qualname__}>", "exec"), space)
    made: Quick = space["write"]
    return made


def given_lines(schema: Schema, names: list[str], space: dict[str, Any]) -> list[str]:
    """Lines that put the fields that are not at their default in `__given`.

    `names` are the variables that hold the values of the fields, in order.
    """
    fields = list(schema.fields.values())
    settable = [(name, field) for name, field in zip(names, fields) if not field.pinned]
    # The defaults, and what they say for each of these fields.
    known: list[Any] = [None, ()]

    def look(fallback: Any) -> None:
        if fallback is None:
            raise Unsuitable
        values = [inherited_input(field, fallback)[0] for _, field in settable]
        known[:] = fallback, tuple(values)

    space.update(__schema=schema, __defaults=known, __look_below=look)
    lines = [
        "    if __schema.fallback is not __defaults[0]: __look_below(__schema.fallback)",
        "    __given = []",
    ]
    for index, (name, field) in enumerate(settable):
        lines += [
            f"    __default = __defaults[1][{index}]",
            f"    if {name} is not __default and {name} != __default:"
            f" __given.append({field.name!r})",
        ]
    return lines


def _type_lines(
    typed: list[tuple[str, set[type]]], floats: list[str], space: dict[str, Any]
) -> list[str]:
    """Lines that give up on values of other types, and on floats without a JSON form."""
    lines: list[str] = []
    if typed:
        known: set[tuple[type, ...]] = set()

        def look(*kinds: type) -> None:
            for kind, (_, allowed) in zip(kinds, typed):
                if kind not in allowed:
                    raise Unsuitable
            known.add(kinds)

        space["__known"], space["__look"] = known, look
        types = ", ".join(f"type({name})" for name, _ in typed)
        lines += [
            f"    __types = ({types},)",
            "    if __types not in __known: __look(*__types)",
        ]
    for name in floats:
        space["__float"] = float
        lines.append(f"    if type({name}) is __float and {name} - {name} != 0.0:"
                     " raise __unsuitable")  # fmt: skip
    return lines


def field_kind(field: Field) -> Any:
    """How a field is written: "scalar", "list", or a config class; None where that is not plain."""
    options = plain_forms_of(field.validator)
    if (
        Secret in field.markers
        or options.any
        or options.absent
        or (field.derived and not field.pinned)
    ):
        return None
    if field.pinned and not field.derived:
        return None
    if options.configs:
        alone = len(options.configs) == 1 and options.mapping is options.configs[0]
        return options.configs[0] if alone and options.scalars <= {type(None)} else None
    if not options.words and not options.dicts and not options.lists:
        return "scalar"
    if len(options.lists) == 1 and not options.scalars and not options.words and not options.dicts:
        return "list" if _scalar_items(field) else None
    return None


def _scalar_items(field: Field) -> frozenset[type]:
    """The types of the items of a list field that holds nothing but scalars, else none."""
    ((kind, validator),) = plain_forms_of(field.validator).lists.items()
    item = plain_forms_of(getattr(validator, "item", validator))
    if kind is not list or item.any or item.words or item.lists or item.dicts or item.configs:
        return frozenset()
    return frozenset(item.scalars)


def _items(value: Any, allowed: frozenset[type]) -> list[Any]:
    """The items of a list of scalars."""
    kinds = set(map(type, value))
    if not kinds <= allowed or type(value) is not FrozenList:
        raise Unsuitable
    if float in kinds and not all([item - item == 0.0 for item in value if type(item) is float]):
        raise Unsuitable
    return list(value)
