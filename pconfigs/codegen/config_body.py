"""The body of a printed config: which entries, in which order, and with which comments."""

from __future__ import annotations

from _operator import attrgetter

from pconfigs.annotations.kinds import SCRIPTS
from pconfigs.codegen.expressions import class_text, to_node
from pconfigs.codegen.imports import is_name
from pconfigs.codegen.literals import SCALAR_TYPES, quick_codes
from pconfigs.codegen.nodes import Hidden, Imported, Notation, Text, Unprintable, call
from pconfigs.codegen.width import INDENT
from pconfigs.imports.holding_modules import names_of
from pconfigs.markers import Block, Secret
from pconfigs.provenance.origins import HIDDEN
from pconfigs.schema.build_record import CODE, KEPT, OPEN, record_of
from pconfigs.schema.class_schema import is_config, schema_of, value_or_input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from pconfigs.codegen.imports import ImportNames
    from pconfigs.codegen.nodes import Node

COMMA = ","
BY_NAME = "__pconfig_by_name__"
"""Names of the fields of a class whose values print by their import names, where they have one."""
CLASS_VAR = ",  # ClassVar (omit from config)"
PINNED = ",  # Pinned (omit from config)"
AS_SAVED = ",  # Pinned, as saved (omit from config)"


class Environment(Notation):
    """The environment class of a config, with the texts of its variables."""

    __slots__ = ("cls",)

    def __init__(self, cls: type) -> None:
        self.cls = cls

    def node(self, names: ImportNames) -> Node:
        cls: Any = self.cls
        found: list[tuple[str, Any]] = cls.__penv_entries__()
        texts = {name: Hidden() if text is HIDDEN else text for name, text in found}
        group = call(class_text(cls, names), **texts)
        group.kind = "config"
        return group


class Entries:
    """The printed entries of one config class.

    Args:
        cls: The class.
        class_vars: Whether its class variables are entries, too.
        by_name: Whether the parts that it refers to by name are printed by their import names.

    Attributes:
        names: Of fields and class variables, in print order.
        before: The text before each value: `"steps="`.
        after: The text after it: a comma, and a comment if there is one.
    """

    def __init__(self, cls: type, class_vars: bool = True, by_name: bool = False) -> None:
        schema = schema_of(cls)
        fields = schema.fields
        self.names: list[str] = []
        self.before: list[str] = []
        self.after: list[str] = []
        self._fixed: dict[int, Any] = {}
        self._blocks: list[int] = []
        for name in schema.entries if class_vars else fields:
            after = CLASS_VAR
            if name in fields:
                after = PINNED if fields[name].pinned else COMMA
                if class_vars and Block in fields[name].markers:
                    self._blocks.append(len(self.names))
                if Secret in fields[name].markers:
                    self._fixed[len(self.names)] = Hidden()
            elif name == "environment" and hasattr(schema.environment, "__penv_entries__"):
                self._fixed[len(self.names)] = Environment(schema.environment)  # type: ignore[arg-type]
            elif not hasattr(cls, name):
                # A class variable that is announced but has no value.
                continue
            self.names.append(name)
            self.before.append(f"{name}=")
            self.after.append(after)
        named = getattr(cls, BY_NAME, ()) if by_name else ()
        self._named = [index for index, name in enumerate(self.names) if name in named]
        self._read = attrgetter(*self.names) if self.names else None
        self._taking = [fields.get(name) for name in self.names] if schema.taking else []
        self._cls = cls
        self._may_be_scalars = bool(self.names) and not self._fixed and not self._blocks
        # The code of a config of scalars, with gaps for its values.
        self._template = ""
        self._read_gaps: attrgetter[Any] | None = None
        self._has_one_gap = False

    def values(self, config: Any) -> Sequence[Any]:
        """Return the values of a config, one for each entry."""
        if self._read is None:
            return ()
        try:
            found: Sequence[Any] = self._read(config)
        except AttributeError:
            found = [getattr(config, name, Unprintable("<not set yet>")) for name in self.names]
        else:
            found = (found,) if len(self.names) == 1 else found
            if self._taking and record_of(config)[OPEN]:
                # Open values print as what was given for them.
                found = [
                    value if field is None else value_or_input(config, field)
                    for field, value in zip(self._taking, found, strict=True)
                ]
        if self._blocks:
            found = [
                Text(value) if index in self._blocks and type(value) is str else value
                for index, value in enumerate(found)
            ]
        if self._named:
            found = [
                _by_name(value) if index in self._named else value
                for index, value in enumerate(found)
            ]
        if not self._fixed:
            return found
        return [self._fixed.get(index, value) for index, value in enumerate(found)]

    def of(self, config: Any) -> Iterator[tuple[str, Any, str]]:
        """Return the text before each value, the value, and the text after it."""
        after = self.after
        if hasattr(config, KEPT):
            kept = getattr(config, KEPT)
            after = [AS_SAVED if n in kept else a for n, a in zip(self.names, after, strict=True)]
        return zip(self.before, self.values(config), after, strict=True)

    def scalars(self, config: Any, names: ImportNames, opening: str) -> str | None:
        """Return the code of a config where every value is a scalar, made at once; else None."""
        if not self._may_be_scalars or hasattr(config, KEPT):
            return None
        if not self._template:
            self._make_template(names, opening)
        try:
            values = () if self._read_gaps is None else self._read_gaps(config)
            if self._has_one_gap:
                values = (values,)
            if not SCALAR_TYPES.issuperset(map(type, values)):
                return None
            return quick_codes(self._template % values)
        except (AttributeError, ValueError):
            return None

    def _make_template(self, names: ImportNames, opening: str) -> None:
        lines = [opening]
        read: list[str] = []
        for name, before, after in zip(self.names, self.before, self.after, strict=True):
            # Class variables are mostly classes, and the same for every config of the class.
            constant = to_node(getattr(self._cls, name), names) if after is CLASS_VAR else None
            if type(constant) is str:
                lines.append(f"{INDENT}{before}{constant}{after}".replace("%", "%%"))
            else:
                lines.append(f"{INDENT}{before}%r{after}")
                read.append(name)
        self._template = "\n".join([*lines, ")"])
        self._read_gaps = attrgetter(*read) if read else None
        self._has_one_gap = len(read) == 1


def _by_name(value: Any) -> Any:
    """Return the import name of a config; the value itself where it has none."""
    if not is_config(value):
        return value
    found_names = names_of(value, record_of(value)[CODE])
    names = ((module, name) for module, name, _ in found_names if is_name(name))
    found = next((pair for pair in names if pair[0] not in SCRIPTS), None)
    return value if found is None else Imported(*found)
