"""Check the files of a wheel: all that belongs to the package, and nothing else.

`python tools/check_wheel.py dist/*.whl` exits 1 and names each file that is missing or too many.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "pconfigs"


def source_files(package: Path) -> set[str]:
    """Return the files of a package folder as a wheel names them."""
    return {
        path.relative_to(package.parent).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def problems(wheel: Path, package: Path = PACKAGE) -> list[str]:
    """Return what is wrong with the files of a wheel, one line for each."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = source_files(package)
    missing = [f"{wheel.name} lacks {name}" for name in sorted(expected - names)]
    return missing + [f"{wheel.name} should not have {name}" for name in sorted(names - expected)]


def main() -> int:
    """Check each wheel named on the command line; return the exit code."""
    found = [problem for name in sys.argv[1:] for problem in problems(Path(name))]
    for problem in found:
        print(problem)
    return 1 if found or not sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
