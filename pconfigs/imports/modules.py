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


def refuse_nameless(target: str, module: ModuleType) -> None:
    """Refuse what a module has put into its place, where it has no name or no attributes to list.

    Raises:
        ImportFailedError: It is that.
    """
    try:
        is_whole = isinstance(module.__name__, str) and isinstance(module.__dict__, dict)
    except Exception:  # from a `__getattr__` of the user, which may raise anything
        is_whole = False
    if not is_whole:
        words = f"a {type(module).__name__} without __name__ or __dict__ is in the module's place"
        raise ImportFailedError(target, target, TypeError(words))


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
