"""Properties: fields whose value code computes, and checks of a whole config."""

from __future__ import annotations

from pconfigs.errors.declare import CycleError, DeclarationError
from pconfigs.schema.attribute_reads import mentioned_names, scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any


class pproperty:
    """Computes the value of the field of the same name, once, while the config is built.

    Use as `@pproperty`, or with arguments:

    Args:
        deps: A field name, or several, that the computation depends on in a way its code does not
            show.
        manual_deps: Only `deps` count as dependencies: for cycles, and for waiting on values not
            known yet.
        fixup: Declare to type checkers that the property repairs a field which users set.
    """

    def __new__(
        cls,
        function: Callable[[Any], Any] | None = None,
        *,
        deps: str | Iterable[str] | None = None,
        manual_deps: bool = False,
        fixup: bool = False,
    ) -> Any:
        if function is None:

            def decorate(method: Callable[[Any], Any]) -> Any:
                return cls(method, deps=deps, manual_deps=manual_deps, fixup=fixup)

            return decorate
        if not hasattr(function, "__code__"):
            raise DeclarationError(f"@pproperty goes on a method, but was put on {function!r}")
        self = super().__new__(cls)
        self.function = function
        self.deps = (deps,) if isinstance(deps, str) else tuple(deps or ())
        self.manual_deps = manual_deps
        self.name = function.__name__
        self.owner = None
        self.__doc__ = function.__doc__
        return self

    function: Callable[[Any], Any]
    deps: tuple[str, ...]
    manual_deps: bool
    name: str
    owner: type | None

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner = owner
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        # Built configs hold the value itself. This is reached through super(), on classes that are
        # not configs, and for configs whose properties wait.
        if instance is None:
            return self
        schema: Any = getattr(instance, "__pconfig_schema__", None)
        lazy: Any = None if schema is None else schema.lazy_value
        if schema is not None and lazy is not None and schema.properties.get(self.name) is self:
            return lazy(self, instance)
        return self.function(instance)

    def __repr__(self) -> str:
        owner = "" if self.owner is None else f"{self.owner.__qualname__}."
        return f"<pproperty {owner}{self.name}>"


class pcheck:
    """Checks a config as a whole, once its values are known: it raises where something is wrong.

    All failing checks of a config are reported together. A check that reads a value not known yet
    waits.
    """

    def __init__(self, function: Callable[[Any], object]) -> None:
        if not hasattr(function, "__code__"):
            raise DeclarationError(f"@pcheck goes on a method, but was put on {function!r}")
        self.function = function
        self.name = function.__name__
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else self.function.__get__(instance, owner)


def visible_reads(prop: pproperty, known: Iterable[str]) -> set[str]:
    """Return those of the `known` names that the property's code is seen to read on its config."""
    if prop.manual_deps:
        return set(prop.deps).intersection(known)
    return {*scan(prop.function).reads, *prop.deps}.intersection(known)


def member_of(cls: type, name: str, default: Any = None) -> Any:
    """Return what a class or an ancestor has under a name, without calling descriptors."""
    for one in cls.__mro__:
        if name in one.__dict__:
            return one.__dict__[name]
    return default


def may_read_input(
    cls: type, function: Callable[[Any], Any], name: str, seen: frozenset[Any] = frozenset()
) -> bool:
    """Return whether a property or check of a class may read what was given for the field `name`.

    It reads it through `pinputs(self)`, itself or in a method or property that it reads on `self`.
    """
    scanned = scan(function)
    if scanned.escapes or scanned.inputs is None or name in scanned.inputs:
        return True
    inner: Any
    seen |= {function.__code__}
    for read in scanned.reads:
        found = member_of(cls, read)
        inner = found.fget if isinstance(found, property) else found
        if isinstance(inner, pproperty):
            continue  # a field
        if not hasattr(inner, "__code__"):
            if hasattr(type(inner), "__get__"):
                return True
        elif inner.__code__ not in seen and may_read_input(cls, inner, name, seen):
            return True
    return False


def refuse_visible_cycle(config_class: type, properties: Mapping[str, pproperty]) -> None:
    """Raise CycleError where the code of `properties` shows that some need each other."""
    mentions = {
        name: set(prop.deps)
        if prop.manual_deps
        else mentioned_names(prop.function.__code__).union(prop.deps)
        for name, prop in properties.items()
    }
    graph = {name: [n for n in sorted(mentions[name]) if n in properties] for name in properties}
    if find_cycle(graph) is None:
        return
    # Names alone overstate: only now is it worth looking at what each name is read from.
    graph = {name: sorted(visible_reads(prop, properties)) for name, prop in properties.items()}
    cycle = find_cycle(graph)
    if cycle is not None:
        raise CycleError(config_class, cycle, lines_of(cycle[:-1], properties))


def lines_of(names: Iterable[str], properties: Mapping[str, pproperty]) -> list[tuple[str, int]]:
    """Return file and line where each of some properties is defined."""
    codes: list[Any] = [properties[name].function for name in names]
    known = [getattr(function, "__code__", None) for function in codes]
    return [(code.co_filename, code.co_firstlineno) for code in known if code is not None]


def find_cycle(graph: Mapping[str, list[str]]) -> list[str] | None:
    """Return the first cycle of a graph, its first member repeated at the end, or None."""
    done: set[str] = set()
    for start in graph:
        if start in done:
            continue
        trail, pending = [start], [iter(graph[start])]
        on_trail = {start}
        while pending:
            following = next(pending[-1], None)
            if following is None:
                pending.pop()
                left = trail.pop()
                on_trail.discard(left)
                done.add(left)
            elif following in on_trail:
                return [*trail[trail.index(following) :], following]
            elif following not in done:
                trail.append(following)
                on_trail.add(following)
                pending.append(iter(graph[following]))
    return None
