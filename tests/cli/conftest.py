"""Small projects to run commands on: in this process, or in one of their own."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

PARTS = '''
from __future__ import annotations

import sys

from pconfigs import pconfig, pconfiged, pdefaults
from pconfigs.pinnable import Pin, Pinned


@pconfiged(runnable=True)
class Greeter:
    """Greets."""

    config: GreeterConfig

    def main(self, namespace, others):
        print(self.config.greeting, namespace.config, others)
        return self.config.result


@pconfig(constructs=Greeter)
class GreeterConfig:
    greeting: str
    result: object
    times: Pinned[int]


pdefaults += GreeterConfig(greeting="hello", result=None, times=Pin(1))


@pconfiged
class Part:
    config: PartConfig


@pconfig(constructs=Part)
class PartConfig:
    width: int


@pconfig
class PlainConfig:
    width: int
'''


class Outcome:
    """What a command has printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


class Lab:
    """A project folder with `lab/parts.py`; further modules are written as a test needs them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.write("lab/parts.py", PARTS)

    def write(self, path: str, text: str) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        # Folders are searched by a listing as old as the clock of the file system is coarse.
        importlib.invalidate_caches()
        return file

    def experiment(self, name: str, text: str) -> str:
        """Write `lab/<name>.py` and return the target of its config."""
        self.write(f"lab/{name}.py", text)
        return f"lab.{name}.config"

    def greeter(self, name: str = "exp", **fields: object) -> str:
        """An experiment with a runnable config of these fields."""
        given = ", ".join(f"{field}={value!r}" for field, value in fields.items())
        return self.experiment(
            name, f"from lab.parts import GreeterConfig\nconfig = GreeterConfig({given})\n"
        )

    def call(self, command: str, *words: str) -> Outcome:
        """Run a command in this process."""
        from pconfigs.cli.main import run_command

        code = run_command(command, list(words))
        out, err = self.capsys.readouterr()
        return Outcome(code, out, err)

    def command_line(self, module: str, *words: str) -> list[str]:
        return [sys.executable, "-m", module, *words]

    def environment(self, **variables: str) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(REPOSITORY), **variables}

    def start(self, module: str, *words: str, **variables: str) -> Outcome:
        """Run a command in a process of its own."""
        done = subprocess.run(
            self.command_line(module, *words),
            cwd=self.folder,
            env=self.environment(**variables),
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def lab(tmp_path, monkeypatch, capsys):
    """A project in the current folder; its modules are forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    # A test that puts modules back may have left those of another project.
    for name in [name for name in sys.modules if name.partition(".")[0] == "lab"]:
        del sys.modules[name]
    before = set(sys.modules)
    yield Lab(tmp_path, capsys)
    for name in set(sys.modules) - before:
        if name.partition(".")[0] == "lab" or _lies_in(sys.modules[name], tmp_path):
            del sys.modules[name]


def _lies_in(module: object, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and file.startswith(str(folder))
