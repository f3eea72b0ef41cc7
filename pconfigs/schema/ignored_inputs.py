"""Ignored inputs: a quick look for inputs that may have no effect.

Nothing is evaluated here, so that every run may look; tree/unused.py decides which have none.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import CONTAINERS
from pconfigs.markers import Omitted, Pinned
from pconfigs.schema.build_record import INHERITED, bases_of, record_of
from pconfigs.schema.children import parts_in
from pconfigs.schema.class_schema import held_value, is_config, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.schema.inheritance import ABSENT, inherited_input, input_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.schema.fields import Field


def set_here(config: Any) -> list[Field]:
    """Return the fields given by keyword in the making of a config."""
    inherited = record_of(config)[INHERITED]
    return [f for f in schema_of(config).fields.values() if not inherited >> f.index & 1]


def silent_bases(config: Any, is_root: bool) -> list[int]:
    """Return the positions of bases of which nothing is left: all they gave was replaced.

    A single base is left out where it gave one input alone, whose class may gain another one, and
    in a part: there, keywords for all of its fields are meant.
    """
    record = record_of(config)
    bases, inherited = bases_of(config), record[INHERITED]
    if len(bases) < 2 and not is_root:
        return []
    fields = schema_of(config).fields.values() if bases else ()
    kept = [id(inherited_input(f, bases)[1]) for f in fields if inherited >> f.index & 1]
    least = 2 if len(bases) == 1 else 1
    return [
        index
        for index, base in enumerate(bases)
        if id(base) not in kept
        and sum([inherited_input(field, (base,))[0] is not ABSENT for field in fields]) >= least
    ]


def may_have_no_effect(config: Any) -> bool:
    """Return whether an input of a config, or of a part that was set in it, may have no effect."""
    pending, seen = [config], {id(config)}
    for part in pending:
        if silent_bases(part, part is config):
            return True
        for field in set_here(part):
            given = input_of(part, field)
            if field.property is not None and not _is_in(given, held_value(part, field.name)):
                return True
            if is_config(given):
                inside = [given]
            else:
                inside = list(parts_in(given)) if isinstance(given, CONTAINERS) else []
            pending += [one for one in inside if id(one) not in seen]
            seen.update(map(id, inside))
    return False


def _is_in(given: Any, made: Any) -> bool:
    """Return whether all of an input is seen to be in what a property made of it."""
    if given is made or given is Pinned or given is Omitted:
        return True
    if is_config(given):
        if not is_config(made) or not any([base is given for base in bases_of(made)]):
            return False
        own = {field.name for field in set_here(made)}
        return all(
            [
                _is_in(input_of(given, field), held_value(made, field.name))
                for field in set_here(given)
                if field.name in own
            ]
        )
    if isinstance(given, (list, tuple)) and type(given) is type(made) and any(parts_in(given)):
        return len(given) == len(made) and all(map(_is_in, given, made))
    if isinstance(given, dict) and isinstance(made, dict) and any(parts_in(given)):
        return given.keys() == made.keys() and all([_is_in(given[key], made[key]) for key in given])
    return same_value(given, made)
