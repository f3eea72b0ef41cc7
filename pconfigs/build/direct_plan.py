"""Direct plans: which properties of a class can be called on the config that is being built.

Most properties read fields of their config and do nothing else with it: their code shows every
field that they may read. They are called on the config itself, in an order in which what they read
is there. A class with any other property computes all of them through a reader (evaluation.py),
which is exact for whatever code does, and slower.
"""

from __future__ import annotations

from pconfigs.schema.attribute_reads import scan
from pconfigs.schema.build_record import StaticReads
from pconfigs.schema.properties import member_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.schema.attribute_reads import Scan
    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.properties import pproperty

# What a class may have under a name without reading its object.
_CONSTANTS: tuple[type, ...] = (
    int, float, complex, str, bytes, type(None), tuple, frozenset, type, staticmethod, classmethod,
)  # fmt: skip


class Step:
    """One property of a direct plan.

    Attributes:
        property: What computes it.
        reads: The fields that it may read, in the order of its code.
        inputs: The fields whose inputs it may read; None where that does not show.
        conditional: It may return without reading all of `reads`.
        needs: `reads`, and what the properties among them may read, and so on.
    """

    __slots__ = ("conditional", "inputs", "needs", "property", "reads")

    def __init__(self, found: pproperty, scanned: Scan) -> None:
        self.property = found
        self.reads = tuple(dict.fromkeys((*found.deps, *scanned.reads)))
        self.inputs = None if scanned.inputs is None else tuple(scanned.inputs)
        self.conditional = scanned.conditional
        self.needs: set[str] = set(self.reads)


def direct_plan(schema: Schema) -> list[Step] | None:
    """Return the properties in an order in which all can be called on the config.

    None where the code of a property does not show what it reads, or where the order depends on
    what is read at run time; where one has read the environment, too.
    """
    if schema.reads_elsewhere:
        return None
    steps: dict[str, Step] = {}
    for name, found in schema.properties.items():
        scanned = None if found.manual_deps else _scanned(schema, found.function, [])
        if scanned is None or not set(found.deps) <= schema.fields.keys():
            return None
        steps[name] = Step(found, scanned)
    ordered: dict[str, Step] = {}
    if not all([_place_in_order(name, steps, ordered, []) for name in steps]):
        return None
    return list(ordered.values())


def _place_in_order(
    name: str, steps: dict[str, Step], ordered: dict[str, Step], active: list[str]
) -> bool:
    """Add a property after those that it reads; return False where they may need each other."""
    if name in ordered:
        return True
    step = steps[name]
    for read in step.reads:
        if read in steps:
            if read in (*active, name) or not _place_in_order(
                read, steps, ordered, [*active, name]
            ):
                return False
            step.needs |= steps[read].needs
    ordered[name] = step
    return True


def static_reads(plan: list[Step]) -> StaticReads:
    """Return the reads of a plan as records keep them."""
    conditional = frozenset(step.property.name for step in plan if step.conditional)
    return StaticReads({step.property.name: step.reads for step in plan}, conditional)


def reads_while_open(schema: Schema, plan: list[Step], open_mask: int) -> StaticReads:
    """Return the reads of a config some of whose fields are open: up to what each waits for."""
    is_open = {name for name, field in schema.fields.items() if open_mask >> field.index & 1}
    reads: dict[str, tuple[str, ...]] = {}
    for step in plan:
        waits = [index for index, read in enumerate(step.reads) if read in is_open]
        reads[step.property.name] = step.reads[: waits[0] + 1] if waits else step.reads
    conditional = frozenset(s.property.name for s in plan if s.conditional)
    return StaticReads(reads, conditional)


def _scanned(schema: Schema, function: Any, callers: list[Any]) -> Scan | None:
    """Return what a function reads on its config, its methods included; None where unclear."""
    if function in callers or not hasattr(function, "__code__"):
        return None
    scanned = scan(function)
    named = [function.__globals__.get(name) for name in function.__code__.co_names]
    if scanned.escapes or any(map(_is_environment, named)):
        return None
    for name in [name for name in scanned.reads if name not in schema.fields]:
        del scanned.reads[name]
        member = member_of(schema.cls, name, _UNKNOWN)
        if isinstance(member, property):
            member = member.fget
        elif _is_environment(member):
            return None
        elif isinstance(member, _CONSTANTS):
            continue
        inner = _scanned(schema, member, [*callers, function])
        if inner is None:
            return None
        scanned.add(inner)
    return scanned


def _is_environment(value: object) -> bool:
    """Return whether a value is a class of environment variables, whose reads are recorded."""
    return isinstance(value, type) and hasattr(value, "__penv_entries__")


_UNKNOWN = object()
