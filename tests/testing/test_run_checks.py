"""What is wrong with a module of experiments, and the command that reports it."""

import json

import pytest

PRELUDE = "from lab.parts import GreeterConfig, PlainConfig\n"


def outcome_of(lab, text, *words):
    """Return what the command reports of a module with this text."""
    lab.write("lab/experiments/__pconfigs__.py", "")
    lab.write("lab/experiments/exp.py", PRELUDE + text)
    return lab.call("test", *words)


def test_good_experiments_pass(experiments):
    done = experiments.call("test")
    assert (done.code, done.out, done.err) == (0, "Tested 2 configs. Errors: 0\n", "")


def test_every_module_is_counted_and_one_failure_is_enough(experiments):
    experiments.write("lab/experiments/bad.py", "1 / 0\n")
    done = experiments.call("test")
    assert done.code == 1
    assert done.out.endswith("\nTested 3 configs. Errors: 1\n")
    assert done.err == ""


def test_a_failure_names_module_config_line_and_cause(lab):
    text = "\nother = PlainConfig(width=1)\nconfig = PlainConfig(\n    wdith=3,\n)\n"
    done = outcome_of(lab, text)
    assert done.out == (
        "lab.experiments.exp fails: config, at lab/experiments/exp.py:4\n"
        "lab/experiments/exp.py:5: PlainConfig has no field 'wdith'\n"
        "    wdith=3,\n"
        "    ^^^^^ did you mean 'width' (int)?\n"
        "lab/experiments/exp.py:4: PlainConfig is missing 1 field\n"
        "    config = PlainConfig(\n"
        "             ^^^^^^^^^^^^ give as keywords,"
        " or register a default: pdefaults += PlainConfig(...)\n"
        "      width: int\n"
        "\n"
        "Tested 1 configs. Errors: 1\n"
    )


def test_a_failure_shows_the_users_frames_alone(lab):
    done = outcome_of(lab, "def helper():\n    return {}['x']\n\n\nconfig = helper()\n")
    assert "config, at lab/experiments/exp.py:6" in done.out
    assert "in helper" in done.out
    assert "KeyError: 'x'" in done.out
    assert "pconfigs/" not in done.out


def test_frames_of_the_library_can_be_asked_for(lab):
    done = outcome_of(lab, "{}['x']\n", "--traceback")
    assert "imports/modules.py" in done.out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import sys\nsys.exit(0)\n", "SystemExit"),
        ("import nothing_of_this_name\n", "nothing_of_this_name"),
        ("config = (\n", "SyntaxError"),
        ("from lab.parts import Pin\n", "uses Pin"),
        ("import pconfigs\nconfig = GreeterConfig(times=pconfigs.Pin(1))\n", "uses Pin"),
        ("raise SystemError('odd')\n", "odd"),
    ],
)
def test_what_fails_is_reported(lab, text, told):
    done = outcome_of(lab, text)
    assert done.code == 1
    assert "lab.experiments.exp" in done.out
    assert told in done.out


def test_pins_are_allowed_next_to_a_config_class(lab):
    text = (
        "from pconfigs import Pin, Pinned, pconfig, pdefaults\n"
        "@pconfig\nclass OwnConfig:\n    x: Pinned[int]\npdefaults += OwnConfig(x=Pin(2))\n"
        "config = OwnConfig()\n"
    )
    assert outcome_of(lab, text).code == 0


def test_the_modules_between_are_named(experiments):
    experiments.write("lab/experiments/good.py", "1 / 0\n")
    done = experiments.call("test", "lab.experiments.variant")
    assert "lab.experiments.variant fails: lab/experiments/good.py:1" in done.out


def test_what_a_module_prints_is_swallowed_and_reported(lab):
    text = "import os, sys\nprint('loud')\nprint('loud', file=sys.stderr)\nos.system('echo loud')\n"
    done = outcome_of(lab, text)
    printing = "1 module prints when it is imported: lab.experiments.exp\n"
    assert (done.out, done.err) == (f"{printing}Tested 0 configs. Errors: 0\n", "")


def test_a_broken_marker_is_an_error(lab):
    lab.write("lab/experiments/__pconfigs__.py", "from pconfigs import TestSubdris\n")
    done = lab.call("test")
    assert done.code == 1
    assert "lab/experiments/__pconfigs__.py" in done.out
    assert done.out.endswith("\nTested 1 configs. Errors: 1\n")


def test_nothing_to_test_is_reported(lab):
    done = lab.call("test")
    assert (done.code, done.out) == (0, "Tested 0 configs. Errors: 0\n")
    assert "__pconfigs__.py" in done.err


def test_a_place_that_is_not_there_is_not_understood(lab):
    done = lab.call("test", "lab.nothing")
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize("words", [["--timeout", "0"], ["--goldne"], ["--timeout", "soon"]])
def test_bad_options_are_not_understood(lab, words):
    assert lab.call("test", *words).code == 2


def test_each_experiment_counts(lab):
    """Configs, and the points of a sweep; neither modules nor what they import."""
    lab.write("lab/experiments/__pconfigs__.py", "")
    lab.write(
        "lab/experiments/several.py",
        "from lab.parts import PlainConfig\nfrom pconfigs import psweep\n"
        "one = PlainConfig(width=1)\ntwo = PlainConfig(width=2)\n"
        "many = psweep(one, grid={'width': [3, 4, 5]})\n",
    )
    lab.write("lab/experiments/none.py", "from lab.experiments.several import one\n")
    lab.write("lab/experiments/broken.py", "1 / 0\n")
    done = lab.call("test")
    assert done.code == 1
    assert done.out.endswith("\nTested 6 configs. Errors: 1\n")
    listed = {one["module"]: one for one in json.loads(lab.call("test", "--json").out)}
    assert listed["lab.experiments.several"]["experiments"] == 5
    assert listed["lab.experiments.several"]["seconds"] >= 0


def test_settings_without_effect_are_noted(lab):
    text = (
        "from pconfigs import pconfig, pproperty\n"
        "@pconfig\nclass C:\n    x: int\n"
        "    @pproperty\n    def x(self) -> int:\n        return 1\n"
        "config = C(x=4)\nother = PlainConfig(config_base := PlainConfig(width=1), config_base)\n"
    )
    done = outcome_of(lab, text)
    assert done.code == 0
    assert done.out.splitlines() == [
        "no effect: x = 4 at lab/experiments/exp.py:9:12 (overwritten by x"
        " (lab/experiments/exp.py:6));"
        " python -m pconfigs.explain lab.experiments.exp.config --unused",
        "Tested 3 configs. Errors: 0",
    ]


def test_what_follows_from_an_open_value_is_listed(lab):
    """A required value, or a variable that is not set, is given when the experiment runs."""
    text = """
from pconfigs import Omitted, PConfig, Required, pconfig, penv, pinputs, pproperty

@penv
class Lab:
    PCONFIGS_TEST_LAB: str = Required

@pconfig
class PathsConfig(PConfig):
    environment: Lab
    root: Omitted[str]
    out: str
    log: Omitted[str]

    @pproperty(fixup=True)
    def root(self) -> str:
        given = pinputs(self).root
        return self.environment.PCONFIGS_TEST_LAB if given is Omitted else given

    @pproperty(fixup=True)
    def log(self) -> str:
        given = pinputs(self).log
        return f"{self.root}/{self.out}" if given is Omitted else given

config = PathsConfig(out=Required)
"""
    done = outcome_of(lab, text)
    words = "config is to be completed: out, root (set PCONFIGS_TEST_LAB)\n"
    assert words in done.out
    assert (done.code, done.out.splitlines()[-1]) == (0, "Tested 1 configs. Errors: 0")
