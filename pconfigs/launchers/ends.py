"""Ends of launched runs: what a folder shows once its job has gone, and what is written for it."""

from __future__ import annotations

import os
import time

from pconfigs.atomic_files import regular
from pconfigs.launchers.engines.job import LOG, Seen
from pconfigs.runs.folder import STATUS, RunFolder
from pconfigs.runs.reading.columns import took_cell
from pconfigs.runs.status import (
    DONE,
    FAILED,
    LOST,
    REQUEUED,
    RUNNING,
    STOPPED,
    process_facts,
)

SKIPPED = "skipped"
_FINAL = (DONE, FAILED, STOPPED, REQUEUED)
_TAIL = 2000


def settle(run: RunFolder, attempt: int, answer: Seen, late: bool) -> str | None:
    """Return the state of a run whose job has gone; None where it may still show its end.

    A run that never started, because its program could not be executed or its code could not be
    imported, is written as failed: nothing else would write it. It is `late` when the folder has
    had time to show the end.
    """
    status = run.status()
    if status.attempt >= attempt and status.state in _FINAL:
        return status.state
    if not late:
        return None
    if status.attempt >= attempt or (answer.code or 0) < 0:
        return LOST
    if status.state == RUNNING:
        return "held"  # another process has started the attempt, and this one has left it alone
    if answer.word.startswith(SKIPPED):
        return SKIPPED
    code = answer.code or 1
    _write_end(run, attempt, FAILED, code, _last_words(run) or answer.word)
    return FAILED


def stop_unsettled(run: RunFolder, attempt: int) -> str:
    """Return the state of a run that was stopped; one that was killed is written as stopped."""
    status = run.status()
    if status.attempt < attempt:
        return "to run"  # it did not get as far as to start
    if status.state in _FINAL:
        return status.state
    _write_end(run, attempt, STOPPED, 130, "")
    return STOPPED


def _write_end(run: RunFolder, attempt: int, state: str, code: int, text: str) -> None:
    before, now = run.status(), round(time.time(), 3)
    status = {
        **{key: value for key, value in before.data.items() if key != "process"},
        "state": state,
        "attempt": attempt,
        "started": before.started or now,
        "ended": now,
        "exit_code": code,
        "error": {"type": "not started", "text": text, "place": ""} if text else None,
        "process": process_facts(),
    }
    run.write(STATUS, status, final=True)


def _last_words(run: RunFolder) -> str:
    """Return the last lines of a run's log."""
    try:
        with open(run.file(LOG), "rb", opener=regular) as file:
            file.seek(max(0, os.path.getsize(run.file(LOG)) - _TAIL))
            return file.read().decode(errors="replace").strip()
    except OSError:
        return ""


def end_text(run: RunFolder, state: str, word: str) -> str:
    """Return what a user wants to know of the end of a run, on one line."""
    status = run.status()
    if state == DONE:
        return f"({took_cell(status.took)})"
    if state == FAILED:
        error = status.error or {}
        lines = str(error.get("text", "")).splitlines()
        text = next((line for line in reversed(lines) if line.strip() and line[0] != " "), "")
        place = f" at {error['place']}" if error.get("place") else ""
        reason = f"{error.get('type')}: {text}{place}" if error else f"exit code {status.exit_code}"
        return f"({reason}; log: {os.path.join(run.shown, LOG)})"
    if state == LOST:
        return f"({word}; log: {os.path.join(run.shown, LOG)})"
    return f"({word})" if word else ""
