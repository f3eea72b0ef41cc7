"""mypy with the plugin, and pyright, know every config: the good files and the mistaken ones."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.typing.checkers import (
    HERE,
    ROOT,
    Report,
    expected,
    lay_out,
    mypy_command,
    mypy_environment,
    read_mypy,
    run_mypy,
    run_pyright,
)

pytestmark = pytest.mark.typing

MISTAKES = sorted((HERE / "mistakes").glob("*.py"))
FURTHER = sorted((HERE / "further").glob("*.py"))
SPELLINGS = ("bare", "base", "short")


@pytest.fixture(scope="module")
def scratch():
    folder = Path(mkdtemp())
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def found(scratch):
    """Reports of one run of a checker over all files, by spelling and version of Python."""

    @cache
    def run(checker: str, spelling: str, version: str, mode: str = "standard") -> set[Report]:
        folder = scratch / spelling
        if not folder.exists():
            folders = [HERE / name for name in ("common", "good", "mistakes", "further")]
            lay_out(folder, *folders, bare=spelling == "bare")
        if checker == "mypy":
            return run_mypy(folder, version=version)
        return run_pyright(folder, mode, version=version)

    return run


@pytest.fixture(scope="module")
def trainer(scratch):
    """A folder with the trainer example in one spelling."""

    @cache
    def folder(spelling: str) -> Path:
        target = scratch / f"trainer-{spelling}"
        if spelling != "bare":
            return lay_out(target, HERE / "spellings" / spelling)
        for name in ("modules/trainer.py", "experiments/first.py", "experiments/second.py"):
            (target / "project" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "project" / name, target / "project" / name)
        return lay_out(target)

    return folder


def of_file(reports: set[Report], file: Path) -> set[Report]:
    return {report for report in reports if report.file == file.name}


def correct_lines(reports: set[Report]) -> set[Report]:
    """Reports on lines that are not marked as wrong."""
    files = [*MISTAKES, *FURTHER]
    marked = {
        (mark.file, mark.line)
        for file in files
        for mark in expected(file, "mypy") | expected(file, "pyright")
    }
    return {report for report in reports if (report.file, report.line) not in marked}


def test_there_are_32_mistakes():
    """The gate counts 32 planted mistakes, and pyright is to find 31 of them."""
    assert len(MISTAKES) == 32
    assert sum(bool(expected(file, "mypy")) for file in MISTAKES) == 32
    assert sum(bool(expected(file, "pyright")) for file in MISTAKES) == 31


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_mypy_reports_nothing_on_the_trainer(trainer, spelling):
    """mypy --strict with the plugin has nothing to say about any spelling of the trainer."""
    assert run_mypy(trainer(spelling)) == set()
    assert run_mypy(trainer(spelling), version="3.10") == set()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_pyright_reports_nothing_on_the_trainer(trainer, spelling):
    """pyright standard has nothing to say about any spelling of the trainer."""
    assert run_pyright(trainer(spelling)) == set()


@pytest.mark.parametrize("spelling", SPELLINGS[1:])
def test_strict_pyright_reports_nothing_on_the_trainer(trainer, spelling):
    """pyright strict has nothing to say where `main` is annotated and the base is named."""
    assert run_pyright(trainer(spelling), "strict") == set()


def test_the_short_spelling_needs_no_plugin(trainer):
    """mypy --strict without the plugin has nothing to say about the short spelling."""
    assert run_mypy(trainer("short"), plugin=False) == set()


@pytest.mark.parametrize("version", ["3.10", "3.13"])
@pytest.mark.parametrize("spelling", ["base", "bare"])
def test_mypy_reports_nothing_on_correct_lines(found, spelling, version):
    """mypy with the plugin is silent on the good files and beside the mistakes."""
    assert correct_lines(found("mypy", spelling, version)) == set()


@pytest.mark.parametrize("version", ["3.12", "3.13", "3.14"])
@pytest.mark.parametrize("mode", ["standard", "strict"])
def test_pyright_reports_nothing_on_correct_lines(found, mode, version):
    """pyright is silent on the good files and beside the mistakes where the base is named."""
    assert correct_lines(found("pyright", "base", version, mode)) == set()


def test_pyright_reports_nothing_on_correct_lines_of_bare_classes(found):
    """pyright takes bare classes as they are."""
    assert correct_lines(found("pyright", "bare", "3.13")) == set()


@pytest.mark.parametrize("spelling", ["base", "bare"])
@pytest.mark.parametrize("file", [*MISTAKES, *FURTHER], ids=lambda file: file.stem)
def test_mypy_reports_the_mistake(found, file, spelling):
    """mypy with the plugin reports each mistake on its line, by the rule that the line names."""
    assert of_file(found("mypy", spelling, "3.13"), file) == expected(file, "mypy")
    assert of_file(found("mypy", spelling, "3.10"), file) == expected(file, "mypy")


@pytest.mark.parametrize("file", [*MISTAKES, *FURTHER], ids=lambda file: file.stem)
def test_pyright_reports_the_mistake(found, file):
    """pyright reports each mistake on its line where the base is named."""
    assert of_file(found("pyright", "base", "3.13"), file) == expected(file, "pyright")


def test_mypy_reports_the_same_from_its_cache(scratch, found):
    """Files checked again against a cached module are reported as they were."""
    folder = lay_out(scratch / "cached", HERE / "common", HERE / "mistakes")
    first = run_mypy(folder)
    for file in folder.glob("*.py"):
        if file.stem != "system":
            file.write_text(file.read_text() + "\n")
    assert run_mypy(folder) == first == correct_and_expected(MISTAKES)


def correct_and_expected(files: list[Path]) -> set[Report]:
    return {report for file in files for report in expected(file, "mypy")}


@pytest.mark.parametrize("spelling", ["base", "bare"])
def test_the_daemon_follows_an_edit(scratch, spelling):
    """dmypy reports every file again that depends on a field whose type was edited."""
    folder = lay_out(scratch / f"daemon-{spelling}", HERE / "common", bare=spelling == "bare")
    user, system = folder / "user.py", folder / "system.py"
    user.write_text("from system import FastConfig, fast\n\nFastConfig(fast, extra='a')\n")
    text = system.read_text()

    def declare(field: str) -> None:
        # The daemon sees edits by size and whole seconds: each edit here has a size of its own.
        system.write_text(text.replace("    lr: float", f"    lr: float\n{field}"))

    with Daemon(folder) as daemon:
        assert daemon.check() == {Report("user.py", 3, "call-arg")}
        declare("    extra: int")
        assert daemon.check() == {Report("user.py", 3, "arg-type")}
        declare("    extra: object")
        assert daemon.check() == set()
        declare("    extra: int\n\n    @pproperty\n    def extra(self) -> bytes: return b''\n")
        assert daemon.check() == {
            Report("user.py", 3, "arg-type"),
            Report("system.py", 48, "pproperty"),
        }
        system.write_text(text)
        assert daemon.check() == {Report("user.py", 3, "call-arg")}


class Daemon:
    """A daemon of mypy for one folder, ended with the block."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.status = folder.parent / f"{folder.name}-status.json"

    def __enter__(self) -> Daemon:
        return self

    def __exit__(self, *error: object) -> None:
        self._run("stop")

    def check(self) -> set[Report]:
        return read_mypy(self._run("run", "--", *mypy_command(self.folder)))

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "mypy.dmypy", "--status-file", str(self.status), *arguments],
            cwd=self.folder, env=mypy_environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode not in (0, 1):
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout
