"""One reading of plain data as configs: those that were made, and how they compare with it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from pconfigs.annotations.kinds import Sentinel
from pconfigs.errors.build import BuildError, CheckError, MissingFields, WrongType
from pconfigs.errors.formatting import shorten
from pconfigs.markers import Pinned
from pconfigs.provenance.data_files import DataFile, DataLocation
from pconfigs.provenance.locations import Location
from pconfigs.schema.build_record import KEPT, RECORD, keep_values
from pconfigs.schema.class_schema import Schema
from pconfigs.schema.fields import Field
from pconfigs.serialization.allowlist import NotPermittedError, is_called
from pconfigs.serialization.conversion.compiled_reader import compiled_reader
from pconfigs.serialization.conversion.config_converter import ConfigConverter, config_converter
from pconfigs.serialization.conversion.contexts import Reading
from pconfigs.serialization.conversion.converters import Converter, converter_of
from pconfigs.serialization.conversion.foreign_values import FOREIGN_READERS
from pconfigs.serialization.conversion.plain_helpers import path_text
from pconfigs.serialization.conversion.tags import INVALID, PIN, SAME, TYPE, UNREAD
from pconfigs.serialization.conversion.union_choice import choose, chosen_by_literal
from pconfigs.serialization.drift import drifts_of
from pconfigs.serialization.dump import Dump
from pconfigs.serialization.migration import check_given, migrate_fields
from pconfigs.tree.paths import Item, parse_path
from pconfigs.validation.base import ANY, InvalidValue, Validator

MOST_CONFIGS = 100
"""Configs that may be nested in one another."""
_OPEN: Any = Sentinel("OPEN")


class Load(Reading):
    """One reading of plain data, and the configs that were made."""

    def read(self, validator: Validator) -> Any:
        """Return the value of all of the data, or INVALID."""
        self._depth = 0
        self._built: dict[tuple[int, type, bool], tuple[Any, Any]] = {}
        self._compared: set[tuple[int, int]] = set()
        self._migrated: dict[tuple[int, int], Any] = {}
        try:
            return converter_of(validator).load(self.top, self)
        except RecursionError:
            self.steps.clear()
            return self.note("it is nested too deeply")

    def foreign(self, tag: str, node: Any) -> Any:
        return FOREIGN_READERS[tag](node, self)

    def comparison(self) -> Dump:
        return Dump(computed=True)

    def compiled(self, converter: ConfigConverter) -> Callable[..., Any] | None:
        return compiled_reader(converter)

    # Configs.

    def part(self, cls: type, node: dict[Any, Any]) -> Any:
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
        key = (id(node), id(schema))
        known = self._migrated.get(key)
        if known is None:
            known = self._migrated[key] = (*migrate_fields(schema, node, self), node)
        return known[:2]

    def is_given(self, schema: Schema, node: Any) -> bool:
        return check_given(schema, node, self)

    def same_config(self, text: Any, converter: Converter) -> Any:
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
                with self.inside(fields[name], path) if name in fields else nullcontext():
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
            self.note_invalid(self.path, invalid)
            return
        object.__setattr__(config, field.name, held)
        keep_values(config, getattr(config, KEPT, frozenset()) | {field.name})


def _chosen(node: Any, converter: Converter) -> Any:
    try:
        return choose(node, converter.forms.configs)
    except NotPermittedError:
        return None


def not_a_mapping(data: Any) -> str:
    """Return what is wrong with data that should be those of a config."""
    if data is None or data == "":
        return "must be a mapping of fields, but is empty"
    kind = "a string" if isinstance(data, str) else type(data).__name__
    return f"must be a mapping of fields, got {kind}"
