"""The tables of docs/typing.md, made from what the checkers report.

`python -m tests.typing.table` writes them into the page.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.typing import others
from tests.typing.checkers import LIMITS, MARKED, MISTAKES, ROOT, Checkers, Report, expected

PAGE = ROOT / "docs" / "typing.md"
Column = Callable[[], set[Report]]


def tables(checkers: Checkers) -> dict[str, str]:
    """Table by the name that its place in the page has."""
    return {"spellings": _spellings(checkers), "mistakes": _mistakes(checkers)}


def with_tables(page: str, made: dict[str, str]) -> str:
    """The text of the page with each table between its markers."""
    for name, table in made.items():
        begin, end = f"<!-- table: {name} -->\n", "<!-- end of table -->"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}\n{table}\n{end}{after}"
    return page


def _spellings(checkers: Checkers) -> str:
    rows = [["lines of the trainer reported", "bare", "base", "short"]]
    columns: dict[str, Callable[[str], set[Report]]] = {
        "mypy --strict, with the plugin": checkers.mypy,
        "mypy --strict": lambda folder: checkers.mypy(folder, plugin=False),
        "pyright": checkers.pyright,
        "pyright, strict": lambda folder: checkers.pyright(folder, "strict"),
    }
    for name, check in columns.items():
        found = [check(folder) for folder in ("bare", "base", "short")]
        rows.append([name, *(str(_lines(_of_trainer(reports))) for reports in found)])
    return _table(rows)


def _others(checkers: Checkers) -> str:
    rows = [["", *others.installed()]]
    found = {
        (name, folder): others.run(name, checkers, folder)
        for name in others.installed()
        for folder in ("base", "short", "base-3.10")
    }
    for folder in ("base", "short"):
        lines = [_lines(_of_trainer(found[name, folder])) for name in others.installed()]
        rows.append([f"lines of the trainer reported, {folder}", *map(str, lines)])
    for folder, label in (("base", ""), ("base-3.10", ", for Python < 3.13")):
        reports = [found[name, folder] for name in others.installed()]
        counts = [sum(_catches(given, file) for file in MISTAKES) for given in reports]
        rows.append([f"mistakes found, of {len(MISTAKES)}{label}", *map(str, counts)])
        false = [str(len(_on_correct_lines(given))) for given in reports]
        rows.append([f"correct lines reported{label}", *false])
    return _table(rows)


def _of_trainer(reports: set[Report]) -> set[Report]:
    return {report for report in reports if report.file.startswith("project/")}


def _lines(reports: set[Report]) -> int:
    return len({(report.file, report.line) for report in reports})


def _mistakes(checkers: Checkers) -> str:
    columns: dict[str, Column] = {
        "mypy with plugin, base": lambda: checkers.mypy("base"),
        "mypy with plugin, bare": lambda: checkers.mypy("bare"),
        "mypy, base": lambda: checkers.mypy("base", plugin=False),
        "pyright, base": lambda: checkers.pyright("base"),
        "pyright for Python < 3.13, base": lambda: checkers.pyright("base-3.10"),
        "pyright, bare": lambda: checkers.pyright("bare"),
    }
    found = [check() for check in columns.values()]
    rows = [["mistake", *columns]]
    for file in MISTAKES:
        caught = ["yes" if _catches(reports, file) else "" for reports in found]
        rows.append([_first_sentence(file), *caught])
    counts = [sum(_catches(reports, file) for file in MISTAKES) for reports in found]
    rows.append([f"**found, of {len(MISTAKES)}**", *(f"**{count}**" for count in counts)])
    false = [str(len(_on_correct_lines(reports))) for reports in found]
    rows.append(["**correct lines reported**", *(f"**{count}**" for count in false)])
    return _table(rows)


def _catches(reports: set[Report], file: Path) -> bool:
    marks = expected([file], "mypy") | expected([file], "pyright")
    lines = {mark.line for mark in marks}
    return any(report.file == file.name and report.line in lines for report in reports)


def _on_correct_lines(reports: set[Report]) -> set[tuple[str, int]]:
    marks = expected(MARKED, "mypy") | expected(MARKED, "pyright")
    limits = {file.name for file in LIMITS}
    lines = {(report.file, report.line) for report in reports - _of_trainer(reports)}
    return {
        (file, line)
        for file, line in lines - {(mark.file, mark.line) for mark in marks}
        if file not in limits
    }


def _first_sentence(file: Path) -> str:
    return file.read_text().partition('"""')[2].partition('"""')[0].rstrip(".")


def _table(rows: list[list[str]]) -> str:
    head, *body = rows
    rule = ["---", *("---" for _ in head[1:])]
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, rule, *body])


def main() -> None:
    """Write the tables into the page."""
    with TemporaryDirectory() as scratch:
        checkers = Checkers(Path(scratch))
        made = tables(checkers)
        if others.installed():
            made["others"] = _others(checkers)
    PAGE.write_text(with_tables(PAGE.read_text(), made))


if __name__ == "__main__":
    main()
