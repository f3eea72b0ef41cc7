"""Places: the part of a location in a source file that messages show."""

from __future__ import annotations

from typing import Protocol


class Place(Protocol):
    """Somewhere in a source file; see provenance/locations.py."""

    line: int

    @property
    def column(self) -> int | None: ...
    @property
    def end_line(self) -> int | None: ...
    @property
    def end_column(self) -> int | None: ...
    def source_line(self) -> str | None: ...
