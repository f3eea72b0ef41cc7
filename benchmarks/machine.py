"""The machine and the versions of a measurement, without names of people or hosts."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT

DISTRIBUTIONS = {
    "pconfigs": "pconfigs",
    "attrs": "attrs",
    "cattrs": "cattrs",
    "pydantic": "pydantic",
    "chz": "chz",
    "fiddle": "fiddle",
    "hydra": "hydra-core",
    "omegaconf": "omegaconf",
    "ml_collections": "ml-collections",
    "black": "black",
}


def processor() -> str:
    """Model of the CPU, as the system calls it."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:  # not Linux
        text = ""
    models = [line for line in text.splitlines() if line.startswith("model name")]
    if models:
        return models[0].split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    """Versions of the libraries that are installed."""
    installed = {re.sub("[-_.]+", "-", d.name).lower(): d.version for d in distributions()}
    return {name: installed[known] for name, known in DISTRIBUTIONS.items() if known in installed}


def commit() -> str | None:
    """Short name of the commit that is checked out, where there is one."""
    words = ("git", "rev-parse", "--short", "HEAD")
    try:
        done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False)
    except OSError:
        return None
    changed = subprocess.run(
        ("git", "status", "--porcelain", "--untracked-files=no"),
        capture_output=True, text=True, cwd=ROOT, check=False,
    ).stdout  # fmt: skip
    short = done.stdout.strip()
    return (f"{short} and changes" if changed else short) or None


def facts() -> dict[str, Any]:
    """Return all facts, for the result."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "versions": versions(),
    }
