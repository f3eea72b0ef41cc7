"""Snapshots: the code of a project as it is, and what is left out or refused."""

import os
import subprocess
import sys

import pytest

from pconfigs.errors import SnapshotError
from pconfigs.launchers import snapshots
from pconfigs.launchers.snapshots import import_path, take_snapshot


@pytest.fixture
def project(tmp_path):
    """Return a project with a store, code, a virtual environment and caches."""
    for path, text in {
        "lab/__init__.py": "",
        "lab/model.py": "x = 1\n",
        "run.sh": "#!/bin/sh\n",
        ".env": "TOKEN=1\n",
        ".venv/pyvenv.cfg": "",
        ".venv/lib.py": "",
        "env/pyvenv.cfg": "",
        "env/lib.py": "",
        "lab/__pycache__/model.pyc": "",
        "runs/store.json": "{}",
        "runs/a.1/log.txt": "",
    }.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (tmp_path / "run.sh").chmod(0o755)
    return tmp_path


def files(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def taken(project):
    return project.__class__(take_snapshot(str(project), str(project / "runs")))


def git(project, *words):
    config = ["-c", "user.name=x", "-c", "user.email=x@y"]
    subprocess.run(["git", *config, *words], cwd=project, check=True, capture_output=True)


def test_without_git_hidden_files_and_environments_are_left_out(project):
    assert files(taken(project)) == ["lab/__init__.py", "lab/model.py", "run.sh"]


def test_a_folder_that_may_not_be_looked_into_is_left_out(project, monkeypatch):
    (project / "closed").mkdir()
    real = os.stat

    def refuse(path, **how):
        if "closed" in str(path) and str(path).endswith("pyvenv.cfg"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, **how)

    monkeypatch.setattr(os, "stat", refuse)
    assert files(taken(project)) == ["lab/__init__.py", "lab/model.py", "run.sh"]


def test_with_git_changed_and_untracked_files_are_copied_and_ignored_ones_not(project):
    git(project, "init")
    (project / ".gitignore").write_text("*.secret\n.venv\nenv/\n.env\n__pycache__\n")
    (project / "a.secret").write_text("")
    git(project, "add", "lab/model.py", "run.sh")
    git(project, "commit", "-m", "x")
    (project / "lab" / "model.py").write_text("x = 2\n")
    (project / "run.sh").unlink()
    (project / "lab" / "nouveau é.py").write_text("")
    snapshot = taken(project)
    assert files(snapshot) == [
        ".gitignore", "lab/__init__.py", "lab/model.py", "lab/nouveau é.py",
    ]  # fmt: skip
    assert (snapshot / "lab" / "model.py").read_text() == "x = 2\n"


def test_equal_code_has_one_copy_and_other_code_another(project):
    first = taken(project)
    assert taken(project) == first
    (project / "lab" / "model.py").write_text("x = 3\n")
    second = taken(project)
    assert second != first
    assert (first / "lab" / "model.py").read_text() == "x = 1\n"


def test_copies_are_read_only_and_programs_stay_programs(project):
    snapshot = taken(project)
    assert (snapshot / "lab" / "model.py").stat().st_mode & 0o777 == 0o444
    assert (snapshot / "run.sh").stat().st_mode & 0o777 == 0o555


def test_a_file_that_has_become_a_program_makes_another_copy(project):
    (project / "run.sh").chmod(0o644)
    assert (taken(project) / "run.sh").stat().st_mode & 0o777 == 0o444
    (project / "run.sh").chmod(0o755)
    assert (taken(project) / "run.sh").stat().st_mode & 0o777 == 0o555


def test_files_that_are_removed_meanwhile_are_left_out(project, monkeypatch):
    listed = [project.__class__("lab/draft.tmp"), project.__class__("lab/model.py")]
    monkeypatch.setattr(snapshots, "_files", lambda root, store: listed)
    assert files(taken(project)) == ["lab/model.py"]


def test_large_projects_are_refused_with_the_largest_files(project, monkeypatch):
    monkeypatch.setattr(snapshots, "LIMIT", 3000)
    (project / "weights.bin").write_bytes(bytes(2500))
    (project / "data.bin").write_bytes(bytes(1500))
    with pytest.raises(SnapshotError) as caught:
        taken(project)
    lines = str(caught.value).splitlines()
    assert "weights.bin" in lines[1]
    assert "data.bin" in lines[2]
    assert ".gitignore" in lines[-1]


def test_a_store_that_nothing_can_be_imported_from_is_refused(project):
    with pytest.raises(SnapshotError, match="must be in a folder without ':'"):
        take_snapshot(str(project), str(project / "a:b" / "runs"))


def test_the_copy_is_imported_in_place_of_the_project(project, monkeypatch):
    snapshot = taken(project)
    (project / "lab" / "model.py").write_text("x = 'edited'\n")
    monkeypatch.setattr(sys, "path", [str(project), "/elsewhere", *sys.path])
    monkeypatch.setenv("PYTHONPATH", f"/before{os.pathsep}{project}")
    path = import_path(str(project), str(snapshot))
    assert path == [str(snapshot), "/before"]
    done = subprocess.run(
        [sys.executable, "-P", "-c", "import lab.model; print(lab.model.x)"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
        cwd=project, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "1\n"


def test_zip_files_are_imported_from_the_copy_or_where_git_ignores_them(project, monkeypatch):
    git(project, "init")
    (project / ".gitignore").write_text("ignored.zip\n")
    for name in ("code.zip", "ignored.zip"):
        (project / name).write_bytes(b"")
    snapshot = taken(project)
    entries = [project / "code.zip" / "inner", project / "ignored.zip" / "inner", project / "none"]
    monkeypatch.setattr(sys, "path", [*map(str, entries), "/elsewhere"])
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert import_path(str(project), str(snapshot)) == [
        str(snapshot / "code.zip" / "inner"), str(entries[1]), str(snapshot),
    ]  # fmt: skip


def test_folders_whose_names_start_like_that_of_the_project_are_kept(project, monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setenv("PYTHONPATH", f"{project}{os.pathsep}{project}-other")
    assert import_path(str(project), "/copy") == ["/copy", f"{project}-other"]
