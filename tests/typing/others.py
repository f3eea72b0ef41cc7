"""Checkers that are reported, not tested: ty and pyrefly, where they are installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from tests.typing.checkers import FOLDERS, Checkers, Report

LINE = re.compile(r"(?m)^(?:\s*ERROR )?([\w./-]+\.py):(\d+):[\d:-]+:?(.*)$")


def installed() -> list[str]:
    """`name version` of the checkers there are."""
    return [f"{name} {version(name)}" for name in ("ty", "pyrefly") if shutil.which(_path(name))]


def run(checker: str, checkers: Checkers, folder: str) -> set[Report]:
    """What `checker`, named as by `installed`, reports in a folder."""
    name = checker.partition(" ")[0]
    arguments = _ty(folder) if name == "ty" else _pyrefly(checkers, folder)
    done = subprocess.run(
        [_path(name), "check", *arguments, "."],
        cwd=checkers.scratch / folder,
        env={**os.environ, "PYTHONPATH": "", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stdout + done.stderr)
    here = f"{(checkers.scratch / folder).resolve()}/"
    found = LINE.findall(done.stdout.replace(here, ""))
    return {Report(file.removeprefix("./"), int(line), "") for file, line, _ in found}


def _path(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _ty(folder: str) -> list[str]:
    search = ["--extra-search-path", "../library", "--output-format", "concise"]
    return ["--python-version", FOLDERS[folder], *search]


def _pyrefly(checkers: Checkers, folder: str) -> list[str]:
    config = checkers.scratch / folder / "pyrefly.toml"
    config.write_text(f'python-version = "{FOLDERS[folder]}"\nsearch-path = [".", "../library"]\n')
    return ["--config", str(config), "--output-format", "min-text"]
