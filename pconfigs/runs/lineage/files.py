"""The files of a run's folder that hold its lineage.

produced.jsonl    a line for each artifact that it logged; produced.r1.jsonl of rank 1
consumed.json     {"artifacts": [...]}, the versions that its artifacts were resolved to
resolved.json     the config with these versions, as `pdump` writes it
"""

from __future__ import annotations

import os

from pconfigs.runs.folder import RunFolder, append_line, lines_in

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

CONSUMED, RESOLVED = "consumed.json", "resolved.json"
PRODUCED = "produced"


def produced_file(rank: int) -> str:
    """Return the name of the file in which a rank lists what it logged."""
    return f"{PRODUCED}.jsonl" if rank == 0 else f"{PRODUCED}.r{rank}.jsonl"


def append_produced(folder: RunFolder, rank: int, entry: Mapping[str, Any]) -> None:
    """Add a line by one write, so that a killed process leaves whole lines."""
    append_line(folder.file(produced_file(rank)), dict(entry))


def read_produced(folder: RunFolder) -> list[dict[str, Any]]:
    """Return what all ranks of a run logged, each version once, in the order of logging."""
    entries = [entry for name in _produced_files(folder) for entry in lines_in(folder, name)]
    entries.sort(key=lambda entry: entry.get("logged", 0.0))
    return list({entry["ref"]: entry for entry in entries if "ref" in entry}.values())


def read_consumed(folder: RunFolder) -> list[dict[str, Any]]:
    """Return the versions that a run consumed."""
    held = (folder.read(CONSUMED) or {}).get("artifacts", [])
    return [entry for entry in held if isinstance(entry, dict) and "ref" in entry]


def _produced_files(folder: RunFolder) -> list[str]:
    try:
        names = os.listdir(folder.path)
    except FileNotFoundError:
        return []
    return sorted(n for n in names if n.startswith(f"{PRODUCED}.") and n.endswith(".jsonl"))
