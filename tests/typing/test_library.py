"""The library's own code is typed throughout."""

from __future__ import annotations

import json
import sys

import pytest

from tests.typing.checkers import ROOT, read_mypy, run_module

pytestmark = pytest.mark.typing

# Where pyright finds mypy, which the plugin imports.
PYTHON = ("--pythonpath", sys.executable)


# Values of configs may be anything, and `isinstance(value, list)` makes a list of unknown items of
# them; mypy, whose --strict has no such rule, takes them for Any. Packages of extras may be missing.
RELAXED = [
    "reportUnknownVariableType", "reportUnknownMemberType", "reportUnknownArgumentType",
    "reportUnknownLambdaType", "reportUnknownParameterType", "reportMissingImports",
    "reportMissingTypeStubs", "reportMissingModuleSource",
    # Values that types forbid are refused for those who run no checker.
    "reportUnnecessaryIsInstance", "reportUnnecessaryComparison",
]  # fmt: skip
EXTRAS = "fsspec matplotlib mlflow optuna pandas polars ray tensorboard wandb".split()


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A folder with nothing but the package."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "pconfigs").symlink_to(ROOT / "pconfigs", target_is_directory=True)
    return folder


def test_mypy_reports_nothing_on_the_library(library):
    """mypy --strict reports nothing about the library."""
    config = library / "mypy.ini"
    config.write_text(
        f"[mypy]\nstrict = True\npython_version = 3.13\ncache_dir = {library / 'cache'}\n"
        + "".join(f"[mypy-{name}.*]\nignore_missing_imports = True\n" for name in EXTRAS)
    )
    output = run_module(
        "mypy", "--config-file", str(config), "--output", "json", "-p", "pconfigs", folder=library
    )
    assert read_mypy(output) == set()


def test_strict_pyright_reports_nothing_on_the_library(library):
    """pyright strict reports nothing about the library, its stubs and its plugin."""
    settings = {"typeCheckingMode": "strict", "include": ["pconfigs"], "pythonVersion": "3.13"}
    settings |= dict.fromkeys(RELAXED, False)
    (library / "pyrightconfig.json").write_text(json.dumps(settings))
    output = run_module("pyright", "--outputjson", *PYTHON, folder=library)
    found = json.loads(output)
    assert found["summary"]["filesAnalyzed"] > 200
    assert [(each["file"], each["message"]) for each in found["generalDiagnostics"]] == []
