"""An exception as the user sees it: their own frames, without those of the library."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from types import FrameType, TracebackType
from typing import Any

from pconfigs.errors.formatting import SECRET_NAMES, nearest, notebook_cell, without_secrets

# The package, the code that it generates, and the interpreter's own import machinery.
LIBRARY = (
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep,
    "<pconfigs ",
    "<frozen ",
)

_SHELL = os.path.join("", "IPython", "core", "")  # frames that run the code of a cell


def text_of(error: BaseException, whole: bool = False) -> str:
    """Return the traceback of `error` and of its causes, in words, ending without a line break.

    Args:
        error: What was raised.
        whole: Keep the library's frames.
    """
    import traceback

    if not whole and any(has_user_frames(one) for one in _chain(error)):
        _hide_library(error)
    shown = traceback.TracebackException(type(error), error, error.__traceback__, compact=True)
    _hide_secrets(shown)
    lines = list(shown.format())
    if sys.version_info < (3, 12):
        lines = _with_hint(lines, error)
    return "".join(lines).rstrip("\n")


def _hide_secrets(shown: Any) -> None:
    """Leave out of the lines of source in a traceback, and in those of causes, what is secret."""
    from linecache import getline
    from traceback import FrameSummary

    for frames in (one.stack for one in _chain_of(shown)):
        for index, frame in enumerate(frames):
            number = frame.lineno or 0
            last = getattr(frame, "end_lineno", None) or number
            lines = [getline(frame.filename, at).rstrip() for at in range(number, last + 1)]
            if _has_literal(lines) and any(map(_shows_secret, lines)):
                # Without columns: the line is another one, and those below it are left out.
                line = without_secrets(lines[0])[0]
                frames[index] = FrameSummary(
                    frame.filename, number, frame.name, lookup_line=False, line=line
                )


def _has_literal(lines: Sequence[str]) -> bool:
    """Return whether code has strings or numbers: names, as in `key = table[index]`, are shown."""
    return any(sign in "'\"" or sign.isdigit() for line in lines for sign in line)


def _shows_secret(line: str) -> bool:
    """Return whether a value is given to a secret on a line, or on the next one."""
    if without_secrets(line)[0] != line:
        return True
    left = re.search(r"(\w+)[\"']?\s*[=:]\s*[(\[{]*$", line)
    return left is not None and left[1] in SECRET_NAMES


def _chain_of(shown: Any) -> Iterator[Any]:
    """Yield the formatted form of an error with those of its causes and members."""
    todo = [shown]
    while todo:
        one = todo.pop()
        todo += filter(None, [one.__cause__, one.__context__, *(one.exceptions or ())])
        yield one


def _with_hint(lines: list[str], error: BaseException) -> list[str]:
    """Add the hint that Python 3.11 itself prints, but leaves out of formatted tracebacks."""
    if not isinstance(error, (AttributeError, NameError)) or _is_of_library(error):
        return lines
    name, owner = getattr(error, "name", None), getattr(error, "obj", None)
    if not name:
        return lines
    if isinstance(error, NameError):
        known = list(_last_names(error.__traceback__))
    else:
        known = [] if owner is None else dir(owner)
    close = nearest(name, known)
    if close is None or "Did you mean" in lines[-1]:
        return lines
    ends = f"{type(error).__name__}: {error}"
    return [
        f"{line.rstrip()}. Did you mean: {close!r}?\n" if line.rstrip() == ends else line
        for line in lines
    ]


def _last_names(trace: TracebackType | None) -> Iterator[str]:
    """Yield the names that the innermost frame of a traceback sees."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is not None:
        frame = trace.tb_frame
        yield from [*frame.f_locals, *frame.f_globals, *frame.f_builtins]


def notebook_lines(error: BaseException) -> list[str]:
    """Return the traceback of `error` in a notebook: cells by their number, no library frames."""
    lines: list[str] = []
    of_shell = False
    for line in text_of(error).split("\n"):
        match = re.fullmatch(r'  File "(.*)", line (\d+)(, in .*)?', line)
        of_shell = _SHELL in match[1] if match else of_shell and line.startswith("    ")
        cell = notebook_cell(match[1]) if match else None
        if not of_shell:
            lines.append(f"  {cell}, line {match[2]}" if match and cell else line)
    return lines


def shell_lines(error: BaseException) -> list[str]:
    """Return the traceback of `error` as IPython formats it, without library frames."""
    _hide_library(error)
    shell: Any = sys.modules["IPython"].get_ipython()
    lines: list[str] = shell.InteractiveTB.structured_traceback(
        type(error), error, error.__traceback__
    )
    return lines


def _hide_library(error: BaseException) -> None:
    for one in _chain(error):
        one.__traceback__ = _without_library(one.__traceback__)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield `error` with its causes, contexts and the members of groups, each once."""
    seen: set[int] = set()
    todo: list[BaseException | None] = [error]
    while todo:
        one = todo.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            todo += [one.__cause__, one.__context__, *getattr(one, "exceptions", ())]
            yield one


def has_user_frames(error: BaseException, beyond_python: bool = False) -> bool:
    """Return whether `error` itself came through code of the user.

    With `beyond_python`, the standard library does not count as such.
    """
    trace = _without_library(error.__traceback__)
    while beyond_python and trace is not None and _is_of_python(trace.tb_frame):
        trace = trace.tb_next
    return isinstance(error, SyntaxError) or trace is not None


def _without_library(trace: TracebackType | None) -> TracebackType | None:
    kept: list[TracebackType] = []
    while trace is not None:
        if not _is_library(trace.tb_frame):
            kept.append(trace)
        trace = trace.tb_next
    below: TracebackType | None = None
    for one in reversed(kept):
        below = TracebackType(below, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return below


def _is_library(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith(LIBRARY)


def _is_of_library(error: BaseException) -> bool:
    # By its home: the base of all errors renders itself with this module.
    return any(cls.__module__ == "pconfigs.errors" for cls in type(error).__mro__)


def _is_of_python(frame: FrameType) -> bool:
    file = frame.f_code.co_filename
    return file.startswith(os.path.dirname(os.__file__) + os.sep) and "-packages" not in file
