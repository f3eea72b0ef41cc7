"""Saving replaces files whole, and fingerprints and labels tell configs apart."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pconfigs import (
    NoEffect,
    Secret,
    pconfig,
    pdefaults,
    pdump,
    pfingerprint,
    pflat,
    plabel,
    pload_file,
    psave,
)
from pconfigs.errors import UnsavableError
from tests.models.savable import Everything, Part, Trainer, everything

ROOT = Path(__file__).parent.parent.parent

WRITER = """
import os, signal, sys
from pconfigs import psave
from pconfigs import atomic_files as files
from tests.models.savable import Trainer

step = sys.argv[2]
def die(*args):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(files.os, step, die)
psave(Trainer(steps=99), sys.argv[1])
"""


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_writer_that_is_killed_leaves_the_old_file(step, tmp_path):
    file = tmp_path / "config.json"
    psave(Trainer(steps=50), file)
    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(file), step],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert pload_file(file, Trainer).steps == 50
    psave(Trainer(steps=51), file)
    assert pload_file(file, Trainer).steps == 51


def test_a_config_that_cannot_be_saved_leaves_the_old_file(tmp_path):
    file = tmp_path / "config.toml"
    psave(Trainer(), file)
    before = file.read_bytes()
    with pytest.raises(UnsavableError):
        psave(everything(anything=object()), file)
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["config.toml"]


@pytest.mark.skipif(os.name != "posix", reason="about permissions and links")
def test_a_file_keeps_its_permissions_and_a_link_its_target(tmp_path):
    file, link = tmp_path / "c.json", tmp_path / "link.json"
    psave(Trainer(), file)
    file.chmod(0o600)
    link.symlink_to(file)
    psave(Trainer(steps=30), link)
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o600
    assert pload_file(file, Trainer).steps == 30


def fingerprint_elsewhere(seed):
    code = (
        "from pconfigs import pfingerprint; from tests.models.savable import everything;"
        "print(pfingerprint(everything()))"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


def test_a_fingerprint_is_the_same_in_every_process():
    here = pfingerprint(everything())
    assert here == "5f9d5afe2a4a"
    assert {fingerprint_elsewhere("1"), fingerprint_elsewhere("2")} == {here}


def test_equal_configs_have_equal_fingerprints_and_others_have_others():
    assert pfingerprint(Part(width=1, rate=1)) == pfingerprint(Part(width=1, rate=1.0))
    assert pfingerprint(Part(width=1, rate=0.0)) == pfingerprint(Part(width=1, rate=-0.0))
    assert pfingerprint(Part(width=1, rate=1)) != pfingerprint(Part(width=2, rate=1))
    one, other = {"a": 1, "b": 2}, {"b": 2, "a": 1}
    assert pfingerprint(everything(anything=one)) == pfingerprint(everything(anything=other))
    assert pfingerprint(everything(anything=1)) != pfingerprint(everything(anything=True))


def test_what_has_no_effect_is_left_out():
    assert pfingerprint(Trainer(workers=3)) == pfingerprint(Trainer(workers=9))
    assert pfingerprint(Trainer(steps=30)) != pfingerprint(Trainer(steps=31))


def versions(**said):
    """Three versions of one class: first, with a field renamed, with a field added."""

    def first():
        @pconfig
        class Net:
            lr: float

        return Net

    def renamed():
        @pconfig(renamed={"lr": "base_lr"})
        class Net:
            base_lr: float

        return Net

    def added():
        @pconfig(renamed={"lr": "base_lr"}, added={"dropout": 0.0})
        class Net:
            base_lr: float
            dropout: float

        return Net

    classes = [first(), renamed(), added()]
    for cls in classes:
        cls.__qualname__ = "Net"
    return classes


def test_renaming_and_adding_fields_leave_fingerprints_as_they_were():
    first, renamed, added = versions()
    old = pfingerprint(first(lr=0.1))
    assert pfingerprint(renamed(base_lr=0.1)) == old
    assert pfingerprint(added(base_lr=0.1, dropout=0.0)) == old
    assert pfingerprint(added(base_lr=0.1, dropout=0.5)) != old


def test_a_changed_default_changes_the_fingerprint():
    def net(default):
        @pconfig(added={"dropout": 0.0})
        class Net:
            dropout: float

        pdefaults_of = pdefaults
        pdefaults_of += Net(dropout=default)
        return Net

    assert pfingerprint(net(0.0)()) != pfingerprint(net(0.5)())


def test_a_former_name_keeps_the_fingerprint():
    @pconfig
    class Old:
        width: int

    @pconfig(formerly=f"{__name__}.{Old.__qualname__}")
    class New:
        width: int

    assert pfingerprint(Old(width=1)) == pfingerprint(New(width=1))


def test_a_label_shows_what_differs_from_the_base():
    base = Trainer(steps=30)
    label = plabel(Trainer(base, lr=0.5, steps=40))
    assert label.rpartition("-")[0] == "lr=0.5,steps=40"
    assert plabel(base).rpartition("-") == ("steps=30", "-", pfingerprint(base)[:6])
    assert plabel(Trainer()) == pfingerprint(Trainer())[:6]
    assert plabel(everything()).startswith("Everything-")


def test_a_label_of_another_class_than_the_base_names_it():
    @pconfig
    class Longer(Trainer):
        extra: int

    base = Trainer(steps=30)
    label = plabel(Longer(base, extra=3, steps=40))
    assert label.rpartition("-")[0] == "class=Longer,extra=3,steps=40"


def test_a_label_is_a_file_name():
    @pconfig
    class Named:
        name: str

    config = Named(Named(name=""), name="a/b: c*?" + "x" * 200)
    assert len(plabel(config)) <= 107
    assert not set(plabel(config)) & set('/\\:*?"<>| \n')


def test_flat_keys_hold_what_trackers_take():
    flat = pflat(everything())
    assert flat["part.class"] == "Wide"
    assert flat["parts.0.width"] == 1
    assert flat["by_name.a.rate"] == 0.5
    assert flat["path"] == "data/x"
    assert flat["color"] == "green"
    assert flat["point"] == [1, 2.0]
    assert "token" not in pflat(Trainer())
    for value in flat.values():
        assert isinstance(value, (int, float, str, bool, list, type(None)))


def test_no_effect_is_saved_all_the_same():
    @pconfig
    class Run:
        workers: NoEffect[int]

    assert pdump(Run(workers=3))["workers"] == 3


def test_half_of_a_surrogate_pair_is_saved_as_json(tmp_path):
    config = everything(anything="\ud800")
    psave(config, tmp_path / "c.json")
    assert pload_file(tmp_path / "c.json", Everything) == config


def test_what_cannot_be_written_is_given_the_file_that_was_asked_for(tmp_path):
    """Not of the temporary one that is written first."""
    file = tmp_path / "nowhere" / "config.json"
    with pytest.raises(FileNotFoundError) as caught:
        psave(Trainer(), file)
    assert str(caught.value.filename) == str(file)


def test_secrets_leave_fingerprints_as_they_are():
    """A token that is renewed changes no result, and a hash of a short one would reveal it."""

    @pconfig
    class KeyConfig:
        token: Secret[str]
        size: int

    config = KeyConfig(token="a", size=1)
    assert pfingerprint(KeyConfig(config, token="b")) == pfingerprint(config)
    assert pfingerprint(KeyConfig(config, size=2)) != pfingerprint(config)


SETS = """
from enum import Enum
from pconfigs import pconfig, plabel, pdefaults
class Side(Enum):
    left = 0
    right = 1
@pconfig
class BagConfig:
    words: set[str]
    sides: set[Side]
    call: object
pdefaults += BagConfig(words=set(), sides=set(), call=None)
print(plabel(BagConfig(words={"a", "b", "c", "d"}, sides=set(Side), call=print)))
"""


def test_labels_are_the_same_in_every_process():
    """Whatever hashes do to the order of sets, and addresses about functions."""
    labels = {
        subprocess.run(
            [sys.executable, "-c", SETS], capture_output=True, text=True, timeout=60, check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
        ).stdout
        for seed in "0123"
    }  # fmt: skip
    assert len(labels) == 1


def test_keys_that_would_be_the_same_are_kept_apart():
    @pconfig
    class Losses:
        loss: dict[Any, Any]

    config = Losses(loss={"a.b": 1, "a": {"b": 2}, 1: "int", "1": "text", "c": 3})
    assert pflat(config) == {
        "loss['a.b']": 1, "loss.a.b": 2, "loss[1]": "int", "loss['1']": "text", "loss.c": 3,
    }  # fmt: skip
