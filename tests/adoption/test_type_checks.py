"""The result passes mypy, with its plugin and without; keys of any name become fields."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from pconfigs import pload_file
from pconfigs.cli.adopt import type_errors
from pconfigs.errors.serialization import AdoptError
from tests.adoption.conftest import RECIPES, TREE
from tests.adoption.test_classes import DATACLASSES, DATES, FORMS, MODELS, SCRIPT
from tests.adoption.test_commands import SCRIPT as COMMANDS

NAMES = """
    type: a
    self: 1
    config: {x: 1}
    main: m
    run: {y: 2}
    class: c
    None: z
    list: [1]
    dict: {int: 3, str: "x"}
    PConfig: {pconfig: 1}
    pconfig: 4
    pdefaults: {v: "${type}"}
    pproperty: {v: "${type}"}
    print: 1
    construct: 2
    environment: e
    experiments: {a: 1}
    given: {given: "${self}"}
    __init__: 5
    _private: 6
    ünïcode: 8
    名前: {値: "${main}"}
    a-b: 9
    "with space": 11
    x.y: 15
    psetter: 16
    Pin: {Pin: "${_private}"}
    Omitted: {Omitted: 2}
    max: {v: "${max:${self},2}"}
    isinstance: {v: "${self}"}
    ModelConfig: {seed: "${self}", Any: [1]}
    numbers: {1: x, true_: y}
    others: {2: x, null: y, 1.5: z}
    """
OPTIONAL = {
    "base.yaml": "a: {b: 1, c: {d: 2}}\n",
    "none.yaml": "defaults: base.yaml\na: null\n",
    "more.yaml": "defaults: base.yaml\na: {c: {d: 3}}\n",
}
SOURCES = {
    "optional": (OPTIONAL, "base.yaml", "none.yaml", "more.yaml"),
    "recipes": (RECIPES, "base.yaml", "recipes/long.yaml", "recipes/long-8.v2.yaml"),
    "hydra": (TREE, "conf"),
    "names": ({"names.yaml": NAMES}, "names.yaml"),
    "dates": ({"conf.toml": DATES}, "conf.toml"),
    "forms": ({"given.py": FORMS}, "given.py"),
    "commands": ({"train.py": COMMANDS}, "train.py"),
    "script": ({"train.py": SCRIPT}, "train.py"),
    "dataclasses": ({"given.py": DATACLASSES}, "given.py"),
    "models": ({"given.py": MODELS}, "given.py"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SOURCES)
def test_the_result_passes_mypy_with_the_plugin_and_without(name, files, tmp_path_factory):
    pytest.importorskip("mypy")
    texts, *words = SOURCES[name]
    where = files(texts)
    done = subprocess.run(
        [sys.executable, "-m", "pconfigs.adopt", *words, "-o", "made"],
        cwd=where, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "checked by mypy: no errors\n" in done.stderr
    cache = tmp_path_factory.getbasetemp() / "mypy"
    for plugins in ("", "plugins = pconfigs.mypy\n"):
        settings = f"[mypy]\nstrict = True\ncache_dir = {cache}\nfollow_imports = silent\n"
        Path("mypy.ini").write_text(settings + plugins, encoding="utf-8")
        checked = subprocess.run(
            [sys.executable, "-m", "mypy", "-p", "made"],
            cwd=where, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (checked.returncode, checked.stdout.count("error:")) == (0, 0), checked.stdout


def test_keys_of_any_name_become_fields_that_load(adopted):
    done = adopted({"names.yaml": NAMES}, "names.yaml")
    assert done.differences == done.findings == []
    config = importlib.import_module("made.experiments.names").config
    assert (config.a_b, config.x_y, config.名前.値, config.max.v) == (9, 15, "m", 2)
    assert pload_file("names.yaml", type(config), resolvers={"max": max}) == config


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2: a\n", "a key at the top must be the name of a field, got 2"),
        ("_: a\n'': b\n", "a key at the top must be the name of a field, got '_'"),
        ("a-b: 1\na_b: 2\n", "'a-b' would be the field a_b, which another key at the top is"),
    ],
)
def test_keys_that_no_field_can_have_are_refused_together(adopted, text, problem):
    with pytest.raises(AdoptError) as caught:
        adopted({"names.yaml": text}, "names.yaml")
    assert problem in str(caught.value)


def test_what_mypy_reports_is_listed(files):
    pytest.importorskip("mypy")
    files({"made/__init__.py": "", "made/wrong.py": "x: int = 'a'\n", "made/fine.py": "x = 1\n"})
    (line,) = type_errors("made") or [""]
    assert "wrong.py:1: error: Incompatible types" in line


def test_nothing_is_checked_where_mypy_is_not_installed(files, monkeypatch):
    where = files(
        {"made/__init__.py": "", "mypy.py": "raise ImportError('No module named mypy')\n"}
    )
    monkeypatch.setenv("PYTHONPATH", str(where))
    assert type_errors("made") is None


def test_settings_that_mypy_does_not_understand_check_nothing(files):
    pytest.importorskip("mypy")
    files({"made/__init__.py": "", "mypy.ini": "[mypy]\nplugins = nowhere\n"})
    assert type_errors("made") is None
