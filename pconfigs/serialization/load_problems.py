"""Problems of loading, with nothing in them of what was given for a secret."""

from __future__ import annotations

from pconfigs.errors.formatting import SECRET_NAMES
from pconfigs.errors.paths import PathError
from pconfigs.errors.serialization import LoadProblem
from pconfigs.markers import Secret
from pconfigs.schema.class_schema import is_config_class, schema_of
from pconfigs.serialization.plain_forms import classes_in
from pconfigs.tree.paths import ROOT, Path, parse_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any


def problems_without_secrets(
    problems: Iterable[LoadProblem], data: Any, of: type
) -> list[LoadProblem]:
    """Return problems with those at or below a secret replaced by one that quotes nothing.

    Args:
        problems: The problems.
        data: What was loaded.
        of: The class that it was loaded as.
    """
    shown: list[LoadProblem] = []
    for problem in problems:
        secret = _secret_at(problem.path, of)
        if secret is None or _is_absent(data, secret):
            shown.append(problem)
        elif all(str(secret) != one.path for one in shown):
            shown.append(LoadProblem(str(secret), "the value that was given for it is not valid"))
    return shown


def _secret_at(text: str, of: type) -> Path | None:
    """Return the path of the outermost secret that a path leads to, or into."""
    try:
        steps = parse_path(text).steps
    except PathError:
        return next((Path(ROOT, name) for name in SECRET_NAMES if text.startswith(name)), None)
    at, classes = ROOT, {of}
    for step in steps:
        at = Path(at, step)
        if not isinstance(step, str):
            continue
        known = [one for one in _with_subclasses(classes) if is_config_class(one)]
        fields = [schema_of(one).fields[step] for one in known if step in schema_of(one).fields]
        if any(Secret in field.markers for field in fields) or (
            not fields and step in SECRET_NAMES  # of a class that the types do not name
        ):
            return at
        classes = {one for field in fields for one in classes_in(field.validator)}
    return None


def _with_subclasses(classes: Iterable[type]) -> Iterator[type]:
    for one in classes:
        yield one
        if is_config_class(one):
            yield from _with_subclasses(one.__subclasses__())


def _is_absent(data: Any, path: Path) -> bool:
    """Return whether nothing was given at a path: then no message quotes it."""
    value = data
    for step in path.steps:
        try:
            value = value[step if isinstance(step, str) else step.key]
        except (LookupError, TypeError):
            return True
    return False
