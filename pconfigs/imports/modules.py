"""Import a user's module; distinguish a missing module from one that raises."""

from __future__ import annotations

import sys

from pconfigs.errors.targets import ImportFailedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


def import_module(target: str, name: str) -> ModuleType | None:
    """Return the module `name`, whose parents are imported already; None if it does not exist."""
    try:
        __import__(name)
    except KeyboardInterrupt:
        raise
    except ModuleNotFoundError as error:
        if error.name == name and not _ran_code(error):
            return None
        raise ImportFailedError(target, name, error) from error
    except BaseException as error:
        # SystemExit included: an experiment module that ends the process has not been imported.
        raise ImportFailedError(target, name, error) from error
    return sys.modules[name]


def _ran_code(error: BaseException) -> bool:
    """Return whether the error comes from within a module, and not from the search for it."""
    below = error.__traceback__ and error.__traceback__.tb_next
    while below is not None:
        if not below.tb_frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        below = below.tb_next
    return False


def import_written(name: str) -> ModuleType:
    """Return the module `name`, whose file has just been written.

    Raises:
        Exception: What importing it raises.
    """
    from importlib import import_module, invalidate_caches

    invalidate_caches()
    return import_module(name)


def code_file(path: str) -> str:
    """Return the file in which Python keeps the compiled code of a module."""
    from importlib.util import cache_from_source

    return cache_from_source(path)


def forget_package(name: str) -> None:
    """Let a package and its modules be imported anew, since their files are replaced."""
    for loaded in list(sys.modules):
        if loaded == name or loaded.startswith(f"{name}."):
            del sys.modules[loaded]
