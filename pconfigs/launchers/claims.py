"""Claims: which launch starts the next attempt of a run, and which runs are held by one.

A claim is a file `launches/<n>.json` in the folder of a run, made so that only one of several
launches can make it. The last one counts: it holds the run until its attempt has started, or until
its launcher is known to be gone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pconfigs.atomic_files import create_file, own_folder, read_regular
from pconfigs.runs.folder import RunFolder, encoded
from pconfigs.runs.reading.shapes import parse
from pconfigs.runs.status import DONE, FAILED, RUNNING, Status, is_alive, process_facts

CLAIMS = "launches"
LOCAL = "local"
"""The kind of claims whose runs are processes of this machine that end with their launcher."""
UNKNOWN_AGE = 60.0
"""Seconds after which a claim whose launcher cannot be seen from here is taken over."""
_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Claim:
    """The last claim of a run.

    Attributes:
        number: Its number, from 1.
        launch: Name of the folder of the launch in `.jobs`.
        kind: What starts the run: `slurm`, `ray`, or `LOCAL`.
        attempt: The attempt that it is for.
        process: Facts of the launcher's process.
        made: Seconds since 1970.
    """

    number: int
    launch: str
    kind: str
    attempt: int
    process: Mapping[str, Any]
    made: float


def last_claim(run: RunFolder) -> Claim | None:
    """Return the claim that counts, or None where the run was never launched."""
    return next(claims_of(run), None)


def claims_of(run: RunFolder) -> Iterator[Claim]:
    """Yield the claims of a run, the last one first."""
    for number in reversed(run.numbers(CLAIMS)):  # of a damaged name, too: it may be any number
        try:
            data = parse(read_regular(run.file(f"{CLAIMS}/{number}.json")), CLAIMS)
            yield Claim(number=number, **data)
        except (OSError, ValueError, TypeError):
            continue  # its launcher was killed while it wrote


def last_number(run: RunFolder) -> int:
    """Return the number of the last claim of a run, 0 where there is none."""
    return max(run.numbers(CLAIMS), default=0)


def first_claim(launch: str, kind: str) -> dict[str, bytes]:
    """Return the claim of a run that is being made, as a file of its folder."""
    return {f"{CLAIMS}/1.json": encoded(_data(launch, kind, 1))}


def claim(run: RunFolder, launch: str, kind: str, attempt: int, after: int) -> bool:
    """Claim the next attempt of a run; return False where another launch was faster.

    That is one whose claim came `after` the last one known when the run was found to be free.
    """
    number = after + 1
    own_folder(run.path, CLAIMS)
    try:
        create_file(run.file(f"{CLAIMS}/{number}.json"), encoded(_data(launch, kind, attempt)))
    except FileExistsError:
        return False
    return True


def _data(launch: str, kind: str, attempt: int) -> dict[str, Any]:
    return {
        "launch": launch,
        "kind": kind,
        "attempt": attempt,
        "process": process_facts(),
        "made": round(time.time(), 3),
    }


def is_held(claim: Claim | None, status: Status) -> bool | None:
    """Return whether a run with a last claim waits or runs; None where its engine must be asked."""
    if status.state in (DONE, FAILED):
        return False
    if claim is None:
        # Started by hand: a process that cannot be seen from here is taken for alive.
        return status.state == RUNNING
    if claim.kind != LOCAL:
        return None
    if status.attempt >= claim.attempt:
        return status.state == RUNNING
    return may_live(claim)


def may_live(claim: Claim) -> bool:
    """Return whether the launcher of a claim is alive, or may be, where that cannot be seen.

    A claim that lies more than a day ahead was made with a wrong clock: it would hold for ever.
    """
    alive = is_alive(claim.process)
    return -_DAY < time.time() - claim.made < UNKNOWN_AGE if alive is None else alive
