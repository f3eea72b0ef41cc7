"""Output of commands: the result to stdout, everything else to stderr."""

from __future__ import annotations

import os
import sys

from pconfigs.cli import terminal

_started: list[str] = []  # the folder in which the command was given, while it works
PIPE_CLOSED = 141  # what a shell reports for a program that a closed pipe has ended


def begin() -> None:
    """Note the current folder: the files that a command writes are in it, whatever changes it."""
    _started.append(_current_folder())


def end() -> None:
    """Forget the folder that was noted last."""
    _started.pop()


def placed(file: str) -> str:
    """Return the path of a file that was named where the command was given.

    Modules that a command imports, and what it runs, may change the current folder.
    """
    if not _started or _started[-1] == _current_folder():
        return file
    return os.path.join(_started[-1], file)


def _current_folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # it is gone
        return ""


def write(text: str) -> None:
    """Write a line (or lines) of the result.

    Characters that the terminal cannot take, or that control it, are written as Python would
    escape them; colours of our own are kept.
    """
    text, stream = terminal.printable_line(text), terminal.results()
    try:
        print(text, file=stream)
    except UnicodeEncodeError as error:
        escaped = text.encode(error.encoding, "backslashreplace").decode(error.encoding)
        print(escaped, file=stream)


def write_json(data: object) -> None:
    """Write the result as JSON."""
    from json import dumps

    write(dumps(data, indent=2))


def print_error(text: str) -> None:
    """Write a line (or lines) that is not the result; nowhere where stderr is closed."""
    if sys.stderr is None:
        return
    print(terminal.printable_line(text), file=sys.stderr)


def no_store(empty: object = None) -> int:
    """Report that the project has no store of runs, with the empty result as JSON; return 0."""
    print_error("no runs are recorded here; to record: python -m pconfigs.run --record TARGET")
    if empty is not None:
        write_json(empty)
    return 0


def flush() -> None:
    """Hand on what was written; a reader that has gone is a BrokenPipeError."""
    if sys.stdout is not None and not sys.stdout.closed:
        sys.stdout.flush()


def reader_has_gone() -> bool:
    """Return whether the reader of stdout has closed it, as after `pconfigs print … | head`."""
    import select

    try:
        flush()
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return any(event & select.POLLERR for _, event in poll.poll(0))
    except BrokenPipeError:
        return True
    except (AttributeError, OSError, ValueError):
        return False  # no poll on this system, or stdout is not a file: it is open


def drop_stdout() -> None:
    """Let nothing more be written: the end of the process would trip over a closed pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
