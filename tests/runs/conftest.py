"""A small project whose runs are recorded, in processes of their own."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from unittest import mock

import pytest

from pconfigs.cli.main import run_command
from tests.examples import ALL

REPOSITORY = Path(__file__).parents[2]

TRAIN = """
from __future__ import annotations

import sys
import time

from pconfigs import PConfig, Secret, pconfig, pconfiged, pdefaults, pproperty, prun


@pconfiged(runnable=True)
class Trainer:
    config: TrainerConfig

    def main(self, namespace, others):
        for step in range(self.config.steps):
            prun.log(step=step, loss=self.loss(step))
            print(f"step={step}")
        return self.end()

    def loss(self, step):
        return self.config.rate / (step + 1)

    def end(self):
        return None

    def unused(self):
        return 1


@pconfig
class TrainerConfig(PConfig[Trainer]):
    steps: int
    rate: float
    seed: int
    key: Secret[str]

    @pproperty
    def total(self) -> float:
        return self.steps * self.rate


pdefaults += TrainerConfig(steps=3, rate=0.5, seed=7, key="hunter2-hunter2")
"""


READING = {"diff", "explain", "graph", "help", "list", "print"}


class Result:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


class Project:
    """A project folder with `lab/train.py` and the experiment `lab.first`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[str]] = []
        self.store = folder / "runs"
        self.write("pyproject.toml", "")
        self.write("lab/__init__.py", "")
        self.write("lab/train.py", TRAIN)
        self.experiment("first")

    def write(self, path: str, text: str) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        return file

    def experiment(self, name: str, fields: str = "", body: str = "") -> str:
        """Write an experiment; `body` replaces the method `end` of a trainer of its own."""
        if body:
            self.write(
                f"lab/{name}.py",
                "from __future__ import annotations\n"
                "import os, signal, subprocess, sys, time\n"
                "from pconfigs import PConfig, pconfig, pconfiged, prun\n"
                "from lab.train import Trainer, TrainerConfig\n\n"
                "@pconfiged(runnable=True)\nclass Own(Trainer):\n    config: OwnConfig\n\n"
                "    def end(self):\n"
                + textwrap.indent(textwrap.dedent(body), "        ")
                + "\n\n@pconfig(constructs=Own)\nclass OwnConfig(TrainerConfig):\n    pass\n\n"
                f"config = OwnConfig({fields})\n",
            )
        else:
            self.write(
                f"lab/{name}.py",
                f"from lab.train import TrainerConfig\nconfig = TrainerConfig({fields})\n",
            )
        return f"lab.{name}"

    def environment(self, **variables: str) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(REPOSITORY), **variables}

    def popen(self, *words: str, stdin: bool = False, **variables: str):
        process = subprocess.Popen(
            [sys.executable, *words],
            stdin=subprocess.PIPE if stdin else None,
            cwd=self.folder,
            env=self.environment(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self.processes.append(process)
        return process

    def end(self) -> None:
        """Kill what a failed test has left."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.communicate()

    def python(self, *words: str, **variables: str) -> Result:
        command = words[1].removeprefix("pconfigs.") if words[0] == "-m" else ""
        if command in READING and not ALL:
            return self._here(command, *words[2:], **variables)
        process = self.popen(*words, **variables)
        out, err = process.communicate(timeout=120)
        return Result(process.returncode, out, err)

    def run(self, *words: str, **variables: str) -> Result:
        return self.python("-m", "pconfigs.run", *words, **variables)

    def runs(self, *words: str, **variables: str) -> Result:
        if ALL or not words or words[0] in ("bisect", "stop", "sync", "--watch"):
            return self.python("-m", "pconfigs.runs", *words, **variables)
        return self._here("runs", *words, **variables)

    def _here(self, command: str, *words: str, **variables: str) -> Result:
        """Run a command that reads in this process: starting one takes longer than the rest."""
        before = set(sys.modules)
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        err = io.StringIO()
        with (
            contextlib.chdir(self.folder),
            mock.patch.object(sys, "path", [str(self.folder), *sys.path]),
            mock.patch.object(sys, "dont_write_bytecode", True),
            mock.patch.dict(os.environ, variables),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            importlib.invalidate_caches()
            code = run_command(command, list(words))
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if name.partition(".")[0] == "lab" or file.startswith(str(self.folder)):
                del sys.modules[name]
        return Result(code, out.buffer.getvalue().decode(), err.getvalue())

    def listed(self, *words: str) -> list[dict]:
        done = self.runs("--json", *words)
        assert done.code == 0, done.err
        return json.loads(done.out)

    def folders(self) -> list[Path]:
        return sorted(path for path in self.store.iterdir() if path.name[0] != ".")

    def only_run(self) -> Path:
        (folder,) = [path for path in self.folders() if path.is_dir()]
        return folder


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path)
    yield project
    project.end()
