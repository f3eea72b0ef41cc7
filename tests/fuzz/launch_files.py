"""Readers of what launches keep and what engines answer, and of what leads out of a store."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import strategies as st

from pconfigs.artifacts.container import parse_mountinfo
from pconfigs.clients.optuna import Dimension, Study
from pconfigs.clients.tracking import Row, TrackedArtifact, TrackedRun, TrackerClient
from pconfigs.errors.runs import RankError
from pconfigs.launchers import claims, leftovers, points, stopping
from pconfigs.launchers.engines import slurm_queue
from pconfigs.launchers.engines.job import Seen
from pconfigs.launchers.recorded_code import recorded_code_folder
from pconfigs.launchers.search import _run_of
from pconfigs.runs import ranks, upkeep
from pconfigs.runs.folder import CODE_FILE, RunFolder
from pconfigs.runs.lineage.location import MOUNTS, places_here
from pconfigs.runs.reading.runs import run_in
from pconfigs.runs.store import open_store
from pconfigs.trackers.follower import Follower
from tests.fuzz.config_data import NOISE
from tests.fuzz.reader import (
    TEXTS,
    Cuts,
    Reader,
    accepts,
    changed,
    cuts,
    mutated,
    nodes,
)
from tests.fuzz.record_files import PROGRESS, encoded, inside, project

NAMES = TEXTS | st.sampled_from(["../x", "/x", "..", "lab", "1", "lab.__main__.x", "ran.config"])
VALUES = nodes(NAMES)
ELSEWHERE = {"pid": 1, "host": "x", "boot": "b", "namespace": "n", "start": 1}
LAUNCH = {
    "claim": {
        "launch": "a", "kind": "slurm", "attempt": 1, "process": ELSEWHERE, "made": 1.0,
    },
    "engine": {
        "kind": "slurm", "executor": {"time": "1:00"}, "handles": {"first": "1"},
        "process": ELSEWHERE,
    },
    "status": {"state": "running", "attempt": 1, "started": 1.0, "process": ELSEWHERE},
    "number": "1",
}  # fmt: skip
STATES = [b"12|RUNNING|None\n", b"12_1|PENDING|Priority\n", b"13|CANCELLED by 0|0:0", b"12;here\n"]
MOUNTINFO = b"36 35 98:0 /mnt1 /mnt2 rw - ext3 /dev/root rw\n37 35 98:0 / /mnt\\0403 rw - ext3 x\n"
ROWS = b'{"time": 1.0, "attempt": 1, "step": 1, "values": {"loss": 0.5}}\n' * 2


class Answered:
    """An engine that has heard of no job."""

    def poll(self, handles: list[str]) -> Mapping[str, Seen]:
        return {handle: Seen("unknown") for handle in handles}

    def cancel(self, handles: list[str]) -> None:
        for handle in handles:
            assert isinstance(handle, str)


class Silent(TrackerClient):
    """A service that takes what it is sent."""

    restarts, buffers = False, False

    def open(self, run: TrackedRun, remembered: Mapping[str, Any]) -> Mapping[str, Any]:
        return remembered

    def send_rows(self, rows: Sequence[Row]) -> None:
        assert all(isinstance(row.number, int) for row in rows)

    def send_artifact(self, artifact: TrackedArtifact, *, consumed: bool) -> None:
        pass

    def close(self, state: str, exit_code: int | None, log: str | None) -> None:
        pass


@contextlib.contextmanager
def store_copy() -> Any:
    """Give a copy of a store in a folder with a file that must stay as it is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "project")
        shutil.copytree(project().folder, folder)
        outside = Path(name, "x")
        outside.write_text("mine")
        with inside(folder):
            yield folder / "runs", next((folder / "runs").glob("first*"))
        assert outside.read_text() == "mine"
        assert sorted(one.name for one in Path(name).iterdir()) == ["project", "x"]


def read_launch(data: dict[str, Any]) -> None:
    """Look at a launched run, stop it, give it up, and clean its store."""
    number = "".join(c for c in repr(data.get("number"))[:60] if c.isalnum()) or "1"
    with tempfile.TemporaryDirectory() as name:
        store, run = Path(name), RunFolder(f"{name}/first-01234567.1")
        for file, content in {
            "store.json": {"schema": 1},
            f"{run.name}/run.json": {"name": "first", "fingerprint": "01234567"},
            f"{run.name}/status.json": data.get("status"),
            f"{run.name}/launches/{number}.json": data.get("claim"),
            ".jobs/a/engine.json": data.get("engine"),
            ".jobs/a/jobs.jsonl": data.get("engine"),
        }.items():
            with contextlib.suppress(OSError, ValueError):
                place = store / file
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(encoded(content))
        opened = open_store(name)
        found = run_in(run.path)
        engine = mock.patch("pconfigs.launchers.records.LaunchRecord.engine", Answered)
        with engine, mock.patch("os.kill"):
            accepts(lambda: list(claims.claims_of(run)))
            if found is not None:
                accepts(lambda: points.Survey(opened).look(run))
                accepts(lambda: list(stopping.stop_runs(opened, [found], whole_sweep=True)))
                accepts(lambda: list(stopping.give_up(opened, [found])))
            accepts(lambda: upkeep.remove(opened, []))
            accepts(lambda: leftovers.remove_leftovers(opened))


def read_answers(given: tuple[bytes, int]) -> None:
    output, code = given
    text = output.decode("utf-8", "replace")
    answer = slurm_queue.Answer(code, text, text)
    with mock.patch.object(slurm_queue, "call", return_value=answer):
        accepts(lambda: [slurm_queue.seen_as(*one) for one in _states()])
    accepts(lambda: slurm_queue.id_of_submitted(text))


def _states() -> list[tuple[str, str]]:
    return list(slurm_queue.states_of(["12", "12_1", "13"])[0].values())


def read_mounts(given: tuple[Any, bytes]) -> None:
    mounts, text = given
    variable = mounts if isinstance(mounts, str) else encoded(mounts).decode()
    with contextlib.suppress(ValueError), mock.patch.dict(os.environ, {MOUNTS: variable}):
        accepts(lambda: (places_here().here("/a/b"), places_here().host("/a/b")))
    accepts(lambda: parse_mountinfo(text.decode("utf-8", "surrogateescape")))


def read_code_of_then(files: Any) -> None:
    """Copy the code of a run whose record names other files; nothing else is written or read."""
    with store_copy() as (store, folder):
        (folder / CODE_FILE).write_bytes(encoded({"files": files}))
        run = run_in(str(folder))
        if run is not None:
            with contextlib.suppress(OSError):
                accepts(lambda: recorded_code_folder(run, str(store.parent)))
        for copy in store.glob(".snapshots/**/*"):
            assert copy.is_dir() or copy.read_bytes() != b"mine"


@cache
def code_of_then() -> dict[str, Any]:
    (folder,) = project().store.glob("first*")
    held: dict[str, Any] = RunFolder(str(folder)).read(CODE_FILE) or {}
    return dict(held["files"])


def read_followed(given: tuple[Any, Cuts]) -> None:
    progress, changes = given
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "runs", "a-01234567.1")
        (folder / "trackers").mkdir(parents=True)
        (folder / "trackers/wandb.json").write_bytes(encoded(progress))
        (folder / "metrics.jsonl").write_bytes(changed(ROWS, changes))
        follower = Follower(RunFolder(str(folder)), "wandb", Silent)
        accepts(follower.sync)


def opened_study(path: str) -> Study:
    space = {"a": Dimension("float", 0, 1), "b": Dimension("choice", 0, 3)}
    return Study(path, "a", maximize=True, space=space, seed=0, prune=None)


@cache
def journal() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        study = opened_study(f"{name}/a")
        for value in (0.5, 0.25):
            trial = study.ask()
            study.note(trial.number, "run", {"of": "x", "by": ELSEWHERE})
            study.tell(trial.number, value)
        study.ask()
        return Path(name, "a").read_bytes()


def read_journal(changes: Cuts) -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name, "a").write_bytes(changed(journal(), changes))
        accepts(lambda: [_run_of(trial) for trial in opened_study(f"{name}/a").trials()])


def read_words(given: tuple[Any, Any, Any]) -> None:
    """Answer, and ask, where the files of other ranks were planted."""

    def planted(rank: int) -> ranks.Meeting:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for file, content in zip(("a.r1", "a", "a.data"), given, strict=True):
            Path(folder, f"{file}.json").write_bytes(encoded(content))
        return ranks.Meeting(folder, rank, 2)

    with tempfile.TemporaryDirectory() as name, mock.patch.object(ranks, "PATIENCE", 0.0):
        folder = f"{name}/.claims/ranks-a"
        accepts(lambda: planted(0).answer("a", {}, 0.0))
        with contextlib.suppress(RankError):
            planted(1).ask("a")


WORDS = (
    {"word": "a", "answer": "b", "problems": ["c"]},
    {"word": "b", "to": {"1": "a"}},
    {"word": "b", "result": 1},
)

READERS = {
    "words of ranks": Reader(st.tuples(*(mutated(one, VALUES) for one in WORDS)), read_words, 0.5),
    "launch": Reader(mutated(LAUNCH, VALUES), read_launch, 0.5),
    "answers of slurm": Reader(
        st.tuples(
            st.lists(st.sampled_from(STATES) | st.binary(max_size=8), max_size=4).map(b"".join),
            st.integers(0, 1),
        ),
        read_answers,
    ),
    "mounts": Reader(
        st.tuples(
            mutated({"/a": "/b"}, VALUES) | TEXTS,
            st.builds(changed, st.just(MOUNTINFO), cuts([b"\\777", b" ", b"\n", b"/"])),
        ),
        read_mounts,
    ),
    "code of then": Reader(
        st.deferred(lambda: mutated(code_of_then(), VALUES)), read_code_of_then, 0.2
    ),
    "followed run": Reader(
        st.tuples(mutated(PROGRESS, VALUES), cuts(NOISE["json"])), read_followed
    ),
    "journal of a search": Reader(cuts(NOISE["json"]), read_journal, 0.3),
}
