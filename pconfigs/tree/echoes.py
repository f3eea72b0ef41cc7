"""Ties: values that a property put into a part which was given to it again.

`TrainerConfig(other, model=ModelConfig(other.model, depth=3))` gives the property of `model` a part
that it made itself, with the width that it set there. Nobody has set that width, and the property
sets it anew.
"""

from __future__ import annotations

from pconfigs.markers import Pinned
from pconfigs.schema.attribute_reads import codes_of
from pconfigs.schema.build_record import CODE, record_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.provenance.origins import Origin
    from pconfigs.tree.diff import Change


def is_echo(change: Change) -> bool:
    """Whether a difference of what was given is none that anybody has set.

    On one side the value is that of the property; on the other one it is, too, or a default, or
    there is none.
    """
    found = change.pair.given_to
    if found is None or change.kind != "changed":
        return False
    codes = codes_of(found.function.__code__)
    ties = 0
    for value, origin in (
        (change.before, change.origin_before),
        (change.after, change.origin_after),
    ):
        if origin is not None and record_of(origin.config)[CODE] in codes:
            ties += 1
        elif value is not Pinned and not _is_nobodys(origin):
            return False
    return ties > 0


def _is_nobodys(origin: Origin | None) -> bool:
    return origin is None or origin.is_default
