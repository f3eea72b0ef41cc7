"""Section `policy`: the model, how it is trained and how it answers."""

from __future__ import annotations

from itertools import accumulate
from typing import Literal

from pconfigs import PConfig, Required, pcheck, pconfig, pdefaults, pinputs, pproperty
from project.posttraining.constraints import Count, Name, Positive, exact_quotient
from project.posttraining.generation import GenerationConfig
from project.posttraining.optimizer import AdamWArguments, OptimizerConfig
from project.posttraining.packing import SequencePackingConfig
from project.posttraining.parallel import DTensorConfig, MegatronConfig
from project.posttraining.scheduler import LinearLRConfig, SchedulerConfig


@pconfig
class PolicyConfig(PConfig):
    """The model and everything that is done to it, whatever the algorithm."""

    model_name: Name
    """Model identifier: a name on the hub, or a path."""
    train_global_batch_size: Count | None
    """Sequences in one optimizer update, over all GPUs; None for all of a step."""
    train_micro_batch_size: Count
    """Sequences in one forward pass of one GPU."""
    max_total_sequence_length: Count
    """Longest prompt and answer together, in tokens."""
    precision: Literal["bfloat16", "float16", "float32"]
    """Number format of the weights."""
    learning_rate: Positive
    """Rate of the optimizer, before its schedule."""
    max_grad_norm: Positive
    """Longer gradients are shortened to this norm."""
    optimizer: OptimizerConfig
    """What turns gradients into updates."""
    scheduler: list[SchedulerConfig]
    """Schedules of the learning rate, one after another."""
    dtensor_cfg: DTensorConfig | None
    """Spread the model with DTensor."""
    megatron_cfg: MegatronConfig | None
    """Spread the model with Megatron-LM."""
    generation: GenerationConfig
    """How the model answers."""
    sequence_packing: SequencePackingConfig
    """How sequences share a place in a batch."""

    @pproperty(fixup=True)
    def optimizer(self) -> OptimizerConfig:
        """The optimizer that was given, at the policy's learning rate."""
        given = pinputs(self).optimizer
        return OptimizerConfig(
            given, kwargs=AdamWArguments(given.kwargs, lr=given.kwargs.lr or self.learning_rate)
        )

    @pproperty(fixup=True)
    def generation(self) -> GenerationConfig:
        """The given generation, with answers as long as sequences unless they are limited."""
        given = pinputs(self).generation
        return GenerationConfig(
            given, max_new_tokens=given.max_new_tokens or self.max_total_sequence_length
        )

    @pproperty
    def tokens_per_micro_batch(self) -> int:
        """Most tokens that one forward pass of one GPU can meet."""
        return self.train_micro_batch_size * self.max_total_sequence_length

    @pproperty
    def schedule_boundaries(self) -> list[int]:
        """First optimizer step after each schedule."""
        return list(accumulate(scheduler.steps for scheduler in self.scheduler))

    @pproperty
    def model_parallel_size(self) -> int:
        """GPUs that hold one copy of the model."""
        backends = [self.dtensor_cfg, self.megatron_cfg]
        sizes = [backend.model_parallel_size for backend in backends if backend and backend.enabled]
        if len(sizes) > 1:
            raise ValueError(
                "dtensor_cfg and megatron_cfg are both enabled: disable one, or leave it out"
            )
        return sizes[0] if sizes else 1

    @pcheck
    def there_is_one_learning_rate(self) -> None:
        """The optimizer's own `lr` may repeat the policy's learning rate, not contradict it."""
        lr = pinputs(self).optimizer.kwargs.lr
        if lr not in (None, self.learning_rate):
            raise ValueError(
                f"optimizer.kwargs.lr is {lr}, but learning_rate is {self.learning_rate}: "
                "set learning_rate, which the optimizer follows"
            )

    @pcheck
    def answers_fit(self) -> None:
        """An answer is part of a sequence."""
        longest = self.generation.max_new_tokens
        if longest is not None and longest > self.max_total_sequence_length:
            raise ValueError(
                f"generation.max_new_tokens {longest} exceeds "
                f"max_total_sequence_length {self.max_total_sequence_length}"
            )

    @pcheck
    def megatron_generates_what_megatron_trains(self) -> None:
        """Megatron can generate only from weights that it holds."""
        trained = self.megatron_cfg is not None and self.megatron_cfg.enabled
        if self.generation.backend == "megatron" and not trained:
            raise ValueError("generation.backend 'megatron' needs an enabled megatron_cfg")

    @pcheck
    def sequences_round_to_themselves(self) -> None:
        """Rounding up may not make a full sequence longer than the longest."""
        if self.sequence_packing.enabled:
            exact_quotient(
                max_total_sequence_length=self.max_total_sequence_length,
                sequence_length_round=self.sequence_packing.sequence_length_round,
            )

    @pcheck
    def contexts_divide(self) -> None:
        """Context parallelism gives each GPU an equal piece of a sequence."""
        if self.dtensor_cfg is not None and self.dtensor_cfg.enabled:
            exact_quotient(
                max_total_sequence_length=self.max_total_sequence_length,
                context_parallel_size=self.dtensor_cfg.context_parallel_size,
            )


pdefaults += PolicyConfig(
    model_name=Required,
    train_global_batch_size=None,
    train_micro_batch_size=4,
    max_total_sequence_length=512,
    precision="bfloat16",
    learning_rate=1e-6,
    max_grad_norm=1.0,
    optimizer=OptimizerConfig(),
    scheduler=[LinearLRConfig()],
    dtensor_cfg=None,
    megatron_cfg=None,
    generation=GenerationConfig(),
    sequence_packing=SequencePackingConfig(),
)
