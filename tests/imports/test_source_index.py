"""The index reads targets and names from source, once for each file, and never imports."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from pconfigs.atomic_files import read_cache, write_cache
from pconfigs.imports import module_facts as module
from pconfigs.imports.completion_index import Completions
from pconfigs.imports.discovery import Catalogue
from pconfigs.imports.source_index import SourceIndex

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


def write(name, text, time=1_000_000_000):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if time is not None:
        os.utime(path, (time, time))


def made(cache="cache/deep/index"):
    return Completions(".", SourceIndex(cache))


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
    made().targets()
    read = []
    facts_of = module.facts_of
    monkeypatch.setattr(module, "facts_of", lambda file: read.append(file) or facts_of(file))
    made().targets()
    assert read == []
    write("lab/first.py", "x = 1\n", 1_000_000_001)
    assert "lab.first.config" not in made().targets()
    assert read == ["lab/first.py"]
    Path("lab/third.py").unlink()
    assert made().targets() == ["lab.second.config", "lab.second.other"]


def test_a_torn_or_damaged_cache_is_made_anew(folder):
    cache = Path("cache/deep/index")
    made().targets()
    whole = cache.read_bytes()
    for at in range(0, len(whole), len(whole) // 20):
        for rest in (b"", bytes([whole[at] ^ 1]) + whole[at + 1 :]):
            cache.write_bytes(whole[:at] + rest)
            assert len(made().targets()) == 4
            assert cache.read_bytes() == whole


@pytest.mark.parametrize("data", [{"version": 2, "files": {"lab/first.py": [0, 0, {}]}}])
def test_a_cache_of_another_version_is_made_anew(folder, data):
    write_cache("cache", json.dumps(data).encode())
    assert len(made("cache").targets()) == 4
    assert json.loads(read_cache("cache"))["version"] == 3


def test_a_file_that_has_just_changed_is_read_again(folder, monkeypatch):
    """Within the resolution of its time it may have changed once more, without a trace."""
    write("lab/first.py", "import lab.parts\nconfig = lab.parts.RootConfig(part=1)\n", None)
    made().targets()
    stat = Path("lab/first.py").stat()
    write("lab/first.py", "import lab.parts\nconfiG = lab.parts.RootConfig(part=1)\n", None)
    os.utime("lab/first.py", ns=(stat.st_mtime_ns, stat.st_mtime_ns))
    assert "lab.first.confiG" in made().targets()


def test_a_cache_that_cannot_be_written_is_done_without(folder):
    write("cache", "a file where a folder would be")
    assert len(made().targets()) == 4
    assert list(Path().glob("*index*")) == []


def test_files_that_are_no_python_are_passed_over(folder):
    write("lab/broken.py", "def (:\n")
    Path("lab/binary.py").write_bytes(b"\x00\xff\xfe")
    assert len(made().targets()) == 4


def test_list_and_completion_find_the_same_in_one_index(folder, monkeypatch):
    write("lab/__init__.py", "from .parts import *\nfrom .first import config as base\n")
    write("lab/stars.py", "from . import *\nfrom lab import base as b\nstarred = RootConfig(b)\n")
    write(
        "lab/several.py",
        "from pconfigs import psweep\nfrom lab import base\n"
        "sweep = psweep(base, grid={'part': [1]})\nboth = sweep + sweep\n",
    )
    write("lab/generic.py", "from lab import *\nclass G(WideConfig[int]): pass\ng = G(width=1)\n")
    found = [one.target for one in Catalogue(SourceIndex("cache/one")).experiments(Path())]
    assert {"lab.stars.starred", "lab.several.sweep", "lab.several.both", "lab.generic.g"} < {
        *found
    }
    monkeypatch.setattr(module, "facts_of", None)  # nothing is read again
    assert made("cache/one").targets() == found
    assert made("cache/one").settable("lab.several.both", ["parts", "0"]).keys() == {
        "width",
        "kind",
    }


def test_what_a_cache_keeps_holds_for_any_import_path(folder, monkeypatch):
    """Relative imports are those of the name that a module has today."""
    write("top/pack/__init__.py", "")
    write("top/pack/two.py", "from .parts import RootConfig\nconfig = RootConfig(part=1)\n")
    write("top/pack/parts.py", PARTS)
    assert "top.pack.two.config" in made().targets()
    monkeypatch.setattr(sys, "path", [str(folder / "top"), *sys.path])
    assert "pack.two.config" in made().targets()


def test_an_index_forgets_files_that_are_gone(folder):
    made().targets()
    Path("lab/third.py").unlink()
    made().targets()
    assert b"third.py" in Path("cache/deep/index").read_bytes()  # nothing was read
    write("lab/first.py", "x = 1\n", 1_000_000_001)
    made().targets()
    assert b"third.py" not in Path("cache/deep/index").read_bytes()
