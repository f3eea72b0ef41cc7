"""Files that commands write, where what they import or run changes the current folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pconfigs.cli import options
from pconfigs.cli.main import run_command

MODULE = """
import os
from pathlib import Path

from pconfigs import PConfig, pconfig, pconfiged


@pconfiged(runnable=True)
class Moving:
    config: "MovingConfig"

    def main(self, *args):
        os.chdir(Path(__file__).parent / "elsewhere")
        print(self.config.steps)


@pconfig
class MovingConfig(PConfig[Moving]):
    steps: int


config = MovingConfig(steps=1)
os.chdir(Path(__file__).parent / "elsewhere")
"""
WRITING = {
    "adopt": ["base.yaml", "-o", "made"],
    "derive": ["moving.config", "steps=2", "-o", "written.py"],
    "freeze": ["moving.config", "-o", "written.py"],
    "graph": ["moving.config", "-o", "written.dot"],
    "graph by its page": ["moving.config", "-o", "written.html"],
    "run": ["moving.config", "steps=2", "--save-as", "written.py"],
    "run with reads": ["moving.config", "--record-reads", "written.json"],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the current folder, with a module that leaves it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "moving.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "base.yaml").write_text("_target_: moving.Moving\nsteps: 1\n", encoding="utf-8")
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in ("moving", "made", "written"):
            del sys.modules[name]


@pytest.mark.parametrize("case", WRITING)
def test_files_are_written_where_the_command_was_given(case: str, folder: Path) -> None:
    there = set(folder.iterdir())
    run_command(case.partition(" ")[0], WRITING[case])
    assert set(folder.iterdir()) - there - {folder / "__pycache__"}
    assert not list((folder / "elsewhere").iterdir())


def test_every_command_with_an_output_is_tried() -> None:
    writing = {
        name
        for name, parser in options._PARSERS.items()
        if any(action.dest == "output" for action in parser()._actions)
    }
    assert writing <= WRITING.keys()


def test_a_file_of_that_name_is_kept(folder: Path) -> None:
    kept = folder / "written.py"
    kept.write_text("mine = 1\n", encoding="utf-8")
    assert run_command("freeze", ["moving.config", "-o", "written.py"]) == 2
    assert kept.read_text(encoding="utf-8") == "mine = 1\n"


def test_the_next_file_of_a_numbered_folder_is_there(folder: Path) -> None:
    (folder / "tries").mkdir()
    (folder / "tries" / "01_first.py").write_text("", encoding="utf-8")
    assert run_command("derive", ["moving.config", "steps=2", "-o", "tries"]) == 0
    assert (folder / "tries" / "02_steps_2.py").is_file()
