"""Parts of executors: containers and torchrun, which put words before the command of a job."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Literal

from pconfigs.build.base_class import PConfig
from pconfigs.declare.pconfig import pconfig
from pconfigs.schema.properties import pcheck
from pconfigs.wrapping.adopted_fields import give_default

PORT = 29500
"""Where the nodes of a run under torchrun meet."""


def refuse_below(config: PConfig, least: int, *names: str) -> None:
    """Refuse numbers that are too small; None is left to the engine.

    Raises:
        ValueError: A field of these names is below `least`.
    """
    for name in names:
        value = getattr(config, name)
        if value is not None and value < least:
            raise ValueError(f"{name} must be at least {least}, got {value}")


@pconfig
class Torchrun(PConfig):
    """Several processes for each run, started by `torchrun`.

    Attributes:
        nproc_per_node: Processes on each node.
        nnodes: Nodes; on Slurm those of the job.
        args: Further arguments of `torchrun`.
    """

    nproc_per_node: int
    nnodes: int
    args: list[str]

    @pcheck
    def some_processes(self) -> None:
        refuse_below(self, 1, "nproc_per_node", "nnodes")


@pconfig
class Container(PConfig):
    """A container that the command of a run is started in.

    Attributes:
        image: The image, as the engine names it.
        engine: What starts it.
        mounts: `SOURCE:TARGET` or `SOURCE:TARGET:ro`. The store, the snapshot of the code and the
            current folder are mounted where they are.
        python: The interpreter in the image, which has this library.
        args: Further arguments of the engine, such as `--gpus=all`.
    """

    image: str
    engine: Literal["docker", "podman", "apptainer"]
    mounts: list[str]
    python: str
    args: list[str]

    @pcheck
    def mounts_have_two_sides(self) -> None:
        for mount in self.mounts:
            if not 1 <= mount.count(":") <= 2 or mount.startswith(":"):
                raise ValueError(
                    f"a mount must be SOURCE:TARGET or SOURCE:TARGET:ro, got {mount!r}"
                )


@pconfig
class ExecutorConfig(PConfig):
    """The fields that executors have in common.

    Attributes:
        env_vars: Environment variables of the jobs, added to those that are there.
        torchrun: Starts several processes for each run; None for one.
        container: The container that a run is started in; None for this machine's Python.
    """

    env_vars: dict[str, str]
    torchrun: Torchrun | None
    container: Container | None

    @pcheck
    def variables_have_names(self) -> None:
        for name in self.env_vars:
            if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):  # a shell exports them
                raise ValueError(f"env_vars must have names of variables, got {name!r}")


give_default(Torchrun, nproc_per_node=1, nnodes=1, args=[])
give_default(Container, engine="docker", mounts=[], python="python3", args=[])
give_default(ExecutorConfig, env_vars={}, torchrun=None, container=None)
for _part in (Torchrun, Container, ExecutorConfig):
    _part.__module__ = "pconfigs.executors"


def job_command(
    config: ExecutorConfig,
    words: Sequence[str],
    env: Mapping[str, str],
    folders: Sequence[str],
    python: str | None = None,
) -> tuple[str, ...]:
    """Return the command that starts a run: torchrun and container, then Python, then `words`.

    Args:
        config: The executor.
        words: What follows the interpreter: `-m pconfigs.run --into FOLDER`.
        env: Environment variables that reach into the container.
        folders: What the run reads and writes, to be mounted where it is.
        python: The interpreter, where the engine starts a container by itself.
    """
    container = config.container
    interpreter = python or (sys.executable if container is None else container.python)
    command = [interpreter, "-P", *words]
    if config.torchrun is not None:
        command = [*_torchrun_words(config.torchrun, interpreter), *command]
    if container is not None:
        command = [*_container_words(container, env, folders), *command]
    return tuple(command)


def container_mounts(config: ExecutorConfig, folders: Sequence[str]) -> dict[str, str]:
    """Return the folder of the host by the folder of the container that it is mounted at."""
    container = config.container
    if container is None and getattr(config, "container_image", None) is None:
        return {}
    listed = getattr(config, "mounts", []) if container is None else container.mounts
    pairs = [mount.split(":")[:2] for mount in listed]
    # The source of another mount is the name of a volume.
    named = {target: source for source, target in pairs if source.startswith("/")}
    return {**{folder: folder for folder in folders}, **named}


def mount_words(folders: Sequence[str], listed: Sequence[str]) -> list[str]:
    """Return the mounts of a container: folders where they are, and those that are listed."""
    return [*(f"{folder}:{folder}" for folder in dict.fromkeys(folders)), *listed]


def _torchrun_words(part: Torchrun, python: str) -> list[str]:
    meeting = ["--standalone"]
    if part.nnodes > 1:
        meeting = ["--rdzv-backend=c10d", f"--rdzv-endpoint={{PCONFIGS_HEAD}}:{PORT}"]
        meeting.append("--rdzv-id={SLURM_JOB_ID}")
    return [
        *(python, "-P", "-m", "torch.distributed.run"),
        *meeting,
        *("--nnodes", str(part.nnodes), "--nproc-per-node", str(part.nproc_per_node)),
        *part.args,
        "--no-python",
    ]


def _container_words(part: Container, env: Mapping[str, str], folders: Sequence[str]) -> list[str]:
    mounts = mount_words(folders, part.mounts)
    here = os.getcwd()
    if part.engine == "apptainer":
        binds = [word for mount in mounts for word in ("--bind", mount)]
        return ["apptainer", "exec", "--pwd", here, *binds, *part.args, part.image]
    volumes = [word for mount in mounts for word in ("--volume", mount)]
    names = [word for name in env for word in ("--env", name)]
    run = [part.engine, "run", "--rm", "--init", "--workdir", here]
    return [*run, *volumes, *names, *part.args, part.image]
