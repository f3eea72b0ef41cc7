"""mypy with the plugin, and pyright, know every config: the good files and the mistaken ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.typing.checkers import (
    HERE,
    MARKED,
    MISTAKES,
    MODERN,
    Checkers,
    Report,
    copy_samples,
    expected,
    names_in_stub,
    read_mypy,
    run_module,
)
from tests.typing.table import PAGE, tables, with_tables

pytestmark = pytest.mark.typing

EXACT = ("base", "base-3.14")  # where pyright knows the keywords


@pytest.fixture(scope="session")
def checkers(tmp_path_factory):
    return Checkers(tmp_path_factory.mktemp("typing"))


def of_file(reports: set[Report], file: Path) -> set[Report]:
    return {report for report in reports if report.file == file.name}


def of_trainer(reports: set[Report]) -> set[Report]:
    return {report for report in reports if report.file.startswith("project/")}


def on_correct_lines(reports: set[Report]) -> set[Report]:
    """Reports on lines that are not marked as wrong."""
    marks = expected(MARKED, "mypy") | expected(MARKED, "pyright")
    marked = {(mark.file, mark.line) for mark in marks}
    return {report for report in reports if (report.file, report.line) not in marked}


def test_there_are_32_mistakes():
    """The gate counts 32 planted mistakes, and pyright is to find 31 of them."""
    assert len(MISTAKES) == 32
    assert sum(bool(expected([file], "mypy")) for file in MISTAKES) == 32
    assert sum(bool(expected([file], "pyright")) for file in MISTAKES) == 31


@pytest.mark.parametrize("spelling", ["bare", "base", "short", "bare-3.10", "base-3.10"])
def test_mypy_reports_nothing_on_the_trainer(checkers, spelling):
    """mypy --strict with the plugin reports nothing about any spelling of the trainer."""
    assert of_trainer(checkers.mypy(spelling)) == set()


@pytest.mark.parametrize("spelling", ["bare", "base", "short", "bare-3.10", "base-3.10"])
def test_pyright_reports_nothing_on_the_trainer(checkers, spelling):
    """pyright standard reports nothing about any spelling of the trainer."""
    assert of_trainer(checkers.pyright(spelling)) == set()


@pytest.mark.parametrize("spelling", ["base", "short"])
def test_strict_pyright_reports_nothing_on_the_trainer(checkers, spelling):
    """pyright strict reports nothing where `main` is annotated and the base is named."""
    assert of_trainer(checkers.pyright(spelling, "strict")) == set()


def test_the_short_spelling_needs_no_plugin(checkers):
    """mypy --strict without the plugin reports nothing about the short spelling."""
    assert checkers.mypy("short", plugin=False) == set()


@pytest.mark.parametrize("folder", ["bare", "base", "bare-3.10", "base-3.10"])
def test_mypy_reports_nothing_on_correct_lines(checkers, folder):
    """mypy with the plugin reports the mistakes, and nothing else."""
    assert on_correct_lines(checkers.mypy(folder)) == set()


@pytest.mark.parametrize("folder", ["bare", "base", "base-3.10", "base-3.14"])
def test_pyright_reports_nothing_on_correct_lines(checkers, folder):
    """pyright reports the mistakes, and nothing else."""
    assert on_correct_lines(checkers.pyright(folder)) == set()


def test_strict_pyright_reports_nothing_on_correct_lines(checkers):
    """pyright strict is silent, too, where the base is named."""
    assert on_correct_lines(checkers.pyright("base", "strict")) == set()


@pytest.mark.parametrize("folder", ["bare", "base", "bare-3.10", "base-3.10"])
@pytest.mark.parametrize("file", MARKED, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_mypy_reports_the_marked_lines(checkers, file, folder):
    """mypy with the plugin reports each mistake on its line, by the rule that the line names."""
    if file in MODERN and folder.endswith("3.10"):
        pytest.skip("has no such syntax")
    assert of_file(checkers.mypy(folder), file) == expected([file], "mypy")


@pytest.mark.parametrize("folder", EXACT)
@pytest.mark.parametrize("file", MARKED, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_pyright_reports_the_marked_lines(checkers, file, folder):
    """pyright reports each mistake on its line, by the rule that the line names."""
    assert of_file(checkers.pyright(folder), file) == expected([file], "pyright")


def test_mypy_reports_the_same_from_its_cache(checkers):
    """Files checked again against a cached module are reported as they were."""
    folder = copy_samples(checkers.scratch / "cached", "common", "mistakes")
    first = checkers.mypy_in(folder)
    for file in folder.glob("*.py"):
        if file.stem != "system":
            file.write_text(file.read_text() + "\n")
    assert checkers.mypy_in(folder) == first == expected(MISTAKES, "mypy")


@pytest.mark.parametrize("spelling", ["base", "bare"])
def test_the_daemon_follows_an_edit(checkers, spelling):
    """dmypy reports every file again that depends on a field whose type was edited."""
    folder = checkers.scratch / f"daemon-{spelling}"
    copy_samples(folder, "common", bare=spelling == "bare")
    user, system = folder / "user.py", folder / "system.py"
    user.write_text("from system import FastConfig, fast\n\nFastConfig(fast, extra='a')\n")
    text = system.read_text()

    def declare(field: str) -> None:
        # The daemon sees edits by size and whole seconds: each edit here has a size of its own.
        system.write_text(text.replace("    lr: float", f"    lr: float\n{field}"))

    with Daemon(checkers, folder) as daemon:
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

    def __init__(self, checkers: Checkers, folder: Path) -> None:
        self.checkers = checkers
        self.folder = folder

    def __enter__(self) -> Daemon:
        return self

    def __exit__(self, *error: object) -> None:
        self._run("stop")

    def check(self) -> set[Report]:
        return read_mypy(self._run("run", "--", *self.checkers.mypy_command()))

    def _run(self, *arguments: str) -> str:
        status = self.folder.parent / f"{self.folder.name}-status.json"
        command = ["--status-file", str(status), *arguments]
        return run_module("mypy.dmypy", *command, folder=self.folder)


def test_the_page_shows_what_the_checkers_report(checkers):
    """The tables in docs/typing.md are those that the checkers' output makes."""
    page = PAGE.read_text()
    assert page == with_tables(page, tables(checkers))


@pytest.fixture(scope="module")
def stubtest(checkers):
    """Return what mypy.stubtest reports of the two stubs, and of entries in the allow-list."""
    config = checkers.scratch / "stubtest.ini"
    config.write_text(f"[mypy]\nmypy_path = {checkers.library}\n")
    allowed = ["--allowlist", str(HERE / "stubtest-allowlist.txt")]
    command = ["--concise", "--mypy-config-file", str(config), *allowed, "pconfigs"]
    output = run_module("mypy.stubtest", *command, folder=checkers.library)
    # It also compares modules without a stub to themselves.
    names = {*names_in_stub("__init__.pyi"), "__all__", "pinnable"}
    return [line for line in output.splitlines() if "allowlist" in line or _name(line) in names]


def _name(line: str) -> str:
    """`pset` of `pconfigs.pset is inconsistent, …`."""
    return line.partition(" ")[0].split(".")[1] if line.startswith("pconfigs.") else ""


def test_the_stubs_agree_with_the_run_time(stubtest):
    """mypy.stubtest finds nothing but what the allow-list explains."""
    assert [line for line in stubtest if "allowlist" not in line] == []


def test_every_entry_of_the_allow_list_is_needed(stubtest):
    """An entry that allows nothing any more is to be taken out."""
    assert [line for line in stubtest if "allowlist" in line] == []
