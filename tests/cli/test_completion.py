"""A TAB in a shell offers targets and names, and imports nothing of the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell_completion import answer_of

REPOSITORY = Path(__file__).parents[2]
GOLDEN = Path(__file__).parents[1] / "golden"

argcomplete = pytest.importorskip("argcomplete")


@pytest.fixture
def project(lab, monkeypatch):
    """A project whose modules end the process if they are imported."""
    shutil.copytree(GOLDEN / "overrides" / "lab", lab.folder / "lab", dirs_exist_ok=True)
    for file in ("parts", "first"):
        path = lab.folder / "lab" / f"{file}.py"
        path.write_text(path.read_text().replace("from __future__ import annotations\n", ""))
        path.write_text(f"{path.read_text()}\nraise SystemExit(9)\n")
    return lab


def ask(lab, line):
    """Return what bash would offer after a line, by the protocol that it speaks with programs."""
    return answer_of(lab, line)[0]


def make_old(lab):
    """Let no file be one that has just changed, which is read again."""
    for file in lab.folder.rglob("*.py"):
        os.utime(file, (1, 1))


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("pconfigs exp", ["explain"]),
        ("pconfigs print --fl", ["--flat"]),
        ("pconfigs run --dry", ["--dry-run"]),
        ("pconfigs run lab.f", ["lab.first.adam", "lab.first.config"]),
        ("pconfigs run lab.first.config na", ["name="]),
        ("pconfigs run lab.first.config mod", ["model=", "model."]),
        ("pconfigs run lab.first.config model.de", ["model.depth="]),
        ("pconfigs run lab.first.config model.blocks.0.w", ["model.blocks.0.width="]),
        ("pconfigs run lab.first.config warm", [""]),
        ("pconfigs run lab/first.py:config na", ["name="]),
        ("pconfigs run lab/fi", ["lab/first.py"]),
        ("pconfigs diff lab.first.config na", ["name="]),
        ("pconfigs explain lab.first.config na", ["name="]),
        ("pconfigs derive lab.first.config name=x ste", ["steps="]),
    ],
)
def test_what_may_follow_is_offered(project, line, offered):
    assert ask(project, line) == offered


@pytest.mark.parametrize("name", ["fi\udcff.py", "fi\x1b[2J.py", "fi\n.py"])
def test_a_name_that_no_terminal_shows_hides_no_other(project, name):
    (project.folder / "lab" / name).touch()
    assert ask(project, "pconfigs run lab/fi") == ["lab/first.py"]


def test_values_of_a_literal_are_offered(project):
    found = ask(project, "pconfigs run lab.first.config heads.cls.kind=")
    assert sorted(found) == ["conv", "dense"]


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_bash_itself_completes(project):
    bin_folder = project.folder / "bin"
    bin_folder.mkdir()
    program = bin_folder / "pconfigs"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pconfigs "$@"\n')
    program.chmod(0o755)
    script = "import argcomplete; print(argcomplete.shellcode(['pconfigs'], shell='bash'))"
    code = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    )
    asked = r"""
COMP_LINE="$1"; COMP_POINT=${#1}; COMP_TYPE=9; COMP_KEY=9; COMPREPLY=()
_python_argcomplete pconfigs
printf '%s\n' "${COMPREPLY[@]}"
"""
    done = subprocess.run(
        ["bash", "--norc", "-c", code.stdout + asked, "bash", "pconfigs run lab.first.config opt"],
        cwd=project.folder,
        env={
            **os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}",
            "PYTHONPATH": str(REPOSITORY),
            "XDG_CACHE_HOME": str(project.folder / "cache"),
        },
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["optimizer=", "optimizer."]


def test_the_index_is_kept_in_the_cache_folder_of_the_user(project):
    make_old(project)
    ask(project, "pconfigs run lab.")
    (kept,) = (project.folder / "cache" / "pconfigs").iterdir()
    assert kept.name.startswith("index-")


def test_a_file_that_is_indexed_is_not_parsed_again(project):
    """Whatever parses is loaded for files that have changed; pathlib and hashlib never."""
    line = "pconfigs run lab.first.config na"
    make_old(project)
    first, second = (answer_of(project, line, PYTHONPROFILEIMPORTTIME="1") for _ in range(2))
    assert first[0] == second[0] == ["name="]
    loaded = {text.rpartition("|")[2].strip() for text in second[1].splitlines()}
    assert "pconfigs.imports.source_index" in loaded
    assert not loaded & {"ast", "tokenize", "pathlib", "hashlib"}


def test_every_command_can_be_completed(project):
    from pconfigs.cli.commands import COMMANDS
    from pconfigs.cli.completion import whole_parser

    for command in COMMANDS:
        assert "--help" in {
            option
            for action in whole_parser(command)._subparsers._group_actions
            for one in action.choices[command]._actions
            for option in one.option_strings
        }


def test_without_argcomplete_the_extra_is_named(project, monkeypatch):
    from pconfigs.cli.argcomplete import answer
    from pconfigs.errors import MissingExtraError

    monkeypatch.setitem(sys.modules, "argcomplete", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'pconfigs\[complete\]'"):
        answer(None)
