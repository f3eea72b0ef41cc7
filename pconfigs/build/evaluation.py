"""Evaluation: the values of one config's properties, in the order in which they ask for each other.

A property sees a reader in place of the config: an object of a hidden subclass of the config's
class, so that methods, `super()` and `isinstance` work, whose missing attributes are looked up
here. Each value is put on the reader when it is first read, so what a property read is known
exactly and later reads cost nothing.
"""

from __future__ import annotations

from _thread import get_ident

from pconfigs.annotations.kinds import CONTAINERS
from pconfigs.errors.access import DeferredError, NoSuchAttributeError
from pconfigs.errors.declare import CycleError
from pconfigs.markers import Pinned, Required, is_deferred, names_marker, watch
from pconfigs.schema.build_record import (
    OPEN,
    RECORD,
    EnvironmentRead,
    StaticReads,
    getframe,
    raw_inputs,
    record_of,
)
from pconfigs.schema.children import parts_in, post_order
from pconfigs.schema.generated_code import GENERATED
from pconfigs.schema.open_reads import holding_open, may_read_open

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType
    from typing import Any

    from pconfigs.markers import ValueMarker
    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.properties import pproperty

_READING = "__pconfig_reading__"
_MANY_INPUTS = 50
_set = object.__setattr__
_new: Callable[[Any], Any] = object.__new__
# Ids of the threads in which a property reads its config through a reader now, with how many do.
_running: dict[int, int] = {}


class DeferredRead(BaseException):
    """A property needs a value that is not known yet: it waits, too.

    No Exception, so that a property's own `except Exception` does not take it for its own business.
    """


class Evaluation:
    """The values of one config while its properties are computed.

    Attributes:
        values: Inputs and, as they come to be known, values of properties.
        raw: What was given for fields that have a property.
        reads: Names that each property read.
        failed: The property that raised, if one has.
        open_inputs: Of many inputs, those that hold something open; None until that is asked.
        settle: Returns the value to hold for what a property returned.
        waits: Returns whether a property reads something open in a part of a config; None where
            that was found out before.
    """

    __slots__ = (
        "active", "failed", "open_inputs", "raw", "reads", "schema", "settle", "values", "waits"
    )  # fmt: skip

    def __init__(
        self,
        schema: Schema,
        values: dict[str, Any],
        raw: dict[str, Any],
        settle: Callable[[Schema, pproperty, Any], Any],
        waits: Callable[[Any, pproperty], bool] | None = None,
    ) -> None:
        self.schema = schema
        self.values = values
        self.raw = raw
        self.settle = settle
        self.waits = waits
        self.reads: dict[str, tuple[str, ...]] = {}
        self.active: list[str] = []
        self.failed: str | None = None
        self.open_inputs: list[Any] | None = None

    def value(self, name: str) -> Any:
        """Return the value of a field, computed now if it is a property not asked before."""
        values = self.values
        if name not in values:
            values[name] = self._compute(self.schema.properties[name])
        return values[name]

    def _compute(self, found: pproperty) -> Any:
        name = found.name
        if name in self.active:
            cycle = [*self.active[self.active.index(name) :], name]
            advice = "(met while the config was built)"
            raise CycleError(self.schema.cls, cycle, advice=advice)
        if self.raw.get(name) is Required:
            return Required
        if found.manual_deps and any(is_deferred(self.value(dep)) for dep in found.deps):
            return Pinned
        read: list[str] = []
        reader = self.reader(read, found.manual_deps)
        self.active.append(name)
        thread = get_ident()
        outer = _running.get(thread, 0)
        _running[thread] = outer + 1
        try:
            for dep in found.deps:
                getattr(reader, dep)
            value = found.function(reader)
            return (
                Pinned if self._reads_open(found, read) else self.settle(self.schema, found, value)
            )
        except (DeferredRead, DeferredError):
            return Pinned
        except Exception as error:
            if self._handed_on_deferred(error, read) or self._reads_open(found, read):
                return Pinned
            self.failed = self.failed or name
            raise
        finally:
            if not outer:
                del _running[thread]
            else:
                _running[thread] = outer
            self.active.pop()
            self.reads[name] = tuple(read)

    def _reads_open(self, found: pproperty, read: list[str]) -> bool:
        """Return whether a property that ran has read something open inside of a part."""
        if found.manual_deps or self.waits is None:
            return False
        values = [self.values[name] for name in read if name in self.values]
        values += self._inputs_to_ask()
        may_wait = may_read_open(self.schema, found, values)
        return may_wait and self.waits(self.snapshot(), found)

    def _inputs_to_ask(self) -> Iterable[Any]:
        """Return the inputs that may hold something open: of few, all."""
        if len(self.raw) < _MANY_INPUTS:
            return self.raw.values()
        # Each property asks: looked at once for all of them, time grows as the inputs do.
        if self.open_inputs is None:
            self.open_inputs = holding_open(self.schema, self.raw.values())
        return self.open_inputs

    def _handed_on_deferred(self, error: Exception, read: list[str]) -> bool:
        """Return whether a config was refused for a value that a part which was read lacks yet."""
        refused = [getattr(problem, "value", None) for problem in getattr(error, "problems", ())]
        if not any(map(is_deferred, refused)):
            return False
        parts = (part for name in read for part in parts_in([self.values.get(name)]))
        return any(record_of(inside)[OPEN] for part in parts for inside in post_order(part))

    def reader(self, read: list[str], sees_deferred: bool = False) -> Any:
        """Return an object to read the config through; what is read is appended to `read`."""
        reader = _new(reader_class(self.schema))
        _set(reader, _READING, (self, sees_deferred, read))
        return reader

    def snapshot(self) -> Any:
        """Return a config of what is known so far, open where nothing is."""
        config = _new(self.schema.cls)
        for name in self.schema.fields:
            _set(config, name, self.values.get(name, Pinned))
        _set(config, RECORD, (None, 0, 0, (), (), dict(self.raw), None, -1))
        return config


_COMPUTE = Evaluation._compute.__code__  # pyright: ignore[reportPrivateUsage]


def note_read(name: str) -> bool:
    """Record for the property that runs in this thread that it read `name`; False without one."""
    frame: FrameType | None = getframe(1)
    while frame is not None:
        code = frame.f_code
        if code is _COMPUTE:
            read = frame.f_locals["read"]
            frame.f_locals["self"].schema.reads_elsewhere = True
            if name not in read:
                read.append(name)
            return True
        if code.co_filename.startswith(GENERATED) and code.co_name == "__init__":
            if "__at__" in frame.f_locals:
                # The initializer lets `build` make the config, which comes here by the way above.
                frame.f_globals["__schema__"].reads_elsewhere = True
                return True
        frame = frame.f_back
    return False


def is_in_property(marker: ValueMarker) -> bool:
    """Return whether a property has come upon a marker as a value, and asks it something.

    Not where the library itself asks, nor where the code names the marker: `given == Pinned`.
    """
    asking = getframe(3)
    frame: FrameType | None = asking
    if str(asking.f_globals.get("__name__", "")).startswith("pconfigs."):
        return False
    if names_marker(asking, marker):
        return False
    while frame is not None:
        code = frame.f_code
        if code is _COMPUTE:
            return True
        if code.co_filename.startswith(GENERATED) and "__at__" in frame.f_locals:
            return True
        frame = frame.f_back
    return False


watch.is_in_property = is_in_property


def exact_reads(config: Any, reads: StaticReads) -> dict[str, tuple[str, ...]]:
    """Return what each property of a config read; those with branches are evaluated again."""
    schema: Schema = config.__pconfig_schema__
    found = dict(reads)
    for name in reads.conditional:
        held = vars(config)  # a secret that did not travel is not there, and not asked for
        values = {field: held.get(field, Required) for field in schema.fields if field != name}
        evaluation = Evaluation(schema, values, raw_inputs(config), _as_it_is)
        try:
            evaluation.value(name)
        except Exception:  # noqa: S112 - it has another environment now
            continue
        elsewhere = [read for read in reads[name] if isinstance(read, EnvironmentRead)]
        own = [read for read in evaluation.reads[name] if read in schema.fields]
        found[name] = (*own, *elsewhere)
    return found


def is_reader(value: object) -> bool:
    """Return whether `value` is the reader of a config that is being built."""
    return getattr(type(value), "__pconfig_reader__", False)


def holds_reader(value: object) -> bool:
    """Return whether `value` is, or is a container of, something that is still being built."""
    if _running and isinstance(value, CONTAINERS):
        # Only a running property can have put it there.
        return any([is_reader(part) for part in parts_in(value)])
    return is_reader(value)


def open_reader(schema: Schema, config: Any) -> Any:
    """Return a reader of an open config: reading an open field of it raises DeferredRead."""
    values = {name: getattr(config, name) for name in schema.fields}
    return Evaluation(schema, values, {}, _as_it_is).reader([])


def _as_it_is(schema: Schema, found: pproperty, value: Any) -> Any:
    return value


def evaluation_of(config: Any) -> Evaluation | None:
    """Return the evaluation of a reader; None for a built config."""
    if not is_reader(config):
        return None
    evaluation: Evaluation = object.__getattribute__(config, _READING)[0]
    return evaluation


def read_field(reader: Any, name: str) -> Any:
    """Return `reader.name`, where the reader does not have it yet."""
    try:
        evaluation, sees_deferred, read = object.__getattribute__(reader, _READING)
    except AttributeError:
        raise AttributeError(name) from None
    if name not in evaluation.schema.fields:
        own_getattr = getattr(evaluation.schema.cls, "__getattr__", None)
        if own_getattr is not None:
            return own_getattr(reader, name)
        raise NoSuchAttributeError(evaluation.schema.cls, name, evaluation.schema.fields)
    if name not in read:
        read.append(name)
    value = evaluation.value(name)
    if is_deferred(value):
        if sees_deferred:
            return value
        raise DeferredRead
    _set(reader, name, value)
    return value


class _FieldRead:
    """A descriptor on a reader's class for a field whose name means something else there, too."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else read_field(instance, self.name)


class _Quiet:
    """First base of every reader class, hiding it from the user's `__init_subclass__`."""

    __slots__ = ()

    def __init_subclass__(cls, **kwargs: object) -> None:
        pass


def reader_class(schema: Schema) -> type:
    """Return the class of the readers of a config class, made once."""
    if schema.reader is None:
        cls = schema.cls
        namespace: dict[str, Any] = {name: _FieldRead(name) for name in schema.fields}

        def __new__(_: type, *args: Any, **kwargs: Any) -> Any:
            return cls(*args, **kwargs)

        namespace.update(
            __getattr__=read_field,
            __new__=__new__,
            __qualname__=cls.__qualname__,
            __module__=cls.__module__,
            __pconfig_reader__=True,
        )
        schema.reader = type(cls)(cls.__name__, (_Quiet, cls), namespace)
    return schema.reader
