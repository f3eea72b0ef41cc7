"""Missing values: what a config still needs before anything can be made from it, and why."""

from __future__ import annotations

from pconfigs import tree
from pconfigs.annotations.kinds import CONTAINERS
from pconfigs.errors.formatting import some
from pconfigs.markers import Pinned, Required, ValueMarker
from pconfigs.schema.build_record import OPEN, READS, EnvironmentRead, reads_of, record_of
from pconfigs.schema.class_schema import held_value, is_config, require_config, schema_of
from pconfigs.tree.paths import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from pconfigs.schema.class_schema import Schema

    Complete = set[tuple[int, bool]]

_SHOWN = 3
_VARIABLE = "the environment variable "


class Missing:
    """An open value of a config.

    Attributes:
        path: Where it is.
        reason: Why it is open: "must be given", "is pinned, and nothing pins it", or what it waits
            for.
        required: Whether it is `Required`: to be given, in a variant of the config.
        waits_for: The paths of the open values that its property has read.
        variable: The environment variable that must be set, where it waits for one.
    """

    __slots__ = ("path", "reason", "required", "variable", "waits_for")

    def __init__(
        self,
        path: Path,
        reason: str,
        required: bool = False,
        waits_for: Iterable[str] = (),
        variable: str = "",
    ) -> None:
        self.path, self.reason, self.required = path, reason, required
        self.waits_for, self.variable = tuple(waits_for), variable

    def __str__(self) -> str:
        return f"{self.path} {self.reason}"

    def __repr__(self) -> str:
        return f"Missing({str(self)!r})"


def pmissing(config: Any, /) -> list[Missing]:
    """Return the open values of a config with their reasons, in field order; [] if it is complete.

    A part that a property of the config around it makes other configs from is a template: what is
    pinned in it may stay open.

    Raises:
        TypeError: `config` is not a config.
    """
    require_config("pmissing", config)
    return list(_missing(config, Path(), False, set()))


def without_followers(missing: list[Missing]) -> list[Missing]:
    """Return open values without those that only wait for others of them."""
    paths = {str(one.path) for one in missing}
    return [one for one in missing if not one.waits_for or not paths.issuperset(one.waits_for)]


def _missing(config: Any, path: Path, is_template: bool, complete: Complete) -> Iterator[Missing]:
    """Yield what is open in a config; parts that are known to be complete are not entered again."""
    key = (id(config), is_template)
    if key in complete:
        return
    is_complete = True
    for missing in _of_fields(config, path, is_template, complete):
        is_complete = False
        yield missing
    if is_complete:
        complete.add(key)


def _of_fields(config: Any, path: Path, is_template: bool, complete: Complete) -> Iterator[Missing]:
    schema = schema_of(config)
    templates = _templates(config, schema)
    for name, field in schema.fields.items():
        value = held_value(config, name)
        here = Path(path, name)
        if value is Required:
            yield Missing(here, "must be given", required=True)
        elif value is Pinned:
            if not is_template:
                if field.property is None:
                    yield Missing(here, "is pinned, and nothing pins it")
                else:
                    waits = _waits_for(config, name, path)
                    variable = "" if waits else _unset_variable(config, name)
                    reason = _reason(waits or ([f"{_VARIABLE}{variable}"] if variable else []))
                    yield Missing(here, reason, waits_for=waits, variable=variable)
        elif is_config(value) or isinstance(value, CONTAINERS):
            yield from _inside(value, here, is_template or name in templates, complete)


def _inside(value: Any, path: Path, is_template: bool, complete: Complete) -> Iterator[Missing]:
    """Yield what is open in a value that may hold others."""
    if is_config(value):
        yield from _missing(value, path, is_template, complete)
    elif isinstance(value, CONTAINERS) and may_hold_open(value):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            if item is Required or item is Pinned:
                yield Missing(path.item(key), "must be given", required=True)
            else:
                yield from _inside(item, path.item(key), is_template, complete)


def may_hold_open(container: Any) -> bool:
    """Return whether a container holds markers, configs or containers; numbers are passed over."""
    values = container.values() if isinstance(container, dict) else container
    return any(
        [
            issubclass(kind, (ValueMarker, *CONTAINERS)) or hasattr(kind, "__pconfig_schema__")
            for kind in set(map(type, values))
        ]
    )


def _templates(config: Any, schema: Schema) -> set[str]:
    """Return the fields whose parts a property of the config may make others from."""
    reads = record_of(config)[READS] or {}
    return {
        read
        for name, names in reads.items()
        if not schema.fields[name].validator.never_holds_configs
        for read in names
    }


def _waits_for(config: Any, name: str, path: Path) -> list[str]:
    """Return the paths of what a property of the config at `path` waits for."""
    waits: list[str] = []
    for read in dict.fromkeys(reads_of(config).get(name, ())):
        if read in schema_of(config).fields and read != name:
            waits += map(str, _open_inside(held_value(config, read), Path(path, read)))
    if len(waits) > 1:
        # Of a part, what the property has read of it.
        reads = tree.property_reads.property_reads(config, name)
        read_paths = set(map(str, reads.values.paths(path)))
        waits = [wait for wait in waits if wait in read_paths] or waits
    return waits


def _unset_variable(config: Any, name: str) -> str:
    """Return the environment variable that a property needs and that was not set, or ""."""
    reads = reads_of(config).get(name, ())
    found = (one.variable for one in reads if isinstance(one, EnvironmentRead) and one.is_open)
    return next(found, "")


def _reason(waits: list[str]) -> str:
    if not waits:
        return "waits for a value that is not known"
    return f"waits for {some(waits, _SHOWN)}"


def _open_inside(value: Any, path: Path) -> Iterator[Path]:
    """Yield the paths of all that is open in a part, templates included."""
    if value is Required or value is Pinned:
        yield path
    elif is_config(value):
        if record_of(value)[OPEN] or schema_of(value).nested_names:
            for name in schema_of(value).fields:
                yield from _open_inside(held_value(value, name), Path(path, name))
    elif isinstance(value, CONTAINERS) and may_hold_open(value):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _open_inside(item, path.item(key))
