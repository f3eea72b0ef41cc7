"""Assembly: configs made of what was read, and compared with what code had computed of it then."""

from __future__ import annotations

from pconfigs.annotations.kinds import blank, is_a
from pconfigs.build.construction import build
from pconfigs.build.property_notes import add_note
from pconfigs.errors.build import BuildError, CheckError, MissingFields, WrongType
from pconfigs.errors.formatting import class_name, given_words
from pconfigs.errors.serialization import Drift, LoadProblem
from pconfigs.markers import Omitted, Pin, Pinned, Required, Secret
from pconfigs.provenance.locations import Location
from pconfigs.provenance.origins import function_place
from pconfigs.reports.summaries import contrast
from pconfigs.schema.build_record import keep_values
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.schema.format_history import history_of
from pconfigs.schema.inheritance import ABSENT, fallback_of, inherited_input
from pconfigs.serialization.dump import GIVEN, Writer
from pconfigs.serialization.migration import migrate_fields
from pconfigs.validation.factory import InvalidValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.fields import Field
    from pconfigs.tree.paths import Path


HIDDEN = "Secret(...)"


class DecodedConfig:
    """What was read for one config.

    Attributes:
        nodes: Plain data of its fields, by the names of today.
        values: Inputs.
        pins: Values for pinned fields that were given as such.
        computed: Plain data of values that code had computed; saved: these values.
        unreadable: Those of the data that name what may not be imported, or make no sense.
        not_default: Fields that were not at their default, or None where that is not known.
        line: Where the config begins in its file.
    """

    def __init__(self, cls: type, schema: Schema) -> None:
        self.cls, self.schema = cls, schema
        self.nodes: dict[str, Any] = {}
        self.values: dict[str, Any] = {}
        self.pins: dict[str, Any] = {}
        self.computed: dict[str, Any] = {}
        self.saved: dict[str, Any] = {}
        self.unreadable: dict[str, Any] = {}
        self.not_default: set[str] | None = None
        self.line = 1

    def secret(self, name: str) -> None:
        """The value of a secret field was not saved: it has to be given again."""
        field = self.schema.fields[name]
        if inherited_input(field, fallback_of(self.schema))[0] is ABSENT:
            self.values[name] = Required


class Instantiator:
    """Makes the configs of one loading.

    Args:
        classes: Config classes that may stand where any value may.
        ours: Whether the data was written by `pdump`, and so is complete.
        drift: What to do about values that are computed otherwise today.
        call: The code and instruction, or the file, that count as where the configs were made.

    Attributes:
        problems, drifts: What is wrong, and what has changed.
        changed: Fields whose default has changed: path, the value kept, the default of today.
    """

    def __init__(
        self, classes: tuple[type, ...], ours: bool, drift: str, call: tuple[Any, int] | str
    ) -> None:
        self.classes, self.ours, self.drift, self.call = classes, ours, drift, call
        self.problems: list[LoadProblem] = []
        # The secret field that is being read, which hides all that is in it, and its type.
        self.secret: tuple[Path, str] | None = None
        self.drifts: list[Drift] = []
        self.changed: list[tuple[str, Any, Any]] = []

    def note(self, path: Path | str, words: str, advice: str = "") -> None:
        """Note a problem; inside of a secret field, without what was given."""
        if self.secret is not None:
            field, description = self.secret
            path, advice = field, ""
            words = f"must be {description} (the value given is secret and not shown)"
        problem = LoadProblem(str(path), words, advice)
        if self.secret is None or str(problem) not in map(str, self.problems):
            self.problems.append(problem)

    def begin(self, cls: type, node: dict[Any, Any], path: Path) -> DecodedConfig:
        """What a mapping has for a config of `cls`, by the names of today."""
        given = DecodedConfig(cls, schema_of(cls))
        given.line = getattr(node, "line", 1)
        given.nodes, given.computed = migrate_fields(given.schema, node, path, self)
        if GIVEN in node and is_a(node[GIVEN], list):
            history = history_of(given.schema)
            given.not_default = {
                history.name_today(name) for name in node[GIVEN] if isinstance(name, str)
            }
        return given

    def accept(self, given: DecodedConfig, name: str, value: Any, path: Path) -> None:
        """Take an input, if it fits its field."""
        field = given.schema.fields[name]
        if value is Required or (value is Omitted and Omitted in field.markers):
            given.values[name] = value
            return
        if value is Pinned and field.derived:
            given.values[name] = value
            return
        try:
            held = (
                value if type(value) in field.validator.types else field.validator.validate(value)
            )
        except InvalidValue as mismatch:
            words = f"must be {mismatch.expected}, but got {given_words(mismatch.value)}"
            with self.inside(field, path):
                self.note(f"{path}{mismatch.path}", words, mismatch.advice)
            return
        given.values[name] = held
        if field.derived and self.ours and name not in given.computed:
            given.saved[name] = held

    def note_missing(self, given: DecodedConfig, path: Path) -> None:
        """Note fields that nobody gives, where the config cannot be made anyway."""
        self._supply_added(given)
        defaults = fallback_of(given.schema)
        for name, field in given.schema.fields.items():
            absent = name not in given.nodes and name not in given.values
            if absent and not (field.pinned and field.derived):
                if inherited_input(field, defaults)[0] is ABSENT:
                    self._note_absent(path, name, field.validator.description)

    def _note_absent(self, path: Path, name: str, words: str) -> None:
        self.note(path.field(name), f"is missing ({words})")

    def _supply_added(self, given: DecodedConfig) -> None:
        """Give fields that came after the file was written what says that they were not there."""
        if self.ours:
            for name, value in history_of(given.schema).added.items():
                if name not in given.nodes and value is not Pinned:
                    given.values.setdefault(name, value)

    def finish(self, given: DecodedConfig, path: Path, made: bool) -> Any:
        """The config, or None with the reasons among the problems.

        Args:
            given: What was read.
            path: Where it is.
            made: Whether it is inside a value that code had computed; then it stays as it was.
        """
        self._supply_added(given)
        self._note_defaults(given, path, made)
        inputs = {**given.values, **{name: Pin(value) for name, value in given.pins.items()}}
        config = blank(given.cls)
        try:
            build(given.schema, config, (), inputs, *self._where(given))
        except BuildError as error:
            self._tell(error, path)
            return None
        except CheckError as error:
            said = CheckError(error.config_class, None, error.failures)
            self.note(path, str(said))
            return None
        except Exception as error:
            if path:
                add_note(error, f"while loading {path}")
            raise
        self._compare(given, config, path, made)
        return config

    def inside(self, field: Field, path: Path) -> _Inside:
        """Return a context in which problems and drifts are those of a field's value."""
        return _Inside(self, field, path)

    def _note_drifts(self, config: Any, name: str, before: Any, now: Any, path: Path) -> None:
        found = drifts_of(config, name, before, now, path.field(name))
        if self.secret is not None:
            shown = f"{HIDDEN} -> {HIDDEN}"
            found = [Drift(str(self.secret[0]), HIDDEN, HIDDEN, shown, found[0].cause)]
        self.drifts += found

    def _where(self, given: DecodedConfig) -> tuple[Any, int]:
        if isinstance(self.call, str):
            return Location(self.call, given.line, function="<file>"), 0
        return self.call

    def _tell(self, error: BuildError, path: Path) -> None:
        """Note the problems of a construction."""
        for problem in error.problems:
            if isinstance(problem, WrongType):
                words = f"must be {problem.expected}, but got {given_words(problem.value)}"
                at = f"{path}.{problem.path}" if path else problem.path
                self.note(at, words, problem.advice)
            elif isinstance(problem, MissingFields):
                for name, words in problem.fields:
                    self._note_absent(path, name, words)
            else:
                said = problem.words(error.config_class.__qualname__, None)
                self.note(path, said)

    def _note_defaults(self, given: DecodedConfig, path: Path, made: bool) -> None:
        """Note fields that were left at their default, which is another one today."""
        if given.not_default is None or made:
            return
        defaults = fallback_of(given.schema)
        for name, value in given.values.items():
            field = given.schema.fields[name]
            if name in given.not_default or name not in given.nodes or Secret in field.markers:
                continue
            today = inherited_input(field, defaults)[0]
            if today is not ABSENT and not same_value(today, value):
                if not (self.secret or (is_config(value) and _keeps_up(value, today))):
                    self.changed.append((str(path.field(name)), value, today))

    def _compare(self, given: DecodedConfig, config: Any, path: Path, made: bool) -> None:
        """Compare what code computes with what it had computed."""
        kept: set[str] = set()
        for name, before in given.saved.items():
            now = getattr(config, name)
            if now is before or same_value(now, before):
                continue
            if made or self.drift == "as-saved":
                object.__setattr__(config, name, before)
                kept.add(name)
            elif self.drift == "refuse":
                self._note_drifts(config, name, before, now, path)
        for name, node in given.unreadable.items():
            now = getattr(config, name)
            if Writer(now).run(given.schema.fields[name].validator, made=True) != node and not made:
                if self.drift != "accept":
                    self._note_drifts(config, name, node, now, path)
        if kept:
            keep_values(config, frozenset(kept))


class _Inside:
    """The time in which the value of one field is read."""

    def __init__(self, instantiator: Instantiator, field: Field, path: Path) -> None:
        self._instantiator, self._before = instantiator, instantiator.secret
        if self._before is None and Secret in field.markers:
            instantiator.secret = path, field.validator.description

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self._instantiator.secret = self._before


def _keeps_up(value: Any, today: Any) -> bool:
    """Whether a part that was at its default tells itself what has changed in it."""
    return type(value) is type(today) and bool(fallback_of(schema_of(value)))


def drifts_of(config: Any, name: str, before: Any, now: Any, path: Path) -> list[Drift]:
    """How a computed value differs from the saved one; in a config, value by value."""
    field = schema_of(config).fields[name]
    if Secret in field.markers:
        return [Drift(str(path), HIDDEN, HIDDEN, f"{HIDDEN} -> {HIDDEN}", cause_of(config, name))]
    if is_config(before) and is_config(now) and type(before) is type(now):
        found: list[Drift] = []
        for inner in schema_of(now).fields:
            old, new = getattr(before, inner), getattr(now, inner)
            if not (old is new or same_value(old, new)):
                computed = schema_of(now).fields[inner].derived and not is_config(old)
                secret = Secret in schema_of(now).fields[inner].markers
                owner, name_there = (now, inner) if computed or secret else (config, name)
                found += drifts_of(owner, name_there, old, new, path.field(inner))
        return found
    one, other = contrast(before, now)
    return [Drift(str(path), before, now, f"{one} -> {other}", cause_of(config, name))]


def cause_of(config: Any, name: str) -> str:
    """What gives the value of a pinned or computed field, and where that stands."""
    schema = schema_of(config)
    field = schema.fields[name]
    if field.property is None:
        return f"the pin in the default of {schema.cls.__qualname__}"
    place = function_place(field.property.function)
    owner = class_name(field.property.owner or schema.cls)
    return f"{owner}.{name}, {place}" if place is not None else f"{owner}.{name}"
