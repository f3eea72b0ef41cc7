"""pytest: a test for each module of experiments, in a project's own run when it asks for that.

Loaded in every run of pytest where pconfigs is installed, so it does nothing and loads nothing
until a project's configuration asks. PYTEST_DONT_REWRITE
"""

from __future__ import annotations

import os

import pytest

from pconfigs import testing
from pconfigs.testing import seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pconfigs.testing.discovery import ExperimentModule
    from pconfigs.testing.report import ModuleReport

NAME = "pconfigs.testing.pytest"
GROUP = "pconfigs: tests of experiments"
NOTE, PRINTS = "pconfigs note", "pconfigs prints"


def run(words: list[str]) -> int:
    """Return the exit code of pytest when it tests experiments alone: what `ptest` does.

    The configuration of the project's own tests, which may be anything, is left aside.
    """
    apart = ["-c", os.devnull, "--rootdir", os.curdir, "--noconftest"]
    short = ["--assert=plain", "--no-header", "-rN"]
    return int(pytest.main(["-p", NAME, "--pconfigs-only", *apart, *short, *words]))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the configuration ask, and the command line."""
    group = parser.getgroup("pconfigs", GROUP)
    for name, text in (
        ("only", "test experiments and nothing else; other words are where they are"),
        ("golden", "compare what experiments print with golden files"),
        ("update-golden", "write the golden files that differ anew"),
        ("smoke", "run every experiment small"),
        ("traceback", "keep the library's own frames in tracebacks"),
    ):
        group.addoption(f"--pconfigs-{name}", action="store_true", help=text)
    group.addoption(
        "--pconfigs-timeout",
        type=seconds,
        default=60.0,
        metavar="SECONDS",
        help="how long one run may take (60)",
    )
    parser.addini("pconfigs_paths", "where experiments are that the run tests too", type="args")


def pytest_configure(config: pytest.Config) -> None:
    """Take the words for places of experiments, where nothing else is tested."""
    if config.getoption("pconfigs_only", False):
        asked = config.args_source is pytest.Config.ArgsSource.ARGS
        config.stash[PLACES] = list(config.args) if asked else [os.curdir]
        config.args[:] = []
    elif config.args_source is not pytest.Config.ArgsSource.ARGS:
        # A user who names tests wants those alone.
        places = _ini(config, "pconfigs_paths")
        if places:
            root = str(config.rootpath)
            config.stash[PLACES] = [os.path.join(root, os.path.normpath(one)) for one in places]


PLACES = pytest.StashKey[list[str]]()


def _ini(config: pytest.Config, name: str) -> list[str]:
    try:
        found: list[str] = config.getini(name)
    except ValueError:
        return []  # loaded too late to be asked
    return found


@pytest.hookimpl(tryfirst=True)  # before -k and --deselect select among all of them
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add the tests of experiments to those of the project."""
    places = session.config.stash.get(PLACES, None)
    if places:
        folder = _below(session, Experiments, name="experiments", places=places)
        items.extend(session.genitems(folder))


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str) -> Any:
    """Collect the experiments below the current folder, for `pytest --pyargs pconfigs.test`."""
    if name != "test_experiments" or getattr(collector, "path", None) != _own_door():
        return None
    return _below(collector.session, Experiments, name="experiments", places=[os.curdir])


def _below(parent: pytest.Session, cls: Any, **values: Any) -> Any:
    """Return a node of a class; pytest leaves open what its own constructors take."""
    return cls.from_parent(parent, **values)


def _own_door() -> Any:
    from pathlib import Path

    return Path(__file__).parent.parent / "test.py"


class Experiments(pytest.Collector):
    """The modules of experiments at some places."""

    def __init__(self, *, places: list[str], **others: Any) -> None:
        super().__init__(**others)
        self.places = places

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each module; a skipped one where there is none.

        Raises:
            CollectError: A place is not there.
        """
        try:
            modules = testing.checks.find_modules(self.places, _asked(self.config).golden)
        except testing.checks.TargetError as error:
            raise self.CollectError(str(error)) from None
        for found in modules:
            yield _below(
                self.session, ModuleOfExperiments, name=found.name, nodeid=found.name, found=found
            )
        if not modules:
            name = "experiments"
            yield _below(self.session, ModuleOfExperiments, name=name, nodeid=name, found=None)


class WrongExperiments(Exception):
    """The problems of a module of experiments, in words."""


class ModuleOfExperiments(pytest.Item):
    """The test of one module of experiments."""

    def __init__(self, *, found: ExperimentModule | None, **others: Any) -> None:
        super().__init__(**others)  # pyright: ignore[reportUnknownMemberType]
        self.found = found
        if found is not None:
            self.path = self.config.invocation_params.dir / found.path

    def runtest(self) -> None:
        """Check the module.

        Raises:
            WrongExperiments: Something is wrong with it.
        """
        if self.found is None:
            pytest.skip("no folder here has a __pconfigs__.py")
        asked = _asked(self.config)
        outcome = testing.checks.check(self.found, asked)
        if outcome.runs:
            testing.checks.run_small(outcome.runs, asked.timeout)
        self._tell(outcome)
        if outcome.problems:
            raise WrongExperiments("\n\n".join(outcome.problems))

    def _tell(self, outcome: ModuleReport) -> None:
        # Properties go where reports go: also to the process that sums up, and into junit.xml.
        if outcome.printed:
            self.user_properties.append((PRINTS, outcome.found.name))
        self.user_properties.extend((NOTE, note) for note in outcome.notes)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """Return the problems, without frames of the library."""
        if isinstance(excinfo.value, WrongExperiments):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Return the place of the test, for the headline of its failure."""
        return self.path, None, f"experiments of {self.name}"


def _asked(config: pytest.Config) -> Any:
    def option(name: str, default: Any = False) -> Any:
        # The door brings the plugin along when it is too late for options.
        return getattr(config.option, f"pconfigs_{name}", default)

    return testing.checks.CheckOptions(
        option("golden"),
        option("update_golden"),
        option("smoke"),
        option("timeout", 60.0),
        option("traceback"),
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Write one line on the modules that print, and the other remarks."""
    reported: dict[str, list[str]] = {PRINTS: [], NOTE: []}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                for name, value in report.user_properties:
                    if name in reported:
                        reported[name].append(value)
    for note in reported[NOTE]:
        terminalreporter.write_line(note)
    if reported[PRINTS]:
        terminalreporter.write_line(testing.checks.printing_line(sorted(reported[PRINTS])))
