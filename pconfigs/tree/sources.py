"""Sources: the text of code, and the call that an instruction was compiled from.

Nothing is guessed: a call is told only where compiling the source gives the instructions that were
run.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator
    from types import CodeType
    from typing import Any, TypeAlias

    # calls; pairs of codes; the line from which the calls of the second codes stand
    Spread: TypeAlias = tuple[list[ast.Call], list[tuple[CodeType, CodeType]], int]

KEPT = 32
_kept: dict[str, Source] = {}
_positions: list[Any] = []
# By identity of the code, which the entry keeps alive: equal code may stand in two files.
_calls: dict[tuple[int, int], tuple[CodeType, tuple[Source, ast.Call] | None]] = {}


class Source:
    """The text of one file or notebook cell, parsed.

    Attributes:
        file: The name it goes by.
        lines: Its lines as `linecache` holds them, each with its line break.
        tree: The module, or None where the text is no Python of this version.
        spread: What `_spread` makes of it, once asked for.
        believed: By code and index of a statement, whether that compiles to the code.
    """

    __slots__ = (
        "_codes",
        "_ends",
        "_starts",
        "_whole",
        "believed",
        "file",
        "lines",
        "spread",
        "tree",
    )

    def __init__(self, file: str, lines: list[str]) -> None:
        import ast

        self.file, self.lines = file, lines
        self.spread: Spread | None = None
        self.believed: dict[tuple[int, int], tuple[CodeType, bool]] = {}
        self._starts: list[int] | None = None
        self._whole: set[CodeType] | None = None
        self._ends: dict[int, dict[tuple[int, int], ast.Call] | None] = {}
        self._codes: dict[tuple[int, int], CodeType | None] = {}
        self.tree: ast.Module | None
        try:
            self.tree = ast.parse("".join(lines))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self.tree = None

    def whole(self) -> set[CodeType]:
        """All code of the source, compiled as a module."""
        if self._whole is None:
            try:
                module = compile("".join(self.lines), self.file, "exec", dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError):
                self._whole = set()
            else:
                self._whole = set(_codes_in(module))
        return self._whole

    def statements_at(self, line: int) -> Iterator[int]:
        """Indexes of the top-level statements that a line belongs to, the last one first."""
        from bisect import bisect_right

        body = [] if self.tree is None else self.tree.body
        if self._starts is None:
            self._starts = [_first_line(statement) for statement in body]
        index = bisect_right(self._starts, line) - 1
        while index >= 0 and (body[index].end_lineno or 0) >= line:
            yield index
            index -= 1

    def call_ending(self, index: int, end: tuple[int, int]) -> ast.Call | None:
        """The call in a top-level statement that ends at a line and byte.

        The first is looked for on the way down to it; only who asks again has all of them noted.
        """
        if index not in self._ends:
            assert self.tree is not None
            self._ends[index] = None
            return _call_ending(self.tree.body[index], end)
        ends = self._ends[index]
        if ends is None:
            import ast

            assert self.tree is not None
            calls = [n for n in ast.walk(self.tree.body[index]) if isinstance(n, ast.Call)]
            ends = {(call.end_lineno or 0, call.end_col_offset or 0): call for call in calls}
            self._ends[index] = ends
        return ends.get(end)

    def compiled(self, index: int, code: CodeType) -> CodeType | None:
        """A top-level statement compiled alone, under the `__future__` that `code` was."""
        import ast

        flags = code.co_flags & _future_flags()
        if (index, flags) not in self._codes:
            assert self.tree is not None
            module = ast.Module([self.tree.body[index]], type_ignores=[])
            made: CodeType | None
            try:
                made = compile(module, self.file, "exec", flags=flags, dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError):
                made = None
            self._codes[(index, flags)] = made
        return self._codes[(index, flags)]

    def line(self, number: int) -> str | None:
        """Line `number` (from 1) without its line break."""
        return self.lines[number - 1].rstrip("\r\n") if 0 < number <= len(self.lines) else None

    def column(self, line: int | None, offset: int | None) -> int:
        """Characters before byte `offset` of a line: the compiler counts bytes of UTF-8."""
        text = self.line(line or 0) or ""
        offset = offset or 0
        return offset if text.isascii() else len(text.encode()[:offset].decode(errors="replace"))

    def name_at(self, line: int, offset: int) -> str:
        """The identifier that starts at byte `offset` of a line, as it is written."""
        text = (self.line(line) or "")[self.column(line, offset) :]
        length = len(text)
        while length and not text[:length].isidentifier():
            length -= 1
        return text[:length]

    def between(self, line: int, column: int, end_line: int, end_column: int) -> str:
        """The text from one place to another."""
        if line == end_line:
            return (self.line(line) or "")[column:end_column]
        inner = [self.line(number) or "" for number in range(line + 1, end_line)]
        return "\n".join(
            [(self.line(line) or "")[column:], *inner, (self.line(end_line) or "")[:end_column]]
        )

    def segment(self, node: ast.expr | ast.keyword) -> str:
        """The text of a node."""
        end_line = node.end_lineno or node.lineno
        return self.between(
            node.lineno,
            self.column(node.lineno, node.col_offset),
            end_line,
            self.column(end_line, node.end_col_offset),
        )


def _call_ending(statement: ast.stmt, end: tuple[int, int]) -> ast.Call | None:
    import ast

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
    """The source behind a file name: of a file, a notebook cell or a zipped file; or None."""
    import linecache

    linecache.checkcache(file)
    lines = linecache.getlines(file) or _lines_from_loader(file)
    if not lines:
        return None
    kept = _kept.get(file)
    if kept is None or (kept.lines is not lines and kept.lines != lines):
        if len(_kept) >= KEPT:
            _kept.clear()
        _calls.clear()
        kept = _kept[file] = Source(file, lines)
    return kept


def _lines_from_loader(file: str) -> list[str]:
    """Lines of a module that is no plain file, from the loader that imported it."""
    import linecache
    import sys

    if file.startswith("<"):
        return []
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) == file:
            return linecache.getlines(file, vars(module))
    return []


def plain_arguments(call: ast.Call) -> list[ast.expr]:
    """Positional arguments in front of the first `*arguments`."""
    import ast

    plain: list[ast.expr] = []
    for argument in call.args:
        if isinstance(argument, ast.Starred):
            break
        plain.append(argument)
    return plain


def path_keys(call: ast.Call, name: str) -> list[tuple[ast.expr, ast.expr]]:
    """Keys and values of dicts written in a call whose key is a path with the field `name`.

    Paths that end in the name come alone where there are any.
    """
    import ast

    ending: list[tuple[ast.expr, ast.expr]] = []
    passing: list[tuple[ast.expr, ast.expr]] = []
    for written in call.args:
        if not isinstance(written, ast.Dict):
            continue
        for key, value in zip(written.keys, written.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                fields = [step.partition("[")[0] for step in key.value.split(".")]
                if name in fields:
                    (ending if fields[-1] == name else passing).append((key, value))
    return ending or passing


def call_at(code: CodeType, lasti: int) -> tuple[Source, ast.Call] | None:
    """The call that instruction `lasti` of `code` was compiled from, or None if not certain."""
    source = source_of(code.co_filename)
    if source is None or source.tree is None:
        return None
    key = (id(code), lasti)
    if key not in _calls:
        if len(_calls) >= 4096:
            _calls.clear()
        end = _end_of(code, lasti)
        node = (
            _by_lines(source, code, lasti)
            if end is None
            else _by_position(source, code, lasti, end)
        )
        _calls[key] = (code, None if node is None else (source, node))
    return _calls[key][1]


def _end_of(code: CodeType, lasti: int) -> tuple[int, int] | None:
    """Where the instruction's expression ends (line, byte), or None if not recorded."""
    positions = getattr(code, "co_positions", None)
    if positions is None:
        return None
    if not _positions or _positions[0] is not code:
        # A module may make thousands of configs: its positions are unpacked once.
        _positions[:] = [code, list(positions())]
    _, end_line, _, end_offset = _positions[1][lasti // 2]
    return None if end_line is None or end_offset is None else (end_line, end_offset)


def _by_position(
    source: Source, code: CodeType, lasti: int, end: tuple[int, int]
) -> ast.Call | None:
    """The call that ends at `end`: a closing bracket belongs to one call only."""
    for index in source.statements_at(end[0]):
        call = source.call_ending(index, end)
        if call is not None:
            known = source.believed.get((id(code), index))
            if known is None:
                # One comparison certifies all calls of what nobody has touched.
                same = code in source.whole() or _compiles_to(source, index, None, code)
                known = (code, same)
                source.believed[(id(code), index)] = known
            return call if known[1] or _compiles_to(source, index, call, code) else None
    return None


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _compiles_to(source: Source, index: int, call: ast.Call | None, code: CodeType) -> bool:
    """Whether compiling a statement gives what `code` holds of it, or of one call in it.

    Where the whole is not the same the call alone may be: test runners rewrite `assert`, and a file
    may have changed elsewhere. Statements are compiled one by one, as notebooks do.
    """
    compiled = source.compiled(index, code)
    if compiled is None:
        return False
    assert source.tree is not None
    node = call or source.tree.body[index]
    given = _instructions(code, node)
    if code.co_name == "<module>":
        return given == _instructions(compiled, node)
    first = code.co_firstlineno
    return any(
        given == _instructions(inner, node)
        for inner in _codes_in(compiled)
        if inner.co_name == code.co_name and inner.co_firstlineno == first
    )


def _future_flags() -> int:
    import __future__

    flags = 0
    for name in __future__.all_feature_names:
        flags |= getattr(__future__, name).compiler_flag
    return flags


def _codes_in(code: CodeType) -> Iterator[CodeType]:
    waiting = [code]
    while waiting:
        inner = waiting.pop()
        yield inner
        waiting.extend(const for const in inner.co_consts if isinstance(const, type(code)))


def _instructions(code: CodeType, node: ast.stmt | ast.expr) -> list[tuple[str, object, str]]:
    """What `code` does inside `node`: operation and argument of each instruction there."""
    import ast
    import dis

    start = (_first_line(node) if isinstance(node, ast.stmt) else node.lineno, node.col_offset)
    end = (node.end_lineno or 0, node.end_col_offset or 0)
    found: list[tuple[str, object, str]] = []
    for instruction in dis.get_instructions(code):
        if instruction.opname == "EXTENDED_ARG":
            continue  # how far a constant is from the start of a table does not matter
        positions: Any = getattr(instruction, "positions", None)
        line, end_line, column, end_column = positions or (None, None, None, None)
        if line is None or column is None or end_line is None or end_column is None:
            continue
        if start <= (line, column) and (end_line, end_column) <= end:
            value = instruction.argval
            if instruction.opcode in dis.hasjrel or instruction.opcode in dis.hasjabs:
                value = None  # a target is counted from the start of the whole code
            # 1 == 1.0 == True: the repr tells them apart.
            found.append(
                (instruction.opname, value, "" if isinstance(value, type(code)) else repr(value))
            )
    return found


def _by_lines(source: Source, code: CodeType, lasti: int) -> ast.Call | None:
    """The call, on a Python that records lines only: each is compiled as if on its own line."""
    if source.spread is None:
        source.spread = _spread(source, code.co_filename)
    calls, codes, far = source.spread
    found = {
        line - far
        for old, new in codes
        if old == code and new.co_code == code.co_code
        for start, end, line in new.co_lines()
        if start <= lasti < end and line is not None and line >= far
    }
    return calls[found.pop()] if len(found) == 1 else None


def _spread(source: Source, file: str) -> Spread:
    """The calls of a source, its code as it is and with every call on a line of its own."""
    import ast
    import copy

    assert source.tree is not None
    moved = copy.deepcopy(source.tree)
    calls = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call)]
    far = len(source.lines) + 10
    for index, node in enumerate(node for node in ast.walk(moved) if isinstance(node, ast.Call)):
        node.lineno = node.end_lineno = far + index
    try:
        before = compile(source.tree, file, "exec", dont_inherit=True)
        after = compile(moved, file, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return [], [], far
    return calls, list(zip(_codes_in(before), _codes_in(after), strict=False)), far
