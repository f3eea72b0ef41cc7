"""`run --record-reads FILE`: a run, and which fields it has read."""

from __future__ import annotations

from argparse import Namespace
from json import dumps
from typing import Any

from pconfigs.cli.experiments import Experiment
from pconfigs.cli.main_call import call_main, exit_code_of
from pconfigs.cli.output_files import refuse_other_content, write_output
from pconfigs.cli.run_options import RunArguments
from pconfigs.runs.attempts import active
from pconfigs.tree.read_recorder import ReadRecorder


def run_reading(
    experiment: Experiment, config: Any, asked: Namespace, given: RunArguments, file: str
) -> int:
    """Run, and write which fields were read; also where the run fails."""
    # Before the run: a file that cannot be written is reported early.
    refuse_other_content("run", file, ("target", "read"))
    attempt = active.attempt
    if attempt is not None:
        attempt.reads.stop()
    reads = ReadRecorder(config)
    try:
        with reads:
            made = config.construct()
            result = call_main(experiment.runnable, made, asked, given.others)
    finally:
        record = {"target": experiment.target.dotted, "read": reads.paths()}
        write_output("run", file, f"{dumps(record, indent=2)}\n".encode(), force=True)
        if attempt is not None:
            attempt.reads.add(reads.paths())
    return exit_code_of(experiment.runnable, made, result)
