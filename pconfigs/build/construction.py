"""Construction: keywords and bases become checked inputs, these become values of a config.

This is the whole meaning of a construction, for every case. compiled_init.py does the same faster
for the common case, once a class is built often.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import CONTAINERS
from pconfigs.build.construction_state import Construction
from pconfigs.build.evaluation import (
    DeferredRead,
    Evaluation,
    holds_reader,
    is_reader,
    open_reader,
)
from pconfigs.errors.access import DeferredError, built_twice
from pconfigs.markers import Omitted, Pin, Pinned, Required, is_deferred
from pconfigs.schema.build_record import (
    DEPTH,
    EXTENDS,
    LAZY,
    MOST_DEPTH,
    READS,
    RECORD,
    EnvironmentRead,
    lazy_configs,
    record_of,
)
from pconfigs.schema.children import depth_of, holds_open
from pconfigs.schema.class_schema import held_values, is_config, schema_of
from pconfigs.schema.inheritance import ABSENT, fallback_of, inherited_input, is_soft
from pconfigs.schema.open_reads import may_read_open
from pconfigs.validation.factory import InvalidValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any

    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.fields import Field
    from pconfigs.schema.properties import pcheck, pproperty

_set = object.__setattr__
_NOT_ITSELF = "a value without the config itself in it"


# Keywords come first, then the bases from left to right, then the default of the class, or else
# those of its ancestors, nearest first.


def problems() -> Any:
    """Return the module that looks at what is wrong, or open; loaded with the first such config."""
    from pconfigs.build import problems

    return problems


def _can_inherit(schema: Schema, base: Any) -> bool:
    """Return whether `base` is a config of the class or of an ancestor, and built."""
    return is_config(base) and issubclass(schema.cls, schema_of(base).cls) and not is_reader(base)


def build_at(
    schema: Schema,
    config: Any,
    bases: tuple[Any, ...],
    given: dict[str, Any],
    frame: FrameType,
) -> None:
    """Build a config by the call that a frame is at; see `build`.

    `dataclasses.replace(config, x=1)` passes on what a config holds: that is its base, and the
    caller of `replace` makes the variant.
    """
    if frame.f_globals.get("__name__") == "dataclasses":
        found = frame.f_locals
        base = found.get("obj", found.get("self"))
        if type(base) is type(config) and not bases:
            given = {n: value for n, value in given.items() if value is not getattr(base, n, None)}
            bases = (base,)
            while frame.f_back is not None and frame.f_globals.get("__name__") == "dataclasses":
                frame = frame.f_back
    build(schema, config, bases, given, frame.f_code, frame.f_lasti)


def build(
    schema: Schema,
    config: Any,
    bases: tuple[Any, ...],
    given: dict[str, Any],
    code: CodeType,
    lasti: int,
) -> None:
    """Give `config`, an empty object of the class of `schema`, its values and its record.

    Raises:
        BuildError: Something about the inputs is wrong; all of it is reported.
        CheckError: The config as a whole fails its checks.
        Exception: What a property raises, with a note on what it had read.
    """
    if config.__pconfig_record__ is not None:
        raise built_twice(config)
    if type(config) is not schema.cls and not type(config).__dict__.get(EXTENDS):
        problems().refuse_undecorated(schema, type(config))
    good = tuple([base for base in bases if _can_inherit(schema, base)])
    call = Construction(schema, code, lasti, given, good, fallback_of(schema))
    if len(good) < len(bases):
        call.problems += [
            problems().bad_base(schema, index, base, code, lasti)
            for index, base in enumerate(bases)
            if not _can_inherit(schema, base)
        ]
    is_open = build_call(call, config)
    run_post_build(schema, config, is_open)


def build_call(call: Construction, config: Any, defers: bool = False) -> bool:
    """Build the config of one call without running its checks; return whether it is open.

    Args:
        call: The call.
        config: An empty object of the class.
        defers: Whether fields that were not given are open, not missing.

    Raises:
        BuildError: Something about the inputs is wrong; all of it is reported.
        Exception: What a property raises, with a note on what it had read.
    """
    resolve_inputs(call)
    if defers:
        defer_missing(call)
    refuse_wrong_inputs(call)
    for name, value in call.values.items():
        _set(config, name, value)
    return complete_call(call, config)


def complete_call(call: Construction, config: Any) -> bool:
    """Give a config that has its inputs what follows from them, and its record.

    Returns whether it is open.
    """
    schema = call.schema
    reads = None
    if schema.properties:
        values = dict(call.values)
        evaluation = Evaluation(schema, values, call.raw, validate_result, waits_for_part)
        for name in schema.properties:
            try:
                value = evaluation.value(name)
            except Exception as error:
                problems().explain_failure(error, call, evaluation)
                raise
            _set(config, name, value)
        reads = _shared_reads(schema, evaluation.reads)
    set_depth(schema, config, call.code, call.lasti)
    is_open = open_mask(schema, config)
    made = (call.code, call.lasti, call.inherited, call.recorded_bases, call.fallback)
    _set(config, RECORD, (*made, call.raw or None, reads, is_open))
    return bool(is_open)


def refuse_wrong_inputs(call: Construction) -> None:
    """Raise the BuildError of a call in which something is wrong."""
    if call.problems or call.missing:
        raise problems().refusal(call)


def completed(value: Any) -> Any:
    """Return `value`; lazy configs in it, the inputs of an edit, are complete afterwards."""
    kind = type(value)
    if hasattr(kind, "__pconfig_schema__"):
        if not is_reader(value) and record_of(value)[READS] is LAZY:
            schema_of(value).building().complete(value)
    elif issubclass(kind, CONTAINERS):
        _complete_items(value)
    return value


def _complete_items(value: Any) -> None:
    """Complete the lazy configs in a container, which may be nested deeply, or in itself."""
    pending: list[Any] = [value]
    seen: set[int] = set()
    while pending:
        container = pending.pop()
        if id(container) in seen:
            continue
        seen.add(id(container))
        is_dict = isinstance(container, dict)
        for item in [*container, *container.values()] if is_dict else container:
            inner = type(item)
            if hasattr(inner, "__pconfig_reader__"):
                continue
            # Written out: a tied list may be long, and is walked for each edit.
            if hasattr(inner, "__pconfig_schema__"):
                if item.__pconfig_record__[READS] is LAZY:
                    completed(item)
            elif issubclass(inner, CONTAINERS):
                pending.append(item)


def set_depth(schema: Schema, config: Any, code: Any, lasti: int) -> None:
    """Note on a config how deep configs are nested in it.

    Raises:
        NestingError: More than 100 of them.
    """
    if schema.nested_names:
        depth = 1 + max([depth_of(getattr(config, name)) for name in schema.nested_names])
        if depth > MOST_DEPTH:
            raise problems().too_deep(schema, code, lasti)
        if depth == 1 or depth != getattr(schema.cls, DEPTH):
            # Python makes room for the attributes that the first instances of a class have.
            _set(config, DEPTH, depth)


def open_mask(schema: Schema, config: Any) -> int:
    """Return the fields of a config that are deferred, as a bit mask over their order."""
    mask = 0
    for field in schema.fields.values():
        # Not by `__dict__`: once that was asked for, Python reads the config's attributes slower.
        value = getattr(config, field.name, None)  # a secret that was not pickled is not there
        if value is Pinned or value is Required:
            mask |= 1 << field.index
    return mask


def defer_missing(call: Construction) -> None:
    """Let what is missing be open: `psmoke(Config, x=…)` names the fields that it is about."""
    for field in call.missing:
        inputs = call.values if field.property is None else call.raw
        inputs[field.name] = Required
    call.missing.clear()


def run_post_build(schema: Schema, config: Any, is_open: bool) -> None:
    """Run what a class wants to run on a complete config: its checks, its `__post_init__`."""
    if schema.checks:
        run_checks(schema, config, is_open)
    after = getattr(config, "__post_init__", None)
    if after is not None:
        after()


def resolve_inputs(call: Construction) -> None:
    """Find the input of every field, check it, and note what is wrong."""
    given, fields = call.given, call.schema.fields
    for name in given:
        if name not in fields:
            call.problems.append(problems().unknown_field(call, name))
    sources = (*call.bases, *call.fallback)
    for field in fields.values():
        name = field.name
        value = given_input(call, field, given[name]) if name in given else ABSENT
        if value is ABSENT or type(value) is Pin:
            below = _inherited_input(call, field, sources)
            # A pin of an Omitted field gives way to what is given for it anywhere below.
            if value is ABSENT or not (below is ABSENT or below is Omitted or type(below) is Pin):
                value = below
                call.inherited |= 1 << field.index
        if value is ABSENT and Omitted in field.markers and not field.pinned:
            value = Omitted  # it may be left out: no default has to give that
        if value is ABSENT:
            if field.property is None or not field.pinned:
                call.missing.append(field)
        elif type(value) is Pin:
            call.values[name], call.raw[name] = value.value, value
        elif field.property is None:
            call.values[name] = value
        else:
            call.raw[name] = value


def given_input(call: Construction, field: Field, value: Any) -> Any:
    """Return the checked input of a keyword; ABSENT where it asks for what is there anyway."""
    if type(value) is Pin and value.value is Pinned and field.pinned:
        # As a saved config has it that was open: not pinned yet.
        value = Pinned
    if type(value) is Pin:
        if is_soft(field):
            return Pin(_checked(call, field, value.value))
        value = value.value
    elif field.pinned:
        if value is Pinned:
            below = inherited_input(field, (*call.bases, *call.fallback))[0]
            return Pinned if field.property is None and below is ABSENT else ABSENT
        call.problems.append(problems().pinned_field(call, field))
        return None
    elif value is Pinned and field.property is not None:
        return value
    return _checked(call, field, value)


def _inherited_input(call: Construction, field: Field, sources: tuple[Any, ...]) -> Any:
    value, source = inherited_input(field, sources)
    if (
        source is None
        or value is Pinned
        or schema_of(source).fields[field.name].validator is field.validator
    ):
        return value
    # The class has declared the field anew: what fitted its ancestor may not fit it.
    if type(value) is Pin:
        return Pin(_checked(call, field, value.value))
    return _checked(call, field, value)


def _checked(call: Construction, field: Field, value: Any) -> Any:
    """Return the value to hold; a value that does not fit is noted as a problem."""
    check = field.validator
    if lazy_configs and field.property is None:
        completed(value)
    if type(value) in check.types and not check.must_inspect:
        return value
    if value is Required or (value is Omitted and Omitted in field.markers):
        return value
    if value is Pinned:
        advice = f"{field.name} is not a pinned field: give a value, or leave it out"
        mismatch = InvalidValue("", value, check.description, advice)
    elif holds_reader(value):
        mismatch = InvalidValue("", value, _NOT_ITSELF, "a config cannot be inside itself")
    else:
        try:
            return check.validate(value)
        except InvalidValue as caught:
            mismatch = caught
    place = call.keyword_place(field.name) if field.name in call.given else None
    call.problems.append(problems().wrong_type(field, place, mismatch))
    return None


def waits_for_part(config: Any, found: pproperty | pcheck) -> bool:
    """Return whether a property or check, evaluated again, reads something open in a part."""
    return bool(problems().reads_open(config, found))


def _shared_reads(schema: Schema, reads: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return reads as the object that the config made before has, where they are the same."""
    if any([type(read) is EnvironmentRead for names in reads.values() for read in names]):
        return reads  # of which others have another text
    if schema.last_reads != reads:
        schema.last_reads = reads
    return schema.last_reads


def validate_result(schema: Schema, found: pproperty, value: Any) -> Any:
    """Return the value to hold for what a property returned."""
    field = schema.fields[found.name]
    check = field.validator
    if value is Omitted and Omitted in field.markers:
        return value
    if lazy_configs:
        completed(value)
    if type(value) in check.types and not check.must_inspect:
        return value
    if holds_open(value):
        return Pinned
    if holds_reader(value):
        mismatch = InvalidValue("", value, _NOT_ITSELF, "a config cannot be inside itself")
    else:
        try:
            return check.validate(value)
        except InvalidValue as caught:
            if is_deferred(caught.value):
                return Pinned
            mismatch = caught
    raise problems().wrong_result(schema, found, mismatch)


def run_checks(schema: Schema, config: Any, is_open: bool) -> None:
    """Run the checks of a config as a whole.

    Raises:
        CheckError: One or more failed.
    """
    failures: list[tuple[str, BaseException]] = []
    for name, check in schema.checks.items():
        try:
            said = check.function(open_reader(schema, config) if is_open else config)
            if said is False:
                # `return self.x > 0` was meant to refuse.
                raise ValueError("it returned False; raise what is wrong: raise ValueError(...)")
        except (DeferredRead, DeferredError):
            continue
        except Exception as error:
            may_wait = may_read_open(schema, check, held_values(config))
            if not (may_wait and waits_for_part(config, check)):
                failures.append((name, error))
    if failures:
        raise problems().failed_checks(config, failures) from failures[0][1]
