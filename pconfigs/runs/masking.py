"""Masking: secret values, replaced in everything that is written."""

from __future__ import annotations

from json import dumps

from pconfigs.annotations.kinds import is_dict
from pconfigs.errors.access import SecretNotHeldError
from pconfigs.markers import Secret
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.tree.walk import pwalk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

SHORTEST = 8
"""Characters from which on a secret is looked for in text; shorter ones occur by chance."""
MASK = "***"


class Masker:
    """Replaces secrets in text.

    Args:
        secrets: Their strings.
    """

    __slots__ = ("secrets",)

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        lines = {
            form
            for secret in secrets
            for line in (secret, *secret.splitlines())
            for form in (line, repr(line)[1:-1], dumps(line)[1:-1])
        }
        # Longest first: a secret may contain another one.
        self.secrets = sorted(
            (line for line in lines if len(line.strip()) >= SHORTEST), key=len, reverse=True
        )

    def __bool__(self) -> bool:
        return bool(self.secrets)

    def value(self, value: Any) -> Any:
        """Return a plain value without secrets."""
        if isinstance(value, str):
            return self.text(value)
        # A number may be one, or have it in its digits.
        is_hidden = type(value) in (int, float) and self.text(repr(value)) != repr(value)
        return MASK if is_hidden else value

    def text(self, text: str) -> str:
        """Return `text` without secrets."""
        for secret in self.secrets:
            if secret in text:
                text = text.replace(secret, MASK)
        return text

    def split(self, text: str) -> tuple[str, str]:
        """Return `text` without secrets in two parts; the second may end in the start of one."""
        masked = self.text(text)
        # A secret may be divided over two writes: what may be its start is held back. The whole
        # text is masked first, as the place of the cut may be inside of a secret.
        end = max(0, len(masked) - max(map(len, self.secrets), default=1) + 1)
        return masked[:end], masked[end:]


def secrets_of(config: object) -> list[str]:
    """Return the strings in the values of a config's `Secret` fields and environment variables."""
    found = [text for field in _secret_fields(config) for text in _strings(_secret(*field))]
    return [*found, *_secret_variables(config)]


def has_secrets(config: object) -> bool:
    """Return whether a class in a config has `Secret` fields."""
    return any(True for _ in _secret_fields(config))


def has_same_secrets(one: object, other: object) -> bool:
    """Return whether two configs that differ in nothing else have the same values of secrets."""
    pairs = zip(_secret_fields(one), _secret_fields(other), strict=True)
    return all(same_value(_secret(*first), _secret(*second)) for first, second in pairs)


def _secret_fields(config: object) -> Iterator[tuple[object, str]]:
    """Yield part and name of each `Secret` field in a config."""
    for _, _, part in pwalk(config):
        if is_config(part):
            fields = schema_of(part).fields.items()
            yield from ((part, name) for name, field in fields if Secret in field.markers)


def _secret_variables(config: object) -> list[str]:
    """Return the texts of the secret variables that the classes in a config can read."""
    schemas = (schema_of(part) for _, _, part in pwalk(config) if is_config(part))
    environments: Any = dict.fromkeys(schema.environment for schema in schemas)
    return [text for one in environments if one is not None for text in one.__penv_secrets__()]


def _secret(part: object, name: str) -> object:
    """Return the value of a secret, or None where it did not travel with a saved config."""
    try:
        return getattr(part, name)
    except SecretNotHeldError:
        return None


def _strings(value: object) -> Iterator[str]:
    """Yield the strings in a value, at any depth; numbers as they are printed."""
    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, (bytes, bytearray)):
        yield bytes(value).decode("utf-8", "surrogateescape")
        yield repr(bytes(value))[2:-1]
    elif is_dict(value):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, (list, tuple, set, frozenset)):
        items: Any = value
        for item in items:
            yield from _strings(item)
    elif is_config(value):
        for name in schema_of(value).fields:
            yield from _strings(getattr(value, name))
    elif not isinstance(value, (bool, type(None))):
        yield str(value)
        for name in getattr(type(value), "__dataclass_fields__", ()):
            yield from _strings(getattr(value, name))
