"""Costs of whole processes: importing a library, printing the trainer example from the shell."""

from __future__ import annotations

import importlib.util
import re
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = (sys.executable, "-s", "-E")  # nothing of the user's own folder or environment

BATCH_AND_RATES = ("8", "0.00068905764746872", "0.00041094235253127")  # of the trainer example
SHELL_OPTIONS = {"hydra": ("--cfg", "job", "--resolve")}


class ProcessError(Exception):
    """A process ended with an error, or printed something else than it should."""


def run(*words: str) -> tuple[float, str]:
    """CPU seconds and stdout of `python WORDS` in the repository."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run((*PYTHON, *words), capture_output=True, text=True, cwd=ROOT, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise ProcessError(
            re.sub(r"^\S+: ", "", lines[-1]) if lines[-1].startswith("/") else lines[-1]
        )
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, done.stdout


def import_seconds(statement: str) -> float:
    """CPU seconds that importing adds to a bare interpreter."""
    bare, _ = run("-c", "pass")
    return run("-c", statement)[0] - bare


def import_modules(statement: str) -> int:
    """Count the modules that importing adds to those of a bare interpreter."""
    count = "print(len(set(sys.modules) - bare))"
    return int(run("-c", f"import sys; bare = set(sys.modules); {statement}; {count}")[1])


def shell_ratio(library: str) -> float:
    """CPU of printing the trainer example, as a multiple of a bare interpreter's."""
    if library == "pconfigs":
        words = ("-m", "pconfigs.print", "project.experiments.second.config")
    else:
        words = ("-m", f"benchmarks.trainer.{library}", *SHELL_OPTIONS.get(library, ()))
    bare, _ = run("-c", "pass")
    spent, text = run(*words)
    missing = [word for word in BATCH_AND_RATES if word not in text]
    if missing:
        raise ProcessError(f"the example is printed without {missing[0]}")
    return spent / bare


def installed(statement: str) -> bool:
    """Return whether what a statement imports is there, found without importing it."""
    return importlib.util.find_spec(statement.split()[1]) is not None
