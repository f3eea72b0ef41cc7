"""Section `loss_fn`: the loss of a policy gradient."""

from __future__ import annotations

from pconfigs import PConfig, pconfig, pdefaults


@pconfig
class LossFnConfig(PConfig):
    """The loss of a policy gradient."""

    reference_policy_kl_penalty: float
    """Weight of the divergence from the reference policy."""
    reference_policy_kl_type: str
    kl_input_clamp_value: float
    kl_output_clamp_value: float
    ratio_clip_min: float
    """How far below 1 the probability ratio may be."""
    ratio_clip_max: float
    """How far above 1 the probability ratio may be."""
    ratio_clip_c: int | None
    use_on_policy_kl_approximation: bool
    use_importance_sampling_correction: bool
    truncated_importance_sampling_type: str | None
    truncated_importance_sampling_ratio: float | None
    truncated_importance_sampling_ratio_min: float | None
    sequence_level_importance_ratios: bool
    token_level_loss: bool
    force_on_policy_ratio: bool
    use_kl_in_reward: bool
    use_cispo: bool
    disable_ppo_ratio: bool
    positive_example_nll_weight: float


pdefaults += LossFnConfig(
    reference_policy_kl_penalty=0.01,
    reference_policy_kl_type="k3",
    kl_input_clamp_value=20.0,
    kl_output_clamp_value=10.0,
    ratio_clip_min=0.2,
    ratio_clip_max=0.2,
    ratio_clip_c=None,
    use_on_policy_kl_approximation=False,
    use_importance_sampling_correction=False,
    truncated_importance_sampling_type=None,
    truncated_importance_sampling_ratio=None,
    truncated_importance_sampling_ratio_min=None,
    sequence_level_importance_ratios=False,
    token_level_loss=True,
    force_on_policy_ratio=False,
    use_kl_in_reward=False,
    use_cispo=False,
    disable_ppo_ratio=False,
    positive_example_nll_weight=0.0,
)
