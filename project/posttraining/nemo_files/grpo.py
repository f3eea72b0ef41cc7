"""Sections `grpo` and `reward_penalties`."""

from __future__ import annotations

from typing import Any

from pconfigs import (
    Omitted,
    PConfig,
    Pin,
    pconfig,
    pdefaults,
    pinputs,
    pproperty,
    psetter,
)


@pconfig
class RewardShapingConfig(PConfig):
    """Rewards that fall with the length of an answer."""

    enabled: bool
    overlong_buffer_length: int
    overlong_buffer_penalty: int
    max_response_length: Omitted[int]
    stop_properly_penalty_coef: float | None


pdefaults += RewardShapingConfig(
    enabled=False,
    overlong_buffer_length=128,
    overlong_buffer_penalty=1,
    max_response_length=Omitted,
    stop_properly_penalty_coef=None,
)


@pconfig
class AdvEstimatorConfig(PConfig):
    """How advantages are estimated."""

    name: str
    normalize_rewards: Omitted[bool]
    use_leave_one_out_baseline: Omitted[bool]
    minus_baseline: bool


pdefaults += AdvEstimatorConfig(
    name="grpo",
    normalize_rewards=Omitted,
    use_leave_one_out_baseline=Omitted,
    minus_baseline=True,
)


@pconfig
class RewardScalingConfig(PConfig):
    """Rewards mapped from one range to another."""

    enabled: bool
    source_min: float
    source_max: float
    target_min: float
    target_max: float


pdefaults += RewardScalingConfig(
    enabled=False, source_min=0.0, source_max=1.0, target_min=0.0, target_max=1.0
)


@pconfig
class AsyncGrpoConfig(PConfig):
    """Training on answers of earlier policies."""

    enabled: bool
    max_trajectory_age_steps: int
    max_generation_failures: int
    in_flight_weight_updates: bool
    recompute_kv_cache_after_weight_updates: bool


pdefaults += AsyncGrpoConfig(
    enabled=False,
    max_trajectory_age_steps=1,
    max_generation_failures=0,
    in_flight_weight_updates=False,
    recompute_kv_cache_after_weight_updates=False,
)


@pconfig
class GrpoConfig(PConfig):
    """Group-relative policy optimization."""

    num_prompts_per_step: int
    """Prompts per step."""
    num_generations_per_prompt: int
    """Answers that are sampled for each prompt."""
    max_rollout_turns: int
    max_num_epochs: int
    """Passes over the data after which training ends."""
    max_num_steps: int
    """Steps after which training ends."""
    normalize_rewards: bool
    """Divide advantages by the standard deviation of their group."""
    use_leave_one_out_baseline: bool
    """Compare each answer with the mean of the others."""
    val_period: int
    """Steps between validations."""
    val_start_at: int
    val_at_start: bool
    val_at_end: bool
    overlong_filtering: bool
    advantage_clip_low: float | None
    advantage_clip_high: float | None
    max_val_samples: int
    val_num_generations_per_prompt: int
    stop_at_validation_metric: str | None
    stop_at_validation_threshold: float | None
    val_batch_size: int
    seed: int
    """Seed of the run."""
    use_dynamic_sampling: bool
    dynamic_sampling_max_gen_batches: int
    batch_multiplier: float
    reward_shaping: RewardShapingConfig
    adv_estimator: AdvEstimatorConfig
    reward_scaling: RewardScalingConfig
    seq_logprob_error_threshold: float | None
    invalid_tool_call_advantage: float | None
    malformed_thinking_advantage: float | None
    async_grpo: AsyncGrpoConfig

    @pproperty(fixup=True)
    def adv_estimator(self) -> AdvEstimatorConfig:
        """Give `adv_estimator` the values that follow from others, where none are given."""
        given = pinputs(self).adv_estimator
        with psetter(given) as adv_estimator:
            adv_estimator.normalize_rewards = Pin(self.normalize_rewards)
            adv_estimator.use_leave_one_out_baseline = Pin(self.use_leave_one_out_baseline)
        return adv_estimator.config


pdefaults += GrpoConfig(
    num_prompts_per_step=32,
    num_generations_per_prompt=16,
    max_rollout_turns=1,
    max_num_epochs=1,
    max_num_steps=1000000,
    normalize_rewards=True,
    use_leave_one_out_baseline=True,
    val_period=10,
    val_start_at=-1,
    val_at_start=False,
    val_at_end=False,
    overlong_filtering=False,
    advantage_clip_low=None,
    advantage_clip_high=None,
    max_val_samples=256,
    val_num_generations_per_prompt=1,
    stop_at_validation_metric=None,
    stop_at_validation_threshold=None,
    val_batch_size=256,
    seed=42,
    use_dynamic_sampling=False,
    dynamic_sampling_max_gen_batches=10,
    batch_multiplier=1,
    reward_shaping=RewardShapingConfig(),
    adv_estimator=AdvEstimatorConfig(),
    reward_scaling=RewardScalingConfig(),
    seq_logprob_error_threshold=None,
    invalid_tool_call_advantage=None,
    malformed_thinking_advantage=None,
    async_grpo=AsyncGrpoConfig(),
)


@pconfig
class RewardPenaltiesConfig(PConfig):
    """Answers whose reward is taken away."""

    penalize_duplicated_reasoning: bool
    penalize_empty_final_answer: bool
    penalize_unwanted_tokens: bool
    penalize_malformed_think_tag: bool
    token_ids: dict[str, Any] | None


pdefaults += RewardPenaltiesConfig(
    penalize_duplicated_reasoning=False,
    penalize_empty_final_answer=False,
    penalize_unwanted_tokens=False,
    penalize_malformed_think_tag=False,
    token_ids=None,
)
