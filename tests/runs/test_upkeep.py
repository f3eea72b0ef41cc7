"""Notes, marks, stopping and cleaning."""

import json
import os
import re
import shutil
import time
from pathlib import Path

import pytest

from pconfigs.runs import upkeep
from pconfigs.runs.reading.runs import run_in
from pconfigs.runs.status import is_alive
from pconfigs.runs.store import make_store, open_store
from tests.runs.conftest import read, rows


def run_names(project):
    return {run["run"] for run in project.listed()}


def test_notes_are_shown(project):
    project.run("--record", "lab.first")
    assert project.runs("note", "@first", "looks", "odd").code == 0
    project.runs("note", "@first", "second note")
    assert [row["text"] for row in rows(project.only_run() / "notes.jsonl")] == [
        "looks odd",
        "second note",
    ]
    assert "note       looks odd" in project.runs("show", "@first").out


@pytest.mark.slow
def test_cleaning_removes_what_was_asked_for_and_nothing_else(project):
    fails = project.experiment("fails", body="return 3")
    project.run("--record", "lab.first")
    project.run(fails)
    project.run(fails)
    project.runs("keep", f"@{project.folders()[1].name}")
    before = run_names(project)
    listed = project.runs("clean", "--state", "failed")
    assert listed.code == 0
    assert "1 run to remove; --yes" in listed.err
    assert "stays: kept" in listed.out
    assert run_names(project) == before
    project.runs("clean", "--state", "failed", "--yes")
    assert len(run_names(project)) == 2
    assert project.runs("clean", "--older", "1d").out == ""
    project.runs("keep", "--undo", "@fails")
    project.runs("clean", "--older", "0s", "--yes")
    assert run_names(project) == set()


def test_runs_that_another_consumes_from_stay(project):
    project.run("--record", "lab.first")
    project.run("lab.first", "steps=1")
    project.run("lab.first", "steps=2")
    first, second, third = (path for path in project.folders() if path.is_dir())
    for producer, consumer in ((first, second), (second, third)):
        facts = {"artifacts": [{"ref": "data:v1", "producer": producer.name}]}
        (consumer / "consumed.json").write_text(json.dumps(facts))
    project.runs("keep", f"@{third.name}")
    done = project.runs("clean", "--older", "0s", "--yes")
    assert f"stays: {third.name} consumes from it" in done.out
    assert f"stays: {second.name} consumes from it" in done.out
    assert len(run_names(project)) == 3


def test_sources_go_with_their_last_run(project):
    """Those of a run that stays are kept, and so are new ones: a run may be starting with them."""
    fails = project.experiment("fails", body="return 3")
    project.run("--record", "lab.first")
    kept = [path for path in (project.store / ".code").rglob("*") if path.is_file()]
    project.run(fails)
    every = [path for path in (project.store / ".code").rglob("*") if path.is_file()]
    alone = set(every) - set(kept)
    assert alone
    project.runs("clean", "--state", "failed", "--yes")
    assert all(path.exists() for path in every)
    old = time.time() - 100_000
    for path in every:
        os.utime(path, (old, old))
    project.runs("clean", "--state", "failed", "--yes")
    assert {path for path in every if not path.exists()} == alone
    project.runs("clean", "--older", "0s", "--yes")
    assert [path for path in every if path.exists()] == []


@pytest.mark.parametrize(
    ("words", "problem"),
    [((), "which runs?"), (("--older", "soon"), "--older must be a number and one of s m h d w")],
)
def test_cleaning_wants_to_know_what(project, words, problem):
    project.run("--record", "lab.first")
    done = project.runs("clean", *words)
    assert done.code == 2
    assert problem in done.err


def test_a_store_is_cleaned_by_two_processes_at_once(project, monkeypatch):
    """The other one is faster: it removes whatever this one has just found."""
    project.run("--record", "lab.first")
    project.run("lab.first", "steps=1")
    store = open_store(str(project.store))
    runs = [run for run, _ in upkeep.removable(store)]
    assert len(runs) == 2
    rename = os.rename

    def slower(path, aside):
        shutil.rmtree(path)
        return rename(path, aside)

    monkeypatch.setattr("os.rename", slower)
    upkeep.remove(store, runs)
    assert run_names(project) == set()
    assert not upkeep.is_old(str(project.store / "no such file"))


def test_a_run_of_another_user_stays_and_hides_no_other(project, monkeypatch):
    """In a store that all write to, what belongs to others may not be removed."""
    for words in (["--record", "lab.first"], ["lab.first", "steps=1"], ["lab.first", "steps=2"]):
        project.run(*words)
    theirs, draft = project.folders()[1], project.store / ".claims" / "1-2"
    draft.mkdir()
    os.utime(draft, (0, 0))
    rename, delete = os.rename, upkeep.delete

    def refused(path, *more):
        if Path(path) in (theirs, draft):
            raise PermissionError(1, "Operation not permitted", str(path))
        return (rename if more else delete)(path, *more)

    monkeypatch.setattr("os.rename", refused)
    monkeypatch.setattr(upkeep, "delete", refused)
    done = project._here("runs", "clean", "--older", "0s", "--yes")
    assert (done.code, done.err) == (1, "")
    assert f"{theirs.name}  done  stays: Operation not permitted" in done.out.splitlines()
    assert run_names(project) == {theirs.name}


@pytest.mark.parametrize(
    "draft",
    [
        ".claims/1-2/run.json",
        ".artifacts/a/.draft-1/files/b",
        ".artifacts/.downloads/.draft-1/a/files/b",
        ".smoke/.artifacts/a/.draft-1/b",
        ".smoke/.artifacts/a/aliases/.best.12345678.tmp",
    ],
)
def test_drafts_go_once_nothing_in_them_has_changed_for_a_day(draft, tmp_path):
    store = make_store(str(tmp_path))
    file = tmp_path / draft
    file.parent.mkdir(parents=True)
    file.touch()
    old = time.time() - 100_000
    for path in [*file.parents[: len(Path(draft).parts) - 1]]:
        os.utime(path, (old, old))
    upkeep.remove(store, [])
    assert file.exists()  # a download that takes days
    os.utime(file, (old, old))
    upkeep.remove(store, [])
    assert not file.exists()


def test_what_is_removed_meanwhile_counts_as_removed(tmp_path, monkeypatch):
    (tmp_path / "a/b").mkdir(parents=True)
    remove = shutil.rmtree
    calls = []

    def slower(path):
        calls.append(path)
        if len(calls) == 1:
            raise FileNotFoundError(2, "No such file or directory", path)
        remove(path)

    monkeypatch.setattr("shutil.rmtree", slower)
    upkeep.delete(str(tmp_path / "a"))
    assert list(tmp_path.iterdir()) == []


def waiting(project, body):
    target = project.experiment("waits", body=body)
    process = project.popen("-m", "pconfigs.run", "--record", target)
    while process.stdout.readline() != "waiting\n":
        pass
    return process


def test_a_run_is_stopped(project):
    process = waiting(project, "print('waiting', flush=True)\ntime.sleep(60)")
    done = project.runs("stop", "@waits")
    assert (done.code, done.out.split()[-1]) == (0, "stopped")
    process.communicate()
    assert read(project.only_run() / "status.json")["state"] == "stopped"
    assert "the run is not running" in project.runs("stop", "@waits").err


def test_a_run_that_heeds_the_request_ends_by_itself(project):
    body = """
    assert not prun.stop_requested
    print('waiting', flush=True)
    while not prun.stop_requested:
        time.sleep(0.01)
    prun.log(step=50, saved=True)
    return prun.REQUEUE
    """
    process = waiting(project, body)
    assert project.runs("stop", "@waits").out.split()[-1] == "requeued"
    process.communicate()
    assert process.returncode == 85
    assert rows(project.only_run() / "metrics.jsonl")[-1]["values"] == {"saved": True}


def test_a_program_that_ends_after_the_request_is_stopped_not_done(project):
    body = """
    prun.stop_requested
    print('waiting', flush=True)
    while not prun.stop_requested:
        time.sleep(0.01)
    """
    process = waiting(project, body)
    assert project.runs("stop", "@waits").out.split()[-1] == "stopped"
    process.communicate()


def test_a_run_whose_process_ends_before_the_signal_is_stopped(project, monkeypatch):
    process = waiting(project, "print('waiting', flush=True)\ntime.sleep(60)")
    run = run_in(str(project.only_run()))
    looked = []

    def is_alive_and_ends(facts):
        if not looked:
            looked.append(facts)
            process.kill()
            process.communicate()
            return True
        return is_alive(facts)

    monkeypatch.setattr(upkeep, "is_alive", is_alive_and_ends)
    assert upkeep.stop(run) == "stopped"
    assert read(project.only_run() / "status.json")["state"] == "stopped"


def moved_to_another_host(project):
    path = project.only_run() / "status.json"
    status = read(path)
    facts = {**status, "state": "running", "process": {**status["process"], "host": "another"}}
    path.write_text(json.dumps(facts))


@pytest.mark.slow
def test_a_run_of_a_host_that_is_gone_is_noted_as_lost_and_resumed(project):
    target = project.experiment("again", body="return prun.REQUEUE if prun.attempt == 1 else 0")
    project.run("--record", target)
    moved_to_another_host(project)
    refused = project.run("--resume", "@again")
    assert refused.code == 2
    (command,) = re.findall(r"python -m pconfigs\.(runs stop @\S+ --lost)", refused.err)
    assert command in project.runs("stop", "@again").err
    done = project.runs(*command.split()[1:])
    assert (done.code, done.out.split()[-1]) == (0, "lost")
    assert project.listed()[0]["state"] == "lost"
    assert project.run("--resume", "@again").code == 0
    assert project.listed()[0]["state"] == "done"


def test_only_a_run_that_cannot_be_seen_is_noted_as_lost(project):
    process = waiting(project, "print('waiting', flush=True)\ntime.sleep(60)")
    done = project.runs("stop", "@waits", "--lost")
    assert done.code == 2
    assert "the run is alive" in done.err
    project.runs("stop", "@waits")
    process.communicate()
    assert "it is stopped" in project.runs("stop", "@waits", "--lost").err
    assert not (project.only_run() / "gone.json").exists()


def test_commands_about_one_run_answer_in_json(project):
    project.run("--record", "lab.first", "steps=1")
    name = project.only_run().name
    assert json.loads(project.runs("note", "@", "a", "note", "--json").out) == {
        "run": name, "note": "a note",
    }  # fmt: skip
    assert json.loads(project.runs("keep", "@", "--json").out) == {"run": name, "kept": True}
    assert json.loads(project.runs("log", "@", "--json").out) == ["step=0"]
    assert project.runs("log", "@", "--json", "-f").code == 2


def test_what_a_killed_removal_has_left_does_not_stop_the_next(project):
    project.run("--record", "lab.first")
    name = project.only_run().name
    for left in (f"removed-{name}", f"removed-1-{name}"):
        (project.store / ".claims" / left / "files").mkdir(parents=True)
    done = project.runs("clean", "--older", "0s", "--yes")
    assert done.code == 0, done.err
    assert run_names(project) == set()


def test_what_killed_copies_and_downloads_have_left_is_removed(project):
    project.run("--record", "lab.first")
    places = [
        ".artifacts/tokens/.draft-1/files", ".artifacts/.downloads/.draft-1/files",
        ".smoke/.artifacts/tokens/.draft-1/files",
    ]  # fmt: skip
    for place in places:
        (project.store / place).mkdir(parents=True)
        os.utime((project.store / place).parent, (0, 0))
    new = project.store / ".artifacts/.downloads/.draft-2"
    new.mkdir()
    done = project.runs("clean", "--older", "1000d", "--yes")
    assert done.code == 0, done.err
    assert sorted(project.store.rglob(".draft-*")) == [new]
