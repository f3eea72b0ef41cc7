"""The package that is written: whole or not at all, and in the way of nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pconfigs.adoption.reading.readers import read_source
from pconfigs.adoption.result import adopt
from pconfigs.atomic_files import create_file
from pconfigs.cli.adopt import package_of
from pconfigs.errors.serialization import AdoptError
from pconfigs.errors.targets import UsageError
from tests.adoption.conftest import WITHOUT_MYPY

SCRIPT = """
    import argparse
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="a.b")
    command = commands.add_parser("a")
    command.add_argument("--b", default="x")
    """
"""A script whose adopted package cannot be imported."""


def everything(folder: Path) -> dict[str, bytes | None]:
    """Return all that is below a folder: the content of files, None for folders."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("name", ["__init__.py", "train.py", "mine.py", "experiments/old.py"])
def test_a_package_that_cannot_be_imported_leaves_what_was_there(name, files, folder):
    files({"train.py": SCRIPT, f"lab/made/{name}": "mine = 1\n"})
    before = everything(folder)
    source = read_source(Path("train.py"), [])
    with pytest.raises(AdoptError, match="the result cannot be imported"):
        adopt(source, Path("lab/made"), "lab.made", force=True)
    after = everything(folder)
    assert {name: after[name] for name in after if "__pycache__" not in name} == before


def test_a_package_that_could_not_be_made_is_not_in_the_way_of_the_next(files, folder):
    files({"train.py": SCRIPT})
    for _ in range(2):
        with pytest.raises(AdoptError, match="the result cannot be imported"):
            adopt(read_source(Path("train.py"), []), Path("lab/made"), "lab.made", force=False)
    assert everything(folder) == {"train.py": Path("train.py").read_bytes()}


def test_a_module_that_exits_is_an_error(files, folder):
    files({"a.yaml": "a: 1\n", "lab/made/__init__.py": "raise SystemExit(3)\n"})
    with pytest.raises(AdoptError, match="the result cannot be imported: SystemExit: 3"):
        adopt(read_source(Path("a.yaml"), []), Path("lab/made"), "lab.made", force=False)
    assert not Path("lab/made/a.py").exists()


@pytest.mark.parametrize("name", ["a.py", "experiments/a.py"])
def test_a_link_that_leads_nowhere_is_a_file_that_is_there(name, files, folder):
    files({"a.yaml": "a: 1\n", "lab/made/experiments/__init__.py": ""})
    Path("lab/made", name).symlink_to(folder / "victim.py")
    with pytest.raises(AdoptError, match="must not be there yet"):
        adopt(read_source(Path("a.yaml"), []), Path("lab/made"), "lab.made", force=False)
    assert not Path("victim.py").exists()


def test_a_package_that_another_process_makes_meanwhile_is_not_replaced(files, folder, monkeypatch):
    files({"a.yaml": "a: 1\n"})

    def slower(path, content):
        if path.endswith("a.py"):
            Path(path).write_text("theirs\n", encoding="utf-8")
        create_file(path, content)

    monkeypatch.setattr("pconfigs.adoption.result.create_file", slower)
    with pytest.raises(FileExistsError):
        adopt(read_source(Path("a.yaml"), []), Path("lab/made"), "lab.made", force=False)
    made = {name: content for name, content in everything(folder).items() if name[-3:] == ".py"}
    assert made == {"lab/made/a.py": b"theirs\n"}


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("json", "json is a module already"),
        ("sys", "sys is a module already: built-in"),
        ("pconfigs", "pconfigs is a module already"),
        ("pconfigs/more", "pconfigs is a module already"),
        ("class", "class must be a name that `import` takes"),
        ("lab.class", "lab.class must be a name that `import` takes"),
        ("lab/1st", "lab.1st must be a name that `import` takes"),
        ("lab/known", "would hide the module lab/known.py"),
        ("known", "known is a module already"),
    ],
)
def test_a_package_is_in_the_way_of_no_module(word, message, files):
    files({"lab/known.py": "", "known.py": ""})
    with pytest.raises(UsageError, match=message):
        package_of(word)


@pytest.mark.parametrize("word", ["lab", "lab/made", "lab.made", "new/made"])
def test_a_package_of_the_project_may_be_there(word, files):
    files({"lab/__init__.py": "", "lab/made/__init__.py": "", "lab/made.py": ""})
    assert package_of(word)[1] == word.replace("/", ".")


@pytest.mark.parametrize("way", ["module", "target"])
def test_a_source_that_changes_the_current_folder_is_written_where_it_was_asked_for(way, files):
    leaving = "import os\nos.chdir('elsewhere')\n"
    target = "class Net:\n    def __init__(self, width: int = 1): pass\n"
    classes = "from dataclasses import dataclass\n@dataclass\nclass Net:\n    width: int = 1\n"
    folder = files(
        {
            "elsewhere/keep": "",
            "net.py": leaving + (target if way == "target" else classes),
            "conf.yaml": "net: {_target_: net.Net, width: 2}\n",
            **WITHOUT_MYPY,
        }
    )
    words = ["conf.yaml" if way == "target" else "net.py", "-o", "lab/made"]
    command = [sys.executable, "-m", "pconfigs.adopt", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (folder / "lab/made/__init__.py").is_file()
    assert list(everything(folder / "elsewhere")) == ["keep"]


def test_modules_do_not_differ_by_case_alone(adopted, folder):
    """On some disks, `Model.py` and `model.py` are one file."""
    sections = ["Model", "model", "mODEL", "Base", "Experiments", "a", "b", "c"]
    lines = [f"{name}: {{x{number}: 1}}" for number, name in enumerate(sections)]
    done = adopted({"base.yaml": "\n".join(lines) + "\n"}, "base.yaml")
    assert not done.differences
    names = [str(file).casefold() for file in done.files]
    assert len(set(names)) == len(names)
    assert not any("experiments.py" in name for name in names)
