"""Compiled initializers: what construction.py does, as straight code made for one class.

A class gets one when it is built often. It handles what nearly every call is: known keywords,
values that fit, at most one base, of the very class. In every other case, and wherever anything is
wrong, it leaves the call to `build`.

What it buys, against `build`: a config of ten fields takes a tenth of the time.
"""

from __future__ import annotations

from pconfigs.build.construction import (
    Construction,
    build,
    compute_properties,
    run_post_build,
    validate_result,
)
from pconfigs.build.evaluation import Evaluation, holds_reader, is_draft_of
from pconfigs.errors.access import DeferredError
from pconfigs.errors.build import BuildError
from pconfigs.markers import Marker, Pin, Pinned, ValueMarker
from pconfigs.schema.attribute_reads import scan
from pconfigs.schema.build_record import OPEN, RAW, RECORD, getframe, raw_inputs, record_of
from pconfigs.schema.generated_code import compile_function
from pconfigs.schema.inheritance import fallback_of, is_soft

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.fields import Field
    from pconfigs.schema.properties import pproperty


class _Unset:
    """Stands for a keyword that was not given."""


class _Nothing:
    """Stands for the layer below the keywords where there is none: it has no attributes."""

    __pconfig_record__ = (None, 0, 0, (), (), None, None, False)


class _Unsuitable(Exception):
    """The call is none for the compiled initializer."""


_set = object.__setattr__
_MARKERS = frozenset((Pin, Marker, ValueMarker))
UNSET = _Unset()
NOTHING = _Nothing()


def compiled_initializer(schema: Schema) -> Callable[..., None]:
    """An `__init__` for the config class of `schema`."""
    lines = _Lines(schema, _direct_plan(schema))
    subject = f"initializer of {schema.cls.__qualname__}"
    made = compile_function("__init__", subject, lines.source(), lines.namespace)
    made.__qualname__ = f"{schema.cls.__qualname__}.__init__"
    made.__module__ = schema.cls.__module__
    return made


def layer_below(schema: Schema) -> Any:
    """The config that fills in what is not given, NOTHING, or None where `build` must find out."""
    fallback = fallback_of(schema)
    if not fallback:
        schema.below = NOTHING
    elif schema.default is fallback[0] and not record_of(schema.default)[OPEN]:
        schema.below = schema.default
    return schema.below


def _direct_plan(schema: Schema) -> list[tuple[pproperty, tuple[str, ...]]] | None:
    """Properties, each with what it reads, in an order in which all can be called on the config.

    None where the code of a property does not show for certain what it reads.
    """
    if schema.reads_elsewhere:
        return None
    reads: dict[str, tuple[str, ...]] = {}
    for name, found in schema.properties.items():
        scanned = scan(found.function)
        if (
            not scanned.certain
            or found.manual_deps
            or _names_environment(found)
            or not scanned.reads.keys() <= schema.fields.keys()
        ):
            return None
        reads[name] = tuple(dict.fromkeys((*found.deps, *scanned.reads)))
    plan: dict[str, tuple[str, ...]] = {}
    while len(plan) < len(reads):
        ready = [
            n for n in reads if n not in plan and all(r in plan or r not in reads for r in reads[n])
        ]
        plan.update((name, reads[name]) for name in ready)
        if not ready:
            return None
    return [(schema.properties[name], read) for name, read in plan.items()]


def _names_environment(found: pproperty) -> bool:
    """Whether the code of a property names a class of environment variables."""
    function: Any = found.function
    named = (function.__globals__.get(name) for name in function.__code__.co_names)
    return any(hasattr(value, "__penv_entries__") for value in named if isinstance(value, type))


class _Lines:
    """The source of one initializer, and the names that it uses.

    Parameters have the names of the fields; every other name, builtins included, has the form
    `__name__`, which no field can have.
    """

    def __init__(
        self, schema: Schema, plan: list[tuple[pproperty, tuple[str, ...]]] | None
    ) -> None:
        self.schema = schema
        self.plan = plan
        self.namespace: dict[str, Any] = {}
        self.bind(
            type=type,
            locals=locals,
            Exception=Exception,
            unset=UNSET,
            pinned=Pinned,
            getframe=getframe,
            set=object.__setattr__,
            schema=schema,
            layer_below=layer_below,
            general=_general,
            evaluate=_evaluate,
            run_post_build=run_post_build,
            describe=_describe,
            validate_result=validate_result,
            unsuitable=_Unsuitable,
            deferred=DeferredError,
            refused=BuildError,
        )

    def bind(self, **names: Any) -> None:
        """Make values known to the source, as `__name__`."""
        self.namespace.update({f"__{name}__": value for name, value in names.items()})

    def source(self) -> list[str]:
        fields = list(self.schema.fields.values())
        inputs = [field for field in fields if field.property is None]
        raws = [field for field in fields if field.property is not None]
        names = "".join(f"{field.name}=__unset__, " for field in fields)
        lines = [
            f"def __init__(__self__, /, *__bases__, {names}**__unknown__):",
            "    __frame__ = __getframe__(1)",
            "    __inherited__ = 0",
            "    try:",
            "        if not __bases__:",
            "            __below__ = __schema__.below or __layer_below__(__schema__)",
            "            __fallback__ = __schema__.fallback",
            "        else:",
            "            __below__, = __bases__",
            "            if __type__(__below__) is not __type__(__self__) and ("
            "__type__(__below__) is not __schema__.draft_class): raise __unsuitable__",
            "            __fallback__ = ()",
            "        __record__ = __below__.__pconfig_record__",
            f"        if __unknown__ or __record__[{OPEN}]: raise __unsuitable__",
            *[f"        {line}" for field in fields for line in self._settle(field)],
            "    except __Exception__:",
            "        return __general__("
            "__schema__, __self__, __bases__, __unknown__, __locals__(), __inherited__, __frame__)",
        ]
        if raws:
            lines.append("    __raw__ = {}")
            lines += [
                f"    if {field.name} is not __unset__: __raw__['{field.name}'] = {field.name}"
                for field in raws
            ]
        lines += [f"    __set__(__self__, '{field.name}', {field.name})" for field in inputs]
        lines += self._properties(inputs) if raws else [self._record("None", "None")]
        if self.schema.checks or hasattr(self.schema.cls, "__post_init__"):
            lines.append(
                f"    __run_post_build__(__schema__, __self__, __self__.__pconfig_record__[{OPEN}])"
            )
        return lines

    def _settle(self, field: Field) -> list[str]:
        """Lines that put the checked input of a field into the variable of its name."""
        name, bit = field.name, 1 << field.index
        if field.pinned:
            # Only Pinned itself, which asks for what is below, is let through; a Pin is left to
            # `build`.
            below = f"__below__.{name}"
            if field.property is not None:
                below = f"(__record__[{RAW}] or {{}}).get('{name}', __unset__)"
            return [
                f"if {name} is not __unset__ and {name} is not __pinned__: raise __unsuitable__",
                f"{name} = {below}; __inherited__ |= {bit}",
            ]
        below = f"__below__.{name}" if field.property is None else f"__record__[{RAW}]['{name}']"
        if is_soft(field):
            self.bind(given_below=_given_below)
            below = f"__given_below__(__below__, '{name}')"
        return [
            f"if {name} is __unset__: {name} = {below}; __inherited__ |= {bit}",
            self._check(field),
        ]

    def _check(self, field: Field) -> str:
        """The line, after `if it was not given: …`, that checks what was given."""
        name, validator = field.name, field.validator
        take, types = f"take{field.index}", f"types{field.index}"
        kept: frozenset[type] = validator.types if field.property is not None else frozenset()
        self.bind(**{take: _guarded(validator.validate, kept), types: validator.types})
        if validator.must_inspect:
            return f"else: {name} = __{take}__({name})"
        if len(validator.types) != 1:
            return f"elif __type__({name}) not in __{types}__: {name} = __{take}__({name})"
        (only,) = validator.types
        self.bind(**{types: only})
        return f"elif __type__({name}) is not __{types}__: {name} = __{take}__({name})"

    def _record(self, raw: str, reads: str) -> str:
        call = "__frame__.f_code, __frame__.f_lasti, __inherited__, __bases__, __fallback__"
        return f"    __set__(__self__, {RECORD!r}, ({call}, {raw}, {reads}, False))"

    def _properties(self, inputs: list[Field]) -> list[str]:
        if self.plan is None:
            values = ", ".join(f"'{field.name}': {field.name}" for field in inputs)
            call = "__raw__, __frame__, __inherited__, __bases__, __fallback__"
            return [f"    __evaluate__(__schema__, __self__, {{{values}}}, {call})"]
        self.bind(reads={found.name: read for found, read in self.plan})
        lines = [self._record("__raw__ or None", "__reads__"), "    try:"]
        for found, _ in self.plan:
            field = self.schema.fields[found.name]
            function, fits, computed = (
                f"function{field.index}",
                f"fits{field.index}",
                f"property{field.index}",
            )
            types: frozenset[type] = (
                frozenset() if field.validator.must_inspect else field.validator.types
            )
            self.bind(**{function: found.function, computed: found, fits: types})
            lines += [
                f"        __at__ = '{found.name}'; __value__ = __{function}__(__self__)",
                f"        if __type__(__value__) not in __{fits}__:",
                "            __value__ = __validate_result__("
                f"__schema__, __{computed}__, __value__)",
                "            if __value__ is __pinned__: raise __deferred__('Pinned', __at__)",
                "        __set__(__self__, __at__, __value__)",
            ]
        return [
            *lines,
            "    except (__deferred__, __refused__):",
            "        return __general__("
            "__schema__, __self__, __bases__, __unknown__, __locals__(), __inherited__, __frame__)",
            "    except __Exception__ as __error__:",
            "        __describe__(__error__, __schema__, __self__, __bases__, __fallback__,"
            " __frame__, __at__, __raw__, __reads__, __locals__(), __inherited__)",
            "        raise",
        ]


def _given_below(config: Any, name: str) -> Any:
    """Return the input of a field that may be left out, unless it comes from a `Pin`."""
    if type(raw_inputs(config).get(name)) is Pin:
        raise _Unsuitable
    return getattr(config, name)


def _guarded(take: Callable[[Any], Any], drafts: frozenset[type]) -> Callable[[Any], Any]:
    """`take` for plain values; what markers and unfinished configs mean is for `build` to say.

    Drafts of the classes `drafts` are kept as they are.
    """

    def guarded(value: Any) -> Any:
        if is_draft_of(value, drafts):
            return value
        if type(value) in _MARKERS or holds_reader(value):
            raise _Unsuitable
        return take(value)

    return guarded


def _given(schema: Schema, variables: dict[str, Any], inherited: int) -> dict[str, Any]:
    """The keywords of a call, from the variables of its initializer."""
    return {
        field.name: variables[field.name]
        for field in schema.fields.values()
        if variables[field.name] is not UNSET and not inherited >> field.index & 1
    }


def _general(
    schema: Schema,
    config: Any,
    bases: tuple[Any, ...],
    unknown: dict[str, Any],
    variables: dict[str, Any],
    inherited: int,
    frame: Any,
) -> None:
    given = {**_given(schema, variables, inherited), **unknown}
    build(schema, config, bases, given, frame.f_code, frame.f_lasti)


def _evaluate(
    schema: Schema,
    config: Any,
    values: dict[str, Any],
    raw: dict[str, Any],
    frame: Any,
    inherited: int,
    bases: tuple[Any, ...],
    fallback: tuple[Any, ...],
) -> None:
    """Compute the properties through a reader, and make the record."""
    code, lasti = frame.f_code, frame.f_lasti
    # Only the names of what was given matter now, and only where a property fails.
    given = {n: None for n, field in schema.fields.items() if not inherited >> field.index & 1}
    call = Construction(schema, code, lasti, given, bases, fallback)
    call.inherited, call.values, call.raw = inherited, values, raw
    reads = compute_properties(call, config)
    is_open = any([getattr(config, name) is Pinned for name in schema.properties])
    _set(config, RECORD, (code, lasti, inherited, bases, fallback, raw or None, reads, is_open))


def _describe(
    error: Exception,
    schema: Schema,
    config: Any,
    bases: tuple[Any, ...],
    fallback: tuple[Any, ...],
    frame: Any,
    failed: str,
    raw: dict[str, Any],
    reads: dict[str, tuple[str, ...]],
    variables: dict[str, Any],
    inherited: int,
) -> None:
    """Add to an exception of a property what it had read."""
    given = _given(schema, variables, inherited)
    call = Construction(schema, frame.f_code, frame.f_lasti, given, bases, fallback)
    values = {name: getattr(config, name) for name in schema.fields if hasattr(config, name)}
    call.inherited, call.values, call.raw = inherited, values, raw
    evaluation = Evaluation(schema, values, raw, lambda found, value: value)
    evaluation.failed, evaluation.reads = failed, {failed: reads[failed]}
    from pconfigs.build.property_notes import explain_failure

    explain_failure(error, call, evaluation)
