"""Configs of recorded runs and saved configs, as objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pconfigs.annotations.kinds import is_dict, is_sequence
from pconfigs.errors.base import PConfigError
from pconfigs.errors.runs import RunUseError
from pconfigs.errors.serialization import DriftError, LoadError, LoadProblem
from pconfigs.errors.targets import ImportFailedError, TargetError
from pconfigs.imports import import_object, make_current_folder_importable, resolve
from pconfigs.imports.own_packages import OwnPackages
from pconfigs.runs.folder import CONFIG
from pconfigs.schema.class_schema import is_config, is_config_class
from pconfigs.serialization.conversion.tags import TYPE
from pconfigs.serialization.fingerprint import pfingerprint
from pconfigs.serialization.load import load
from pconfigs.serialization.save import read_with_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pconfigs.runs.reading.runs import Run

_NAMES = (TYPE, "$name", "$enum")


def recorded_config(run: Run, drift: str = "as-saved", name: str = CONFIG) -> Any:
    """Return the config of a run with the values of then.

    Args:
        run: The run.
        drift: What to do where code computes other values today: `"refuse"`, `"accept"` those of
            today, or keep them `"as-saved"`.
        name: The file that holds it: the config as planned, or as resolved.

    Raises:
        RunUseError: It cannot be loaded today.
        DriftError: Code computes other values today.
    """
    data = run.record.read_whole(name)
    if not isinstance(data.get(TYPE), str):
        raise RunUseError(run.id, f"its {name} is missing", ["the run's record is incomplete"])
    make_current_folder_importable()
    hints = [
        f"its values, without their class: python -m pconfigs.runs show @{run.id}",
        "its code is kept in the store; classes may be renamed with formerly=",
    ]
    try:
        cls = import_object(data[TYPE])
        if not is_config_class(cls):
            raise TargetError(data[TYPE], "it is not a config class")
        # What this project's own runs name was of its code, or of what that imports.
        return load(data, cls, drift, set(_packages(data)), run.record.file(name), "")
    except (DriftError, ImportFailedError):
        raise
    except PConfigError as error:
        lines = str(error).replace("\n", "\n    ")
        raise RunUseError(run.id, f"its config cannot be loaded today: {lines}", hints) from error


def config_to_continue(run: Run) -> Any:
    """Return the config of a run that goes on or starts: its values, and today's secrets.

    Secrets are not recorded: they come from the experiment, where that still has the fingerprint of
    the run.

    Raises:
        RunUseError: It cannot be loaded today.
        DriftError: Code computes other values today.
    """
    return config_to_repeat(run, False)


def config_to_repeat(run: Run, accepts_changes: bool) -> Any:
    """Return the config of a run that is repeated: see `config_to_continue`.

    Args:
        run: The run.
        accepts_changes: Take the values that today's code computes from its inputs.
    """
    if run.target is not None and not run.facts.get("smoke"):
        # Here, so that jobs do not wait for it.
        from pconfigs.overrides.override import poverride

        try:
            config = resolve(run.target).object
            if is_config(config):
                config = poverride(config, run.overrides) if run.overrides else config
                if pfingerprint(config) == run.fingerprint:
                    return config
        except (PConfigError, AttributeError, ValueError):
            pass  # the experiment is gone or another one; the record has what was planned
    return recorded_config(run, "accept" if accepts_changes else "refuse")


def saved_config(path: str, drift: str) -> Any:
    """Return the config in a file, whose class the file names at its top.

    Raises:
        LoadError: The file is not a config, or its class is not of this project.
    """
    data, source = read_with_lines(path)
    return load(data, class_named_in(data, path), drift, (), source, path)


def class_named_in(data: Any, path: str) -> type:
    """Return the config class that the data of a file names at its top.

    Raises:
        LoadError: It names none, or one that is not of this project.
    """
    if not is_dict(data) or not isinstance(data.get(TYPE), str):
        problem = f"{TYPE} at the top must name the class of the config"
        raise LoadError([LoadProblem("", problem, "save it with psave or pdump")], path)
    try:
        cls = OwnPackages([]).find(data[TYPE])
    except TargetError as error:
        raise LoadError([LoadProblem(TYPE, str(error))], path) from error
    if not is_config_class(cls):
        raise LoadError([LoadProblem(TYPE, f"{data[TYPE]} must be a config class")], path)
    found: type = cls
    return found


def _packages(data: Any) -> Iterator[str]:
    """Yield the top packages of all names in the data of a config."""
    if is_dict(data):
        for key, value in data.items():
            if key in _NAMES and isinstance(value, str):
                yield value.partition(".")[0]
            else:
                yield from _packages(value)
    elif is_sequence(data):
        for value in data:
            yield from _packages(value)
