"""Switching a part: another config takes its place, and keeps what was set in the one before."""

from __future__ import annotations

import sys

from pconfigs.errors.build import BuildError, CheckError
from pconfigs.errors.formatting import clauses, listed, shorten
from pconfigs.markers import Omitted, Secret
from pconfigs.provenance.origins import set_provenance
from pconfigs.schema.class_schema import derived_classes, is_config, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.schema.inheritance import ABSENT, fallback_of, inherited_input, input_of
from pconfigs.tree.edit_tree import rebuilt
from pconfigs.validation.base import InvalidValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.provenance.locations import Location
    from pconfigs.tree.paths import Path
    from pconfigs.validation.base import Validator

SUFFIX = "Config"


def switched(old: Any, new: Any, path: Path, call: tuple[Location, int]) -> tuple[Any, str]:
    """Return `new` with what was set in `old`, as far as its class has the fields, and a note.

    What `new` sets itself wins. A value is set where it is not at the default of its class. The
    note lists what was kept and dropped of the part at `path`; it is empty where nothing was set.
    """
    kept: dict[str, Any] = {}
    shown: dict[str, str] = {}
    fields, own = schema_of(new).fields, _set_in(new)
    for name, given in _set_in(old).items():
        theirs = fields.get(name)
        if theirs is not None and not theirs.pinned:
            if theirs.validator.literals or name in own:
                continue
            try:
                kept[name] = theirs.validator.validate(given)
            except InvalidValue:
                pass  # it is dropped
        shown[name] = f"{name}={_shown(old, name, given)}"
    if kept:
        try:
            new = rebuilt(new, kept, call)
        except (BuildError, CheckError):
            kept = {}
    words = {
        "kept": [text for name, text in shown.items() if name in kept],
        "dropped": [text for name, text in shown.items() if name not in kept],
    }
    note = clauses(*[f"{verb} {', '.join(texts)}" for verb, texts in words.items() if texts])
    return new, note and f"{path}: {note}"


def _set_in(config: Any) -> dict[str, Any]:
    """Return the inputs of a config that are not at the default of its class."""
    schema = schema_of(config)
    defaults = fallback_of(schema)
    found: dict[str, Any] = {}
    for name, one in schema.fields.items():
        if one.pinned:
            continue
        given = input_of(config, one)
        default = inherited_input(one, defaults)[0]
        if given is not Omitted and (default is ABSENT or not same_value(given, default)):
            found[name] = given
    return found


def _shown(config: Any, name: str, value: Any) -> str:
    if Secret in schema_of(config).fields[name].markers:
        return "..."
    return shorten(value, 40)


def named_part(text: str, cls: type) -> Any:
    """Return the config class or config that a short name means for a field of a class, or None.

    A name is that of the class or of one derived from it, with or without `Config`; or that of a
    config in a module that defines one of them.
    """
    classes = [cls, *derived_classes(cls)]
    for one in classes:
        if one.__name__ in (text, f"{text}{SUFFIX}"):
            return one
    for one in classes:
        found = vars(sys.modules.get(one.__module__, object)).get(text)
        if is_config(found) and isinstance(found, cls):
            return found
    return None


def names_of_parts(cls: type) -> list[str]:
    """Return the short names that a field of a class takes."""
    found: dict[str, None] = {}
    for one in (cls, *derived_classes(cls)):
        found[one.__name__.removesuffix(SUFFIX) or one.__name__] = None
        for name, value in vars(sys.modules.get(one.__module__, object)).items():
            if is_config(value) and isinstance(value, cls) and not name.startswith("_"):
                found[name] = None
    return list(found)


def default_part(cls: type, validator: Validator, place: Location) -> Any:
    """Return the default config of a class, which counts as made by the command line."""
    try:
        made = cls()
    except BuildError as error:
        missing = [name for problem in error.problems for name, _ in getattr(problem, "fields", ())]
        advice = f"{cls.__name__} has no default for {listed(missing)}: give an experiment"
        raise InvalidValue("", cls, validator.description, advice) from None
    set_provenance(made, (place, 0))
    return made


def names_class(text: str, cls: type) -> bool:
    """Return whether a text names a config class, and not a config."""
    last = text.strip().rpartition(".")[2]
    return last in (cls.__name__, cls.__name__.removesuffix(SUFFIX))
