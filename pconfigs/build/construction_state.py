"""The state of a construction: what one call of a config class was given, and what is wrong."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from pconfigs.errors.build import BuildProblem
    from pconfigs.errors.place import Place
    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.fields import Field


REPLACING = frozenset(("replace", "_replace", "__replace__"))
"""Names of functions that build a config for their caller: dataclasses.replace, copy.replace."""


def _origins() -> Any:
    """Return the module that finds places of calls; loaded with the first that is asked for."""
    from pconfigs.provenance import origins

    return origins


def _past_replace(code: CodeType, lasti: int) -> tuple[CodeType, int]:
    """Return the call of a function that replaces fields, where the call of a class is in one."""
    origins = _origins()
    if origins.is_library_code(code) or code.co_filename.endswith("dataclasses.py"):
        return origins.user_call_site()  # type: ignore[no-any-return]
    return code, lasti


class Construction:
    """One call of a config class, while its config is being built.

    Attributes:
        schema: Of the class.
        code, lasti: Where the call is.
        given: What was given by keyword.
        bases, fallback: The configs below the keywords.
        inherited: Bit mask of the fields not given by keyword.
        values: Inputs of fields without a property.
        raw: Inputs of fields with one.
        missing: Fields that were not given.
        problems: What else is wrong.
    """

    __slots__ = (
        "bases",
        "code",
        "fallback",
        "given",
        "inherited",
        "lasti",
        "missing",
        "problems",
        "raw",
        "schema",
        "values",
    )

    def __init__(
        self,
        schema: Schema,
        code: CodeType,
        lasti: int,
        given: dict[str, Any],
        bases: tuple[Any, ...],
        fallback: tuple[Any, ...],
    ) -> None:
        if getattr(code, "co_name", "") in REPLACING:
            code, lasti = _past_replace(code, lasti)
        self.schema = schema
        self.code, self.lasti = code, lasti
        self.given = given
        self.bases, self.fallback = bases, fallback
        self.inherited = 0
        self.values: dict[str, Any] = {}
        self.raw: dict[str, Any] = {}
        self.missing: list[Field] = []
        self.problems: list[BuildProblem] = []

    @property
    def recorded_bases(self) -> Any:
        """The bases as a record has them."""
        return self.bases[0] if len(self.bases) == 1 else self.bases

    @property
    def place(self) -> Place | None:
        found: Place | None = _origins().place_of(self.code, self.lasti)
        return found

    def keyword_place(self, name: str) -> Place | None:
        found: Place | None = _origins().keyword_place(self.code, self.lasti, name)
        return found
