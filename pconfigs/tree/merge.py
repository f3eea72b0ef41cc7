"""Merging: what several variants of one base set, in one config."""

from __future__ import annotations

from pconfigs.errors.formatting import shorten
from pconfigs.errors.paths import Conflict, MergeError
from pconfigs.markers import Secret
from pconfigs.provenance.origins import HIDDEN, origin_of, user_call_site
from pconfigs.schema.class_schema import is_config, require_config, schema_of
from pconfigs.schema.equality import identical
from pconfigs.schema.inheritance import input_of
from pconfigs.tree.edit import edited
from pconfigs.tree.paths import ROOT, Item, Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    C = TypeVar("C")


class Setting:
    """The input that a variant sets at a path.

    Attributes:
        value: The input there.
        place: Where it was set.
        variant: Which variant set it, counted from 0.
        secret: Whether the value is not to be shown.
    """

    __slots__ = ("place", "secret", "value", "variant")

    def __init__(self, value: Any, place: str, variant: int, secret: bool) -> None:
        self.value, self.place, self.variant, self.secret = value, place, variant, secret

    @property
    def shown(self) -> str:
        """Return the value as a message shows it."""
        if self.secret:
            return str(HIDDEN)
        return (
            f"{type(self.value).__name__}(...)"
            if is_config(self.value)
            else shorten(self.value, 40)
        )


def pmerge(base: C, /, *variants: C) -> C:
    """Return `base` with everything that its variants set: `pmerge(base, wide, fast)`.

    A variant sets the inputs in which it differs from the base. Parts of the same class merge field
    by field, dicts key by key; everything else is set as a whole. Values that follow from others
    are not set, and follow in the result.

    Raises:
        TypeError: A variant is not of the class of the base.
        MergeError: Two variants set something to different values; all such places, both lines.
    """
    require_config("pmerge", base)
    settings: dict[Path, Setting] = {}
    conflicts: list[Conflict] = []
    for number, variant in enumerate(variants):
        if type(variant) is not type(base):
            name, got = type(base).__qualname__, type(variant).__qualname__
            raise TypeError(f"variant {number + 1} must be {name}, got {got}")
        found: dict[Path, Setting] = {}
        _collect(base, variant, ROOT, found, number)
        for path, setting in found.items():
            _add(settings, path, setting, conflicts)
    if conflicts:
        raise MergeError(conflicts)
    return edited(base, _changes(base, settings), user_call_site()) if settings else base


def _changes(base: Any, settings: dict[Path, Setting]) -> dict[Path, Any]:
    """Return the values by path; the keys of one dict together, as some may be new."""
    changes: dict[Path, Any] = {}
    for path, setting in settings.items():
        if isinstance(path.step, Item) and path.parent is not None:
            whole = changes.get(path.parent)
            if whole is None:
                whole = changes[path.parent] = dict(_input_at(base, path.parent))
            whole[path.step.key] = setting.value
        else:
            changes[path] = setting.value
    return changes


def _input_at(config: Any, path: Path) -> Any:
    """Return what was given at a path that leads through fields alone."""
    for step in path.steps:
        config = input_of(config, schema_of(config).fields[str(step)])
    return config


def _collect(
    base: Any,
    variant: Any,
    path: Path,
    found: dict[Path, Setting],
    number: int,
    secret: bool = False,
) -> None:
    """Find the inputs in which a variant differs from the base; all of a secret part are secret."""
    for name, field in schema_of(base).fields.items():
        old, new = input_of(base, field), input_of(variant, field)
        at = path.field(name)
        if field.pinned or old is new or identical(old, new):
            continue
        hides = secret or Secret in field.markers
        if is_config(old) and type(old) is type(new):
            _collect(old, new, at, found, number, hides)
            continue
        origin = origin_of(variant, name)
        place = str(origin.place) if origin is not None else "?"
        if isinstance(old, dict) and isinstance(new, dict) and old.keys() <= new.keys():
            for key, item in new.items():
                if key not in old or not identical(old[key], item):
                    found[Path(at, Item(key))] = Setting(item, place, number, hides)
            continue
        found[at] = Setting(new, place, number, hides)


def _add(
    settings: dict[Path, Setting], path: Path, setting: Setting, conflicts: list[Conflict]
) -> None:
    """Add a setting, unless one of another variant is at odds with it."""
    steps = path.steps
    for other, earlier in list(settings.items()):
        if earlier.variant == setting.variant:
            continue
        if other.steps == steps:
            if not identical(earlier.value, setting.value):
                conflicts.append(_conflict(other, earlier, path, setting))
            return
        if other.steps == steps[: len(other)] or steps == other.steps[: len(steps)]:
            conflicts.append(_conflict(other, earlier, path, setting))
            return
    settings[path] = setting


def _conflict(other: Path, earlier: Setting, path: Path, later: Setting) -> Conflict:
    if len(path) < len(other):
        other, earlier, path, later = path, later, other, earlier
    first, second = _shown(other, earlier), _shown(path, later)
    return Conflict(first, earlier.shown, earlier.place, second, later.shown, later.place)


def _shown(path: Path, setting: Setting) -> str:
    """Return a path without the key of a dict that is secret."""
    hides = setting.secret and isinstance(path.step, Item)
    return f"{path.parent}[...]" if hides else str(path)
