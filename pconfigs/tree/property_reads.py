"""Exact reads of properties: which values inside of parts, lists and dicts each one read.

A config records only which of its own fields a property read. What it read inside of them is found
on demand: the property is evaluated once more, on a copy of its config. A field of the copy gives a
copy of the part that it holds, and hooks on the classes of the copies note what is read of them.
Copies are of the very same classes, so that the property does what it did when it was built.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from threading import get_ident
from types import FrameType
from typing import Any, ClassVar

from pconfigs.deferred import thread_lock
from pconfigs.errors.access import DeferredError
from pconfigs.markers import names_marker
from pconfigs.provenance.locations import Location
from pconfigs.provenance.origins import is_library_code
from pconfigs.schema.build_record import (
    LAZY,
    OPEN,
    RAW,
    READS,
    RECORD,
    EnvironmentRead,
    StaticReads,
    getframe,
    reads_of,
    record_of,
)
from pconfigs.schema.children import holds_configs, holds_open
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.properties import may_read_input, pcheck, pproperty
from pconfigs.tree.class_hooks import ClassHooks, Read
from pconfigs.tree.edit_tree import like
from pconfigs.tree.paths import Item, Path
from pconfigs.validation.frozen import FrozenDict, FrozenList, sealed

Step = str | Item
_GIVING_VALUES = ("pget", "asdict")


class Reads:
    """The reads of one value.

    Attributes:
        steps: What was read inside of it, by field or item.
        whole: Whether it was read as a value: it holds no configs.
        handed_on: Whether it holds configs and was handed on, so that all of it may matter.
    """

    __slots__ = ("handed_on", "steps", "whole")

    def __init__(self) -> None:
        self.steps: dict[Step, Reads] = {}
        self.whole = self.handed_on = False

    def below(self, step: Step) -> Reads:
        """Return what was read one step further, noting that something was."""
        found = self.steps.get(step)
        if found is None:
            found = self.steps[step] = Reads()
        return found

    def paths(self, start: Path) -> Iterator[Path]:
        """Yield the paths of the values that were read, without those that only led further."""
        for step, inner in self.steps.items():
            path = Path(start, step)
            if inner.handed_on or not inner.steps:
                yield path
            else:
                yield from inner.paths(path)


class Failure:
    """An exception that a property raised when it was evaluated again.

    Its message is left out: it may quote a secret.

    Attributes:
        kind: The name of its class.
        place: The last line of the user's code on its way; None if there is none.
    """

    __slots__ = ("kind", "place")

    def __init__(self, error: Exception) -> None:
        self.kind = type(error).__name__
        self.place: Location | None = None
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            if not is_library_code(code):
                self.place = Location.of_call(code, trace.tb_lasti)
            trace = trace.tb_next

    def __str__(self) -> str:
        at = "" if self.place is None else f" at {self.place}"
        return f"evaluating it again raised {self.kind}{at}"


class PropertyReads:
    """The reads of one property.

    Attributes:
        values: Of the values of its config.
        failure: The exception of evaluating the property again, if any. Then the reads are not
            exact: `values` are the fields that it may have read when the config was built, as
            wholes, and of what was given all counts as read that its code may have read.
    """

    __slots__ = ("_evaluate", "_evaluated", "_given", "failure", "values")

    def __init__(self, evaluate: Callable[[], PropertyReads] | None = None) -> None:
        self.values = Reads()
        self.failure: Failure | None = None
        self._given = Reads()
        self._evaluate = evaluate
        self._evaluated: PropertyReads | None = None

    @property
    def given(self) -> Reads:
        """The reads of what was given for fields that have a property; found when asked for.

        A part that was only handed on, as the base of another one, does not count as read.
        """
        return self._of_given()._given

    @property
    def given_failure(self) -> Failure | None:
        """The failure of finding `given`, if there is one; see `failure`."""
        return self._of_given().failure

    def _of_given(self) -> PropertyReads:
        if self._evaluate is None:
            return self
        if self._evaluated is None:
            self._evaluated = self._evaluate()
        return self._evaluated


def property_reads(config: Any, name: str) -> PropertyReads:
    """Return what the property that computes a field of a config read.

    It is evaluated once more, unless what was recorded shows that it read no parts.
    """
    found = schema_of(config).properties[name]
    fields = schema_of(config).fields
    if _may_be_less(config, name):
        return evaluated_reads(config, found)
    names = _recorded_names(config, name)
    if names and all(fields[read].validator.never_holds_configs for read in names):
        takes_input = fields[name].takes_input
        return _whole_reads(
            names, (lambda: evaluated_reads(config, found)) if takes_input else None
        )
    return evaluated_reads(config, found)


def _recorded_names(config: Any, name: str) -> list[str]:
    fields = schema_of(config).fields
    return [
        read
        for read in reads_of(config).get(name, ())
        if read in fields and not isinstance(read, EnvironmentRead)
    ]


def _may_be_less(config: Any, name: str) -> bool:
    """Return whether the property may have read less than is recorded."""
    if record_of(config)[READS] is LAZY:
        reads_of(config)  # computes the properties
    recorded: Any = record_of(config)[READS]
    return type(recorded) is StaticReads and name in recorded.conditional


def _whole_reads(
    names: list[str], evaluate: Callable[[], PropertyReads] | None = None
) -> PropertyReads:
    reads = PropertyReads(evaluate)
    for name in names:
        reads.values.below(name).whole = True
    return reads


def evaluated_reads(config: Any, found: pproperty | pcheck) -> PropertyReads:
    """Return what a property or check reads when it is evaluated on a config."""
    watch = _Watch(config, sees_open=getattr(found, "manual_deps", False))
    failure = watch.run(found.function, getattr(found, "deps", ()))
    return watch.reads if failure is None else _possible_reads(config, found, failure)


def reads_open(config: Any, found: pproperty | pcheck) -> bool:
    """Return whether a property or check, evaluated on a config, reads something open.

    What a config that it builds reads does not count, nor what code reads that names the marker.
    """
    if get_ident() in _Watch.threads:
        return False  # it is of a config that is built, and soon gone, while another is evaluated
    watch = _Watch(config, sees_open=False)
    watch.run(found.function, getattr(found, "deps", ()))
    return watch.waits


def _possible_reads(config: Any, found: pproperty | pcheck, failure: Failure) -> PropertyReads:
    """Return all that a property or check may have read when the config was built."""
    reads = _whole_reads(_recorded_names(config, found.name))
    reads.failure = failure
    for name, field in schema_of(config).fields.items():
        if field.takes_input and may_read_input(type(config), found.function, name):
            reads.given.below(name).whole = True
    return reads


class _Spot:
    """Where a copy sits.

    Attributes:
        reads: What was read of its value; it exists once something there is.
        built_with: Whether the copy was an argument of a config that the property built.
    """

    __slots__ = ("_parent", "_reads", "_step", "built_with")

    def __init__(self, parent: _Spot | None, step: Step | None, reads: Reads | None = None) -> None:
        self._parent, self._step, self._reads = parent, step, reads
        self.built_with = False

    @property
    def reads(self) -> Reads:
        if self._reads is None:
            assert self._parent is not None
            assert self._step is not None
            self._reads = self._parent.reads.below(self._step)
        return self._reads


class _StillOpen(BaseException):
    """A value is read that is not known yet: the property would wait here, too.

    It is not an Exception, so that the property's own `except Exception` does not catch it.
    """


class _Watch:
    """One evaluation of a property on copies."""

    # Hooks are on classes, which all threads share.
    _lock = thread_lock()
    threads: ClassVar[set[int]] = set()
    """Those in which a property is evaluated once more."""

    def __init__(self, config: Any, sees_open: bool) -> None:
        self.reads = PropertyReads()
        self._config = config
        self._sees_open = sees_open
        self._hooks = ClassHooks(self._hook)
        self._spots: dict[int, tuple[Any, _Spot]] = {}
        self._copies: dict[tuple[int, Step], Any] = {}
        self._noted: set[tuple[int, Step]] = set()
        self._root: Any = None
        self._given = _Spot(None, None, self.reads.given)
        self.waits = False
        self._thread = get_ident()

    def run(self, function: Callable[[Any], Any], deps: tuple[str, ...]) -> Failure | None:
        """Evaluate a property; return what it raised, if anything."""
        with self._lock:
            is_first = self._thread not in self.threads
            self.threads.add(self._thread)
            try:
                self._root = self._copy(self._config, _Spot(None, None, self.reads.values))
                result: Any = None
                try:
                    for name in deps:
                        getattr(self._root, name)
                        self.reads.values.below(name).whole = True
                    result = function(self._root)
                except (DeferredError, _StillOpen):
                    self.waits = True
                except Exception as error:
                    return Failure(error)
                self._note_parts_used_whole()
                del result
            finally:
                self._hooks.remove()
                if is_first:
                    self.threads.remove(self._thread)
        return None

    def _note_parts_used_whole(self) -> None:
        """Note the parts of which all may matter.

        A copy that outlives the call is in the result or was kept; one that the property built
        another config with, which is gone, was used for what was read of that one.
        """
        spots = [(_reference(copied), spot) for copied, spot in self._spots.values()]
        self._spots.clear()
        self._copies.clear()
        self._root = None
        for reference, spot in spots:
            if reference() is not None:
                spot.reads.handed_on = True
            elif spot.built_with:
                spot.reads.whole = True

    def _copy(self, config: Any, spot: _Spot) -> Any:
        cls = type(config)
        copied = object.__new__(cls)
        for name in schema_of(cls).fields:
            if name in vars(config):  # a pickled config is without its secrets
                object.__setattr__(copied, name, object.__getattribute__(config, name))
        object.__setattr__(copied, RECORD, record_of(config))
        self._spots[id(copied)] = (copied, spot)
        self._hooks.install(cls)
        return copied

    def _copies_in(self, value: Any, spot: _Spot) -> Any:
        """Return a value with copies of the configs in it."""
        if is_config(value):
            return self._copy(value, spot)
        if not holds_configs(value):
            return value
        items: Any = value.items() if isinstance(value, dict) else enumerate(value)
        copies = {key: self._copies_in(item, _Spot(spot, Item(key))) for key, item in items}
        if isinstance(value, dict):
            return sealed(FrozenDict, copies) if isinstance(value, FrozenDict) else copies
        made = list(copies.values())
        return sealed(FrozenList, made) if isinstance(value, FrozenList) else like(value, made)

    def _hook(self, cls: type, read: Read) -> Read:
        fields = schema_of(cls).fields

        def __getattribute__(copied: Any, name: str) -> Any:
            value = read(copied, name)
            known = self._spots.get(id(copied))
            if known is None:
                # The property may have built it.
                if name in fields and get_ident() == self._thread and self._is_open_read(value):
                    if not _is_building():
                        raise _StillOpen
                return value
            spot = known[1]
            if name in fields:
                return self._read((id(copied), name), value, spot)
            if name == RECORD and copied is self._root:
                given = _NotingDict(value[RAW] or {}, self._read_given)
                return (*value[:RAW], given, *value[RAW + 1 :])
            if name == "__dict__" and not self._sees_open and _is_asked_for():
                if object.__getattribute__(copied, RECORD)[OPEN]:
                    raise _StillOpen
            if name in (RECORD, "__dict__"):
                if _is_building():
                    spot.built_with = True
                else:
                    spot.reads.handed_on = True
            return value

        return __getattribute__

    def _is_open_read(self, value: Any) -> bool:
        return not self._sees_open and holds_open(value) and _is_asked_for()

    def _read_given(self, name: str, value: Any) -> Any:
        return self._read((0, name), value, self._given)

    def _read(self, key: tuple[int, Step], value: Any, spot: _Spot) -> Any:
        """Return what is read in the place of a value, and note that it is."""
        step = key[1]
        if key not in self._noted:
            if spot is not self._given and _is_building():
                spot.built_with = True
            else:
                self._noted.add(key)
                reads = spot.reads.below(step)
                if spot is not self._given and self._is_open_read(value):
                    raise _StillOpen
                reads.whole = not holds_configs(value)
        if key not in self._copies:
            self._copies[key] = self._copies_in(value, _Spot(spot, step))
        return self._copies[key]


def _is_asked_for() -> bool:
    """Return whether the property reads a value, and not the library that works with its config.

    A property whose code names the marker asks whether the value is open.
    """
    called = ""
    frame: FrameType | None = getframe(1)
    while frame is not None and frame.f_globals is globals():
        frame = frame.f_back
    while frame is not None and is_library_code(frame.f_code):
        called, frame = frame.f_code.co_name, frame.f_back
    if called:
        return called in _GIVING_VALUES
    return frame is None or not names_marker(frame)


def _is_building() -> bool:
    """Return whether the read is made while a config is built, by it or by its properties."""
    frame: FrameType | None = getframe(2)
    while frame is not None and frame.f_code is not _Watch.run.__code__:
        if frame.f_code.co_name == "__init__" and _is_of_config(frame):
            return True
        frame = frame.f_back
    return False


def _is_of_config(frame: FrameType) -> bool:
    return is_config(frame.f_locals.get(frame.f_code.co_varnames[0]))


class _NotingDict(dict[str, Any]):
    """The inputs of the fields with a property; reads of them are noted."""

    def __init__(self, raw: dict[str, Any], read: Callable[[str, Any], Any]) -> None:
        super().__init__(raw)
        self._read = read

    def get(self, name: str, default: Any = None) -> Any:
        return self._read(name, super().get(name, default))

    def __getitem__(self, name: str) -> Any:
        return self._read(name, super().__getitem__(name))

    def __bool__(self) -> bool:
        return True  # also where nothing was given: that is read, too


def _reference(copied: Any) -> Callable[[], Any]:
    try:
        return weakref.ref(copied)
    except TypeError:  # its class has slots, and none for weak references
        return lambda: copied
