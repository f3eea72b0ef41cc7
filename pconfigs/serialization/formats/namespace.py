"""Namespaces of argparse: plain data under dotted names, and back."""

from __future__ import annotations

from typing import Any

from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import LoadError
from pconfigs.serialization.conversion.tags import TYPE


def to_namespace(data: dict[str, Any]) -> Any:
    """Return a Namespace with one attribute for each leaf: `vars(args)["model.depth"]`."""
    found: dict[str, Any] = {}
    pending = [("", data)]
    while pending:
        start, mapping = pending.pop(0)
        for key, value in mapping.items():
            tagged = isinstance(value, dict) and len(value) == 1 and next(iter(value))[:1] == "$"
            name = f"{start}{key}"
            if isinstance(value, dict) and value and not tagged and all(map(_is_name, value)):
                pending.append((f"{name}.", value))
            else:
                found[name] = value
    # Loaded by each launched run, which needs no argparse.
    from argparse import Namespace

    return Namespace(**found)


def _is_name(key: str) -> bool:
    return key.removeprefix("$").isidentifier()


def from_namespace(namespace: object) -> dict[str, Any]:
    """Return nested data of the attributes of a Namespace, whose names may have dots.

    An attribute that is None was not given on the command line: it is left out, unless the
    namespace was made by `pdump`.

    Raises:
        LoadError: A name is both a value and the start of others.
    """
    found: dict[str, Any] = {}
    given = vars(namespace)
    for name, value in given.items():
        if value is None and TYPE not in given:
            continue
        inner: Any = found
        *parts, last = name.split(".")
        for part in parts:
            inner = inner.setdefault(part, {})
            if not isinstance(inner, dict):
                raise LoadError([Problem(name, f"{part} has a value of its own")])
        if last in inner:
            raise LoadError([Problem(name, "it has parts and a value of its own")])
        inner[last] = value
    return found
