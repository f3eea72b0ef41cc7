"""The files of a run's folder that hold its lineage.

produced.jsonl    a line for each artifact that it logged; produced.r1.jsonl of rank 1
consumed.json     {"artifacts": [...]}, the versions that its artifacts were resolved to
resolved.json     the config with these versions, as `pdump` writes it
"""

from __future__ import annotations

from pconfigs.runs.folder import RunFolder, lines_in

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from typing import Any

CONSUMED, RESOLVED = "consumed.json", "resolved.json"
PRODUCED = "produced.jsonl"


def read_produced(folder: RunFolder) -> list[dict[str, Any]]:
    """Return what all ranks of a run logged, each version once, in the order of logging."""
    entries = [entry for name in folder.of_ranks(PRODUCED) for entry in lines_in(folder, name)]
    entries.sort(key=lambda entry: entry.get("logged", 0.0))
    return list({entry["ref"]: entry for entry in entries if "ref" in entry}.values())


def read_consumed(folder: RunFolder) -> list[dict[str, Any]]:
    """Return the versions that a run consumed."""
    held = (folder.read(CONSUMED) or {}).get("artifacts", [])
    return [entry for entry in held if "ref" in entry]
