"""Summaries in the cache folder change how fast runs are listed, and nothing else."""

import itertools
import json
import os
import shutil
from pathlib import Path

import pytest

from pconfigs.runs.reading import summaries
from pconfigs.runs.store import make_store
from tests.runs.conftest import read


@pytest.fixture
def store(project, tmp_path, monkeypatch):
    """A store of 30 runs that differ, made of one."""
    project.run("--record", "lab.first")
    first = project.only_run()
    for index in range(1, 30):
        folder = project.store / f"first,rate={index}-{index:08x}.1"
        shutil.copytree(first, folder)
        data = {**read(first / "config.json"), "rate": index / 30, "$given": ["rate"]}
        (folder / "config.json").write_text(json.dumps(data))
        status = {**read(first / "status.json"), "last": {"loss": index}, "started": 1e9 + index}
        (folder / "status.json").write_text(json.dumps(status))
    monkeypatch.setattr(summaries, "FEWEST", 10)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return make_store(str(project.store))


def kept(cache):
    """Return what a cache file holds, below its digest."""
    return json.loads(cache.read_text().partition("\n")[2])


def facts(runs):
    return [(run.summary(), sorted(run.given), run.facts, run.when) for run in runs]


def test_runs_are_the_same_from_summaries(store, tmp_path, monkeypatch):
    fresh = facts(summaries.read_runs(store))
    (cache,) = (tmp_path / "cache/pconfigs").iterdir()
    known = summaries.read_runs(store)
    assert {type(run).__name__ for run in known} == {"_SummarizedRun"}
    assert facts(known) == fresh
    monkeypatch.setattr(summaries, "FEWEST", 1000)
    assert facts(summaries.read_runs(store)) == fresh
    assert kept(cache)["format"] == summaries.FORMAT


def test_equal_values_of_other_types_stay_what_they_are(store):
    values = [1, 1.0, True, [1], [1.0], {"a": 1}, {"a": True}, None]
    for name, value in zip(sorted(store.names()), itertools.cycle(values)):
        path = Path(store.folder, name, "config.json")
        path.write_text(json.dumps({**read(path), "rate": value}))

    def values_of_all():
        return {run.id: repr(sorted(run.values.items())) for run in summaries.read_runs(store)}

    fresh = values_of_all()
    assert values_of_all() == fresh


def test_a_run_that_went_on_is_read_again(store):
    summaries.read_runs(store)
    path = Path(store.folder, sorted(store.names())[0], "status.json")
    path.write_text(json.dumps({**read(path), "state": "failed", "last": {"loss": -1.0}}))
    os.utime(path, (1, 1))
    found = {run.id: run for run in summaries.read_runs(store)}
    run = found[path.parent.name]
    assert (run.state, run.last) == ("failed", {"loss": -1.0})


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 99}', "null"])
def test_a_damaged_cache_is_made_anew(store, tmp_path, content):
    fresh = facts(summaries.read_runs(store))
    (cache,) = (tmp_path / "cache/pconfigs").iterdir()
    cache.write_text(content)
    assert facts(summaries.read_runs(store)) == fresh
    assert kept(cache)["runs"]


def test_runs_that_are_gone_leave_the_cache(store, tmp_path):
    summaries.read_runs(store)
    name = sorted(store.names())[0]
    shutil.rmtree(f"{store.folder}/{name}")
    assert name not in {run.id for run in summaries.read_runs(store)}


def test_a_cache_folder_that_cannot_be_written_is_done_without(store, tmp_path):
    (tmp_path / "cache").write_text("in the way")
    assert len(summaries.read_runs(store)) == 30


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace('"done"', '"DONE"', 1),
        lambda text: text[: len(text) // 2],
        lambda text: text.partition("\n")[2],
        lambda text: "",
        lambda text: "[" * 100_000,
    ],
)
def test_a_cache_that_is_damaged_in_any_place_is_made_anew(damage, store, tmp_path):
    fresh = facts(summaries.read_runs(store))
    (cache,) = (tmp_path / "cache/pconfigs").iterdir()
    good = cache.read_text()
    cache.write_text(damage(good))
    assert cache.read_text() != good
    assert facts(summaries.read_runs(store)) == fresh
    assert kept(cache) == json.loads(good.partition("\n")[2])
