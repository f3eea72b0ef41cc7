"""Help: what can be set in a config, as the `--help` of a command reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from pconfigs.annotations.kinds import Sentinel
from pconfigs.errors.formatting import cut, some
from pconfigs.markers import Marker, Pinned, Secret
from pconfigs.provenance.field_docs import class_doc, field_docs
from pconfigs.provenance.origins import HIDDEN, input_of
from pconfigs.reports.summaries import short, words
from pconfigs.reports.tables import WIDTH, row_lines
from pconfigs.schema.class_schema import held_value, is_config, is_config_class, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.schema.fields import Field
from pconfigs.schema.properties import may_read_input
from pconfigs.tree.dependents import Dependents
from pconfigs.tree.paths import ROOT, Path, pattern_of
from pconfigs.validation.base import Validator, alternatives

TEXT_WIDTH = 88
TYPE_WIDTH, VALUE_WIDTH = 30, 34
SHOWN_READS = 6
SET, COMPUTED = "set", "computed"


NOTHING: Any = Sentinel("NOTHING")
"""A value that is not known."""


@dataclass(slots=True)
class Entry:
    """One field.

    Attributes:
        path: Where it is.
        field: The field.
        value: Its value; `NOTHING` if that is not known.
        default: Its value by default; `NOTHING` if it has none.
        kind: "set" or "computed".
        reads: Paths of what its property read.
        exact: Whether these are known; if not, it may have read less.
        doc: Its documentation in the source.
    """

    path: Path
    field: Field
    value: Any
    default: Any
    kind: str
    reads: list[Path]
    doc: str
    exact: bool = True

    @property
    def type_words(self) -> str:
        """Type and constraint: `float > 0`."""
        return self.field.validator.description

    def to_json(self) -> dict[str, Any]:
        """Return the same as plain data."""
        return {
            "path": str(self.path),
            "type": self.type_words,
            "value": None if self.value is NOTHING else words(self.value),
            "default": None if self.default is NOTHING else words(self.default),
            "set": self.kind == SET,
            "computed": self.field.property is not None,
            "reads": list(map(str, self.reads)),
            "reads_exact": self.exact,
            "doc": self.doc,
            "declared": f"{self.field.owner.__module__}.{self.field.owner.__qualname__}",
        }


def entries(subject: Any, depth: int | None = None) -> list[Entry]:
    """Return the fields of a config or config class, with those of the configs in it.

    Args:
        subject: The config or class.
        depth: How many levels of configs are entered; all if None.
    """
    return _Gathered(subject, depth).entries


class _Gathered:
    """The entries of one config or class, and the environments that are met on the way."""

    def __init__(self, subject: Any, depth: int | None) -> None:
        self.entries: list[Entry] = []
        self.environments: dict[Any, Path] = {}
        self._depth = depth
        self._dependents = Dependents(subject)
        self._add(subject, ROOT, 1, (), frozenset())

    def _add(
        self,
        subject: Any,
        path: Path,
        level: int,
        around: tuple[type, ...],
        made: frozenset[Path],
        within_computed: bool = False,
    ) -> None:
        """Add the fields of a config or class, and those of the configs in it.

        Args:
            subject: The config or class.
            path: Where it is.
            level: How many levels of configs it is in, itself included.
            around: The classes of those around it.
            made: What a property around it set in it.
            within_computed: Whether it is in a value that only code gives.
        """
        cls = subject if isinstance(subject, type) else type(subject)
        schema = schema_of(cls)
        config = schema.default if isinstance(subject, type) else subject
        if schema.environment is not None:
            self.environments.setdefault(schema.environment, path)
        docs = field_docs(cls)
        for name, field in schema.fields.items():
            at = Path(path, name)
            value = NOTHING if config is None else held_value(config, name)
            doc = docs.get(name, "")
            is_computed = within_computed or field.pinned or _ignores_input(cls, field)
            is_made = is_computed or at in made
            entry = self._entry(at, field, value, schema.default, doc, is_made)
            self.entries.append(entry)
            own = made
            if config is not None and field.property is not None:
                reads = self._dependents.reads(config, name)
                entry.reads, entry.exact = list(reads.values.paths(path)), reads.failure is None
                own = frozenset(self._dependents.written(config, at))
            if (self._depth is None or level < self._depth) and Secret not in field.markers:
                for inner, inside in _parts(at, value, field.validator):
                    kind = inside if isinstance(inside, type) else type(inside)
                    # A class without a value that is within itself would never end.
                    if not isinstance(inside, type) or kind not in (*around, cls):
                        self._add(inside, inner, level + 1, (*around, cls), own, is_computed)

    def _entry(
        self,
        path: Path,
        field: Field,
        value: Any,
        default: Any,
        doc: str,
        is_made: bool,
    ) -> Entry:
        own = NOTHING if default is None else held_value(default, field.name)
        if own is Pinned and field.property is not None and not field.pinned:
            own = input_of(default, field)  # computed once the config is complete
        if Secret in field.markers:
            value, own = (one if one is NOTHING else HIDDEN for one in (value, own))
        return Entry(path, field, value, own, COMPUTED if is_made else SET, [], doc)


def _ignores_input(cls: type, field: Field) -> bool:
    found = field.property
    return found is not None and not may_read_input(cls, found.function, field.name)


def _parts(path: Path, value: Any, validator: Validator) -> Iterator[tuple[Path, Any]]:
    """Yield configs to enter at a field: its value, one item of each class, or else its type."""
    if is_config(value):
        yield path, value
    elif isinstance(value, (list, tuple, dict)):
        seen: set[type] = set()
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            if is_config(item) and type(item) not in seen:
                seen.add(type(item))
                yield path.item(key), item
    elif value is NOTHING or isinstance(value, Marker):
        classes = [cls for member in alternatives(validator) for cls in member.instances]
        yield from [(path, cls) for cls in classes if is_config_class(cls)][:1]


def help_lines(subject: Any, called: str, depth: int | None = None) -> list[str]:
    """Return the help of a config or config class, named `called` on the command line."""
    cls = subject if isinstance(subject, type) else type(subject)
    schema = schema_of(cls)
    lines: list[str] = []
    if not isinstance(subject, type):
        lines += [f"usage: {_usage(schema.constructs)} {called} [name=value ...]", ""]
    made = f", constructs {schema.constructs.__name__}" if schema.constructs is not None else ""
    lines.append(f"{cls.__qualname__} ({cls.__module__}){made}")
    lines += _indented(wrapped(class_doc(cls), TEXT_WIDTH - 2), "  ")
    gathered = _Gathered(subject, depth)
    for kind, title in ((SET, "set by name=value:"), (COMPUTED, "computed, never set:")):
        chosen = [entry for entry in gathered.entries if entry.kind == kind]
        if chosen:
            lines += ["", title, *_table(chosen, isinstance(subject, type))]
    if gathered.environments:
        lines += ["", "read from the environment:", *_environment_lines(gathered.environments)]
    return lines


def _usage(constructs: type | None) -> str:
    configured = getattr(constructs, "__pconfigured__", None)
    command = "run" if getattr(configured, "runnable", False) else "print"
    return f"python -m pconfigs.{command}"


def _table(found: list[Entry], of_class: bool) -> list[str]:
    rows = [
        (f"  {entry.path}", cut(entry.type_words, TYPE_WIDTH), _value(entry, of_class))
        for entry in found
    ]
    lines: list[str] = []
    for row, entry in zip(row_lines(rows, WIDTH), found, strict=True):
        lines += row
        doc = entry.doc
        if len(entry.type_words) > TYPE_WIDTH:
            doc = f"Type: {entry.type_words}.\n{doc}"
        if entry.field.property is not None and entry.reads:
            how = "From" if entry.kind == COMPUTED else "Completed from"
            how = how if entry.exact else f"{how}, perhaps,"
            doc = f"{doc}\n{how} {_read_words(entry)}.".strip()
        lines += _indented(wrapped(doc, TEXT_WIDTH - 6), "      ")
    return lines


def _read_words(entry: Entry) -> str:
    """Return the paths that a property read; items of lists look alike."""
    return some(list(dict.fromkeys(map(pattern_of, entry.reads))), SHOWN_READS)


def _environment_lines(environments: dict[Any, Path]) -> list[str]:
    rows: list[tuple[str, ...]] = []
    docs: list[str] = []
    for environment, path in environments.items():
        for name, variable, kind, state, doc in environment.__penv_help__():
            at = Path(Path(path, "environment"), name)
            rows.append((f"  {at}", kind, f"{variable} {state}"))
            docs.append(doc)
    lines: list[str] = []
    for row, doc in zip(row_lines(rows, WIDTH), docs, strict=True):
        lines += [*row, *_indented(wrapped(doc, TEXT_WIDTH - 6), "      ")]
    return lines


def _value(entry: Entry, of_class: bool) -> str:
    if entry.value is NOTHING:
        return "" if entry.kind == COMPUTED else "required"
    if entry.value is Pinned:
        return "" if entry.kind == COMPUTED else "Pinned"
    shown = short(entry.value, VALUE_WIDTH)
    if of_class or entry.kind == COMPUTED or entry.default is NOTHING:
        return f"= {shown}"
    if is_config(entry.value) or same_value(entry.value, entry.default):
        return f"= {shown}"
    return f"= {shown}  (default: {short(entry.default, VALUE_WIDTH)})"


def _indented(lines: list[str], indent: str) -> list[str]:
    return [f"{indent}{line}".rstrip() for line in lines]


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most `width`; lists, tables and indented lines stay as they are.

    A line that ends a sentence ends a line.
    """
    lines: list[str] = []
    sentence = ""
    for line in [*text.splitlines(), ""]:
        kept = not line or line[0] in " -*>|`"
        sentence = sentence if kept else f"{sentence} {line}".strip()
        if sentence and (kept or line.endswith((".", ":"))):
            lines += wrap(sentence, width, break_long_words=False, break_on_hyphens=False)
            sentence = ""
        if kept:
            lines.append(line)
    return lines[:-1]
