"""`pconfigs init`: a project that runs and passes at once."""

import os
import subprocess
import sys

import pytest

FILES = [
    ".gitignore",
    "AGENTS.md",
    "lab/__init__.py",
    "lab/estimator.py",
    "lab/experiments/__init__.py",
    "lab/experiments/__pconfigs__.py",
    "lab/experiments/finer.py",
    "lab/experiments/first.py",
    "pyproject.toml",
    "tests/test_estimator.py",
]


def run(folder, *words):
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def files_below(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".pytest_cache" not in path.parts
    )


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "lab"
    folder.mkdir()
    done = run(folder, "pconfigs.init")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-2:] == [
        "python -m pconfigs.run lab.experiments.first",
        "python -m pconfigs.test",
    ]
    return folder


@pytest.mark.slow
def test_project_runs_and_passes_at_once(project):
    assert files_below(project) == FILES
    done = run(project, "pconfigs.run", "lab.experiments.first")
    assert done.stdout == "pi is about 3.1416, from 10000 points\n", done.stderr
    done = run(project, "pconfigs.test")
    assert done.stdout.splitlines()[-1].endswith("Errors: 0"), done.stdout + done.stderr
    done = run(project, "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly")
    assert done.returncode == 0, done.stdout + done.stderr
    done = run(project, "pconfigs.run", "lab.experiments.finer", "--smoke")
    assert "from 1000 points" in done.stdout, done.stderr


def test_written_code_is_formatted(project):
    """As ruff and black would."""
    done = run(project, "black", "--check", "--quiet", "--line-length", "100", ".")
    assert done.returncode == 0, done.stderr


def test_existing_files_are_kept(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    done = run(tmp_path, "pconfigs.init")
    assert done.returncode == 2
    assert "pyproject.toml must not exist" in done.stderr
    assert files_below(tmp_path) == ["pyproject.toml"]


def test_a_folder_and_a_name_can_be_given(tmp_path):
    done = run(tmp_path, "pconfigs.init", "new-study", "--name", "study")
    assert done.returncode == 0, done.stderr
    assert "cd new-study" in done.stdout
    done = run(tmp_path / "new-study", "pconfigs.run", "study.experiments.first")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("folder", ["3d", "random", "pconfigs", "été"])
def test_a_folder_that_cannot_name_a_package_gets_another_name(folder, tmp_path):
    done = run(tmp_path, "pconfigs.init", folder)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / folder / "lab" / "estimator.py").exists() or folder == "été"


@pytest.mark.parametrize("name", ["3d", "random", "a-b", "class", ""])
def test_a_name_that_no_package_can_have_is_refused(name, tmp_path):
    done = run(tmp_path, "pconfigs.init", "--name", name)
    assert done.returncode == 2
    assert "--name must be a new package name" in done.stderr
    assert files_below(tmp_path) == []
