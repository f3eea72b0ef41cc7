"""Records: what a config remembers of its making.

A record is a plain tuple, because one is made for every config; nothing in it is formatted until
somebody asks.

    code        code object of the calling function (or, after unpickling, a Place)
    lasti       offset of the call's instruction in it
    inherited   bit mask over the fields' order: those not given by keyword in this call
    bases       the configs passed in front of the keywords
    fallback    the default configs consulted after the bases
    raw         raw inputs of fields that have a property, by name; None where there are none
    reads       names that each property read, by property; None where there are none. What was
                read from the environment is an EnvironmentRead
    open        whether a field of the config itself is deferred
"""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, TypeAlias

    from typing_extensions import Self

    Record: TypeAlias = tuple[
        Any,
        int,
        int,
        tuple[Any, ...],
        tuple[Any, ...],
        "dict[str, Any] | None",
        "dict[str, tuple[str, ...]] | None",
        bool,
    ]


class EnvironmentRead(str):
    """The name under which a property's read of an environment variable is recorded.

    It is `environment.jobs`, and knows what stood there at the time.

    Attributes:
        variable: The name of the variable.
        is_set: Whether it was set.
        text: Its text, or that of its default; None where that is secret.
    """

    __slots__ = ("is_set", "text", "variable")

    variable: str
    is_set: bool
    text: str | None

    def __new__(cls, name: str, variable: str, is_set: bool, text: str | None) -> Self:
        found = super().__new__(cls, name)
        found.variable, found.is_set, found.text = variable, is_set, text
        return found

    def __reduce__(self) -> Any:
        return (EnvironmentRead, (str(self), self.variable, self.is_set, self.text))


# Every CPython has it, under this name.
getframe = sys._getframe  # pyright: ignore[reportPrivateUsage]

CODE: Final = 0
LASTI: Final = 1
INHERITED: Final = 2
BASES: Final = 3
FALLBACK: Final = 4
RAW: Final = 5
READS: Final = 6
OPEN: Final = 7

RECORD = "__pconfig_record__"
HASH = "__pconfig_hash__"
KEPT = "__pconfig_kept__"
"""On configs loaded with `drift="as-saved"`: names of the values that are those of the file."""


def record_of(config: Any) -> Record:
    """The record of a built config."""
    record: Record = config.__pconfig_record__
    return record


def raw_inputs(config: Any) -> dict[str, Any]:
    """What was given for each field that has a property, where something was given."""
    return record_of(config)[RAW] or {}


def settled(value: Any) -> Any:
    """`value`; where it is a draft (config/drafts.py), the config that it becomes."""
    complete = getattr(kind_of(value), "__pconfig_complete__", None)
    return value if complete is None else complete(value)


def reads_of(config: Any) -> dict[str, tuple[str, ...]]:
    """The names of the fields that each property read, in the order of first reading."""
    return record_of(config)[READS] or {}
