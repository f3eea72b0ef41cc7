"""The options and the report of the checks of one module of experiments."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from pconfigs.atomic_files import write_text
from pconfigs.testing.discovery import ExperimentModule, shown


@dataclass(slots=True)
class CheckOptions:
    """The checks of every module, besides its import.

    Attributes:
        golden: Its experiments print what their golden files have.
        update: Golden files are written instead.
        smoke: Its runnable experiments run small.
        timeout: Seconds that one run may take.
        whole: Tracebacks keep the library's own frames.
    """

    golden: bool = False
    update: bool = False
    smoke: bool = False
    timeout: float = 60.0
    whole: bool = False

    def __post_init__(self) -> None:
        self.golden = self.golden or self.update


@dataclass(slots=True)
class ModuleReport:
    """The result of checking one module.

    Attributes:
        found: The module.
        problems: What is wrong with it, in words, one text for each.
        printed: Whether it printed when it was imported.
        notes: What else there is to report, a line for each.
        count: How many experiments it has; of a sweep, each point counts. One that cannot be
            imported counts as one.
        seconds: How long its import took.
        runs: The runs of its experiments that are still to be made (see smoke.py).
    """

    found: ExperimentModule
    problems: list[str] = field(default_factory=list)
    printed: bool = False
    notes: list[str] = field(default_factory=list)
    count: int = 1
    seconds: float = 0.0
    runs: list[Any] = field(default_factory=list)

    def write(self, path: str, text: str | None, is_new: bool = False) -> None:
        """Write a golden file, or remove it where it has no text; report that, or why not."""
        try:
            if text is None:
                os.unlink(path)
            else:
                write_text(path, text)
        except OSError as error:
            self.problems.append(f"{shown(path)} cannot be written: {error.strerror or error}")
            return
        done = "removed" if text is None else "wrote" if is_new else "updated"
        self.notes.append(f"{done} {shown(path)}")

    def to_json(self) -> dict[str, Any]:
        """Return the same as plain data."""
        return {
            "module": self.found.name,
            "file": self.found.path,
            "experiments": self.count,
            "seconds": round(self.seconds, 3),
            "problems": self.problems,
            "notes": self.notes,
            "printed": self.printed,
        }
