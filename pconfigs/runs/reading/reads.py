"""Which fields recorded runs have read."""

from __future__ import annotations

import os
from typing import Any

from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.store import find_store
from pconfigs.serialization.conversion.scalar_codecs import qualified_name

READS = "reads."


def recorded_reads(config: Any) -> list[str]:
    """Return the files in which ranks of runs of a config's class have noted what they read."""
    store = find_store()
    if store is None:
        return []
    name = qualified_name(type(config))
    runs = (run for run in read_runs(store) if run.facts.get("class") == name)
    return [
        run.record.file(name)
        for run in runs
        for name in sorted(os.listdir(run.record.path))
        if name.startswith(READS) and name.endswith(".json")
    ]
