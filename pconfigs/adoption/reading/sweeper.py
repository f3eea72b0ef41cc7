"""Sweepers of Hydra: which values vary, and for which metric the best are looked for.

Words such as `choice(1, 2)` and `interval(1e-4, 0.1)` mean what they mean to Hydra 1.3 and its
sweeper for Optuna.
"""

from __future__ import annotations

import re
from typing import Any

from pconfigs.adoption.nodes import Mapping, Node, Scalar, Sequence, at, plain
from pconfigs.adoption.reading.yaml_tree import DEEPEST
from pconfigs.adoption.source import Parameter, Range, Sweep
from pconfigs.errors.formatting import outside_brackets
from pconfigs.serialization.formats.interpolations import (
    Constant,
    Formula,
    InterpolationError,
    Listed,
    argument_value,
    parsed_argument,
)

METRIC = "optimized_metric"
"""The key that names the metric in the template that most trees begin with."""
MOST_STEPS = 1_000
"""Values of a `range` that are written out."""
_CALL = re.compile(r"\s*(\w+)\((.*)\)\s*", re.DOTALL)
_READ = frozenset(("_target_", "direction", "n_trials", "n_jobs", "params", "sampler"))


class _UnknownWordsError(ValueError):
    """The words are not understood."""


def sweep_of(settings: Node | None, sweeper: str, tree: Mapping) -> Sweep | None:
    """Return what the settings of a tree vary; None where that is nothing.

    Args:
        settings: The section `hydra`.
        sweeper: The name that a defaults list chooses for `hydra/sweeper`, or "".
        tree: The tree around it.
    """
    node = at(settings, ("sweeper",))
    if not isinstance(node, Mapping):
        return None
    found = Sweep(node.place)
    target = f"{sweeper} {node.target or ''}".lower()
    sampler = at(node, ("sampler",))
    is_grid = isinstance(sampler, Mapping) and (sampler.target or "").endswith("GridSampler")
    found.is_search = "optuna" in target and not is_grid
    params = at(node, ("params",))
    if isinstance(params, Mapping) and params.items:
        if target.strip() and "optuna" not in target and "basic" not in target:
            found.note(node, f"hydra.sweeper: {target.strip()}", "a sweeper that is not known here")
            return found
        for key, value in params.items.items():
            _parameter(found, str(key), value)
        if found.is_search:
            _goal(found, node, tree)
    for key, value in node.items.items():
        if key not in _READ and plain(value) not in (None, {}, []):
            found.note(value, f"hydra.sweeper.{key}: {plain(value)}", "of Hydra's sweeper alone")
    return found if found.parameters or found.findings else None


def _parameter(found: Sweep, key: str, node: Node) -> None:
    """Add what one parameter varies over, or note its words."""
    words = f"{key}: {plain(node)}"
    try:
        if isinstance(node, Scalar):
            text = node.value
            space = _space(text, found.is_search) if isinstance(text, str) else [text]
        elif isinstance(node, Sequence) and all(isinstance(one, Scalar) for one in node.items):
            space = plain(node)
        else:
            raise _UnknownWordsError
    except (ValueError, ArithmeticError, TypeError):
        found.note(node, words, "write its values by hand")
        return
    if isinstance(space, Range) and not found.is_search:
        found.note(node, words, "an interval has no list of values: give one, or use psearch")
        return
    found.parameters.append(Parameter(key.lstrip("+"), words, node.place, space))


def _goal(found: Sweep, node: Mapping, tree: Mapping) -> None:
    """Note the metric of a search, and how many runs there are."""
    metric = at(tree, (METRIC,))
    direction = plain(node.items["direction"]) if "direction" in node.items else "minimize"
    word = {"maximize": "max", "minimize": "min"}.get(str(direction).lower().rpartition(".")[2])
    name = metric.value if isinstance(metric, Scalar) else None
    if word is None or not isinstance(name, str):
        words = f"hydra.sweeper.direction: {direction}"
        found.note(node, words, "name the metric: goal='min loss'")
    found.goal = f"{word or 'min'} {name if isinstance(name, str) else 'loss'}"
    for key, path in (
        ("runs", ("n_trials",)),
        ("parallel", ("n_jobs",)),
        ("seed", ("sampler", "seed")),
    ):
        value = at(node, path)
        if isinstance(value, Scalar) and type(value.value) is int:
            if value.value < (key != "seed"):
                found.note(value, f"hydra.sweeper.{'.'.join(path)}: {value.value}", "not a count")
                continue
            found.settings[key] = value.value


def _space(text: str, is_search: bool) -> list[Any] | Range:
    """Return the values that words give: a list of them, or a range.

    Raises:
        ValueError: The words are not understood.
    """
    if text.count("(") > DEEPEST:
        raise _UnknownWordsError
    parts = _split(text)
    if len(parts) > 1:
        return [_value(one) for one in parts]
    call = _CALL.fullmatch(text)
    if call is None:
        return [_value(text)]
    name, words = call[1], _split(call[2])
    if name == "choice":
        return [_value(one) for one in words]
    if name == "interval":
        low, high = _numbers(words, ("start", "end"), ())
        return Range(float(low), float(high))
    if name == "range":
        return _steps(words, is_search)
    if name == "shuffle" and len(words) == 1:
        return _space(words[0], is_search)
    inner = _space(words[-1], is_search)
    if name == "tag":
        log = "log" in [word.strip() for word in words[:-1]]
        return Range(inner.low, inner.high, log) if isinstance(inner, Range) else inner
    if name in ("int", "float"):
        cast = int if name == "int" else float
        if isinstance(inner, Range):
            return Range(cast(inner.low), cast(inner.high), inner.log)
        return [cast(one) for one in inner]
    raise _UnknownWordsError


def _steps(words: list[str], is_search: bool) -> list[Any] | Range:
    """Return the values of `range`; a search includes the end, as the sweeper for Optuna does."""
    if len(words) == 1 and "=" not in words[0]:
        words = ["0", *words]
    start, stop, step = _numbers(words, ("start", "stop", "step"), (1,))
    whole = all(type(one) is int for one in (start, stop, step))
    if is_search and whole and step == 1:
        return Range(start, stop)
    if not step:
        raise _UnknownWordsError
    count = (stop - start) / step
    # A quotient such as 0.3 / 0.1 is a little less than the number of steps.
    steps = int(count + 1e-9) + 1 if is_search or count != int(count) else int(count)
    if steps > MOST_STEPS:
        raise _UnknownWordsError
    return [start + index * step for index in range(steps)]


def _numbers(words: list[str], names: tuple[str, ...], rest: tuple[Any, ...]) -> list[Any]:
    """Return numbers given in order or by name, and what is left out from `rest`."""
    found: dict[str, Any] = {}
    for name, word in zip(names, words, strict=False):
        key, equals, text = word.partition("=")
        found[key.strip() if equals else name] = argument_value((text if equals else word).strip())
    defaults = dict(zip(names[len(names) - len(rest) :], rest, strict=True))
    numbers = [found.get(name, defaults.get(name)) for name in names]
    if len(words) > len(names) or not set(found) <= set(names):
        raise _UnknownWordsError
    if not all(type(one) in (int, float) for one in numbers):
        raise _UnknownWordsError
    return numbers


def _value(text: str) -> Any:
    """Return one value.

    Raises:
        ValueError: It is a mapping, or words of another kind.
    """
    try:
        return _plain(parsed_argument(text))
    except InterpolationError:
        raise _UnknownWordsError from None


def _plain(formula: Formula) -> Any:
    if isinstance(formula, Listed):
        return [_plain(one) for one in formula.items]
    if isinstance(formula, Constant):
        return formula.value
    raise _UnknownWordsError


def _split(text: str) -> list[str]:
    """Return what commas outside of brackets and quotes separate.

    In Hydra's grammar a backslash escapes brackets and commas outside of quotes, too.
    """
    without_escapes = re.sub(r"\\.", "__", text, flags=re.DOTALL)
    commas = [at for at, letter in outside_brackets(without_escapes) if letter == ","]
    ends = zip([0, *(at + 1 for at in commas)], [*commas, len(text)], strict=True)
    return [text[start:end] for start, end in ends]
