"""Why a run is stale: code that ran, computed values, variables and artifacts of today."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pconfigs.artifacts.manifests import Manifests
from pconfigs.artifacts.reference import parse_reference
from pconfigs.errors.artifacts import ArtifactError
from pconfigs.errors.runs import RunUseError
from pconfigs.errors.serialization import DriftError
from pconfigs.runs.changes.code_changes import CodeChange, CodeState, code_changes
from pconfigs.runs.changes.states import code_of, today
from pconfigs.runs.lineage.files import read_consumed
from pconfigs.runs.lineage.location import manifests_of
from pconfigs.runs.reading.repeating import config_of
from pconfigs.runs.reading.run_facts import RunFacts
from pconfigs.runs.store import open_store

CODE, VALUE, VARIABLE, CONFIG, ARTIFACT = "code", "value", "variable", "config", "artifact"
NOT_SEEN = "not seen: compiled code, data files, names looked up as strings, versions of packages"
STATIC = "functions that ran are not known: all functions of imported modules count"


@dataclass(slots=True, frozen=True)
class Reason:
    """One reason why a run is stale.

    Attributes:
        kind: `code`, `value`, `variable`, `config` or `artifact`.
        name: What changed: a function, a class, a path in the config, a variable.
        text: In words, with the place.
        change: The difference of the code, where it is one.
    """

    kind: str
    name: str
    text: str
    change: CodeChange | None = None

    def __str__(self) -> str:
        return self.text


class Today:
    """The project as it is now, for questions about many runs.

    Args:
        store_folder: Folder of the store.
    """

    def __init__(self, store_folder: str) -> None:
        self.state = today(store_folder)
        self._known: dict[tuple[object, ...], list[Reason]] = {}

    def reasons(self, run: RunFacts) -> list[Reason]:
        """Return why a run is stale; nothing where it is up to date."""
        values = _values(run, self.state)
        return [*self._code(run), *_artifacts(run), *_variables(run), *values]

    def _code(self, run: RunFacts) -> list[Reason]:
        code = code_of(run)
        key = code.key
        if key not in self._known:
            changes = code_changes(code.state, self.state, list(code.files), code.ran)
            self._known[key] = [Reason(CODE, one.name, str(one), one) for one in changes]
        return self._known[key]


def stale_reasons(run: RunFacts) -> list[Reason]:
    """Return why a run is stale today; nothing where it is up to date."""
    return Today(run.record.store_folder).reasons(run)


def is_traced(run: RunFacts) -> bool:
    """Return whether it is known which functions ran."""
    return code_of(run).ran is not None


def _artifacts(run: RunFacts) -> list[Reason]:
    """Return the consumed artifacts of the store that are others today.

    What was asked for by a moving reference, such as `tokens:latest`, is looked up again; what an
    experiment produced, and what is a version, must have the content that it had.
    """
    consumed = read_consumed(run.record)
    if not consumed:
        return []
    store = open_store(run.record.store_folder)
    manifests = manifests_of(store, bool(run.facts.get("smoke")))
    problems = ((entry, _problem(entry, manifests)) for entry in consumed)
    return [
        Reason(ARTIFACT, str(entry.get("name", entry["ref"])), text)
        for entry, text in problems
        if text is not None
    ]


def _problem(entry: Mapping[str, Any], manifests: Manifests) -> str | None:
    """Return in what a consumed artifact differs from that of today."""
    asked = str(entry.get("asked") or "")
    ref = str(entry["ref"])
    # A bare name is what an experiment produced, which the pipeline looks up.
    moving = any(mark in asked for mark in ":@")
    try:
        reference = parse_reference(asked if moving else ref)
        if reference.service != "store":
            return None
        found = manifests.find(reference)
    except ArtifactError as error:
        return f"{ref} is gone: {str(error).partition(chr(10))[0]}"
    if entry.get("digest") and found.digest != entry["digest"]:
        return f"{asked or ref} was {ref}, is {found}"
    return None


def _variables(run: RunFacts) -> list[Reason]:
    found: list[Reason] = []
    for name, before in run.latest.get("reads", {}).items():
        after = os.environ.get(name)
        if after is not None and after != before:
            found.append(Reason(VARIABLE, name, f"{name} was {before!r}, is {after!r}"))
    return found


def _values(run: RunFacts, state: CodeState) -> list[Reason]:
    """Return the values that today's code computes differently."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a changed default does not change the run's values
            config_of(run, "refuse", state)
    except DriftError as error:
        return [Reason(VALUE, change.path, str(change)) for change in error.changes]
    except RunUseError as error:
        return [Reason(CONFIG, "config", error.problem.partition("\n")[0])]
    return []
