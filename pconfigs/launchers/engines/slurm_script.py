"""The batch script of a launch on Slurm."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence

from pconfigs.errors.runs import EngineError
from pconfigs.launchers.engines import standalone
from pconfigs.launchers.engines.job import JOBS

OUTPUT = "slurm-%A_%a.txt"
"""Output of the batch script itself, in the folder of the launch; runs write to their own logs."""


def batch_script(
    options: Sequence[str], env: dict[str, str], folder: str, first: int, many_nodes: bool
) -> str:
    """Return the script that starts one job of a launch, or each job of an array.

    Args:
        options: Options of sbatch, one a line.
        env: Variables to export.
        folder: The folder of the launch.
        first: Index of the job; for an array, of the task 0.
        many_nodes: Whether the name of the first node is needed.

    Raises:
        EngineError: An option has several lines, of which the shell would run the second.
    """
    for option in options:
        if not option.isprintable():
            raise EngineError("slurm", f"an option of sbatch must be one line, got {option!r}")
    lines = ["#!/bin/bash", *(f"#SBATCH {shlex.quote(option)}" for option in options)]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in env.items()]
    if many_nodes:
        nodes = 'scontrol show hostnames "$SLURM_JOB_NODELIST"'
        lines.append(f"export PCONFIGS_HEAD=$({nodes} | head -n 1)")
    index = f"$((${{SLURM_ARRAY_TASK_ID:-0}} + {first}))"
    jobs = shlex.quote(os.path.join(folder, JOBS))
    # Without exec the shell, not the job, would get the signals of the batch system.
    python, file = shlex.quote(sys.executable), shlex.quote(os.path.abspath(standalone.__file__))
    lines.append(f'exec {python} -I {file} start {jobs} "{index}"')
    return "\n".join(lines) + "\n"
