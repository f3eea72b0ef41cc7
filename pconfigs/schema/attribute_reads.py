"""Bytecode: which names a function reads on its first argument.

Looks at the compiled code, so that what the compiler removed is not seen and no source is needed.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType
    from typing import Any

_LOADS = frozenset(
    (
        "LOAD_FAST LOAD_FAST_CHECK LOAD_FAST_BORROW LOAD_DEREF LOAD_CLASSDEREF"
        " LOAD_FROM_DICT_OR_DEREF"
    ).split()
)
_PAIRS = frozenset(
    "LOAD_FAST_LOAD_FAST LOAD_FAST_BORROW_LOAD_FAST_BORROW STORE_FAST_LOAD_FAST".split()
)
# Making a closure over the first argument does not use it: the nested code is looked at by itself.
_CELLS = frozenset("LOAD_CLOSURE MAKE_CELL COPY_FREE_VARS".split())


# Flags of code objects, as `inspect` has them.
_GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x200
# What reads variables without naming them; super() needs the argument itself.
_INDIRECT = frozenset(("eval", "exec", "locals", "vars"))


class Scan:
    """Describe what a function does with its first argument.

    Attributes:
        reads: Names of attributes read on it, `getattr(self, "name")` included, in the order of
            the code; a call that returns has read none but these, unless the argument `escapes`.
        inputs: Names read through `pinputs(self)`; None where it is used in another way.
        conditional: A call may return without reading all of `reads`.
        escapes: Something else was done with the argument.
    """

    __slots__ = ("conditional", "escapes", "inputs", "reads")

    def __init__(self) -> None:
        self.reads: dict[str, None] = {}
        self.inputs: dict[str, None] | None = {}
        self.conditional = False
        self.escapes = False

    @property
    def certain(self) -> bool:
        """Whether every call that returns has read exactly `reads`, and did nothing else."""
        return not self.conditional and not self.escapes

    def add(self, other: Scan) -> None:
        """Add what code does that this code may run."""
        self.reads.update(other.reads)
        if self.inputs is not None:
            self.inputs = None if other.inputs is None else {**self.inputs, **other.inputs}
        self.conditional = True
        self.escapes = self.escapes or other.escapes


def codes_of(code: CodeType) -> set[CodeType]:
    """Return the code and all code that is written inside it."""
    codes, pending, kind = {code}, [code], type(code)
    while pending:
        inner = [constant for constant in pending.pop().co_consts if type(constant) is kind]
        codes.update(inner)
        pending.extend(inner)
    return codes


def mentioned_names(code: CodeType) -> set[str]:
    """Return every name that the code could read on anything: a quick and generous answer."""
    names = set(code.co_names)
    pending = [code]
    while pending:
        current = pending.pop()
        names.update(current.co_names)
        for constant in current.co_consts:
            if isinstance(constant, str):
                names.add(constant)
            elif hasattr(constant, "co_names"):
                pending.append(constant)
    return names


def names_read_on_others(function: Any) -> set[str]:
    """Return the names of attributes that a function reads on anything but its first argument.

    `pinputs(self).name` does not count.
    """
    code: CodeType = function.__code__
    own = code.co_varnames[0] if code.co_argcount else ""
    names: set[str] = set()
    for inner in codes_of(code):
        instructions = list(_instructions(inner))
        is_seen = inner is code or own in inner.co_freevars
        for index, (operation, argument) in enumerate(instructions):
            if operation not in ("LOAD_ATTR", "LOAD_METHOD"):
                continue
            if is_seen and _is_read_on(inner, instructions, index, own, function.__globals__):
                continue
            is_shifted = operation == "LOAD_ATTR" and sys.version_info >= (3, 12)
            names.add(inner.co_names[argument >> 1 if is_shifted else argument])
    return names


def _is_read_on(
    code: CodeType,
    instructions: list[tuple[str, int]],
    index: int,
    own: str,
    module: dict[str, Any],
) -> bool:
    """Return whether instruction `index` reads on the variable `own`, or on its `pinputs(…)`."""
    before = index - 1
    is_call = before > 0 and instructions[before] == ("CALL", 1)
    while is_call and instructions[before][0] in ("CALL", "PRECALL"):
        before -= 1
    operation, argument = instructions[before] if before >= 0 else ("", 0)
    if operation in _PAIRS:
        argument &= 15
    elif operation not in _LOADS:
        return False
    if _variable(code, argument) != own:
        return False
    called = _global_before(code, instructions, before) if is_call else ""
    return not is_call or bool(getattr(module.get(called), "__pconfig_raw_reader__", False))


def scan(function: Any) -> Scan:
    """Return what `function` does with its first argument."""
    scanned = Scan()
    code: CodeType = function.__code__
    if not code.co_argcount:
        scanned.escapes = True
        return scanned
    if getattr(code, "co_exceptiontable", b""):
        scanned.conditional = True
    is_run_later = code.co_flags & (_GENERATOR | _COROUTINE | _ASYNC_GENERATOR)
    if is_run_later or "__class__" in code.co_freevars or not _INDIRECT.isdisjoint(code.co_names):
        scanned.escapes = True
    _scan_code(code, code.co_varnames[0], function.__globals__, scanned)
    return scanned


def _scan_code(code: CodeType, name: str, module: dict[str, Any], scanned: Scan) -> None:
    instructions = list(_instructions(code))
    for index, (operation, argument) in enumerate(instructions):
        if operation in _LOADS:
            loads = _variable(code, argument) == name
        elif operation in _PAIRS:
            first, second = (_variable(code, n) for n in (argument >> 4, argument & 15))
            loads = second == name
            if first == name:
                scanned.escapes = True
        else:
            loads = False
            if "JUMP" in operation or operation in (
                "FOR_ITER",
                "SETUP_FINALLY",
                "SETUP_WITH",
                "SEND",
            ):
                scanned.conditional = True
            elif ("FAST" in operation or "DEREF" in operation) and operation not in _CELLS:
                if "STORE" not in operation and _variable(code, argument) == name:
                    scanned.escapes = True
        if loads:
            _scan_use(code, instructions, index, module, scanned)
    for constant in code.co_consts:
        if hasattr(constant, "co_freevars") and name in constant.co_freevars:
            inner = Scan()
            _scan_code(constant, name, module, inner)
            scanned.add(inner)


def _scan_use(
    code: CodeType,
    instructions: list[tuple[str, int]],
    index: int,
    module: dict[str, Any],
    scanned: Scan,
) -> None:
    """Note what is done with the argument that instruction `index` has loaded."""
    following, argument = instructions[index + 1] if index + 1 < len(instructions) else ("", 0)
    if following == "LOAD_ATTR":
        scanned.reads[code.co_names[argument >> 1 if sys.version_info >= (3, 12) else argument]] = (
            None
        )
        return
    if following == "LOAD_METHOD":
        scanned.reads[code.co_names[argument]] = None
        return
    called = _global_before(code, instructions, index)
    if (
        called == "getattr"
        and following == "LOAD_CONST"
        and isinstance(code.co_consts[argument], str)
        and _is_an_argument(instructions, index + 2)
    ):
        scanned.reads[code.co_consts[argument]] = None
    if getattr(module.get(called), "__pconfig_raw_reader__", False):
        _note_input(code, instructions, index + 1, scanned)
        return
    scanned.escapes = True


def _note_input(
    code: CodeType, instructions: list[tuple[str, int]], index: int, scanned: Scan
) -> None:
    """Note which input `pinputs(self)`, called at instruction `index`, is asked for."""
    following = [one for one in instructions[index : index + 4] if one[0] != "PRECALL"]
    if len(following) > 1 and following[0] == ("CALL", following[0][1]):
        operation, argument = following[1]
        if operation in ("LOAD_ATTR", "LOAD_METHOD") and scanned.inputs is not None:
            is_shifted = operation == "LOAD_ATTR" and sys.version_info >= (3, 12)
            scanned.inputs[code.co_names[argument >> 1 if is_shifted else argument]] = None
            return
    scanned.inputs = None


def _is_an_argument(instructions: list[tuple[str, int]], index: int) -> bool:
    """Return whether the constant before instruction `index` is handed to a call as it is.

    The text of `getattr(self, "a" + b)` is not; that of `getattr(self, "a", default)` is, unless
    the default is computed by an operator, which then looks the same.
    """
    for operation, argument in instructions[index:]:
        if "CALL" in operation and argument in (2, 3):
            return True
        if operation.startswith(("BINARY", "BUILD", "FORMAT")):
            return False
    return False


def _global_before(code: CodeType, instructions: list[tuple[str, int]], index: int) -> str:
    """Return the global name loaded right before instruction `index`, as in `name(self …)`."""
    while index and instructions[index - 1][0] in ("PUSH_NULL", "PRECALL"):
        index -= 1
    operation, argument = instructions[index - 1] if index else ("", 0)
    if operation != "LOAD_GLOBAL":
        return ""
    return code.co_names[argument >> 1]


def _variable(code: CodeType, argument: int) -> str:
    try:
        return str(code._varname_from_oparg(argument))  # type: ignore[attr-defined]
    except IndexError:
        return ""


def _instructions(code: CodeType) -> Iterator[tuple[str, int]]:
    """Names and arguments of the instructions, without caches and extended arguments."""
    from opcode import EXTENDED_ARG, opname

    extended = 0
    text = code.co_code
    for offset in range(0, len(text), 2):
        operation, argument = text[offset], text[offset + 1] | extended
        if operation == EXTENDED_ARG:
            extended = argument << 8
            continue
        extended = 0
        if opname[operation] not in ("CACHE", "NOP", "RESUME", "NOT_TAKEN"):
            yield opname[operation], argument
