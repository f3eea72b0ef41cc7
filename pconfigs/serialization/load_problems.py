"""Problems of loading, with nothing in them of what was given for a secret."""

from __future__ import annotations

from pconfigs.errors.formatting import SECRET_NAMES
from pconfigs.errors.paths import PathError
from pconfigs.errors.serialization import LoadProblem
from pconfigs.tree.paths import ROOT, Path, parse_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def problems_without_secrets(problems: Iterable[LoadProblem], data: Any) -> list[LoadProblem]:
    """Return problems with those at or below a secret replaced by one that quotes nothing."""
    shown: list[LoadProblem] = []
    for problem in problems:
        secret = _secret_at(problem.path)
        if secret is None or _is_absent(data, secret):
            shown.append(problem)
        elif all(str(secret) != one.path for one in shown):
            shown.append(LoadProblem(str(secret), "the value that was given for it is not valid"))
    return shown


def _secret_at(text: str) -> Path | None:
    """Return the path of the outermost secret that a path leads to, or into."""
    try:
        steps = parse_path(text).steps
    except PathError:
        return next((Path(ROOT, name) for name in SECRET_NAMES if text.startswith(name)), None)
    at = ROOT
    for step in steps:
        at = Path(at, step)
        if isinstance(step, str) and step in SECRET_NAMES:
            return at
    return None


def _is_absent(data: Any, path: Path) -> bool:
    """Return whether nothing was given at a path: then no message quotes it."""
    value = data
    for step in path.steps:
        try:
            value = value[step if isinstance(step, str) else step.key]
        except (LookupError, TypeError):
            return True
    return False
