"""Executors: where runs are started, as configs."""

from pconfigs.launchers.job import Executor as Executor, Job as Job, Seen as Seen
from pconfigs.launchers.local import LocalExecutor as LocalExecutor
from pconfigs.launchers.parts import (
    Container as Container,
    ExecutorConfig as ExecutorConfig,
    Torchrun as Torchrun,
)
from pconfigs.launchers.ray import RayExecutor as RayExecutor
from pconfigs.launchers.slurm import SlurmExecutor as SlurmExecutor

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
