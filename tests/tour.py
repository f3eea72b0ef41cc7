"""Tour: the README's table of the source, one line a file, made from the files' first lines.

`python tests/tour.py` writes it into the README; a test holds the README to it.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START, END = "<!-- tour -->\n", "<!-- end of the tour -->\n"
# Doors first, then bottom up, as the storeys stand; rooms that are not named here come last.
ROOMS = ["", "dotpaths", "schema", "tree", "text", "config", "artifacts", "runs", "launchers"]
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
    """The table: doors, then the storeys from the bottom up."""
    rows = {}
    for file in source_files(package):
        room = file.parts[0] if len(file.parts) > 1 else ""
        rows.setdefault(room, []).append(f"| `{file.as_posix()}` | {purpose(package, file)} |\n")
    known = [room for room in ROOMS if room in rows]
    ordered = known + sorted(set(rows) - set(known))
    return "| file | what it is |\n|---|---|\n" + "".join(
        row for room in ordered for row in rows[room]
    )


def with_tour(readme: str, table: str) -> str:
    """The README with the table between its two marks replaced."""
    before, _, rest = readme.partition(START)
    _, _, after = rest.partition(END)
    return before + START + table + END + after


def _only_marks_a_package(path: Path) -> bool:
    if path.name != "__init__.py":
        return False
    return all(
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        for statement in ast.parse(path.read_text(encoding="utf-8")).body
    )


if __name__ == "__main__":
    page = ROOT / "README.md"
    text = with_tour(page.read_text(encoding="utf-8"), tour(ROOT / "pconfigs"))
    page.write_text(text, encoding="utf-8")
