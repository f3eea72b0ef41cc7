"""The follower: sends what is new in a run's folder to one service, until the run has ended."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from pconfigs.atomic_files import regular
from pconfigs.clients import without_accounts
from pconfigs.clients.mlflow import MLflowClient
from pconfigs.clients.tensorboard import TensorBoardClient
from pconfigs.clients.tracking import Row, TrackedArtifact, TrackedRun, TrackerClient
from pconfigs.clients.wandb import WandbClient
from pconfigs.errors.base import PConfigError
from pconfigs.runs.capture.followers import refuse_links
from pconfigs.runs.capture.git import git_facts
from pconfigs.runs.folder import CONFIG, LOG, RUN, RunFolder
from pconfigs.runs.lineage.files import RESOLVED, read_consumed, read_produced
from pconfigs.runs.location import project_folder
from pconfigs.runs.metrics import METRICS, files_of, parsed
from pconfigs.runs.reading.flat_config import flat_values
from pconfigs.runs.status import QUEUED, RUNNING, Status
from pconfigs.trackers.progress import Progress, exclusive, read_progress, write_progress

CLIENTS: Mapping[str, Callable[[], TrackerClient]] = {
    "tensorboard": TensorBoardClient,
    "mlflow": MLflowClient,
    "wandb": WandbClient,
}
POLL = 1.0  # seconds between two looks at the folder
PATIENCE = 60.0  # seconds after the end of a run in which a service that fails is tried again
OVERDUE = 600.0  # seconds after the end of a run at which a follower that hangs is ended
LATEST = 3600.0  # the same for one that is at work: other work may leave it little of a processor
AT_WORK = 5.0  # seconds of a processor since the end of a run from which on it does not hang
LONGEST_WAIT = 30.0  # seconds between two attempts to reach a service
BATCH = 500  # rows sent at once
LOWEST, NORMAL = 19, 0  # priorities
_TRIES = 20


class Follower:
    """One run and one tracker.

    Args:
        folder: The run's folder.
        tracker: The name of the service.
        client: Makes its client; by its name, if it is left out.
        wait: Waits some seconds.
    """

    def __init__(
        self,
        folder: RunFolder,
        tracker: str,
        client: Callable[[], TrackerClient] | None = None,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self.folder, self.tracker = folder, tracker
        self._make_client, self._wait = client, wait
        self._client: TrackerClient | None = None
        self._progress = Progress()

    def follow(self) -> bool:
        """Send until the run has ended and all is sent; return whether all is.

        A service that cannot be reached is tried again, less and less often, and for a minute
        after the run has ended; `runs sync` sends the rest. A run that is removed has no rest.
        """
        refuse_links(self.folder)
        if not os.path.isdir(self.folder.path):
            return False
        with exclusive(self.folder, self.tracker) as alone:
            if not alone:
                return True  # another follower does it
            pause, ended_since = POLL, None
            while os.path.isdir(self.folder.path):
                try:
                    if self._catch_up():
                        return True
                    pause = POLL
                except Exception as error:
                    if not os.path.isdir(self.folder.path):
                        return False
                    self._failed(error)
                    pause = min(pause * 2, LONGEST_WAIT)
                    now = time.monotonic()
                    ended_since = (ended_since or now) if is_over(self.folder) else None
                    if ended_since is not None and now - ended_since > PATIENCE:
                        return False
                self._wait(pause)
            return False  # the run was removed

    def sync(self, wait: bool = False) -> bool:
        """Send all that is there now; return whether another process was not doing so already.

        With `wait`, it is waited for until it has ended.

        Raises:
            TrackerError: There is a link in the place of a file of the run.
            Exception: What the service refused.
        """
        refuse_links(self.folder)
        with exclusive(self.folder, self.tracker, wait) as alone:
            if not alone:
                return False
            try:
                self._catch_up()
            except Exception as error:
                self._failed(error)
                raise
            return True

    def _catch_up(self) -> bool:
        """Send what is new; return whether the run has ended and all is sent."""
        # Read before what it describes: a run that ended by then has written all its rows.
        status = self.folder.status()
        if self._client is None and is_complete(status, read_progress(self.folder, self.tracker)):
            return True  # opened once more, a run that has failed would be shown as going on
        client = self._client or self._open()
        self._send_rows(client)
        self._send_artifacts(client)
        if not has_ended(status):
            return False
        if self._progress.closed < max(status.attempt, 1):
            log = self.folder.file(LOG)
            client.close(status.state, status.exit_code, log if os.path.isfile(log) else None)
            self._progress.closed = max(status.attempt, 1)
            self._save()
        return True

    def _open(self) -> TrackerClient:
        progress = read_progress(self.folder, self.tracker)
        client = (self._make_client or CLIENTS[self.tracker])()
        if client.restarts:
            progress = Progress()
        elif client.buffers and progress.offsets.keys() == {METRICS}:
            # Rows of several files would not get the numbers again that they had.
            progress.offsets, progress.rows = {}, 0
        remembered = client.open(tracked_run(self.folder), progress.remembered)
        progress.remembered = dict(remembered)
        self._client, self._progress = client, progress
        self._save()
        return client

    def _send_rows(self, client: TrackerClient) -> None:
        progress = self._progress
        for path, rank in files_of(self.folder):
            name = os.path.basename(path)
            for rows, end in _batches(path, progress.offsets.get(name, 0), progress.rows, rank):
                client.send_rows(rows)
                progress.offsets[name] = end
                progress.rows += len(rows)
                self._save()

    def _send_artifacts(self, client: TrackerClient) -> None:
        entries = [(f"<{entry['ref']}", entry, True) for entry in read_consumed(self.folder)]
        entries += [(str(entry["ref"]), entry, False) for entry in read_produced(self.folder)]
        for key, entry, consumed in entries:
            if key not in self._progress.artifacts:
                client.send_artifact(_tracked_artifact(entry), consumed=consumed)
                self._progress.artifacts.append(key)
                self._save()

    def _save(self) -> None:
        self._progress.problem = ""
        write_progress(self.folder, self.tracker, self._progress)

    def _failed(self, error: Exception) -> None:
        """Note the problem, and begin anew with a fresh client: an old one may be unusable."""
        self._client = None
        with suppress(OSError):  # of a full disk, or of a run that was removed
            progress = read_progress(self.folder, self.tracker)
            progress.problem = problem_of(error)[:1000]
            write_progress(self.folder, self.tracker, progress)


def has_ended(status: Status) -> bool:
    """Return whether nothing is added to a run for now."""
    return status.state not in (RUNNING, QUEUED)


def is_complete(status: Status, progress: Progress) -> bool:
    """Return whether the end of a run has been sent, and with it all that came before."""
    return has_ended(status) and progress.closed >= max(status.attempt, 1)


def problem_of(error: Exception) -> str:
    """Return what a service or its client reports, as it is shown and kept."""
    return f"{type(error).__name__}: {without_accounts(str(error))}"


def is_over(folder: RunFolder) -> bool:
    """Return whether a run has ended as far as can be known: its record may not be readable."""
    try:
        return has_ended(folder.status())
    except (PConfigError, OSError):
        return True


def tracked_run(folder: RunFolder) -> TrackedRun:
    """Return what a service is given about a run."""
    facts = folder.read(RUN) or {}
    config = folder.read(RESOLVED) or folder.read(CONFIG) or {}
    git = git_facts(folder.path)
    attempts = folder.attempts()
    host = attempts[-1].get("host", {}).get("name", "") if attempts else ""
    tags = {
        "target": str(facts.get("target") or ""),
        "overrides": " ".join(map(str, facts.get("overrides", ()))),
        "fingerprint": str(facts.get("fingerprint", "")),
        "commit": str(git.get("commit") or ""),
        "host": str(host),
    }
    identity = f"{folder.name}\0{facts.get('planned', '')}"
    return TrackedRun(
        id=_sendable(folder.name),
        key=hashlib.sha256(identity.encode()).hexdigest()[:16],
        project=_sendable(os.path.basename(project_folder(folder.store_folder))),
        folder=folder.path,
        config=_sendable(flat_values(config)),
        tags={name: _sendable(text) for name, text in tags.items() if text},
        started=float(attempts[0].get("started", 0.0)) if attempts else 0.0,
    )


def set_priority(number: int) -> None:
    """Set the priority of this session among all others, where the system has one: sched(7).

    Unlike that of a process, which counts within a session then, it may be raised again.
    """
    for _ in range(_TRIES):
        try:
            with open("/proc/self/autogroup", "w", encoding="ascii") as file:
                file.write(str(number))
        except BlockingIOError:
            time.sleep(0.2)  # one write in a tenth of a second, on the whole system
            continue
        except OSError:
            pass
        return


def exit_when_overdue(folder: RunFolder) -> None:
    """End this process some time after the run has ended, whatever a service holds it up with.

    There is nothing to give way to from the end of the run on: it gets the priority of others.
    """

    def watch() -> None:
        end = None
        while True:
            time.sleep(POLL)
            if not is_over(folder):
                if end is not None:
                    set_priority(LOWEST)
                end = None
                continue
            if end is None:
                set_priority(NORMAL)
                end = time.monotonic(), time.process_time()
            wall, cpu = end
            if is_overdue(time.monotonic() - wall, time.process_time() - cpu):
                os._exit(3)

    threading.Thread(target=watch, daemon=True).start()


def is_overdue(waited: float, used: float) -> bool:
    """Return whether a follower is to be ended, which hangs or is at work for far too long.

    A service that makes its tables is not cut short where other work keeps the processors busy.

    Args:
        waited: Seconds since the run has ended.
        used: Seconds of a processor that the follower has used since then.
    """
    return waited > LATEST or (waited > OVERDUE and used < AT_WORK)


def _batches(path: str, start: int, number: int, rank: int) -> Iterator[tuple[list[Row], int]]:
    """Yield rows from a byte on, some at a time, and the byte after the last of them."""
    with open(path, "rb", opener=regular) as file:
        file.seek(start)
        rows: list[Row] = []
        end = start
        for line in file:
            row = parsed(line)
            if line[-1:] != b"\n":
                break  # it is being written, or torn by a kill
            end += len(line)
            if row is not None:
                rows.append(_row(row, number, rank))
                number += 1
            if len(rows) == BATCH:
                yield rows, end
                rows = []
        if rows:
            yield rows, end


def _row(row: dict[str, Any], number: int, rank: int) -> Row:
    values = _sendable(row["values"])
    if rank:
        values = {f"rank{rank}/{name}": value for name, value in values.items()}
    return Row(number, row.get("step"), float(row.get("time", 0.0)), values)


def _tracked_artifact(entry: dict[str, Any]) -> TrackedArtifact:
    entry = _sendable(entry)
    return TrackedArtifact(
        ref=str(entry["ref"]),
        name=str(entry.get("name", "")),
        version=str(entry.get("version", "")),
        type=str(entry.get("type", "artifact")),
        path=str(entry.get("path", "")),
        digest=str(entry.get("digest", "")),
        metadata=dict(entry.get("metadata") or {}),
    )


def _sendable(data: Any) -> Any:
    """Return JSON data with what is not UTF-8, as in names of files, escaped: no service takes it.

    One such text would keep all that comes after it from being sent.
    """
    if isinstance(data, str):
        return data if data.isascii() else data.encode("utf-8", "backslashreplace").decode()
    if isinstance(data, list):
        return [_sendable(one) for one in data]
    if isinstance(data, dict):
        return {_sendable(name): _sendable(value) for name, value in data.items()}
    return data
