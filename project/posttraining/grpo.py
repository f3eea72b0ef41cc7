"""Section `grpo`, and the run of it: group-relative policy optimization."""

from __future__ import annotations

import numpy as np

from pconfigs import PConfig, Pinned, pcheck, pconfig, pconfiged, pdefaults, pproperty
from project.posttraining.algorithm import AlgorithmConfig
from project.posttraining.constraints import Count
from project.posttraining.run import Metrics, Run, RunConfig
from project.posttraining.tabular import Floats


def advantages(
    rewards: Floats, *, normalize_rewards: bool, use_leave_one_out_baseline: bool
) -> Floats:
    """Return how much better each answer is than others to the same prompt.

    Args:
        rewards: Shape (prompts, generations), at least two generations.
        normalize_rewards: Divide by the standard deviation of each prompt's rewards.
        use_leave_one_out_baseline: Compare with the mean of the others, not of all.

    Returns:
        Shape of `rewards`; 0 where all answers to a prompt are equally good.

    Source: Shao et al., DeepSeekMath (2024), section 4.1; the baseline: Kool et al. (2019).
    """
    generations = rewards.shape[1]
    baseline = rewards.mean(axis=1, keepdims=True)
    if use_leave_one_out_baseline:
        baseline = (generations * baseline - rewards) / (generations - 1)
    advantage = rewards - baseline
    if normalize_rewards:
        spread = rewards.std(axis=1, ddof=1, keepdims=True)
        advantage = np.divide(advantage, spread, out=np.zeros_like(advantage), where=spread > 1e-9)
    return advantage


@pconfig
class GRPOConfig(AlgorithmConfig):
    """Settings of GRPO."""

    NAME = "grpo"
    METRICS = {"train:reward": True, "val:accuracy": True}

    num_prompts_per_step: Count
    """Prompts per step."""
    num_generations_per_prompt: Count
    """Answers that are sampled for each prompt, and compared with one another."""
    normalize_rewards: bool
    """Divide advantages by the standard deviation of their prompt's rewards."""
    use_leave_one_out_baseline: bool
    """Compare each answer with the mean of the others, not of all."""
    batch_size: Pinned[int]
    """Prompts: each is an example."""

    @pproperty
    def batch_size(self) -> int:
        """A prompt is an example."""
        return self.num_prompts_per_step

    @pproperty
    def samples_per_step(self) -> int:
        """Every answer is trained on."""
        return self.num_prompts_per_step * self.num_generations_per_prompt

    @pcheck
    def answers_can_be_compared(self) -> None:
        """A group of one has no advantages: it would learn nothing."""
        if self.num_generations_per_prompt == 1:
            raise ValueError("num_generations_per_prompt is 1: advantages compare at least 2")


@pconfiged(runnable=True)
class GRPORun(Run["GRPORunConfig"]):
    """Samples answers, and makes those likelier that beat the others of their prompt."""

    config: GRPORunConfig

    def step(self) -> Metrics:
        """Sample a group for every prompt of a batch, then update on the global batches of it.

        Gradients are those at temperature 1, whatever the answers were sampled at.
        """
        grpo, generation = self.config.grpo, self.config.policy.generation
        prompts = self.data.batch(self.rng, grpo.num_prompts_per_step)
        prompts = prompts.repeat(grpo.num_generations_per_prompt)
        answers = self.policy.sample(
            prompts,
            self.rng,
            temperature=generation.temperature,
            top_p=generation.top_p,
            top_k=generation.top_k,
        )
        rewards = self.data.reward(prompts, answers)
        weights = advantages(
            rewards.reshape(grpo.num_prompts_per_step, grpo.num_generations_per_prompt),
            normalize_rewards=grpo.normalize_rewards,
            use_leave_one_out_baseline=grpo.use_leave_one_out_baseline,
        ).ravel()
        for batch in self.global_batches():
            self.ascend(self.policy.gradient(prompts[batch], answers[batch], weights[batch]))
        return {"train:reward": float(rewards.mean())}


@pconfig
class GRPORunConfig(RunConfig, PConfig[GRPORun]):
    """A run of GRPO."""

    grpo: GRPOConfig
    """Settings of the algorithm."""

    @property
    def algorithm(self) -> GRPOConfig:
        """The section `grpo`."""
        return self.grpo

    @pcheck
    def answers_differ(self) -> None:
        """Without chance all answers to a prompt are the same, and no advantage is left."""
        generation = self.policy.generation
        if generation.temperature == 0 or generation.top_k == 1:
            raise ValueError(
                "policy.generation always takes the likeliest token "
                f"(temperature {generation.temperature}, top_k {generation.top_k}): "
                "GRPO compares answers that differ"
            )


pdefaults += GRPOConfig(
    num_prompts_per_step=32,
    num_generations_per_prompt=16,
    normalize_rewards=True,
    use_leave_one_out_baseline=True,
)
pdefaults += GRPORunConfig(grpo=GRPOConfig())
