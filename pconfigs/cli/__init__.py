"""The command line, and the modules of the ways that a run takes.

A plain run loads none of those of records, sweeps, executors and jobs (50 to 100 ms each).
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

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

_MODULES = {
    "no_effect": "pconfigs.cli.no_effect",
    "run_launched": "pconfigs.cli.run_launched",
    "run_pipeline": "pconfigs.cli.run_pipeline",
    "run_reading": "pconfigs.cli.run_reading",
    "run_recorded": "pconfigs.cli.run_recorded",
    "save_variant": "pconfigs.cli.save_variant",
}
__getattr__ = loader_of(__name__, _MODULES)
