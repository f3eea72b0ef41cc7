"""Resolution of annotations: as a class has them at first, and as types once they are needed.

Nothing is evaluated when a class is decorated, since annotations may name what is defined later.
When the first config is built, each field is resolved on its own, in the scope of the class that
declares it. A name that only type checkers import leaves its field with its text; an undefined one
is a NameError.
"""

from __future__ import annotations

import sys

from pconfigs import annotations as deferred, errors
from pconfigs.annotations.pep649 import lazy_annotations, run_lazy, written
from pconfigs.annotations.scopes import Namespace, Scope, UndefinedName, no_name
from pconfigs.annotations.typing_forms import (
    evaluated,
    form_of,
    markers_inside,
    missing_in,
    not_a_type,
    substituted,
    without_key_forms,
)
from pconfigs.errors.declare import DeclarationError, UnknownNameError
from pconfigs.errors.formatting import class_name, nearest
from pconfigs.markers import Marked, Marker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType
    from typing import Any, Protocol

    class Property(Protocol):
        """The part of a property that is read here; see schema/properties.py."""

        @property
        def function(self) -> Any: ...
        @property
        def name(self) -> str: ...


SCHEMA = "__pconfig_schema__"


class ClassAnnotations:
    """The annotations in the body of a class, as written.

    Attributes:
        cls: The class.
        names: What is annotated, in order, and the annotation: a type, or text. From Python 3.14
            on, without the future import, it is text rebuilt from the compiled annotation.
        class_vars: Those of `names` that are class variables.
        scope: Where names are looked up. It holds the running functions around a local class until
            all that the class declares is resolved.
        known: Facts of names that no annotation of the class declares: the parameters that
            a config for outside code takes over.
        defaults: The default that a signature gives to a name; it fits whatever the type.
    """

    __slots__ = (
        "class_vars",
        "cls",
        "defaults",
        "known",
        "lookup",
        "names",
        "pending",
        "scope",
        "values",
    )

    def __init__(self, cls: type, scope: Scope) -> None:
        self.cls, self.scope = cls, scope
        self.names = written(cls)
        known = Namespace(None, scope, no_name)
        self.class_vars = {name for name, said in self.names.items() if says_class_var(said, known)}
        computed = {name for name, value in vars(cls).items() if _is_property(value)}
        self.pending = (self.names.keys() | computed) - self.class_vars
        self.values: dict[str, Any] | None = None
        self.lookup: Namespace | None = None
        self.known: dict[str, ResolvedAnnotation] = {}
        self.defaults: dict[str, Any] = {}

    def markers(self, name: str) -> frozenset[Marker]:
        """Return the markers around an annotation, seen without resolving what is inside."""
        said = self.names[name]
        if isinstance(said, str):
            names = Namespace(self.cls, self.scope, UndefinedName)
            return _split_text(said.strip(" '\""), names)[0]
        return split(said).markers

    def value(self, name: str, names: Namespace) -> Any:
        """Return the annotation of `name` as the interpreter computes it: a type, or text."""
        if vars(self.cls).get("__annotations__") is not None:
            return self.names[name]
        if self.values is None:
            try:
                values = run_lazy(lazy_annotations(self.cls), names.__getitem__, names)
            except (TypeError, AttributeError):
                return self.names[name]  # so that only the field at fault fails
            if any(map(missing_in, values.values())):
                return values[name]  # what is missing now may be defined the next time
            self.values = values
        return self.values[name]

    def settle(self, name: str) -> None:
        """Note that `name` is resolved, and let go of the frames once everything is."""
        self.pending.discard(name)
        if not self.pending:
            self.scope.frames = ()


class ResolvedAnnotation:
    """The facts of one annotation.

    Attributes:
        hint: The type without markers around it; its text where a name in it cannot be resolved.
        markers: `Pinned`, `NoEffect`, … around it.
        class_var: Whether it is a `ClassVar`.
        annotation: The annotation as written.
    """

    __slots__ = ("annotation", "class_var", "hint", "markers")

    def __init__(
        self,
        hint: Any,
        markers: frozenset[Marker] = frozenset(),
        class_var: bool = False,
        annotation: Any = None,
    ) -> None:
        self.hint, self.markers = hint, markers
        self.class_var, self.annotation = class_var, annotation

    def __repr__(self) -> str:
        words = [repr(self.hint), *sorted(marker.__name__ for marker in self.markers)]
        return f"<resolved {' '.join(words)}{' ClassVar' if self.class_var else ''}>"


def _is_property(value: object) -> bool:
    # Its class lies above; a marker refuses to have an attribute read.
    return any(base.__name__ == "pproperty" for base in type(value).__mro__)


def declare(cls: type, frame: FrameType | None = None) -> ClassAnnotations:
    """Return the annotations of `cls`, whose class statement runs in `frame` or a caller."""
    return ClassAnnotations(cls, Scope.of_class(cls, frame))


def says_class_var(annotation: Any, known: Namespace) -> bool:
    """Return whether an annotation as written has ClassVar as its outermost word."""
    if type(annotation) is type:
        return False
    if not isinstance(annotation, str):
        return split(annotation).class_var
    head, _, rest = annotation.strip(" '\"").partition("[")
    first, *attributes = head.strip().split(".")
    if not all(part.isidentifier() for part in (first, *attributes)):
        return False
    value = known.get(first)
    for attribute in attributes:
        value = None if isinstance(value, Marker) else getattr(value, attribute, None)
    if value is None:
        return (attributes or [first])[-1] == "ClassVar"
    if isinstance(value, Marker) or value is getattr(sys.modules.get("typing"), "Annotated", None):
        return says_class_var(rest, known)
    return form_of(value) == "ClassVar"


def resolve(owner: type, name: str, declared: ClassAnnotations | None = None) -> ResolvedAnnotation:
    """Return the hint of `name` in the body of `owner`.

    Raises:
        UnknownNameError: It names something that does not exist (yet).
    """
    if declared is None:
        declared = declare(owner)
    if name in declared.known:
        return declared.known[name]
    if declared.lookup is None:
        declared.lookup = Namespace(owner, declared.scope, UndefinedName)
    names = declared.lookup
    names.missed.clear()
    found = _resolved(owner, name, declared.names[name], lambda: declared.value(name, names), names)
    declared.settle(name)
    return found


def resolve_return(found: Property, owner: type) -> ResolvedAnnotation:
    """Return the return type of a property of `owner`; `object` without annotation."""
    function: Any = found.function
    text = written(function).get("return")
    if text is None and "return" not in written(function):
        return ResolvedAnnotation(object)
    declared: ClassAnnotations | None = getattr(vars(owner).get(SCHEMA), "declared", None)
    scope = Scope(function.__globals__, declared.scope.frames if declared is not None else ())
    names = Namespace(owner, scope, UndefinedName)

    def value() -> Any:
        annotate = lazy_annotations(function)
        if annotate is not None:
            return run_lazy(annotate, names.__getitem__, names)["return"]
        return text

    resolved = _resolved(owner, found.name, text, value, names)
    if declared is not None:
        declared.settle(found.name)
    return resolved


def resolve_all(owner: type) -> dict[str, ResolvedAnnotation]:
    """Return the hints in the body of any class, by name."""
    declared = declare(owner)
    return {name: resolve(owner, name, declared) for name in declared.names}


def _resolved(
    owner: type, field: str, text: Any, value: Callable[[], Any], names: Namespace
) -> ResolvedAnnotation:
    words = text if isinstance(text, str) else _words_of(text)
    try:
        found = split(_evaluated_with_quotes(value, words, names))
        missing = missing_in(found.hint)
    except SyntaxError as error:
        where = f"{owner.__qualname__}.{field}"
        raise DeclarationError(f"{where}: its annotation is not Python: {words}") from error
    except (AttributeError, TypeError) as error:
        missing = names.missed
        if not missing and isinstance(error, AttributeError):
            close = nearest(error.name, dir(error.obj)) if error.name else None
            raise UnknownNameError(owner, field, error.name or words, words, close) from error
        if not missing:
            where = f"{class_name(owner)}.{field}"
            raise errors.annotation.not_evaluated(where, words, error) from error
        found = ResolvedAnnotation(UndefinedName(""))
    if missing:
        _refuse_unknown(owner, field, missing, words, names.scope)
        # A name that only type checkers know: the field keeps its text and is not checked.
        markers, inner = _split_text(words, names)
        found = ResolvedAnnotation(inner, found.markers | markers, found.class_var)
    hint = without_key_forms(found.hint) if hasattr(owner, "__total__") else found.hint
    _refuse_ill_formed(f"{class_name(owner)}.{field}", words, hint, names)
    found.annotation = text
    return found


def _evaluated_with_quotes(value: Callable[[], Any], words: str, names: Namespace) -> Any:
    """Return the hint; where quotes around a name keep it from being computed, without them."""
    try:
        return evaluated(value(), names)
    except TypeError:
        if "'" not in words and '"' not in words:
            raise
        return evaluated(deferred.source_text.without_quotes(words), names)


def _refuse_ill_formed(where: str, words: str, hint: Any, names: Namespace) -> None:
    """Raise AnnotationError where markers are inside a type, or where something is not a type."""
    if type(hint) is type:
        return
    if isinstance(hint, str):
        found = [names.get(name.partition(".")[0]) for name in deferred.source_text.names_in(hint)]
        markers = [value for value in found if isinstance(value, Marker)]
    else:
        markers = list(markers_inside(hint))
    if markers:
        raise errors.annotation.misplaced_marker(
            where, words, [marker.__name__ for marker in markers]
        )
    wrong = not_a_type(hint)
    if wrong is not None:
        raise errors.annotation.wrong_type(where, words, *wrong)


def _words_of(annotation: Any) -> str:
    if type(annotation) is type:
        return annotation.__qualname__
    return getattr(annotation, "__forward_arg__", None) or repr(annotation)


def _split_text(text: str, names: Namespace) -> tuple[frozenset[Marker], str]:
    """Return a text that cannot be evaluated, split into markers at its head and the rest."""
    markers: set[Marker] = set()
    text = text.strip()
    if text[:1] in ("'", '"') and text[-1:] == text[0] and text.count(text[0]) == 2:
        text = text[1:-1].strip()
    while "[" in text and text.endswith("]"):
        head, _, inner = text[:-1].partition("[")
        try:
            marker = eval(head, {}, names)
        except (NameError, SyntaxError, AttributeError, TypeError):
            break
        if not isinstance(marker, Marker):
            break
        markers.add(marker)
        text = inner.strip().strip("'\"")
    return frozenset(markers), text


def split(hint: Any) -> ResolvedAnnotation:
    """Return a hint parted into the type and the words around it."""
    markers: set[Marker] = set()
    class_var = False
    while True:
        form = form_of(hint)
        if isinstance(hint, Marked):
            markers.add(hint.marker)
            hint = hint.argument
        elif isinstance(hint, Marker):
            markers.add(hint)
            hint = object
        elif form == "TypeAliasType" and (inside := _marked_alias(hint)) is not None:
            hint = inside
        elif form in ("ClassVar", "Final"):
            class_var = class_var or form == "ClassVar"
            hint = (getattr(hint, "__args__", None) or (object,))[0]
        elif form == "Annotated" and (inside := split(hint.__origin__)).hint is not hint.__origin__:
            markers |= inside.markers
            class_var = class_var or inside.class_var
            arguments = (inside.hint, *hint.__metadata__)
            hint = sys.modules["typing"].Annotated[arguments]
        else:
            return ResolvedAnnotation(hint, frozenset(markers), class_var)


def _marked_alias(alias: Any) -> Any:
    """Return what a name of a type means where it has markers around it; else None."""
    value: Any = alias
    seen: list[Any] = []
    while form_of(value) == "TypeAliasType":
        if any(value is one for one in seen):
            return None  # it means itself
        seen.append(value)
        try:
            value = value.__value__
        except NameError:
            return None  # it names something that is defined later
    return value if split(value).markers else None


def bindings_of(cls: type, owner: type) -> dict[Any, Any]:
    """Return the values of the type variables of `owner` in `cls`, which derives from it."""
    known: dict[type, dict[Any, Any]] = {cls: {}}
    for part in cls.__mro__:
        for base in vars(part).get("__orig_bases__", ()):
            origin = getattr(base, "__origin__", None)
            if origin in cls.__mro__ and origin not in known:
                arguments = [substituted(one, known.get(part, {})) for one in base.__args__]
                known[origin] = dict(
                    zip(getattr(origin, "__parameters__", ()), arguments, strict=False)
                )
    return known.get(owner, {})


def _refuse_unknown(
    owner: type, field: str, missing: Iterable[str], words: str, scope: Scope
) -> None:
    """Refuse the first of `missing` that not even type checkers can see."""
    known: set[str] | None = None
    for name in missing:
        if known is None:
            known = deferred.source_text.names_for_checkers(scope, owner)
        if name not in known:
            import builtins

            visible = dict(scope.globals)
            for frame in scope.frames:
                visible.update(frame.f_locals)
            # Types first: a function of a similar name is not what an annotation means.
            known_types = {**vars(builtins), **visible}
            types = [key for key, found in known_types.items() if isinstance(found, type)]
            others = [key for key in visible if not key.startswith("__")]
            close = nearest(name, types) or nearest(name, others)
            raise UnknownNameError(owner, field, name, words, close)
