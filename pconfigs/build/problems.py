"""Problems: what is wrong with the inputs of a construction, and what a failed property had read.

Loaded when something is refused, fails, or may wait for what is open in a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import CodeType
from typing import Any

from pconfigs.build.construction_state import Construction
from pconfigs.build.evaluation import DeferredRead, Evaluation, open_reader
from pconfigs.errors.access import DeferredError
from pconfigs.errors.base import show_as_users
from pconfigs.errors.build import (
    BadBase,
    BuildProblem,
    CheckError,
    EnvironmentGiven,
    MissingFields,
    NestingError,
    PinnedSet,
    UnknownField,
    WrongType,
    build_error,
)
from pconfigs.errors.declare import undecorated
from pconfigs.errors.formatting import (
    aligned,
    class_name,
    did_you_mean,
    given_words,
    nearest,
    shorten,
    type_words,
    with_article,
)
from pconfigs.errors.place import Place
from pconfigs.markers import Pinned, Secret, is_deferred
from pconfigs.provenance.origins import (
    HIDDEN,
    argument_place,
    function_place,
    is_library_code,
    keyword_place,
    place_of,
    user_call_site,
)
from pconfigs.schema.build_record import (
    CODE,
    EXTENDS,
    FALLBACK,
    INHERITED,
    LASTI,
    MOST_DEPTH,
    EnvironmentRead,
    bases_of,
    record_of,
)
from pconfigs.schema.class_schema import Schema, is_config, is_config_class, schema_of
from pconfigs.schema.fields import Field
from pconfigs.schema.inheritance import inherited_input
from pconfigs.schema.properties import pcheck, pproperty, visible_reads
from pconfigs.tree import property_reads
from pconfigs.validation.factory import InvalidValue
from pconfigs.validation.suggestions import redefined


def reads_open(config: Any, found: pproperty | pcheck) -> bool:
    """Return whether a property or check, evaluated again, reads something open in a part."""
    return property_reads.reads_open(config, found)


def wrong_type(field: Field, place: Place | None, mismatch: InvalidValue) -> WrongType:
    """Return the problem of a value that does not fit a field, or something inside the value."""
    if Secret in field.markers:
        # The way inside may be a key of a dict, and advice quotes.
        words = field.validator.description
        made = WrongType(field.name, place, words, HIDDEN, "", mismatch.constraint)
        made.secret = True
        return made
    path = f"{field.name}{mismatch.path}"
    return WrongType(
        path, place, mismatch.expected, mismatch.value, mismatch.advice, mismatch.constraint
    )


def unknown_field(call: Construction, name: str) -> BuildProblem:
    """Return the problem of a keyword that is not a field, with the nearest one."""
    fields = call.schema.fields
    if name == "environment" and call.schema.environment is not None:
        return EnvironmentGiven(call.keyword_place(name))
    settable = [known for known, field in fields.items() if not field.pinned]
    suggestion = nearest(name, settable)
    words = f"{suggestion!r} ({fields[suggestion].validator.description})" if suggestion else None
    pinned = nearest(name, [known for known, field in fields.items() if field.pinned])
    near = nearest(name, fields)
    hides = near is not None and Secret in fields[near].markers
    reason = _why_not_a_field(call.schema, name)
    return UnknownField(name, call.keyword_place(name), words, settable, pinned, hides, reason)


def _why_not_a_field(schema: Schema, name: str) -> str:
    """Return what to do about a name that the class knows as something else, or nothing."""
    parameter = schema.outside.parameters.get(name) if schema.outside is not None else None
    if parameter is None:
        return ""
    written = parameter.written.partition(" = ")[0]
    return f"it is a parameter without a default: declare {written} in the class"


def pinned_field(call: Construction, field: Field) -> BuildProblem:
    """Return the problem of a pinned field that was set, with what computes it from what."""
    computed_by = ""
    reads: list[str] = []
    if field.property is not None:
        place = function_place(field.property.function)
        computed_by = f"the property at {place}" if place is not None else "its property"
        reads = sorted(visible_reads(field.property, call.schema.fields))
    return PinnedSet(field.name, call.keyword_place(field.name), computed_by, reads)


def refusal(call: Construction) -> Exception:
    """Return the error that reports all problems of a construction."""
    problems = list(call.problems)
    problems.sort(
        key=lambda problem: (
            (problem.place.line, problem.place.column or 0) if problem.place else (0, 0)
        )
    )
    refused = [problem for problem in problems if isinstance(problem, BadBase)]
    for problem in refused if call.missing else ():
        # What a refused base would have given is not reported as missing, but it is.
        problem.is_type_error = True
    if call.missing and not refused:
        missing = [(field.name, _wanted(call, field)) for field in call.missing]
        problems.append(MissingFields(missing))
    return build_error(call.schema.cls, call.place, problems)


def _wanted(call: Construction, field: Field) -> str:
    """Return what a missing field takes, in words."""
    if not field.pinned:
        return field.validator.description
    declared = {name for one in call.schema.lineage for name in one.declared.names}
    known = call.schema.properties.keys() - declared
    default = f"{field.name}=Pin(...) in the default"
    hint = did_you_mean(field.name, known, "@pproperty {}", default)
    return f"{field.validator.description} (pinned: {hint})"


def bad_base(schema: Schema, index: int, base: Any, code: CodeType, lasti: int) -> BadBase:
    """Return the problem of positional argument `index`, from which nothing can be inherited."""
    headline, advice, is_value_error = _wrong_base(schema, base)
    quotes = is_config(base) or isinstance(base, type) or not _has_secrets(schema)
    place = argument_place(code, lasti, index) if quotes else None
    return BadBase(place, headline, advice, is_value_error)


def _has_secrets(schema: Schema) -> bool:
    return any(Secret in field.markers for field in schema.fields.values())


def _wrong_base(schema: Schema, base: Any) -> tuple[str, str, bool]:
    """Return why `base` cannot be inherited from: headline, advice, whether it is a ValueError."""
    name = class_name(schema.cls)
    if is_deferred(base):
        open_value = f"{given_words(base)}, the value of a field that is still open"
        headline = f"{name} cannot inherit from {open_value}"
        return headline, "complete the config it is read from: pmissing(config) lists why", False
    if not is_config(base):
        # The first field may be a secret.
        hides = _has_secrets(schema) and not isinstance(base, type)
        shown = with_article(type_words(type(base))) if hides else given_words(base)
        headline = f"{name} takes only configs before the keywords, got {shown}"
        if is_config_class(base):
            return headline, f"inherit from an object: {base.__name__}(...)", False
        if isinstance(base, type):
            advice = f"give it as a keyword: field={base.__name__}; a base is made by @pconfig"
            return headline, advice, False
        if schema.outside is not None and schema.outside.how in ("calls", "own"):
            return headline, f"to call it, make a config first: {name}()(...)", False
        return headline, "give values as keywords: field=...", False
    base_class = schema_of(base).cls
    if getattr(type(base), "__pconfig_reader__", False):
        return (
            f"{name} is to inherit from {class_name(base_class)}, which is still being built",
            "",
            True,
        )
    base_name = class_name(base_class)
    if issubclass(base_class, schema.cls):
        return (
            f"{name} cannot inherit from {base_name}, which is a class derived from it",
            f"write {base_name}(...), or pass its fields as keywords",
            True,
        )
    return (
        f"{name} cannot inherit from {base_name}, which is neither its class nor an ancestor",
        redefined(schema.cls, base_class) or "pass what is meant as keywords: field=other.field",
        True,
    )


def wrong_result(schema: Schema, found: pproperty, mismatch: InvalidValue) -> Exception:
    """Return the error of a property that returned what does not fit its field."""
    place = function_place(found.function)
    problem = wrong_type(schema.fields[found.name], place, mismatch)
    problem.returned = True
    if mismatch.value is None and not mismatch.path and not problem.secret:
        problem.advice = f"add a return, or annotate it with {problem.expected} | None"
    return build_error(schema.cls, place, [problem])


def refuse_undecorated(schema: Schema, cls: type) -> None:
    """Refuse a class derived from a config class that declares something without `@pconfig`.

    Raises:
        DeclarationError: It has annotations, properties, checks or values of fields of its own.
    """
    for derived in cls.__mro__[: cls.__mro__.index(schema.cls)]:
        own = derived.__dict__
        declared: list[str] = list(own.get("__annotations__") or ())
        if own.get("__annotate_func__") or own.get("__annotate__"):
            # Since Python 3.14 their names are known to a function only.
            declared.append("annotated fields")
        declared += [
            name
            for name, value in own.items()
            if isinstance(value, (pproperty, pcheck)) or name in schema.fields
        ]
        if declared:
            raise undecorated(derived, declared, schema.cls)
    type.__setattr__(cls, EXTENDS, True)


def too_deep(schema: Schema, code: Any, lasti: int) -> NestingError:
    """Return the error of a config that would be nested too deep."""
    return NestingError(schema.cls, place_of(code, lasti), MOST_DEPTH)


def failed_checks(config: Any, failures: Sequence[tuple[str, BaseException]]) -> CheckError:
    """Return the error that reports all failed checks of a config."""
    record = record_of(config)
    return CheckError(schema_of(config).cls, place_of(record[CODE], record[LASTI]), failures)


def explain_failure(error: BaseException, call: Construction, evaluation: Evaluation) -> None:
    """Add a note to `error`, raised while the properties of `call` were computed."""
    show_as_users(error)
    failed = evaluation.failed
    if failed is None:
        return
    schema = call.schema
    found = schema.properties[failed]
    # In a circle that is met only now, a property has asked for what is not known.
    reads = [
        read
        for read in evaluation.reads.get(failed, ())
        if read in evaluation.values or isinstance(read, EnvironmentRead)
    ]
    place = function_place(found.function)
    at = f" ({place})" if place is not None else ""
    name = class_name(schema.cls)
    lines = [f"in the property {name}.{failed}{at}" + (", which had read" if reads else "")]
    shown = [
        (f"{read} = {_shown(schema, read, evaluation.values.get(read))}", _origin(call, read))
        for read in reads
    ]
    lines += [f"    {line}" for line in aligned(shown)]
    lines += [f"and the check {check} fails: {words}" for check, words in _failing(evaluation)]
    error.add_note("\n".join(lines))


def _failing(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """Yield the checks that fail on what was known when a property raised, each with its words."""
    known = open_reader(evaluation.schema, evaluation.snapshot())
    for name, check in evaluation.schema.checks.items():
        try:
            check.function(known)
        except (DeferredRead, DeferredError):
            pass
        except Exception as error:
            yield name, str(error) or type(error).__name__


def _shown(schema: Schema, read: str, value: Any) -> str:
    """Return what a property read, in few words; nothing of a secret."""
    if isinstance(read, EnvironmentRead):
        return repr(HIDDEN) if read.text is None else shorten(read.text, 50)
    field = schema.fields.get(read)
    return repr(HIDDEN) if field and Secret in field.markers else shorten(value, 50)


def _origin(call: Construction, name: str) -> str:
    """Return the origin of a field's value: its property, its keyword, or the call around that."""
    if isinstance(name, EnvironmentRead):
        return f"{name.variable} is set" if name.is_set else f"default of {name.variable}"
    if call.schema.fields[name].property is not None and call.raw.get(name, Pinned) is Pinned:
        return "computed"
    if name in call.given:
        return _written(call.code, call.lasti, name)
    sources, fallback = (*call.bases, *call.fallback), call.fallback
    default = ""
    while True:
        source = inherited_input(call.schema.fields[name], sources)[1]
        if source is None:
            return ""
        if any(source is one for one in fallback):
            default = "default, "
        record = record_of(source)
        if not record[INHERITED] >> schema_of(source).fields[name].index & 1:
            return f"{default}{_written(record[CODE], record[LASTI], name)}"
        sources, fallback = (*bases_of(source), *record[FALLBACK]), record[FALLBACK]


def _written(code: Any, lasti: int, name: str) -> str:
    """Return the place of a keyword; of the edit, where this library made the call for it."""
    if is_library_code(code):
        code, lasti = user_call_site()
        if is_library_code(code):
            return "this edit"
    return str(keyword_place(code, lasti, name) or place_of(code, lasti))
