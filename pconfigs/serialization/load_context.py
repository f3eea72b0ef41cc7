"""One reading of plain data: where it is, what is wrong, and the configs that were made."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pconfigs.annotations.kinds import Sentinel
from pconfigs.errors.base import Problem
from pconfigs.errors.build import BuildError, CheckError, MissingFields, WrongType
from pconfigs.errors.formatting import given_words, shorten
from pconfigs.errors.serialization import (
    Drift,
)
from pconfigs.markers import Omitted, Pinned, Required, Secret
from pconfigs.provenance.data_files import DataFile, DataLocation
from pconfigs.provenance.locations import Location
from pconfigs.schema.build_record import KEPT, RECORD, keep_values
from pconfigs.serialization.allowlist import ImportAllowlist, NotPermittedError, is_called
from pconfigs.serialization.conversion.compiled_reader import compiled_reader
from pconfigs.serialization.conversion.config_converter import config_converter
from pconfigs.serialization.conversion.converters import Converter, converter_of
from pconfigs.serialization.conversion.plain_readers import class_named, read_key, tagged_value
from pconfigs.serialization.conversion.tags import DEEPEST, INVALID, PIN, SAME, TYPE, UNREAD
from pconfigs.serialization.conversion.text_values import read_text
from pconfigs.serialization.conversion.union_choice import choose, chosen_by_literal
from pconfigs.serialization.drift import drifts_of
from pconfigs.serialization.dump import Dump, path_text
from pconfigs.serialization.migration import check_given, migrate_fields
from pconfigs.tree.paths import Item, parse_path
from pconfigs.validation.base import ANY, InvalidValue

if TYPE_CHECKING:
    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.fields import Field
    from pconfigs.serialization.conversion.config_converter import ConfigConverter
    from pconfigs.serialization.conversion.plain_forms import PlainForms
    from pconfigs.validation.base import Validator

MOST_CONFIGS = 100
"""Configs that may be nested in one another."""
_OPEN: Any = Sentinel("OPEN")


class Load:
    """One reading of plain data.

    Args:
        top: All of the data.
        permitted: What may be named.
        classes: Config classes that may be where any value may be.
        ours: Whether the data was written by `pdump`, and so is complete.
        drift: What to do where code computes other values today.
        call: What counts as where the configs were made: the code and instruction, or the file,
            as one whose lines are known or not.

    Attributes:
        here: The code and instruction, where it is not a file.
        problems, drifts: What is wrong, and what has changed.
        changed_defaults: Path, kept value and today's default of fields whose default has changed.
        steps: The way to what is being read: field names, indices, `Item`s; None between.
        deepest: How many steps there may be.
        secret: The path and type of the secret field around, or None.
        compares: Whether computed values are compared with those of today.
        keeps: Whether computed values are being read, to be kept as they were saved.
        warns: Whether changed defaults are noted.
    """

    deepest = DEEPEST

    def __init__(
        self,
        top: Any,
        permitted: ImportAllowlist,
        classes: tuple[type, ...],
        ours: bool,
        drift: str,
        call: tuple[Any, int] | str | DataFile,
    ) -> None:
        self.top, self.permitted, self.classes = top, permitted, classes
        self.ours, self.drift, self.call = ours, drift, call
        self.here = call if isinstance(call, tuple) else None
        self.problems: list[Problem] = []
        self.drifts: list[Drift] = []
        self.changed_defaults: list[tuple[str, Any, Any]] = []
        self.steps: list[Any] = []
        self.secret: tuple[str, str] | None = None
        self.compares = drift != "accept"
        self.keeps = False
        self.warns = True
        self._built: dict[tuple[int, type, bool], tuple[Any, Any]] = {}
        self._depth = 0
        self._compared: set[tuple[int, int]] = set()
        self._migrated: dict[tuple[int, int], Any] = {}

    def read(self, validator: Validator) -> Any:
        """Return the value of all of the data, or INVALID."""
        try:
            return converter_of(validator).load(self.top, self)
        except RecursionError:
            self.steps.clear()
            return self.note("it is nested too deeply")

    # Problems.

    @property
    def path(self) -> str:
        """The path of what is being read."""
        return path_text(self.steps)

    def note(self, words: str, hint: str = "") -> Any:
        """Note a problem of what is being read; return INVALID."""
        return self.note_at(self.path, words, hint)

    def note_at(self, path: str, words: str, hint: str = "") -> Any:
        """Note a problem at a path; inside of a secret field, without what was given."""
        if self.secret is not None:
            path, description = self.secret
            hint = ""
            words = f"must be {description} (the value given is secret and not shown)"
        problem = Problem(path, words, hint)
        if self.secret is None or str(problem) not in map(str, self.problems):
            self.problems.append(problem)
        return INVALID

    def note_below(self, name: Any, words: str, hint: str = "") -> Any:
        """Note a problem of a field of what is being read."""
        return self.note_at(path_text([*self.steps, name]), words, hint)

    def note_default(self, name: str, kept: Any, today: Any) -> None:
        """Note a field that keeps what was its default once."""
        if self.secret is None:
            self.changed_defaults.append((path_text([*self.steps, name]), kept, today))

    def tried(self, function: Callable[..., Any], *args: Any) -> Any:
        """Return what a function returns, or INVALID, with the reason noted."""
        try:
            return function(*args)
        except NotPermittedError as error:
            return self.note(error.problem, error.advice)
        except ValueError as error:
            return self.note(f"{shorten(args[0], 40)} does not fit: {error}")

    @contextmanager
    def inside(self, field: Field, path: str = "") -> Generator[None]:
        """Hide what is given for a field, if it is secret."""
        before = self.secret
        if Secret in field.markers:
            self.enter_secret(field, path)
        try:
            yield
        finally:
            self.secret = before

    def enter_secret(self, field: Field, path: str = "") -> None:
        """Hide what is given for a secret field, until `secret` is set back."""
        if self.secret is None:
            self.secret = path or self.path, field.validator.description

    def check(self, field: Field, value: Any) -> None:
        """Note a value that does not fit its field."""
        if value is Required or value is Omitted or value is Pinned:
            return
        try:
            field.validator.validate(value)
        except InvalidValue as invalid:
            path = path_text([*self.steps, field.name])
            with self.inside(field, path):
                self._note_invalid(f"{path}{invalid.path}", invalid)

    def _note_invalid(self, path: str, invalid: InvalidValue) -> None:
        self.note_misfit(path, invalid.expected, invalid.value, invalid.advice)

    def note_misfit(self, path: str, expected: str, value: Any, advice: str) -> None:
        """Note a value that is not what it must be; None is null in a file."""
        got = "null" if value is None and self.here is None else given_words(value)
        self.note_at(path, f"must be {expected}, but got {got}", advice)

    def quietly(self, function: Callable[..., Any], node: Any) -> Any:
        """Return what a function of plain data returns, or INVALID, with nothing noted."""
        before = len(self.problems), len(self.steps), self.compares, self.warns
        self.compares = self.warns = False
        value = function(node, self)
        count, depth, self.compares, self.warns = before
        del self.steps[depth:]
        if len(self.problems) > count:
            del self.problems[count:]
            return INVALID
        return value

    def comparison(self) -> Dump:
        """Return what writes values of today, to be compared with saved ones."""
        return Dump(computed=True)

    # What converters do not decide alone.

    def text(self, text: str, forms: PlainForms) -> Any:
        """Return the value of a string, or INVALID, with the reason noted."""
        return self.tried(read_text, text, forms, self.permitted)

    def key(self, text: Any, forms: PlainForms) -> Any:
        """Return the key of a mapping, or INVALID, with the reason noted."""
        return read_key(text, forms, self)

    def tagged(self, tag: str, text: Any) -> Any:
        """Return the value of a tag that holds one string, or INVALID, with the reason noted."""
        return self.tried(tagged_value, tag, text, self)

    def chosen(self, node: dict[Any, Any], classes: Sequence[type]) -> Any:
        """Return which of several classes a mapping is of, or INVALID, with the reason noted."""
        return self.tried(choose, node, classes)

    def class_named(self, name: Any, forms: PlainForms) -> Any:
        """Return the class that a mapping names, or INVALID, with the reason noted."""
        return self.tried(class_named, name, forms, self)

    def compiled(self, converter: ConfigConverter) -> Callable[..., Any] | None:
        """Return straight code that reads the configs of one class; see `compiled_reader`."""
        return compiled_reader(converter)

    # Configs.

    def part(self, cls: type, node: dict[Any, Any]) -> Any:
        """Return the config of a mapping as `pdump` writes it, without its class, or UNREAD."""
        read = config_converter(cls).read
        if read is None or TYPE in node or len(self.steps) >= self.deepest:
            return UNREAD
        key = (id(node), cls, self.keeps)
        if key in self._built or self._depth >= MOST_CONFIGS:
            return UNREAD
        return self._read(key, read, node)

    def _read(self, key: Any, read: Callable[..., Any], node: dict[Any, Any]) -> Any:
        # The node is kept with it, so that no other gets its id.
        self._built[key] = _OPEN, node
        self._depth += 1
        config = read(node, self)
        self._depth -= 1
        if config is UNREAD:
            del self._built[key]
        else:
            self._built[key] = config, node
        return config

    def config(self, cls: type, node: dict[Any, Any]) -> Any:
        """Return the config of a mapping, or INVALID, with the reasons noted."""
        if TYPE not in node and not config_converter(cls).known.issuperset(node):
            cls = chosen_by_literal(node, cls)
        key = (id(node), cls, self.keeps)
        known = self._built.get(key)
        if known is not None:
            if known[0] is _OPEN:
                return self.note("it contains itself")
            return known[0]
        if self._depth >= MOST_CONFIGS:
            return self.note(f"configs must nest at most {MOST_CONFIGS} deep")
        converter = config_converter(cls)
        config = UNREAD if converter.read is None else self._read(key, converter.read, node)
        return config if config is not UNREAD else self._read(key, converter.load, node)

    def migrated(self, schema: Schema, node: dict[Any, Any]) -> Any:
        """Return plain data of inputs and of computed values, by the names of today."""
        key = (id(node), id(schema))
        known = self._migrated.get(key)
        if known is None:
            known = self._migrated[key] = (*migrate_fields(schema, node, self), node)
        return known[:2]

    def is_given(self, schema: Schema, node: Any) -> bool:
        """Return whether plain data lists fields of a class; note what is wrong."""
        return check_given(schema, node, self)

    def same_config(self, text: Any, converter: Converter) -> Any:
        """Return the config at another path of the data."""
        node = self._target(text)
        if node is None:
            return self.note(f"there is no config with a {TYPE} at {shorten(text)}")
        cls = self.class_named(node[TYPE], converter_of(ANY).forms)
        return cls if cls is INVALID else self.config(cls, node)

    def _target(self, text: Any) -> Any:
        """Return the mapping of a config at a path of the data, or None."""
        node: Any = self.top
        try:
            for step in parse_path(text).steps if isinstance(text, str) else [Item(None)]:
                node = node[step.key if isinstance(step, Item) else step]
        except (LookupError, TypeError):
            return None
        return node if isinstance(node, dict) and TYPE in node else None

    def build(self, converter: ConfigConverter, inputs: dict[str, Any]) -> Any:
        """Return the config of these inputs, or INVALID, with the reasons noted."""
        try:
            config = converter.cls(**inputs)
        except Exception as error:
            return self.not_built(error, converter)
        object.__setattr__(
            config, RECORD, (*(self.here or self.where()), *getattr(config, RECORD)[2:])
        )
        return config

    def not_built(self, error: Exception, converter: ConfigConverter) -> Any:
        """Note why a config could not be built; raise what is not about its inputs."""
        if isinstance(error, BuildError):
            return self._note_build(error, converter)
        if isinstance(error, CheckError):
            return self.note(str(CheckError(error.config_class, None, error.failures)))
        if self.steps:
            error.add_note(f"while loading {self.path}")
        raise error

    def where(self) -> tuple[Any, int]:
        """Return the place in the file that counts as where the config being read was made."""
        if isinstance(self.call, str):
            return Location(self.call, 0, function="<file>"), 0
        assert isinstance(self.call, DataFile)
        return DataLocation(self.call, tuple(self.steps)), 0

    def _note_build(self, error: BuildError, converter: ConfigConverter) -> Any:
        """Note the problems of a construction."""
        if error.config_class is not converter.cls:
            return self.note(str(error))
        fields = converter.schema.fields
        for problem in error.problems:
            if isinstance(problem, WrongType):
                name = problem.path.partition(".")[0].partition("[")[0]
                path = path_text([*self.steps, name])
                with self.inside(fields[name], path) if name in fields else _nothing():
                    at = f"{path}{problem.path[len(name) :]}"
                    self.note_misfit(at, problem.expected, problem.value, problem.advice)
            elif isinstance(problem, MissingFields):
                for name, words in problem.fields:
                    self.note_below(name, f"is missing ({words})")
            else:
                self.note(problem.words(error.config_class.__qualname__, None))
        return INVALID

    # Computed values.

    def is_same_config(self, node: dict[Any, Any], config: Any, converter: Converter) -> bool:
        """Return whether a mapping is that of a config which code computes today."""
        cls = type(config)
        if converter.forms.mapping is cls and TYPE not in node:
            if config_converter(cls).has_same_values(node, config):
                return True
        if len(node) == 1 and SAME in node:
            node = self._target(node[SAME])
            if node is None:
                return False
        if TYPE in node:
            if not is_called(cls, node[TYPE]):
                return False
        elif converter.forms.mapping is not cls:
            if not converter.forms.configs or _chosen(node, converter) is not cls:
                return False
        key = (id(node), id(config))
        if key in self._compared:
            return True
        is_same = config_converter(cls).same(node, config, self)
        if is_same:
            self._compared.add(key)
        return is_same

    def changed(self, config: Any, field: Field, node: Any, converter: Converter) -> None:
        """Note, or keep, a computed value that is another one today."""
        if self.keeps or self.drift == "as-saved":
            self._keep(config, field, node, converter)
        elif self.secret is not None:
            self.drifts += drifts_of(config, field, node, converter, self, self.secret[0])
        else:
            self.drifts += drifts_of(config, field, node, converter, self, self.path)

    def _keep(self, config: Any, field: Field, node: Any, converter: Converter) -> None:
        """Let a config hold the value that was saved."""
        if isinstance(node, dict) and len(node) == 1 and PIN in node:
            node = node[PIN]
        keeps, self.keeps = self.keeps, True
        value = converter.load(node, self)
        self.keeps = keeps
        if value is INVALID:
            return
        try:
            held = field.validator.validate(value) if value is not Pinned else value
        except InvalidValue as invalid:
            self._note_invalid(f"{self.path}{invalid.path}", invalid)
            return
        object.__setattr__(config, field.name, held)
        keep_values(config, getattr(config, KEPT, frozenset()) | {field.name})


def _chosen(node: Any, converter: Converter) -> Any:
    try:
        return choose(node, converter.forms.configs)
    except NotPermittedError:
        return None


@contextmanager
def _nothing() -> Generator[None]:
    yield


def not_a_mapping(data: Any) -> str:
    """Return what is wrong with data that should be those of a config."""
    if data is None or data == "":
        return "must be a mapping of fields, but is empty"
    kind = "a string" if isinstance(data, str) else type(data).__name__
    return f"must be a mapping of fields, got {kind}"
