"""Smoke runs: the runnable experiments of a module run small, each in a process of its own."""

from __future__ import annotations

import sys

from pconfigs.build.base_class import open_paths
from pconfigs.build.small import has_smoke_values, smoke_variant
from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import listed
from pconfigs.imports.files import module_name_of
from pconfigs.launchers.processes import run_silently
from pconfigs.schema.class_schema import is_config, schema_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pconfigs.launchers.processes import CompletedRun
    from pconfigs.testing.run_checks import ModuleReport

LINES = 30
"""Lines of output that are shown of a run that fails."""


def run_small(outcome: ModuleReport, experiments: Mapping[str, Any], timeout: float) -> None:
    """Run the runnable experiments of a module small, for `timeout` seconds each at most."""
    for name, config in _single(experiments):
        if not _is_runnable(config):
            continue
        target = f"{outcome.found.name}.{name}"
        missing = open_paths(config)
        if missing:
            outcome.notes.append(f"{target} is not run: {listed(missing[:5])} {_are(missing)} open")
            continue
        if not has_smoke_values(config):
            outcome.notes.append(f"{target} has no smoke values (psmoke) and ran unchanged")
        problem = _refusal(config) or _failure(_words_of(outcome, name), timeout)
        if problem:
            outcome.problems.append(f"{target} --smoke {problem}")


def _single(experiments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each experiment; of a sweep, the points that differ when they are small."""
    for name, value in experiments.items():
        if is_config(value):
            yield name, value
            continue
        points = list(enumerate(value)) if has_smoke_values(value[0]) else [(0, value[0])]
        seen: list[Any] = []
        for index, config in points:
            small = None if open_paths(config) or _refusal(config) else smoke_variant(config)
            if small is None or small not in seen:
                seen.append(small)
                yield f"{name}[{index}]", config


def _is_runnable(config: Any) -> bool:
    configured = getattr(schema_of(config).constructs, "__pconfigured__", None)
    return configured is not None and bool(configured.runnable)


def _are(words: list[str]) -> str:
    return "is" if len(words) == 1 else "are"


def _refusal(config: Any) -> str:
    """Why the small variant of a config cannot be built, or ""."""
    try:
        smoke_variant(config)
    except PConfigError as error:
        return f"cannot be built\n{error}"
    return ""


def _words_of(outcome: ModuleReport, name: str) -> list[str]:
    """Return the command that runs an experiment small."""
    path = outcome.found.path
    target = f"{path}:{name}" if module_name_of(path) is None else f"{outcome.found.name}.{name}"
    return [sys.executable, "-m", "pconfigs.run", target, "--smoke"]


def _failure(command: list[str], timeout: float) -> str:
    """Return the problem of a run in words; "" if it has none."""
    done = run_silently(command, timeout)
    if done.code == 0:
        return ""
    if done.code is None:
        words = f"did not end within {timeout:g} s"
    elif done.code < 0:
        words = f"was ended by signal {-done.code}"
    else:
        words = f"failed with exit code {done.code}"
    return "\n".join([words, *_end_of(done)])


def _end_of(done: CompletedRun) -> list[str]:
    lines = done.output.rstrip().splitlines()
    left_out = ["    ..."] if len(lines) > LINES else []
    return [*left_out, *(f"    {line}" for line in lines[-LINES:])]
