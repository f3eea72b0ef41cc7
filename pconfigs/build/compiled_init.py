"""Compiled initializers: what construction.py does, as straight code made for one class.

A class gets one when it is built often. It handles what calls mostly are: known keywords, values
that fit, pins, an open base, several bases (schema/merged_bases.py). Every other call, and every
one in which something is wrong, it hands to `build` as it came.

A property is called on the config itself where its code shows what it reads (direct_plan.py). One
that reads something open waits without being called. One whose reads are all the same objects as
those of a config made from the same base keeps the value of that config.
"""

from __future__ import annotations

from pconfigs.build.base_class import PConfig
from pconfigs.build.construction import (
    build_at,
    complete_call,
    completed,
    run_post_build,
    validate_result,
)
from pconfigs.build.construction_state import REPLACING, Construction
from pconfigs.build.direct_plan import direct_plan
from pconfigs.build.evaluation import holds_reader
from pconfigs.build.plan_source import NOTHING, PlanWriter, SourceWriter
from pconfigs.errors.access import DeferredError
from pconfigs.errors.build import BuildError
from pconfigs.markers import Marker, Pin, Pinned, Required, ValueMarker
from pconfigs.schema.build_record import (
    OPEN,
    RAW,
    RECORD,
    getframe,
    lazy_configs,
    raw_inputs,
    record_of,
)
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.generated_code import compile_function
from pconfigs.schema.inheritance import fallback_of, input_of, is_soft
from pconfigs.schema.merged_bases import merged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pconfigs.build.direct_plan import Step
    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.fields import Field


class _Unset:
    """A keyword that was not given."""

    def __reduce__(self) -> str:
        return "UNSET"


class _Unsuitable(Exception):
    """The compiled initializer does not handle the call."""


_set = object.__setattr__
_MARKERS = frozenset((Pin, Marker, ValueMarker))
UNSET = _Unset()
_CALL = "__schema__, __self__, __bases__, __unknown__, ({given}), __inherited__, __frame__"


def compiled_initializer(schema: Schema) -> Callable[..., None]:
    """Return an `__init__` for the config class of `schema`."""
    writer = _Writer(schema)
    subject = f"initializer of {schema.cls.__qualname__}"
    init = compile_function("__init__", subject, writer.source(), writer.names)
    init.__qualname__ = f"{schema.cls.__qualname__}.__init__"
    init.__module__ = schema.cls.__module__
    return init


def layer_below(schema: Schema) -> Any:
    """Return the config that fills in what is not given, NOTHING, or None where `build` must."""
    fallback = fallback_of(schema)
    if not fallback:
        schema.below = NOTHING
    elif schema.default is fallback[0]:
        schema.below = schema.default
    return schema.below


def fallback_pins(schema: Schema) -> frozenset[str]:
    """Return the names of the pinned fields that a default has an input for."""
    if schema.fallback_pins is None:
        schema.fallback_pins = frozenset(
            name
            for config in fallback_of(schema)
            for name, field in schema_of(config).fields.items()
            if field.pinned and input_of(config, field) is not Pinned
        )
    return schema.fallback_pins


class _Writer(SourceWriter):
    """Writes the source of one initializer, and collects the names that it uses.

    Parameters have the names of the fields, and become their checked inputs where users set them.
    `__value3__` is the value of field 3 where it is pinned or computed.
    """

    def __init__(self, schema: Schema) -> None:
        super().__init__(schema)
        self.computed = [field for field in self.fields if field.property and field.pinned]
        self.settable = [field for field in self.fields if field not in self.computed]
        self.given = "".join(f"{field.name}, " for field in self.fields)
        self.plan: list[Step] | None = direct_plan(schema) if schema.properties else None
        self.bind(
            type=type, Exception=Exception, **{"class": schema.cls},
            unset=UNSET, nothing=NOTHING, pinned=Pinned, Required=Required, pin=Pin,
            getframe=getframe, replacing=REPLACING, replace=PConfig.__replace__,
            set=_set, schema=schema,
            layer_below=layer_below, merged=merged, len=len,
            general=_general, evaluate=_evaluate, run_post_build=run_post_build,
            empty={}, completed=completed,
            lazy_configs=lazy_configs, again=_again, validate_result=validate_result,
            unsuitable=_Unsuitable, deferred=DeferredError, pins_of=fallback_pins,
        )  # fmt: skip

    def source(self) -> list[str]:
        keywords = "".join(f"{field.name}=__unset__, " for field in self.fields)
        call = f"{_CALL.format(given=self.given)}"
        inputs = [field for field in self.fields if field.property is None]
        given = [f"        __given__ = __record__[{RAW}] or __empty__"]
        if len(inputs) == len(self.fields):
            given = []
        pins = [
            "            __pins__ = __schema__.fallback_pins",
            "            if __pins__ is None: __pins__ = __pins_of__(__schema__)",
        ]
        no_pins = ["            __pins__ = None"]
        if not any(field.pinned for field in self.fields):
            pins = no_pins = []
        lines = [
            f"def __init__(__self__, /, *__bases__, {keywords}**__unknown__):",
            "    __frame__ = __getframe__(1)",
            "    __inherited__ = 0",
            "    __open__ = 0",
            *["    __odd__ = False"] * self.notes_odd,
            # Whatever is unusual (a wrong value, an unknown keyword, a derived class) ends in an
            # exception; then the general builder does the whole call, and words what is wrong.
            "    __failure__ = __unsuitable__",
            "    try:",
            "        if not __bases__:",
            "            if __frame__.f_code.co_name in __replacing__: raise __unsuitable__",
            "            __below__ = __schema__.below or __layer_below__(__schema__)",
            "            __from__, __fallback__ = (), __schema__.fallback",
            *no_pins,
            "        else:",
            "            if __frame__.f_code is __replace__.__code__: raise __unsuitable__",
            "            __from__ = __below__ = __bases__[0]",
            "            __fallback__ = ()",
            "            if __type__(__below__) is not __class__ or __len__(__bases__) > 1:",
            "                __below__, __from__, __fallback__ = __merged__(__schema__, __bases__)",
            *pins,
            "        __record__ = __below__.__pconfig_record__",
            *given,
            "        if __unknown__: raise __unsuitable__",
            # A second `__init__` of a config, and that of a derived class which calls this one.
            f"        if __self__.{RECORD} is not None: raise __unsuitable__",
            "        if __type__(__self__) is not __class__: raise __unsuitable__",
            # Set by a property that read the environment where its code does not name that.
            *(["        if __schema__.reads_elsewhere: raise __unsuitable__"] * bool(self.plan)),
            *[f"        {line}" for field in self.settable for line in self._settle(field)],
            *[f"        {line}" for line in self._settle_computed()],
            f"        if __record__[{OPEN}]:",
            *[f"            {line}" for line in self._settle_open()],
            "        __failure__ = None",
            "    except __Exception__: pass",
            # Outside of the handler, whose exception would be the context of others.
            f"    if __failure__ is not None: return __general__({call})",
        ]
        return [*lines, *self._held(inputs, call)]

    def _held(self, inputs: list[Field], call: str) -> list[str]:
        """Return lines that put the values into the config, when all of them are known."""
        lines = [f"    __set__(__self__, '{f.name}', {self.input(f)})" for f in inputs]
        if len(inputs) == len(self.fields):
            lines += [f"    {line}" for line in self.record("None", "None", "__open__")]
            lines += [f"    {line}" for line in self.depth("__below__")]
        else:
            lines += [f"    {line}" for line in self._raw()]
            lines += [f"    {line}" for line in self._properties(inputs, call)]
        if self.schema.checks or hasattr(self.schema.cls, "__post_init__"):
            lines.append(
                f"    __run_post_build__(__schema__, __self__, __self__.{RECORD}[{OPEN}] != 0)"
            )
        return lines

    def _settle(self, field: Field) -> list[str]:
        """Return lines that put the checked input of a field into the variable of its name."""
        name, bit = field.name, 1 << field.index
        if field.pinned:
            # The parameter stays as it came: its value alone would not show that it was a Pin.
            value = self.input(field)
            odd = "; __odd__ = True" * (self.notes_odd and field in self.nested)
            return [
                f"if {name} is __unset__: {value} = __below__.{name}; __inherited__ |= {bit}",
                f"elif {name} is __pinned__:",
                f"    if __below__ is __nothing__: {value} = __pinned__; __open__ |= {bit}{odd}",
                f"    else: {value} = __below__.{name}; __inherited__ |= {bit}",
                f"elif __type__({name}) is __pin__:",
                f"    {value} = {name}.value",
                f"    if {self._check(field, value)}",
                "else: raise __unsuitable__",
            ]
        below = f"__below__.{name}" if field.property is None else f"__given__['{name}']"
        if is_soft(field):
            self.bind(given_below=_given_below)
            below = f"__given_below__(__below__, '{name}')"
        lines = [
            f"if {name} is __unset__: {name} = {below}; __inherited__ |= {bit}",
            f"elif {self._check(field, name)}",
        ]
        if field.property is None and not field.validator.never_holds_configs:
            lines.append(f"if __lazy_configs__: __completed__({name})")
        return lines

    def _settle_computed(self) -> list[str]:
        """Return lines for pinned fields that properties compute, which inherit a `Pin` alone."""
        if not self.computed:
            return []
        inputs = [self.input(field) for field in self.computed]
        inherit = []
        for field, value in zip(self.computed, inputs):
            inherit += [
                f"{value} = __given__.get('{field.name}', __unset__)",
                f"if {value} is __unset__ and '{field.name}' in (__pins__ or ()):"
                " raise __unsuitable__",
            ]
        return [
            *[
                f"if {field.name} is not __unset__ and {field.name} is not __pinned__:"
                " raise __unsuitable__"
                for field in self.computed
            ],
            f"__inherited__ |= {self.mask({field.name for field in self.computed})}",
            "if __given__ or __pins__:",
            *[f"    {line}" for line in inherit],
            "else:",
            f"    {' = '.join(inputs)} = __unset__",
        ]

    def _check(self, field: Field, name: str) -> str:
        """Return the condition and statement that check what was given."""
        validator = field.validator
        take, types = f"take{field.index}", f"types{field.index}"
        may_be_pinned = field.property is not None
        self.bind(**{take: _guarded(validator.validate, may_be_pinned), types: validator.types})
        # Values of the very types of the field pass without a call.
        test = f"__type__({name}) not in __{types}__"
        if validator.must_inspect:
            test = "True"
        elif len(validator.types) == 1:
            (only,) = validator.types
            self.bind(**{types: only})
            test = f"__type__({name}) is not __{types}__"
        checked = f"{name} = __{take}__({name})"
        if self.notes_odd and field in self.nested:
            return f"{test} or {self.odd(field, name)}: {checked}; __odd__ = True"
        return f"{test}: {checked}"

    def _settle_open(self) -> list[str]:
        """Return lines for what is inherited from an open config."""
        inputs = sum(1 << field.index for field in self.fields if field.property is None)
        lines = [f"__open__ |= __record__[{OPEN}] & __inherited__ & {inputs}"]
        for field in self.settable:
            if field.pinned:
                lines.append(
                    f"if {self.input(field)} is __pinned__ and '{field.name}' in (__pins__ or ()):"
                    " raise __unsuitable__"
                )
            elif field.takes_input:
                lines.append(f"if {field.name} is __Required__: raise __unsuitable__")
        return lines

    def _raw(self) -> list[str]:
        """Return lines that collect inputs of fields with a property, or share those of a base."""
        always = [field.name for field in self.fields if field.takes_input]
        items = ", ".join(f"'{name}': {name}" for name in always)
        lines = [f"__raw__ = {{{items}}}" if items else "__raw__ = None"]
        for field in self.computed:
            value = self.input(field)
            lines += [
                f"if {value} is not __unset__:",
                f"    __raw__ = {{**(__raw__ or __empty__), '{field.name}': {value}}}",
            ]
        if any(map(is_soft, self.fields)):
            return lines  # their `Pin` is among what was given
        # Where all of them are inherited, the dict of the base is shared: nothing changes it later.
        mask = self.mask({field.name for field in self.fields if field.property is not None})
        return [
            f"if __given__ and __inherited__ & {mask} == {mask}: __raw__ = __given__",
            "else:",
            *[f"    {line}" for line in lines],
        ]

    def _properties(self, inputs: list[Field], call: str) -> list[str]:
        values = ", ".join(f"'{field.name}': {self.input(field)}" for field in inputs)
        made = "__raw__ or {}, __frame__, __inherited__, __bases__, __fallback__"
        evaluate = f"__evaluate__(__schema__, __self__, {{{values}}}, {made}, ({self.given}))"
        if self.plan is None:
            return [evaluate]
        needs = self.mask({n for s in self.plan if s.conditional for n in s.needs})
        plan = PlanWriter(self, self.plan)
        # The values of properties are not read on the base, where they may not be computed yet.
        known = "__below__"
        if any(field.property for field in self.nested):
            known = "__known__" if plan.memorable else ""
        lines = [
            *self.record("__raw__", "__reads__", "0"),
            "try:",
            *[f"    {line}" for line in plan.lines()],
            "except __Exception__ as __error__: __failure__ = __error__",
            f"if __failure__ is not None: return __again__(__failure__, {call})",
            *plan.closing_lines(),
            *self.depth(known),
        ]
        if not needs:
            return lines
        # Whether such a property waits depends on what it reads this time.
        return [
            f"if __open__ & {needs}:",
            f"    {evaluate}",
            "else:",
            *[f"    {line}" for line in lines],
        ]


def _given_below(config: Any, name: str) -> Any:
    """Return the input of a field that may be left out, unless it comes from a `Pin`."""
    if type(raw_inputs(config).get(name)) is Pin:
        raise _Unsuitable
    return getattr(config, name)


def _guarded(take: Callable[[Any], Any], may_be_pinned: bool) -> Callable[[Any], Any]:
    """Return `take` for plain values; what markers and unfinished configs mean is up to `build`."""

    def guarded(value: Any) -> Any:
        if type(value) in _MARKERS or holds_reader(value):
            if may_be_pinned and value is Pinned:
                return value
            raise _Unsuitable
        return take(value)

    return guarded


def _given(schema: Schema, variables: tuple[Any, ...], inherited: int) -> dict[str, Any]:
    """Return the keywords of a call, some of them checked, from its initializer's variables."""
    return {
        field.name: value
        for field, value in zip(schema.fields.values(), variables)
        if value is not UNSET and (field.pinned or not inherited >> field.index & 1)
    }


def _general(
    schema: Schema,
    config: Any,
    bases: tuple[Any, ...],
    unknown: dict[str, Any],
    variables: tuple[Any, ...],
    inherited: int,
    frame: Any,
) -> None:
    given = {**_given(schema, variables, inherited), **unknown}
    build_at(schema, config, bases, given, frame)


def _again(failure: Exception, schema: Schema, config: Any, *call: Any) -> None:
    """Let `build` find out exactly what `failure`, raised by a property, means.

    It raises the same exception, with a note of what the property had read; or the property waits.
    """
    # Not built yet, although properties have read their inputs in its record.
    _set(config, RECORD, None)
    _general(schema, config, *call)
    if isinstance(failure, (DeferredError, BuildError, _Unsuitable)) or record_of(config)[OPEN]:
        return
    # A property that fails only sometimes has failed.
    raise failure


def _evaluate(
    schema: Schema,
    config: Any,
    values: dict[str, Any],
    raw: dict[str, Any],
    frame: Any,
    inherited: int,
    bases: tuple[Any, ...],
    fallback: tuple[Any, ...],
    variables: tuple[Any, ...],
) -> None:
    """Compute the properties through a reader, and make the record."""
    given = _given(schema, variables, inherited)
    call = Construction(schema, frame.f_code, frame.f_lasti, given, bases, fallback)
    call.inherited, call.values, call.raw = inherited, values, raw
    complete_call(call, config)
