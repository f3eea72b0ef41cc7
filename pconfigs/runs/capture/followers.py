"""Followers: processes that read the folder of a run and send a tracker what is new.

A run has the trackers of its project's settings, and those that its launch was given. It starts a
follower for each, `python -m pconfigs.trackers`, and knows nothing of it from then on.
"""

from __future__ import annotations

import os
import sys
from shlex import quote

from pconfigs.atomic_files import own_folder
from pconfigs.errors.base import MissingExtraError
from pconfigs.errors.formatting import did_you_mean, listed, shorten, shown_file
from pconfigs.errors.runs import TrackerError
from pconfigs.runs.folder import ATTEMPTS, FILES, RUN, appended, encoded, replace
from pconfigs.runs.location import project_folder, settings_of
from pconfigs.runs.streams import warn
from pconfigs.schema.class_schema import schema_of

TYPE_CHECKING = False  # every launched run imports this
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

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


def trackers_of(
    project: str, asked: Sequence[str] = (), smoke: bool = False, config: Any = None
) -> list[str]:
    """Return the trackers of a project's settings, those that were asked for, and a config's own.

    Smoke runs have none of the project's.

    Args:
        project: The project's folder.
        asked: Names that the call gives.
        smoke: Whether the run is small.
        config: What runs, where that is known.

    Raises:
        TrackerError: A name is not that of a tracker.
    """
    named = [] if smoke else settings_of(project).get("trackers", [])
    if not isinstance(named, list):
        raise TrackerError(
            f"{shown_file(project)}/pyproject.toml: tool.pconfigs.trackers must be a list of"
            f' names, got {named!r}\n    write trackers = ["tensorboard"]'
        )
    own = [] if config is None else named_trackers(config)
    found = list(dict.fromkeys([*named, *asked, *own]))
    for name in found:
        _refuse_unknown(name)
    return found


def named_trackers(config: Any) -> list[str]:
    """Return the trackers that a config names: `tracker_names(config)` of the class that it runs.

    Raises:
        TrackerError: It returns something else than names of trackers.
    """
    runnable = schema_of(config).constructs
    hook = getattr(runnable, "tracker_names", None)
    if runnable is None or hook is None:
        return []
    names = hook(config)
    where = f"{runnable.__qualname__}.tracker_names"
    if isinstance(names, str) or not hasattr(names, "__iter__"):
        raise TrackerError(
            f"{where} must return names of trackers, got {shorten(names)}\n"
            '    return a list: ["tensorboard"]'
        )
    found = list(names)
    for name in found:
        _refuse_unknown(name, f"{where}: ")
    return found


def _refuse_unknown(name: object, where: str = "") -> None:
    if name not in TRACKERS:
        raise TrackerError(
            f"{where}a tracker must be one of {listed(list(TRACKERS), 'or')}, got {name!r}",
            did_you_mean(str(name), TRACKERS, otherwise=f"there are {listed(list(TRACKERS))}"),
        )


def refuse_unusable(asked: Sequence[str]) -> None:
    """Refuse trackers before runs are launched, each of which would refuse them.

    Raises:
        TrackerError: A name is not that of a tracker.
        MissingExtraError: The package of one that was asked for is not installed.
    """
    trackers_of(project_folder(), asked)
    refuse_missing(asked)


def refuse_missing(asked: Sequence[str]) -> None:
    """Refuse trackers that were asked for, and whose packages are not installed.

    Raises:
        MissingExtraError: One is not.
    """
    for name in asked:
        if is_missing(name):
            raise MissingExtraError(name, name, f"--tracker {name}")


def is_missing(name: str) -> bool:
    """Return whether the package of a tracker is not installed."""
    from importlib.util import find_spec  # only runs with a tracker need it

    return name in TRACKERS and find_spec(name) is None


def trackers_to_continue(record: RunFolder, asked: Sequence[str], config: Any) -> list[str]:
    """Return the trackers of the next attempt of a run: also those that it has been given.

    Raises:
        TrackerError: A name is not that of a tracker.
    """
    given = (record.read(RUN) or {}).get(GIVEN, ())
    project = project_folder(os.path.dirname(record.store_folder))
    found = trackers_of(project, [*given, *asked], record.is_smoke, config)
    return list(dict.fromkeys([*found, *trackers_in(record)]))


def refuse_links(folder: RunFolder) -> None:
    """Refuse a link in the place of what a run has written, or of what it has been sent.

    A store may be one that others write to: what a link leads to is neither sent nor replaced.

    Raises:
        TrackerError: There is one.
    """
    for place in (folder.path, folder.file(FOLDER), folder.file(ATTEMPTS)):
        if not os.path.isdir(place):
            continue
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.is_symlink() and entry.name != FILES:
                    shown = shown_file(entry.path)
                    raise TrackerError(
                        f"{shown}: it must not be a link: it is what a run writes or sends\n"
                        "    replace it by what it leads to"
                    )


def start_followers(folder: RunFolder, trackers: Sequence[str]) -> None:
    """Start a follower for each tracker; it outlives this process and ends by itself.

    A follower that cannot be started is noted in its file, and `runs sync` does its work. A
    package that is not installed is reported in a line.
    """
    if not trackers:
        return
    try:
        refuse_links(folder)
    except TrackerError as error:
        warn(f"nothing is sent to {listed(list(trackers))}: {error}")
        return
    import subprocess  # only runs with a tracker wait for it

    home = folder.file(FOLDER)
    own_folder(folder.path, FOLDER)
    for tracker in trackers:
        file = f"{FOLDER}/{tracker}.json"
        if not os.path.exists(folder.file(file)):
            replace(folder.file(file), encoded({}))
        if is_missing(tracker):
            _note(folder, file, f"{tracker} is not installed")
            install = f"pip install 'pconfigs[{tracker}]'"
            then = f"python -m pconfigs.runs sync {quote(folder.shown)}"
            warn(f"{tracker} is not installed and is sent nothing: {install}, then {then}")
            continue
        words = [sys.executable, "-m", "pconfigs.trackers", folder.path, tracker]
        try:
            with open(os.path.join(home, f"{tracker}.log"), "ab", opener=appended) as log:
                subprocess.run(
                    ["/bin/sh", "-c", _DETACHED, "sh", *words],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    check=True,
                )
        except (OSError, subprocess.CalledProcessError) as error:
            _note(folder, file, f"its follower cannot be started: {error}")


def _note(folder: RunFolder, file: str, problem: str) -> None:
    folder.write(file, {**(folder.read(file) or {}), "problem": problem})
