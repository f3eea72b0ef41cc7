"""Records: what a config remembers of its making.

A record is a plain tuple, because one is made for every config; nothing in it is formatted before
it is asked for.

    code        code object of the calling function (or, after unpickling, a Place)
    lasti       offset of the call's instruction in it
    inherited   bit mask over the fields' order: those not given by keyword in this call
    bases       the config passed before the keywords; a tuple of several, or of none. `bases_of`
                gives a tuple
    fallback    the default configs consulted after the bases
    raw         raw inputs of fields that have a property, by name; None where there are none
    reads       names that each property read, by property; None where there are none. What was
                read from the environment is an EnvironmentRead. `reads_of` gives them exactly
    open        bit mask over the fields' order: those whose value is deferred
"""

from __future__ import annotations

import sys

from pconfigs.markers import Required

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, Self, TypeAlias

    Record: TypeAlias = tuple[
        Any,
        int,
        int,
        Any,
        tuple[Any, ...],
        "dict[str, Any] | None",
        "dict[str, tuple[str, ...]] | None",
        int,
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

    @property
    def is_open(self) -> bool:
        """Whether a value was needed, and the variable was not set."""
        return not self.is_set and self.text == str(Required)


class StaticReads(dict[str, tuple[str, ...]]):
    """The reads of properties as their code shows them, by property.

    Attributes:
        conditional: Properties that may have read less than that.
    """

    __slots__ = ("conditional",)

    conditional: frozenset[str]

    def __init__(self, reads: dict[str, tuple[str, ...]], conditional: frozenset[str]) -> None:
        super().__init__(reads)
        self.conditional = conditional

    def __reduce__(self) -> Any:
        if self is LAZY:
            return "LAZY"
        return (StaticReads, (dict(self), self.conditional))


LAZY = StaticReads({}, frozenset())
"""The reads of a config whose properties are not computed yet; see build/lazy_inputs.py."""


class _Classes(list[type]):
    """A list of classes that is the same object in functions that are pickled by value."""

    def __reduce__(self) -> str:
        return "lazy_configs"


lazy_configs: list[type] = _Classes()
"""The classes that have had such configs; empty, there are none to look for."""


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
VARIANT = "__pconfig_variant__"
"""On configs that were a base: a weak reference to the last config of their class made from them,
where that has properties that make configs."""
EXTENDS = "__pconfig_extends__"
"""On classes that extend a config class by methods alone, and need no decorator."""
DEPTH = "__pconfig_depth__"
"""On configs with configs in them: how many configs there are on the longest way inwards; 1 on the
class, for those without."""
MOST_DEPTH = 100
"""Configs nest at most that deep: deeper, their printed code would not parse, and walks of them
would need more than Python's stack."""
EXACT_READS = "__pconfig_exact_reads__"
KEPT = "__pconfig_kept__"
"""On configs loaded with `drift="as-saved"`: names of the values that are those of the file."""


def record_of(config: Any) -> Record:
    """Return the record of a built config."""
    record: Record = config.__pconfig_record__
    return record


def bases_of(config: Any) -> tuple[Any, ...]:
    """Return the configs that were passed before the keywords when a config was made."""
    found = record_of(config)[BASES]
    return found if type(found) is tuple else (found,)


def raw_inputs(config: Any) -> dict[str, Any]:
    """Return what was given for each field that has a property, where something was given."""
    return record_of(config)[RAW] or {}


def keep_values(config: Any, names: frozenset[str]) -> None:
    """Mark values of a config as those of a file: no config made from it takes them over."""
    object.__setattr__(config, KEPT, names)
    record = record_of(config)
    known: Any = record[READS]
    reads = None if known is None else dict(known)
    object.__setattr__(config, RECORD, (*record[:READS], reads, record[OPEN]))


def _exact_reads(config: Any, reads: Any) -> Any:
    exact = config.__pconfig_schema__.build_later.exact_reads(config, reads)
    object.__setattr__(config, EXACT_READS, exact)
    return exact


def reads_of(config: Any) -> dict[str, tuple[str, ...]]:
    """Return the names of the fields that each property read, in the order of first reading.

    Where the code of a property has branches, it is evaluated once more to find out, at the first
    call.
    """
    reads: Any = getattr(config, RECORD)[READS] or {}
    if reads is LAZY:
        config.__pconfig_schema__.build_later.complete(config)
        reads = getattr(config, RECORD)[READS] or {}
    if type(reads) is StaticReads and reads.conditional:
        reads = getattr(config, EXACT_READS, None) or _exact_reads(config, reads)
    found: dict[str, tuple[str, ...]] = reads
    return found
