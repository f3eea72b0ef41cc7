"""Expressions: classes, functions, enums and instances as code that refers to or makes them."""

from __future__ import annotations

import builtins
import sys

from pconfigs.annotations.kinds import is_sequence
from pconfigs.codegen.imports import is_name, module_of
from pconfigs.codegen.literals import quoted
from pconfigs.codegen.nodes import NODE_MAKERS, Operators, ReprCode, Unprintable, call
from pconfigs.codegen.stdlib_values import LIBRARY, maker
from pconfigs.errors.formatting import cut
from pconfigs.markers import Marker, Omitted, Pin, Pinned, Required

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    from pconfigs.codegen.imports import ImportNames
    from pconfigs.codegen.nodes import Node
    from pconfigs.validation.value_types import ValueType

    NodeMaker: TypeAlias = "Callable[[Any, ImportNames], Node]"

Function = type(call)
Builtin = type(len)
Method = type(call.__get__(0))
Module = type(sys)
GenericAlias = type(list[int])
UnionType = type(int | str)
DESCRIPTORS = (
    type(str.upper),
    type(dict.__dict__["fromkeys"]),
    type(str.__len__),
)


def to_node(value: Any, names: ImportNames) -> Node:
    """Return one level of `value` as code; errors of its own code become a comment."""
    kind = type(value)
    try:
        make = names.node_makers.get(kind)
        if make is None:
            make = names.node_makers[kind] = NODE_MAKERS.get(kind) or _node_maker(kind)
        return make(value, names)
    except Exception as error:
        return Unprintable(f"<{kind.__name__} object whose code raises {type(error).__name__}>")


def _node_maker(kind: type[Any]) -> NodeMaker:
    if issubclass(kind, type):
        return _class
    enum = sys.modules.get("enum")
    if enum is not None and issubclass(kind, enum.Enum):
        return _flag if issubclass(kind, enum.Flag) else _member
    if issubclass(kind, Marker):
        return _marker
    if hasattr(kind, "__pconfig_home__"):
        return _single
    if _value_type(kind) is not None:
        return _taught
    for found, make in _KINDS:
        if kind is found:
            return make
    if hasattr(kind, "__dataclass_fields__"):
        return _dataclass
    if hasattr(kind, "__attrs_attrs__"):
        return _attrs
    if hasattr(kind, "_fields") and issubclass(kind, tuple):
        return _named_tuple
    for ancestor in kind.__mro__:
        if ancestor is not object and ancestor in _PLAIN:
            return _converted
        if known_name(ancestor) in LIBRARY:
            return _library
    return _foreign


def _value_type(cls: type) -> ValueType | None:
    # Loaded by what calls ptype; printing does not load it.
    module: Any = sys.modules.get("pconfigs.validation.value_types")
    found: ValueType | None = module.value_type_of(cls) if module is not None else None
    return found


def _taught(value: Any, names: ImportNames) -> Node:
    """Return the code of a value whose class `ptype` has taught."""
    taught = _value_type(type(value))
    assert taught is not None
    code = taught.to_code(value)
    module, _, _ = code.partition("(")[0].rpartition(".")
    while module and module not in sys.modules:
        module = module.rpartition(".")[0]
    if module:
        names.module(module)
    return code


def known_name(cls: type) -> tuple[str, str]:
    """Return module and name under which a class of the standard library is imported."""
    name = (cls.__module__, cls.__qualname__)
    if name[0] == "pathlib._local":
        return ("pathlib", name[1])
    if name == ("builtins", "mappingproxy"):
        return ("types", "MappingProxyType")
    return name


def _library(value: Any, names: ImportNames) -> Node:
    cls = type(value)
    ancestor = next(ancestor for ancestor in cls.__mro__ if known_name(ancestor) in LIBRARY)
    known = known_name(ancestor)
    # Each dtype of numpy has a class of its own, which makes none.
    is_made_by_it = ancestor is cls or known == ("numpy", "dtype")
    text = maker(known, names) if is_made_by_it else class_text(cls, names)
    return LIBRARY[known](value, text, names)


def class_text(cls: type, names: ImportNames) -> str:
    """Return the name of a class in code.

    Raises:
        ValueError: No code can name it.
    """
    if cls.__module__ == "builtins" and cls.__qualname__ not in vars(sys.modules["builtins"]):
        if cls is type(None):
            return "type(None)"
        import types

        public = [name for name, found in vars(types).items() if found is cls]
        if not public:
            raise ValueError(cls.__qualname__)
        return names.imported("types", public[0])
    text = names.of_class(cls)
    if text is None:
        raise ValueError(cls.__qualname__)
    return text


def _class(value: type, names: ImportNames) -> Node:
    if type(value) is GenericAlias:
        return _generic(value, names)
    try:
        return class_text(value, names)
    except ValueError:
        return Unprintable(f"<class {value.__qualname__!r} of {value.__module__}>")


def _generic(value: Any, names: ImportNames) -> Node:
    arguments = ", ".join(_hint(argument, names) for argument in value.__args__)
    return f"{class_text(value.__origin__, names)}[{arguments or '()'}]"


def _union(value: Any, names: ImportNames) -> Node:
    first, *others = (_hint(member, names) for member in value.__args__)
    return Operators([first, *(f"| {other}" for other in others)])


def _hint(value: Any, names: ImportNames) -> str:
    if value is type(None):
        return "None"
    kind = type(value)
    if isinstance(value, type) and kind is not GenericAlias:
        return class_text(value, names)
    if is_sequence(value) and kind in (list, tuple):
        return f"[{', '.join(_hint(member, names) for member in value)}]"
    if kind is GenericAlias:
        return str(_generic(value, names))
    return repr(value)


def _member(value: Any, names: ImportNames) -> Node:
    cls = type(value)
    text = class_text(cls, names)
    name = value._name_
    if name is None:
        return call(text, value._value_)
    return f"{text}.{name}" if is_name(name) else f"{text}[{quoted(name)}]"


def _flag(value: Any, names: ImportNames) -> Node:
    cls = type(value)
    if value._name_ in cls.__members__:
        return _member(value, names)
    number = value._value_
    parts: list[Any] = [
        member
        for member in cls.__members__.values()
        if member._value_ > 0
        and not member._value_ & (member._value_ - 1)
        and member._value_ & number
    ]
    if number <= 0 or sum({member._value_ for member in parts}) != number:
        return call(class_text(cls, names), number)
    first, *others = dict.fromkeys(str(_member(part, names)) for part in parts)
    return Operators([first, *(f"| {other}" for other in others)])


def _marker(value: Marker, names: ImportNames) -> Node:
    known = value is Required or value is Pinned or value is Omitted
    return names.imported("pconfigs.pinnable" if known else "pconfigs", value.__name__)


def _single(value: Any, names: ImportNames) -> Node:
    """Return the only object of its class, by its name."""
    cls = type(value)
    return names.imported(cls.__pconfig_home__, repr(value))


def _pin(value: Pin, names: ImportNames) -> Node:
    return call(names.imported("pconfigs.pinnable", "Pin"), value.value)


def _function(value: Any, names: ImportNames) -> Node:
    found = function_path(value)
    return found if isinstance(found, Unprintable) else _dotted(*found, names)


def _dotted(module: str, name: str, names: ImportNames) -> str:
    """Return a name with its module before it, which is imported as a whole."""
    return f"{names.module(module)}.{name}"


def function_path(value: Any) -> tuple[str, str] | Unprintable:
    """Return module and qualified name of a function, or of a method of a class or module."""
    module, qualname = module_of(value), value.__qualname__
    owner = getattr(value, "__self__", None)
    if owner is not None and type(owner) is Module:
        module = owner.__name__
    elif isinstance(owner, type):
        module, qualname = module_of(owner), f"{owner.__qualname__}.{value.__name__}"
    elif owner is not None:
        return Unprintable(_told(value))
    elif module is None and hasattr(value, "__objclass__"):
        module = module_of(value.__objclass__)
    if module is not None and module.startswith("_"):
        # C code keeps the makings of `functools` in `_functools`.
        public = sys.modules.get(module.removeprefix("_"))
        if getattr(public, qualname, None) is value:
            module = module.removeprefix("_")
    dotted = f"{module}.{qualname}"
    if module is None or not all(map(is_name, dotted.split("."))):
        return Unprintable(f"<function {qualname} of {module}>")
    return module, qualname


def _module(value: Any, names: ImportNames) -> Node:
    return names.module(value.__name__)


def _dataclass(value: Any, names: ImportNames) -> Node:
    cls = type(value)
    fields: list[Any] = list(cls.__dataclass_fields__.values())
    # Pseudo-fields (ClassVar, InitVar) are marked by their kind only.
    given: list[str] = [f.name for f in fields if f.init and f._field_type.name == "_FIELD"]
    return call(class_text(cls, names), **{name: getattr(value, name) for name in given})


def _attrs(value: Any, names: ImportNames) -> Node:
    cls = type(value)
    given: list[Any] = [a for a in cls.__attrs_attrs__ if a.init]
    values: dict[str, Any] = {getattr(a, "alias", a.name): getattr(value, a.name) for a in given}
    return call(class_text(cls, names), **values)


def _named_tuple(value: Any, names: ImportNames) -> Node:
    cls = type(value)
    items: tuple[Any, ...] = _PLAIN[tuple](value)
    given: dict[str, Any] = dict(zip(cls._fields, items, strict=True))
    return call(class_text(cls, names), **given)


def _items(cls: Any, value: Any, method: str = "__iter__") -> Iterable[Any]:
    """Return the items of an instance of a derived container, by its builtin base class."""
    found: Iterable[Any] = getattr(cls, method)(value)
    return found


# What an instance of a derived class is as a builtin value. What the class itself makes of
# iteration or conversion is not asked: it may answer anything.
_PLAIN: dict[type, Callable[[Any], Any]] = {
    str: str.__str__,
    bytes: lambda value: bytes(memoryview(value)),
    bytearray: lambda value: bytearray(memoryview(value)),
    int: int.__int__,
    float: float.__float__,
    complex: lambda value: complex(value.real, value.imag),
    list: lambda value: list(_items(list, value)),
    tuple: lambda value: tuple(_items(tuple, value)),
    dict: lambda value: dict(_items(dict, value, "items")),
    set: lambda value: set(_items(set, value)),
    frozenset: lambda value: frozenset(_items(frozenset, value)),
}


def _converted(value: Any, names: ImportNames) -> Node:
    """Return an instance of a class derived from a builtin one, with the builtin value inside."""
    cls = type(value)
    plain = next(_PLAIN[ancestor] for ancestor in cls.__mro__ if ancestor in _PLAIN)
    return call(class_text(cls, names), plain(value))


def _foreign(value: Any, names: ImportNames) -> Node:
    module = _module_of_callable(value)
    if module is not None:
        return _dotted(module, value.__qualname__, names)
    kind: Any = type(value)
    name = f"{kind.__module__}.{kind.__qualname__}"
    if kind.__repr__ is object.__repr__:
        return Unprintable(f"<{name} object>")
    try:
        text = repr(value)
    except Exception as error:
        return Unprintable(f"<{name} object whose repr raises {type(error).__name__}>")
    import_names(text, kind, names)
    return ReprCode(text, kind.__qualname__)


def import_names(code: str, kind: type, names: ImportNames) -> bool:
    """Import the names in a repr that is code; return whether all are where its class is.

    Where one is not, or has another meaning in the printed text, none is imported.
    """
    import ast

    from pconfigs.syntax import NOT_PYTHON, expression_tree  # with what makes the tree

    try:
        tree = expression_tree(code)
    except NOT_PYTHON:
        return False
    home = sys.modules.get(kind.__module__.partition(".")[0])
    modules = [sys.modules.get(kind.__module__), home]
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not hasattr(builtins, node.id):
            homes = [one for one in modules if one is not None and hasattr(one, node.id)]
            if not homes or not names.is_free(node.id, homes[-1].__name__):
                return False
            found[node.id] = homes[-1].__name__
    for name, module in found.items():
        names.imported(module, name)
    return isinstance(tree.body, (ast.Call, ast.Attribute, ast.Subscript))


def _module_of_callable(value: Any) -> str | None:
    """Return the module in which a callable object is found under its own name."""
    qualname = getattr(value, "__qualname__", None)
    if not callable(value) or not isinstance(qualname, str) or not is_name(qualname):
        return None
    module = module_of(value)
    if module is None or getattr(sys.modules.get(module), qualname, None) is not value:
        return None
    return module


def as_comment(text: str, type_name: str) -> str:
    """Return a repr for a comment: one short line in angle brackets, the same in every run."""
    import re

    text = re.sub(r" at 0x[0-9a-fA-F]+", "", text).replace("#", "")
    # Words that tools obey must not be in a comment that quotes a repr.
    text = re.sub(r"(?i)(fmt|yapf|type|noqa|isort|pragma|pylint):", r"\1 :", text)
    text = " ".join(text.split()).encode("ascii", "backslashreplace").decode()
    text = cut(text, 60)
    return text if text.startswith("<") else f"<{type_name}: {text}>"


def _told(value: object) -> str:
    return as_comment(repr(value), type(value).__qualname__)


_KINDS: tuple[tuple[type[Any], NodeMaker], ...] = (
    (Function, _function),
    (Builtin, _function),
    (Method, _function),
    *((descriptor, _function) for descriptor in DESCRIPTORS),
    (Module, _module),
    (GenericAlias, _generic),
    (UnionType, _union),
    (Pin, _pin),
)
