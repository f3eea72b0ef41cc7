"""Tour: a table of the source, one line for each file, made from the first lines of the files.

`python tests/tour.py` prints it.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Entry points first, then the layers from the lowest up; packages not named here come last.
PACKAGES = [
    "", "imports", "annotations", "validation", "schema", "provenance", "tree", "codegen",
    "reports", "build", "serialization", "wrapping", "declare", "overrides", "artifacts", "sweeps",
    "runs", "launchers", "trackers",
]  # fmt: skip
NO_PYTHON = {"py.typed": "Tells type checkers that the annotations in here are meant for them."}


def source_files(package: Path) -> list[Path]:
    """Files of the package, relative to it; an `__init__.py` only where it holds code."""
    files = [path for path in package.rglob("*") if path.is_file()]
    return sorted(
        path.relative_to(package)
        for path in files
        if "__pycache__" not in path.parts and not _only_marks_a_package(path)
    )


def purpose(package: Path, file: Path) -> str:
    """What a file says of itself in the first paragraph of its docstring."""
    if file.suffix == ".md":
        heading = (package / file).read_text(encoding="utf-8").partition("\n")[0]
        return f"{heading.lstrip('# ')}."
    if file.suffix not in {".py", ".pyi"}:
        return NO_PYTHON[file.as_posix()]
    docstring = ast.get_docstring(ast.parse((package / file).read_text(encoding="utf-8")))
    if not docstring:
        raise ValueError(f"pconfigs/{file.as_posix()} does not say what it is: no docstring")
    return docstring.split("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def tour(package: Path) -> str:
    """Return the table: entry points, then the layers from the lowest up."""
    rows = {}
    for file in source_files(package):
        room = file.parts[0] if len(file.parts) > 1 else ""
        rows.setdefault(room, []).append(f"| `{file.as_posix()}` | {purpose(package, file)} |\n")
    known = [room for room in PACKAGES if room in rows]
    ordered = known + sorted(set(rows) - set(known))
    return "| file | what it is |\n|---|---|\n" + "".join(
        row for room in ordered for row in rows[room]
    )


def _only_marks_a_package(path: Path) -> bool:
    if path.name != "__init__.py":
        return False
    return all(
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        for statement in ast.parse(path.read_text(encoding="utf-8")).body
    )


if __name__ == "__main__":
    print(tour(ROOT / "pconfigs"), end="")
