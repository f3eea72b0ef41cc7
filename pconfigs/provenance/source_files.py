"""Sources: the text of files and notebook cells, parsed and compiled on demand."""

from __future__ import annotations
import __future__

import ast
import linecache
import sys
from bisect import bisect_right
from collections.abc import Iterator
from types import CodeType
from typing import TypeAlias

from pconfigs.syntax import NOT_PYTHON, module_code, module_tree

Node: TypeAlias = ast.expr | ast.keyword

KEPT = 32
_kept: dict[str, Source] = {}


class Source:
    """The text of one file or notebook cell, parsed.

    Attributes:
        file: The name it goes by.
        lines: Its lines as `linecache` holds them, each with its line break.
        tree: The module; None if this version of Python cannot parse the text.
        calls: By code (which the entry keeps alive) and instruction, the call that was found.
        believed: By code and index of a statement, whether that compiles to the code.
    """

    __slots__ = (
        "_codes",
        "_ends",
        "_starts",
        "_whole",
        "believed",
        "calls",
        "file",
        "lines",
        "tree",
    )

    def __init__(self, file: str, lines: list[str]) -> None:
        self.file, self.lines = file, lines
        self.calls: dict[tuple[int, int], tuple[CodeType, ast.Call | None]] = {}
        self.believed: dict[tuple[int, int], tuple[CodeType, bool]] = {}
        self._starts: list[int] | None = None
        self._whole: set[CodeType] | None = None
        self._ends: dict[int, dict[tuple[int, int], ast.Call] | None] = {}
        self._codes: dict[tuple[int, int], CodeType | None] = {}
        self.tree: ast.Module | None
        try:
            self.tree = module_tree("".join(lines))
        except NOT_PYTHON:
            self.tree = None

    def whole(self) -> set[CodeType]:
        """Return all code of the source, compiled as a module."""
        if self._whole is None:
            try:
                module = module_code("".join(self.lines), self.file)
            except NOT_PYTHON:
                self._whole = set()
            else:
                self._whole = set(codes_in(module))
        return self._whole

    def statements_at(self, line: int) -> Iterator[int]:
        """Yield indexes of the top-level statements that a line belongs to, the last one first."""
        body = [] if self.tree is None else self.tree.body
        if self._starts is None:
            self._starts = [first_line(statement) for statement in body]
        index = bisect_right(self._starts, line) - 1
        while index >= 0 and (body[index].end_lineno or 0) >= line:
            yield index
            index -= 1

    def statement_start(self, line: int) -> int:
        """Return the first line of the innermost statement that a line belongs to, or the line."""
        tops = [] if self.tree is None else [self.tree.body[i] for i in self.statements_at(line)]
        inner = (node for top in tops for node in ast.walk(top) if isinstance(node, ast.stmt))
        starts = [node.lineno for node in inner if node.lineno <= line <= (node.end_lineno or 0)]
        return max(starts, default=line)

    def call_ending(self, index: int, end: tuple[int, int]) -> ast.Call | None:
        """Return the call in a top-level statement that ends at a line and byte.

        The first one is searched on the way down to it; all calls are noted at the second.
        """
        if index not in self._ends:
            assert self.tree is not None
            self._ends[index] = None
            return _call_ending(self.tree.body[index], end)
        ends = self._ends[index]
        if ends is None:
            assert self.tree is not None
            calls = [n for n in ast.walk(self.tree.body[index]) if isinstance(n, ast.Call)]
            ends = {(call.end_lineno or 0, call.end_col_offset or 0): call for call in calls}
            self._ends[index] = ends
        return ends.get(end)

    def compiled(self, index: int, code: CodeType) -> CodeType | None:
        """Return a top-level statement compiled alone, under the `__future__` that `code` was."""
        flags = code.co_flags & _future_flags()
        if (index, flags) not in self._codes:
            assert self.tree is not None
            module = ast.Module([self.tree.body[index]], type_ignores=[])
            made: CodeType | None
            try:
                made = module_code(module, self.file, flags)
            except NOT_PYTHON:
                made = None
            self._codes[(index, flags)] = made
        return self._codes[(index, flags)]

    def line(self, number: int) -> str | None:
        """Return line `number` (from 1) without its line break."""
        return self.lines[number - 1].rstrip("\r\n") if 0 < number <= len(self.lines) else None

    def column(self, line: int | None, offset: int | None) -> int:
        """Return the characters before byte `offset` of a line: compilers count bytes of UTF-8."""
        text = self.line(line or 0) or ""
        offset = offset or 0
        return offset if text.isascii() else len(text.encode()[:offset].decode(errors="replace"))

    def span(self, first: Node, last: Node) -> tuple[int, int, int, int]:
        """Return line and column of the start of one node and of the end of another one."""
        end_line = last.end_lineno or last.lineno
        start = self.column(first.lineno, first.col_offset)
        return first.lineno, start, end_line, self.column(end_line, last.end_col_offset)

    def name_at(self, line: int, offset: int) -> str:
        """Return the identifier that starts at byte `offset` of a line, as it is written."""
        text = (self.line(line) or "")[self.column(line, offset) :]
        length = len(text)
        while length and not text[:length].isidentifier():
            length -= 1
        return text[:length]

    def between(self, line: int, column: int, end_line: int, end_column: int) -> str:
        """Return the text from one position to another."""
        if line == end_line:
            return (self.line(line) or "")[column:end_column]
        inner = [self.line(number) or "" for number in range(line + 1, end_line)]
        return "\n".join(
            [(self.line(line) or "")[column:], *inner, (self.line(end_line) or "")[:end_column]]
        )


def _call_ending(statement: ast.stmt, end: tuple[int, int]) -> ast.Call | None:
    """Return the call in a statement that ends at a line and byte."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, (ast.expr, ast.stmt, ast.keyword)):
                own = (node.end_lineno or 0, node.end_col_offset or 0)
                if own < end or (node.lineno, node.col_offset) >= end:
                    continue
                if own == end and isinstance(node, ast.Call):
                    return node
            waiting.append(node)
    return None


def source_of(file: str) -> Source | None:
    """Return the source of a file, a notebook cell or a zipped file; None if there is none."""
    linecache.checkcache(file)
    lines = linecache.getlines(file) or _lines_from_loader(file)
    if not lines:
        return None
    kept = _kept.get(file)
    if kept is None or (kept.lines is not lines and kept.lines != lines):
        if len(_kept) >= KEPT:
            _kept.clear()
        kept = _kept[file] = Source(file, lines)
    return kept


def _lines_from_loader(file: str) -> list[str]:
    """Return the lines of a module that is not a plain file, from the loader that imported it."""
    if file.startswith("<"):
        return []
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) == file:
            return linecache.getlines(file, vars(module))
    return []


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """Yield a code and all codes inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_in(constant)


def first_line(statement: ast.stmt) -> int:
    """Return the first line of a statement, its decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _future_flags() -> int:
    flags = 0
    for name in __future__.all_feature_names:
        flags |= getattr(__future__, name).compiler_flag
    return flags
