"""Classes of a script or notebook are pickled by value, with all that they need and no more."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("cloudpickle")

SCRIPT = """
import sys
import cloudpickle
from pconfigs import Pin, Pinned, pcheck, pconfig, pdefaults, pinputs, pproperty

@pconfig
class Part:
    n: int
    width: Pinned[int]

@pconfig
class Config:
    lr: float
    part: "Part | None"
    double: Pinned[float]

    @pproperty
    def double(self) -> float:
        return self.lr * 2

    @pproperty(fixup=True)
    def part(self) -> "Part | None":
        given = pinputs(self).part
        return None if given is None else Part(given, width=Pin(int(self.lr)))

    @pcheck
    def small(self) -> None:
        assert self.lr < 100, "too large"

@pconfig
class Derived(Config):
    name: str

@pconfig
def scale(x: float, *, by: float = 1.0) -> float:
    return x * by

pdefaults += Part(n=0, width=Pinned)
pdefaults += Config(lr=1.0, part=None)
for n in range({builds}):
    Config(lr=0.2, part=Part(n=1))
    Derived(lr=0.2, name="x")
config = Config(lr=4.0, part=Part(n=3))
derived = Derived(config, name="d")
called = scale(by=2.0)
names_of_the_script = "x" * 1_000_000
handle = open(sys.executable, "rb")
data = cloudpickle.dumps([config, derived, called])
assert len(data) < 100_000, len(data)
sys.stdout.buffer.write(data)
"""

READER = """
import pickle, sys
config, derived, called = pickle.load(sys.stdin.buffer)
for _ in range(15):
    cls = type(config)
    assert (config.lr, config.part.n, config.part.width, config.double) == (4.0, 3, 4, 8.0)
    assert cls(config) == config and hash(cls(config)) == hash(config)
    assert (cls(config, lr=5.0).part.width, cls().lr, cls().double) == (5, 1.0, 2.0)
    assert type(derived)(derived, lr=6.0).double == 12.0 and isinstance(derived, cls)
    assert called(3.0) == 6.0
    for wrong in ({"lr": "3"}, {"lrr": 3.0}, {"lr": 200.0}):
        try:
            cls(config, **wrong)
        except (TypeError, ValueError) as error:
            assert "lr" in str(error) or "too large" in str(error), error
        else:
            raise AssertionError(wrong)
from pconfigs import pset, psetter
assert pset(config, {"part.n": 9}).part.n == 9
print("all right")
"""


@pytest.mark.parametrize("builds", [0, 20])
def test_configs_of_a_script_work_in_another_process(builds):
    """With their defaults, checks, properties and pins; the script's other names do not travel."""
    script = SCRIPT.replace("{builds}", str(builds))
    made = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, timeout=60, check=False
    )
    assert made.returncode == 0, made.stderr.decode()[-2000:]
    read = subprocess.run(
        [sys.executable, "-c", READER],
        input=made.stdout,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert read.stdout == b"all right\n", read.stderr.decode()[-2000:]
