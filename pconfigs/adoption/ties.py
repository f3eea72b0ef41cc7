"""Ties: which property of which class sets a value that follows from others.

A value is set by the class that holds both it and all that it reads, nearest to it. Where it reads
a value that a class above sets, it waits until that class does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pconfigs.adoption.description import ConfigClass, Field, Kind, Tie, classes_in
from pconfigs.adoption.formulas import references
from pconfigs.adoption.infer import field_at
from pconfigs.adoption.nodes import Path, Variable, dotted, overlap
from pconfigs.errors.base import Problem
from pconfigs.serialization.formats.interpolations import (
    Call,
    Constant,
    Formula,
    Joined,
    Listed,
    Reference,
)


class Ties:
    """Find where each value of a tree of classes is set."""

    def __init__(self, root: ConfigClass) -> None:
        self.root = root
        self.findings: list[Problem] = []
        self.ties: dict[Path, Tie] = {}
        self.below: dict[Path, list[Tie]] = {}  # ties by each path that theirs begin with
        self.kinds: dict[Path, Kind] = {}  # of values at paths, so that each is found once

    def place(self) -> list[Problem]:
        """Give each class its ties; return what could not be tied."""
        self.forget_items(self.root, set())
        for path, owner, field in list(self.tied(self.root, (), set())):
            self.enter(path, owner, field)
        # A field holds what its formula gives as well as what files give for it.
        for tie in self.ties.values():
            tie.field.kind.add(self.kind_of(tie.formula, set()))
        for tie in self.ordered():
            child = tie.path[tie.level]
            for holder in self.classes_at(tie.path[: tie.level]):
                if child in holder.fields:
                    holder.ties.setdefault(child, []).append(tie)
        self.cut_cycles()
        return self.findings

    def forget_items(self, one: ConfigClass, seen: set[int]) -> None:
        """Take formulas from classes of list items: no property can know which item is meant."""
        if id(one) in seen:
            return
        seen.add(id(one))
        for field in one.fields.values():
            for child in field.kind.classes:
                self.forget_items(child, seen)
            for inner in filter(None, (field.kind.item, field.kind.value)):
                for child in classes_in(inner):
                    self.drop_all(child)

    def drop_all(self, one: ConfigClass) -> None:
        """Take the formulas from a class and all below."""
        for field in one.fields.values():
            if field.formula is not None:
                kind = self.kind_of(field.formula, set())
                self.drop(field, "it follows from other values, but is part of a list's item")
                field.kind.add(kind)
                field.kind.any = field.kind.any and field.kind.is_empty
            for child in classes_in(field.kind):
                self.drop_all(child)

    def drop(self, field: Field, why: str) -> None:
        """Leave a field untied, with the value that it has in the source."""
        field.formula = None
        field.marks.append(why)
        self.findings.append(Problem(str(field.place), f"{field.key}: {why}"))

    def tied(
        self, one: ConfigClass, path: Path, above: set[int]
    ) -> Iterator[tuple[Path, ConfigClass, Field]]:
        """Yield the fields with formulas, with their paths and classes."""
        if id(one) in above:
            return
        for key, field in one.fields.items():
            if field.formula is not None:
                yield (*path, key), one, field
            for child in field.kind.classes:
                yield from self.tied(child, (*path, key), above | {id(one)})

    def enter(self, path: Path, owner: ConfigClass, field: Field) -> None:
        """Note a tie, or why there cannot be one."""
        assert field.formula is not None
        level = len(path) - 1
        for read in references(field.formula):
            if path[: len(read)] == read:
                self.drop(field, f"it refers to {dotted(read)}, which contains it")
                return
            if field_at(self.root, self.known(read)) is None:
                self.drop(field, f"it refers to {dotted(read)}, which is not there")
                return
            # Set by the lowest class that holds both: its property sees the two as they are.
            level = min(level, _common(path, read))
        tie = self.ties[path] = Tie(path, owner, field, field.formula, level)
        for count in range(len(path) + 1):
            self.below.setdefault(path[:count], []).append(tie)

    def known(self, read: Path) -> Path:
        """Return the part of a path that leads through fields: up to a dict or a list."""
        for count in range(1, len(read) + 1):
            field = field_at(self.root, read[:count])
            if field is None:
                return read
            if count < len(read) and not field.kind.classes:
                return read[:count] if field.kind.value or field.kind.item else read
        return read

    def kind_of(self, formula: Formula, seen: set[Path]) -> Kind:
        """Return the type of what a formula computes."""
        if isinstance(formula, Constant):
            name = type(formula.value).__name__
            return Kind(none=True) if formula.value is None else Kind({name})
        if isinstance(formula, Joined):
            return Kind({"str"})
        if isinstance(formula, Variable):
            name, _, none = formula.kind.partition(" | ")
            return Kind({name}, none=bool(none))
        if isinstance(formula, Listed):
            item = Kind()
            for one in formula.items:
                item.add(self.kind_of(one, seen))
            return Kind(item=item)
        if isinstance(formula, Call):
            return self.kind_of_call(formula, seen)
        assert isinstance(formula, Reference)
        return self.kind_of_path(formula, seen)

    def kind_of_call(self, formula: Call, seen: set[Path]) -> Kind:
        """Return the type of what a resolver computes."""
        if formula.name in ("div", "int"):
            return Kind({"float" if formula.name == "div" else "int"})
        found = Kind()
        for one in formula.arguments:
            found.add(self.kind_of(one, seen))
        return found

    def kind_of_path(self, formula: Reference, seen: set[Path]) -> Kind:
        """Return the type of the value at a path."""
        path = formula.path
        known = self.known(path)
        field = field_at(self.root, known)
        if field is None or known in seen:
            return Kind(any=True)
        if known not in self.kinds:
            made = self.kinds[known] = Kind()
            if field.formula is not None:
                made.add(self.kind_of(field.formula, seen | {known}))
            made.add(field.kind)
        found = self.kinds[known]
        for _ in path[len(known) :]:
            inner = found.item or found.value
            if inner is None:
                return Kind(any=True)
            found = inner
        return found

    def read_by(self, tie: Tie) -> Iterator[Tie]:
        """Yield the ties that set what a tie reads."""
        for read in references(tie.formula):
            above = (self.ties.get(read[:count]) for count in range(len(read)))
            yield from filter(None, above)
            yield from self.below.get(read, ())

    def ordered(self) -> list[Tie]:
        """Return the ties, each after those that it reads; cycles are left untied.

        What follows from a secret is made one.
        """
        found: list[Tie] = []
        state: dict[Path, int] = {}

        def enter(tie: Tie) -> bool:
            if state.get(tie.path) == 1:
                return False
            if tie.path not in state:
                state[tie.path] = 1
                others = list(self.read_by(tie))
                whole = all([enter(other) for other in others])
                tie.field.secret |= any(other.field.secret for other in others)
                state[tie.path] = 2
                if not whole:
                    self.drop(tie.field, "it refers to itself through other values")
                    return True
                found.append(tie)
            return True

        for tie in self.ties.values():
            enter(tie)
        return [tie for tie in found if tie.field.formula is not None]

    def classes_at(self, path: Path) -> list[ConfigClass]:
        """Return the classes of what is at a path."""
        if not path:
            return [self.root]
        field = field_at(self.root, path)
        return field.kind.classes if field is not None else []

    def cut_cycles(self) -> None:
        """Leave ties out that would make properties of one class need each other."""
        seen: set[int] = set()
        for tie in list(self.ties.values()):
            for holder in self.classes_at(tie.path[: tie.level]):
                if id(holder) not in seen:
                    seen.add(id(holder))
                    self.cut(holder, tie.level)

    def cut(self, holder: ConfigClass, level: int) -> None:
        """Leave out ties of one class that close a cycle of its properties."""
        reads: dict[Any, set[Any]] = {}

        def needs(one: Any) -> Iterable[Any]:
            return reads.get(one, ())

        for child, ties in list(holder.ties.items()):
            kept: list[Tie] = []
            for tie in ties:
                others = {read[level] for read in self.through_self(tie, holder, child, level)}
                if any(child in reachable(needs, other) for other in others):
                    words = "properties of one class would need each other"
                    self.drop(tie.field, f"tied to {_names(tie)}, {words}")
                    continue
                reads.setdefault(child, set()).update(others)
                kept.append(tie)
            holder.ties[child] = kept
        holder.ties = {child: ties for child, ties in holder.ties.items() if ties}

    def through_self(self, tie: Tie, holder: ConfigClass, child: Any, level: int) -> list[Path]:
        """Return the paths that a tie reads as `self.…`, and not from inputs."""
        found = [read for read in references(tie.formula) if read[level] != child]
        return [read for read in found if not from_inputs(holder, read, level)]


def from_inputs(holder: ConfigClass, read: Path, level: int) -> bool:
    """Return whether the class itself does not set a value that one of its properties reads.

    Such a value is read from the inputs where reading it through a property would be a cycle.
    """
    ties = holder.ties.get(read[level], [])
    is_own = holder.fields[read[level]].formula is not None
    return not is_own and not any(overlap(tie.path, read) for tie in ties)


def reachable(reads: Callable[[Any], Iterable[Any]], start: Any) -> set[Any]:
    """Return what properties need directly and through others, `start` included."""
    found: set[Any] = set()
    pending = [start]
    while pending:
        one = pending.pop()
        if one not in found:
            found.add(one)
            pending += reads(one)
    return found


def _common(one: Path, other: Path) -> int:
    """Return how many steps two paths share; less than the length of either."""
    count = 0
    while count < min(len(one), len(other)) - 1 and one[count] == other[count]:
        count += 1
    return count


def _names(tie: Tie) -> str:
    return ", ".join(dotted(path) for path in references(tie.formula))
