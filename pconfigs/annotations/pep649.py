"""PEP 649: functions that Python 3.14 and later compile in place of annotations.

Each computes all annotations of a class at once. Run with a namespace of our own, it gives text for
what is written, or types for what can be found.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any


Function: Any = type(lambda: None)
_VALUE, _FAKE_GLOBALS, _FORWARDREF, _STRING = 1, 2, 3, 4  # annotationlib.Format


def lazy_annotations(owner: Any) -> Any:
    """Return the function that makes the annotations of `owner`, from Python 3.14 on; or None."""
    if isinstance(owner, type):
        own = vars(owner)
        return own.get("__annotate_func__") or own.get("__annotate__")
    return getattr(owner, "__annotate__", None)


def written(owner: Any) -> dict[str, Any]:
    """Return the annotations in the body of `owner` (a class or function), nothing evaluated."""
    is_class = isinstance(owner, type)
    if is_class and (present := vars(owner).get("__annotations__")) is not None:
        return dict(present)
    annotate = lazy_annotations(owner)
    if annotate is None:
        return {} if is_class else dict(getattr(owner, "__annotations__", None) or {})
    words = run_lazy(annotate, Stringifier)
    return {
        name: str(word) if isinstance(word, Stringifier) else word for name, word in words.items()
    }


def run_lazy(
    annotate: Any, find: Callable[[str], Any], names: dict[str, object] | None = None
) -> dict[str, Any]:
    """Return the result of `annotate` with every name looked up by `find`."""
    try:
        # Those of TypedDict, NamedTuple and their like are written by hand, and know all formats.
        return annotate(_STRING if names is None else _FORWARDREF)  # type: ignore[no-any-return]
    except NotImplementedError:
        pass  # compiled from annotations: run below in a namespace of ours
    # The compiled function looks names up in its globals and cells: it is copied with others in
    # their place. annotationlib does the same, but imports ast and enum for it.
    lookup = _Lookup(find) if names is None else names
    cells: list[Any] = []
    for name, cell in zip(annotate.__code__.co_freevars, annotate.__closure__ or (), strict=True):
        if name == "__classdict__":  # the body of the class, asked before the globals
            cells.append(_cell(lookup))
        elif name == "__conditional_annotations__":  # which of those below an `if` have run
            cells.append(cell)
        elif names is None:
            cells.append(_cell(find(name)))
        else:
            cells.append(_cell(_content(cell, name, find)))
    function = Function(
        annotate.__code__, lookup, annotate.__name__, annotate.__defaults__, tuple(cells) or None
    )
    return function(_VALUE if names is not None else _FAKE_GLOBALS)  # type: ignore[no-any-return]


class _Lookup(dict[str, object]):
    """A namespace that asks `find` for every name."""

    def __init__(self, find: Callable[[str], Any]) -> None:
        super().__init__()
        self.find = find

    def __missing__(self, name: str) -> Any:
        return self.find(name)


def _cell(value: Any) -> Any:
    return (lambda: value).__closure__[0]  # type: ignore[index]


def _content(cell: Any, name: str, find: Callable[[str], Any]) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return find(name)


class Stringifier:
    """Text standing for a name, growing with what the annotation does with it."""

    def __init__(self, text: str) -> None:
        self.__text = text

    def __str__(self) -> str:
        return self.__text

    __repr__ = __str__

    def __getattr__(self, name: str) -> Stringifier:
        if name.startswith("__"):
            raise AttributeError(name)
        return Stringifier(f"{self}.{name}")

    def __getitem__(self, item: Any) -> Stringifier:
        items = ", ".join(map(repr, item)) if isinstance(item, tuple) and item else repr(item)
        return Stringifier(f"{self}[{items}]")

    def __call__(self, *args: object, **kwargs: object) -> Stringifier:
        given = [*map(repr, args), *(f"{key}={value!r}" for key, value in kwargs.items())]
        return Stringifier(f"{self}({', '.join(given)})")

    def __iter__(self) -> Iterator[Stringifier]:
        return iter((Stringifier(f"*{self}"),))

    def __neg__(self) -> Stringifier:
        return Stringifier(f"-{self}")


def _written_operator(sign: str, swapped: bool) -> Any:
    def written(self: Stringifier, other: object) -> Stringifier:
        return Stringifier(f"{other!r} {sign} {self}" if swapped else f"{self} {sign} {other!r}")

    return written


for _name, _sign in (
    ("or", "|"),
    ("and", "&"),
    ("xor", "^"),
    ("add", "+"),
    ("sub", "-"),
    ("mul", "*"),
    ("truediv", "/"),
    ("floordiv", "//"),
    ("mod", "%"),
    ("pow", "**"),
    ("lshift", "<<"),
    ("rshift", ">>"),
):
    setattr(Stringifier, f"__{_name}__", _written_operator(_sign, swapped=False))
    setattr(Stringifier, f"__r{_name}__", _written_operator(_sign, swapped=True))
for _name, _sign in (("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")):
    setattr(Stringifier, f"__{_name}__", _written_operator(_sign, swapped=False))
