"""Forms: the shapes that types take in annotations, told apart without importing typing.

Where a typing construct is met, typing is loaded already; it is found there.
"""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import is_a, kind_of
from pconfigs.annotations.scopes import UndefinedName
from pconfigs.markers import Marked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from pconfigs.annotations.scopes import Namespace

GenericAlias: Any = type(list[int])
_HOMES = ("types", "typing", "typing_extensions", "_typing", "annotationlib")


def form_of(hint: Any) -> str:
    """The name of the typing form that `hint` is, or is made of: "Union", "Literal" and so on."""
    if hasattr(hint, "__metadata__") and not isinstance(hint, type):
        return "Annotated"
    kind = kind_of(hint)
    if kind.__module__ not in _HOMES:
        return ""
    if kind.__name__ in ("UnionType", "Union"):
        return "Union"
    if kind.__name__ in (
        "TypeVar",
        "ParamSpec",
        "TypeVarTuple",
        "NewType",
        "TypeAliasType",
        "ForwardRef",
    ):
        return kind.__name__
    form = getattr(hint, "__origin__", hint)
    return getattr(form, "_name", None) or (
        form.__name__ if form is hint and kind.__name__ == "_AnyMeta" else ""
    )


def evaluated(hint: Any, names: Namespace) -> Any:
    """`hint` with every text in it replaced by what it says, and `Self` by the class."""
    if isinstance(hint, str):
        text = hint.strip()
        simple = text.isidentifier() and text not in ("None", "True", "False")
        return evaluated(names[text] if simple else eval(text, {}, names), names)
    form = form_of(hint)
    if form == "ForwardRef":
        return evaluated(hint.__forward_arg__, names)
    if form == "Self":
        return names.owner or hint
    if is_a(hint, list):
        return [evaluated(one, names) for one in hint]
    return with_arguments(hint, lambda one: evaluated(one, names))


def substituted(hint: Any, bindings: dict[Any, Any]) -> Any:
    """`hint` with type variables replaced by what they stand for."""
    if form_of(hint) == "TypeVar":
        return bindings.get(hint, hint)
    return with_arguments(hint, lambda one: substituted(one, bindings)) if bindings else hint


def with_arguments(hint: Any, change: Callable[[Any], Any]) -> Any:
    """`hint` with each type that it is made of changed; `hint` itself where none changes."""
    if isinstance(hint, Marked):
        argument = change(hint.argument)
        return hint if argument is hint.argument else Marked(hint.marker, argument)
    form = form_of(hint)
    if form == "Literal":
        return hint
    if form == "Annotated":
        inner = change(hint.__origin__)
        annotated = sys.modules["typing"].Annotated
        whole = (inner, *hint.__metadata__)
        return hint if inner is hint.__origin__ else annotated[whole]
    arguments: Any = getattr(hint, "__args__", None)
    if not is_a(arguments, tuple) or isinstance(hint, UndefinedName):
        return hint
    changed = tuple(map(change, arguments))
    if all(new is old for new, old in zip(changed, arguments, strict=True)):
        return hint
    return rebuilt(hint, form, changed)


def rebuilt(hint: Any, form: str, arguments: tuple[Any, ...]) -> Any:
    """`hint` with other arguments."""
    if form == "Union":
        return _joined(arguments)
    if type(hint) is GenericAlias:
        return GenericAlias(hint.__origin__, arguments)
    return hint.copy_with(arguments) if hasattr(hint, "copy_with") else hint


def _joined(arguments: tuple[Any, ...]) -> Any:
    """The union of some types, by `|`, since typing keeps for long what it has subscripted."""
    first, *others = arguments
    try:
        for other in others:
            first = first | other
    except TypeError:
        return sys.modules["typing"].Union[arguments]
    return first


def missing_in(hint: Any) -> Iterator[str]:
    """Names that stand undefined in `hint`."""
    if isinstance(hint, UndefinedName):
        yield hint.__missing__
        return
    if isinstance(hint, Marked):
        yield from missing_in(hint.argument)
        return
    if form_of(hint) == "Annotated":
        yield from missing_in(hint.__origin__)
    arguments: Any = hint if is_a(hint, list) else getattr(hint, "__args__", None)
    if is_a(arguments, (list, tuple)) and form_of(hint) != "Literal":
        for argument in arguments:
            yield from missing_in(argument)
