"""The command line, and the modules of the ways that a run takes.

A plain run loads none of those of records, sweeps, executors and jobs (50 to 100 ms each).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.cli import (
        no_effect as no_effect,
        run_launched as run_launched,
        run_pipeline as run_pipeline,
        run_reading as run_reading,
        run_recorded as run_recorded,
        save_variant as save_variant,
    )
    from pconfigs.runs.lineage import consumption as consumption

_MODULES = {
    "consumption": "pconfigs.runs.lineage.consumption",
    "no_effect": "pconfigs.cli.no_effect",
    "run_launched": "pconfigs.cli.run_launched",
    "run_pipeline": "pconfigs.cli.run_pipeline",
    "run_reading": "pconfigs.cli.run_reading",
    "run_recorded": "pconfigs.cli.run_recorded",
    "save_variant": "pconfigs.cli.save_variant",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = __import__(_MODULES[name], fromlist=[name])
    return found
