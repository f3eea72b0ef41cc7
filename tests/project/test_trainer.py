"""The trainer example: what its two experiments resolve to and do."""

import os
import re
from pathlib import Path

import pytest

from pconfigs.pinnable import Pinned
from project.experiments.first import config as first
from project.experiments.second import config as second
from project.modules.trainer import Trainer, TrainerConfig


def test_second_experiment_inherits_and_recomputes():
    assert (second.steps, second.base_lr) == (5, 1e-3)
    assert second.effective_batch_size == 8
    middle = [0.0009140576474687264, 0.0006890576474687263, 0.00041094235253127365]
    rates = [0.001, *middle, 0.00018594235253127367, 0.0001]
    assert second.lr_schedule == pytest.approx(rates, abs=1e-12)


def test_first_experiment_is_left_as_it_was():
    assert (first.steps, first.base_lr) == (3, 3e-4)
    assert first.lr_schedule[0] == pytest.approx(3e-4)


def test_default_is_the_first_experiment():
    assert TrainerConfig() == first
    assert TrainerConfig(lr_schedule=Pinned) == first


def test_rates_never_rise():
    rates = TrainerConfig(total_steps=50).lr_schedule
    assert rates == sorted(rates, reverse=True)
    assert len(rates) == 50


@pytest.mark.parametrize("bad", [{"total_steps": 0}, {"min_lr_ratio": 1.5}, {"min_lr_ratio": -0.1}])
def test_bad_schedule_is_refused(bad):
    with pytest.raises(ValueError, match=r"Bad lr_schedule\."):
        TrainerConfig(**bad)


def test_one_step_is_a_schedule():
    assert TrainerConfig(total_steps=1).lr_schedule == pytest.approx([3e-4])


def test_trainer_prints_a_line_for_each_step(capsys):
    trainer = second.construct()
    assert type(trainer) is Trainer
    trainer.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "step=0 lr=0.001"
    assert len(lines) == 5


def _to_twelve_digits(listing):
    """The last digits of a cosine are the machine's."""
    return re.sub(r"\d+\.\d{13,}", lambda found: f"{float(found[0]):.12f}", listing)


@pytest.mark.parametrize("name", ["first", "second"])
def test_experiments_print_as_kept(name, capsys):
    """Set PCONFIGS_UPDATE_GOLDEN=1 to rewrite, and review the change."""
    from pconfigs.cli.main import run_command

    assert run_command("print", [f"project.experiments.{name}.config"]) == 0
    listing = capsys.readouterr().out
    golden = Path(__file__).parents[1] / "golden" / "trainer" / f"{name}.out"
    if os.environ.get("PCONFIGS_UPDATE_GOLDEN"):
        golden.write_text(listing)
    assert _to_twelve_digits(listing) == _to_twelve_digits(golden.read_text())
