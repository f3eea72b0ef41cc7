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


def test_mypy_reports_nothing_on_the_library(library):
    """mypy --strict has nothing to say about the library."""
    config = library / "mypy.ini"
    config.write_text(
        f"[mypy]\nstrict = True\npython_version = 3.13\ncache_dir = {library / 'cache'}\n"
    )
    output = run_module(
        "mypy", "--config-file", str(config), "--output", "json", "-p", "pconfigs", folder=library
    )
    assert read_mypy(output) == set()


def test_strict_pyright_reports_nothing_on_the_library(library):
    """pyright strict has nothing to say about the library, its stubs and its plugin."""
    settings = {"typeCheckingMode": "strict", "include": ["pconfigs"], "pythonVersion": "3.13"}
    (library / "pyrightconfig.json").write_text(json.dumps(settings))
    output = run_module("pyright", "--outputjson", *PYTHON, folder=library)
    found = json.loads(output)
    assert found["summary"]["filesAnalyzed"] > 200
    assert [(each["file"], each["message"]) for each in found["generalDiagnostics"]] == []
