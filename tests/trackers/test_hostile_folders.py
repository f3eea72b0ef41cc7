"""Folders of runs that others have written to, that are damaged, removed, or on a full disk."""

import shutil
from pathlib import Path

import pytest

from pconfigs.errors import TrackerError
from pconfigs.runs.capture.followers import start_followers
from pconfigs.trackers import follower as module
from pconfigs.trackers.follower import PATIENCE, Follower
from pconfigs.trackers.progress import read_progress


def follower(run, service, *during):
    """A follower that does one thing of `during` each time it would wait."""
    steps = iter(during)
    return Follower(run.folder, "mlflow", service.client, lambda _: next(steps)())


@pytest.mark.parametrize(
    "name", ["log.txt", "config.json", "metrics.jsonl", "wandb", "trackers", "trackers/tensorboard"]
)
def test_what_links_lead_to_is_neither_sent_nor_removed(run, service, tmp_path, name, capsys):
    own = tmp_path / "own"
    (own / "tensorboard").mkdir(parents=True)
    (own / "tensorboard" / "file").write_text("a secret")
    run.log((0, {"loss": 1.0}))
    run.end()
    place = Path(run.folder.file(name))
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(own if place.suffix == "" else own / "tensorboard" / "file")
    before = sorted(own.rglob("*"))
    with pytest.raises(TrackerError, match=rf"{name}: it must not be a link(.|\n)*replace it"):
        follower(run, service).sync()
    with pytest.raises(TrackerError):
        follower(run, service).follow()
    start_followers(run.folder, ["tensorboard"])
    assert "nothing is sent to tensorboard" in capsys.readouterr().err
    assert (service.opened, sorted(own.rglob("*"))) == ([], before)


def test_files_of_a_run_may_be_on_another_disk(run, service, tmp_path):
    (tmp_path / "disk").mkdir()
    Path(run.folder.files).symlink_to(tmp_path / "disk")
    run.end()
    assert follower(run, service).follow()


def test_a_run_that_was_removed_is_not_made_again(run, service):
    run.log((0, {"loss": 1.0}))
    assert not follower(run, service, lambda: shutil.rmtree(run.folder.path)).follow()
    assert not follower(run, service).follow()
    assert len(service.opened) == 1
    assert service.closed == []
    assert not Path(run.folder.path).exists()


def test_a_run_that_is_removed_while_a_service_is_away_is_not_made_again(run, service):
    service.fails = 100
    assert not follower(run, service, lambda: shutil.rmtree(run.folder.path)).follow()
    assert not Path(run.folder.path).exists()


def test_a_follower_goes_on_when_there_is_place_on_the_disk_again(run, service, monkeypatch):
    places = iter([True, False, False, False, True])
    write = module.write_progress

    def write_if_there_is_place(*given):
        if not next(places, True):
            raise OSError(28, "No space left on device")
        write(*given)

    monkeypatch.setattr(module, "write_progress", write_if_there_is_place)
    run.log((0, {"loss": 1.0}))
    assert follower(run, service, lambda: None, run.end, run.end).follow()
    assert {row.number for row in service.rows} == {0}
    assert read_progress(run.folder, "mlflow").rows == 1


def test_a_record_that_cannot_be_read_for_a_while_ends_no_follower(run, service):
    status = Path(run.folder.file("status.json"))

    def damage():
        status.write_text("{")

    assert follower(run, service, damage, lambda: None, run.end).follow()
    assert len(service.closed) == 1


def test_a_follower_of_a_record_that_stays_damaged_ends(run, service, monkeypatch):
    Path(run.folder.file("status.json")).write_text("{")
    clock = iter([1.0, PATIENCE / 2, PATIENCE + 2.0])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(clock))
    assert not follower(run, service, lambda: None, lambda: None, lambda: None).follow()
    assert "StoreError" in read_progress(run.folder, "mlflow").problem
