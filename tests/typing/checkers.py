"""Type checkers run over folders of sample files, and what they report.

A line that a checker is to report is marked at its end: `# wrong: mypy[arg-type] pyright[reportX]`.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
MISTAKES = sorted((HERE / "mistakes").glob("*.py"))
FURTHER = sorted((HERE / "further").glob("*.py"))
# Correct code that a checker reports nevertheless: kept to notice when that changes.
LIMITS = sorted((HERE / "limits").glob("*.py"))
# Syntax that Python has from 3.12 on.
MODERN = sorted((HERE / "modern").glob("*.py"))
MARKED = [*MISTAKES, *FURTHER, *LIMITS, *MODERN]
TRAINER = ("modules/trainer.py", "experiments/first.py", "experiments/second.py")
# The classes of the bare spelling are those of the base spelling without the base.
BASE = re.compile(r"(class \w+Config(?:\[.*?\])?)(?:\(PConfig(?:\[\w+\])?\)|(\()PConfig, )")
# Folder -> version of Python that its files are checked for.
FOLDERS = {
    "bare": "3.13",
    "base": "3.13",
    "short": "3.13",
    "bare-3.10": "3.10",
    "base-3.10": "3.10",
    "base-3.14": "3.14",
}


@dataclass(frozen=True, order=True)
class Report:
    """A diagnostic: the file as seen from its folder, the line from 1, the checker's rule."""

    file: str
    line: int
    rule: str


def expected(files: Iterable[Path], checker: str) -> set[Report]:
    """What `checker` is to report, by the marks in `files`."""
    found = set()
    for file in files:
        for number, line in enumerate(file.read_text().splitlines(), start=1):
            _, _, marks = line.partition("# wrong:")
            for name, rule in re.findall(r"(\w+)\[([\w-]+)\]", marks):
                if name == checker:
                    found.add(Report(file.name, number, rule))
    return found


def names_in_stub(name: str) -> set[str]:
    """Public names of one of the package's stubs."""
    tree = ast.parse((ROOT / "pconfigs" / name).read_text())
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            found |= {alias.asname for alias in node.names if alias.asname}
        elif isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            found.add(node.name)
        elif isinstance(node, ast.AnnAssign):
            found.add(ast.unparse(node.target))
        elif isinstance(node, ast.Assign):
            found |= {ast.unparse(target) for target in node.targets}
    return {found_name for found_name in found if not found_name.startswith("_")} | {"__version__"}


def copy_samples(target: Path, *names: str, bare: bool = False) -> Path:
    """Copy folders of sample files into `target`, without bases where they are to be bare."""
    for name in names:
        shutil.copytree(HERE / name, target, dirs_exist_ok=True)
    if bare:
        for file in target.rglob("*.py"):
            file.write_text(BASE.sub(r"\1\2", file.read_text()))
    return target


class Checkers:
    """The checkers, each run once over each folder below `scratch`."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        # A folder that holds nothing but the package, so that no other module is found by accident.
        self.library = scratch / "library"
        self.library.mkdir()
        (self.library / "pconfigs").symlink_to(ROOT / "pconfigs", target_is_directory=True)
        for folder in FOLDERS:
            self._fill(scratch / folder, folder.partition("-")[0])
        self.mypy = cache(self._mypy)
        self.pyright_of_version = cache(self._pyright)

    def _fill(self, folder: Path, spelling: str) -> None:
        if spelling != "short":
            names = ("common", "good", "mistakes", "further", "limits")
            modern = () if folder.name.endswith("3.10") else ("modern",)
            copy_samples(folder, *names, *modern, bare=spelling == "bare")
        if spelling != "bare":
            copy_samples(folder, f"spellings/{spelling}")
            return
        for name in TRAINER:
            (folder / "project" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "project" / name, folder / "project" / name)

    def _mypy(self, folder: str, *, plugin: bool = True) -> set[Report]:
        """What mypy --strict reports in a folder."""
        return self.mypy_in(self.scratch / folder, plugin=plugin, version=FOLDERS[folder])

    def mypy_in(self, folder: Path, *, plugin: bool = True, version: str = "3.13") -> set[Report]:
        command = self.mypy_command(plugin=plugin, version=version)
        return read_mypy(run_module("mypy", *command, folder=folder))

    def mypy_command(self, *, plugin: bool = True, version: str = "3.13") -> list[str]:
        """Arguments for mypy to check the folder it is started in."""
        config = self.scratch / f"mypy-{version}-{plugin}.ini"
        config.write_text(
            f"[mypy]\nstrict = True\nmypy_path = {self.library}\npython_version = {version}\n"
            f"explicit_package_bases = True\nshow_traceback = True\n"
            f"cache_dir = {self.scratch / 'mypy-cache'}\n"
            + ("plugins = pconfigs.mypy\n" if plugin else "")
            # As where the package is installed: mypy says nothing of its own code.
            + "[mypy-pconfigs.*]\nignore_errors = True\n"
        )
        return ["--config-file", str(config), "--output", "json", "."]

    def pyright(self, folder: str, mode: str = "standard") -> set[Report]:
        """What pyright reports in a folder, in one of its modes."""
        return self.pyright_of_version(FOLDERS[folder], mode)[folder]

    def _pyright(self, version: str, mode: str) -> dict[str, set[Report]]:
        folders = [folder for folder, checked in FOLDERS.items() if checked == version]
        settings = {
            "typeCheckingMode": mode,
            "pythonVersion": version,
            "reportMissingModuleSource": "none",
            "include": folders,
            "executionEnvironments": [
                {"root": folder, "extraPaths": ["library"]} for folder in folders
            ],
        }
        (self.scratch / "pyrightconfig.json").write_text(json.dumps(settings))
        # The interpreter below the environment: an active one has this checkout on its path, whose
        # modules pyright would take in place of those of the folder.
        python = ("--pythonpath", sys._base_executable)
        output = run_module("pyright", "--outputjson", *python, folder=self.scratch)
        found: dict[str, set[Report]] = {folder: set() for folder in folders}
        for report in json.loads(output)["generalDiagnostics"]:
            if report["severity"] == "error":
                file = Path(report["file"]).relative_to(self.scratch.resolve())
                folder, rest = file.parts[0], "/".join(file.parts[1:])
                line = report["range"]["start"]["line"] + 1
                found[folder].add(Report(rest, line, report.get("rule", "error")))
        return found


def run_module(name: str, *arguments: str, folder: Path) -> str:
    """Return what `python -m name` prints in a folder; the exit code 1 is that of findings."""
    # mypy imports its plugin from this checkout; pyright must not find the rest of it.
    path = {"PYTHONPATH": "" if name == "pyright" else str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", name, *arguments],
        cwd=folder,
        env={**os.environ, **path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout


def read_mypy(output: str) -> set[Report]:
    """Reports in mypy's JSON lines, notes left out."""
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return {
        Report(Path(found["file"]).as_posix(), found["line"], found["code"])
        for found in lines
        if found["severity"] == "error"
    }
