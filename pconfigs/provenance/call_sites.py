"""Calls: which call in a source an instruction was compiled from.

Nothing is guessed: a call is returned only if compiling the source gives the instructions that were
run.
"""

from __future__ import annotations

from pconfigs.provenance.source_files import codes_in, first_line, source_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from types import CodeType
    from typing import Any

    from pconfigs.provenance.source_files import Source, Spread

KEPT = 4096
_positions: list[Any] = []


def call_at(code: CodeType, lasti: int) -> tuple[Source, ast.Call] | None:
    """Return the call that instruction `lasti` of `code` was compiled from, if certain."""
    source = source_of(code.co_filename)
    if source is None or source.tree is None:
        return None
    key = (id(code), lasti)
    if key not in source.calls:
        if len(source.calls) >= KEPT:
            source.calls.clear()
        end = _end_of(code, lasti)
        node = (
            _by_lines(source, code, lasti)
            if end is None
            else _by_position(source, code, lasti, end)
        )
        source.calls[key] = (code, node)
    found = source.calls[key][1]
    return None if found is None else (source, found)


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
    """Return the call that ends at `end`: a closing bracket belongs to one call only."""
    for index in source.statements_at(end[0]):
        call = source.call_ending(index, end)
        if call is not None:
            known = is_believed(source, index, code)
            return call if known or _compiles_to(source, index, call, code) else None
    return None


def is_believed(source: Source, index: int, code: CodeType) -> bool:
    """Whether a top-level statement is what `code` was compiled from."""
    known = source.believed.get((id(code), index))
    if known is None:
        # One comparison certifies all calls of unchanged code.
        same = code in source.whole() or _compiles_to(source, index, None, code)
        known = source.believed[(id(code), index)] = (code, same)
    return known[1]


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
        for inner in codes_in(compiled)
        if inner.co_name == code.co_name and inner.co_firstlineno == first
    )


def _instructions(code: CodeType, node: ast.stmt | ast.expr) -> list[tuple[str, object, str]]:
    """Return operation and argument of each instruction of `code` inside `node`."""
    import ast
    import dis

    start = (first_line(node) if isinstance(node, ast.stmt) else node.lineno, node.col_offset)
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
            # 1 == 1.0 == True: the repr distinguishes them.
            found.append(
                (instruction.opname, value, "" if isinstance(value, type(code)) else repr(value))
            )
    return found


def _by_lines(source: Source, code: CodeType, lasti: int) -> ast.Call | None:
    """Return the call on a Python that records lines only, by compiling each on its line."""
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
    """Return the calls of a source, its code as it is and with every call on a line of its own."""
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
    return calls, list(zip(codes_in(before), codes_in(after), strict=False)), far


def plain_arguments(call: ast.Call) -> list[ast.expr]:
    """Return the positional arguments before the first `*arguments`."""
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
