"""Modules in files: by their dotted name where they have one, by their path otherwise."""

from __future__ import annotations

import os
import sys

from pconfigs.errors.targets import ImportFailedError, not_a_file
from pconfigs.imports.modules import import_module, refuse_nameless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


def load_file(target: str, path: str) -> ModuleType:
    """Return the module in a file, imported by its dotted name, or by its path if it has none."""
    if not os.path.isfile(path):
        raise not_a_file(target, path)
    name = module_name_of(path)
    if name is not None:
        parents = name.split(".")[:-1]
        packages = [".".join(parents[: count + 1]) for count in range(len(parents))]
        found = all(import_module(target, package) is not None for package in packages)
        if found and _leads_to(name, path):
            module = import_module(target, name)
            if module is not None:
                refuse_nameless(target, module)
                return module
    return _load_by_path(target, path)


def _leads_to(name: str, path: str) -> bool:
    """Return whether importing `name` would load the file, and not another module of that name."""
    from importlib.util import find_spec

    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return False
    origin = spec.origin if spec is not None and spec.has_location else None
    return origin is not None and _is_same(origin, path)


def module_name_of(path: str) -> str | None:
    """Return the dotted name by which a Python file would be imported, or None."""
    folder, file = os.path.split(os.path.abspath(path))
    return module_name_in(package_path_of(folder), file)


def package_path_of(folder: str) -> str | None:
    """Return the folder relative to the import path, or None where no entry of it is above.

    Among the entries above the folder, the nearest one that is not itself part of a package
    counts.

    Args:
        folder: An absolute path.
    """
    top = folder
    while os.path.isfile(os.path.join(top, "__init__.py")) and os.path.dirname(top) != top:
        top = os.path.dirname(top)
    best = ""
    for entry in sys.path:
        root = os.path.abspath(entry)
        if len(root) > len(best) and (top == root or top.startswith(root.rstrip(os.sep) + os.sep)):
            best = root
    return os.path.relpath(folder, best) if best else None


def module_name_in(package_path: str | None, file: str) -> str | None:
    """Return the dotted name of a file of the folder that `package_path_of` describes, or None."""
    if package_path is None:
        return None
    names = [name for name in package_path.split(os.sep) if name != os.curdir]
    stem = file[: -len(".py")]
    if stem != "__init__":
        names.append(stem)
    return ".".join(names) if names and all(map(is_module_word, names)) else None


def is_module_word(name: str) -> bool:
    """Return whether a module can have a name: an identifier, or one that begins with a digit.

    `import` cannot name a module such as `01_baseline`, but Python imports it all the same.
    """
    return name.isidentifier() or (name.isascii() and name.replace("_", "a").isalnum())


def _load_by_path(target: str, path: str) -> ModuleType:
    from importlib.util import find_spec, module_from_spec, spec_from_file_location

    path = os.path.abspath(path)
    stem = os.path.basename(path)[: -len(".py")]
    stem = "".join(character if character.isalnum() else "_" for character in stem)
    name = stem = stem if stem.isidentifier() else f"_{stem}"
    number = 1
    while name in sys.modules or find_spec(name) is not None:
        known = sys.modules.get(name)
        if getattr(known, "__file__", None) == path:
            assert known is not None
            return known
        number += 1
        name = f"{stem}_{number}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded as a module")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[name]
        if isinstance(error, KeyboardInterrupt):
            raise
        raise ImportFailedError(target, name, error) from error
    return module


def importable(module: ModuleType) -> bool:
    """Return whether importing a module by its name gives this very module, in any process."""
    name, file = module.__name__, getattr(module, "__file__", None)
    if name == "__main__" or file is None:
        return False
    from importlib.machinery import PathFinder

    # Looked up again: a module that was loaded by its path is among the imported ones, too.
    parent = sys.modules.get(name.rpartition(".")[0])
    spec = PathFinder.find_spec(name, getattr(parent, "__path__", None))
    origin = spec.origin if spec is not None and spec.has_location else None
    return origin is not None and _is_same(origin, file)


def _is_same(one: str, other: str) -> bool:
    """Return whether two paths lead to one file, which may be in a zip."""
    return os.path.realpath(one) == os.path.realpath(other) or (
        os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)
    )


def run_text(code: str, attribute: str) -> object:
    """Return the attribute of a module whose source is `code`, without importing it."""
    namespace: dict[str, object] = {"__name__": "written", "__builtins__": __builtins__}
    exec(compile(code, "<written>", "exec", dont_inherit=True), namespace)
    return namespace[attribute]
