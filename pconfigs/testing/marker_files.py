"""Marking: which modules a `__pconfigs__.py` selects in its folder of experiments."""

from __future__ import annotations

import os

from pconfigs.testing.captured_output import Swallowed

MARKER = "__pconfigs__.py"

# Names given in the marker file that is being read.
_named: list[str] = []


class _TestSubdirs:
    """In a marker file: folders below it hold experiments, too."""

    __test__ = False  # nothing for pytest to collect

    def __repr__(self) -> str:
        return "TestSubdirs"

    def __reduce__(self) -> str:
        return "TestSubdirs"


TestSubdirs = _TestSubdirs()


def TestManually(*modules: str) -> None:  # noqa: N802
    """Limit the tests of a folder to these modules; called in its marker file.

    `TestManually("first", "second.py")`

    Raises:
        TypeError: A name is not a string.
    """
    for module in modules:
        if not isinstance(module, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"TestManually takes names of modules, got {module!r}")
    _named.extend(module.removesuffix(".py") for module in modules)
    _named.append("")  # called, even if with no name


TestManually.__test__ = False  # type: ignore[attr-defined]
TestConfigs = TestManually


class Marker:
    """The contents of a marker file.

    Attributes:
        folder: Where it lies.
        subdirs: Folders below are tested, too.
        names: The modules of the folder to test; None for all.
        error: What it raised.
    """

    subdirs = False
    names: list[str] | None = None
    error: BaseException | None = None

    def __init__(self, folder: str) -> None:
        self.folder = folder


def read_marker(folder: str) -> Marker:
    """Return the contents of the marker file in `folder`; it is run as Python."""
    from importlib.util import module_from_spec, spec_from_file_location

    marker = Marker(folder)
    path = os.path.join(folder, MARKER)
    spec = spec_from_file_location("__pconfigs__", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    _named.clear()
    try:
        with Swallowed():
            spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        # SystemExit included: a marker that ends the process marks nothing.
        marker.error = error
        return marker
    marker.subdirs = any(value is TestSubdirs for value in vars(module).values())
    if _named:
        marker.names = list(dict.fromkeys(name for name in _named if name))
    return marker
