"""Errors of annotations: markers that would be ignored, and what is not a type."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from typing import Any

from pconfigs.errors.declare import DeclarationError
from pconfigs.errors.formatting import clauses, listed, nearest, shorten, with_article
from pconfigs.syntax import expression_tree


class AnnotationError(DeclarationError):
    """An annotation is not a type, or has a marker where it would be ignored.

    Attributes:
        where: The annotated name, after the class: `TrainerConfig.token`.
        annotation: The annotation, as written.
    """

    def __init__(self, where: str, annotation: str, problem: str, hint: str) -> None:
        self.where, self.annotation = where, annotation
        super().__init__(f"{where}: {annotation}", clauses(problem, hint))


def misplaced_marker(where: str, annotation: str, markers: Sequence[str]) -> AnnotationError:
    """Return the error for markers inside a type."""
    names = list(dict.fromkeys(markers))
    outside = with_markers_outside(annotation, names)
    hint = f"write {outside}" if outside else f"write {names[0]}[...] around the whole annotation"
    many = len(names) > 1
    problem = (
        f"{listed(names)} must be around the whole annotation, got {'them' if many else 'it'}"
        " inside a type"
    )
    return AnnotationError(where, annotation, problem, hint)


def misplaced_in_member(where: str, annotation: str, marker: str) -> AnnotationError:
    """Return the error for a marker on a member of a TypedDict, NamedTuple or dataclass."""
    name, _, member = where.rpartition(".")
    hint = f"remove it from {member}, and write {marker}[{name}] for the field that holds it"
    if marker == "Required":
        hint = f"import Required from typing in the module of {name}"
    return AnnotationError(
        where, annotation, f"{marker} must be on a field of a config class, got it on {where}", hint
    )


def wrong_type(where: str, annotation: str, thing: Any) -> AnnotationError:
    """Return the error for something in an annotation that is not a type."""
    kind = type(thing)
    form = getattr(getattr(thing, "__origin__", thing), "_name", "")
    if form in ("NotRequired", "Required", "ReadOnly"):
        absent = "; Omitted[...] is for a field that may be left out"
        hint = f"write the type alone{absent if form == 'NotRequired' else ''}"
        problem = f"{form} must be around the type of a key of a TypedDict"
        return AnnotationError(where, annotation, problem, hint)
    if kind.__name__ in ("TypeAliasType", "RecursiveHint"):
        name = thing.__name__
        return AnnotationError(
            where, annotation, f"{name} means itself", f"name it inside a container: list[{name}]"
        )
    if kind.__name__ == "TypeVarTuple":
        problem = f"types in the place of *{thing.__name__} would not be checked"
        return AnnotationError(where, annotation, problem, "write tuple[T, ...], or each type")
    if getattr(thing, "__args__", None) and hasattr(thing, "__origin__"):
        problem = f"the number of types in the brackets of {shorten(thing)} is wrong"
        return AnnotationError(where, annotation, problem, "")
    if kind.__module__ in ("typing", "typing_extensions"):
        name = getattr(thing, "_name", None) or shorten(thing)
        return AnnotationError(
            where, annotation, f"{name} needs types in brackets", f"write {name}[...]"
        )
    meant = suggested_type(thing)
    names = {"builtin_function_or_method": "function", "ModuleType": "module"}
    shown = getattr(thing, "__name__", None) or shorten(thing)
    name = with_article(names.get(kind.__name__, kind.__name__))
    return AnnotationError(
        where,
        annotation,
        f"an annotation must be a type, got {shown} ({name})",
        f"did you mean {meant}?" if meant else "",
    )


def undefined_in_alias(alias: Any, name: str) -> AnnotationError:
    """Return the error for a name in quotes in the definition of a named type."""
    module = alias.__module__
    problem = f"name {name!r} is not defined in {module}"
    return AnnotationError(
        f"{module}.{alias.__name__}", str(alias.__value__), problem, "import or define it there"
    )


def not_evaluated(where: str, annotation: str, error: Exception) -> AnnotationError:
    """Return the error for an annotation that cannot be evaluated."""
    return AnnotationError(
        where,
        annotation,
        f"it cannot be evaluated: {type(error).__name__}: {error}",
        "write a type that Python can compute, or typing.Any",
    )


def suggested_type(thing: Any) -> str:
    """Return the code of the type that was probably meant by something that is not a type."""
    name = getattr(thing, "__name__", "")
    if thing is any or thing is ...:
        return "typing.Any"
    if thing is callable:
        return "collections.abc.Callable"
    if type(thing).__name__ == "InitVar":
        return _written(thing.type)
    if isinstance(thing, (list, set)) and len(thing) == 1:
        return f"{type(thing).__name__}[{_written(next(iter(thing)))}]"
    if isinstance(thing, tuple) and thing:
        inside = ", ".join(map(_written, thing))
        return f"tuple[{inside}], or {' | '.join(map(_written, thing))}"
    if isinstance(thing, dict) and len(thing) == 1:
        ((key, value),) = thing.items()
        return f"dict[{_written(key if isinstance(key, type) else type(key))}, {_written(value)}]"
    if isinstance(thing, (int, str, bytes)):
        return f"typing.Literal[{thing!r}]"
    module = sys.modules.get(getattr(thing, "__module__", None) or "")
    if name and module is not None:
        classes = [one for one, value in vars(module).items() if isinstance(value, type)]
        close = nearest(name, [one for one in classes if not one.startswith("_")])
        return f"{module.__name__}.{close}" if close else ""
    if not name and hasattr(thing, "__class__") and type(thing).__module__ != "builtins":
        return f"{type(thing).__module__}.{type(thing).__qualname__}"
    return ""


def _written(hint: Any) -> str:
    return hint.__qualname__ if isinstance(hint, type) else repr(hint)


def with_markers_outside(text: str, names: Sequence[str]) -> str:
    """Return an annotation with its markers moved around the whole; "" where they are not in it."""
    moved: list[str] = []

    class Mover(ast.NodeTransformer):
        def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
            self.generic_visit(node)
            if _last_name(node.value) in names:
                moved.append(ast.unparse(node.value))
                return node.slice
            if _last_name(node.value) == "Annotated" and isinstance(node.slice, ast.Tuple):
                kept = [one for one in node.slice.elts if _last_name(one) not in names]
                moved.extend(ast.unparse(one) for one in node.slice.elts if one not in kept)
                if len(kept) == 1:
                    return kept[0]
                node.slice.elts = kept
            return node

        def visit_Constant(self, node: ast.Constant) -> ast.AST:
            if isinstance(node.value, str):
                inner = with_markers_outside(node.value, names)
                if inner:
                    moved.append(inner.partition("[")[0])
                    return expression_tree(inner.partition("[")[2][:-1]).body
            return node

    try:
        tree = Mover().visit(expression_tree(text.strip()))
    except SyntaxError:
        return ""
    inside = ast.unparse(tree)
    for name in reversed(dict.fromkeys(moved)):
        inside = f"{name}[{inside}]"
    return inside if moved else ""


def _last_name(node: Any) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))
