"""Stores that others can write to: what they name is not run, and what is outside stays."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from pconfigs import atomic_files, pconfig
from pconfigs.artifacts.roots import LocalRoot, newest_version
from pconfigs.errors.artifacts import ArtifactError
from pconfigs.errors.base import PConfigError
from pconfigs.errors.runs import RankError, StoreError
from pconfigs.errors.targets import TargetError
from pconfigs.launchers.claims import (
    LOCAL,
    Claim,
    claim as claim_attempt,
    is_held,
    last_claim,
    last_number,
)
from pconfigs.launchers.engines import slurm_queue
from pconfigs.launchers.engines.local import LocalExecutor
from pconfigs.launchers.engines.slurm_queue import Answer
from pconfigs.launchers.points import next_number
from pconfigs.launchers.processes import start_detached
from pconfigs.launchers.records import LaunchRecord, new_record, open_record
from pconfigs.launchers.snapshots import take_snapshot
from pconfigs.runs import ranks, recorder
from pconfigs.runs.capture.sources import Sources
from pconfigs.runs.folder import RunFolder
from pconfigs.runs.lineage.location import writable
from pconfigs.runs.masking import Masker
from pconfigs.runs.ranks import Meeting
from pconfigs.runs.recorder import resume
from pconfigs.runs.status import Status, process_facts
from pconfigs.runs.store import make_store
from pconfigs.runs.streams import LogFile
from pconfigs.trackers.progress import Progress, read_progress, write_progress
from tests.limits import limits
from tests.runs.conftest import read


@pconfig
class Plain:
    size: int


OLD = time.time() - 1_000_000
PROGRAM = "from pathlib import Path\nPath('ran').touch()\nconfig = 1\n"


def damage(file, **changes):
    """Change entries of a JSON file."""
    file.write_text(json.dumps({**read(file), **changes}))


def test_cleaning_follows_no_link_out_of_the_store(project):
    project.run("--record", "lab.first")
    own = project.folder / "own"
    for name in ("file", "folder/file", ".draft-1/file"):
        project.write(f"own/{name}", "")
    for path in (*own.rglob("*"), own):
        os.utime(path, (OLD, OLD))
    before = sorted(own.rglob("*"))
    (project.store / ".artifacts").mkdir()
    for name in (".claims", ".code", ".jobs", ".snapshots", ".artifacts/a"):
        place = project.store / name
        if place.exists():
            place.rename(project.store / f"kept{name}")
        place.symlink_to(own)
    done = project.runs("clean", "--older", "1000d", "--yes")
    assert (done.code, done.err) == (0, "")
    assert sorted(own.rglob("*")) == before


@pytest.mark.parametrize(
    "moved", ["runs", "runs/.artifacts", "runs/.artifacts/out", "runs/.code", "runs/first", "."]
)
def test_a_store_that_its_owner_has_moved_and_linked_is_cleaned(project, tmp_path_factory, moved):
    """Of a folder of it that is a link to elsewhere, what is there stays."""
    body = "with open('out', 'w') as file:\n    file.write('1')\nprun.log_artifact('out', 'out')"
    assert project.run("--record", project.experiment("first", body=body)).code == 0
    drafts = [
        project.write(f"runs/{name}", "") for name in (".claims/a", ".artifacts/out/.draft-1")
    ]
    run = project.only_run()
    link = run if moved == "runs/first" else project.folder / moved
    place = tmp_path_factory.mktemp("scratch") / "place"
    link.rename(place)
    link.symlink_to(place)
    for path in drafts:
        os.utime(path, (OLD, OLD))
    for words in (["keep", "@first"], ["keep", "--undo", "@first"]):
        assert project.runs(*words).code == 0
    assert project.run("@first").code == 0
    done = project.runs("clean", "--older", "0s", "--yes")
    assert (done.code, done.err) == (0, "")
    assert [path.name for path in project.folders() if path.is_dir()] == []
    left = [path for path in drafts if path.exists()]
    assert left == (drafts[1:] if moved.startswith("runs/.artifacts") else [])
    assert place.exists()


@pytest.fixture
def recorded(project):
    """Return a project with a run, a package that is a program, and a module in the store."""
    assert project.run("--record", "lab.first").code == 0
    project.write("shop/__init__.py", "")
    for place in ("shop/__main__.py", "runs/planted.py", "shop/planted.py"):
        project.write(place, PROGRAM)
    return project


@pytest.mark.parametrize(
    "name",
    ["shop.__main__.x", "runs.planted.config", "runs/planted.py:config", "runs/planted.py"],
)
def test_no_program_that_a_record_names_as_its_experiment_runs(recorded, name):
    damage(recorded.only_run() / "run.json", target=name)
    assert recorded.python("-m", "pconfigs.print", "@first").code == 0
    assert not (recorded.folder / "ran").exists()


@pytest.mark.parametrize("key", ["$type", "seed"])
@pytest.mark.parametrize("name", ["shop.__main__.x", "runs.planted.config", "shop.planted"])
def test_no_program_that_a_record_names_as_a_class_runs(recorded, name, key):
    damage(
        recorded.only_run() / "config.json", **{key: name if key == "$type" else {"$name": name}}
    )
    done = recorded.python("-m", "pconfigs.print", "@first")
    assert done.code == 2, done.err
    assert not (recorded.folder / "ran").exists()


@pytest.mark.parametrize("name", ["runs.planted.config", "scratch.planted.config"])
def test_no_module_in_a_store_that_is_a_link_is_imported(recorded, name):
    recorded.store.rename(recorded.folder / "scratch")
    recorded.store.symlink_to("scratch")
    damage(recorded.only_run() / "run.json", target=name)
    assert recorded.python("-m", "pconfigs.print", "@first").code == 0
    assert not (recorded.folder / "ran").exists()


@pytest.mark.parametrize(
    ("path", "content"), [("../../../lab/first.py", ""), ("lab/first.py", "../../../own")]
)
def test_code_of_then_is_copied_into_the_store_alone(project, path, content):
    project.run("--record", "lab.first")
    project.write("own", "a secret")
    code = read(project.only_run() / "code.json")
    kept = code["files"]["lab/train.py"]["content"]
    files = {**code["files"], path: {"module": "lab.x", "content": content or kept}}
    damage(project.only_run() / "code.json", files=files)
    before = (project.folder / "lab/first.py").read_text()
    done = project.run("@first", "--as-recorded")
    assert done.code == 2
    assert "must be in its project" in done.err
    assert (project.folder / "lab/first.py").read_text() == before
    copies = [file for file in project.store.glob(".snapshots/**/*") if file.is_file()]
    assert "a secret" not in [file.read_text() for file in copies]


def test_code_of_then_may_have_a_file_whose_name_is_not_utf_8(project):
    project.run("--record", "lab.first")
    code = read(project.only_run() / "code.json")
    kept = code["files"]["lab/train.py"]
    damage(project.only_run() / "code.json", files={**code["files"], "/home/\udcff/x.py": kept})
    done = project.run("@first", "--as-recorded")
    assert done.code == 0, done.err


def test_messages_about_a_record_have_no_control_characters(tmp_path):
    (tmp_path / "code.json").write_text('{"files": {"\\u001b[2J": ""}}')
    with pytest.raises(StoreError) as caught:
        RunFolder(str(tmp_path)).read("code.json")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("offset", [-1, 1 << 70])
def test_an_offset_that_no_file_has_counts_as_nothing_sent(offset, tmp_path):
    folder = RunFolder(str(tmp_path))
    progress = Progress(offsets={"metrics.jsonl": offset}, rows=5)
    write_progress(folder, "wandb", progress)
    assert read_progress(folder, "wandb") == Progress()


def test_ranks_meet_for_a_question_with_any_name(monkeypatch, tmp_path):
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "0")
    assert ranks.meeting_at(str(tmp_path), "a\udcff") is not None


@pytest.mark.parametrize("name", ["notes.jsonl", "keep", "log.txt", "metrics.jsonl"])
def test_nothing_is_written_through_a_link(project, name):
    """Notes, marks and the next attempt of a run add to files of its folder."""
    target = project.experiment("fails", body="os.kill(os.getpid(), signal.SIGKILL)")
    project.run("--record", target)
    own = project.write("own", "mine")
    link = project.only_run() / name
    link.unlink(missing_ok=True)
    link.symlink_to(own)
    words = {"notes.jsonl": ["note", "@fails", "a note"], "keep": ["keep", "@fails"]}.get(name)
    done = project.runs(*words) if words else project.run("--resume", "@fails")
    assert done.code == 1
    assert name in done.err
    assert own.read_text() == "mine"


WRITERS = {
    ".artifacts": lambda store: writable(make_store(store)),
    ".artifacts/a": lambda store: LocalRoot(Path(store, ".artifacts")).publish(
        "a", None, lambda *_: {"manifest.json": b"{}"}
    ),
    ".artifacts/a/aliases": lambda store: LocalRoot(Path(store, ".artifacts")).write(
        "a/aliases/b", b"v1"
    ),
    ".claims": lambda store: make_store(store).claim("a", {"run.json": b"{}"}),
    ".claims/ranks-a": lambda store: Meeting(f"{store}/.claims/ranks-a", 0, 2).answer("a", {}, 0),
    ".code": lambda store: Sources(store, store)._keep(b"a"),
    ".jobs": lambda store: new_record(store, "a", LocalExecutor()),
    ".smoke": lambda store: make_store(store).claim("a", {"run.json": b"{}"}, smoke=True),
    ".snapshots": lambda store: take_snapshot(str(Path(__file__).parent), store),
    "a.1/attempts": lambda store: resume(RunFolder(f"{store}/a.1"), Plain(size=1)),
    "a.1/launches": lambda store: claim_attempt(RunFolder(f"{store}/a.1"), "a", LOCAL, 1, 0),
    "a.1/trackers": lambda store: write_progress(RunFolder(f"{store}/a.1"), "wandb", Progress()),
}


@pytest.mark.parametrize("place", WRITERS)
def test_no_link_of_another_user_is_written_through(place, tmp_path, monkeypatch):
    own, link = tmp_path / "own", tmp_path / "runs" / place
    own.mkdir()
    link.parent.mkdir(parents=True)
    link.symlink_to(own)
    with monkeypatch.context() as patch:
        patch.setattr(atomic_files, "_user", lambda: os.lstat(link).st_uid + 1)
        with pytest.raises((OSError, PConfigError), match=r"must not be a link|is a link"):
            WRITERS[place](str(tmp_path / "runs"))
    assert not list(own.iterdir())
    link.unlink()
    WRITERS[place](str(tmp_path / "runs"))
    assert link.is_dir() or place == ".claims/ranks-a"  # which is left empty, and removed


@pytest.mark.parametrize("place", [".artifacts", ".artifacts/a", ".code", ".jobs", ".snapshots"])
def test_what_one_has_moved_and_linked_is_written_to(place, tmp_path):
    moved, link = tmp_path / "disk", tmp_path / "runs" / place
    moved.mkdir()
    link.parent.mkdir(parents=True)
    link.symlink_to(moved)
    WRITERS[place](str(tmp_path / "runs"))
    assert list(moved.iterdir()) or place == ".artifacts"  # which is only opened
    assert link.is_symlink()


def test_a_detached_launch_logs_through_no_link(tmp_path):
    (tmp_path / "own").write_text("mine")
    (tmp_path / "log").symlink_to(tmp_path / "own")
    with pytest.raises(OSError, match="log"):
        start_detached([sys.executable, "-c", "print(1)"], str(tmp_path / "log"))
    assert (tmp_path / "own").read_text() == "mine"


@pytest.mark.parametrize("digits", [10, 240])
def test_absurd_numbers_of_others_are_not_counted_on(digits, tmp_path):
    store, nines = make_store(str(tmp_path)), "9" * digits
    for name in ("a.1", f"a.{nines}", f".artifacts/a/v{nines}", "a.1/launches"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / f"a.1/launches/{nines}.json").touch()
    (tmp_path / f".artifacts/a/v{nines}/manifest.json").touch()
    assert store.claim("a", {"run.json": b"{}"}) == str(tmp_path / "a.2")
    runs = [RunFolder(str(tmp_path / name)) for name in store.names()]
    assert next_number(runs, "a") == 3
    assert last_number(runs[0]) == 0
    root = LocalRoot(tmp_path / ".artifacts")
    assert root.publish("a", None, lambda *_: {"manifest.json": b"{}"}) == "v1"
    assert newest_version(root, "a") == "v1"


def test_no_version_follows_the_largest(tmp_path):
    (tmp_path / "a/v999999999").mkdir(parents=True)
    with limits(5.0), pytest.raises(ArtifactError, match="no version can follow v999999999"):
        LocalRoot(tmp_path).publish("a", None, lambda *_: {"manifest.json": b"{}"})


PLANTED = [b"", b"[]", b"1", b"[" * 100_000, b'{"word": 1}', b'{"word": "a", "to": []}', b"\xff"]


@pytest.mark.parametrize("content", [*PLANTED, None])
def test_ranks_read_no_word_that_ranks_do_not_write(content, tmp_path, monkeypatch):
    """Each file that another rank may have written is planted before it does; None is a FIFO."""
    folder = tmp_path / "claims" / "ranks-a"
    folder.mkdir(parents=True)
    for name in ("a.json", "a.data.json", "a.r1.json"):
        os.mkfifo(folder / name) if content is None else (folder / name).write_bytes(content)
    asking, answering = Meeting(str(folder), 1, 2), Meeting(str(folder), 0, 2)
    with limits(10.0):
        assert answering.answer("a", {"b": 1}, 0.0) == []
        for name in ("a.json", "a.data.json"):
            os.mkfifo(folder / name) if content is None else (folder / name).write_bytes(content)
        monkeypatch.setattr(ranks, "PATIENCE", 0.0)
        with pytest.raises(RankError, match="has waited"):
            asking.ask("a")


@pytest.mark.parametrize("before", ["left", "link"])
def test_drafts_are_new_files(before, tmp_path):
    own, draft = tmp_path / "own", tmp_path / f"a.json.{os.getpid()}.tmp"
    own.write_text("mine")
    draft.write_text("left" * 10) if before == "left" else draft.symlink_to(own)
    RunFolder(str(tmp_path)).write("a.json", {"b": 1})
    assert read(tmp_path / "a.json") == {"b": 1}
    assert own.read_text() == "mine"
    assert not draft.exists()


def test_a_log_that_is_a_fifo_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "log.txt")
    with limits(2.0), pytest.raises(OSError, match=r"log\.txt"):
        LogFile(str(tmp_path / "log.txt"), Masker([]))


@pytest.mark.parametrize(("ahead", "held"), [(-120, False), (0, True), (3600, True), (1e6, False)])
def test_a_claim_with_a_time_far_ahead_holds_nothing(ahead, held):
    """It is of another machine, whose clock was wrong, or of this one, whose clock was."""
    process = {**process_facts(), "host": "elsewhere"}
    claim = Claim(1, "launch", LOCAL, 1, process, time.time() + ahead)
    assert is_held(claim, Status({"state": "queued"})) is held


@pytest.mark.parametrize(("ahead", "left"), [(-120, True), (0, False), (3600, False), (1e6, True)])
def test_the_claim_of_an_attempt_far_ahead_is_a_leftover(ahead, left, tmp_path):
    file = tmp_path / "attempts/2.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"process": {**process_facts(), "host": "elsewhere"}}))
    os.utime(file, (time.time() + ahead,) * 2)
    assert recorder._is_leftover(RunFolder(str(tmp_path)), 2) is left


def test_a_run_is_numbered_while_others_are_removed(tmp_path, monkeypatch):
    store = make_store(str(tmp_path))
    (tmp_path / "a.1").mkdir()
    monkeypatch.setattr("os.listdir", lambda folder: (tmp_path / "a.1").exists() and [])
    path = store.claim("a", {"run.json": b"{}"})
    assert path == str(tmp_path / "a.2")


def claimed(folder, launch="launch"):
    """Return the folder of a run with one claim."""
    claim = {"launch": launch, "kind": "slurm", "attempt": 1, "process": process_facts(), "made": 1}
    (folder / "launches").mkdir()
    (folder / "launches/1.json").write_text(json.dumps(claim))
    return RunFolder(str(folder))


def test_a_claim_without_content_may_have_any_number(tmp_path):
    run = claimed(tmp_path)
    (tmp_path / "launches/99999999999.json").touch()
    with limits(2.0):
        found = last_claim(run)
    assert found is not None
    assert found.number == 1


@pytest.mark.parametrize("kind", ["tests.__main__.x", "builtins.print", "tests.limits.Path"])
def test_an_executor_of_a_record_is_a_class_of_executors(kind, tmp_path):
    with pytest.raises(TargetError):
        LaunchRecord(tmp_path, kind, {}).engine()


@pytest.mark.parametrize(
    ("name", "handles"), [("a", {"run": ["1"]}), ("../.jobs/a", {}), ("/a", {}), ("", {})]
)
def test_records_of_launches_that_no_launch_wrote_are_none(name, handles, tmp_path):
    folder = tmp_path / ".jobs" / "a"
    folder.mkdir(parents=True)
    data = {"kind": "slurm", "executor": {}, "handles": handles, "process": process_facts()}
    for file in (folder / "engine.json", folder.parent / "engine.json"):
        file.write_text(json.dumps(data))
    assert open_record(str(tmp_path), name) is None


def test_handles_do_not_become_options_of_slurm(monkeypatch):
    called = []
    monkeypatch.setattr(
        slurm_queue, "call", lambda words: called.append(words) or Answer(0, "", "")
    )
    slurm_queue.cancel(["--me", "12", "13_4", "-u root"])
    assert called == [["scancel", "12", "13_4"]]


def test_cleaning_reads_a_list_of_jobs_that_is_damaged(project):
    project.run("--record", "lab.first")
    jobs = project.write("runs/.jobs/a/jobs.jsonl", "")
    jobs.write_bytes(b"\xff\xfe")
    assert project.runs("clean", "--older", "1000d", "--yes").code == 0
    jobs.unlink()
    os.mkfifo(jobs)
    done = project.runs("clean", "--older", "1000d", "--yes")
    assert "it must be a regular file" in done.err
