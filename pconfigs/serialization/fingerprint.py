"""Fingerprints: a short hash of what a config resolves to.

Two configs have the same fingerprint where everything that can affect a result is the same: their
classes, and the values of all fields, computed ones included, except those marked `NoEffect` or
`Secret` (a hash of a short secret gives it away). What is hashed is text of our own, independent of
the process, the machine, the version of Python and the order of a dict. Values whose text does not
determine what they do, such as closures, have no fingerprint.

A field counts under the first name that it had (`renamed=`), a class under its first name
(`formerly=`). A field named in `added=` is left out where it has the value that means its absence.
Any other field counts always, also at its default: without it, a changed default, which changes
what runs, would not change the fingerprint. A value that is open counts by what was given for it.
"""

from __future__ import annotations

import sys

from pconfigs import errors
from pconfigs.annotations.kinds import is_array_class
from pconfigs.markers import Marker, NoEffect, Pinned, Secret
from pconfigs.schema.build_record import raw_inputs
from pconfigs.schema.children import parts_in, post_order
from pconfigs.schema.class_schema import is_config, require_config, schema_of, value_or_input
from pconfigs.schema.equality import ordinary_class, same_value
from pconfigs.schema.format_history import history_of, names_of
from pconfigs.serialization.conversion.plain_forms import PlainForms, is_absence, plain_forms_of
from pconfigs.serialization.conversion.plain_helpers import is_dataclass_type
from pconfigs.serialization.conversion.scalar_codecs import (
    enum_text,
    is_enum,
    qualified_name,
    scalar_codec_of,
)
from pconfigs.serialization.conversion.tags import FUNCTIONS
from pconfigs.validation.base import ANY
from pconfigs.validation.frozen import FrozenDict, FrozenList, FrozenSet

try:
    # Python's own: that of hashlib is OpenSSL's, which takes 2 ms to load.
    from _sha2 import sha256  # type: ignore[import-not-found]
except ImportError:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found] # its name before 3.12
    except ImportError:
        from hashlib import sha256

TYPE_CHECKING = False  # every recorded run imports this
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.errors.serialization import Unsavable
    from pconfigs.validation.base import Validator

LENGTH = 12
DIGEST = "__pconfig_fingerprint__"
_CONTAINERS = frozenset(
    (list, FrozenList, tuple, set, FrozenSet, frozenset, dict, FrozenDict, type(type.__dict__))
)


def hex_digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal digits."""
    digest: str = sha256(content).hexdigest()
    return digest


def pfingerprint(config: Any, /) -> str:
    """Return twelve hexadecimal digits, a hash of what a config resolves to.

    Raises:
        UnsavableError: The text of a value does not determine what it does.
    """
    require_config("pfingerprint", config)
    # The whole hash is kept on the config, and on those in it.
    known: str | None = getattr(config, DIGEST, None)
    if known is not None:
        return known[:LENGTH]
    problems: list[Unsavable] = []
    for part in post_order(config):
        if not hasattr(part, DIGEST):
            digest = _Text(problems).config(part)
            if not problems:
                object.__setattr__(part, DIGEST, digest)
    if problems:
        raise errors.UnsavableError(type(config), problems)
    found: str = getattr(config, DIGEST)
    return found[:LENGTH]


class _Text:
    """Makes the text of the values of one config."""

    def __init__(self, problems: list[Unsavable]) -> None:
        self.problems = problems
        self.at = ""

    def config(self, config: Any) -> str:
        """Return the hash of a config in which all other configs have theirs."""
        schema = schema_of(config)
        history = history_of(schema)
        entries: list[str] = []
        for name, field in schema.fields.items():
            if NoEffect in field.markers or Secret in field.markers:
                continue
            value = value_or_input(config, field)
            if name in history.added:
                before = history.added[name]
                if before is Pinned or same_value(value, before):
                    continue
            self.at = f"{schema.cls.__qualname__}.{name}"
            text = self.value(value, field.validator)
            if value is Pinned and field.derived:
                # The value is not known yet: what it will be depends on what was given for it.
                given = raw_inputs(config).get(name, Pinned)
                text += f" of {self.value(given, field.validator)}"
            entries.append(f"{history.first_name(name)}={text}")
        cls = type(config)
        name = names_of(cls)[-1] if names_of(cls) else qualified_name(cls)
        whole = "\n".join([name, *sorted(entries)])
        return hex_digest(whole.encode("utf-8", "surrogatepass"))

    def value(self, value: Any, validator: Validator) -> str:
        """Return the text of a value; equal values of a field have equal texts."""
        kind = type(value)
        forms = plain_forms_of(validator)
        if kind is str:
            return _quoted(value)
        if kind in (int, float):
            # `3` and `3.0` are one number for a float field, two where both types are allowed.
            if kind is float or (float in forms.scalars and not forms.any and _is_float(forms)):
                return _float(value)
            return _int(value)
        if value is None or kind is bool:
            return repr(value)
        if is_config(value):
            digest: str | None = getattr(value, DIGEST, None)
            return f"<{digest}>" if digest is not None else "<?>"
        if kind.__hash__ is not None and is_enum(kind):
            return f"{qualified_name(kind)}.{enum_text(value)}"
        if isinstance(value, (list, tuple, set, frozenset, dict)) or kind in _CONTAINERS:
            return self._container(value, kind, forms)
        return self._other(value, kind)

    def _container(self, value: Any, kind: type, forms: PlainForms) -> str:
        # A container of a class of its own may do other things, or keep an order.
        name = "" if kind in _CONTAINERS else qualified_name(kind)
        if isinstance(value, dict) or kind is type(type.__dict__):
            keys, items = forms.entry()
            members = forms.members
            pairs = [
                f"{self.value(key, keys)}: {self.value(item, members.get(key, items))}"
                for key, item in value.items()
            ]
            factory = getattr(value, "default_factory", None)
            made = f", {self.value(factory, ANY)}" if factory is not None else ""
            ordered = pairs if kind.__name__ == "OrderedDict" else sorted(pairs)
            return f"{name}{{{', '.join(ordered)}{made}}}"
        base = next(k for k in (list, tuple, set, frozenset) if isinstance(value, k))
        validators = forms.items(base, len(value)) if base in forms.lists else ANY
        if not isinstance(validators, tuple):
            validators = (validators,) * len(value)
        texts = [self.value(item, one) for item, one in zip(value, validators, strict=False)]
        if base in (set, frozenset):
            return f"{name}set({', '.join(sorted(texts))})"
        inside = ", ".join(texts)
        return f"{name}({inside})" if base is tuple else f"{name}[{inside}]"

    def _other(self, value: Any, kind: type) -> str:
        codec = scalar_codec_of(kind)
        if codec is not None:
            try:
                # Equal numbers have equal texts: -0.0 is 0.0, in both parts. Python 3.14 adds 0 to
                # the real one alone.
                text = codec.write(value + 0j if kind is complex else value)
                if codec.tag == "Path":
                    text = value.as_posix()
            except ValueError as error:
                return self._refuse(kind, str(error))
            return f"{codec.tag}({_quoted(text)})"
        if isinstance(value, Marker) or is_absence(kind):
            return repr(value)
        if isinstance(value, type) or kind in FUNCTIONS:
            return self._named(value, kind)
        if (kind.__module__, kind.__qualname__) == ("functools", "partial"):
            parts = (value.func, value.args, dict(value.keywords))
            return f"partial{self.value(parts, ANY)}"
        if is_array_class(kind):
            return self._array(value, kind)
        if (kind.__module__, kind.__qualname__) == ("collections", "deque"):
            if any(parts_in(list(value))):
                return self._refuse(kind, "no path leads to the configs in it; make it a list")
            return f"deque{self.value((list(value), value.maxlen), ANY)}"
        if is_dataclass_type(kind):
            names: Any = getattr(kind, "__dataclass_fields__", ())
            fields = {name: getattr(value, name, None) for name in names}
            return f"{qualified_name(kind)}{self.value(fields, ANY)}"
        return self._refuse(kind, "its type has no text that determines a value")

    def _named(self, value: Any, kind: type) -> str:
        """Return the name of a class or function, if that determines what it does."""
        name = getattr(value, "__qualname__", "")
        if "<lambda>" in name or not name:
            return self._refuse(kind, "the name of a lambda does not determine what it does")
        owner = getattr(value, "__self__", None)
        if owner is not None and not isinstance(owner, (type, type(sys))):
            return self._refuse(kind, "it is a method of an object, which its name does not show")
        if getattr(value, "__closure__", None) or (
            "<locals>" in name and not isinstance(value, type)
        ):
            return self._refuse(
                kind, "it is made in a function, so its name does not determine what it does"
            )
        method_of = getattr(value, "__objclass__", None)
        return f"{qualified_name(method_of)}.{name}" if method_of else qualified_name(value)

    def _array(self, value: Any, kind: type) -> str:
        if value.dtype.hasobject:
            return self._refuse(kind, "an array of objects holds their addresses")
        plain = ordinary_class(value)
        owner = "" if plain.__name__ in ("ndarray", "MaskedArray") else qualified_name(plain)
        return owner + _array_text(value)

    def _refuse(self, kind: type, reason: str) -> str:
        name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
        hint = "mark the field NoEffect[...] if it does not affect results"
        self.problems.append(errors.serialization.Unsavable(self.at, name, reason, hint))
        return ""


def _array_text(value: Any) -> str:
    """Return a text that is the same for equal arrays, and no others of their class."""
    numpy: Any = sys.modules["numpy"]
    masked = ""
    if hasattr(value, "_mask"):  # numpy.ma need not be loaded
        mask = numpy.ma.getmaskarray(value)
        # An array in which nothing is masked may have a mask, or none.
        is_masked = mask.tobytes().strip(b"\0")
        masked = hex_digest(mask.tobytes() if is_masked else numpy.ma.nomask.tobytes())
        value = value.filled(numpy.ma.default_fill_value(value.dtype))
    dtype = value.dtype
    if dtype.names is not None:
        # Bytes between fields mean nothing.
        fields = [f"{_quoted(name)}:{_array_text(value[name])}" for name in dtype.names]
        return f"{{{','.join(fields)}}}{value.shape}{masked}"
    # Equal numbers have equal texts: -0.0 is 0.0, and nan has a sign and bits that are not shown.
    numbers = numpy.array(value + 0, order="C") if dtype.kind in "fc" else value
    if dtype.kind in "fc":
        parts = numbers.reshape(-1).view(numbers.real.dtype)
        parts[parts != parts] = numpy.nan
        if dtype.char in "gG":
            # Not all of their bytes are a part of the number.
            return (
                f"{dtype.str}{value.shape}{hex_digest(' '.join(map(str, parts)).encode())}{masked}"
            )
    return f"{dtype.str}{value.shape}{hex_digest(numbers.tobytes())}{masked}"


def _is_float(forms: PlainForms) -> bool:
    return forms.scalars <= {float, int, type(None)} and not forms.literals


def _float(value: float) -> str:
    try:
        number = float(value)
    except OverflowError:
        return _int(int(value))
    return repr(number + 0.0) if number == value or number != number else _int(int(value))


def _int(value: int) -> str:
    # Python refuses to write very long numbers in decimal.
    return str(value) if -(10**30) < value < 10**30 else hex(value)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
