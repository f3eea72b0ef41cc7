"""`prun` outside a recorded run: what may be logged, and what is refused."""

import math

import numpy as np
import pytest

from pconfigs import prun
from pconfigs.errors.runs import LogError
from pconfigs.runs.metrics import checked


def test_logging_outside_a_recorded_run_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    prun.log(step=1, loss=0.5, name="x", ok=True)
    prun.log({"val:accuracy": 0.9})
    assert list(tmp_path.iterdir()) == []
    assert prun.id is None
    assert prun.attempt == 1


def test_values_become_plain_ones():
    row = checked({"a": np.float32(0.5), "b": {"c": 1, "d": {"e": True}}, "n": math.nan})
    assert row.pop("n") != row.get("n")
    assert row == {"a": 0.5, "b.c": 1, "b.d.e": True}
    assert [type(value) for value in row.values()] == [float, int, bool]


@pytest.mark.parametrize("value", [object(), None, [1], np.zeros(3), np.zeros(1)])
def test_other_values_are_refused_by_name(value):
    with pytest.raises(LogError, match=r"prun\.log: x must be .*, got"):
        prun.log(x=value)


@pytest.mark.parametrize("sign", [1, -1])
def test_numbers_that_no_reader_takes_are_refused(sign):
    prun.log(step=(1 << 63) - 1, x=sign * (1 << 1022))
    with pytest.raises(LogError, match="x must be a number that a float can hold"):
        prun.log(loss=0.5, x=sign * (1 << 1023))
    with pytest.raises(LogError, match="step must be an int of 64 bits"):
        prun.log(step=sign * (1 << 64), loss=0.5)


@pytest.mark.parametrize("step", ["3", 1.5, True, object()])
def test_steps_are_whole_numbers(step):
    with pytest.raises(LogError, match=r"prun\.log: step must be int, got"):
        prun.log(step=step, loss=1.0)


def test_numpy_integers_are_steps():
    prun.log(step=np.int64(3), loss=1.0)


def test_a_name_given_twice_is_refused():
    with pytest.raises(LogError, match="loss must be logged once in a row"):
        prun.log({"loss": 1.0}, loss=2.0)
    with pytest.raises(LogError, match=r"a\.b must be logged once in a row"):
        prun.log({"a": {"b": 1.0}, "a.b": 2.0})


def test_a_mapping_that_holds_itself_is_refused():
    itself: dict = {"loss": 1.0}
    itself["again"] = itself
    with pytest.raises(LogError, match="again must not be nested so deeply"):
        prun.log(itself)


def test_names_are_strings():
    with pytest.raises(LogError, match="a name in the row must be a string, got 3"):
        prun.log({3: 1.0})


def test_the_folder_outside_a_recorded_run_is_a_temporary_one():
    assert prun.dir.is_dir()
    assert prun.dir == prun.dir
