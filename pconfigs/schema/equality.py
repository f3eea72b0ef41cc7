"""Equality and hash of values, configs and containers of them included.

Python's own, but for two things: nan equals nan, and values whose `==` has no truth value (arrays)
are compared as a whole.
"""

from __future__ import annotations

from _operator import ne

from pconfigs.annotations.kinds import CONTAINERS, SCALARS, is_array_class
from pconfigs.errors.formatting import class_name
from pconfigs.schema.build_record import HASH, OPEN, RECORD, record_of
from pconfigs.schema.children import post_order
from pconfigs.schema.class_schema import held_values, schema_of, value_or_input
from pconfigs.schema.generated_code import compile_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pconfigs.schema.class_schema import Schema

_set = object.__setattr__


def same_value(a: Any, b: Any) -> bool:
    """Return whether two values are equal, configs by class and values."""
    if a is b:
        return True
    if (isinstance(a, list) and isinstance(b, list)) or (
        isinstance(a, tuple) and isinstance(b, tuple)
    ):
        # Mostly, a list holds configs of one class.
        compare = _comparison_of(type(a[0])) if a else None
        return len(a) == len(b) and all(map(compare or same_value, a, b))
    kind = type(a)
    if hasattr(kind, "__pconfig_schema__"):
        if kind is not type(b):
            return False
        compare = _comparison_of(kind)
        if compare is not None:
            return compare(a, b)
        return bool(a == b) if _has_own_equality(kind) else _same_held(a, b)
    if isinstance(a, dict) and isinstance(b, dict):
        if is_ordered(a) and is_ordered(b) and [*a] != [*b]:
            return False
        return a.keys() == b.keys() and all(map(same_value, a.values(), map(b.__getitem__, a)))
    return _same_leaf(a, b)


def is_ordered(value: Any) -> bool:
    """Return whether a dict is one of those whose order counts among themselves."""
    return type(value).__name__ == "OrderedDict"


def is_deque(value: Any) -> bool:
    """Return whether a value is a deque, held by a config or not."""
    return type(value).__name__ == "deque" and hasattr(value, "maxlen")


def same_fields(one: Any, other: Any) -> bool:
    """Return whether two configs of one class are equal; an `==` of the class is not asked."""
    compare = _comparison_of(type(one)) or _same_held
    return compare(one, other)


def _same_held(one: Any, other: Any) -> bool:
    """Return whether two configs of one class hold the same, whatever their class and state."""
    return all(map(same_value, *_compared_values(one, other)))


def _compared_values(one: Any, other: Any) -> Any:
    """Return the values by which two configs of one class are compared."""
    schema = schema_of(one)
    if schema.taking and (record_of(one)[OPEN] or record_of(other)[OPEN]):
        # Open values are compared by what was given for them.
        fields = schema.fields.values()
        return [[value_or_input(config, field) for field in fields] for config in (one, other)]
    return held_values(one), held_values(other)


def _comparison_of(kind: type[Any]) -> Callable[[Any, Any], bool] | None:
    """Return what compares configs of a class, and leaves all other values to `same_value`.

    None where `==` of the class has to, for classes without a schema of their own, and for others.
    """
    schema: Schema | None = getattr(kind, "__pconfig_schema__", None)
    if schema is None or schema.cls is not kind:
        return None
    # The class of a part may have no configs yet, and need not be resolved for this.
    if schema.same is None and schema.known_fields is not None and not _has_own_equality(kind):
        schema.same = _comparison(schema)
    return schema.same


_active: list[type] = []
"""The classes whose comparison is being generated."""


def _comparison(schema: Schema) -> Callable[[Any, Any], bool]:
    """Return a function that compares two configs of the class.

    It is generated: attributes written out are read at a third of the cost of `attrgetter`, and
    parts of the class of their field are compared without asking for its schema.
    """
    names: dict[str, Any] = {
        "same": same_value, "same_flat": _same_flat, "same_held": _same_held, "schema": schema,
        "cls": schema.cls, "type": type,
        "ArithmeticError": ArithmeticError, "AttributeError": AttributeError,
    }  # fmt: skip
    parts: list[str] = []
    _active.append(schema.cls)
    for name in schema.nested_names:
        index, types = schema.fields[name].index, schema.fields[name].validator.types
        kind = next(iter(types)) if len(types) == 1 else object
        known = None if kind in _active else _comparison_of(kind)
        names[f"same{index}"] = known or same_value
        parts.append(f"(a.{name} is b.{name} or same{index}(a.{name}, b.{name}))")
    _active.pop()
    if schema.flat_names:
        ours, theirs = (
            "".join([f"{config}.{name}, " for name in schema.flat_names]) for config in "ab"
        )
        parts.insert(0, f"(({ours}) == ({theirs}) or same_flat(schema, a, b))")
    lines = [
        "def compare(a, b):",
        "    if a is b: return True",
        "    if type(a) is not cls or type(b) is not cls: return same(a, b)",
    ]
    if schema.taking:
        lines.append(f"    if a.{RECORD}[{OPEN}] or b.{RECORD}[{OPEN}]: return same_held(a, b)")
    result = f"return {' and '.join(parts) or 'True'}"
    # A Decimal that is a signaling nan refuses to be compared.
    lines += [f"    try: {result}", "    except ArithmeticError: return same_held(a, b)"]
    if schema.secret_names:
        # One that was left out of a pickle is not there.
        lines.append("    except AttributeError: return same_held(a, b)")
    return compile_function("compare", f"comparison of {schema.cls.__qualname__}", lines, names)


def _same_flat(schema: Schema, a: Any, b: Any) -> bool:
    """Return whether values without configs are equal although `==` is False: nan may be."""
    return all([same_value(getattr(a, name), getattr(b, name)) for name in schema.flat_names])


def _has_own_equality(kind: type) -> bool:
    return not getattr(kind.__eq__, "__pconfig_member__", False)


def _is_partial(kind: type) -> bool:
    return (kind.__module__, kind.__qualname__) == ("functools", "partial")


def _same_leaf(a: Any, b: Any) -> bool:
    if type(a) is type(b) and _is_partial(type(a)):
        # Python compares them by identity.
        return same_value((a.func, a.args, a.keywords), (b.func, b.args, b.keywords))
    if is_array_class(type(a)) or is_array_class(type(b)):
        return _same_array(a, b)
    if is_deque(a) and is_deque(b):
        return len(a) == len(b) and all(map(same_value, a, b))
    try:
        same = _compared(a, b)
    except Exception:
        # Types that cannot be compared are different, arrays of other shapes among them.
        return _is_signaling(a) and _is_signaling(b)
    if not getattr(same, "ndim", 1):
        same = bool(same)  # of numpy
    if same is True:
        return True
    if same is False:
        if isinstance(a, (set, frozenset)) and isinstance(b, (set, frozenset)):
            return len(a) == len(b) and _without_nan(a) == _without_nan(b)
        if isinstance(a, complex) and isinstance(b, complex):
            return _same_parts(a, b)
        names = compared_names(type(a)) if type(a) is type(b) else None
        if names is not None:
            return all([same_value(getattr(a, name), getattr(b, name)) for name in names])
        # nan, in whatever type it comes, is equal to nan.
        if type(a) is type(b) and a != a and b != b:
            return not _has_parts(a) or _same_parts(a, b)
        return False
    try:
        return bool(same)
    except Exception:
        # An array or table of another library: one truth for each element.
        return _all_true(same)


def _has_parts(value: Any) -> bool:
    """Return whether a number is a complex one, in Python or in numpy."""
    return type(getattr(value, "real", value)) is not type(value)


def _same_parts(a: Any, b: Any) -> bool:
    return _same_leaf(a.real, b.real) and _same_leaf(a.imag, b.imag)


def _compared(a: Any, b: Any) -> Any:
    """Return what either of two values knows of `a == b`, whichever comes first."""
    try:
        return a == b
    except Exception:
        return b == a  # a Decimal cannot be asked for integers of numpy


def _is_signaling(value: Any) -> bool:
    """Return whether a value is a Decimal that raises where others are compared."""
    return type(value).__name__ == "Decimal" and bool(value.is_snan())


def compared_names(cls: Any) -> list[str] | None:
    """Return the names of the fields that a dataclass compares; None where `==` is its own."""
    made = getattr(cls, "__dataclass_params__", None)
    code = getattr(cls.__eq__, "__code__", None)
    if made is None or not made.eq or code is None or code.co_filename != "<string>":
        return None
    fields = cls.__dataclass_fields__.values()
    return [one.name for one in fields if one.compare and one._field_type.name == "_FIELD"]


def _without_nan(value: Any) -> Any:
    """Return an item of a set with one word in the place of nan, which is equal to nothing."""
    if isinstance(value, (set, frozenset)):
        return frozenset([_without_nan(item) for item in value])
    if isinstance(value, tuple):
        return tuple([_without_nan(item) for item in value])
    if not _is_nan(value):
        return value
    if _has_parts(value):
        return (type(value), _without_nan(value.real), _without_nan(value.imag))
    return (type(value), _NAN)


_NAN = object()


def _same_array(a: Any, b: Any) -> bool:
    """Return whether arrays of numpy have the same type, shape and elements, nan among them."""
    if ordinary_class(a) is not ordinary_class(b) or a.shape != b.shape or a.dtype != b.dtype:
        return False
    if hasattr(a, "_mask"):
        return _same_mask(a, b) and _same_array(a.filled(a.fill_value), b.filled(a.fill_value))
    if a.dtype.hasobject:
        return all(same_value(one, other) for one, other in zip(a.flat, b.flat, strict=True))
    if a.dtype.names is not None:
        return all(_same_array(a[name], b[name]) for name in a.dtype.names)
    if a.dtype.kind == "c":
        return _same_array(a.real, b.real) and _same_array(a.imag, b.imag)
    return bool(((a == b) | ((a != a) & (b != b))).all())


def _same_mask(a: Any, b: Any) -> bool:
    """Return whether masked arrays hide the same items; one may have no mask, and hide none."""
    ours, theirs = a.mask, b.mask
    if not ours.ndim or not theirs.ndim:
        return bool(ours.tobytes().strip(b"\0") == theirs.tobytes().strip(b"\0"))
    return bool((ours == theirs).all())


def ordinary_class(array: Any) -> Any:
    """Return the class of an array as it was given; configs hold a read-only kind of it."""
    return getattr(type(array), "_plain", type(array))


def _all_true(truths: Any) -> bool:
    """Return whether all truths of a comparison hold; False where it cannot be decided."""
    try:
        while getattr(truths, "ndim", 0) or hasattr(truths, "iloc"):
            truths = truths.all()
        return bool(truths)
    except Exception:
        return False


def identical(one: Any, other: Any) -> bool:
    """Return whether two values are equal, and all that is in them is of the same types."""
    return one is other or (same_value(one, other) and _of_same_types(one, other))


def _of_same_types(one: Any, other: Any) -> bool:
    """Return whether all that is in two equal values is of the same types; keys may not be."""
    if one is other:
        return True
    if form_of(one) != form_of(other):
        return False
    if hasattr(type(one), "__pconfig_schema__"):
        pairs = zip(*_compared_values(one, other), strict=True)
    elif isinstance(one, dict):
        pairs = zip(one.values(), [other[key] for key in one], strict=True)
    elif isinstance(one, (list, tuple)):
        pairs = zip(one, other, strict=True)
    else:
        return True
    return all(_of_same_types(*pair) for pair in pairs)


_WITH_TEXT = ("decimal", "datetime", "pathlib")


def form_of(value: Any) -> tuple[Any, ...]:
    """Return what may differ in equal values: the type, read-only or not, and some things more.

    They are the digits of a Decimal, the time zone of a time, the case of a path of Windows, and
    what a container is made with.
    """
    kind = type(value)
    if not isinstance(value, CONTAINERS) and not is_deque(value):
        return (kind, str(value)) if kind.__module__ in _WITH_TEXT else (kind,)
    further = getattr(value, "maxlen", None), getattr(value, "default_factory", None)
    return (getattr(kind, "_plain", kind), *further)


def hash_of(config: Any) -> int:
    """Return the hash of a config, kept on it and on every config in it.

    Raises:
        TypeError: A value inside cannot be hashed; it is named.
    """
    for part in post_order(config):
        if not hasattr(part, HASH):
            schema = schema_of(part)
            _set(
                part,
                HASH,
                hash((schema.cls.__qualname__, *[_key(part, name) for name in schema.fields])),
            )
    found: int = config.__pconfig_hash__
    return found


def _key(config: Any, name: str) -> int:
    value = value_or_input(config, schema_of(config).fields[name])
    try:
        return _hash_value(value)
    except TypeError as error:
        raise TypeError(
            f"{class_name(type(config))} cannot be hashed because of {name}: {error}"
        ) from error


def _hash_value(value: Any) -> int:
    if type(value) in SCALARS and value == value:
        return hash(value)
    if isinstance(value, (list, tuple)) or is_deque(value):
        if SCALARS.issuperset(map(type, value)) and not any(map(ne, value, value)):
            return hash(tuple(value))
        return hash(tuple([_hash_value(item) for item in value]))
    if isinstance(value, dict):
        return hash(frozenset([(key, _hash_value(item)) for key, item in value.items()]))
    if isinstance(value, (set, frozenset)):
        return hash(frozenset([_hash_value(item) for item in value]))
    if _is_partial(type(value)):
        return hash((value.func, _hash_value(value.args), _hash_value(value.keywords)))
    if is_array_class(type(value)):
        value = value.view(ordinary_class(value))  # it is named in the message
    names = compared_names(type(value))
    if names and type(value).__hash__ is not None:
        return hash(tuple([_hash_value(getattr(value, name)) for name in names]))
    return hash("nan") if _is_signaling(value) or _is_nan(value) else hash(value)


def _is_nan(value: Any) -> bool:
    """Return whether a value of any type is not equal to itself."""
    try:
        return bool(value != value)
    except Exception:
        return False  # its comparisons have no truth value
