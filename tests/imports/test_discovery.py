"""The catalogue finds experiments in the source, and runs nothing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pconfigs.cli.completion import _paths
from pconfigs.imports.discovery import Catalogue
from pconfigs.imports.module_facts import facts_of

PARTS = """
import pconfigs
from pconfigs import pconfig

@pconfig
class Base:
    x: int

@pconfigs.pconfig()
class Other(Base):
    y: int

class Undecorated(Other):
    pass

class Unrelated:
    pass
"""


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """Writes files, and gives what is found in them by target."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    def catalogue(**files):
        for name, text in {"parts": PARTS, **files}.items():
            path = tmp_path / "lab" / f"{name}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return {one.target: one for one in Catalogue().experiments(tmp_path)}

    return catalogue


def test_nothing_is_run(catalogue):
    before = set(sys.modules)
    found = catalogue(one="from lab.parts import Base\nraise SystemExit\nconfig = Base(x=1)\n")
    assert list(found) == ["lab.one.config"]
    assert not any(name.startswith("lab") for name in set(sys.modules) - before)


def test_only_config_classes_make_experiments(catalogue):
    text = (
        "from lab.parts import Base, Undecorated, Unrelated\nfrom lab import parts as p\n"
        "import lab.parts\n"
        "a = Base(x=1)\nb = Unrelated()\nc = p.Other(x=1, y=2)\nd = dict(x=1)\n"
        "e = Undecorated(x=1)\n"
        "f = lab.parts.Base(x=1)\ng: Base = Base(x=3)\ndef h():\n    i = Base(x=1)\n"
    )
    assert [target.rpartition(".")[2] for target in catalogue(one=text)] == list("acefg")


def test_bases_are_followed_through_imports(catalogue):
    found = catalogue(
        one="from .parts import Base\nconfig = Base(x=1)\n",
        again="from lab.one import config as first\n",
        two="from lab.again import first\nfrom lab.parts import Base\nconfig = Base(first, x=2)\n",
    )
    assert found["lab.two.config"].bases == ["lab.one.config"]
    assert found["lab.two.config"].changes == ["x"]


def test_variants_are_experiments(catalogue):
    found = catalogue(
        one="from lab.parts import Base\nconfig = Base(x=1)\n",
        two="from pconfigs import pset\nimport lab.one\nconfig = pset(lab.one.config, {'x': 3})\n",
    )
    two = found["lab.two.config"]
    assert (two.config_class, two.bases, two.changes) == ("Base", ["lab.one.config"], ["x"])


def test_the_words_below_above_or_at_the_top(catalogue):
    found = catalogue(
        one='"""Top.\n\nMore."""\nfrom lab.parts import Base\na = Base(x=1)\n"""Below."""\n\n'
        "# Above,\n# and more.\nb = Base(x=2)\n\nc = Base(x=3)\n"
    )
    assert [one.about for one in found.values()] == ["Below.", "Above,", "Top."]


def test_circles_and_broken_files_are_survived(catalogue):
    found = catalogue(
        one="from lab.two import config as c\nfrom pconfigs import pset\nconfig = pset(c, {})\n",
        two="from lab.one import config as c\nfrom pconfigs import pset\nconfig = pset(c, {})\n",
        three="def (:\n",
        four="from lab.five import x\n",
        five="from lab.four import x\nconfig = x(1)\n",
    )
    assert found == {}


def test_a_file_that_cannot_be_imported_is_a_target_by_path(catalogue):
    found = catalogue(**{"3-rd": "from lab.parts import Base\nconfig = Base(x=1)\n"})
    (target,) = found
    assert target.endswith("3-rd.py:config")


def test_experiments_below_conditions_and_of_starred_classes_are_found(catalogue):
    found = catalogue(
        one="from lab.parts import *\nif 1:\n    a = Other(x=1, y=2)\nelse:\n    b = Base(x=1)\n",
        two="try:\n    from lab.one import a\nexcept ImportError:\n    a\nc = pset(a, {'x': 2})\n"
        "from pconfigs import pset\n",
    )
    assert {target: one.config_class for target, one in found.items()} == {
        "lab.one.a": "Other",
        "lab.one.b": "Base",
        "lab.two.c": "Other",
    }


def test_tests_and_hidden_folders_are_left_out_unless_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "from pconfigs import pconfig\n@pconfig\nclass A:\n    x: int\nconfig = A(x=1)\n"
    places = [
        "exp/a.py", "exp/test_b.py", "exp/b_test.py", "tests/c.py", "conftest.py", ".hidden/d.py",
        "exp/.h/e.py", "contest.py",
    ]  # fmt: skip
    for place in places:
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def listed(place=".", **asked):
        return [one.file for one in Catalogue().experiments(Path(place), **asked)]

    assert listed() == ["contest.py", "exp/a.py"]
    assert len(listed(tests=True)) == 6
    assert listed("tests") == ["tests/c.py"]
    assert listed("exp/test_b.py") == ["exp/test_b.py"]


def test_a_folder_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").mkdir()

    def refuse(folder):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(os, "scandir", refuse)
    catalogue = Catalogue()
    assert catalogue.experiments(Path()) == []
    assert catalogue.unread == {".": "Permission denied"}


def test_a_folder_that_cannot_be_read_hides_no_other(catalogue, tmp_path, monkeypatch):
    """Neither where its files are listed, nor where it is looked for an environment in it."""
    (tmp_path / "lab" / "closed").mkdir(parents=True)

    def refusing(real):
        def call(path, **how):
            if "closed" in str(path):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, **how)

        return call

    monkeypatch.setattr(os, "scandir", refusing(os.scandir))
    monkeypatch.setattr(os, "stat", refusing(os.stat))
    monkeypatch.setattr(os, "access", lambda path, mode: "closed" not in str(path))
    found = catalogue(one="from lab.parts import Base\nconfig = Base(x=1)\n")
    assert list(found) == ["lab.one.config"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(" * 300, "line 1: too many nested parentheses"),
        ("-" * 100_000 + "1", "it is nested too deeply"),
        ("x = '\x00'", "null bytes"),
        ("x = " + "1" * 5000, "line 1: Exceeds the limit"),
        ("# coding: zzz", "unknown encoding"),
    ],
)
def test_a_file_that_python_cannot_parse_is_named_with_the_reason(
    text, reason, catalogue, tmp_path
):
    assert list(catalogue(one="from lab.parts import Base\nconfig = Base(x=1)\n", two=text)) == [
        "lab.one.config"
    ]
    found = Catalogue()
    found.experiments(tmp_path)
    assert reason in found.unread[str(tmp_path / "lab/two.py")]


def test_completion_has_no_facts_of_a_file_that_python_cannot_parse(tmp_path):
    for text in ("(" * 300, "-" * 100_000 + "1", "x = '\x00'"):
        (tmp_path / "a.py").write_text(text)
        facts = facts_of(str(tmp_path / "a.py"))
        assert facts.pop("unread")
        assert not any(facts.values())


def test_sweeps_that_are_concatenated_are_one(catalogue):
    text = (
        "from pconfigs import psweep\nfrom lab.parts import Base\n"
        "config = Base(x=1)\n"
        "one = psweep(config, grid={'x': [1, 2]})\n"
        "both = one + psweep(config, zip={'x': [3, 4]}) + one\n"
        "count = 1 + len([2])\n"
    )
    found = catalogue(rates=text)
    assert set(found) == {f"lab.rates.{name}" for name in ("config", "one", "both")}
    assert found["lab.rates.both"].config_class == "sweep of Base"
    assert found["lab.rates.both"].bases == ["lab.rates.one", "lab.rates.config"]


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_links_that_lead_back_are_followed_once(catalogue, tmp_path):
    (tmp_path / "lab" / "deep").mkdir(parents=True)
    (tmp_path / "lab" / "deep" / "up").symlink_to("..")
    (tmp_path / "lab" / "loop").symlink_to("loop")
    (tmp_path / "lab" / "loop.py").symlink_to("loop.py")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "back").symlink_to("../lab")
    (tmp_path / "lab" / "there").symlink_to("../other")
    found = catalogue(one="from lab.parts import Base\nconfig = Base(x=1)\n")
    assert list(found) == ["lab.one.config", "other.back.one.config"]


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_completion_of_paths_survives_links_to_themselves(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "lab").mkdir()
    assert _paths(f"{tmp_path}/l") == [f"{tmp_path}/lab/"]
