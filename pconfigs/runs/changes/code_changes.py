"""Differences between two states of a project's code, seen from what a run executed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff

from pconfigs.runs.changes.source_items import LOCALS, Function, SourceItems, items_of


@dataclass(slots=True, frozen=True)
class CodeChange:
    """One difference.

    Attributes:
        name: Of the function, the class, or the module.
        path: The file, relative to the project.
        line: Its first line in the later state; in the earlier one where it is gone.
        what: `changed`, `gone`, `new method`, `class changed`, `new statement` and the like.
        before: Lines of the earlier state.
        after: Lines of the later state.
    """

    name: str
    path: str
    line: int
    what: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} {self.what} ({self.path}:{self.line})"

    def diff(self) -> list[str]:
        """Return a unified diff of the two states, without a head."""
        return list(unified_diff(self.before, self.after, lineterm="", n=2))[2:]


class CodeState:
    """Source files of a project at one time.

    Attributes:
        text: Returns the text of a path, or None where there is no such file.
        files: Returns paths of files that may hold what has moved; asked only where it is missed.
    """

    def __init__(
        self, text: Callable[[str], str | None], files: Callable[[], Sequence[str]] = lambda: ()
    ) -> None:
        self.text, self.files = text, files
        self._items: dict[str, SourceItems | None] = {}
        self._successors: dict[tuple[str, str | None], str | None] = {}

    def items(self, path: str) -> SourceItems | None:
        """Return what counts in a file, or None where there is no such file."""
        if path not in self._items:
            text = self.text(path)
            self._items[path] = None if text is None else items_of(text)
        return self._items[path]

    def place_of(self, dotted: str) -> tuple[str, str]:
        """Return the file of a module, or of what it is in, and the name there; "" without one."""
        module, name = dotted, ""
        while module:
            path = module.replace(".", "/")
            for file in (f"{path}.py", f"{path}/__init__.py"):
                if self.text(file) is not None:
                    return file, name
            module, _, last = module.rpartition(".")
            name = f"{last}.{name}" if name else last
        return "", dotted

    def has_moved(self, function: Function) -> bool:
        """Return whether a file has a function of this name that does the same."""
        for path in self.files():
            items = self.items(path)
            for other in [] if items is None else items.named(function.name):
                if other.digest == function.digest:
                    return True
        return False

    def successor(self, path: str, before: CodeState) -> str | None:
        """Return the file that a file of an earlier state has become; None where it is gone.

        It is one that was not there, with the same text, or else with most of the same functions.
        """
        key = path, before.text(path)
        if key not in self._successors:
            self._successors[key] = self._find_successor(path, before)
        return self._successors[key]

    def _find_successor(self, path: str, before: CodeState) -> str | None:
        old, text = before.items(path), before.text(path)
        assert old is not None
        names = {(one.name, one.digest) for one in old.functions}
        best, most = None, 0
        for other in self.files():
            if before.text(other) is not None:
                continue
            if self.text(other) == text:
                return other
            items = self.items(other)
            functions = [] if items is None else items.functions
            same = len(names.intersection((one.name, one.digest) for one in functions))
            if same > most:
                best, most = other, same
        return best


def code_changes(
    before: CodeState,
    after: CodeState,
    files: Sequence[str],
    ran: Mapping[str, Sequence[tuple[str, int]]] | None,
) -> list[CodeChange]:
    """Return what differs in code that ran, in the order of files and lines.

    Args:
        before: The code that ran.
        after: The code that it is compared with.
        files: Paths of the files that were imported.
        ran: Names and first lines of the functions that ran, by path; None where that is not
            known, so that all count.
    """
    found: list[CodeChange] = []
    items = ((path, before.items(path)) for path in files)
    known = {path: old for path, old in items if old is not None}
    functions = {
        path: _functions(old, None if ran is None else ran.get(path, ()))
        for path, old in known.items()
    }
    inheritance = _Inheritance(known, functions)
    for path, old in known.items():
        today = path if after.items(path) is not None else after.successor(path, before)
        new = None if today is None else after.items(today)
        if today is None or new is None:
            found += _without_file(path, old, functions[path], after)
        elif new is not old:
            comparison = _FileComparison(today, old, new, before, after, inheritance)
            found += comparison.run(functions[path], ran is None)
    return found


def _functions(old: SourceItems, ran: Sequence[tuple[str, int]] | None) -> list[Function]:
    """Return the functions that count, each once."""
    if ran is None:
        return [function for function in old.functions if not function.by_value]
    found = {id(one): one for name, line in ran for one in old.ran(name, line)}
    return [function for function in found.values() if not function.by_value]


def _without_file(
    path: str, old: SourceItems, functions: Sequence[Function], after: CodeState
) -> Iterator[CodeChange]:
    yield from _gone(path, old, [one for one in functions if not after.has_moved(one)])
    if not functions and old.statements:
        yield CodeChange(path, path, 1, "is gone")


def _gone(path: str, old: SourceItems, functions: Sequence[Function]) -> Iterator[CodeChange]:
    """Yield the functions that are gone; those nested in one of them go with it."""
    names = {function.name for function in functions}
    for function in functions:
        around = function.name
        # Outward, to a function around it that is gone, too, or to the module.
        while around and (around := around.rpartition(LOCALS)[0]) not in names:
            pass
        if not around:
            yield CodeChange(
                function.name, path, function.line, "is gone", tuple(old.text(function))
            )


class _Inheritance:
    """Which methods that ran a class inherits, by the names of classes."""

    def __init__(
        self, known: Mapping[str, SourceItems], functions: Mapping[str, Sequence[Function]]
    ) -> None:
        self._bases: dict[str, list[str]] = {}
        self._methods: dict[str, set[str]] = {}
        for path, items in known.items():
            for name, body in items.classes.items():
                self._bases[name.rpartition(".")[2]] = body.bases
            for function in functions[path]:
                owner, dot, method = function.name.rpartition(".")
                if dot:
                    self._methods.setdefault(owner.rpartition(".")[2], set()).add(method)

    def methods(self, bases: Sequence[str]) -> set[str]:
        """Return the names of methods that ran and that these bases have, or inherit."""
        found: set[str] = set()
        pending, seen = list(bases), set(bases)
        while pending:
            base = pending.pop()
            found |= self._methods.get(base, set())
            more = [one for one in self._bases.get(base, ()) if one not in seen]
            pending += more
            seen.update(more)
        return found


class _FileComparison:
    """Compares one file that is there in both states."""

    def __init__(
        self,
        path: str,
        old: SourceItems,
        new: SourceItems,
        before: CodeState,
        after: CodeState,
        inheritance: _Inheritance,
    ) -> None:
        self.path, self.old, self.new = path, old, new
        self.before, self.after, self.inheritance = before, after, inheritance

    def run(self, functions: Sequence[Function], all_count: bool) -> Iterator[CodeChange]:
        """Yield what differs in functions that count, in classes and in statements."""
        if self.new.problem:
            yield CodeChange(self.path, self.path, 1, f"cannot be parsed: {self.new.problem}")
            return
        missing = [one for one in functions if not self.new.named(one.name)]
        gone = [one for one in missing if not self.after.has_moved(one)]
        yield from _gone(self.path, self.old, gone)
        for function in functions:
            if function not in missing:
                yield from self._function(function)
        classes = {function.name.rpartition(".")[0] for function in functions}
        for name in self.old.classes:
            yield from self._class(name, all_count or name in classes)
        yield from self._statements()
        yield from self._imports()

    def _function(self, old: Function) -> Iterator[CodeChange]:
        same_name = self.old.named(old.name)
        candidates = self.new.named(old.name)
        # Lambdas of one name differ by what they do, then by their order.
        if any(new.digest == old.digest for new in candidates):
            return
        new = candidates[min(same_name.index(old), len(candidates) - 1)]
        texts = tuple(self.old.text(old)), tuple(self.new.text(new))
        yield CodeChange(old.name, self.path, new.line, "changed", *texts)

    def _class(self, name: str, has_run: bool) -> Iterator[CodeChange]:
        old, new = self.old.classes[name], self.new.classes.get(name)
        if new is None:
            return  # its methods that ran are missed by their names
        if has_run and new.digest != old.digest:
            texts = self._body(self.old, old.line), self._body(self.new, new.line)
            yield CodeChange(name, self.path, new.line, "class body changed", *texts)
        inherited = self.inheritance.methods(old.bases)
        for method, line in new.methods.items():
            if method in old.methods or not (has_run or method in inherited):
                continue
            function = f"{name}.{method}"
            added = [one for one in self.new.named(function) if not one.by_value]
            if added:
                text = tuple(self.new.text(added[0]))
                yield CodeChange(function, self.path, line, "is a new method", (), text)

    def _body(self, items: SourceItems, line: int) -> tuple[str, ...]:
        return tuple(items.lines[line - 1 : line + 20])

    def _statements(self) -> Iterator[CodeChange]:
        old = [digest for digest, _ in self.old.statements]
        new = [digest for digest, _ in self.new.statements]
        if old == new:
            return
        for digest, line in self.new.statements:
            if digest not in old:
                text = (self.new.lines[line - 1].strip(),)
                yield CodeChange(text[0], self.path, line, "is a new statement", (), text)
        for digest, line in self.old.statements:
            if digest not in new:
                text = (self.old.lines[line - 1].strip(),)
                yield CodeChange(text[0], self.path, line, "is gone", text)
        if sorted(old) == sorted(new):
            line = self.new.statements[0][1]
            yield CodeChange(self.path, self.path, line, "has statements in another order")

    def _imports(self) -> Iterator[CodeChange]:
        for name, origin in self.old.imports.items():
            today = self.new.imports.get(name, origin)
            if today != origin and not self._is_moved(origin, today):
                what = f"is imported from {today}, not from {origin}"
                yield CodeChange(name, self.path, 1, what)

    def _is_moved(self, origin: str, today: str) -> bool:
        """Return whether two dotted names lead to the same module, or function, of two states."""
        old_file, old_name = self.before.place_of(origin)
        new_file, new_name = self.after.place_of(today)
        old, new = self.before.items(old_file), self.after.items(new_file)
        if old is None or new is None or old_name != new_name:
            return False
        if self.before.text(old_file) == self.after.text(new_file):
            return True
        if self.after.items(old_file) is None:
            return self.after.successor(old_file, self.before) == new_file
        return old.has_same(old_name, new)
