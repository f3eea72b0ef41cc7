"""Agreement: the ranks of a run compare config and code before any of them starts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pconfigs.errors.base import PConfigError
from pconfigs.errors.runs import RankError
from pconfigs.runs.capture.sources import Sources
from pconfigs.runs.folder import CONFIG, STATUS, RunFolder
from pconfigs.runs.location import project_folder
from pconfigs.runs.ranks import Meeting
from pconfigs.runs.reading.flat_config import flat_values
from pconfigs.runs.status import FAILED, ended, running
from pconfigs.serialization.dump import plain
from pconfigs.serialization.fingerprint import pfingerprint

START, VERDICT = "start", "verdict"
FAILING = 10.0
"""Seconds that rank 0 stays for the others to learn why it fails."""
HINT = "start all ranks with the same command, in the same state of the code"


def agree_on(
    meeting: Meeting, config: Any, store_folder: str, claim: Callable[[], tuple[RunFolder, int]]
) -> tuple[RunFolder, int]:
    """Return the folder and the attempt that rank 0 has claimed, once all ranks agree.

    Args:
        meeting: Where they meet.
        config: What this rank would run.
        store_folder: Folder of the store.
        claim: Claims folder and attempt; called on rank 0.

    Raises:
        RankError: Configs or sources differ, or rank 0 could not claim a folder.
    """
    files = {
        path: facts["content"]
        for path, facts in Sources(store_folder, project_folder()).files().items()
    }
    if meeting.rank == 0:
        return _lead(meeting, config, files, claim)

    def judge(offer: Mapping[str, Any]) -> list[str]:
        if "error" in offer:
            return []
        found = _differences(offer, RunFolder(offer["folder"]), config, files)
        return [f"rank {meeting.rank}: {line}" for line in found]

    offer = meeting.ask(START, judge)
    if "error" in offer:
        raise RankError("rank 0 could not start", [offer["error"]])
    problems = meeting.ask(VERDICT)["problems"]
    if problems:
        raise RankError("the ranks of the run differ", problems, HINT)
    return RunFolder(offer["folder"]), offer["attempt"]


def _lead(
    meeting: Meeting,
    config: Any,
    files: Mapping[str, str],
    claim: Callable[[], tuple[RunFolder, int]],
) -> tuple[RunFolder, int]:
    try:
        folder, attempt = claim()
    except (PConfigError, OSError) as error:
        meeting.answer(START, {"error": str(error)}, FAILING)
        raise
    facts = {"folder": folder.path, "attempt": attempt, "files": dict(files)}
    problems = meeting.answer(START, {**facts, "fingerprint": pfingerprint(config)})
    meeting.answer(VERDICT, {"problems": problems})
    if problems:
        differ = RankError("the ranks of the run differ", problems, HINT)
        about = {"type": RankError.__qualname__, "text": str(differ), "place": ""}
        end = {**running(attempt, time.time()), **ended(FAILED, 2), "error": about}
        folder.write(STATUS, end, final=True)  # the attempt has been claimed, and does not begin
        raise differ
    return folder, attempt


def _differences(
    offer: Mapping[str, Any], folder: RunFolder, config: Any, files: Mapping[str, str]
) -> Iterator[str]:
    """Yield what this rank has differently from rank 0."""
    if pfingerprint(config) != offer["fingerprint"]:
        mine, other = flat_values(plain(config)), flat_values(folder.read(CONFIG) or {})
        fields = [name for name in {**mine, **other} if mine.get(name) != other.get(name)]
        for name in fields or ["config"]:
            yield f"{name} = {mine.get(name)!r}, rank 0 has {other.get(name)!r}"
    theirs: dict[str, str] = offer["files"]
    for path in sorted(files.keys() & theirs.keys()):
        if files[path] != theirs[path]:
            yield f"{path} has another content than on rank 0"
