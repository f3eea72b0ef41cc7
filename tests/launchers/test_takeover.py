"""Runs that end, or are claimed, while a launch is about to continue them."""

from itertools import pairwise
from types import SimpleNamespace

import pytest

from pconfigs import PConfig, pconfig
from pconfigs.errors.runs import RunUseError
from pconfigs.executors import LocalExecutor
from pconfigs.launchers import claims, ends, launch, points, stopping
from pconfigs.launchers.claims import claim, first_claim, last_claim, last_number
from pconfigs.launchers.engines.job import Seen
from pconfigs.launchers.launch import Launch, Options
from pconfigs.launchers.points import Survey
from pconfigs.runs import status
from pconfigs.runs.folder import STATUS
from pconfigs.runs.planning import Plan, plan_run
from pconfigs.runs.reading.runs import run_in
from pconfigs.runs.store import make_store

GONE = {**status.process_facts(), "pid": 1 << 22, "start": 1}


@pconfig
class StepsConfig(PConfig):
    steps: int


@pytest.fixture
def store(tmp_path):
    return make_store(str(tmp_path / "runs"))


def planned(store, kind="local"):
    """Return a point, and its run as another launch has planned it."""
    point = Plan(StepsConfig(steps=1), "lab.config")
    return point, plan_run(store, point, 1, more=first_claim("other", kind))


def write(run, state, **facts):
    run.write(STATUS, {"state": state, "attempt": 1, **facts})


def test_a_run_that_ends_before_it_is_claimed_is_not_run_again(store, tmp_path, monkeypatch):
    point, run = planned(store)
    write(run, "stopped")

    def snapshot(project, folder):
        write(run, "done")  # by another launch
        return str(tmp_path)

    monkeypatch.setattr(launch, "take_snapshot", snapshot)
    outcome = Launch(store, [point], LocalExecutor(slots=1), "lab", Options()).run()
    assert outcome.counts == {"done": 1}
    assert last_number(run) == 1


def test_of_two_launches_that_found_a_run_free_one_claims_it(store):
    _, run = planned(store)
    assert claim(run, "first", "local", 2, after=1)
    assert not claim(run, "second", "local", 2, after=1)
    assert last_claim(run).launch == "first"


def test_an_end_that_is_written_between_two_looks_counts(store, monkeypatch):
    """The process was alive when its status was read, and has written its end since."""
    _, run = planned(store)
    write(run, "running", process=GONE)

    def dies(process):
        write(run, "done")
        return False

    monkeypatch.setattr(status, "is_alive", dies)
    assert run.status().state == "done"


def test_an_end_that_is_written_while_its_engine_is_asked_counts(store, monkeypatch):
    point, run = planned(store, "slurm")
    write(run, "running", process={**GONE, "host": "another"})

    def gone(self, run, claim):
        write(run, "done")
        return Seen("gone")

    monkeypatch.setattr(Survey, "_ask_engine", gone)
    assert Survey(store).find(point).standing == "done"


def test_a_run_that_its_engine_has_lost_is_held_once_it_is_resumed_by_hand(store, monkeypatch):
    point, run = planned(store, "slurm")
    engine = SimpleNamespace(poll=lambda handles: {"7": Seen("gone", "TIMEOUT")})
    record = SimpleNamespace(handles={run.name: "7"}, engine=lambda: engine)
    for module in (points, stopping):
        monkeypatch.setattr(module, "open_record", lambda folder, name: record)
    write(run, "running", process={**GONE, "host": "another"})
    assert Survey(store).find(point).standing == "resume"
    here = status.process_facts()
    write(run, "running", attempt=2, process=here)
    found = Survey(store).find(point)
    assert (found.standing, found.words) == ("held", f"on {here['host']}")
    assert ends.settle(run, 3, Seen("gone", "exit code 2", 2), late=True) == "held"
    assert run.status().state == "running"
    monkeypatch.setattr(stopping, "stop", lambda run: "stopped")
    stopped = list(stopping.stop_runs(store, [run_in(run.path)], whole_sweep=False))
    assert stopped == [(run.name, "stopped")]


def test_runs_of_an_engine_that_is_gone_for_good_are_given_up(store, monkeypatch):
    """They are held until then, with the engine's word, and go on afterwards."""
    point, run = planned(store, "slurm")
    seen = Seen("running")
    engine = SimpleNamespace(poll=lambda handles: {"7": seen})
    record = SimpleNamespace(handles={run.name: "7"}, engine=lambda: engine)
    for module in (points, stopping):
        monkeypatch.setattr(module, "open_record", lambda folder, name: record)
    with pytest.raises(RunUseError, match=r"the job of the run is running \(slurm\)"):
        list(stopping.give_up(store, [run_in(run.path)]))

    seen = Seen("unknown", "Slurm does not answer")
    found = Survey(store).find(point)
    assert (found.standing, found.words) == ("held", "slurm: unknown Slurm does not answer")
    ended = {**status.process_facts(), **GONE}
    monkeypatch.setattr(claims, "process_facts", lambda: ended)
    assert list(stopping.give_up(store, [run_in(run.path)])) == [(run.name, "queued")]
    assert Survey(store).find(point).standing == "resume"


class Clock:
    """An engine whose job takes hours, and the time that passes while it is waited for."""

    capacity, requeues = None, False

    def __init__(self):
        self.now, self.asked = 0.0, []

    def monotonic(self):
        return self.now

    def command(self, words, env, folders):
        return tuple(words)

    def submit(self, jobs, folder):
        return ["7"]

    def poll(self, handles):
        self.asked.append(self.now)
        return {"7": Seen("running") if self.now < 20_000 else Seen("gone", "TIMEOUT", -9)}

    def wait(self, seconds):
        self.now += seconds

    def close(self):
        pass


def test_an_engine_is_asked_less_often_while_nothing_changes(store, tmp_path, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(launch, "time", clock)
    monkeypatch.setattr(launch, "take_snapshot", lambda project, folder: str(tmp_path))
    made = Launch(
        store, [Plan(StepsConfig(steps=1), "lab.config")], LocalExecutor(), "lab", Options()
    )
    made.engine = clock
    assert made.run().counts == {"lost": 1}
    pauses = [after - before for before, after in pairwise(clock.asked)]
    assert max(pauses[:20]) <= 2
    assert max(pauses) <= launch.RAREST + launch.POLL
    assert len(clock.asked) < 20_000 / 20
