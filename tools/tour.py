"""Tour: a table of the source for docs/tour.md, made from the first lines of the files.

`python tools/tour.py` prints it. The page is filled when the site is built, as a hook of MkDocs:
a table in the repository would be changed by every commit that adds a file.
"""

from __future__ import annotations

import ast
import inspect
import tokenize
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARK = "<!-- tour -->"
# Entry points first, then the layers from the bottom up; folders not named here come last.
FOLDERS = [
    "", "errors", "imports", "annotations", "validation", "schema", "provenance", "tree", "codegen",
    "clients", "reports", "build", "serialization", "wrapping", "declare", "overrides", "adoption",
    "artifacts", "sweeps", "runs", "launchers", "trackers", "testing", "cli",
]  # fmt: skip
NOT_PYTHON = {"py.typed": "Marks the package as typed, so that type checkers use its annotations."}


def source_files(package: Path) -> list[Path]:
    """Return the files of the package, relative to it; an `__init__.py` only if it has code."""
    files = [path for path in package.rglob("*") if path.is_file()]
    return sorted(
        path.relative_to(package)
        for path in files
        if "__pycache__" not in path.parts and not _only_marks_a_package(path)
    )


def purpose(package: Path, file: Path) -> str:
    """Return the first paragraph of a file's docstring, or the heading of a page."""
    if file.suffix == ".md":
        heading = (package / file).read_text(encoding="utf-8").partition("\n")[0]
        return f"{heading.lstrip('# ')}."
    if file.suffix not in {".py", ".pyi"}:
        return NOT_PYTHON[file.as_posix()]
    docstring = _docstring(package / file)
    if not docstring:
        raise ValueError(f"pconfigs/{file.as_posix()} must have a docstring")
    return docstring.split("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def tour(package: Path) -> str:
    """Return the table: entry points, then the layers from the bottom up."""
    rows: dict[str, list[str]] = {}
    for file in source_files(package):
        folder = file.parts[0] if len(file.parts) > 1 else ""
        rows.setdefault(folder, []).append(f"| `{file.as_posix()}` | {purpose(package, file)} |\n")
    known = [folder for folder in FOLDERS if folder in rows]
    ordered = known + sorted(set(rows) - set(known))
    return "| file | purpose |\n|---|---|\n" + "".join(
        row for folder in ordered for row in rows[folder]
    )


def on_page_markdown(markdown: str, **context: object) -> str:
    """Put the table in the place of its mark, in the page that has it."""
    if MARK not in markdown:
        return markdown
    return markdown.replace(MARK, tour(ROOT / "pconfigs"))


def _docstring(path: Path) -> str | None:
    """Return the docstring of a module; what follows it is not read."""
    with tokenize.open(path) as file:
        for token in tokenize.generate_tokens(file.readline):
            if token.type == tokenize.STRING:
                return inspect.cleandoc(ast.literal_eval(token.string))
            if token.type not in (tokenize.COMMENT, tokenize.NL):
                return None
    return None


def _only_marks_a_package(path: Path) -> bool:
    if path.name != "__init__.py":
        return False
    return all(
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        for statement in ast.parse(path.read_text(encoding="utf-8")).body
    )


if __name__ == "__main__":
    print(tour(ROOT / "pconfigs"), end="")
