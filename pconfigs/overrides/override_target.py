"""Targets of overrides: where a path leads, what is given there, and what may be."""

from __future__ import annotations

import sys

from pconfigs.build.optional import NoneConfig
from pconfigs.errors.formatting import names_secret
from pconfigs.errors.paths import BadOverride, PathError, computed_field, left_out, no_part_yet
from pconfigs.markers import Omitted, Pinned, Secret
from pconfigs.overrides.assignments import assignment
from pconfigs.overrides.switching import names_of_parts
from pconfigs.provenance.origins import function_place, input_of
from pconfigs.schema.build_record import reads_of
from pconfigs.schema.class_schema import is_config, is_config_class, schema_of
from pconfigs.schema.properties import may_read_input
from pconfigs.tree.paths import ROOT, Item, Path, UnquotedKey, find_key, parse_path, path_from
from pconfigs.tree.walk import missing_field, pget, pwalk, step_into
from pconfigs.validation.base import Validator, classes_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pconfigs.schema.fields import Field

NO_SETTINGS: Mapping[Path, AppliedOverride] = {}


class OverrideRefused(Exception):
    """A path that leads to what cannot be given.

    Attributes:
        problem: Why.
    """

    def __init__(self, problem: BadOverride) -> None:
        super().__init__(problem.message)
        self.problem = problem


class OverrideTarget:
    """The input of a config that a path leads to.

    Attributes:
        path: The path, items by the index or key that they have.
        value: What is given there; `Pinned` where nothing is.
        validator: Of what may be.
        name: Of the field that holds it, with its class: `ModelConfig.depth`.
        inside: The way from that field on: `[2]`, or nothing.
        secret: Whether the value is not to be shown.
        computed: Where fields on the way have a property: path, config and field of each.
        may_be_omitted: Whether it is a field, or an item, that may be left out.
    """

    __slots__ = (
        "computed", "inside", "may_be_omitted", "name", "path", "secret", "validator", "value",
    )  # fmt: skip

    def __init__(self, value: Any) -> None:
        self.path, self.value, self.validator = ROOT, value, Validator()
        self.name, self.inside, self.secret = type(value).__name__, "", False
        self.computed: list[tuple[Path, Any, Field]] = []
        self.may_be_omitted = False

    def shown(self, word: str) -> str:
        """Return a word that leads here as it may be shown: without the value of a secret."""
        return without_value(word) if self.secret else word


class AppliedOverride:
    """The value that a word gives for a slot."""

    __slots__ = ("slot", "value", "word")

    def __init__(self, word: str, slot: OverrideTarget, value: Any) -> None:
        self.word, self.slot, self.value = word, slot, value

    def leaves_out_in(self, path: Path) -> bool:
        """Return whether an item is left out of what is at a path."""
        own = self.slot.path
        return self.value is Omitted and isinstance(own.step, Item) and starts(own, path)


def starts(path: Path, start: Path) -> bool:
    """Return whether a path leads into what is at another, or to it."""
    return path.steps[: len(start)] == start.steps


def slot_at(
    config: Any, path: Path, word: str, settings: Mapping[Path, AppliedOverride] = NO_SETTINGS
) -> OverrideTarget:
    """Return where a path leads from a config.

    Args:
        config: The config.
        path: From it on.
        word: The word that has the path.
        settings: What earlier words have put in the place of values: the way goes on in that.

    Raises:
        PathError: Nowhere.
        OverrideRefused: To or through what only code gives, or into what is left out.
    """
    slot = OverrideTarget(config)
    for step in path.steps:
        earlier = settings.get(slot.path)
        if earlier is not None:
            if earlier.value is Omitted:
                raise OverrideRefused(left_out(slot.shown(word), earlier.word))
            slot.computed = []  # what is put there is not what a property computes
        if isinstance(step, str) and isinstance(slot.value, dict):
            # heads.cls is heads['cls']: some shells have a meaning of their own for brackets.
            step = Item(UnquotedKey(step))
        if isinstance(step, str):
            _enter_field(slot, step, config, path, word)
        else:
            _enter_item(slot, step, config, path)
        if slot.path in settings:
            slot.value = settings[slot.path].value
    return slot


def _enter_field(slot: OverrideTarget, name: str, root: Any, path: Path, word: str) -> None:
    config = slot.value
    if config is Pinned and slot.computed:
        raise OverrideRefused(refusal(word, *slot.computed[-1]))
    if not is_config(config) or name not in schema_of(config).fields:
        names = _parts_with(slot.validator, name) if config is None or config is NoneConfig else []
        if names:
            raise OverrideRefused(no_part_yet(slot.shown(word), str(slot.path), names))
        raise missing_field(config, name, slot.path, root, path)
    field = schema_of(config).fields[name]
    slot.path = Path(slot.path, name)
    slot.secret = slot.secret or Secret in field.markers
    is_given = field.property is None or may_read_input(type(config), field.property.function, name)
    if field.pinned or not is_given:
        raise OverrideRefused(refusal(slot.shown(word), slot.path, config, field))
    if field.property is not None:
        slot.computed.append((slot.path, config, field))
    slot.value, slot.validator = input_of(config, field), field.validator
    slot.name, slot.inside = f"{type(config).__name__}.{name}", ""
    slot.may_be_omitted = Omitted in field.markers


def _parts_with(validator: Validator, name: str) -> list[str]:
    """Return the names of the config classes with a field that build by themselves."""
    found: list[str] = []
    for cls in classes_in(validator):
        if is_config_class(cls) and name in schema_of(cls).fields:
            try:
                cls()
            except Exception:  # noqa: S112 - of a property or a check, too
                continue
            found.append(names_of_parts(cls)[0])
    return found


def without_value(word: str) -> str:
    """Return a word as it is shown where its value is a secret."""
    found = assignment(word)
    return word if found is None else f"{found.left}{found.sign}..."


def without_secret(word: str) -> str:
    """Return a word that is not an override as it is shown: without what it gives to a secret."""
    sign = "=" if "=" in word else ":"
    return f"{word.partition(sign)[0]}{sign}..." if names_secret(word) else word


def _enter_item(slot: OverrideTarget, step: Item, root: Any, path: Path) -> None:
    value = slot.value
    found = step_into(value, step, slot.path, root, path)
    if isinstance(value, dict):
        key = find_key(value, step.key)
    else:
        key = step.key + len(value) if step.key < 0 else step.key
    slot.validator = slot.validator.item_at(value, key)
    slot.path, slot.value = Path(slot.path, Item(key)), found
    slot.may_be_omitted = not hasattr(value, "_fields")
    slot.inside += repr(Item(key))


def refusal(word: str, path: Path, config: Any, field: Field) -> BadOverride:
    """Return the problem of a word for a field at `path`, which `config` computes or pins."""
    where = f"{type(config).__name__}.{field.name}"
    found = field.property
    if found is None:
        return computed_field(word, where, True, "", None, ())
    by = f"{(found.owner or type(config)).__name__}.{field.name}"
    by = "its property" if by == where else by
    names = settable_reads(config, field.name)
    reads = [str(Path(path.parent or ROOT, name)) for name in names]
    return computed_field(word, where, field.pinned, by, function_place(found.function), reads)


def settable_reads(config: Any, name: str) -> list[str]:
    """Return the fields without a property that the property `name` reads, also indirectly."""
    fields = schema_of(config).fields
    found: dict[str, None] = {}
    seen, pending = {name}, [name]
    for current in pending:
        for read in reads_of(config).get(current, ()):
            field = fields.get(read)
            if field is None or read in seen:
                continue
            seen.add(read)
            if field.property is not None:
                pending.append(read)
            if not field.pinned and (
                field.property is None or not field.validator.never_holds_configs
            ):
                found[read] = None
    return list(found)


def packages_in(validator: Validator) -> set[str]:
    """Return the packages whose classes a hint mentions, without the standard library."""
    tops = {cls.__module__.partition(".")[0] for cls in classes_in(validator)}
    return tops - sys.stdlib_module_names


def continued(way: str, path: Path) -> str:
    """Return a path that may have been meant, with the rest of the text after it."""
    steps = parse_path(way).steps
    if steps[:-1] != path.steps[: len(steps) - 1]:
        return way
    return str(path_from((*steps, *path.steps[len(steps) :])))


def modules_in(config: Any) -> set[str]:
    """Return names of the modules whose classes make up a config."""
    found: set[str] = set()
    for _, _, value in pwalk(config):
        if is_config(value):
            found |= {schema.cls.__module__ for schema in schema_of(value).lineage}
    return found


def new_key(config: Any, path: Path, right: str) -> str:
    """Return what is written for a key that a dict does not have, or "" where none is meant.

    Args:
        config: The config.
        path: Of the key.
        right: The sign and the value, as they may be shown.
    """
    if not path or path.parent is None or right[:1] != "=":
        return ""
    try:
        holder = pget(config, path.parent)
    except PathError:
        return ""
    key = path.step.key if isinstance(path.step, Item) else path.step
    if not isinstance(holder, dict):
        return ""
    # Without blanks, a shell takes it for one word.
    return f"for a new key: {path.parent}+={{{key}:{right[1:]}}}"
