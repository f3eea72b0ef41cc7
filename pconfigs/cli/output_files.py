"""Files that commands write: whole or not at all, and never over another one unasked."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from types import ModuleType

from pconfigs.atomic_files import create_file, replace_file
from pconfigs.cli.output import placed, print_error
from pconfigs.errors.targets import UsageError
from pconfigs.imports import Target
from pconfigs.imports.files import is_module_word


def refuse_unwritable(command: str, file: str, force: bool) -> None:
    """Refuse a name that no module can have, a missing folder, and an existing file.

    Raises:
        UsageError: It is one of these.
    """
    from keyword import iskeyword

    stem = os.path.basename(file).removesuffix(".py")
    if stem == os.path.basename(file) or not is_module_word(stem) or iskeyword(stem):
        advice = ["a name such as project/experiments/third.py can be imported"]
        raise UsageError(command, f"{file} cannot be the file of a module", advice)
    _refuse_missing_folder(command, file)
    if os.path.isdir(placed(file)):
        raise UsageError(command, f"{file} is a folder")
    if not force and os.path.lexists(placed(file)):
        raise _is_there(command, file)
    if any(_is_file_of(module, file) for module in [*sys.modules.values()]):
        advice = ["give the new one a file of its own"]
        raise UsageError(command, f"{file} is a module that the target needs", advice)


def _refuse_missing_folder(command: str, file: str) -> None:
    folder = os.path.dirname(file)
    if not os.path.isdir(placed(folder) or os.curdir):
        raise UsageError(command, f"there is no folder {folder}", ["make it first"])


def refuse_own_file(command: str, file: str, target: Target) -> None:
    """Refuse to write over the module that the target is in.

    Raises:
        UsageError: It is that.
    """
    if _is_file_of(target.module, file):
        advice = ["give the new one a file of its own"]
        raise UsageError(command, f"{file} is the file of the target", advice)


def _is_file_of(module: ModuleType, file: str) -> bool:
    own, file = getattr(module, "__file__", None), placed(file)
    return (
        own is not None
        and os.path.exists(file)
        and os.path.exists(own)
        and os.path.samefile(own, file)
    )


def write_module(command: str, file: str, code: str, force: bool) -> None:
    """Write a module, and report that.

    Raises:
        UsageError: It is there already, or its name will not do.
    """
    refuse_unwritable(command, file, force)
    write_output(command, file, code.encode(), force)
    print_error(f"wrote {file}")


def write_output(command: str, file: str, data: bytes, force: bool) -> None:
    """Write a file in one step: readers see all of it, or what was there before.

    Raises:
        UsageError: It is there already, or cannot be written.
    """
    _refuse_missing_folder(command, file)
    path = placed(file)
    if not force and os.path.lexists(path):
        raise _is_there(command, file)
    try:
        (replace_file if force else create_file)(path, data)
    except FileExistsError:
        raise _is_there(command, file) from None
    except OSError as error:
        raise UsageError(command, f"{file} cannot be written: {error.strerror}") from error


def refuse_other_content(command: str, file: str, keys: Collection[str]) -> None:
    """Refuse a file that is there and is not JSON with these keys, which the command wrote before.

    Raises:
        UsageError: It is something else, or it cannot be written.
    """
    _refuse_missing_folder(command, file)
    path = placed(file)
    folder = os.path.dirname(path) or os.curdir
    if not os.access(path if os.path.lexists(path) else folder, os.W_OK):
        raise UsageError(command, f"{file} cannot be written: permission denied")
    if not os.path.lexists(path):
        return
    from json import loads

    try:
        found = None
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as opened:
                found = loads(opened.read())
        known = isinstance(found, dict) and set(keys) <= found.keys()
    except (ValueError, OSError, RecursionError):
        known = False
    if not known:
        advice = ["give a file that is not there, or one that this command wrote before"]
        raise UsageError(command, f"{file} is there already, and holds something else", advice)


def _is_there(command: str, file: str) -> UsageError:
    return UsageError(command, f"{file} is there already", ["to replace it: --force"])
