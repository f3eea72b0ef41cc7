"""Modules that were loaded by their path, for the processes that `multiprocessing` spawns."""

from __future__ import annotations

import atexit
import os
import sys

from pconfigs.locks import ScratchFolder

TYPE_CHECKING = False  # loaded with every run
if TYPE_CHECKING:
    from types import ModuleType


def share_with_processes(module: ModuleType) -> None:
    """Let processes that this one starts import a module that was loaded by its path.

    Those that `multiprocessing` spawns get the import path of this one: a folder at its end has a
    module of the name, which loads the file. The folder is removed when this process ends.
    """
    scratch = ScratchFolder()
    atexit.register(scratch.remove)
    name, file = module.__name__, os.path.abspath(str(module.__file__))
    with open(os.path.join(scratch.path, f"{name}.py"), "w", encoding="utf-8") as written:
        written.write(_LOADER.format(file=file))
    sys.path.append(scratch.path)


_LOADER = """\
import sys
from importlib.util import module_from_spec, spec_from_file_location

spec = spec_from_file_location(__name__, {file!a})
module = sys.modules[__name__] = module_from_spec(spec)
spec.loader.exec_module(module)
"""
