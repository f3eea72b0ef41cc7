"""Host: the machine, its GPUs, Python, packages and environment of an attempt.

Only what can be read from files within a millisecond: no other library is imported, and nothing is
started.
"""

from __future__ import annotations

import os
import sys

from pconfigs.annotations.kinds import is_sequence
from pconfigs.runs.location import project_folder, settings_of
from pconfigs.runs.status import process_facts
from pconfigs.schema.build_record import EnvironmentRead, reads_of
from pconfigs.schema.class_schema import is_config
from pconfigs.tree.walk import pwalk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.runs.masking import Masker

VARIABLES = (
    "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "CUBLAS_WORKSPACE_CONFIG",
    "CUDA_LAUNCH_BLOCKING", "NVIDIA_TF32_OVERRIDE", "PYTORCH_CUDA_ALLOC_CONF",
    "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE",
    "XLA_FLAGS", "JAX_PLATFORMS", "TF_DETERMINISTIC_OPS",
    "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS",
    "PYTHONHASHSEED", "PYTHONOPTIMIZE", "PYTHONPATH", "TZ", "LANG",
    "RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "NODE_RANK",
    "MASTER_ADDR", "MASTER_PORT",
    "SLURM_JOB_ID", "SLURM_JOB_NAME", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID", "SLURM_PROCID",
    "SLURM_NTASKS", "SLURM_STEP_ID", "SLURM_RESTART_COUNT", "SLURM_JOB_NODELIST",
    "SLURM_JOB_PARTITION",
)  # fmt: skip
"""Environment variables that are recorded: those that steer numerics or place the process."""
GPUS = "/proc/driver/nvidia/gpus"


def attempt_facts(config: Any, started: float, masker: Masker) -> dict[str, Any]:
    """Return what is known of an attempt at its start."""
    reads = _environment_reads(config)
    variables = {**_environment(), **reads}
    return {
        "started": round(started, 3),
        "process": process_facts(),
        "host": _host(),
        "cwd": masker.text(os.getcwd()),
        "environment": {name: masker.text(text) for name, text in variables.items()},
        # A masked value cannot be compared with that of today.
        "reads": {name: text for name, text in reads.items() if masker.text(text) == text},
        "packages": _packages(),
    }


def _host() -> dict[str, Any]:
    """Return what the attempt runs on."""
    system = os.uname() if hasattr(os, "uname") else None
    facts: dict[str, Any] = {
        "name": system.nodename if system else "",
        "system": f"{system.sysname} {system.release} {system.machine}" if system else sys.platform,
        "cpus": os.cpu_count(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "implementation": sys.implementation.name,
    }
    gpus = _gpus()
    if gpus:
        facts["gpus"] = gpus
    return facts


def _gpus() -> list[str]:
    """Return the models of the GPUs, as the driver lists them."""
    models: list[str] = []
    try:
        cards = sorted(os.listdir(GPUS))
    except OSError:
        return models
    for card in cards:
        try:
            with open(f"{GPUS}/{card}/information", encoding="utf-8", errors="replace") as file:
                lines = [line.partition(":") for line in file]
        except OSError:
            continue
        models += [text.strip() for name, _, text in lines if name.strip() == "Model"]
    return models


def _packages() -> dict[str, str]:
    """Return the version of each installed package, by the names of the folders that have them."""
    found: dict[str, str] = {}
    for folder in sys.path:
        if not folder.endswith("-packages"):
            continue
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            if name.endswith(".dist-info"):
                package, dash, version = name.removesuffix(".dist-info").rpartition("-")
                if dash:
                    found.setdefault(package.replace("_", "-").lower(), version)
    return dict(sorted(found.items()))


def _environment() -> dict[str, str]:
    """Return the recorded variables that are set: the usual ones, and those that settings name."""
    listed = settings_of(project_folder()).get("env", [])
    named = [name for name in listed if isinstance(name, str)] if is_sequence(listed) else []
    names = dict.fromkeys((*VARIABLES, *named))
    return {name: os.environ[name] for name in names if name in os.environ}


def _environment_reads(config: Any) -> dict[str, str]:
    """Return the variables that properties of a config have read, without secret ones."""
    found: dict[str, str] = {}
    for _, _, part in pwalk(config):
        if is_config(part):
            for names in reads_of(part).values():
                for name in names:
                    if isinstance(name, EnvironmentRead) and name.text is not None:
                        found[name.variable] = name.text
    return found
