"""The benchmark runs, and refuses to time wrong answers."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import report, system
from benchmarks.jobs import MissingError
from benchmarks.libraries import dataclass
from benchmarks.rows import NAMED
from benchmarks.work import WrongAnswerError, class_text, layer_inputs, same, tree_values
from benchmarks.worker import checked, measure

ROOT = Path(__file__).resolve().parents[2]


def with_wrong_tree(**changes):
    """The reference, but that its trees are made of other layers."""
    wrong = SimpleNamespace(**vars(dataclass))
    wrong.tree = lambda layers: dataclass.tree([layer | changes for layer in layers])
    return wrong


def test_a_right_answer_is_timed():
    """The reference passes the check and gets a figure."""
    cell = measure(NAMED["build"], dataclass, 10, 0.001)
    assert cell["value"] > 0


def test_a_wrong_answer_is_refused():
    """A library that holds another value than asked for is not timed."""
    with pytest.raises(WrongAnswerError, match="seed is -1, not 0"):
        checked(NAMED["build"], with_wrong_tree(seed=-1), 10)


def test_a_wrong_type_is_refused():
    """A float where an int was asked for is a wrong answer, however equal."""
    with pytest.raises(WrongAnswerError, match=r"seed is 0.0, not 0"):
        checked(NAMED["build"], with_wrong_tree(seed=0.0), 10)


def test_a_failing_row_loses_its_own_cell():
    """What a library cannot do becomes the reason in its cell."""
    assert measure(NAMED["build"], SimpleNamespace(), 10, 0.001) == {
        "case": 10,
        "missing": "its file in benchmarks/libraries has no tree",
    }


@pytest.mark.parametrize("name", [name for name, row in NAMED.items() if row.prepare])
def test_the_reference_does_all_rows(name):
    """The hand-written dataclass finds the right answer to every row that is not beyond it."""
    row = NAMED[name]
    if row.large:
        pytest.skip("minutes")
    if name == "print":
        pytest.importorskip("black")
    checked(row, dataclass, row.cases[0])


TIED = [name for name in NAMED if name.endswith("-tied") or name in ("tie", "system")]


OTHERS = [pytest.param(name, marks=pytest.mark.slow) for name in ("attrs", "pydantic", "chz")]


@pytest.mark.parametrize("library", ["pconfigs", *OTHERS])
@pytest.mark.parametrize("name", TIED)
def test_libraries_do_the_tied_rows(name, library):
    """Each finds the right answers, or has no such ability."""
    for needed in ("attrs", "cattrs") if library == "attrs" else (library,):
        pytest.importorskip(needed)
    module = importlib.import_module(f"benchmarks.libraries.{library}")
    cases = system.CASES if name == "system" else NAMED[name].cases[:1]
    for case in cases:
        try:
            checked(NAMED[name], module, case)
        except MissingError:
            assert library != "pconfigs"
            assert name == "diff-tied" or case in ("print", "explain", "diff")


def test_a_system_that_is_not_tied_is_refused():
    """The width has to arrive at every block."""
    loose = SimpleNamespace(**vars(dataclass))
    loose.__name__ = "loose"

    def parts_of(name, parts):
        if name == "Stage3":
            return class_text(name, [*parts.items(), ("width", "int | None")], dataclass.HEAD)
        return dataclass.system_parts(name, parts)

    loose.system_parts = parts_of
    loose.OPEN = {"width": None}
    with pytest.raises(WrongAnswerError, match=r"s3\.b0\.width is None, not 64"):
        checked(NAMED["system"], loose, "build")


def test_the_expected_tree_is_what_the_reference_holds():
    """Expected values and a tree built by hand agree, path by path."""
    layers = layer_inputs(100)
    same(dataclass.tree(layers), tree_values(layers))


def test_ratios_are_between_neighbours_in_time():
    """A machine that slows down between repetitions leaves the ratio as it is."""
    samples = [
        {"row": "build", "case": 10, "library": library, "repetition": turn, "value": value}
        for library, values in {"dataclass": (1.0, 5.0), "pconfigs": (2.0, 10.0)}.items()
        for turn, value in enumerate(values)
    ]
    assert [cell["ratio"] for cell in report.cells(samples)] == [1.0, 2.0]


@pytest.mark.slow
def test_the_command_measures_a_row(tmp_path):
    """The command prints a table and writes the figures."""
    kept = tmp_path / "result.json"
    words = ["--quick", "--rows", "build", "--libraries", "dataclass,pconfigs", "--json", str(kept)]
    done = subprocess.run(
        [sys.executable, "benchmarks/run.py", *words],
        capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    assert "| **build**" in done.stdout
    cells = json.loads(kept.read_text())["cells"]
    assert {cell["library"] for cell in cells if "value" in cell} == {"dataclass", "pconfigs"}


def test_an_unknown_row_is_refused():
    """A misspelt row names those that there are, and measures nothing."""
    done = subprocess.run(
        [sys.executable, "benchmarks/run.py", "--rows", "bild"],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode
    assert "no such row: bild" in done.stderr
