"""Fingerprints: a short word for what a config resolves to.

Two configs have the same fingerprint where everything that can affect a result is the same: their
classes, and the values of all fields, computed ones included, save those marked `NoEffect` or
`Secret` (a hash of a short secret tells it). What is hashed is text of our own, so that neither the
process, the machine, the version of Python nor the order of a dict has a say in it.

A field counts under the first name that it had (`renamed=`), a class under its first name
(`formerly=`). A field named in `added=` is left out where it has the value that stands for its
absence. Any other field counts always, also at its default: were it left out, then a changed
default, which changes what runs, would not change the fingerprint.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import is_a, kind_of
from pconfigs.errors.serialization import Unsavable, UnsavableError
from pconfigs.markers import Marker, NoEffect, Pinned, Secret
from pconfigs.schema.children import post_order
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.schema.format_history import history_of, names_of
from pconfigs.serialization.plain_forms import PlainForms, is_absence, plain_forms_of
from pconfigs.serialization.scalar_codecs import enum_text, is_enum, qualified_name, scalar_codec_of
from pconfigs.serialization.tags import ANY

try:
    # Python's own: that of hashlib is OpenSSL's, which takes 2 ms to load.
    from _sha2 import sha256  # type: ignore[import-not-found]
except ImportError:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found] # its name before 3.12
    except ImportError:
        from hashlib import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.validation.factory import Validator

LENGTH = 12
DIGEST = "__pconfig_fingerprint__"
_FUNCTIONS: frozenset[type] = frozenset(map(kind_of, (len, qualified_name, "".join)))


def hex_digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal digits."""
    digest: str = sha256(content).hexdigest()
    return digest


def pfingerprint(config: Any, /) -> str:
    """Twelve hexadecimal digits that tell what a config resolves to.

    Raises:
        UnsavableError: A value is nothing that can be told by text.
    """
    if not is_config(config):
        raise TypeError(f"pfingerprint takes a config, but got {type(config).__qualname__}")
    return digest_of(config)[:LENGTH]


def digest_of(config: Any) -> str:
    """The whole hash of a config, kept on it and on the configs in it."""
    known: str | None = getattr(config, DIGEST, None)
    if known is not None:
        return known
    problems: list[Unsavable] = []
    for part in post_order(config):
        if not hasattr(part, DIGEST):
            found = _Telling(problems).config(part)
            if not problems:
                object.__setattr__(part, DIGEST, found)
    if problems:
        raise UnsavableError(kind_of(config), problems)
    digest: str = getattr(config, DIGEST)
    return digest


class _Telling:
    """Tells the values of one config as text."""

    def __init__(self, problems: list[Unsavable]) -> None:
        self.problems = problems
        self.at = ""

    def config(self, config: Any) -> str:
        """The hash of a config in which all other configs have theirs."""
        schema = schema_of(config)
        history = history_of(schema)
        entries: list[str] = []
        for name, field in schema.fields.items():
            if NoEffect in field.markers or Secret in field.markers:
                continue
            value = getattr(config, name)
            if name in history.added:
                before = history.added[name]
                if before is Pinned or same_value(value, before):
                    continue
            self.at = f"{schema.cls.__qualname__}.{name}"
            entries.append(f"{history.first_name(name)}={self.value(value, field.validator)}")
        cls = kind_of(config)
        name = names_of(cls)[-1] if names_of(cls) else qualified_name(cls)
        text = "\n".join([name, *sorted(entries)])
        return hex_digest(text.encode("utf-8", "surrogatepass"))

    def value(self, value: Any, validator: Validator) -> str:
        """The text of a value; equal values of a field have equal texts."""
        kind = kind_of(value)
        options = plain_forms_of(validator)
        if kind is str:
            return _quoted(value)
        if is_a(value, (int, float)) and kind in (int, float):
            # `3` and `3.0` are one number where floats are asked for, two where both are.
            if float in options.scalars and not options.any and _is_float_only(options):
                return _float(value)
            return _float(value) if is_a(value, float) else _int(value)
        if value is None or kind is bool:
            return repr(value)
        if is_config(value):
            found: str | None = getattr(value, DIGEST, None)
            return f"<{found}>" if found is not None else "<?>"
        if kind.__hash__ is not None and is_enum(kind):
            return f"{qualified_name(kind)}.{enum_text(value)}"
        if is_a(value, (list, tuple, set, frozenset)):
            return self._items(value, options)
        if is_a(value, dict):
            keys, items = options.entry()
            members: dict[str, Validator] = getattr(options.mapping, "members", {})
            pairs = [
                f"{self.value(key, keys)}: {self.value(item, members.get(key, items))}"
                for key, item in value.items()
            ]
            return f"{{{', '.join(sorted(pairs))}}}"
        return self._word(value, kind)

    def _items(self, value: Any, options: PlainForms) -> str:
        base = next(k for k in (list, tuple, set, frozenset) if is_a(value, k))
        known = base in options.lists
        validators = options.items(base, len(value)) if known else ANY
        if not isinstance(validators, tuple):
            validators = (validators,) * len(value)
        texts = [self.value(item, one) for item, one in zip(value, validators)]
        if base in (set, frozenset):
            return f"set({', '.join(sorted(texts))})"
        return f"({', '.join(texts)})" if base is tuple else f"[{', '.join(texts)}]"

    def _word(self, value: Any, kind: type) -> str:
        leaf = scalar_codec_of(kind)
        try:
            if leaf is not None:
                text = value.as_posix() if leaf.tag == "Path" else leaf.write(value)
                return f"{leaf.tag}({_quoted(text)})"
        except ValueError as error:
            return self._refuse(kind, str(error))
        if isinstance(value, Marker) or is_absence(kind):
            return repr(value)
        if isinstance(value, type) or kind in _FUNCTIONS:
            name = qualified_name(value) if hasattr(value, "__qualname__") else ""
            if "<lambda>" in name or not name:
                return self._refuse(kind, "a lambda has no name that would tell what it does")
            return name
        if kind.__module__ == "numpy" and hasattr(value, "tobytes"):
            return f"{value.dtype.str}{value.shape}{hex_digest(value.tobytes())}"
        return self._refuse(kind, "no text tells what it is")

    def _refuse(self, kind: type, reason: str) -> str:
        name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
        advice = "mark the field NoEffect[...] if it does not affect results"
        self.problems.append(Unsavable(self.at, name, reason, advice))
        return ""


def _is_float_only(options: PlainForms) -> bool:
    return options.scalars <= {float, int, type(None)} and not options.literals


def _float(value: float) -> str:
    try:
        found = float(value)
    except OverflowError:
        return _int(int(value))
    return repr(found + 0.0) if found == value or found != found else _int(int(value))


def _int(value: int) -> str:
    # Python refuses to write very long numbers in decimal.
    return str(value) if -(10**30) < value < 10**30 else hex(value)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
