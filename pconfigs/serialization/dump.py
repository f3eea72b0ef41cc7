"""Dumping: a config as dicts, lists, strings, numbers, booleans and None, and nothing else.

The words that begin with `$` are explained in tags.py.
"""

from __future__ import annotations

from pconfigs import errors
from pconfigs.serialization import conversion
from pconfigs.serialization.conversion.config_writer import WRITER, ConfigWriter, config_writer
from pconfigs.serialization.conversion.converters import Converter
from pconfigs.serialization.conversion.foreign_values import write_foreign
from pconfigs.serialization.conversion.plain_helpers import path_text
from pconfigs.serialization.conversion.scalar_codecs import qualified_name
from pconfigs.serialization.conversion.tags import (
    FUNCTIONS,
    SAME,
    TYPE,
    UNSAVED,
)
from pconfigs.tree.paths import ROOT, Path

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pconfigs.errors.serialization import Unsavable


def plain(config: Any) -> dict[str, Any]:
    """Return the plain data of a config, with its class at the top.

    Raises:
        UnsavableError: Values without a plain form; all of them are named.
    """
    out = Dump()
    data: dict[str, Any] = out.config(config, False)
    if out.problems:
        raise errors.UnsavableError(type(config), out.problems)
    if out.again:
        out.name_repeated(data)
    return data


class Dump:
    """One writing of a config.

    Attributes:
        problems: Values without a plain form.
        steps: The way to the value that is being written: field names, indices, `Item`s.
        ties: What a property around made of inputs without their pins, by id.
        again: Places of configs that have been written before, and the ids of these.
    """

    __slots__ = ("_is_computed", "_seen", "again", "problems", "steps", "ties")

    def __init__(self, computed: bool = False) -> None:
        self.problems: list[Unsavable] = []
        self.steps: list[Any] = []
        self.ties: dict[int, Any] = {}
        self.again: list[tuple[dict[str, Any], Any]] = []
        self._seen: dict[Any, dict[str, Any]] = {}
        self._is_computed = computed

    def config(self, config: Any, decided: bool) -> dict[str, Any]:
        """Return the plain form of a config; `decided` if the field determines its class."""
        key = id(config)
        tied = key in self.ties
        if tied:
            # Written without its pins: a place where they count cannot refer to it.
            key = ~key
        first = self._seen.get(key)
        if first is not None:
            if TYPE not in first:
                # `$same` may be read before the config itself.
                inside = dict(first)
                first.clear()
                first.update({TYPE: qualified_name(type(config)), **inside})
            again: dict[str, Any] = {SAME: None}
            self.again.append((again, key))
            return again
        kind = type(config)
        writer: ConfigWriter = kind.__dict__.get(WRITER) or config_writer(kind)
        data = writer.write(config, self, tied)
        if not decided:
            data = {TYPE: writer.name, **data}
        self._seen[key] = data
        return data

    def computed(self, converter: Converter, value: Any) -> Any:
        """Return the plain form of what code computes; values without one do no harm."""
        before, self._is_computed = self._is_computed, True
        data = converter.dump(value, self)
        self._is_computed = before
        return data

    def foreign(self, value: Any) -> Any:
        """Return the plain form of a value of another library; note one that has none."""
        return write_foreign(value, self)

    def compiled(self, writer: ConfigWriter) -> Callable[[Any, Any, bool], dict[str, Any]]:
        """Return straight code that writes the configs of one class; see `compiled_writer`."""
        return conversion.compiled_writer.compiled_writer(writer)

    def refuse(self, value: Any, reason: str) -> Any:
        """Note a value without a plain form; return what is written in its place."""
        kind = type(value)
        name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
        if self._is_computed:
            return {UNSAVED: name}
        self.problems.append(
            errors.serialization.Unsavable(path_text(self.steps), name, reason, _hint(value))
        )
        return None

    def name_repeated(self, top: Any) -> None:
        """Put the paths of repeated configs in the places where they are repeated."""
        wanted = {id(self._seen[key]) for _, key in self.again}
        paths: dict[int, str] = {}
        pending: list[tuple[Any, Path]] = [(top, ROOT)]
        while pending:
            value, path = pending.pop()
            if id(value) in wanted:
                paths[id(value)] = str(path)
            items = value.items() if type(value) is dict else enumerate(value)
            pending.extend(
                (inner, _step_to(path, key))
                for key, inner in items
                if type(inner) is dict or type(inner) is list
            )
        for place, key in self.again:
            written = self._seen[key]
            if id(written) in paths:
                place[SAME] = paths[id(written)]
            else:
                del place[SAME]  # what it was written in is not a part of the data
                place.update(written)


def _step_to(path: Path, key: Any) -> Path:
    if isinstance(key, str) and key.isidentifier():
        return path.field(key)
    return path.item(key)


def _hint(value: Any) -> str:
    kind = type(value)
    if kind in FUNCTIONS or isinstance(value, type):
        return "define it at the top of a module"
    if kind.__module__ == "numpy":
        return "hold what .tolist() or .item() makes of it"
    if (kind.__module__, kind.__name__) == ("functools", "partial"):
        return "use a function at the top of a module, or a config of it: @pconfig(calls=...)"
    if isinstance(value, (str, int, float, list, dict, set)):
        builtin = next(base for base in kind.__mro__ if base.__module__ == "builtins")
        return f"hold a plain {builtin.__name__}"
    return "make its class a config class, hold what it is made from, or teach it with ptype"
