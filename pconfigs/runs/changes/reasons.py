"""Why a run is stale: code that ran, computed values, variables and artifacts of today."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass

from pconfigs.errors.runs import RunUseError
from pconfigs.errors.serialization import DriftError
from pconfigs.runs.changes.artifacts import changed_artifacts
from pconfigs.runs.changes.code_changes import CodeChange, CodeState, code_changes
from pconfigs.runs.changes.states import code_of, today
from pconfigs.runs.location import project_folder
from pconfigs.runs.reading.repeating import config_of
from pconfigs.runs.reading.run_facts import RunFacts

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
        project: Folder of the project; that of the current folder by default.
    """

    def __init__(self, store_folder: str, project: str | None = None) -> None:
        self.project = project or project_folder()
        self.state: CodeState = today(self.project, store_folder)
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
    return [Reason(ARTIFACT, name, text) for name, text in changed_artifacts(run)]


def _variables(run: RunFacts) -> list[Reason]:
    attempts = run.attempts
    reads: dict[str, str] = attempts[-1].get("reads", {}) if attempts else {}
    found: list[Reason] = []
    for name, before in reads.items():
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
