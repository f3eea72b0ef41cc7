"""Configs of recorded runs and saved configs, as objects."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from pconfigs.annotations.kinds import is_dict, is_sequence
from pconfigs.errors.base import PConfigError, Problem
from pconfigs.errors.runs import RunUseError
from pconfigs.errors.serialization import DriftError, LoadError
from pconfigs.errors.targets import ImportFailedError, TargetError
from pconfigs.imports import import_defined, make_current_folder_importable, refuse_program
from pconfigs.imports.own_packages import OwnPackages
from pconfigs.runs.folder import CONFIG
from pconfigs.schema.class_schema import is_config_class
from pconfigs.serialization.conversion.tags import ENUM, OBJECT, TYPE
from pconfigs.serialization.load import load
from pconfigs.serialization.save import read_with_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pconfigs.runs.reading.run_facts import RunFacts

_NAMES = (TYPE, OBJECT, ENUM)


def recorded_config(
    run: RunFacts,
    drift: str = "as-saved",
    name: str = CONFIG,
    moved: Mapping[str, str] | None = None,
) -> Any:
    """Return the config of a run with the values of then.

    Args:
        run: The run.
        drift: What to do where code computes other values today: `"refuse"`, `"accept"` those of
            today, or keep them `"as-saved"`.
        name: The file that holds it: the config as planned, or as resolved.
        moved: The names of today of what has been put elsewhere: see `moved_names`.

    Raises:
        RunUseError: It cannot be loaded today.
        DriftError: Code computes other values today.
    """
    data = run.record.read_whole(name)
    if not isinstance(data.get(TYPE), str):
        raise RunUseError(run.id, f"its {name} is missing", ["the run's record is incomplete"])
    if moved:
        data = _with_names(data, moved)
    make_current_folder_importable()
    packages = {one.partition(".")[0] for one in names_in(data)}
    hints = [
        f"its values, without their class: python -m pconfigs.runs show @{run.id}",
        "its code is kept in the store; classes may be renamed with formerly=",
    ]
    try:
        for one in names_in(data):
            refuse_store_code(one, run.record.store_folder)
        cls = import_defined(data[TYPE])
        if not is_config_class(cls):
            raise TargetError(data[TYPE], "it is not a config class")
        # What this project's own runs name was of its code, or of what that imports.
        return load(data, cls, drift, packages, run.record.file(name), "")
    except (DriftError, ImportFailedError):
        raise
    except PConfigError as error:
        lines = str(error).replace("\n", "\n    ")
        raise RunUseError(run.id, f"its config cannot be loaded today: {lines}", hints) from error


def refuse_store_code(dotted: str, store_folder: str) -> None:
    """Refuse a name in a record that leads to a program, or to code in the store itself.

    No run puts modules into a store, which may lie on the import path.

    Raises:
        TargetError: It leads there.
    """
    refuse_program(dotted)
    store = os.stat(store_folder)
    for place in sys.path:
        # By what the folders are: a store may be reached by several ways, through links.
        for name in dotted.split("."):
            place = os.path.join(place, name)
            try:
                found = os.stat(place)
            except (OSError, ValueError):
                break
            if os.path.samestat(found, store):
                raise TargetError(dotted, "it is in a store of runs, which has no code")


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
        raise LoadError([Problem("", problem, "save it with psave or pdump")], path)
    try:
        cls = OwnPackages([]).find(data[TYPE])
    except TargetError as error:
        raise LoadError([Problem(TYPE, str(error))], path) from error
    if not is_config_class(cls):
        raise LoadError([Problem(TYPE, f"{data[TYPE]} must be a config class")], path)
    found: type = cls
    return found


def names_in(data: Any) -> Iterator[str]:
    """Yield the dotted names of classes, functions and members in the data of a config."""
    if is_dict(data):
        for key, value in data.items():
            if key in _NAMES and isinstance(value, str):
                yield value
            else:
                yield from names_in(value)
    elif is_sequence(data):
        for value in data:
            yield from names_in(value)


def _with_names(data: Any, moved: Mapping[str, str]) -> Any:
    """Return the data of a config with other names."""
    if is_dict(data):
        return {
            key: moved.get(value, value)
            if key in _NAMES and isinstance(value, str)
            else _with_names(value, moved)
            for key, value in data.items()
        }
    return [_with_names(value, moved) for value in data] if is_sequence(data) else data
