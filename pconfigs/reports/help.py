"""Help: what can be set in a config, as the `--help` of a command reads."""

from __future__ import annotations

from pconfigs.annotations.kinds import is_a, kind_of
from pconfigs.markers import Marker, Pinned, Secret
from pconfigs.provenance.field_docs import class_doc, field_docs
from pconfigs.provenance.origins import HIDDEN
from pconfigs.reports.summaries import short, words
from pconfigs.reports.tables import row_lines
from pconfigs.schema.build_record import reads_of
from pconfigs.schema.class_schema import held_value, is_config, is_config_class, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.tree.paths import ROOT, Path
from pconfigs.validation.base import ClassValidator, UnionValidator, Validator
from pconfigs.validation.constraints import ConstrainedValidator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pconfigs.schema.fields import Field

WIDTH = 88
VALUE_WIDTH = 34
SET, COMPUTED = "set", "computed"


class _Nothing:
    """Stands for a value that is not known."""


NOTHING: Any = _Nothing()


class Entry:
    """One field.

    Attributes:
        path: Where it sits.
        field: The field.
        value: What it holds; `NOTHING` where that is not known.
        default: What it holds by default; `NOTHING` where it has none.
        kind: "set" or "computed".
        reads: Paths of what its property read.
        doc: What the source says about it.
    """

    def __init__(self, path: Path, field: Field, value: Any, default: Any, doc: str) -> None:
        self.path, self.field, self.doc = path, field, doc
        secret = Secret in field.markers
        self.value = HIDDEN if secret and value is not NOTHING else value
        self.default = HIDDEN if secret and default is not NOTHING else default
        # A part may be told what its property leaves to it; a single value is computed whole.
        computed = field.property is not None and field.validator.never_holds_configs
        self.kind = COMPUTED if field.pinned or computed else SET
        self.reads: list[str] = []

    @property
    def type_words(self) -> str:
        """Type and constraint: `float > 0`."""
        return self.field.validator.description

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "path": str(self.path),
            "type": self.type_words,
            "value": None if self.value is NOTHING else words(self.value),
            "default": None if self.default is NOTHING else words(self.default),
            "set": self.kind == SET,
            "computed": self.field.property is not None,
            "reads": self.reads,
            "doc": self.doc,
            "declared": f"{self.field.owner.__module__}.{self.field.owner.__qualname__}",
        }


def entries(subject: Any, depth: int | None = None) -> list[Entry]:
    """The fields of a config or config class, with those of the configs in it.

    Args:
        subject: The config or class.
        depth: How many levels of configs are entered; all if None.
    """
    return list(_entries(subject, ROOT, 1, depth, ()))


def _entries(
    subject: Any, path: Path, level: int, depth: int | None, around: tuple[type, ...]
) -> Iterator[Entry]:
    cls = subject if isinstance(subject, type) else type(subject)
    default = schema_of(cls).default
    config = default if isinstance(subject, type) else subject
    docs = field_docs(cls)
    for name, field in schema_of(cls).fields.items():
        value = NOTHING if config is None else held_value(config, name)
        own = NOTHING if default is None else held_value(default, name)
        at = Path(path, name)
        entry = Entry(at, field, value, own, docs.get(name, ""))
        if config is not None:
            entry.reads = [str(Path(path, read)) for read in reads_of(config).get(name, ())]
        yield entry
        if (depth is None or level < depth) and Secret not in field.markers:
            for inner, inside in _parts(at, value, field.validator):
                kind = inside if isinstance(inside, type) else type(inside)
                # A class without a value that is within itself would never end.
                if not isinstance(inside, type) or kind not in (*around, cls):
                    yield from _entries(inside, inner, level + 1, depth, (*around, cls))


def _parts(path: Path, value: Any, check: Validator) -> Iterator[tuple[Path, Any]]:
    """Configs to enter at a field: its value, one item of each class, or else its type."""
    if is_config(value):
        yield path, value
    elif is_a(value, (list, tuple, dict)):
        pairs = value.items() if is_a(value, dict) else enumerate(value)
        seen: set[type] = set()
        for key, item in pairs:
            if is_config(item) and kind_of(item) not in seen:
                seen.add(kind_of(item))
                yield path.item(key), item
    elif value is NOTHING or isinstance(value, Marker):
        members = check.members if isinstance(check, UnionValidator) else (check,)
        for member in members:
            member = member.inner if isinstance(member, ConstrainedValidator) else member
            if isinstance(member, ClassValidator) and is_config_class(member.cls):
                yield path, member.cls
                return


def help_lines(subject: Any, called: str, depth: int | None = None) -> list[str]:
    """The help of a config or config class, which goes by `called` on the command line."""
    cls = subject if isinstance(subject, type) else type(subject)
    schema = schema_of(cls)
    lines: list[str] = []
    if not isinstance(subject, type):
        lines += [f"usage: {_usage(schema.constructs)} {called} [name=value ...]", ""]
    made = f", constructs {schema.constructs.__name__}" if schema.constructs is not None else ""
    lines.append(f"{cls.__qualname__} ({cls.__module__}){made}")
    lines += [f"  {line}".rstrip() for line in wrapped(class_doc(cls), WIDTH - 2)]
    found = entries(subject, depth)
    for kind, title in ((SET, "set by name=value:"), (COMPUTED, "computed, never set:")):
        chosen = [entry for entry in found if entry.kind == kind]
        if chosen:
            lines += ["", title, *_table(chosen, isinstance(subject, type))]
    return lines


def _usage(constructs: type | None) -> str:
    configured = getattr(constructs, "__pconfigured__", None)
    command = "run" if getattr(configured, "runnable", False) else "print"
    return f"python -m pconfigs.{command}"


def _table(found: list[Entry], of_class: bool) -> list[str]:
    rows = [(f"  {entry.path}", entry.type_words, _value(entry, of_class)) for entry in found]
    lines: list[str] = []
    for row, entry in zip(row_lines(rows, 200), found, strict=True):
        lines += row
        said = entry.doc
        if entry.field.property is not None and entry.reads:
            said = f"{said}\n" if said else ""
            how = "From" if entry.kind == COMPUTED else "Completed from"
            said += f"{how} {', '.join(entry.reads)}."
        lines += [f"      {line}".rstrip() for line in wrapped(said, WIDTH - 6)]
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


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most `width`; what is indented stays as it is."""
    lines: list[str] = []
    gathered: list[str] = []

    def settle() -> None:
        line = ""
        for word in " ".join(gathered).split():
            if line and len(line) + 1 + len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        if line:
            lines.append(line)
        gathered.clear()

    for line in text.splitlines():
        if not line or line[0] in " -*>|`":
            settle()
            lines.append(line)
        else:
            gathered.append(line)
            if line.endswith((".", ":")):
                settle()
    settle()
    return lines
