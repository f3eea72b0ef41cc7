"""`python -m pconfigs.explain --unused --runs TARGET`: settings that no recorded run has read."""

from __future__ import annotations

from argparse import Namespace
from shlex import join
from typing import Any

from pconfigs.cli.explain import explained
from pconfigs.cli.explain_unused import write_unused
from pconfigs.cli.output import print_error
from pconfigs.cli.overrides import shown_words_of
from pconfigs.errors.targets import UsageError
from pconfigs.runs.folder import READS
from pconfigs.runs.location import store_folder
from pconfigs.runs.reading.selection import runs_here
from pconfigs.serialization.conversion.scalar_codecs import qualified_name

NOT_SEEN = "not seen: what other processes read, such as the workers of a data loader"


def command(asked: Namespace) -> int:
    """List settings without effect, those that no run has read too; return 1 if there are any.

    Raises:
        UsageError: No recorded run has noted its reads.
    """
    config = explained(asked)
    records = _recorded_reads(config)
    if not records:
        shown = shown_words_of(config, asked.overrides)
        words = [asked.target, *shown, *([] if store_folder() else ["--record"])]
        problem = "no recorded run of this class has noted what it read"
        raise UsageError("explain", problem, [f"record one: python -m pconfigs.run {join(words)}"])
    code = write_unused(asked, config, records)
    if code:
        print_error(NOT_SEEN)
    return code


def _recorded_reads(config: Any) -> list[str]:
    """Return the files in which ranks of runs of a config's class have noted what they read."""
    name = qualified_name(type(config))
    records = [run.record for run in runs_here() if run.facts.get("class") == name]
    return [record.file(file) for record in records for file in record.of_ranks(READS)]
