"""Source of the properties of a compiled initializer: lines that compute a direct plan."""

from __future__ import annotations

from _weakref import ref

from pconfigs.build.construction import set_depth, waits_for_part
from pconfigs.build.direct_plan import reads_while_open, static_reads
from pconfigs.schema.build_record import (
    CODE,
    DEPTH,
    FALLBACK,
    INHERITED,
    KEPT,
    LASTI,
    LAZY,
    MOST_DEPTH,
    OPEN,
    RAW,
    READS,
    RECORD,
    VARIANT,
    EnvironmentRead,
    record_of,
)
from pconfigs.schema.children import depth_of
from pconfigs.schema.open_reads import asked_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.build.direct_plan import Step
    from pconfigs.schema.build_record import Record, StaticReads
    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.fields import Field


class _Nothing:
    """The layer below the keywords where there is none: it has no attributes."""

    __pconfig_record__ = (None, 0, 0, (), (), None, None, 0)
    __pconfig_variant__ = None
    __pconfig_depth__ = None

    def __reduce__(self) -> str:
        return "NOTHING"


_set = object.__setattr__
NOTHING = _Nothing()
MASKS: dict[int, int] = {}
"""Masks of inherited fields, so that configs share the objects."""


class LastRecord:
    """The record of the last config of a class that was made without bases."""

    __slots__ = ("record",)

    def __init__(self) -> None:
        self.record: Record = NOTHING.__pconfig_record__

    def __reduce__(self) -> Any:
        return (LastRecord, ())


class SourceWriter:
    """Writes source, and collects the names that it uses.

    Every name but those of fields, builtins included, has the form `__name__`, which no field can
    have.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.fields = list(schema.fields.values())
        self.names: dict[str, Any] = {}
        self.nested = [f for f in self.fields if not f.validator.never_holds_configs]
        # Held by the class where its annotations show the depth: a config sets its own only where
        # it differs, for one of a derived class may nest deeper.
        self.bound = static_depth(schema, ())
        if self.bound is not None:
            type.__setattr__(schema.cls, DEPTH, self.bound)
        # Then `__odd__` is set where a config is given that nests to another depth than its class
        # shows; without one, the depth of a variant is known from that of its base.
        self.notes_odd = self.bound is not None and not any(f.property for f in self.nested)
        self.cells = 0
        self.bind(depth_of=depth_of, set_depth=set_depth, masks=MASKS)
        self.bind(any=any, map=map, waits_for_part=waits_for_part)

    def bind(self, **names: Any) -> None:
        """Make values known to the source, as `__name__`."""
        self.names.update({f"__{name}__": value for name, value in names.items()})

    def record(self, raw: str, reads: str, is_open: str) -> list[str]:
        """Return lines that note how the config was made.

        Configs without bases that one call makes in a row have one record: most of a record is
        what the call site determines.
        """
        call = "__frame__.f_code, __frame__.f_lasti, __inherited__, __from__"
        made = f"({call}, __fallback__, {raw}, {reads}, {is_open})"
        # Python has one object for each small integer.
        masks = ["__inherited__ = __masks__.setdefault(__inherited__, __inherited__)"]
        lines = masks * (len(self.fields) > 8)
        # The inputs of such fields are in the record: no two calls could share one.
        if self.schema.taking:
            return [*lines, f"__set__(__self__, {RECORD!r}, {made})"]
        # An open config is recorded twice.
        cell = f"last{self.cells}"
        self.cells += 1
        self.bind(**{cell: LastRecord()})
        last = f"__{cell}__.record"
        return [
            f"__made__ = {last}",
            f"if __bases__ or {raw} is not None"
            f" or __made__[{CODE}] is not __frame__.f_code"
            f" or __made__[{LASTI}] != __frame__.f_lasti"
            f" or __made__[{INHERITED}] != __inherited__"
            f" or __made__[{FALLBACK}] is not __fallback__"
            f" or __made__[{READS}] is not {reads} or __made__[{OPEN}] != {is_open}:",
            *[f"    {line}" for line in lines],
            f"    __made__ = {made}",
            f"    if not __bases__ and {raw} is None: {last} = __made__",
            f"__set__(__self__, {RECORD!r}, __made__)",
        ]

    def input(self, field: Field) -> str:
        """Return the variable that has the input of a field."""
        if not field.pinned:
            return field.name
        return f"__value{field.index}__" if field.property is None else f"__input{field.index}__"

    def value(self, field: Field) -> str:
        """Return the variable that has the value of a field."""
        return self.input(field) if field.property is None else f"__value{field.index}__"

    def depth(self, known: str) -> list[str]:
        """Return lines that note how deep configs are nested.

        Args:
            known: The variable of a config, or None, whose values may have been taken over: where
                all are, it is as deep. Or no variable.
        """
        if not self.nested:
            return []
        compute = "__set_depth__(__schema__, __self__, __frame__.f_code, __frame__.f_lasti)"
        if self.notes_odd:
            # Of several bases, and of a lazy one, the depth is None.
            base_is_odd = f"__below__ is not __nothing__ and __below__.{DEPTH} != {self.bound}"
            return [f"if __odd__ or ({base_is_odd}): {compute}"]
        values = {field: self.value(field) for field in self.nested}
        lines = ["__depth__ = 1"]
        for field, value in values.items():
            lines.append(f"__deep__ = {self.depth_of(field, value)}")
            lines.append("if __deep__ >= __depth__: __depth__ = __deep__ + 1")
        # A secret that was not pickled cannot be read on the config that it would come from.
        if known and self.schema.secret_names.isdisjoint([field.name for field in self.nested]):
            same = [f"{value} is {known}.{field.name}" for field, value in values.items()]
            # Of several bases, of none, and of a lazy one, the depth is None.
            lines = [
                f"__depth__ = {known} is not None and {known}.{DEPTH}",
                f"if not (__depth__ and {' and '.join(same)}):",
                *[f"    {line}" for line in lines],
            ]
        note = f"__set__(__self__, {DEPTH!r}, __depth__)"
        return [
            *lines,
            f"if __depth__ > {MOST_DEPTH}: {compute}",
            note if self.bound is None else f"if __depth__ != {self.bound}: {note}",
        ]

    def odd(self, field: Field, value: str) -> str:
        """Return the condition that a config of the class of a field has another depth than it."""
        cls: Any = exact_class(field)
        return f"{value}.{DEPTH} != {static_depth(cls.__pconfig_schema__, ())}"

    def depth_of(self, field: Field, value: str) -> str:
        """Return the expression for the depth of a value."""
        cls = exact_class(field)
        if cls is None:
            return f"__depth_of__({value})"
        self.bind(**{f"class{field.index}": cls})
        deep = f"{value}.{DEPTH} if __type__({value}) is __class{field.index}__"
        return f"{deep} else __depth_of__({value})"

    def mask(self, names: set[str]) -> int:
        return sum(1 << field.index for field in self.fields if field.name in names)


def exact_class(field: Field) -> Any:
    """Return the config class whose very objects a field holds; None where it may hold others."""
    types = field.validator.types
    only = next(iter(types)) if len(types) == 1 and not field.validator.must_inspect else None
    return only if hasattr(only, "__pconfig_schema__") else None


def static_depth(schema: Schema, active: tuple[type, ...]) -> int | None:
    """Return how deep configs of a class can be nested; None where the class does not show it."""
    if schema.cls in active:
        return None
    depth = 0
    for field in schema.fields.values():
        if not field.validator.never_holds_configs:
            cls = exact_class(field)
            below = None
            if cls is not None:
                below = static_depth(cls.__pconfig_schema__, (*active, schema.cls))
            if below is None:
                return None
            depth = max(depth, below)
    return depth + 1


class _OpenReads(dict[int, "StaticReads"]):
    """The reads of open configs of a class, by the mask of what is open in them."""

    def __init__(self, schema: Schema, plan: list[Step]) -> None:
        super().__init__()
        self._schema, self._plan = schema, plan

    def __missing__(self, mask: int) -> StaticReads:
        reads = self[mask] = reads_while_open(self._schema, self._plan, mask)
        return reads


class PlanWriter:
    """Writes the lines that compute the properties of a direct plan."""

    def __init__(self, writer: SourceWriter, plan: list[Step]) -> None:
        self.writer, self.plan = writer, plan
        self.schema = writer.schema
        self.reads: StaticReads = static_reads(plan)
        self.memorable = [step for step in plan if step.inputs is not None and self._same(step)]
        # A variant is remembered where that saves making configs.
        self.remembers = bool(self.schema.cls.__weakrefoffset__) and any(
            not self.schema.fields[step.property.name].validator.never_holds_configs
            for step in self.memorable
        )
        writer.bind(
            has_same_reads=_has_same_reads, reads=self.reads,
            open_reads=_OpenReads(self.schema, plan),
            ref=ref,
        )  # fmt: skip

    def lines(self) -> list[str]:
        lines = []
        if self.memorable:
            lines += [
                f"__known__ = __below__ if __record__[{READS}] is __reads__ or ("
                f"__record__[{READS}] and not __record__[{OPEN}] and"
                " __has_same_reads__(__schema__, __below__, __reads__)) else None",
                *self._remembered(),
            ]
            if any(self.schema.fields[n].property for s in self.memorable for n in self._asked(s)):
                lines += [
                    "if __known__ is not None:",
                    f"    __known_given__ = __known__.{RECORD}[{RAW}] or __empty__",
                ]
        for step in self.plan:
            lines += self._step(step)
        return [*lines, "if __schema__.reads_elsewhere: raise __unsuitable__"]

    def _remembered(self) -> list[str]:
        """Return lines that prefer the last config made from the same base to the base itself."""
        if not self.remembers:
            return []
        setattr(self.schema.cls, VARIANT, None)
        return [
            "__is_new__ = False",
            f"__variant__ = __below__.{VARIANT}",
            "if __variant__ is not None: __known__ = __variant__() or __known__",
        ]

    def _step(self, step: Step) -> list[str]:
        field = self.schema.fields[step.property.name]
        index, value = field.index, f"__value{field.index}__"
        validator = field.validator
        types: frozenset[type] = frozenset() if validator.must_inspect else validator.types
        self.writer.bind(
            **{
                f"function{index}": step.property.function,
                f"property{index}": step.property,
                f"fits{index}": types,
            }
        )
        compute = [
            f"__at__ = '{field.name}'; {value} = __function{index}__(__self__)",
            f"if __type__({value}) not in __fits{index}__:",
            f"    {value} = __validate_result__(__schema__, __property{index}__, {value})",
            f"    if {value} is __pinned__: raise __deferred__('Pinned', __at__)",
        ]
        compute += self._waits_for_part(step, value)
        if not validator.never_holds_configs:
            compute.append(f"if __lazy_configs__: __completed__({value})")
        if step in self.memorable:
            if self.remembers:
                compute.insert(0, "__is_new__ = True")
            # By identity, which costs nothing: of equal values a property may still read what
            # differs (1, True and 1.0).
            compute = [
                f"if __known__ is not None and {self._same(step)}:",
                f"    {value} = __known__.{field.name}",
                "else:",
                *[f"    {line}" for line in compute],
            ]
        mask = self.writer.mask(set(step.reads))
        if mask and not step.conditional:
            # A property that reads an open field in every case waits without being called.
            compute = [
                f"if __open__ & {mask}: {value} = __pinned__; __open__ |= {1 << index}",
                "else:",
                *[f"    {line}" for line in compute],
            ]
        return [*compute, f"__set__(__self__, '{field.name}', {value})"]

    def _waits_for_part(self, step: Step, value: str) -> list[str]:
        """Return lines that let a property wait that has read something open in a part."""
        asked = asked_names(self.schema, step.property)
        if not asked.names:
            return []
        fields, index = self.schema.fields, self.schema.fields[step.property.name].index
        nested = [read for read in step.reads if not fields[read].validator.never_holds_configs]
        parts = [self._value(read) for read in nested]
        given = "(__raw__ or __empty__)"
        if step.inputs is None:
            parts.append(f"*{given}.values()")
        parts += [f"{given}.get('{name}')" for name in self._asked(step)]
        if not parts:
            return []
        self.writer.bind(**{f"asked{index}": asked.may_be_open})
        waits = f"{value} = __pinned__; __open__ |= {1 << index}"
        if any(step.property.name in other.needs for other in self.plan if other.conditional):
            # It would read the marker.
            waits = "raise __deferred__('Pinned', __at__)"
        may_wait = f"__any__(__map__(__asked{index}__, ({', '.join(parts)},)))"
        return [
            f"if {may_wait} and __waits_for_part__(__self__, __property{index}__):",
            f"    {waits}",
        ]

    def _same(self, step: Step) -> str:
        """Return the test whether all that a property may read is what it was for `__known__`."""
        fields = self.schema.fields
        tests = [f"{self._value(read)} is __known__.{read}" for read in step.reads]
        for name in self._asked(step):
            if fields[name].property is None:
                tests.append(f"{self._value(name)} is __known__.{name}")
            elif fields[name].pinned:
                known = f"__known_given__.get('{name}')"
                tests.append(f"(__raw__ or __empty__).get('{name}') is {known}")
            else:
                tests.append(f"__raw__['{name}'] is __known_given__['{name}']")
        return " and ".join(tests)

    def _asked(self, step: Step) -> list[str]:
        return [name for name in step.inputs or () if name in self.schema.fields]

    def _value(self, name: str) -> str:
        return self.writer.value(self.schema.fields[name])

    def closing_lines(self) -> list[str]:
        """Return lines that correct the record of an open config, and remember a closed one."""
        opened = self.writer.record("__raw__", "__open_reads__[__open__]", "__open__")
        lines = ["if __open__:", *[f"    {line}" for line in opened]]
        if self.remembers:
            lines += [
                "elif __is_new__ and __bases__:",
                f"    __set__(__below__, {VARIANT!r}, __ref__(__self__))",
            ]
        return lines


def _has_same_reads(schema: Schema, base: Any, reads: StaticReads) -> bool:
    """Return whether what the properties of a base read is what their code shows.

    So it is where `build` made it, or where it was unpickled; it is noted for the next time.
    """
    if base is NOTHING or record_of(base)[OPEN] or hasattr(base, KEPT) or schema.secret_names:
        return False
    recorded = record_of(base)[READS]
    if recorded is LAZY or recorded is None:
        return False
    if any([isinstance(read, EnvironmentRead) for names in recorded.values() for read in names]):
        return False
    record = record_of(base)
    _set(base, RECORD, (*record[:READS], reads, record[OPEN]))
    return True
