"""The part that all runs share: the sections, the ties between them, the loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

import numpy as np

from pconfigs import NoEffect, PConfig, pcheck, pconfig, pdefaults, pinputs, pproperty, prun
from project.posttraining.algorithm import AlgorithmConfig
from project.posttraining.checkpointing import CheckpointingConfig
from project.posttraining.cluster import ClusterConfig
from project.posttraining.constraints import exact_quotient
from project.posttraining.data import VOCABULARY, DataConfig
from project.posttraining.environment import RunEnvironment
from project.posttraining.logger import LoggerConfig
from project.posttraining.policy import PolicyConfig
from project.posttraining.scheduler import learning_rate
from project.posttraining.tabular import Floats, Ints, TabularPolicy

Metrics = dict[str, float]
SomeRunConfig = TypeVar("SomeRunConfig", bound="RunConfig")


class Run(Generic[SomeRunConfig]):
    """A training loop; subclasses define what one step does."""

    config: SomeRunConfig

    def __init__(self) -> None:
        data, policy = self.config.data, self.config.policy
        self.rng = np.random.default_rng(self.config.algorithm.seed)
        self.data = data.construct()
        self.policy = TabularPolicy(data.num_questions, data.answer_length, VOCABULARY)
        self.optimizer = policy.optimizer.construct()
        self.checkpointer = self.config.checkpointing.construct()

    @staticmethod
    def tracker_names(config: RunConfig) -> list[str]:
        """Return the trackers that a run is sent to: those that its logger section enables."""
        return config.logger.trackers

    def main(self, *args: object, **kwargs: object) -> None:
        """Train, with a line for every step."""
        for metrics in self.train():
            print(*(f"{name}={value:.4g}" for name, value in metrics.items()))
            prun.log(metrics, step=int(metrics.pop("step")))
        path = prun.dir / "policy.npy"
        np.save(path, self.policy.logits)
        prun.log_artifact("policy", path, type="model", step=self.config.num_steps)

    def train(self) -> Iterator[Metrics]:
        """Metrics of every step, as soon as it is done; the last is always validated and saved."""
        if self.config.algorithm.val_at_start:
            yield {"step": 0, **self.validate()}
        for step in range(1, self.config.num_steps + 1):
            last = step == self.config.num_steps
            metrics = {"step": step, **self.step()}
            if last or step % self.config.algorithm.val_period == 0:
                metrics |= self.validate()
            if last or step % self.config.checkpointing.save_period == 0:
                self.checkpointer.save(step, self.policy.logits, metrics)
            yield metrics

    def step(self) -> Metrics:
        """Train on one batch; its metrics, by their names in the algorithm's `METRICS`."""
        raise NotImplementedError

    def validate(self) -> Metrics:
        """Count the questions that the policy answers right."""
        size = min(self.config.algorithm.max_val_samples, self.config.data.num_questions)
        questions = np.arange(self.config.data.num_questions)[:size]
        right = self.policy.answer(questions) == self.data.answers[questions]
        return {"val:accuracy": float(right.all(axis=-1).mean())}

    def global_batches(self) -> list[Ints]:
        """Return the samples of one step, by index, shuffled and split into its updates."""
        samples = self.rng.permutation(self.config.algorithm.samples_per_step)
        return np.split(samples, self.config.updates_per_step)

    def ascend(self, gradient: Floats) -> None:
        """Update the policy along `gradient`, shortened and scheduled as configured."""
        config = self.config.policy
        rate = learning_rate(
            config.learning_rate,
            config.scheduler,
            config.schedule_boundaries,
            self.optimizer.steps,
        )
        norm = float(np.linalg.norm(gradient))
        shorter = min(1.0, config.max_grad_norm / max(norm, 1e-12))
        self.optimizer.step(self.policy.logits, -gradient * shorter, rate)


@pconfig
class RunConfig(PConfig):
    """The sections of a run, but that of its algorithm."""

    policy: PolicyConfig
    """The model, its training and its answers."""
    data: DataConfig
    """The training data."""
    checkpointing: NoEffect[CheckpointingConfig]
    """The states that are kept."""
    logger: NoEffect[LoggerConfig]
    """Where a run is logged."""
    cluster: ClusterConfig
    """The machines."""
    environment: RunEnvironment
    """Variables of the machines."""

    @property
    def algorithm(self) -> AlgorithmConfig:
        """The algorithm's own section; what all of them share, where none is chosen."""
        return AlgorithmConfig()

    @pproperty(fixup=True)
    def policy(self) -> PolicyConfig:
        """The given policy, with its global batch."""
        return PolicyConfig(pinputs(self).policy, train_global_batch_size=self.global_batch_size)

    @pproperty(fixup=True)
    def checkpointing(self) -> CheckpointingConfig:
        """The given checkpointing, in a folder named after the algorithm unless it has its own."""
        given = pinputs(self).checkpointing
        return CheckpointingConfig(
            given, checkpoint_dir=given.checkpoint_dir or f"results/{self.algorithm.NAME}"
        )

    @pproperty
    def num_steps(self) -> int:
        """Steps until the first of the algorithm's two limits."""
        algorithm = self.algorithm
        steps_per_epoch = self.data.num_examples // algorithm.batch_size
        return min(algorithm.max_num_steps, algorithm.max_num_epochs * steps_per_epoch)

    @pproperty
    def global_batch_size(self) -> int:
        """Sequences in one optimizer update: all of a step, unless the policy limits them."""
        return pinputs(self).policy.train_global_batch_size or self.algorithm.samples_per_step

    @pproperty
    def updates_per_step(self) -> int:
        """Optimizer updates in one step."""
        return exact_quotient(
            samples_per_step=self.algorithm.samples_per_step,
            train_global_batch_size=self.global_batch_size,
        )

    @pproperty
    def micro_batches_per_global_batch(self) -> int:
        """Forward passes that one optimizer update takes, over all GPUs."""
        return exact_quotient(
            train_global_batch_size=self.global_batch_size,
            train_micro_batch_size=self.policy.train_micro_batch_size,
        )

    @pproperty
    def data_parallel_size(self) -> int:
        """Copies of the model that train side by side."""
        return exact_quotient(
            world_size=self.cluster.world_size,
            model_parallel_size=self.policy.model_parallel_size,
        )

    @pproperty
    def micro_batches_per_device(self) -> int:
        """Forward passes of each copy of the model in one optimizer update."""
        return exact_quotient(
            micro_batches_per_global_batch=self.micro_batches_per_global_batch,
            data_parallel_size=self.data_parallel_size,
        )

    @pcheck
    def there_is_a_step(self) -> None:
        """One step may not need more examples than there are."""
        if self.num_steps == 0:
            raise ValueError(
                f"a step takes {self.algorithm.batch_size} examples, "
                f"but data.num_examples is {self.data.num_examples}"
            )

    @pcheck
    def answers_can_be_generated(self) -> None:
        """The longest answer of the data fits into what may be generated."""
        longest = self.policy.generation.max_new_tokens
        if longest is not None and self.data.answer_length > longest:
            raise ValueError(
                f"data.answer_length {self.data.answer_length} exceeds "
                f"policy.generation.max_new_tokens {longest}"
            )

    @pcheck
    def engines_fit_into_nodes(self) -> None:
        """A vLLM engine spreads over GPUs of one node."""
        if self.policy.generation.backend == "vllm":
            exact_quotient(
                gpus_per_node=self.cluster.gpus_per_node,
                tensor_parallel_size=self.policy.generation.vllm_cfg.tensor_parallel_size,
            )

    @pcheck
    def checkpoints_can_be_ranked(self) -> None:
        """The metric of checkpoints is measured whenever one is saved, and ranks the best first."""
        checkpointing, metric = self.checkpointing, self.checkpointing.metric_name
        if not checkpointing.enabled or metric is None:
            return
        measured = self.algorithm.METRICS
        if metric not in measured:
            raise ValueError(
                f"checkpointing.metric_name {metric!r} is not measured: "
                f"choose one of {', '.join(measured)}"
            )
        if checkpointing.higher_is_better != measured[metric]:
            raise ValueError(
                f"checkpointing.higher_is_better is {checkpointing.higher_is_better}: "
                f"of {metric} that would keep the worst"
            )
        if metric.startswith("val:"):
            exact_quotient(
                save_period=checkpointing.save_period, val_period=self.algorithm.val_period
            )


pdefaults += RunConfig(
    policy=PolicyConfig(),
    data=DataConfig(),
    checkpointing=CheckpointingConfig(),
    logger=LoggerConfig(),
    cluster=ClusterConfig(),
)
