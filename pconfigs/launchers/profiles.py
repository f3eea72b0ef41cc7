"""Profiles: executors by name, from a table of `env.toml` or by the dotted path of a config."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from pconfigs.atomic_files import read_regular
from pconfigs.errors.base import PConfigError, with_hints
from pconfigs.errors.formatting import did_you_mean, given_words, listed, shown_file
from pconfigs.errors.runs import ProfileError
from pconfigs.imports import resolve
from pconfigs.launchers.engines.parts import ExecutorConfig
from pconfigs.launchers.records import EXECUTORS
from pconfigs.schema.class_schema import schema_of
from pconfigs.serialization.formats.toml_format import parse
from pconfigs.serialization.load import load
from pconfigs.serialization.overlay import merged

VARIABLE = "NEMOTRON_ENV_FILE"
FILE = "env.toml"
KIND, PARENT = "executor", "extends"
RESERVED = ("wandb", "cli", "cache", "artifacts")
"""Tables of env.toml that are not profiles."""


def find_executor(text: str) -> ExecutorConfig:
    """Return the executor of a profile of env.toml, or at a dotted path: what `--on` names.

    Raises:
        ProfileError: Neither is there, or the profile is wrong.
    """
    file = environment_file()
    profiles = {} if file is None else read_profiles(file)
    place = "" if file is None else shown_file(str(file))
    if text in profiles:
        return executor_of(text, profiles, place)
    if "." in text or ":" in text:
        return _executor_at(text)
    raise _unknown(text, profiles, place)


def environment_file() -> Path | None:
    """Return the file of profiles: by $NEMOTRON_ENV_FILE, else upward to the first pyproject.toml.

    Raises:
        ProfileError: The variable names a file that is not there.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not Path(named).is_file():
            raise ProfileError("", [f"{VARIABLE} must name a file, got {named!r}"])
        return Path(named)
    folder = Path.cwd()
    for here in (folder, *folder.parents):
        if (here / FILE).is_file():
            return here / FILE
        if (here / "pyproject.toml").is_file():
            return None
    return None


def read_profiles(file: Path) -> dict[str, Mapping[str, Any]]:
    """Return the tables of a file of profiles, by name.

    Raises:
        ProfileError: It is not TOML.
    """
    try:
        data = parse(read_regular(str(file)).decode())
    except (ValueError, OSError) as error:
        raise ProfileError("", [f"invalid TOML: {error}"], shown_file(str(file))) from error
    return {name: table for name, table in data.items() if isinstance(table, dict)}


def executor_of(
    name: str, profiles: Mapping[str, Mapping[str, Any]], where: str = FILE
) -> ExecutorConfig:
    """Return the executor of a profile.

    Raises:
        ProfileError: Its parents, its kind or its keys are wrong; all problems are reported.
    """
    if name in RESERVED:
        names = listed(list(RESERVED))
        raise ProfileError(name, [f"{name} is not a profile: {names} are reserved"], where)
    table = _with_parents(name, profiles, where)
    kind = table.pop(KIND, None)
    if not isinstance(kind, str) or kind not in EXECUTORS:
        kinds = listed([repr(known) for known in EXECUTORS], "or")
        got = "nothing" if kind is None else given_words(kind)
        raise ProfileError(name, [f"{name}.{KIND} must be {kinds}, got {got}"], where)
    cls = EXECUTORS[kind]
    fields = [field.name for field in schema_of(cls).fields.values() if not field.pinned]
    problems = [_unknown_key(name, key, fields, kind) for key in table if key not in fields]
    if problems:
        raise ProfileError(name, problems, where)
    try:
        executor: ExecutorConfig = load(table, cls, "refuse", (), f"{where}: {name}", where)
    except PConfigError as error:
        raise ProfileError(name, [f"{name}: {error}"], where) from error
    return executor


def _with_parents(
    name: str, profiles: Mapping[str, Mapping[str, Any]], where: str
) -> dict[str, Any]:
    """Return a table with what it inherits: tables are merged, everything else is replaced."""
    chain = [name]
    tables = [profiles[name]]
    while (parent := tables[-1].get(PARENT)) is not None:
        if not isinstance(parent, str):
            problem = f"{chain[-1]}.{PARENT} must be the name of a profile"
            raise ProfileError(name, [f"{problem}, got {given_words(parent)}"], where)
        if parent in chain:
            shown = " -> ".join([*chain, parent])
            raise ProfileError(name, [f"profiles extend each other: {shown}"], where)
        if parent not in profiles or parent in RESERVED:
            hint = did_you_mean(parent, [p for p in profiles if p not in RESERVED])
            problem = f"{chain[-1]}.{PARENT} names {parent!r}, which is not a profile"
            raise ProfileError(name, [with_hints(problem, hint)], where)
        chain.append(parent)
        tables.append(profiles[parent])
    found: Any = reduce(merged, reversed(tables))
    return {key: value for key, value in found.items() if key != PARENT}


def _unknown_key(name: str, key: str, fields: Sequence[str], kind: str) -> str:
    hint = did_you_mean(key, fields, otherwise=f"a {kind} executor has {listed(fields)}")
    return with_hints(f"{name}.{key} is unknown", hint)


def _executor_at(text: str) -> ExecutorConfig:
    found = resolve(text).object
    if not isinstance(found, ExecutorConfig):
        hint = "such as SlurmExecutor(partition=...) of pconfigs.executors"
        problem = f"{text} must lead to an executor config, got {given_words(found)}\n    {hint}"
        raise ProfileError(text, [problem])
    return found


def _unknown(text: str, profiles: Mapping[str, Mapping[str, Any]], place: str) -> ProfileError:
    known = [name for name in profiles if name not in RESERVED]
    hint = f"add a table [{text}] to {FILE}, or name an executor config by its dotted path"
    if known:
        hint = did_you_mean(text, known, otherwise=f"its profiles are {listed(known)}")
    return ProfileError(text, [f"{text!r} is not a profile\n    {hint}"], place)
