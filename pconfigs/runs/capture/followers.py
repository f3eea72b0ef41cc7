"""Followers: processes that read the folder of a run and send a tracker what is new.

A run has the trackers of its project's settings, and those that its launch was given. It starts a
follower for each, `python -m pconfigs.trackers`, and knows nothing of it from then on.
"""

from __future__ import annotations

import os
import sys

from pconfigs.errors.base import MissingExtraError
from pconfigs.errors.formatting import listed, nearest
from pconfigs.errors.trackers import TrackerError
from pconfigs.runs.folder import RUN, encoded, replace
from pconfigs.runs.location import project_folder, settings_of, shown_path

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pconfigs.runs.folder import RunFolder

FOLDER = "trackers"
"""Of a run: what each of its trackers has been sent, and what its follower prints."""
GIVEN = "trackers"
"""Names of the trackers that a launch was given, in run.json."""
TRACKERS = ("tensorboard", "mlflow", "wandb")
_DETACHED = '"$@" &'
"""For a shell, which ends at once: a follower whose parent is the run would wait for it, for days
in a notebook, after it has ended."""


def trackers_in(folder: RunFolder) -> list[str]:
    """Return the trackers that a run has, sorted."""
    try:
        names = os.listdir(os.path.join(folder.path, FOLDER))
    except FileNotFoundError:
        return []
    return sorted(name.removesuffix(".json") for name in names if name.endswith(".json"))


def trackers_of(project: str, asked: Sequence[str] = (), smoke: bool = False) -> list[str]:
    """Return the trackers of a project's settings, and those that were asked for.

    Smoke runs have those alone that were asked for.

    Raises:
        TrackerError: A name is not that of a tracker.
    """
    named = [] if smoke else settings_of(project).get("trackers", [])
    if not isinstance(named, list):
        raise TrackerError(
            f"{shown_path(project)}/pyproject.toml: tool.pconfigs.trackers must be a list of"
            f' names, got {named!r}\n    write trackers = ["tensorboard"]'
        )
    found = list(dict.fromkeys([*named, *asked]))
    for name in found:
        if name not in TRACKERS:
            close = nearest(str(name), TRACKERS)
            hint = f"did you mean {close!r}?" if close else f"there are {listed(list(TRACKERS))}"
            raise TrackerError(f"a tracker must be one of {listed(list(TRACKERS), 'or')}, got"
                               f" {name!r}\n    {hint}")  # fmt: skip
    return found


def trackers_to_continue(record: RunFolder, asked: Sequence[str] = ()) -> list[str]:
    """Return the trackers of the next attempt of a run: also those that it has been given.

    Raises:
        TrackerError: A name is not that of a tracker.
    """
    given = (record.read(RUN) or {}).get(GIVEN, ())
    project = project_folder(os.path.dirname(record.store_folder))
    found = trackers_of(project, [*given, *asked], record.is_smoke)
    return list(dict.fromkeys([*found, *trackers_in(record)]))


def refuse_missing(asked: Sequence[str]) -> None:
    """Refuse trackers that were asked for, and whose packages are not installed.

    Raises:
        MissingExtraError: One is not.
    """
    if not asked:
        return
    from importlib.util import find_spec  # only runs with --tracker need it

    for name in asked:
        if name in TRACKERS and find_spec(name) is None:
            raise MissingExtraError(name, name, f"--tracker {name}")


def start_followers(folder: RunFolder, trackers: Sequence[str]) -> None:
    """Start a follower for each tracker; it outlives this process and ends by itself.

    A follower that cannot be started is noted in its file, and `runs sync` does its work.
    """
    if not trackers:
        return
    import subprocess  # only runs with a tracker wait for it

    home = folder.file(FOLDER)
    os.makedirs(home, exist_ok=True)
    for tracker in trackers:
        file = f"{FOLDER}/{tracker}.json"
        if not os.path.exists(folder.file(file)):
            replace(folder.file(file), encoded({}))
        words = [sys.executable, "-m", "pconfigs.trackers", folder.path, tracker]
        try:
            with open(os.path.join(home, f"{tracker}.log"), "ab") as log:
                subprocess.run(
                    ["/bin/sh", "-c", _DETACHED, "sh", *words],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    check=True,
                )
        except (OSError, subprocess.CalledProcessError) as error:
            problem = f"its follower cannot be started: {error}"
            folder.write(file, {**(folder.read(file) or {}), "problem": problem})
