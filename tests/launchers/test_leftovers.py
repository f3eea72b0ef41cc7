"""What cleaning a store removes of launches: records and copies of code that no run refers to."""

import os
import shutil
import time

import pytest

pytestmark = pytest.mark.slow  # each starts several processes


def folders(lab, name):
    return sorted(path.name for path in (lab.folder / "runs" / name).iterdir())


def make_old(lab):
    """Let everything in the store be older than a day."""
    old = time.time() - 100_000
    for name in (".jobs", ".snapshots"):
        for path in (lab.folder / "runs" / name).iterdir():
            os.utime(path, (old, old))


def clean(lab):
    done = lab.run("runs", "clean", "--older", "30d", "--yes")
    assert done.returncode == 0, done.stderr


def test_what_no_run_refers_to_is_removed_once_it_is_old(lab):
    lab.run("run", "lab.rates.listed")
    (lab.folder / "lab" / "more.py").write_text("")
    lab.run("run", "lab.rates.by_name", "--smoke")
    assert [len(folders(lab, name)) for name in (".jobs", ".snapshots")] == [2, 2]
    (lab.folder / "runs" / ".snapshots" / ".draft.1a2b").mkdir()
    make_old(lab)
    clean(lab)  # runs and smoke runs refer to all but the draft
    assert [len(folders(lab, name)) for name in (".jobs", ".snapshots")] == [2, 2]
    for folder in lab.folders():
        shutil.rmtree(folder)
    clean(lab)
    kept = [folders(lab, name) for name in (".jobs", ".snapshots")]
    assert [len(names) for names in kept] == [1, 1]
    assert kept[0][0].startswith("rates.by_name-")
    lab.run("run", "lab.rates.sweep")
    shutil.rmtree(lab.folder / "runs" / ".smoke")
    clean(lab)  # the launch has used its copy today
    assert [len(folders(lab, name)) for name in (".jobs", ".snapshots")] == [1, 1]
    assert lab.run("run", "lab.rates.listed").returncode == 0


def test_code_of_then_is_removed_while_nothing_runs(lab):
    lab.run("run", "lab.rates.config", "--record")
    lab.run("run", "--as-recorded", "@")
    assert len(folders(lab, ".snapshots")) == 2
    (lab.folder / "runs" / ".jobs").mkdir(exist_ok=True)
    make_old(lab)
    status = lab.folders()[0] / "status.json"
    before = status.read_text()
    status.write_text('{"state": "queued", "attempt": 0}')
    clean(lab)
    assert [name for name in folders(lab, ".snapshots") if "-" in name]
    status.write_text(before)
    clean(lab)
    assert folders(lab, ".snapshots") == []
    assert lab.run("run", "--as-recorded", "@").returncode == 0
