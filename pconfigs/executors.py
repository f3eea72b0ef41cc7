"""Executors: where runs are started, as configs."""

from pconfigs.launchers.engines.job import Executor as Executor, Job as Job, Seen as Seen
from pconfigs.launchers.engines.local import LocalExecutor as LocalExecutor
from pconfigs.launchers.engines.parts import (
    Container as Container,
    ExecutorConfig as ExecutorConfig,
    Torchrun as Torchrun,
)
from pconfigs.launchers.engines.ray import RayExecutor as RayExecutor
from pconfigs.launchers.engines.slurm import SlurmExecutor as SlurmExecutor

__all__ = [
    "Container",
    "Executor",
    "ExecutorConfig",
    "Job",
    "LocalExecutor",
    "RayExecutor",
    "Seen",
    "SlurmExecutor",
    "Torchrun",
]
