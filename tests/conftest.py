"""What holds for all tests."""

import compileall
import gc
import os
import signal
import sys
from collections.abc import Generator
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from pconfigs.errors.formatting import SECRET_NAMES
from tests.builders import models, way
from tests.examples import examples

__all__ = ["models", "way"]

pytest_plugins = ["tests.required"]

# No test depends on how fast the machine is.
settings.register_profile(
    "pconfigs",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=examples(),
)
settings.load_profile("pconfigs")

# A shell starts background jobs with signals ignored, which every child process would inherit.
for name in ("SIGINT", "SIGQUIT", "SIGHUP"):
    number = getattr(signal, name, None)
    if number is not None and signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)

# Tests rewrite modules within a second, and .pyc files compare times in seconds.
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
# Processes that may not write them would compile the library at each start.
if sys.platform != "emscripten":
    for folder in ("pconfigs", "project", "benchmarks"):
        compileall.compile_dir(Path(__file__).parents[1] / folder, quiet=2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse names that differ between processes: no test could be run again by its name."""
    unstable = [item.nodeid for item in items if " at 0x" in item.nodeid]
    if unstable:
        raise pytest.UsageError(f"ids=name_of, of tests.names, must name {unstable}")


def pytest_collection_finish() -> None:
    """Make tests faster, now that all that they are made of is there."""
    # What thousands of tests are made of is left out of each later search for cycles.
    gc.collect()
    gc.freeze()
    # A pytest that a test starts needs neither the other plugins here nor asserts that are compiled
    # anew, since nothing keeps them; both take a second. Set here: workers of xdist have started.
    plugins = {plugin.name for plugin in entry_points(group="pytest11")}
    left_out = sorted(plugins - {"pconfigs.testing.pytest"})
    words = ["--assert=plain", *(f"-p no:{name}" for name in left_out)]
    os.environ["PYTEST_ADDOPTS"] = " ".join(words)


@pytest.fixture(autouse=True)
def _names_of_secrets() -> Generator[None]:
    """Forget the secrets that a test declares: paths with their names show no values."""
    known = {*SECRET_NAMES}
    yield
    SECRET_NAMES.intersection_update(known)


WITHOUT = ("does not support processes", "can't start new thread", "PyYAML", "tomli-w")

if sys.platform == "emscripten":
    # They limit memory and time by what only a system has.
    collect_ignore = ["fuzz/test_readers.py", "serialization/test_harmless.py"]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call() -> Generator[None]:
        """Skip what asks for a process, a thread or a package of C: WebAssembly has none."""
        from pconfigs.errors import MissingExtraError

        try:
            return (yield)
        except Exception as error:
            causes = getattr(error, "exceptions", [error])  # of all examples that failed
            for cause in causes:
                known = isinstance(cause, (OSError, RuntimeError, MissingExtraError))
                if not known or not any(words in str(cause) for words in WITHOUT):
                    raise
            pytest.skip(str(causes[0]))
