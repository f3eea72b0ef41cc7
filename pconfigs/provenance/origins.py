"""Origins: where each value of a config came from, read from the records of configs.

A record is written when its config is built. Frames are inspected here and there only.
"""

from __future__ import annotations

from pconfigs import provenance
from pconfigs.errors.formatting import without_secrets
from pconfigs.markers import Secret
from pconfigs.provenance.locations import (
    CommandLineLocation,
    Location,
    argument_place,
    function_place,
    keyword_place,
    keyword_text,
    place_of,
)
from pconfigs.schema.build_record import (
    CODE,
    FALLBACK,
    INHERITED,
    LASTI,
    RECORD,
    bases_of,
    getframe,
    record_of,
)
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.inheritance import inherited_input, input_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType
    from typing import Any

    from pconfigs.schema.fields import Field

# The modules with dataclasses.replace and copy.replace: the call of these is the user's.
_PASSED = frozenset(("pconfigs", "dataclasses", "copy"))
_LIBRARY = __file__[: -len("provenance/origins.py")]

__all__ = [
    "HIDDEN",
    "CommandLineLocation",
    "Origin",
    "Location",
    "argument_place",
    "asked_by_library",
    "base_place",
    "built_at",
    "user_call_site",
    "chain",
    "set_provenance",
    "function_place",
    "input_of",
    "is_library_code",
    "is_secret",
    "shown_value",
    "keyword_place",
    "keyword_text",
    "origin_of",
    "place_of",
]


class Hidden:
    """The type of `HIDDEN`, which replaces the value of a `Secret[...]` field where it is shown."""

    def __repr__(self) -> str:
        return "Secret(...)"

    def __reduce__(self) -> str:
        return "HIDDEN"


HIDDEN = Hidden()


class Origin:
    """Where an input was given, and as what.

    Attributes:
        config: The config in whose making it was given.
        name: The field.
        given: The input.
        value: The input, as it may be shown: that of a `Secret` field may not.
        place: Of the keyword; of the call, if the keyword is not spelled out there.
        exact: Whether `place` is that of the keyword.
        is_default: It was given in a registered default.
        text: The keyword and its value as in the source; None if that is not known.
    """

    __slots__ = ("config", "exact", "given", "is_default", "name", "place", "secret", "text")

    def __init__(self, config: Any, name: str, value: Any, is_default: bool) -> None:
        record: Any = record_of(config)
        self.config, self.name, self.is_default = config, name, is_default
        self.given = value
        self.secret = is_secret(config, name)
        keyword = keyword_place(record[CODE], record[LASTI], name)
        self.exact = keyword is not None
        self.place = keyword or place_of(record[CODE], record[LASTI])
        is_known = self.exact and not self.secret
        text = keyword_text(record[CODE], record[LASTI], name) if is_known else None
        # A part may be given with secrets in it.
        self.text = text and without_secrets(text, owner=type(config).__name__)[0]

    @property
    def value(self) -> Any:
        return HIDDEN if self.secret else self.given

    def hide(self) -> None:
        """Treat the input as secret: its config is in a `Secret` field."""
        self.secret, self.text = True, None

    def __repr__(self) -> str:
        return f"<origin of {self.name} at {self.place.exact}>"


def givers(config: Any, name: str) -> Iterator[tuple[Any, bool]]:
    """Yield the configs in whose making a field was given, and whether each is a default.

    The one that won comes first, then each that it replaced. An input that was not given anywhere
    has none; of a pickled config, only its own is known.
    """
    field: Field | None = schema_of(config).fields[name]
    is_default = schema_of(config).default is config
    while field is not None:
        record: Any = record_of(config)
        bases = bases_of(config)
        if not record[INHERITED] >> field.index & 1:
            yield config, is_default
        source = inherited_input(field, (*bases, *record[FALLBACK]))[1]
        if source is None:
            return
        is_default = is_default or not any([source is base for base in bases])
        config, field = source, schema_of(source).fields.get(name)


def chain(config: Any, name: str) -> Iterator[Origin]:
    """Yield the origins of the input of a field, of each of the configs of `givers`."""
    for giver, is_default in givers(config, name):
        yield Origin(giver, name, input_of(giver, schema_of(giver).fields[name]), is_default)


def origin_of(config: Any, name: str) -> Origin | None:
    """Return the origin of the input that won; None if nothing was given or it is not known."""
    return next(chain(config, name), None)


def is_secret(config: Any, name: str) -> bool:
    """Return whether the values of a field must not be shown."""
    field = schema_of(config).fields.get(name)
    return field is not None and Secret in field.markers


def shown_value(config: Any, name: str) -> Any:
    """Return the value of a field as it may be shown: HIDDEN for a secret."""
    return HIDDEN if is_secret(config, name) else getattr(config, name)


def built_at(config: Any) -> Location:
    """Return the place of the call that made a config."""
    record: Any = record_of(config)
    return place_of(record[CODE], record[LASTI])


def base_place(config: Any, index: int) -> Location | None:
    """Return where a base is written in the call of the config's class; None if that is not known.

    Calls that name the class otherwise, or edit a config, are not looked into.
    """
    record: Any = record_of(config)
    code, lasti = record[CODE], record[LASTI]
    call = None if isinstance(code, Location) else provenance.call_sites.call_at(code, lasti)
    if call is None or provenance.call_sites.called_name(call[1]) != type(config).__name__:
        return None
    return argument_place(code, lasti, index)


def user_call_site() -> tuple[CodeType, int]:
    """Return code and instruction of the nearest call that is not in this library."""
    frame = getframe(1)
    while frame.f_back is not None and _is_library(frame):
        frame = frame.f_back
    return frame.f_code, frame.f_lasti


def is_library_code(code: Any) -> bool:
    """Return whether a code object (or a location, which has none) is of this library."""
    return str(getattr(code, "co_filename", "")).startswith(_LIBRARY)


def asked_by_library() -> bool:
    """Return whether the code that called the caller is of this library."""
    return _is_library(getframe(2))


def _is_library(frame: FrameType) -> bool:
    module: str = frame.f_globals.get("__name__", "")
    return module.startswith("pconfigs.") or module in _PASSED


def set_provenance(config: Any, call: tuple[CodeType | Location, int]) -> None:
    """Record that `config`, just built by the library for a user, was built by `call`."""
    object.__setattr__(config, RECORD, (*call, *record_of(config)[INHERITED:]))
