"""Sections `sft` and `dpo`."""

from __future__ import annotations

from pconfigs import Omitted, PConfig, pconfig, pdefaults, pinputs, pproperty


@pconfig
class SftConfig(PConfig):
    """Supervised fine-tuning."""

    max_num_epochs: int
    max_num_steps: int
    val_period: int
    val_batches: int
    val_global_batch_size: int
    val_micro_batch_size: int
    val_at_start: bool
    val_at_end: bool
    seed: int
    only_unmask_final: bool


pdefaults += SftConfig(
    max_num_epochs=1,
    max_num_steps=60,
    val_period=10,
    val_batches=8,
    val_global_batch_size=32,
    val_micro_batch_size=1,
    val_at_start=True,
    val_at_end=False,
    seed=42,
    only_unmask_final=False,
)


@pconfig
class DpoConfig(PConfig):
    """Direct preference optimization."""

    max_num_epochs: int
    max_num_steps: int
    val_period: int
    val_batches: int
    val_global_batch_size: int
    val_micro_batch_size: int
    val_at_start: bool
    val_at_end: bool
    seed: int
    reference_policy_kl_penalty: float
    preference_average_log_probs: bool
    sft_average_log_probs: Omitted[bool]
    preference_loss_weight: int
    sft_loss_weight: float

    @pproperty(fixup=True)
    def sft_average_log_probs(self) -> bool:
        """Follow `preference_average_log_probs` unless given."""
        given = pinputs(self).sft_average_log_probs
        return self.preference_average_log_probs if given is Omitted else given


pdefaults += DpoConfig(
    max_num_epochs=1,
    max_num_steps=150,
    val_period=25,
    val_batches=8,
    val_global_batch_size=8,
    val_micro_batch_size=1,
    val_at_start=True,
    val_at_end=False,
    seed=42,
    reference_policy_kl_penalty=0.05,
    preference_average_log_probs=False,
    sft_average_log_probs=Omitted,
    preference_loss_weight=1,
    sft_loss_weight=0,
)
