"""Type checkers run over folders of files, each once per session, and what they report.

A line that a checker is to report says so at its end: `# wrong: mypy[arg-type] pyright[reportX]`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
# The classes of the bare spelling are those of the base spelling without the base.
BASE = re.compile(r"(?<=Config)\(PConfig(\[\w+\])?\)")


@dataclass(frozen=True, order=True)
class Report:
    """A diagnostic: the file by its name without folders, the line from 1, the checker's rule."""

    file: str
    line: int
    rule: str


def expected(file: Path, checker: str) -> set[Report]:
    """What `checker` is to report, by the marks in `file`."""
    found = set()
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        _, _, marks = line.partition("# wrong:")
        for name, rule in re.findall(r"(\w+)\[([\w-]+)\]", marks):
            if name == checker:
                found.add(Report(file.name, number, rule))
    return found


def lay_out(target: Path, *folders: Path, bare: bool = False) -> Path:
    """Copy `folders` into `target`, beside a way to this checkout's package only."""
    for folder in folders:
        shutil.copytree(folder, target, dirs_exist_ok=True)
    if bare:
        for file in target.rglob("*.py"):
            file.write_text(BASE.sub("", file.read_text()))
    library = target.parent / f"{target.name}-library"
    library.mkdir(exist_ok=True)
    if not (library / "pconfigs").exists():
        (library / "pconfigs").symlink_to(ROOT / "pconfigs", target_is_directory=True)
    return target


def mypy_command(folder: Path, *, plugin: bool = True, version: str = "3.13") -> list[str]:
    """Arguments for mypy, and its configuration written beside `folder`."""
    config = folder.parent / f"{folder.name}-mypy-{version}-{plugin}.ini"
    config.write_text(
        f"[mypy]\nstrict = True\nmypy_path = {folder.parent / f'{folder.name}-library'}\n"
        f"python_version = {version}\nexplicit_package_bases = True\nshow_traceback = True\n"
        f"cache_dir = {folder.parent / 'mypy-cache'}\n"
        + ("plugins = pconfigs.mypy\n" if plugin else "")
    )
    return ["--config-file", str(config), "--output", "json", "."]


def mypy_environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def run_mypy(folder: Path, *, plugin: bool = True, version: str = "3.13") -> set[Report]:
    """What mypy --strict reports in `folder`."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *mypy_command(folder, plugin=plugin, version=version)],
        cwd=folder, env=mypy_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1) or done.stderr:
        raise RuntimeError(done.stdout + done.stderr)
    return read_mypy(done.stdout)


def read_mypy(output: str) -> set[Report]:
    """Reports in mypy's JSON lines, notes left out."""
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return {
        Report(Path(found["file"]).name, found["line"], found["code"])
        for found in lines
        if found["severity"] == "error"
    }


def run_pyright(folder: Path, mode: str = "standard", *, version: str = "3.13") -> set[Report]:
    """What pyright reports in `folder`, in one of its modes."""
    settings = {
        "typeCheckingMode": mode,
        "pythonVersion": version,
        "extraPaths": [str(folder.parent / f"{folder.name}-library")],
        "reportMissingModuleSource": "none",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stdout + done.stderr)
    return {
        Report(
            Path(found["file"]).name,
            found["range"]["start"]["line"] + 1,
            found.get("rule", found["severity"]),
        )
        for found in json.loads(done.stdout)["generalDiagnostics"]
        if found["severity"] == "error"
    }
