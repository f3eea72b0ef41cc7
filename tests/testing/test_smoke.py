"""Small variants: what is registered, how it goes through a tree, and runs of it."""

from __future__ import annotations

import re
import textwrap

import pytest

import pconfigs
from pconfigs import pconfig, pinputs, psmoke
from pconfigs.errors.testing import NotASmokeError, SmokeError
from pconfigs.pinnable import Pin, Pinned, Required, pproperty
from pconfigs.provenance.origins import built_at, origin_of
from pconfigs.schema.class_schema import schema_of


@pconfig
class PartConfig:
    width: int
    depth: int


psmoke(PartConfig, width=1)


@pconfig
class WholeConfig:
    steps: int
    rate: float
    part: PartConfig
    parts: list[PartConfig]
    repaired: PartConfig
    seed: Pinned[int]
    total: Pinned[int]

    @pproperty
    def total(self) -> int:
        return self.steps * self.part.width

    @pproperty
    def repaired(self) -> PartConfig:
        return PartConfig(pinputs(self).repaired, depth=self.steps)


psmoke(WholeConfig, steps=2, seed=Pin(7))


@pconfig
class DerivedConfig(WholeConfig):
    name: str


psmoke(DerivedConfig, steps=3)

PARTS = {
    "part": PartConfig(width=10, depth=1),
    "parts": [PartConfig(width=20, depth=2), PartConfig(width=30, depth=3)],
    "repaired": PartConfig(width=40, depth=4),
}
whole = WholeConfig(steps=100, rate=0.5, seed=Pin(1), **PARTS)


def test_named_fields_are_small_and_no_others():
    small = psmoke(whole)
    assert (small.steps, small.rate, small.seed) == (2, 0.5, 7)


def test_every_config_of_the_tree_is_made_small():
    small = psmoke(whole)
    assert (small.part.width, small.part.depth) == (1, 1)
    assert [part.width for part in small.parts] == [1, 1]
    assert [part.depth for part in small.parts] == [2, 3]


def test_what_properties_make_follows():
    assert psmoke(whole).total == 2


def test_what_was_given_to_a_repairing_property_is_made_small():
    small = psmoke(whole)
    assert pinputs(small).repaired == PartConfig(width=1, depth=4)
    assert small.repaired == PartConfig(width=1, depth=2)


def test_the_config_itself_stays():
    assert whole.steps == 100
    assert psmoke(psmoke(whole)) == psmoke(whole)


def test_what_is_small_already_is_the_same_object():
    small = psmoke(whole)
    assert psmoke(small) is small


def test_derived_classes_inherit_and_may_register_others():
    small = psmoke(DerivedConfig(whole, name="x"))
    assert (small.steps, small.seed, small.name) == (3, 7, "x")


def test_a_small_value_comes_from_its_registration():
    origin = origin_of(psmoke(whole), "steps")
    registered = built_at(schema_of(WholeConfig).smoke)
    assert (origin.given, origin.is_default) == (2, False)
    assert (origin.place.file, origin.place.line) == (registered.file, registered.line)


def test_a_config_of_classes_without_small_values_stays_itself():
    @pconfig
    class Plain:
        x: int

    config = Plain(x=3)
    assert psmoke(config) is config


def test_fields_that_are_open_in_the_default_are_not_named():
    @pconfig
    class Opened:
        x: int
        y: int

    pconfigs.pdefaults += Opened(x=Required, y=3)
    pconfigs.psmoke(Opened, x=1)
    small = psmoke(Opened(x=5, y=6))
    assert (small.x, small.y) == (1, 6)


def test_outside_a_registration_missing_fields_are_missing():
    with pytest.raises(TypeError, match="is missing 1 field"):
        PartConfig(width=1)


def test_an_unknown_name_is_refused_with_the_nearest_alone():
    with pytest.raises(TypeError, match="did you mean 'width'") as caught:
        pconfigs.psmoke(PartConfig, widht=2)
    assert "missing" not in str(caught.value)


def test_a_wrong_type_is_refused():
    with pytest.raises(TypeError, match="width must be int"):
        pconfigs.psmoke(PartConfig, width="2")


def test_a_pinned_field_is_not_set():
    with pytest.raises(ValueError, match="total"):
        pconfigs.psmoke(WholeConfig, total=1)


def test_a_second_registration_is_refused_with_both_places():
    with pytest.raises(SmokeError, match=r"test_smoke\.py:\d+: PartConfig .* at .*test_smoke\.py"):
        pconfigs.psmoke(PartConfig, width=2)


@pytest.mark.parametrize("given", [3, PartConfig, None, {"width": 1}], ids=repr)
def test_what_is_not_a_config_is_refused(given):
    with pytest.raises(NotASmokeError):
        pconfigs.psmoke += given


def test_a_registration_names_something_and_has_no_base():

    @pconfig
    class Other:
        x: int

    with pytest.raises(NotASmokeError, match="no base"):
        pconfigs.psmoke += Other(Other(x=1), x=2)
    with pytest.raises(NotASmokeError, match="got none"):
        psmoke(Other)
    with pytest.raises(TypeError, match="is missing 1 field"):
        pconfigs.psmoke += PartConfig(width=1)
    with pytest.raises(NotASmokeError):
        psmoke(Other(x=1), x=2)
    pconfigs.psmoke += Other(x=3)
    assert psmoke(Other(x=8)).x == 3


SLOW = '''
from __future__ import annotations

import subprocess
import sys
import time

from pconfigs import pconfig, pconfiged, pdefaults, psmoke

# Holds a file while it lives, and says so where it is not ended before its time.
LEFT = """
import fcntl, time
file = open("held", "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("ready", flush=True)
time.sleep(10)
file.write("was not ended")
file.flush()
"""


@pconfiged(runnable=True)
class Worker:
    config: WorkerConfig

    def main(self, *args):
        print("steps", self.config.steps)
        if self.config.fails:
            raise RuntimeError("no luck")
        for _ in range(self.config.steps):
            time.sleep(0.01)
        if self.config.leaves:
            left = subprocess.Popen([sys.executable, "-c", LEFT], stdout=subprocess.PIPE)
            left.stdout.readline()


@pconfig(constructs=Worker)
class WorkerConfig:
    steps: int
    fails: bool
    leaves: bool


pdefaults += WorkerConfig(steps=100_000, fails=False, leaves=False)
'''


@pytest.fixture
def worker(lab):
    """A system whose experiment takes too long, and what runs it."""
    lab.write("lab/worker.py", SLOW + "\npsmoke(WorkerConfig, steps=1)\n")
    lab.write("lab/experiments/__pconfigs__.py", "")

    def run(fields="", *words):
        lab.write(
            "lab/experiments/slow.py",
            f"from lab.worker import WorkerConfig\nconfig = WorkerConfig({fields})\n",
        )
        return lab.start("pconfigs.test", "--smoke", *words)

    return run


def test_the_small_variant_of_a_target_runs(lab, worker):
    worker()
    done = lab.start("pconfigs.run", "lab.experiments.slow.config", "--smoke")
    assert (done.code, done.out, done.err) == (0, "steps 1\n", "")


def test_a_dry_run_shows_the_small_variant(lab, worker):
    worker()
    done = lab.start("pconfigs.run", "--smoke", "--dry-run", "lab.experiments.slow.config")
    assert "steps=1,\n" in done.out
    assert done.err == ""


def test_a_target_with_nothing_to_make_small_runs_and_that_is_reported(lab):
    done = lab.call("run", lab.greeter(), "--smoke")
    assert (done.code, done.out) == (0, "hello lab.exp.config []\n")
    assert "has no smoke values (psmoke) and runs unchanged" in done.err


def test_runnable_experiments_run_small(worker):
    done = worker()
    assert done.code == 0
    assert re.fullmatch(
        r"lab\.experiments\.slow\.config ran \d+\.\d s\nTested 1 configs\. Errors: 0\n", done.out
    )


def test_experiments_run_side_by_side(lab):
    """Each of two waits for the other: one after the other, neither would end."""
    lab.write(
        "lab/meeting.py",
        textwrap.dedent("""
        import os, time
        from pathlib import Path
        from pconfigs import PConfig, pconfig, pconfiged, psmoke

        @pconfiged(runnable=True)
        class Guest:
            config: "GuestConfig"

            def main(self, namespace, others):
                Path(self.config.own).touch()
                while not Path(self.config.other).exists():
                    time.sleep(0.01)

        @pconfig(constructs=Guest)
        class GuestConfig(PConfig):
            own: str
            other: str
            size: int

        psmoke(GuestConfig, size=1)
        """),
    )
    lab.write(
        "lab/experiments/pair.py",
        textwrap.dedent("""
        from lab.meeting import GuestConfig
        one = GuestConfig(own="one", other="two", size=9)
        two = GuestConfig(own="two", other="one", size=9)
        """),
    )
    lab.write("lab/experiments/__pconfigs__.py", "")
    done = lab.start("pconfigs.test", "--smoke", "--jobs", "2", "--timeout", "50")
    assert done.code == 0, done.out
    assert done.out.endswith("\nTested 2 configs. Errors: 0\n")


def test_a_run_that_fails_is_reported_with_its_end(worker):
    done = worker("fails=True")
    assert done.code == 1
    assert "lab.experiments.slow.config --smoke failed with exit code 1" in done.out
    assert "RuntimeError: no luck" in done.out
    assert "    steps 1\n" in done.out


@pytest.mark.slow
def test_a_run_that_takes_too_long_is_ended(lab, worker):
    lab.write("lab/worker.py", SLOW + "\npsmoke(WorkerConfig, leaves=False)\n")
    done = worker("", "--timeout", "2")
    assert done.code == 1
    assert "did not end within 2 s" in done.out


def test_processes_that_a_run_leaves_are_ended(lab, worker):
    fcntl = pytest.importorskip("fcntl")
    assert worker("leaves=True").code == 0
    with (lab.folder / "held").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # had at once, or when the process has come to its end
        assert held.read() == ""


def test_a_variant_that_cannot_be_built_is_reported(lab, worker):
    lab.write(
        "lab/worker.py",
        f"{SLOW}\npsmoke(WorkerConfig, steps=1)\n\nfrom typing import Literal\n"
        "@pconfig(inherit_constructable_type=True)\n"
        "class StrictConfig(WorkerConfig):\n    steps: Literal[5, 6]\n",
    )
    lab.write(
        "lab/experiments/strict.py",
        "from lab.worker import StrictConfig\nconfig = StrictConfig(steps=5)\n",
    )
    done = lab.call("test", "--smoke", "lab.experiments.strict")
    assert done.code == 1
    assert "lab.experiments.strict.config --smoke cannot be built" in done.out
    assert "StrictConfig.steps must be 5 or 6" in done.out


def test_open_experiments_are_not_run_and_that_is_reported(lab, worker):
    lab.write(
        "lab/experiments/opened.py",
        "from pconfigs import Required\n"
        "from lab.worker import WorkerConfig\n"
        "config = WorkerConfig(fails=Required)\n",
    )
    done = lab.call("test", "--smoke", "lab.experiments.opened")
    assert done.code == 0
    assert "lab.experiments.opened.config is not run: fails is open\n" in done.out
