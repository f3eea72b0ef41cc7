"""`ptest [PATH|TARGET…]`: test the experiments of a project by pytest."""

from __future__ import annotations

import sys

from pconfigs.cli.main import guarded
from pconfigs.cli.output import write
from pconfigs.errors.base import MissingExtraError

OPTIONS = ("--golden", "--update-golden", "--smoke", "--timeout", "--traceback")
PREFIX = "--pconfigs-"


def script() -> int:
    """Exit code of `ptest …`, as typed: the same tests, run by pytest."""
    return guarded(ptest, sys.argv[1:])


def ptest(words: list[str]) -> int:
    """Test every module of experiments by pytest; the exit code is that of pytest.

    Its options may be given, too: `ptest -x -k digits --golden`.

    Raises:
        MissingExtraError: pytest is not installed.
    """
    if any(word in ("-h", "--help") for word in words):
        write(_help())
        return 0

    try:
        # Where pytest is missing, help and the reason are there all the same.
        from pconfigs.testing.pytest import run
    except ModuleNotFoundError as error:
        if error.name != "pytest":
            raise
        advice = "pip install pytest; or without it: python -m pconfigs.test"
        raise MissingExtraError("pytest", "test", "ptest", advice) from None
    return run([_prefixed(word) for word in words])


def _prefixed(word: str) -> str:
    """Return our options as the plugin knows them: other plugins have options of these names."""
    name = word.partition("=")[0]
    return f"{PREFIX}{word[2:]}" if name in OPTIONS else word


def _help() -> str:
    return """\
usage: ptest [PATH|TARGET ...] [--golden] [--update-golden] [--smoke] [--timeout SECONDS] [...]

Test the experiments of a project by pytest: that each module imports.

  PATH|TARGET        files, folders or modules; the current folder if there are none
  --golden           compare what experiments print with golden files
  --update-golden    write the golden files that differ anew
  --smoke            run every experiment small
  --timeout SECONDS  how long one run may take (60)
  --traceback        keep the library's own frames in tracebacks
  ...                options of pytest, such as -x, -k WORDS, -v

without pytest: python -m pconfigs.test"""
