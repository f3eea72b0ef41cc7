"""Forms: the shapes that types take in annotations, recognised without importing typing.

Where a typing construct is met, typing is loaded already; it is found there.
"""

from __future__ import annotations

import sys

from pconfigs.annotations.scopes import UndefinedName
from pconfigs.markers import Marked, Marker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from pconfigs.annotations.scopes import Namespace

GenericAlias: Any = type(list[int])
HOMES = ("types", "typing", "typing_extensions", "_typing", "annotationlib")
# How many arguments a class of the standard library takes in brackets.
_ARITIES = {
    "list": 1, "set": 1, "frozenset": 1, "deque": 1, "Counter": 1, "type": 1,
    "dict": 2, "defaultdict": 2, "OrderedDict": 2, "ChainMap": 2,
    "Sequence": 1, "MutableSequence": 1, "Set": 1, "MutableSet": 1, "Collection": 1,
    "Iterable": 1, "Iterator": 1, "Reversible": 1, "Container": 1,
    "Mapping": 2, "MutableMapping": 2,
}  # fmt: skip


class RecursiveHint:
    """A type that names itself in quotes: `Json = Union[int, "list[Json]"]`.

    Attributes:
        __name__: Its text.
        __value__: The type, known once the text is evaluated.
        is_used: Whether the text was met again while it was evaluated.
    """

    __value__: Any
    __type_params__ = ()
    is_used = False

    def __init__(self, text: str) -> None:
        self.__name__ = text

    def __repr__(self) -> str:
        return self.__name__

    def __call__(self) -> None:
        """Make nothing: typing takes as a type only what can be called."""


KEY_FORMS = frozenset(("NotRequired", "Required", "ReadOnly"))
UNCHECKED_FORMS = KEY_FORMS | {"TypeVarTuple"}
"""What may be around the type of a key of a TypedDict, and of nothing else."""


def form_of(hint: Any) -> str:
    """Return the name of the typing form of `hint`: "Union", "Literal" and so on."""
    if hasattr(hint, "__metadata__") and not isinstance(hint, type):
        return "Annotated"
    kind = type(hint)
    if kind is RecursiveHint:
        return "TypeAliasType"
    if kind.__module__ not in HOMES:
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
    # Special forms such as Union and ClassVar have a `_name`; Any is a class.
    form = getattr(hint, "__origin__", hint)
    return getattr(form, "_name", None) or (
        form.__name__ if form is hint and kind.__name__ == "_AnyMeta" else ""
    )


def evaluated(hint: Any, names: Namespace) -> Any:
    """Return `hint` with every text in it evaluated, and `Self` replaced by the class."""
    if isinstance(hint, str):
        return _evaluated_text(hint.strip(), names)
    form = form_of(hint)
    if form == "ForwardRef":
        return evaluated(hint.__forward_arg__, names)
    if form == "Self":
        return names.owner or hint
    if isinstance(hint, list):
        return [evaluated(one, names) for one in hint]
    return with_arguments(hint, lambda one: evaluated(one, names))


def _evaluated_text(text: str, names: Namespace) -> Any:
    known = names.evaluating.get(text)
    if known is not None:
        known.is_used = True
        return known
    simple = text.isidentifier() and text not in ("None", "True", "False")
    started = names.evaluating[text] = RecursiveHint(text)
    try:
        value = evaluated(names[text] if simple else eval(text, {}, names), names)
    finally:
        del names.evaluating[text]
    if not started.is_used:
        return value
    started.__value__ = value
    return started


def substituted(hint: Any, bindings: dict[Any, Any]) -> Any:
    """Return `hint` with type variables replaced by their values."""
    if form_of(hint) == "TypeVar":
        return bindings.get(hint, hint)
    return with_arguments(hint, lambda one: substituted(one, bindings)) if bindings else hint


def with_arguments(hint: Any, change: Callable[[Any], Any]) -> Any:
    """Return `hint` with each type that it is made of changed; `hint` itself where none changes."""
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
    if not isinstance(arguments, tuple) or isinstance(hint, UndefinedName):
        return hint
    changed = tuple(map(change, arguments))
    if all(new is old for new, old in zip(changed, arguments, strict=True)):
        return hint
    if form == "Union":
        return _joined(changed)
    if isinstance(hint, GenericAlias):
        # Generic config classes have aliases of a class of their own.
        kind: Any = type(hint)
        return kind(hint.__origin__, changed)
    return hint.copy_with(changed) if hasattr(hint, "copy_with") else hint


def _joined(arguments: tuple[Any, ...]) -> Any:
    """Return the union of some types, by `|`, since typing caches its subscripts."""
    first, *others = arguments
    try:
        for other in others:
            first = first | other
    except TypeError:
        return sys.modules["typing"].Union[arguments]
    return first


def missing_in(hint: Any) -> list[str]:
    """Return the undefined names in `hint`."""
    return [part.__missing__ for part in _parts_of(hint) if isinstance(part, UndefinedName)]


def markers_inside(hint: Any) -> Iterator[Marker]:
    """Yield each marker inside a type, where it would be ignored."""
    for part in _parts_of(hint):
        if isinstance(part, Marked):
            yield part.marker
        elif isinstance(part, Marker):
            yield part


def not_a_type(hint: Any) -> tuple[Any] | None:
    """Return the first thing in a hint that is not a type, as a tuple of one; None if all are."""
    if isinstance(hint, str):
        return None  # known to type checkers alone: the field is not checked
    for part in _parts_of(hint):
        if not _is_type(part) or _has_wrong_arity(part) or form_of(part) in UNCHECKED_FORMS:
            return (part,)
        if form_of(part) == "TypeAliasType" and _means_itself(part):
            return (part,)
    return None


def _means_itself(alias: Any) -> bool:
    """Return whether a name of a type is one of the types that it is defined as: no value fits."""
    pending: list[Any] = [alias]
    seen: set[int] = set()
    while pending:
        one = pending.pop()
        if one == alias.__name__:  # in quotes
            return True
        origin = getattr(one, "__origin__", one)
        if form_of(origin) == "TypeAliasType":
            one = origin
        if id(one) in seen:
            if one is alias:
                return True
            continue
        seen.add(id(one))
        form = form_of(one)
        if form == "Annotated":
            pending.append(one.__origin__)
        elif form in ("TypeAliasType", "Union", "Optional"):
            pending += _inner_hints(one, form)
    return False


def without_key_forms(hint: Any) -> Any:
    """Return the type of a key of a TypedDict: `int` of `NotRequired[int]`."""
    while form_of(hint) in KEY_FORMS and hasattr(hint, "__args__"):
        hint = hint.__args__[0]
    return hint


def _parts_of(hint: Any, seen: frozenset[int] = frozenset()) -> Iterator[Any]:
    """Yield a hint and every hint inside it, names of types resolved."""
    if type(hint) is type or id(hint) in seen:
        yield from (hint,) if type(hint) is type else ()
        return
    yield hint
    if isinstance(hint, Marked):
        yield from _parts_of(hint.argument, seen)
        return
    form = form_of(hint)
    if form in ("Literal", "ForwardRef"):
        return
    if form == "Annotated":
        yield from _parts_of(hint.__origin__, seen)
        yield from (one for one in hint.__metadata__ if isinstance(one, (Marker, Marked)))
        return
    seen |= {id(hint)}
    for inner in _inner_hints(hint, form):
        yield from _parts_of(inner, seen)


def _inner_hints(hint: Any, form: str) -> Iterator[Any]:
    if form == "TypeAliasType":
        try:
            yield hint.__value__
        except NameError:
            return  # it names something that is defined later
    elif form == "NewType":
        yield hint.__supertype__
    elif form == "TypeVar":
        yield from getattr(hint, "__constraints__", ())
        if getattr(hint, "__bound__", None) is not None:
            yield hint.__bound__
    else:
        origin = getattr(hint, "__origin__", None)
        if form_of(origin) == "TypeAliasType":
            yield origin
        for argument in _arguments_of(hint):
            if argument is not ... and argument != ():
                yield from argument if isinstance(argument, list) else (argument,)


def _arguments_of(hint: Any) -> tuple[Any, ...]:
    arguments = getattr(hint, "__args__", ())
    return arguments if isinstance(arguments, tuple) else ()


def _is_type(hint: Any) -> bool:
    if hint is None or isinstance(hint, (type, str, Marker, Marked, RecursiveHint)):
        return True
    kind = type(hint)
    if kind.__module__ in HOMES:
        # Functions and modules are of the types module, and not types.
        if kind.__name__ == "function" or kind.__name__ == "ModuleType":
            return False
        return form_of(hint) not in ("Optional", "Literal", "Union") or hasattr(hint, "__args__")
    # A generic class of another library, with its arguments.
    return kind is GenericAlias or isinstance(getattr(hint, "__origin__", None), type)


def _has_wrong_arity(hint: Any) -> bool:
    origin = getattr(hint, "__origin__", None)
    if not isinstance(origin, type) or (isinstance(hint, type) and type(hint) is not GenericAlias):
        return False
    wanted = _ARITIES.get(origin.__name__)
    if wanted is None or origin.__module__ not in ("builtins", "collections", "collections.abc"):
        return False
    arguments = _arguments_of(hint)
    unpacked = any(getattr(one, "__unpacked__", False) for one in arguments)
    return bool(arguments) and len(arguments) != wanted and not unpacked
