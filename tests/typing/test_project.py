"""The systems in project/ are typed throughout, as a model for those of our users."""

from __future__ import annotations

import json
import sys

import pytest

from tests.typing.checkers import ROOT, read_mypy, run_module

pytestmark = pytest.mark.typing


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the package and the systems, and nothing else."""
    folder = tmp_path_factory.mktemp("systems")
    for name in ("pconfigs", "project"):
        (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    return folder


def test_mypy_reports_nothing_on_the_systems(folder):
    """mypy --strict with the plugin reports nothing about them."""
    config = folder / "mypy.ini"
    config.write_text(
        f"[mypy]\nstrict = True\nplugins = pconfigs.mypy\ncache_dir = {folder / 'cache'}\n"
        "[mypy-sklearn.*,mlflow.*,wandb.*]\nignore_missing_imports = True\n"
        # What numpy says of its results depends on its version.
        "[mypy-project.*]\nwarn_return_any = False\n"
    )
    arguments = ["--config-file", str(config), "--output", "json", "-p", "project"]
    assert read_mypy(run_module("mypy", *arguments, folder=folder)) == set()


def test_pyright_reports_nothing_on_the_systems(folder):
    """Neither has pyright."""
    (folder / "pyrightconfig.json").write_text(json.dumps({"include": ["project"]}))
    output = run_module("pyright", "--outputjson", "--pythonpath", sys.executable, folder=folder)
    assert json.loads(output)["generalDiagnostics"] == []
