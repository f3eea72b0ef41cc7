"""Errors of adoption: what a source holds that cannot be read, and results that differ from it."""

from __future__ import annotations

from collections.abc import Sequence

from pconfigs.errors.base import PConfigError, Problem


class AdoptError(PConfigError, ValueError):
    """A source cannot be adopted.

    Attributes:
        findings: All its problems of one kind.
    """

    def __init__(self, findings: Sequence[Problem]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, findings)))
