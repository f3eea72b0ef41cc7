"""Call sites: which call, or statement that sets, in a source an instruction was compiled from.

Nothing is guessed: one is found only if compiling the source gives the instructions that ran.
"""

from __future__ import annotations

import ast
import dis
from types import CodeType

from pconfigs.provenance.source_files import Source, codes_in, first_line, source_of

KEPT = 4096
_positions: tuple[CodeType | None, list[tuple[int | None, ...]]] = (None, [])


def call_at(code: CodeType, lasti: int) -> tuple[Source, ast.Call] | None:
    """Return the call that instruction `lasti` of `code` was compiled from; None if not certain."""
    source = source_of(code.co_filename)
    if source is None or source.tree is None:
        return None
    key = (id(code), lasti)
    if key not in source.calls:
        if len(source.calls) >= KEPT:
            source.calls.clear()
        source.calls[key] = (code, _find_call(source, code, lasti))
    found = source.calls[key][1]
    return None if found is None else (source, found)


def _find_call(source: Source, code: CodeType, lasti: int) -> ast.Call | None:
    """Return the call that ends where the instruction does: a closing bracket is of one only."""
    end = _end_of(code, lasti)
    if end is None:
        return None
    for index in source.statements_at(end[0]):
        call = source.call_ending(index, end)
        if call is not None:
            known = is_believed(source, index, code)
            return call if known or _compiles_to(source, index, call, code) else None
    return None


def _end_of(code: CodeType, lasti: int) -> tuple[int, int] | None:
    """Return line and byte where the instruction's expression ends; None if not recorded."""
    global _positions  # noqa: PLW0603
    known, positions = _positions  # read once: another thread may replace it
    if known is not code:
        # A module may make thousands of configs: its positions are unpacked once.
        positions = list(code.co_positions())
        _positions = (code, positions)
    _, end_line, _, end_offset = positions[lasti // 2]
    return None if end_line is None or end_offset is None else (end_line, end_offset)


def is_believed(source: Source, index: int, code: CodeType) -> bool:
    """Return whether a top-level statement is the one that `code` was compiled from."""
    known = source.believed.get((id(code), index))
    if known is None:
        # If the file is unchanged, one comparison validates every call in it.
        same = code in source.whole() or _compiles_to(source, index, None, code)
        known = source.believed[(id(code), index)] = (code, same)
    return known[1]


def _compiles_to(source: Source, index: int, call: ast.Call | None, code: CodeType) -> bool:
    """Return whether compiling a statement gives what `code` holds of it, or of one call in it.

    If the whole differs, the call alone may be the same: test runners rewrite `assert`, and a file
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
    start = (first_line(node) if isinstance(node, ast.stmt) else node.lineno, node.col_offset)
    end = (node.end_lineno or 0, node.end_col_offset or 0)
    found: list[tuple[str, object, str]] = []
    for instruction in dis.get_instructions(code):
        if instruction.opname == "EXTENDED_ARG":
            continue  # how far a constant is from the start of a table does not matter
        line, end_line, column, end_column = instruction.positions or (None, None, None, None)
        if line is None or column is None or end_line is None or end_column is None:
            continue
        if start <= (line, column) and (end_line, end_column) <= end:
            value = instruction.argval
            if instruction.opcode in dis.hasjrel or instruction.opcode in dis.hasjabs:
                value = None  # a target is counted from the start of the whole code
            # The repr, because 1 == 1.0 == True.
            shown = "" if isinstance(value, CodeType) else repr(value)
            found.append((instruction.opname, value, shown))
    return found


def called_name(call: ast.Call) -> str:
    """Return the last name of what is called, `C` of `module.C(...)`; "" if it has none."""
    called = call.func
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def plain_arguments(call: ast.Call) -> list[ast.expr]:
    """Return the positional arguments that precede the first `*arguments`."""
    starred = [index for index, one in enumerate(call.args) if isinstance(one, ast.Starred)]
    return call.args[: starred[0]] if starred else call.args


def path_keys(call: ast.Call, name: str) -> list[tuple[ast.expr, ast.expr]]:
    """Return keys and values of dicts written in a call whose key is a path with the field `name`.

    Paths that end in the name come alone if there are any.
    """
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


def setting_at(code: CodeType, lasti: int, name: str) -> tuple[Source, ast.expr, ast.expr] | None:
    """Return target and value of the statement at `lasti` that sets `name`, or something inside it.

    None if the source is not what ran, or several statements on the line do.
    """
    source = source_of(code.co_filename)
    line = next((at for start, end, at in code.co_lines() if start <= lasti < end), None)
    if source is None or source.tree is None or line is None:
        return None
    found: list[tuple[ast.expr, ast.expr]] = []
    for index in source.statements_at(line):
        if not is_believed(source, index, code):
            continue
        for node in ast.walk(source.tree.body[index]):
            if isinstance(node, ast.Assign) and node.lineno <= line <= (node.end_lineno or 0):
                found += [(t, node.value) for t in node.targets if name in _attributes_of(t)]
            elif isinstance(node, ast.AugAssign) and node.lineno == line:
                found += [(node.target, node.value)] * (name in _attributes_of(node.target))
    return (source, *found[0]) if len(found) == 1 else None


def _attributes_of(target: ast.expr) -> list[str]:
    """Return the attribute names in `view.part[0].width`."""
    names: list[str] = []
    while isinstance(target, ast.Attribute | ast.Subscript):
        if isinstance(target, ast.Attribute):
            names.append(target.attr)
        target = target.value
    return names
