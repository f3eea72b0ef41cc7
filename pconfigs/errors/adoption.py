"""Errors of adoption: what a source holds that cannot be read, and results that differ from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pconfigs.errors.base import PConfigError


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of a source.

    Attributes:
        place: File and line, or the file.
        message: The problem.
        hint: What to do about it.
    """

    place: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" + (f"\n    {self.hint}" if self.hint else "")


class AdoptError(PConfigError, ValueError):
    """A source cannot be adopted.

    Attributes:
        findings: All its problems of one kind.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, findings)))
