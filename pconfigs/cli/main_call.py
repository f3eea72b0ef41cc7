"""Calling what a target runs: `main` of a runnable class, or the function of a config."""

from __future__ import annotations

from pconfigs.cli import output
from pconfigs.cli.commands import DONE, FAILED, exit_code
from pconfigs.errors.targets import UsageError, strange_result, uncallable_main
from pconfigs.errors.wrapping import CallError
from pconfigs.runs.current import prun

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any


def call_main(runnable: Any, made: Any, asked: Namespace, others: list[str]) -> object:
    """Return what the main of an experiment returns; a coroutine is run to its end.

    Args:
        runnable: The class with `main`, or the function that a config calls.
        made: What the config constructs.
        asked: Options of the runnable.
        others: Arguments after `--`.
    """
    is_function = not hasattr(made, "main")
    main = made if is_function else made.main
    takes = not is_function and _takes_arguments(main)
    if others and not takes:
        name = runnable.__qualname__ if is_function else f"{runnable.__qualname__}.main"
        takes_them = f"define {name}(self, namespace, args)"
        hint = "set fields by name=value" if is_function else takes_them
        raise UsageError("run", f"{name} takes no arguments after --", [hint])
    try:
        result = main(asked, others) if takes else main()
    except CallError as error:
        if not is_function or error.config_class is not type(made):
            raise
        words = [misfit.message for misfit in error.misfits]
        raise UsageError("run", f"{asked.config} cannot be called", words) from None
    except TypeError as error:
        if takes and error.__traceback__ is not None and error.__traceback__.tb_next is None:
            raise uncallable_main(runnable, error) from None
        raise
    if hasattr(result, "cr_frame"):
        from asyncio import run

        return run(result)
    return result


def _takes_arguments(main: Any) -> bool:
    """Return whether a bound `main` takes options and arguments: it has any parameter."""
    code = getattr(getattr(main, "__func__", main), "__code__", None)
    if code is None:
        return True
    bound = hasattr(main, "__self__")
    return code.co_argcount > int(bound) or bool(code.co_flags & 0x04)


def exit_code_of(runnable: Any, made: Any, result: Any) -> int:
    """Return the exit code for what main returned; a string goes to stderr.

    A mapping is kept as the results of the run. What the function of a config returns is printed,
    unless it is a mapping or None.
    """
    if hasattr(result, "keys") and hasattr(result, "__getitem__"):
        prun.log(dict(result))
        return DONE
    if not hasattr(made, "main"):
        if result is not None:
            output.write(repr(result))
        return DONE
    if result is None or isinstance(result, (int, str)):
        return exit_code(result)
    index = getattr(result, "__index__", None)
    if index is not None:
        return exit_code(index())  # a number of another library
    output.print_error(strange_result(runnable, result))
    return FAILED
