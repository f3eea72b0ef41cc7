"""The library's own code is typed throughout."""

from __future__ import annotations

import json
import sys

import pytest

from tests.typing.checkers import ROOT, read_mypy, run_module

pytestmark = pytest.mark.typing

# Where pyright finds mypy, which the plugin imports.
PYTHON = ("--pythonpath", sys.executable)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A folder with nothing but the package."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "pconfigs").symlink_to(ROOT / "pconfigs", target_is_directory=True)
    return folder


@pytest.mark.xfail(strict=False, reason="rooms of the library are still being written")
def test_mypy_reports_nothing_on_the_library(library):
    """mypy --strict has nothing to say about the library."""
    config = library / "mypy.ini"
    config.write_text(f"[mypy]\nstrict = True\ncache_dir = {library / 'cache'}\n")
    output = run_module(
        "mypy", "--config-file", str(config), "--output", "json", "-p", "pconfigs", folder=library
    )
    assert read_mypy(output) == set()


@pytest.mark.xfail(strict=False, reason="rooms of the library are still being written")
def test_strict_pyright_reports_nothing_on_the_library(library):
    """pyright strict has nothing to say about the library."""
    settings = {"typeCheckingMode": "strict", "include": ["pconfigs"]}
    (library / "pyrightconfig.json").write_text(json.dumps(settings))
    output = run_module("pyright", "--outputjson", *PYTHON, folder=library)
    assert [found["file"] for found in json.loads(output)["generalDiagnostics"]] == []


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_stubs_and_plugin_are_typed(library, checker):
    """What this room owns is clean already: the stubs and the plugin."""
    own = ["pconfigs/mypy.py", "pconfigs/mypy_plugin", "pconfigs/pinnable.pyi"]
    if checker == "mypy":
        config = library / "own.ini"
        config.write_text(f"[mypy]\nstrict = True\ncache_dir = {library / 'cache'}\n")
        arguments = ["--config-file", str(config), "--output", "json", *own]
        assert read_mypy(run_module("mypy", *arguments, folder=library)) == set()
    else:
        settings = {"typeCheckingMode": "strict", "include": [*own, "pconfigs/__init__.pyi"]}
        (library / "pyrightconfig.json").write_text(json.dumps(settings))
        output = run_module("pyright", "--outputjson", *PYTHON, folder=library)
        found = json.loads(output)["generalDiagnostics"]
        assert [each for each in found if each["severity"] == "error"] == []
