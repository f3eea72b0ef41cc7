"""Attribute reads: which names a function reads on its first argument.

Looks at the compiled code, so that what the compiler removed is not seen and no source is needed.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dis import Instruction
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
_ATTRIBUTES = frozenset(("LOAD_ATTR", "LOAD_METHOD"))
# Whatever may skip code, in addition to those that are called a jump.
_JUMPS = frozenset(("FOR_ITER", "SEND"))
_FILLERS = frozenset("CACHE EXTENDED_ARG NOP NOT_TAKEN RESUME".split())

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
        instructions = _instructions(inner)
        is_seen = inner is code or own in inner.co_freevars
        for index, instruction in enumerate(instructions):
            if instruction.opname in _ATTRIBUTES:
                if not (is_seen and _is_read_on(instructions, index, own, function.__globals__)):
                    names.add(instruction.argval)
    return names


def _is_read_on(
    instructions: list[Instruction], index: int, own: str, module: dict[str, Any]
) -> bool:
    """Return whether instruction `index` reads on the variable `own`, or on its `pinputs(…)`."""
    before = index - 1
    is_call = before > 0 and instructions[before].opname == "CALL" and instructions[before].arg == 1
    while is_call and instructions[before].opname in ("CALL", "PRECALL"):
        before -= 1
    found = instructions[max(before, 0)]
    variable = found.argval[1] if found.opname in _PAIRS else found.argval
    if found.opname not in _LOADS | _PAIRS or variable != own:
        return False
    called = _global_before(instructions, before) if is_call else ""
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
    instructions = _instructions(code)
    for index, instruction in enumerate(instructions):
        operation = instruction.opname
        loads = False
        if operation in _LOADS:
            loads = instruction.argval == name
        elif operation in _PAIRS:
            first, second = instruction.argval
            loads = second == name
            scanned.escapes |= first == name
        elif operation in _JUMPS or "JUMP" in operation:
            scanned.conditional = True
        elif ("FAST" in operation or "DEREF" in operation) and operation not in _CELLS:
            if "STORE" not in operation and instruction.argval == name:
                scanned.escapes = True
        if loads:
            _scan_use(instructions, index, module, scanned)
    for constant in code.co_consts:
        if hasattr(constant, "co_freevars") and name in constant.co_freevars:
            inner = Scan()
            _scan_code(constant, name, module, inner)
            scanned.add(inner)


def _scan_use(
    instructions: list[Instruction], index: int, module: dict[str, Any], scanned: Scan
) -> None:
    """Note what is done with the argument that instruction `index` has loaded."""
    following = instructions[index + 1]  # code ends with a return
    if following.opname in _ATTRIBUTES:
        scanned.reads[following.argval] = None
        return
    called = _global_before(instructions, index)
    if (
        called == "getattr"
        and following.opname == "LOAD_CONST"
        and isinstance(following.argval, str)
        and _is_an_argument(instructions, index + 2)
    ):
        scanned.reads[following.argval] = None
    if getattr(module.get(called), "__pconfig_raw_reader__", False):
        _note_input(instructions, index + 1, scanned)
        return
    scanned.escapes = True


def _note_input(instructions: list[Instruction], index: int, scanned: Scan) -> None:
    """Note which input `pinputs(self)`, called at instruction `index`, is asked for."""
    following = [one for one in instructions[index : index + 4] if one.opname != "PRECALL"]
    if len(following) > 1 and following[0].opname == "CALL":
        if following[1].opname in _ATTRIBUTES and scanned.inputs is not None:
            scanned.inputs[following[1].argval] = None
            return
    scanned.inputs = None


def _is_an_argument(instructions: list[Instruction], index: int) -> bool:
    """Return whether the constant before instruction `index` is handed to a call as it is.

    The text of `getattr(self, "a" + b)` is not; that of `getattr(self, "a", default)` is, unless
    the default is computed by an operator, which then looks the same.
    """
    for instruction in instructions[index:]:
        if "CALL" in instruction.opname and instruction.arg in (2, 3):
            return True
        if instruction.opname.startswith(("BINARY", "BUILD", "FORMAT")):
            return False
    return False


def _global_before(instructions: list[Instruction], index: int) -> str:
    """Return the global name loaded right before instruction `index`, as in `name(self …)`."""
    while index and instructions[index - 1].opname in ("PUSH_NULL", "PRECALL"):
        index -= 1
    before = instructions[index - 1]
    return str(before.argval) if index and before.opname == "LOAD_GLOBAL" else ""


def _instructions(code: CodeType) -> list[Instruction]:
    """Return the instructions of a code, without those that do nothing by themselves."""
    # With the first code that is looked at: it loads collections (2 ms).
    from dis import get_instructions

    return [one for one in get_instructions(code) if one.opname not in _FILLERS]
