"""What git is asked for: no commits, submodules, thousands of files, huge differences."""

import os
import select
import signal
import subprocess
from pathlib import Path

import pytest

from pconfigs.launchers.engines.standalone import marked
from pconfigs.runs.capture.git import LARGEST_PATCH, LARGEST_STATUS, GitCapture, git_facts
from pconfigs.runs.masking import Masker
from tests.runs.conftest import read

GIT = ["git", "-c", "user.email=a@b.c", "-c", "user.name=a", "-c", "protocol.file.allow=always"]


def git(folder, *words):
    subprocess.run([*GIT, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(project):
    git(project.folder, "init", "-q", "-b", "trunk", ".")
    git(project.folder, "add", ".")
    git(project.folder, "commit", "-qm", "first")
    return project


def recorded(project):
    done = project.run("--record", "lab.first")
    assert done.code == 0, done.err
    return project.only_run(), done


def test_without_a_repository_there_is_no_record_of_git(project):
    folder, _ = recorded(project)
    assert not (folder / "git.txt").exists()
    assert git_facts(str(folder)) == {}
    assert "commit" not in project.runs("show", "@").out


def test_a_repository_without_commits_is_recorded(project):
    git(project.folder, "init", "-q", "-b", "trunk", ".")
    folder, _ = recorded(project)
    facts = git_facts(str(folder))
    assert (facts["commit"], facts["branch"]) == ("(initial)", "trunk")
    assert not (folder / "git.patch").exists()


def test_a_clean_repository_has_a_commit_and_no_patch(repository):
    folder, _ = recorded(repository)
    facts = git_facts(str(folder))
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=repository.folder, capture_output=True, check=True
    )
    assert facts["commit"] == head.stdout.decode().strip()
    assert (facts["changed"], facts["untracked"]) == ([], [])  # the store ignores itself
    assert not (folder / "git.patch").exists()


def test_a_change_in_a_submodule_is_noted(repository, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    git(other, "init", "-q", ".")
    (other / "inner.py").write_text("x = 1\n")
    git(other, "add", ".")
    git(other, "commit", "-qm", "inner")
    git(repository.folder, "submodule", "add", "-q", str(other), "vendor")
    git(repository.folder, "commit", "-qm", "with a submodule")
    (repository.folder / "vendor/inner.py").write_text("x = 2\n")
    folder, _ = recorded(repository)
    assert git_facts(str(folder))["changed"] == ["vendor"]
    assert "Submodule vendor contains modified content" in (folder / "git.patch").read_text()


def test_names_are_read_as_git_writes_them(repository):
    (repository.folder / "a b.txt").write_text("x")
    git(repository.folder, "mv", "lab/train.py", "lab/moved one.py")
    (repository.folder / "lab/train.py").write_text(
        (repository.folder / "lab/moved one.py").read_text()
    )
    folder, _ = recorded(repository)
    facts = git_facts(str(folder))
    assert facts["untracked"] == ["a b.txt", "lab/train.py"]
    assert facts["changed"] == ["lab/moved one.py"]


def test_hooks_and_external_tools_of_a_repository_do_not_run(repository):
    script = repository.write("evil.sh", "#!/bin/sh\ntouch ran\n")
    script.chmod(0o755)
    for name in ("core.fsmonitor", "diff.external"):
        git(repository.folder, "config", name, str(script))
    (repository.folder / "lab/first.py").write_text(
        "from lab.train import TrainerConfig\nconfig = TrainerConfig()\n# x\n"
    )
    folder, _ = recorded(repository)
    assert "+# x" in (folder / "git.patch").read_text()
    assert not (repository.folder / "ran").exists()


@pytest.mark.parametrize(
    "secret", ["planted-secret", "a/b\\[c].*$^&'d", 'ge"heim-ö-ü', "$(id)`id`$x"]
)
def test_a_secret_is_in_no_file_of_git_when_a_run_is_killed(repository, secret):
    (repository.folder / "notes.txt").write_text("first\n")
    git(repository.folder, "add", ".")
    git(repository.folder, "commit", "-qm", "notes")
    (repository.folder / "notes.txt").write_text(f"the key: {secret}, {secret}\n")
    (repository.folder / "planted-secret.txt").touch()
    body = """
        patch = prun.dir.parent / "git.patch"
        until = time.monotonic() + 20
        while time.monotonic() < until and not (patch.exists() and "+the key" in patch.read_text()):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    target = repository.experiment("dies", "key=os.environ['PLANTED']", body=body)
    repository.run("--record", target, PLANTED=secret)
    folder = repository.only_run()
    assert read(folder / "status.json")["state"] == "running"
    assert "+the key: ***, ***\n" in (folder / "git.patch").read_text()
    status = (folder / "git.txt").read_text()
    assert ("? ***.txt" if secret == "planted-secret" else "? planted-secret.txt") in status


def slow_git(project):
    """Return a PATH on which git takes ten minutes."""
    project.write("bin/git", "#!/bin/sh\nexec sleep 600\n").chmod(0o755)
    return f"{project.folder / 'bin'}:{os.environ['PATH']}"


def still_alive(mark):
    """Return the processes with a variable that are not about to end; kill them."""
    left = []
    for pid in marked(mark.encode()):
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        if not select.select([descriptor], [], [], 10)[0]:
            left.append(pid)
            os.kill(pid, signal.SIGKILL)
        os.close(descriptor)
    return left


def test_a_run_does_not_wait_for_a_git_that_does_not_end(repository, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", slow_git(repository))
    mark = f"left-by-{repository.folder.name}"
    monkeypatch.setenv("MARKED", mark)
    monkeypatch.setattr("pconfigs.runs.capture.git.PATIENCE", 0.1)
    capture = GitCapture(str(repository.folder), str(tmp_path), Masker())
    capture.start()
    assert capture.finish() == "git took more than 0 s"
    assert still_alive(f"MARKED={mark}") == []


def test_a_run_that_cannot_start_has_failed_and_leaves_no_git(repository):
    """The folder of a planned run has a folder in the place of a file."""
    code = "from pconfigs.runs.planning import Plan, plan_run\n"
    code += "from pconfigs.runs.store import make_store\nfrom lab.first import config\n"
    code += "print(plan_run(make_store('runs'), Plan(config, 'first', 'lab.first.config')).path)"
    folder = Path(repository.python("-c", code).out.strip())
    (folder / "code.json").mkdir()
    (folder / "code.json/in the way").touch()
    mark = f"left-by-{repository.folder.name}"
    done = repository.run("--into", str(folder), PATH=slow_git(repository), MARKED=mark)
    assert (done.code, "Is a directory" in done.err) == (1, True)
    assert still_alive(f"MARKED={mark}") == []
    status = read(folder / "status.json")
    assert (status["state"], status["error"]["type"]) == ("failed", "IsADirectoryError")
    assert status["exit_code"] == 1


@pytest.mark.slow
def test_40000_untracked_files_are_cut(repository):
    many = repository.folder / "many"
    many.mkdir()
    for index in range(40_000):
        (many / f"file{index}.txt").touch()
    folder, done = recorded(repository)
    assert (folder / "git.txt").stat().st_size < LARGEST_STATUS + 100
    if "git took more than" not in done.err:
        assert (folder / "git.txt").read_text().endswith(f"# cut at {LARGEST_STATUS} bytes\n")
        assert len(git_facts(str(folder))["untracked"]) > 1000


@pytest.mark.slow
def test_a_huge_difference_is_cut(repository):
    for index in range(30):
        (repository.folder / f"text{index}.txt").write_text("a\n")
    git(repository.folder, "add", ".")
    git(repository.folder, "commit", "-qm", "texts")
    for index in range(30):
        (repository.folder / f"text{index}.txt").write_text("some line of text\n" * 55_000)
    folder, _ = recorded(repository)
    size = (folder / "git.patch").stat().st_size
    assert LARGEST_PATCH <= size < LARGEST_PATCH + 100
