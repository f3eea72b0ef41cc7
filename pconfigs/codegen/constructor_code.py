"""Constructor code: configs as code that builds them from what they were given.

Unlike printed code, which shows all that a config holds, this is meant to run: pins are left to
the code that computes them, and a variant names its base and states only what differs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pconfigs.codegen.documents import Documents, flat_text, one_line
from pconfigs.codegen.expressions import (
    Builtin,
    Function,
    Method,
    function_path,
    import_names,
    to_node,
)
from pconfigs.codegen.foreign_code import ForeignCode
from pconfigs.codegen.imports import ImportNames
from pconfigs.codegen.literals import SCALARS
from pconfigs.codegen.nodes import Group, Node, Notation, ReprCode, Unprintable, call
from pconfigs.codegen.printer import laid_out
from pconfigs.errors.base import Problem
from pconfigs.errors.build import BuildError
from pconfigs.errors.serialization import NoCodeError, local_class, no_code_form, written_secret
from pconfigs.markers import Omitted, Pinned, Secret
from pconfigs.provenance.origins import input_of
from pconfigs.schema.children import parts_in
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.equality import identical, same_value
from pconfigs.schema.fields import Field
from pconfigs.tree.paths import ROOT, Path
from pconfigs.validation.frozen_collections import thawed_collection

SHORT = 60


class Code(Notation):
    """A value that is written as some other code."""

    __slots__ = ("_node",)

    def __init__(self, node: Node) -> None:
        self._node = node

    def node(self, names: ImportNames) -> Node:
        return self._node


class ConstructorWriter:
    """Writes values as code, and learns what has to be imported for them.

    Args:
        reserved: Names that the code defines itself.
    """

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self.names = ImportNames()
        for name in reserved:
            self.names.reserve(name)
        for kind in (Function, Builtin, Method):
            self.names.node_makers[kind] = _function
        self._formatter = ForeignCode()
        self._problems: list[Problem] = []

    def lines(self, before: str, value: Any) -> str:
        """Return the code of a value after `before`.

        Raises:
            NoCodeError: Values on the way have no code form.
        """
        if self._problems:
            raise NoCodeError(self._problems)
        return laid_out(value, self.names, self._formatter, before)

    def full(self, config: Any, path: Path = ROOT) -> Code:
        """Return a config by all of its inputs."""
        given = [(field, _given(config, field)) for field in schema_of(config).fields.values()]
        return self._call(config, path, [pair for pair in given if pair[1] is not Pinned])

    def from_default(self, config: Any, path: Path) -> Code:
        """Return a config by what differs from the default of its class, if it has one."""
        try:
            default = type(config)()
        except BuildError:
            return self.full(config, path)
        return self._call(config, path, _differing(default, config))

    def derived(self, base: Any, text: str, config: Any, exact: bool, path: Path = ROOT) -> Code:
        """Return a config by what differs from another one of its class.

        Args:
            base: The other one.
            text: Its code.
            config: The config.
            exact: Whether fields that a property computes count by the value that `text` gives for
                them, and not by what was given.
            path: Where the config sits.
        """
        cls = self._class(config, path)
        entries: list[tuple[str, Any]] = [("", Code(text))]
        for field, given in _differing(base, config, exact):
            name = field.name
            old = getattr(base, name) if exact else input_of(base, field)
            at = Path(path, name)
            if self._is_secret(config, field, given, at):
                continue
            if is_config(getattr(base, name)) and not is_config(old):
                old = getattr(base, name)
            entries.append((f"{name}=", self._changed(old, f"{text}.{name}", given, exact, at)))
        return Code(Group(f"{cls}(", entries))

    def _changed(self, old: Any, text: str, new: Any, exact: bool, path: Path) -> Any:
        """Return a value as its difference from the one in its place, whose code is `text`."""
        if is_config(new):
            if type(old) is type(new):
                return self.derived(old, text, new, exact, path)
            return self.from_default(new, path)
        if isinstance(new, dict) and isinstance(old, dict) and old and _extends(old, new):
            entries: list[tuple[str, Any]] = [("**", Code(text))]
            for key, item in new.items():
                code = self._key(key, path)
                if key not in old:
                    entries.append((f"{code}: ", self.value(item, path.item(key))))
                elif not identical(old[key], item):
                    inner = self._changed(old[key], f"{text}[{code}]", item, exact, path.item(key))
                    entries.append((f"{code}: ", inner))
            return Code(Group("{", entries, "}", "list"))
        for kind, brackets in ((list, "[]"), (tuple, "()")):
            if isinstance(new, kind) and isinstance(old, kind) and not hasattr(new, "_fields"):
                return self._sequence(old, text, new, exact, path, brackets)
        return self.value(new, path)

    def _key(self, key: Any, path: Path) -> str:
        """Return the code of a key of a dict on one line; what it names is imported."""
        made = Documents(self.names, self._formatter, whole=True)
        return str(flat_text(made.of(self.value(key, path.item(key)))))

    def _sequence(
        self, old: Any, text: str, new: Any, exact: bool, path: Path, brackets: str
    ) -> Any:
        same = [at < len(old) and identical(old[at], item) for at, item in enumerate(new)]
        parts = any(is_config(item) for item in new)
        if len(new) < len(old) or not any([*same, parts]):
            return self.value(new, path)
        if not parts and len(new) == len(old) and len(one_line(new, self._formatter)) <= SHORT:
            return self.value(new, path)
        entries: list[tuple[str, Any]] = []
        at = 0
        while at < len(new):
            end = at
            while end < len(new) and same[end]:
                end += 1
            if end > at:
                entries.append(_run(text, at, end, len(old)))
                at = end
                continue
            item = path.item(at)
            if at < len(old):
                inner = self._changed(old[at], f"{text}[{at}]", new[at], exact, item)
                entries.append(("", inner))
            else:
                entries.append(("", self.value(new[at], item)))
            at += 1
        kind = "tuple" if brackets == "()" else "list"
        return Code(Group(brackets[0], entries, brackets[1], kind))

    def value(self, value: Any, path: Path) -> Any:
        """Return any value by all of the inputs of the configs in it; problems are noted."""
        if is_config(value):
            return self.full(value, path)
        if isinstance(value, dict) and type(value).__name__ in ("dict", "FrozenDict"):
            # Keys may be configs, too.
            pairs = [
                (self.value(key, path.item(key)), self.value(item, path.item(key)))
                for key, item in value.items()
            ]
            return dict(pairs)
        if isinstance(value, list) and type(value).__name__ in ("list", "FrozenList"):
            return [self.value(item, path.item(at)) for at, item in enumerate(value)]
        if type(value) is tuple:
            return tuple([self.value(item, path.item(at)) for at, item in enumerate(value)])
        if isinstance(value, (set, frozenset)) and any(map(is_config, value)):
            return self._set(value, path)
        if isinstance(value, (dict, tuple)) and any(parts_in(value)):
            return self._other_container(value, path)
        self._note(value, path)
        return value

    def _other_container(self, value: Any, path: Path) -> Any:
        """Return an OrderedDict, a defaultdict or a NamedTuple with configs in it."""
        if isinstance(value, tuple):
            return type(value)._make([self.value(item, path) for item in value])  # type: ignore[attr-defined]
        items = [self.value(item, path.item(key)) for key, item in value.items()]
        return thawed_collection(value, items)

    def _set(self, value: Any, path: Path) -> Any:
        ordered = sorted(value, key=lambda item: one_line(item, self._formatter))
        entries = [("", self.value(item, path)) for item in ordered]
        inside = Code(Group("{", entries, "}", "list"))
        return Code(call("frozenset", inside)) if isinstance(value, frozenset) else inside

    def _note(self, value: Any, path: Path) -> None:
        """Note the problem of a value without code; import what code of others names."""
        scalar = SCALARS.get(type(value))
        if scalar is not None and scalar(value) is not None:
            return
        node = to_node(value, self.names)
        if isinstance(node, ReprCode):
            if not import_names(node.text, type(value), self.names):
                kind = f"a {type(value).__qualname__}"
                self._problems.append(no_code_form(str(path), f"{kind} has no code form"))
            return
        made = Documents(self.names, self._formatter, whole=True)
        made.of(value)
        if made.comments:
            self._problems.append(no_code_form(str(path), made.comments[0]))

    def _call(self, config: Any, path: Path, given: list[tuple[Field, Any]]) -> Code:
        cls = self._class(config, path)
        entries: list[tuple[str, Code]] = []
        for field, value in given:
            at = Path(path, field.name)
            if not self._is_secret(config, field, value, at):
                entries.append((f"{field.name}=", self.value(value, at)))
        return Code(Group(f"{cls}(", entries))

    def _class(self, config: Any, path: Path) -> str:
        cls = type(config)
        name = self.names.of_class(cls)
        if name is None or "<locals>" in cls.__qualname__:
            self._problems.append(local_class(str(path), cls.__qualname__))
        return name or cls.__name__

    def _is_secret(self, config: Any, field: Field, value: Any, path: Path) -> bool:
        """Return whether a field is left out: a secret, which only its default may give."""
        if Secret not in field.markers:
            return False
        default = schema_of(config).default
        if default is None or not same_value(getattr(default, field.name), value):
            self._problems.append(written_secret(str(path)))
        return True


def _given(config: Any, field: Field) -> Any:
    """Return the input of a field; `Pinned` if there is none, or if only code sets it."""
    return Pinned if field.pinned else input_of(config, field)


def _differing(base: Any, config: Any, exact: bool = False) -> list[tuple[Field, Any]]:
    """Return the fields of a config whose inputs differ from another one's, with its own.

    With `exact`, so do those that are left out, and that a config around the other one completed.
    """
    found: list[tuple[Field, Any]] = []
    for field in schema_of(config).fields.values():
        given = _given(config, field)
        if given is Pinned:
            continue
        differs = not identical(given, input_of(base, field))
        if exact and given is Omitted and getattr(config, field.name) is Omitted:
            differs = getattr(base, field.name) is not Omitted
        if differs:
            found.append((field, given))
    return found


def _extends(old: dict[Any, Any], new: dict[Any, Any]) -> bool:
    """Return whether `new` has the keys of `old` in their order, and then perhaps others."""
    return list(new)[: len(old)] == list(old)


def _run(text: str, start: int, end: int, length: int) -> tuple[str, Code]:
    """Return items of a list that stay, as an entry of the new one."""
    if start == 0 and end == length:
        return "*", Code(text)
    if end - start == 1:
        return "", Code(f"{text}[{start}]")
    return "*", Code(f"{text}[{start or ''}:{end if end < length else ''}]")


def _function(value: Any, names: ImportNames) -> Node:
    """Return a function by a name that is imported, and not by its whole dotted path."""
    found = function_path(value)
    if isinstance(found, Unprintable):
        return found
    module, qualname = found
    if qualname != value.__qualname__:
        return f"{names.module(module)}.{qualname}"
    if module == "builtins":
        return qualname
    head, dot, rest = qualname.partition(".")
    return f"{names.imported(module, head)}{dot}{rest}"
