"""Followers: each row is sent once, whatever fails in between, and the run never waits."""

import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from pconfigs.errors import TrackerError
from pconfigs.runs.capture.followers import trackers_in, trackers_of
from pconfigs.trackers.follower import PATIENCE, Follower, is_overdue
from pconfigs.trackers.progress import exclusive, read_progress
from tests.examples import examples
from tests.trackers.conftest import RecordedRun, Service


def follower(run, service, during=()):
    """A follower that does one thing of `during` each time it would wait."""
    steps = iter(during)
    return Follower(run.folder, "wandb", service.client, lambda _: next(steps)())


def test_what_a_service_is_given_at_the_start(run, service):
    run.end()
    assert follower(run, service).follow()
    (tracked, remembered) = service.opened[0]
    assert (tracked.id, tracked.project) == ("first-80f4ec1c.1", Path(run.folder.path).parts[-3])
    assert tracked.config == {"steps": 3, "rate": 0.5, "hidden": [64, 32], "name": "a|b"}
    assert tracked.tags["target"] == "lab.first"
    assert tracked.tags["overrides"] == "steps=3"
    assert remembered == {}
    assert service.closed == [("done", 0, run.folder.file("log.txt"))]


@pytest.mark.parametrize("fails", [0, 9])
def test_a_run_that_is_removed_does_not_come_back(run, service, fails):
    service.fails = fails

    def remove():
        shutil.rmtree(run.folder.path)

    assert not follower(run, service, [remove]).follow()
    assert not Path(run.folder.path).exists()


def test_a_run_whose_end_was_sent_is_not_opened_again(run, service):
    """A late follower would open it, and leave it open: services show it as going on then."""
    run.end()
    assert follower(run, service).sync()
    assert follower(run, service).follow()
    assert follower(run, service).sync(wait=True)
    assert (len(service.opened), len(service.closed)) == (1, 1)


def test_rows_are_sent_as_they_come(run, service):
    run.log((0, {"loss": 1.0}))

    def more():
        run.log((1, {"loss": 0.5}), (2, {"loss": 0.25, "name": "x"}))

    assert follower(run, service, [more, run.end]).follow()
    assert [(row.number, row.step, row.values) for row in service.rows] == [
        (0, 0, {"loss": 1.0}),
        (1, 1, {"loss": 0.5}),
        (2, 2, {"loss": 0.25, "name": "x"}),
    ]


def test_rows_of_other_ranks_have_the_rank_in_their_names(run, service):
    run.log((0, {"loss": 1.0}), name="metrics.r1.jsonl")
    run.end()
    follower(run, service).follow()
    assert service.rows[0].values == {"rank1/loss": 1.0}


def test_a_line_that_is_being_written_is_sent_when_it_is_whole(run, service):
    run.log((0, {"loss": 1.0}))
    path = Path(run.folder.file("metrics.jsonl"))
    whole = path.read_bytes()
    with path.open("ab") as file:
        file.write(whole[:20])

    def complete():
        with path.open("ab") as file:
            file.write(whole[20:])

    follower(run, service, [complete, run.end]).follow()
    assert len(service.rows) == 2


def test_artifacts_are_sent_once_each(run, service):
    run.consume("tokens:v3")
    run.produce("policy:v1")
    run.end()
    follower(run, service).follow()
    run.status("running", attempt=2)
    run.produce("policy:v2")
    run.end(attempt=2)
    follower(run, service).follow()
    assert (service.consumed, service.produced) == (["tokens:v3"], ["policy:v1", "policy:v2"])


@settings(max_examples=examples(30))
@given(st.lists(st.integers(0, 4), max_size=12), st.integers(0, 9))
def test_each_row_arrives_once_whatever_fails(tmp_path_factory, failures, rows):
    """A client that fails in the middle of a batch may have sent a part: numbers show which."""
    tmp_path = tmp_path_factory.mktemp("project")
    (tmp_path / "pyproject.toml").write_text("")
    run, service = RecordedRun(tmp_path / "runs" / "first-1.1"), Service()
    run.log(*((step, {"loss": step}) for step in range(rows)))
    run.end()
    for works in failures:
        service.works = works
        with suppress(ConnectionError):
            follower(run, service).sync()
    service.works = None
    follower(run, service).sync()
    assert {row.number for row in service.rows} == set(range(rows))
    assert service.closed[-1][0] == "done"
    assert len(service.closed) == 1


def test_a_service_that_is_away_is_tried_again_and_the_problem_is_noted(run, service, monkeypatch):
    run.log((0, {"loss": 1.0}))
    service.fails = 2
    noted = []

    def look():
        noted.append(read_progress(run.folder, "wandb").problem)

    assert follower(run, service, [look, look, run.end]).follow()
    assert noted == ["ConnectionError: the service is away"] * 2
    assert len(service.rows) == 1
    assert read_progress(run.folder, "wandb").problem == ""


def test_a_follower_gives_up_some_time_after_the_run_and_sync_sends_the_rest(
    run, service, monkeypatch
):
    run.log((0, {"loss": 1.0}))
    run.end()
    service.fails = 10**6
    clock = iter(range(0, 10**6, int(PATIENCE)))
    monkeypatch.setattr("pconfigs.trackers.follower.time.monotonic", lambda: next(clock))
    one = Follower(run.folder, "wandb", service.client, lambda _: None)
    assert not one.follow()
    assert trackers_in(run.folder) == ["wandb"]
    service.fails = 0
    assert follower(run, service).sync()
    assert (len(service.rows), len(service.closed)) == (1, 1)


def test_a_tracker_that_is_not_known_is_a_problem_that_is_noted(run):
    """Names of trackers come from files of a run, too."""
    one = Follower(run.folder, "other")
    with pytest.raises(KeyError):
        one.sync()
    assert read_progress(run.folder, "other").problem == "KeyError: 'other'"


@pytest.mark.parametrize(
    ("waited", "used", "overdue"),
    [(590.0, 0.0, False), (610.0, 0.1, True), (610.0, 8.0, False), (3610.0, 50.0, True)],
)
def test_a_follower_that_hangs_is_ended_before_one_that_is_at_work(waited, used, overdue):
    assert is_overdue(waited, used) is overdue


def test_a_follower_that_hangs_after_the_end_of_a_run_ends(run):
    run.end()
    code = (
        "import sys, time\n"
        "from pconfigs.runs.folder import RunFolder\n"
        "from pconfigs.trackers import follower\n"
        "follower.OVERDUE = follower.POLL = 0.01\n"
        "follower.set_priority = lambda number: print(number, flush=True)\n"
        "follower.exit_when_overdue(RunFolder(sys.argv[1]))\n"
        "time.sleep(600)\n"
    )
    words = [sys.executable, "-c", code, run.folder.path]
    done = subprocess.run(words, check=False, timeout=300, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (3, "0\n")


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="sessions have no priority")
def test_the_priority_of_a_session_is_lowered_and_raised_again():
    code = (
        "from pconfigs.trackers.follower import set_priority\n"
        "for number in (19, 0):\n"
        "    set_priority(number)\n"
        "    print(open('/proc/self/autogroup').read().split()[-1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True, timeout=300, capture_output=True, text=True, start_new_session=True,
    )  # fmt: skip
    assert done.stdout == "19\n0\n"


def test_two_followers_of_one_tracker_do_not_send_at_once(run, service):
    run.end()
    with exclusive(run.folder, "wandb") as alone:
        assert alone
        assert not follower(run, service).sync()
    assert service.opened == []


def test_a_run_that_goes_on_is_opened_again_with_what_was_remembered(run, service):
    run.log((0, {"loss": 1.0}))
    run.end("requeued", 85)
    follower(run, service).follow()
    run.log((1, {"loss": 0.5}), attempt=2)
    run.end(attempt=2)
    follower(run, service).follow()
    assert [remembered for _, remembered in service.opened] == [{}, {"id": "remote"}]
    assert [row.number for row in service.rows] == [0, 1]
    assert [state for state, _, _ in service.closed] == ["requeued", "done"]


def test_names_of_trackers_come_from_settings_and_arguments(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.pconfigs]\ntrackers = ["tensorboard"]\n')
    assert trackers_of(str(tmp_path), ["mlflow", "tensorboard"]) == ["tensorboard", "mlflow"]
    with pytest.raises(TrackerError, match="did you mean 'wandb'"):
        trackers_of(str(tmp_path), ["wadb"])
    (tmp_path / "pyproject.toml").write_text('[tool.pconfigs]\ntrackers = "wandb"\n')
    with pytest.raises(TrackerError, match="must be a list of names"):
        trackers_of(str(tmp_path))
