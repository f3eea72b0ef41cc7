"""The parts that learn, by hand: advantages, losses, gradients, samples, rates, checkpoints."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays

from project.posttraining.checkpointing import CheckpointingConfig
from project.posttraining.data import DataConfig, all_right
from project.posttraining.dpo import preference_loss
from project.posttraining.grpo import advantages
from project.posttraining.optimizer import AdamWArguments, OptimizerConfig
from project.posttraining.scheduler import (
    CosineAnnealingLRArguments,
    CosineAnnealingLRConfig,
    LinearLRArguments,
    LinearLRConfig,
    learning_rate,
)
from project.posttraining.tabular import TabularPolicy


def test_rewards_are_those_of_the_function_that_is_configured():
    """Half of the digits are half a reward, or none."""
    right, half = np.array([1, 8]), np.array([1, 3])
    questions = np.array([99, 99])  # 9 + 9
    for function, expected in ((DataConfig().reward_fn, [1.0, 0.5]), (all_right, [1.0, 0.0])):
        data = DataConfig(reward_fn=function).construct()
        assert data.reward(questions, np.stack([right, half])).tolist() == expected


def test_mistakes_have_one_wrong_digit():
    """Rejected answers are close to the right ones."""
    data = DataConfig().construct()
    questions = np.arange(100)
    wrong = data.mistakes(np.random.default_rng(0), questions)
    assert ((wrong != data.answers).sum(axis=1) == 1).all()
    assert wrong.min() >= 0
    assert wrong.max() <= 9


def test_advantages_by_hand():
    """Two right answers of four: each is compared with the other three, or with all."""
    rewards = np.array([[1.0, 1.0, 0.0, 0.0], [0.5, 0.5, 0.5, 0.5]])
    plain = {"normalize_rewards": False, "use_leave_one_out_baseline": False}
    assert advantages(rewards, **plain).tolist() == [[0.5, 0.5, -0.5, -0.5], [0, 0, 0, 0]]
    others = advantages(rewards, **plain | {"use_leave_one_out_baseline": True})
    assert others[0] == pytest.approx([2 / 3, 2 / 3, -2 / 3, -2 / 3])
    scaled = advantages(rewards, **plain | {"normalize_rewards": True})
    assert scaled[0].std(ddof=1) == pytest.approx(1)
    assert scaled[1].tolist() == [0, 0, 0, 0]


@given(
    rewards=arrays(float, (3, 4), elements=st.integers(0, 4)),
    shift=st.integers(-3, 3),
    normalize_rewards=st.booleans(),
)
def test_advantages_compare_only_within_a_prompt(rewards, shift, normalize_rewards):
    """They cancel out; what all answers gain alike does not count; leaving one out is a scale."""

    def of(rewards, use_leave_one_out_baseline):
        return advantages(
            rewards,
            normalize_rewards=normalize_rewards,
            use_leave_one_out_baseline=use_leave_one_out_baseline,
        )

    plain = of(rewards, False)
    assert plain.sum(axis=1) == pytest.approx(0)
    assert of(rewards + shift, False) == pytest.approx(plain)
    assert of(rewards, True) == pytest.approx(plain * 4 / 3)


def test_the_pull_on_a_margin_is_minus_the_slope_of_the_loss():
    """Checked against a finite difference; far margins neither overflow nor vanish wrongly."""
    margins = np.array([-30.0, -1.0, 0.0, 2.0, 1e4, -1e5])
    losses, pull = preference_loss(margins, 0.5)
    later, _ = preference_loss(margins + 1e-6, 0.5)
    assert pull == pytest.approx((losses - later) / 1e-6, abs=1e-4)
    assert pull[2] == 0.25


def test_gradients_are_slopes():
    """The policy's gradient is the slope of the weighted mean log-probability, logit by logit."""
    rng = np.random.default_rng(0)
    policy = TabularPolicy(3, 2, 4)
    policy.logits += rng.normal(size=policy.logits.shape)
    questions, weights = np.array([0, 2, 2, 1]), np.array([1.0, -0.5, 2.0, 0.3])
    responses = rng.integers(4, size=(4, 2))

    def value():
        return (weights * policy.log_probabilities(questions, responses)).mean()

    gradient, before = policy.gradient(questions, responses, weights), value()
    for place in np.ndindex(gradient.shape):
        policy.logits[place] += 1e-6
        assert gradient[place] == pytest.approx((value() - before) / 1e-6, abs=1e-5)
        policy.logits[place] -= 1e-6


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [0.1, 0.2, 0.3, 0.4]),
        ({"top_k": 2}, [0, 0, 3 / 7, 4 / 7]),
        ({"top_k": 1}, [0, 0, 0, 1]),
        ({"top_p": 0.6}, [0, 0, 3 / 7, 4 / 7]),
        ({"top_p": 0.3}, [0, 0, 0, 1]),
        ({"temperature": 0.5}, [1 / 30, 4 / 30, 9 / 30, 16 / 30]),
    ],
    ids=str,
)
def test_answers_are_drawn_as_configured(settings, expected):
    """Frequencies of 20,000 answers to one question are the probabilities."""
    policy = TabularPolicy(1, 1, 4)
    policy.logits[0, 0] = np.log([0.1, 0.2, 0.3, 0.4])
    drawn = policy.sample(np.zeros(20_000, dtype=int), np.random.default_rng(1), **settings)
    assert np.bincount(drawn[:, 0], minlength=4) / 20_000 == pytest.approx(expected, abs=0.02)


def test_rates_along_two_schedules():
    """Up from a tenth in 10 steps, then down half a cosine of 20, where it stays."""
    up = LinearLRConfig(kwargs=LinearLRArguments(total_iters=10))
    down = CosineAnnealingLRConfig(kwargs=CosineAnnealingLRArguments(T_max=20, eta_min=0.1))
    rates = [learning_rate(1.0, [up, down], [10, 30], step) for step in (0, 5, 10, 20, 30, 99)]
    assert rates == pytest.approx([0.1, 0.55, 1.0, 0.55, 0.1, 0.1])
    assert learning_rate(1.0, [], [], 7) == 1.0
    assert learning_rate(1.0, [up], [10], 99) == 1.0


def test_a_step_of_the_optimizer_by_hand():
    """The first step goes by the rate, whatever the gradient, and shortens the weight."""
    optimizer = OptimizerConfig(kwargs=AdamWArguments(weight_decay=0.5)).construct()
    weights = np.array([1.0, 1.0, 0.0])
    optimizer.step(weights, np.array([5.0, -0.01, 0.0]), rate=0.1)
    assert weights == pytest.approx([1 - 0.1 - 0.05, 1 + 0.1 - 0.05, 0])


def test_the_best_checkpoints_stay(tmp_path):
    """Three of five, by their metric."""
    checkpointer = CheckpointingConfig(checkpoint_dir=str(tmp_path)).construct()
    for step, accuracy in {2: 0.5, 4: 0.9, 6: 0.1, 8: 0.7, 10: 0.2}.items():
        checkpointer.save(step, np.full(2, step), {"val:accuracy": accuracy})
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "step_2.npy",
        "step_4.npy",
        "step_8.npy",
    ]
    assert np.load(tmp_path / "step_4.npy").tolist() == [4, 4]


def test_lower_may_be_better(tmp_path):
    """A loss keeps the smallest."""
    config = CheckpointingConfig(
        checkpoint_dir=str(tmp_path),
        metric_name="train:loss",
        higher_is_better=False,
        keep_top_k=1,
    )
    checkpointer = config.construct()
    for step, loss in enumerate([3.0, 1.0, 2.0], start=1):
        checkpointer.save(step, np.zeros(1), {"train:loss": loss})
    assert [path.name for path in tmp_path.iterdir()] == ["step_2.npy"]
