"""Samples to cells, cells to a table in Markdown."""

from __future__ import annotations

import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.rows import NAMED, Row

Cell = dict[str, Any]  # row, case, library; value, low, high and ratio, or missing; peak, modules

REFERENCE = "dataclass"
MARKS = ("<!-- measured: begin -->", "<!-- measured: end -->")


def cells(samples: list[dict[str, Any]]) -> list[Cell]:
    """Return one cell per row, case and library: medians over the repetitions.

    A ratio is to the dataclass of the same repetition, so that a machine that slows down leaves it.
    """
    taken: dict[tuple[str, Any, str], dict[int, list[float]]] = defaultdict(
        lambda: defaultdict(list)
    )
    extra: dict[tuple[str, Any, str], Cell] = defaultdict(dict)
    for sample in samples:
        key = (sample["row"], sample["case"], sample["library"])
        if "value" in sample:
            taken[key][sample["repetition"]].append(sample["value"])
        for name in ("missing", "peak", "modules"):
            if sample.get(name) is not None:
                extra[key][name] = sample[name]
    medians = {
        key: {turn: statistics.median(values) for turn, values in turns.items()}
        for key, turns in taken.items()
    }
    found = []
    for key in dict.fromkeys((s["row"], s["case"], s["library"]) for s in samples):
        row, case, library = key
        cell = {"row": row, "case": case, "library": library, **extra[key]}
        if key in medians and "missing" not in cell:
            turns = medians[key]
            cell["value"] = statistics.median(turns.values())
            cell["low"], cell["high"] = min(turns.values()), max(turns.values())
            reference = medians.get((row, case, REFERENCE), {})
            ratios = [
                value / reference[turn] for turn, value in turns.items() if reference.get(turn)
            ]
            if ratios:
                cell["ratio"] = statistics.median(ratios)
        found.append(cell)
    return found


def number(value: float) -> str:
    """Three significant digits, without an exponent."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def measured(row: Row, value: float) -> str:
    """Return a value in the row's unit."""
    return f"{number(value * row.scale)} {row.unit}"


def relative(ratio: float) -> str:
    return f"{number(100 * ratio)} %" if ratio < 0.1 else f"{number(ratio)} x"


def shown(row: Row, cell: Cell | None) -> str:
    """Return the text of the table for a cell."""
    if cell is None:
        return ""
    if "missing" in cell:
        return "–"
    if row.shown == "ratio" and cell["library"] != REFERENCE and "ratio" in cell:
        return relative(cell["ratio"])
    return measured(row, cell["value"])


def verdict(row: Row, cell: Cell | None) -> str:
    """Return the bar that pconfigs has to stay under, and whether it does."""
    if row.bar is None or row.aim is None:
        return ""
    if row.judged is not None and (cell is None or cell["case"] != row.judged):
        return ""
    words = f"{row.bar:g} {row.unit}" if row.shown == "value" else relative(row.bar)
    if cell is None or "missing" in cell:
        return f"≤ {words}"
    if row.shown == "value":
        reached = cell["value"] * row.scale
    elif "ratio" in cell:
        reached = cell["ratio"]
    else:
        return f"≤ {words}"
    if reached > row.bar:
        return f"≤ {words}: **over**"
    return f"≤ {words}: " + ("aim" if reached <= row.aim else "met")


def page(result: dict[str, Any]) -> str:
    """Return the table, the reasons of its missing cells, and where it was measured."""
    of = {(cell["row"], cell["case"], cell["library"]): cell for cell in result["cells"]}
    libraries = list(dict.fromkeys(cell["library"] for cell in result["cells"]))
    lines = [
        f"| work | N | {' | '.join(libraries)} | bar for pconfigs |",
        f"|---|---|{'---|' * len(libraries)}---|",
    ]
    before = ""
    for name, case in dict.fromkeys((cell["row"], cell["case"]) for cell in result["cells"]):
        row = NAMED[name]
        entries = [shown(row, of.get((name, case, library))) for library in libraries]
        says = "" if name == before else f"**{name}**: {row.says}"
        label = f"{case:,}" if isinstance(case, int) else case
        judged = verdict(row, of.get((name, case, "pconfigs")))
        lines.append(f"| {says} | {label} | {' | '.join(entries)} | {judged} |")
        before = name
    return "\n".join([*lines, "", *footnotes(result), ""])


def footnotes(result: dict[str, Any]) -> list[str]:
    """Return why cells are missing, what else was counted, and the machine."""
    reasons: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for cell in result["cells"]:
        if "missing" in cell:
            reasons[f"{cell['library']}: {cell['missing'][:120]}"][cell["row"]].append(cell["case"])
    notes = []
    for reason, rows in reasons.items():
        places = [" ".join(map(str, [row, *cases])).strip() for row, cases in rows.items()]
        notes.append(f"- {reason} ({', '.join(places)})")
    counted = [f"{c['library']} {c['modules']}" for c in result["cells"] if "modules" in c]
    if counted:
        notes.insert(0, f"- Modules that `import` loads: {', '.join(counted)}.")
    peaks = [
        f"{c['library']} {c['case']} {c['peak']:,}"
        for c in result["cells"]
        if c["row"] == "million" and "peak" in c
    ]
    if peaks:
        notes.insert(
            0, f"- MiB held at most so far, in turn, at 1,000,000 leaves: {', '.join(peaks)}."
        )
    notes += [f"- {note}" for note in result.get("notes", [])]
    machine = result["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    notes.append(
        f"- {machine['date']}, commit {machine['commit']}, {machine['python']} on "
        f"{machine['system']}, {machine['processor']}, {machine['cores']} cores. {versions}. "
        f"Took {result['minutes']} minutes."
    )
    return notes


def write_between_marks(path: Path, text: str) -> None:
    """Replace the text between the marks in a page."""
    before, rest = path.read_text(encoding="utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    path.write_text(f"{before}{MARKS[0]}\n{text}{MARKS[1]}{after}", encoding="utf-8")
