"""Change lines that guard a promise, one at a time, and report those that no test notices.

`python tools/mutants.py` runs all mutants in a copy of the repository, `python tools/mutants.py
allowlist` those whose file has this word in its path. It prints a line for each and exits 1 if one
survives, or if its line is no longer there: then rewrite the mutant or remove it.

The list is chosen by hand: boundaries of what a file may do, what leaves the process, what never
changes, what is written. Generated mutants of all lines take hours and find mostly wording.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("pconfigs", "project", "tests", "pyproject.toml")
MEMORY = 4 << 30  # bytes for each run of tests
SECONDS = 300  # for each run of tests
PROMISES = "tests/guards/test_promises.py"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of one place: `pattern` is replaced by `new` in `file`, and `tests` must fail."""

    file: str
    pattern: str
    new: str
    tests: tuple[str, ...]


def _mutant(file: str, pattern: str, new: str, *tests: str) -> Mutant:
    return Mutant(f"pconfigs/{file}", pattern, new, (PROMISES, *tests))


LOADING = ("tests/serialization",)
WRITING = ("tests/test_atomic_files.py",)
ALLOWLIST, ARRAYS = "serialization/allowlist.py", "validation/frozen_arrays.py"
YAML, PICKLING = "serialization/formats/yaml_format.py", "build/pickling.py"
MUTANTS = [
    # What a file may name.
    _mutant(ALLOWLIST, r'startswith\(f"\{package\}\."\)', "startswith(package)"),
    _mutant(ALLOWLIST, r"if not self\.allows\(name\):", "if False:", *LOADING),
    _mutant(ALLOWLIST, r"if home != name or", "if", *LOADING),
    _mutant(ALLOWLIST, r"not in sys\.stdlib_module_names", "not in ()", *LOADING),
    # What a file may hold.
    _mutant(
        "serialization/conversion/text_values.py",
        r"scalars == \{int\} and is_integer\(text\)",
        "scalars == {int} and True",
        *LOADING,
    ),
    _mutant(YAML, r"self\.aliased > LARGEST", "False", *LOADING),
    _mutant(YAML, r"self\.count - start \+ 1", "1", *LOADING),
    # What leaves the process.
    _mutant(PICKLING, r"if name not in secrets\n", "if True\n"),
    _mutant(PICKLING, r"Secret if name in secrets else ", "", "tests/build/test_pickling.py"),
    _mutant("reports/html.py", r"from html import escape", "escape = str"),
    # What never changes.
    _mutant(
        ARRAYS, r"if isinstance\(base, bytes\) and not", "if not array.flags.writeable and not"
    ),
    _mutant(ARRAYS, r"copied\.setflags\(write=False\)", "pass", "tests/validation"),
    _mutant("schema/equality.py", r"or a\.shape != b\.shape", ""),
    # What is given, and what it means.
    _mutant("build/defaults.py", r"schema\.fallback = ", "_ = "),
    _mutant("validation/constraints.py", r"<= 1e-9 \*", "<= 1e-2 *"),
    _mutant("overrides/override.py", r"if not has_effect:", "if False:"),
    _mutant("serialization/texts/parsers.py", r"if inner and unquoted\(text\)", "if None"),
    _mutant("tree/diff.py", r"a or field\.takes_input for", "a for"),
    _mutant("provenance/origins.py", r"is_default = is_default or not", "is_default = not"),
    # What is written, and what is ended.
    _mutant("atomic_files.py", r"_unlink\(draft\)\n            raise", "raise"),
    _mutant("atomic_files.py", r"put\(draft, real\)", "put(draft, path)", *WRITING),
    _mutant("launchers/processes.py", r"is not signal\.SIG_IGN  # nohup", "is not None"),
]


def run_tests(tests: Iterable[str], folder: Path) -> int:
    """Return the exit code of pytest for tests of the copy in `folder`; 1 if they run too long."""
    there = [name for name in tests if (folder / name).exists()]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *there]
    try:
        return subprocess.run(
            command,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
            preexec_fn=_limit_memory,
        ).returncode
    except subprocess.TimeoutExpired:
        return 1


def run(mutant: Mutant, folder: Path) -> str:
    """Return `killed`, `survived` or why the mutant could not be tested, for a copy in `folder`."""
    path = folder / mutant.file
    original = path.read_text(encoding="utf-8") if path.exists() else ""
    changed, count = re.subn(mutant.pattern, lambda _: mutant.new, original, count=1)
    if not count:
        return "its line is not there"
    path.write_text(changed, encoding="utf-8")
    try:
        code = run_tests(mutant.tests, folder)
    finally:
        path.write_text(original, encoding="utf-8")
    return {0: "survived", 1: "killed"}.get(code, f"pytest exits with {code}")


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def copy_of_repository(folder: Path) -> None:
    """Copy into `folder` what the tests need."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder / name)


def main() -> int:
    """Run the mutants named on the command line, or all; return the exit code."""
    words = sys.argv[1:]
    chosen = [one for one in MUTANTS if not words or any(word in one.file for word in words)]
    began, killed = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as name:
        copy_of_repository(Path(name))
        if run_tests({test for mutant in chosen for test in mutant.tests}, Path(name)):
            print("the tests must pass before they can find mutants")
            return 1
        for mutant in chosen:
            verdict = run(mutant, Path(name))
            killed += verdict == "killed"
            print(f"{verdict:9} {mutant.file}: {mutant.pattern} -> {mutant.new!r}", flush=True)
    minutes = (time.monotonic() - began) / 60
    print(f"killed {killed} of {len(chosen)} mutants in {minutes:.1f} minutes")
    return 0 if killed == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
