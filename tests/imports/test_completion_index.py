"""The index reads targets and names from source, once for each file, and never imports."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from pconfigs.atomic_files import read_cache
from pconfigs.imports import completion_facts as module
from pconfigs.imports.completion_index import Index

PARTS = """
from __future__ import annotations
from typing import ClassVar, Literal
from pconfigs import Pinned, pconfig, pproperty
raise SystemExit("this is never imported")


@pconfig
class PartConfig:
    width: int
    kind: Literal["a", "b"]


@pconfig
class WideConfig(PartConfig):
    more: bool


@pconfig
class RootConfig:
    note: ClassVar[str]
    part: PartConfig
    parts: "list[PartConfig]"
    total: Pinned[int]
    half: int

    @pproperty
    def half(self) -> int:
        return 1

    @pproperty
    def hidden(self) -> int:
        return 1
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    write("lab/parts.py", PARTS)
    write("lab/first.py", "import lab.parts\nconfig = lab.parts.RootConfig(part=1)\n")
    write(
        "lab/second.py",
        "from lab import first\nfrom lab.parts import RootConfig as R, WideConfig\n"
        "config = R(first.config, part=WideConfig())\nother = R(config)\n",
    )
    write("lab/third.py", "from pconfigs import pset\nfrom lab.second import config as c\n"
          "config = pset(c, {})\nnothing = print(3)\n")  # fmt: skip
    return tmp_path


def write(name, text):
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def made():
    return Index(".", "cache/deep/index.json")


def test_targets_are_the_experiments(folder):
    found = made().targets()
    assert found == [
        "lab.first.config",
        "lab.second.config",
        "lab.second.other",
        "lab.third.config",
    ]


@pytest.mark.parametrize(
    ("target", "path", "names"),
    [
        ("lab.first", [], "part parts"),
        ("lab.first.config", [], "part parts"),
        ("lab.first.config", ["part"], "width kind"),
        ("lab.first.config", ["parts"], ""),
        ("lab.first.config", ["parts", "0"], "width kind"),
        ("lab.second.config", ["part"], "width kind more"),
        ("lab.second.other", ["part"], "width kind more"),
        ("lab.third.config", [], "part parts"),
        ("lab.first.config", ["part", "width"], ""),
        ("lab.nowhere.config", [], ""),
        ("lab.first.config", ["nothing"], ""),
    ],
)
def test_names_are_the_fields_that_can_be_set(folder, target, path, names):
    assert " ".join(made().settable(target, path)) == names


def test_choices_are_those_of_the_type(folder):
    found = made().settable("lab.second.config", ["part"])
    assert [said["choices"] for said in found.values()] == [[], ["a", "b"], ["True", "False"]]


def test_only_files_that_have_changed_are_read_again(folder, monkeypatch):
    made()
    read = []
    facts_of = module.facts_of
    monkeypatch.setattr(module, "facts_of", lambda file: read.append(file) or facts_of(file))
    made()
    assert read == []
    write("lab/first.py", "x = 1\n")
    assert "lab.first.config" not in made().targets()
    assert read == ["lab/first.py"]
    Path("lab/third.py").unlink()
    assert made().targets() == ["lab.second.config", "lab.second.other"]


@pytest.mark.parametrize(
    "broken",
    [
        "", "{", "[]", "null", '{"version": 0, "files": {}}', '{"version": 2, "files": []}',
        "\x00\xff" * 9, '{"version": 2}',
    ],
)  # fmt: skip
def test_a_broken_cache_is_made_anew(folder, broken):
    write("cache.json", "")
    cache = Path("cache.json")
    cache.write_bytes(broken.encode("latin-1"))
    assert len(Index(".", "cache.json").targets()) == 4
    assert json.loads(read_cache("cache.json"))["version"] == 2


@pytest.mark.parametrize("change", [(b'"calls": {"', b'"calls": {"x'), (b"]", b""), (b"0", b"1")])
def test_a_cache_that_is_well_formed_and_wrong_is_made_anew(folder, change):
    expected = Index(".", "cache.json").targets()
    cache = Path("cache.json")
    good = cache.read_bytes()
    damaged = good.replace(*change)
    assert damaged != good
    cache.write_bytes(damaged)
    assert Index(".", "cache.json").targets() == expected
    assert cache.read_bytes() == good


def test_a_cache_that_cannot_be_written_is_done_without(folder):
    write("cache", "a file where a folder would be")
    assert len(made().targets()) == 4
    assert list(Path().glob("*index*")) == []


def test_files_that_are_no_python_are_passed_over(folder):
    write("lab/broken.py", "def (:\n")
    Path("lab/binary.py").write_bytes(b"\x00\xff\xfe")
    assert len(made().targets()) == 4
