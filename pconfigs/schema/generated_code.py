"""Generated code: functions compiled from text, one place for their names and their source.

Tracebacks and debuggers show the lines: `linecache` asks the loader among a function's globals, and
need not be imported for that here.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

GENERATED = "<pconfigs "
"""How the file names of generated code begin."""

_numbers: list[int] = [0]


class _Source:
    """A loader that knows the source of one function."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get_source(self, _: str) -> str:
        return self.text


def compile_function(
    name: str, subject: str, lines: Sequence[str], names: dict[str, Any]
) -> Callable[..., Any]:
    """Return the function `name` that `lines` define.

    Names that the text binds or reads, builtins included, must have a form that no field can have,
    such as `__value__`, wherever names of fields are parameters or variables of the text.

    Args:
        name: What the text defines.
        subject: What the function is, for tracebacks: "initializer of TrainerConfig".
        lines: The source; one `def` statement, or an assignment.
        names: The globals of the function.
    """
    # Two classes of one name have two files: linecache keeps the first text that it is given.
    _numbers[0] += 1
    text = "\n".join(lines) + "\n"
    # Frames of the function are those of the library where the caller is looked for.
    names["__name__"] = __name__
    names["__loader__"] = _Source(text)
    exec(compile(text, f"{GENERATED}{subject}> {_numbers[0]}", "exec"), names)
    function: Callable[..., Any] = names[name]
    return function
