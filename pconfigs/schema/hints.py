"""Hints: the annotations of a class, as written at first and as types once they are needed.

Nothing is evaluated when a class is decorated, since annotations may name what is defined later. When
the first config is built, each field is resolved on its own, in the scope of the class that declares it.
A name that only type checkers import leaves its field with its text; a name that nobody defines is
a NameError.
"""

from __future__ import annotations

import sys

from pconfigs.errors import UnknownNameError, nearest
from pconfigs.markers import Marked, Marker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import CodeType, FrameType, FunctionType
    from typing import Any

GenericAlias = type(list[int])
_Function = type(lambda: None)
_FUNCTION_SCOPE = 0x1  # inspect.CO_OPTIMIZED
_VALUE, _FAKE_GLOBALS = 1, 2  # annotationlib.Format


class Hint:
    """What one annotation says.

    Attributes:
        inner: The type without the words around it; the text where a name of it cannot be resolved.
        markers: `Pinned`, `NoEffect`, … that stand around it.
        class_var: Whether it says `ClassVar`.
        metadata: What an outer `Annotated` says beside the type; `inner` still has it.
        known: Whether `inner` is a type, to be checked.
    """

    __slots__ = ("class_var", "inner", "known", "markers", "metadata")

    def __init__(
        self,
        inner: Any,
        markers: frozenset[Marker] = frozenset(),
        class_var: bool = False,
        metadata: tuple[Any, ...] = (),
        known: bool = True,
    ) -> None:
        self.inner, self.markers, self.class_var = inner, markers, class_var
        self.metadata, self.known = metadata, known

    def __repr__(self) -> str:
        return f"Hint({self.inner!r}, {self.markers!r}, class_var={self.class_var}, known={self.known})"


class Scope:
    """Where the names of an annotation are looked up, beside the class itself.

    A class made inside a function keeps the running frames around it until its hints are resolved.
    """

    __slots__ = ("frames", "globals")

    def __init__(
        self, module_globals: Mapping[str, Any], frames: tuple[FrameType, ...] = ()
    ) -> None:
        self.globals, self.frames = module_globals, frames

    @classmethod
    def of_frame(cls, frame: FrameType) -> Scope:
        """The scope of a class statement that runs in `frame`."""
        frames = []
        around: FrameType | None = frame
        inner: CodeType | None = None
        while around is not None and around.f_code.co_name != "<module>":
            code = around.f_code
            if inner is None or inner in code.co_consts:
                inner = code
                if code.co_flags & _FUNCTION_SCOPE:
                    frames.append(around)
            around = around.f_back
        return cls(frame.f_globals, tuple(frames))

    @classmethod
    def of_class(cls, owner: type) -> Scope:
        """The scope of a class of which nothing is known but its module."""
        module = sys.modules.get(owner.__module__)
        return cls({} if module is None else vars(module))


def written(owner: Any) -> dict[str, Any]:
    """The annotations in the body of `owner` (a class or function), nothing evaluated.

    Values are what the interpreter has at hand: types, or text. From Python 3.14 on, without the future
    import, it is text rebuilt from the compiled annotation: enough to see its outermost word.
    """
    own = vars(owner) if isinstance(owner, type) else {}
    if not isinstance(owner, type) and not _lazy(owner):
        return dict(getattr(owner, "__annotations__", None) or {})
    present = own.get("__annotations__")
    if present is not None:
        return dict(present)
    annotate = _lazy(owner)
    if annotate is None:
        return {}
    words = _run_lazy(annotate, lambda name: _Word(name))
    return {name: str(word) if isinstance(word, _Word) else word for name, word in words.items()}


def says_class_var(annotation: Any, scope: Scope) -> bool:
    """Whether an annotation as written declares a class variable, judged by its outermost word."""
    if not isinstance(annotation, str):
        return _split(annotation).class_var
    text = annotation.strip().strip("'\"")
    head, _, rest = text.partition("[")
    head = head.strip()
    if not head.replace(".", "").isidentifier():
        return False
    first, *attributes = head.split(".")
    value = _Names(None, scope, _no_name).get(first, None)
    for attribute in attributes:
        value = None if isinstance(value, Marker) else getattr(value, attribute, None)
    if value is None:
        return head.rpartition(".")[2] == "ClassVar"
    if isinstance(value, Marker) or value is getattr(sys.modules.get("typing"), "Annotated", None):
        return says_class_var(rest, scope)
    return form_of(value) == "ClassVar"


def resolve(owner: type, scope: Scope | None = None) -> dict[str, Hint]:
    """The hints in the body of `owner`, by name.

    Raises:
        UnknownNameError: An annotation names something that does not exist.
    """
    scope = scope or Scope.of_class(owner)
    present = vars(owner).get("__annotations__")
    annotate = _lazy(owner)
    names = _Names(owner, scope, _Missing)
    if present is None and annotate is not None:
        values = _run_lazy(annotate, names.__getitem__, names)
        texts: Any = written(owner)
    else:
        values = texts = present or {}
    return {
        name: _resolve_one(owner, name, value, texts[name], names) for name, value in values.items()
    }


def resolve_return(function: FunctionType, owner: type, scope: Scope | None = None) -> Hint | None:
    """The hint of what `function`, defined in `owner`, returns; None where it has none."""
    scope = Scope(function.__globals__, scope.frames if scope else ())
    names = _Names(owner, scope, _Missing)
    annotate = _lazy(function)
    if annotate is not None:
        values: Any = _run_lazy(annotate, names.__getitem__, names)
    else:
        values = function.__annotations__
    if "return" not in values:
        return None
    text = written(function)["return"]
    return _resolve_one(owner, function.__name__, values["return"], text, names)


def _resolve_one(owner: type, name: str, value: Any, text: Any, names: _Names) -> Hint:
    words = text if isinstance(text, str) else repr(text)
    try:
        hint = _split(_evaluated(value, names))
    except SyntaxError as error:
        raise UnknownNameError(owner, name, str(text), words, None) from error
    except (TypeError, AttributeError):
        # What type checkers understand is not always what the interpreter can compute.
        hint = Hint(_Missing(""))
    missing = [found for found in _missing_in(hint.inner) if found]
    if missing:
        _refuse_unknown(owner, name, missing, words, names.scope)
    if hint.known and any(True for _ in _missing_in(hint.inner)):
        return Hint(
            words,
            hint.markers | _outer_markers(text, names),
            hint.class_var,
            hint.metadata,
            known=False,
        )
    return hint


def _outer_markers(text: Any, names: _Names) -> frozenset[Marker]:
    """Markers at the head of a text that cannot be evaluated as a whole: `Pinned[what is in here]`."""
    found: set[Marker] = set()
    while isinstance(text, str) and "[" in text:
        head, _, text = text.strip().partition("[")
        try:
            marker = eval(head, {}, names)
        except (NameError, SyntaxError, AttributeError, TypeError):
            break
        if not isinstance(marker, Marker):
            break
        found.add(marker)
    return frozenset(found)


def _split(hint: Any) -> Hint:
    """A hint parted into the type and the words around it."""
    markers: set[Marker] = set()
    metadata: tuple[Any, ...] = ()
    class_var = False
    while True:
        form = form_of(hint)
        if isinstance(hint, Marked):
            markers.add(hint.marker)
            hint = hint.argument
        elif isinstance(hint, Marker):
            markers.add(hint)
            hint = object
        elif form in ("ClassVar", "Final"):
            class_var = class_var or form == "ClassVar"
            hint = (getattr(hint, "__args__", None) or (object,))[0]
        elif form == "Annotated":
            inside = _split(hint.__origin__)
            metadata += hint.__metadata__
            if not inside.markers and not inside.class_var:
                break
            markers |= inside.markers
            class_var = class_var or inside.class_var
            hint = sys.modules["typing"].Annotated[(inside.inner, *hint.__metadata__)]
            break
        else:
            break
    return Hint(hint, frozenset(markers), class_var, metadata)


def form_of(hint: Any) -> str:
    """The name of the typing form that `hint` is, or is made of: "Union", "Literal", "Annotated", …"""
    if hasattr(hint, "__metadata__") and not isinstance(hint, type):
        return "Annotated"
    kind = type(hint)
    if kind.__module__ not in ("types", "typing", "typing_extensions", "_typing"):
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


class _Missing:
    """Stands for a name that is not defined; all that is made from it stays inside what it is part of."""

    def __init__(self, name: str) -> None:
        self.__missing__ = name

    def __getattr__(self, name: str) -> _Missing:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def _same(self, *args: object, **kwargs: object) -> _Missing:
        return self

    __call__ = __getitem__ = __or__ = __ror__ = _same


class _Word:
    """Text standing for a name, growing with what the annotation does with it."""

    def __init__(self, text: str) -> None:
        self.__text = text

    def __str__(self) -> str:
        return self.__text

    __repr__ = __str__

    def __getattr__(self, name: str) -> _Word:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Word(f"{self}.{name}")

    def __getitem__(self, item: object) -> _Word:
        items = ", ".join(map(repr, item)) if isinstance(item, tuple) and item else repr(item)
        return _Word(f"{self}[{items}]")

    def __call__(self, *args: object, **kwargs: object) -> _Word:
        given = [*map(repr, args), *(f"{key}={value!r}" for key, value in kwargs.items())]
        return _Word(f"{self}({', '.join(given)})")

    def __iter__(self) -> Iterator[_Word]:
        return iter((_Word(f"*{self}"),))

    def __or__(self, other: object) -> _Word:
        return _Word(f"{self} | {other!r}")

    def __ror__(self, other: object) -> _Word:
        return _Word(f"{other!r} | {self}")

    def __neg__(self) -> _Word:
        return _Word(f"-{self}")


def _no_name(name: str) -> Any:
    raise KeyError(name)


class _Names(dict):  # type: ignore[type-arg]
    """The names that an annotation of `owner` sees; `absent` makes what stands for any other."""

    def __init__(self, owner: type | None, scope: Scope, absent: Callable[[str], Any]) -> None:
        super().__init__()
        self.scope, self.absent = scope, absent
        if owner is None:
            return
        for parameter in getattr(owner, "__type_params__", ()):
            self[parameter.__name__] = parameter
        annotated = vars(owner).get("__annotations__") or ()
        for name, value in vars(owner).items():
            # A property or default of the same name must not stand before the type.
            nested = (
                isinstance(value, type) and value.__qualname__ == f"{owner.__qualname__}.{name}"
            )
            if nested or (
                name not in annotated
                and not name.startswith("__")
                and not hasattr(type(value), "__get__")
            ):
                self[name] = value
        if "<locals>" in owner.__qualname__ or "." not in owner.__qualname__:
            self.setdefault(owner.__name__, owner)

    def __missing__(self, name: str) -> Any:
        for frame in self.scope.frames:
            found = frame.f_locals
            if name in found:
                return found[name]
        if name in self.scope.globals:
            return self.scope.globals[name]
        builtins = self.scope.globals.get("__builtins__", sys.modules["builtins"])
        known = builtins if isinstance(builtins, dict) else vars(builtins)
        return known[name] if name in known else self.absent(name)

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default


class _Lookup(dict):  # type: ignore[type-arg]
    """A namespace that asks `find` for every name."""

    def __init__(self, find: Callable[[str], Any]) -> None:
        super().__init__()
        self.find = find

    def __missing__(self, name: str) -> Any:
        return self.find(name)


def _lazy(owner: Any) -> Any:
    """The function that makes the annotations of `owner`, from Python 3.14 on; or None."""
    if isinstance(owner, type):
        own = vars(owner)
        return own.get("__annotate_func__") or own.get("__annotate__")
    return getattr(owner, "__annotate__", None)


def _cell(value: Any) -> Any:
    return (lambda: value).__closure__[0]  # type: ignore[index]


def _run_lazy(
    annotate: Any, find: Callable[[str], Any], names: _Names | None = None
) -> dict[str, Any]:
    """What `annotate` makes when every name in it is looked up by `find`."""
    lookup = _Lookup(find) if names is None else names
    cells = []
    for name, cell in zip(annotate.__code__.co_freevars, annotate.__closure__ or ()):
        if name == "__classdict__":
            cells.append(_cell(lookup))
        elif name == "__conditional_annotations__":
            cells.append(cell)
        elif names is None:
            cells.append(_cell(find(name)))
        else:
            cells.append(_cell(_content(cell, name, find)))
    function = _Function(
        annotate.__code__, lookup, annotate.__name__, annotate.__defaults__, tuple(cells) or None
    )
    return function(_VALUE if names is not None else _FAKE_GLOBALS)  # type: ignore[no-any-return]


def _content(cell: Any, name: str, find: Callable[[str], Any]) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return find(name)


def _evaluated(hint: Any, names: _Names) -> Any:
    """`hint` with every text in it, however deep, replaced by what it says."""
    if isinstance(hint, str):
        return _evaluated(eval(hint.strip(), {}, names), names)
    if isinstance(hint, Marked):
        return Marked(hint.marker, _evaluated(hint.argument, names))
    form = form_of(hint)
    if form == "ForwardRef":
        return _evaluated(hint.__forward_arg__, names)
    if form == "Literal" or (form == "Annotated" and _is_settled(hint.__origin__)):
        return hint
    if form == "Annotated":
        return sys.modules["typing"].Annotated[
            (_evaluated(hint.__origin__, names), *hint.__metadata__)
        ]
    arguments = getattr(hint, "__args__", None)
    if not isinstance(arguments, tuple) or _is_settled(hint):
        return hint
    return _rebuilt(hint, form, tuple(_evaluated(argument, names) for argument in arguments))


def _is_settled(hint: Any) -> bool:
    """Whether there is no text in `hint`."""
    if isinstance(hint, str) or form_of(hint) == "ForwardRef":
        return False
    if isinstance(hint, Marked):
        return _is_settled(hint.argument)
    if form_of(hint) == "Literal":
        return True
    inside = hint.__origin__ if form_of(hint) == "Annotated" else None
    arguments = getattr(hint, "__args__", None)
    settled = all(map(_is_settled, arguments)) if isinstance(arguments, tuple) else True
    return settled and (inside is None or _is_settled(inside))


def _rebuilt(hint: Any, form: str, arguments: tuple[Any, ...]) -> Any:
    """`hint` with other arguments."""
    if form == "Union":
        return (
            sys.modules["typing"].Union[arguments]
            if "typing" in sys.modules
            else _joined(arguments)
        )
    if type(hint) is GenericAlias:
        return GenericAlias(hint.__origin__, arguments)
    return hint.copy_with(arguments) if hasattr(hint, "copy_with") else hint


def _joined(arguments: Iterable[Any]) -> Any:
    first, *others = arguments
    for other in others:
        first = first | other
    return first


def _missing_in(hint: Any) -> Iterator[str]:
    """Names that stand undefined in `hint`; "" for what could not be computed."""
    if isinstance(hint, _Missing):
        yield hint.__missing__
    elif isinstance(hint, Marked):
        yield from _missing_in(hint.argument)
    else:
        if form_of(hint) == "Annotated":
            yield from _missing_in(hint.__origin__)
        arguments = getattr(hint, "__args__", None)
        for argument in arguments if isinstance(arguments, tuple) else ():
            yield from _missing_in(argument)
        if isinstance(hint, list):
            for argument in hint:
                yield from _missing_in(argument)


def _refuse_unknown(owner: type, field: str, missing: list[str], words: str, scope: Scope) -> None:
    """Refuse the first of `missing` that not even type checkers can see."""
    known = names_for_checkers(scope, owner)
    for name in missing:
        if name not in known:
            visible = [*scope.globals, *(key for frame in scope.frames for key in frame.f_locals)]
            candidates = [key for key in visible if not key.startswith("__")]
            raise UnknownNameError(owner, field, name, words, nearest(name, candidates))


def names_for_checkers(scope: Scope, owner: type) -> set[str]:
    """Names that the source of `owner`'s module binds under `if TYPE_CHECKING:`."""
    import ast
    import linecache

    module = sys.modules.get(owner.__module__)
    filename = scope.globals.get("__file__") or getattr(module, "__file__", None)
    if scope.frames:
        filename = scope.frames[0].f_code.co_filename
    if not filename:
        return set()
    source = "".join(linecache.getlines(filename, dict(scope.globals)))
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and _asks_type_checking(node.test):
            for statement in node.body:
                found.update(_bound_by(statement))
    return found


def _asks_type_checking(test: Any) -> bool:
    return getattr(test, "id", getattr(test, "attr", None)) == "TYPE_CHECKING"


def _bound_by(statement: Any) -> Iterator[str]:
    import ast

    for node in ast.walk(statement):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0]
        elif isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
