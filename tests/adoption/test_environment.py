"""Environment variables of a source: values of a `@penv` class, read as OmegaConf reads them."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pconfigs import poverride
from pconfigs.errors import VariableValueError
from pconfigs.tree.missing import pmissing
from tests.adoption.conftest import WITHOUT_MYPY

SOURCE = {
    "main.yaml": """
        root: ${oc.env:LAB_ROOT}
        name: ${oc.env:LAB_NAME,digits}
        none: ${oc.env:LAB_NONE,null}
        quoted: ${oc.env:LAB_QUOTED,'4'}
        jobs: ${oc.decode:${oc.env:LAB_JOBS,'4'}}
        rate: ${oc.decode:${oc.env:LAB_RATE,"0.5"}}
        debug: ${oc.decode:${oc.env:LAB_DEBUG,'false'}}
        other: ${oc.env:LAB_NAME,letters}
        label: "${name}-${oc.env:LAB_NAME,digits}"
        paths:
          data: ${oc.env:LAB_ROOT}/data
          doubled: ${mul:${oc.decode:${oc.env:LAB_JOBS,'4'}},2}
          token: ${oc.env:LAB_TOKEN,none}
          url: https://${.token}@host
        """
}
TEXTS = {
    "LAB_NAME": "words", "LAB_NONE": "x", "LAB_QUOTED": "7", "LAB_JOBS": "9", "LAB_RATE": "0.25",
    "LAB_DEBUG": "true", "LAB_TOKEN": "hunter2",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _without_variables(monkeypatch):
    for name in ("LAB_ROOT", *TEXTS):
        monkeypatch.delenv(name, raising=False)


def values(config):
    found = {name: getattr(config, name) for name in type(config).__annotations__}
    found.pop("environment", None)
    return {n: values(v) if hasattr(v, "asdict") else v for n, v in found.items()}


def config(name="main"):
    return importlib.import_module(f"made.experiments.{name}").config


@pytest.mark.parametrize("texts", [{}, TEXTS], ids=["defaults", "all-set"])
def test_values_are_those_that_omegaconf_reads(adopted, monkeypatch, texts):
    omegaconf = pytest.importorskip("omegaconf").OmegaConf
    monkeypatch.setenv("LAB_ROOT", "/lab")
    for name, text in texts.items():
        monkeypatch.setenv(name, text)
    done = adopted(SOURCE, "main.yaml")
    assert (done.differences, done.findings, done.unset) == ([], [], [])
    omegaconf.register_new_resolver("mul", lambda a, b: a * b, replace=True)
    try:
        theirs = omegaconf.to_container(omegaconf.load("main.yaml"), resolve=True)
    finally:
        omegaconf.clear_resolver("mul")
    assert values(config()) == theirs


def test_variables_are_read_again_by_each_build(adopted, monkeypatch):
    monkeypatch.setenv("LAB_ROOT", "/lab")
    adopted(SOURCE, "main.yaml")
    monkeypatch.setenv("LAB_JOBS", "3")
    made = type(config())()
    assert made.jobs == 3
    assert poverride(made, ["jobs=5"]).jobs == 5
    monkeypatch.setenv("LAB_JOBS", "three")
    with pytest.raises(VariableValueError, match="LAB_JOBS must be int"):
        type(config())()


def test_types_are_those_of_the_defaults(adopted):
    adopted(SOURCE, "main.yaml")
    code = Path("made/environment.py").read_text(encoding="utf-8")
    for line in (
        "    LAB_ROOT: str = Required\n",
        '    LAB_NAME: str = "digits"\n',
        "    LAB_NONE: str | None = None\n",
        '    LAB_QUOTED: str = "4"\n',
        "    LAB_JOBS: int = 4\n",
        "    LAB_RATE: float = 0.5\n",
        "    LAB_DEBUG: bool = False\n",
        '    LAB_NAME_2: str = EnvVar("LAB_NAME", "letters")\n',
        '    LAB_TOKEN: Secret[str] = "none"\n',
    ):
        assert line in code


def test_the_command_sets_what_is_not_set_for_its_check_alone(adopted):
    done = adopted(SOURCE, "main.yaml")
    assert (done.differences, done.unset) == ([], ["LAB_ROOT"])
    assert "LAB_ROOT" not in os.environ
    # Built while it was set; built again, it waits.
    assert config().root == "<LAB_ROOT>"
    assert [one.variable for one in pmissing(type(config())(label="x"))] == ["LAB_ROOT"]


def test_the_command_names_what_is_not_set(files):
    where = files({**SOURCE, **WITHOUT_MYPY})
    words = [sys.executable, "-m", "pconfigs.adopt", "main.yaml", "-o", "lab"]
    done = subprocess.run(words, cwd=where, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "is not set: export LAB_ROOT=..., where what follows from it is needed" in done.stderr


def test_secrets_are_shown_nowhere(adopted, monkeypatch):
    """Neither the value of a variable nor what is made of it; nor is it written."""
    monkeypatch.setenv("LAB_ROOT", "/lab")
    monkeypatch.setenv("LAB_TOKEN", "hunter2")
    adopted(SOURCE, "main.yaml")
    assert config().paths.url == "https://hunter2@host"
    assert "hunter2" not in repr(config())
    for path in Path("made").rglob("*.py"):
        assert "hunter2" not in path.read_text(encoding="utf-8")


def test_a_difference_of_a_secret_is_reported_without_it(adopted, monkeypatch):
    monkeypatch.setenv("LAB_ROOT", "/lab")
    monkeypatch.setenv("LAB_TOKEN", "hunter2")
    monkeypatch.setattr("pconfigs.adoption.result.value_of", lambda one: f"{one.name}?")
    found = "\n".join(map(str, adopted(SOURCE, "main.yaml").differences))
    assert "paths.token: differs from the source (the value is secret)" in found
    assert "hunter2" not in found


def test_variables_of_one_experiment_are_listed(adopted, monkeypatch):
    """The classes know what the main file follows; another variable must be given by hand."""
    monkeypatch.setenv("LAB_OTHER", "hunter2")
    monkeypatch.setenv("LAB_ROOT", "/lab")
    other = "defaults: main.yaml\nroot: ${oc.env:LAB_OTHER}\nname: plain\n"
    done = adopted({**SOURCE, "other.yaml": other}, "main.yaml", "other.yaml")
    assert done.differences == []
    assert [str(one) for one in done.findings] == [
        "other.yaml:2: root: reads the environment variable LAB_OTHER: give it"
    ]
    assert "hunter2" not in Path("made/experiments/other.py").read_text(encoding="utf-8")
    assert poverride(config("other"), ["root=/x"]).name == "plain"


def test_variables_of_one_experiment_that_others_read_are_listed_and_not_compared(adopted):
    texts = {
        "base.yaml": "home: ${oc.env:LAB_HOME}\npath: x\n",
        "far.yaml": "defaults: base.yaml\npath: ${oc.env:LAB_HOME}/far\n",
        "farther.yaml": "defaults: far.yaml\n",
    }
    done = adopted(texts, "base.yaml", "far.yaml", "farther.yaml")
    assert done.differences == []
    assert [str(one) for one in done.findings] == [
        "far.yaml:2: path: reads the environment variable LAB_HOME: give it"
    ]


def test_variables_in_items_of_lists_must_be_given(adopted, monkeypatch):
    monkeypatch.setenv("LAB_ROOT", "hunter2")
    text = 'steps:\n  - {path: "${oc.env:LAB_ROOT}", n: 1}\n  - {path: b, n: 2}\n'
    done = adopted({"main.yaml": text}, "main.yaml")
    assert done.differences == []
    assert any("reads the environment variable LAB_ROOT" in str(one) for one in done.findings)
    for path in Path("made").rglob("*.py"):
        assert "hunter2" not in path.read_text(encoding="utf-8")
