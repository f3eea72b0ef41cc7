"""Quick reading: configs from plain data by straight code made for one class.

It does what config/reading.py does for what nearly all data is: every field there, under its name
of today, in its plainest form. In every other case it gives up, having made nothing that anybody
has seen.
"""

from __future__ import annotations

from _operator import attrgetter

from pconfigs.provenance.locations import Location
from pconfigs.schema.build_record import RECORD
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.format_history import history_of
from pconfigs.schema.inheritance import fallback_of
from pconfigs.serialization.dump import GIVEN, TYPE
from pconfigs.serialization.quick_writing import Unsuitable, field_kind, given_lines
from pconfigs.serialization.scalar_codecs import qualified_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    Quick = Callable[[dict[str, Any], tuple[Any, int]], Any]

_READER = "__pconfig_loader__"


def quick_load(data: dict[str, Any], of: type, call: tuple[Any, int] | str) -> Any:
    """The config that data tells, or None where this is not one of the common cases."""
    if type(data) is not dict or data.get(TYPE) != qualified_name(of):
        return None
    where = (Location(call, 1, function="<file>"), 0) if isinstance(call, str) else call
    fields = {key: value for key, value in data.items() if key != TYPE}
    try:
        return quick_reader(of)(fields, where)
    except Exception:
        # Whatever it was, the careful way meets it again and tells it well.
        return None


def quick_reader(cls: type) -> Quick:
    """A function of the plain data of a config of exactly `cls`."""
    found: Quick | None = cls.__dict__.get(_READER)
    if found is None:
        type.__setattr__(cls, _READER, _never)
        found = _make(cls)
        type.__setattr__(cls, _READER, found)
    return found


def _never(data: dict[str, Any], where: tuple[Any, int]) -> NoReturn:
    raise Unsuitable


def _part(cls: type) -> Quick:
    def read(data: dict[str, Any], where: tuple[Any, int]) -> Any:
        return (cls.__dict__.get(_READER) or quick_reader(cls))(data, where)

    return read


def _make(cls: type) -> Quick:
    schema = schema_of(cls)
    fields = list(schema.fields.values())
    kinds = [field_kind(field) for field in fields]
    if cls is not schema.cls or not fields or None in kinds or history_of(schema).version != 1:
        return _never
    space: dict[str, Any] = {
        "__cls": cls, "__unsuitable": Unsuitable, "__set": object.__setattr__, "__str": str,
    }  # fmt: skip
    given: list[str] = []
    compared: list[str] = []
    for index, (field, kind) in enumerate(zip(fields, kinds)):
        text = f"__data[{field.name!r}]"
        if isinstance(kind, type):
            space[f"__part{index}"] = _part(kind)
            optional = type(None) in field.validator.types
            text = f"__part{index}({text}, __where)" if not optional else (
                f"None if {text} is None else __part{index}({text}, __where)"
            )  # fmt: skip
        if not field.derived:
            given.append(f"{field.name}={text}")
            continue
        compared += [
            f"    __now, __then = __config.{field.name}, {text}",
            "    if __now is not __then and (__now != __then or type(__now) is __str"
            " and type(__then) is not __str): raise __unsuitable",
        ]
    length = len(fields)
    if fallback_of(schema):
        # Fields that are at their default must be those of then, else the default has changed.
        length += 1
        names = [f"__{index}" for index in range(len(fields))]
        space["__read"] = attrgetter(*[field.name for field in fields])
        compared += [
            f"    {', '.join(names)}{',' if len(names) > 1 else ''} = __read(__config)",
            *given_lines(schema, names, space),
            f"    if __given != __data[{GIVEN!r}]: raise __unsuitable",
        ]
    lines = [
        "def read(__data, __where):",
        f"    if type(__data) is not dict or len(__data) != {length}: raise __unsuitable",
        f"    __config = __cls({', '.join(given)})",
        *compared,
        f"    __set(__config, {RECORD!r}, __where + __config.{RECORD}[2:])",
        "    return __config",
    ]
    exec(compile("\n".join(lines), f"<reader of {cls.__qualname__}>", "exec"), space)
    made: Quick = space["read"]
    return made
