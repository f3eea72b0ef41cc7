"""W&B: runs, metrics and artifacts through its client, and artifacts of its registry.

Project and entity are `WANDB_PROJECT` and `WANDB_ENTITY`, as everywhere with W&B; the project is
the project's own name where none is set.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from pconfigs.clients import imported, without_accounts
from pconfigs.clients.tracking import Row, TrackedArtifact, TrackedRun
from pconfigs.errors.artifacts import ArtifactNotFoundError
from pconfigs.errors.runs import TrackerError

PREFIX = "wandb:"
STEP = "step"
_FACTS = "pconfigs.json"
_LONGEST_NAME = 128  # characters of the name of an artifact or a project: the limit of the client
_MOST_METADATA = 97  # names of metadata besides our three: the limit of the client is 100
_SILENT = ("offline", "dryrun", "disabled")


class WandbClient:
    """One run of W&B."""

    restarts, buffers = False, True

    def __init__(self) -> None:
        self._wandb = _imported()
        self._run: Any = None

    def open(self, run: TrackedRun, remembered: Mapping[str, Any]) -> Mapping[str, Any]:
        """Create the run, or go on with it; its id is made from the record.

        Raises:
            TrackerError: `WANDB_MODE` forbids that anything is sent.
        """
        mode = os.environ.get("WANDB_MODE", "online")
        if mode in _SILENT:
            hint = "unset it, and send: python -m pconfigs.runs sync"
            raise TrackerError(f"nothing is sent with WANDB_MODE={mode}\n    {hint}")
        settings = self._wandb.Settings(
            console="off", silent=True, x_disable_stats=True, x_save_requirements=False,
            disable_git=True, save_code=False, init_timeout=60,
        )  # fmt: skip
        self._run = self._wandb.init(
            project=os.environ.get("WANDB_PROJECT") or _project(run.project),
            id=run.key,
            name=run.id,
            config=dict(run.config),
            dir=run.folder,
            resume="allow",
            reinit="create_new",
            mode="online",
            settings=settings,
        )
        self._run.define_metric(STEP)
        self._run.define_metric("*", step_metric=STEP)
        for name, text in run.tags.items():
            self._run.summary[name] = text
        return {"url": self._run.url or "", "id": run.key}

    def send_rows(self, rows: Sequence[Row]) -> None:
        """Send rows; W&B leaves out those whose number it has."""
        for row in rows:
            step = row.step if row.step is not None else row.number
            self._run.log({**row.values, STEP: step}, step=row.number, commit=True)

    def send_artifact(self, artifact: TrackedArtifact, *, consumed: bool) -> None:
        """Send a version: its files by reference, where they are.

        One that W&B refuses, for its type for instance, is noted in the summary of the run.
        """
        logged = None
        try:
            if consumed and artifact.ref.startswith(PREFIX):
                self._run.use_artifact(artifact.ref.removeprefix(PREFIX))
            elif consumed:
                self._run.use_artifact(self._described(artifact))
            else:
                aliases = [f"store-{artifact.version}"]
                logged = self._run.log_artifact(self._described(artifact), aliases=aliases)
        except ValueError as error:
            kind = "consumed" if consumed else "produced"
            facts = {"path": artifact.path, "digest": artifact.digest, "refused": f"{error}"[:500]}
            self._run.summary[f"{kind}/{artifact.ref}"] = facts
        if logged is not None:
            logged.wait()

    def close(self, state: str, exit_code: int | None, log: str | None) -> None:
        """Send the end of the run, and what it printed as a file."""
        self._run.summary["state"] = state
        if log is not None:
            self._run.save(log, base_path=os.path.dirname(log), policy="now")
        self._run.finish(exit_code=0 if state == "done" else (exit_code or 1))

    def _described(self, artifact: TrackedArtifact) -> Any:
        """Return an artifact that refers to the files, and has a file with their digest.

        The service compares artifacts by their content, and a reference is only a path there.
        """
        metadata = dict(artifact.metadata)
        made = self._wandb.Artifact(
            _allowed(artifact.name),
            type=artifact.type,
            metadata={
                **(metadata if len(metadata) <= _MOST_METADATA else {"metadata": metadata}),
                "absolute_path": artifact.path,
                "digest": artifact.digest,
                "ref": artifact.ref,
            },
        )
        with made.new_file(_FACTS) as file:
            json.dump({"ref": artifact.ref, "digest": artifact.digest}, file)
        if os.path.exists(artifact.path):
            # Its parser of URLs knows spaces and other characters, but not these.
            place = re.sub("[%#?]", lambda found: f"%{ord(found[0]):x}", artifact.path)
            with suppress(OSError):  # a link to nothing is among them: their path is known still
                made.add_reference(f"file://{place}", name="files", checksum=False)
        return made


def _project(name: str) -> str:
    """Return the name of a folder as that of a project, which is part of an address."""
    return re.sub(r"[/\\#?%:\r\n]", "-", name)[:_LONGEST_NAME]


def _allowed(name: str) -> str:
    """Return the name of an artifact in the characters that W&B takes, and not too long."""
    made = re.sub(r"[^A-Za-z0-9_.-]", "_", name)
    if made == name and len(name) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{made[: _LONGEST_NAME - 9]}-{digest}"


def registered_version(
    name: str, here: Callable[[str], str]
) -> tuple[str, str, Mapping[str, Any], str]:
    """Return version, path, metadata and qualified name of `[entity/]project/name:version`.

    Files that are where they were saved are used there: `here` returns where a path of the host is
    for this process. Others are downloaded into the cache of W&B, which checks their digests.

    Raises:
        ArtifactNotFoundError: There is no such artifact, or the service cannot be reached.
    """
    wandb = _imported()
    with _readable(name, "; log in with wandb login"):
        found = wandb.Api(timeout=30).artifact(name)
        absolute = here(str(found.metadata.get("absolute_path") or ""))
        path = absolute if absolute and os.path.exists(absolute) else str(found.download())
    return str(found.version), path, dict(found.metadata), _qualified(found)


def active_run_version(name: str) -> tuple[str, str, Mapping[str, Any], str] | None:
    """Return the same through the run that is active in this process, which then consumes it.

    None where no run is active.
    """
    wandb = sys.modules.get("wandb")
    if wandb is None or getattr(wandb, "run", None) is None:
        return None
    with _readable(name):
        found = wandb.run.use_artifact(name)
        path = str(found.download())
    return str(found.version), path, dict(found.metadata), _qualified(found)


@contextmanager
def _readable(name: str, advice: str = "") -> Generator[None]:
    """Raise what W&B raises as one kind of error."""
    try:
        yield
    except Exception as error:  # CommError, ValueError, UsageError: only their texts differ
        hint = f"name a version or alias that exists{advice}"
        raise ArtifactNotFoundError(
            f"{PREFIX}{name}", f"it cannot be read: {without_accounts(str(error))}", hint
        ) from error


def _qualified(found: Any) -> str:
    """Return `entity/project/name:vN`; W&B's own name has the alias that was asked for."""
    return f"{str(found.qualified_name).rpartition(':')[0]}:{found.version}"


def _imported() -> Any:
    return imported("wandb", "wandb", "wandb", "the tracker")
