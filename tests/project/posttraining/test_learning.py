"""Whole runs: they learn, each in its way."""

from __future__ import annotations

import numpy as np
import pytest

from pconfigs import pset, psmoke
from project.posttraining.experiments import dpo, grpo, sft

EXPERIMENTS = pytest.mark.parametrize("experiment", [grpo, sft, dpo], ids=["grpo", "sft", "dpo"])
SHORT = psmoke(grpo.config)


def curve(config, metric):
    """One metric of every step of a run."""
    return [metrics[metric] for metrics in config.construct().train()]


def test_rewards_rise():
    """GRPO goes from chance (a tenth of the digits) to nearly all."""
    rewards = curve(grpo.config, "train:reward")
    assert np.mean(rewards[:5]) < 0.15
    assert np.mean(rewards[-5:]) > 0.9


@pytest.mark.parametrize("normalize_rewards", [True, False])
@pytest.mark.parametrize("use_leave_one_out_baseline", [True, False])
def test_every_kind_of_advantage_learns(normalize_rewards, use_leave_one_out_baseline):
    """Whatever the baseline and the scale, the reward doubles in 40 steps."""
    config = pset(
        grpo.config,
        {
            "grpo.max_num_steps": 40,
            "grpo.normalize_rewards": normalize_rewards,
            "grpo.use_leave_one_out_baseline": use_leave_one_out_baseline,
        },
    )
    rewards = curve(config, "train:reward")
    assert np.mean(rewards[-5:]) > 2 * np.mean(rewards[:5])


def test_supervised_loss_falls():
    """SFT goes from two free digits, log 100, to nearly none."""
    losses = curve(sft.config, "train:loss")
    assert losses[0] == pytest.approx(np.log(100))
    assert np.mean(losses[-5:]) < 0.3


def test_preference_loss_falls():
    """DPO goes from indifference, log 2, to a clear preference."""
    losses = curve(dpo.config, "train:loss")
    assert losses[0] == pytest.approx(np.log(2))
    assert np.mean(losses[-5:]) < 0.45


def test_a_larger_beta_is_satisfied_with_less():
    """A strong pull to the reference stops at a smaller margin for the same loss."""
    weak, strong = (
        curve(pset(dpo.config, {"dpo.beta": beta}), "train:loss")[-1] for beta in (0.05, 0.5)
    )
    assert strong < weak - 0.2


@EXPERIMENTS
def test_everything_is_answered_right_in_the_end(experiment):
    """The likeliest answers of a trained policy are the right ones."""
    *_, last = experiment.config.construct().train()
    assert last["val:accuracy"] > 0.95


def test_a_run_prints_a_line_a_step(capsys):
    """Three steps, the last one validated."""
    assert SHORT.construct().main() is None
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["step=1", "step=2", "step=3"]
    assert "val:accuracy=" in lines[-1]


def test_checkpoints_are_saved_when_due_and_in_the_end(tmp_path):
    """Every second step, and the last; without a metric all of them stay."""
    saving = {"enabled": True, "checkpoint_dir": str(tmp_path), "save_period": 2}
    saving |= {"keep_top_k": None, "metric_name": None}
    config = pset(SHORT, {f"checkpointing.{name}": value for name, value in saving.items()})
    list(config.construct().train())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step_2.npy", "step_3.npy"]


def test_the_same_seed_gives_the_same_run():
    """Runs share nothing but their config; another seed is another run."""
    first, again = (curve(SHORT, "train:reward") for _ in range(2))
    assert first == again
    assert curve(pset(SHORT, {"grpo.seed": 43}), "train:reward") != first


def test_several_updates_in_a_step():
    """A smaller global batch gives more updates for the same samples."""
    run = pset(SHORT, {"policy.train_global_batch_size": 256}).construct()
    list(run.train())
    assert run.optimizer.steps == 3 * 2


def test_validation_at_the_start_comes_before_any_step():
    """An untrained policy answers 0 everywhere: only 0 + 0 is right."""
    first = next(pset(SHORT, {"grpo.val_at_start": True}).construct().train())
    assert first == {"step": 0, "val:accuracy": 0.01}


@pytest.mark.parametrize(("length", "left"), [(10.0, 2.0), (1.0, 1.0), (0.0, 0.0)])
def test_long_gradients_are_shortened(length, left):
    """Longer ones than the limit keep their direction; the optimizer's mean shows what it met."""
    run = pset(SHORT, {"policy.max_grad_norm": 2.0}).construct()
    gradient = np.zeros_like(run.policy.logits)
    gradient[0, 0, :2] = 0.6 * length, -0.8 * length
    run.ascend(gradient)
    assert run.optimizer.mean[0, 0, :2] == pytest.approx([-0.06 * left, 0.08 * left])
