"""Two runs compared: settings, what follows from them, code that ran, packages, metrics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pconfigs.annotations.kinds import MISSING
from pconfigs.runs.changes.code_changes import CodeChange, code_changes
from pconfigs.runs.changes.states import RecordedCode, code_of
from pconfigs.runs.lineage.files import read_consumed
from pconfigs.runs.reading.columns import cell, differences
from pconfigs.runs.reading.rows import logged_values
from pconfigs.runs.reading.run_facts import RunFacts


class Comparison:
    """The differences between two runs.

    Attributes:
        set: Paths of the config that were given differently: path, before, after.
        follow: Paths that differ because of them.
        code: Functions and statements that ran in either, and differ.
        packages: Name, version before, version after.
        artifacts: Consumed artifacts by name, before and after.
        metrics: Name, first step that differs (None: a value without step), last values.
    """

    def __init__(self, before: RunFacts, after: RunFacts, all_code: bool = False) -> None:
        self.before, self.after = before, after
        self.set: list[tuple[str, Any, Any]] = []
        self.follow: list[tuple[str, Any, Any]] = []
        for change in differences(before.values, after.values):
            given = change[0] in before.given or change[0] in after.given
            (self.set if given else self.follow).append(change)
        self.code = _code(code_of(before), code_of(after), all_code)
        self.packages = list(differences(_packages(before), _packages(after)))
        self.artifacts = list(differences(_artifacts(before), _artifacts(after)))
        self.metrics = metric_differences(before, after)

    def __bool__(self) -> bool:
        return any((self.set, self.follow, self.code, self.packages, self.artifacts, self.metrics))

    def data(self) -> dict[str, Any]:
        """Return the object of `runs compare --json`."""

        def changes(found: Sequence[tuple[str, Any, Any]], name: str) -> list[dict[str, Any]]:
            return [{name: key, "before": one, "after": two} for key, one, two in found]

        return {
            "before": self.before.id,
            "after": self.after.id,
            "set": changes(self.set, "path"),
            "follow": changes(self.follow, "path"),
            "code": [
                {
                    "name": change.name,
                    "path": change.path,
                    "line": change.line,
                    "what": change.what,
                    "diff": change.diff(),
                }
                for change in self.code
            ],
            "packages": changes(self.packages, "name"),
            "artifacts": changes(self.artifacts, "name"),
            "metrics": self.metrics,
        }

    def lines(self) -> list[str]:
        """Return what `runs compare` prints."""
        found: list[str] = []
        same: list[str] = []
        for name, rows in (
            ("set", self.set), ("follow", self.follow), ("packages", self.packages),
            ("artifacts", self.artifacts),
        ):  # fmt: skip
            if rows:
                found += [name, *_aligned(rows), ""]
            else:
                same.append({"set": "settings", "follow": "what follows"}.get(name, name))
        if self.code:
            found += ["code that ran", *_code_lines(self.code), ""]
        else:
            same.append("code that ran")
        if self.metrics:
            found += ["metrics", *metric_lines(self.metrics), ""]
        else:
            same.append("metrics")
        return [*found, f"the same: {', '.join(same)}"] if same else found[:-1]


def _packages(run: RunFacts) -> dict[str, Any]:
    latest = run.latest
    return {"python": latest.get("host", {}).get("python"), **latest.get("packages", {})}


def surroundings_lines(before: RunFacts, after: RunFacts) -> list[str]:
    """Return a line for each package, and each fact of the machine, that differs."""
    machine = differences(_machine(before), _machine(after))
    return _aligned([*differences(_packages(before), _packages(after)), *machine])


def _machine(run: RunFacts) -> dict[str, Any]:
    host = run.latest.get("host", {})
    return {name: host.get(name) for name in ("system", "cpus", "gpus")}


def _artifacts(run: RunFacts) -> dict[str, Any]:
    consumed = read_consumed(run.record)
    return {str(one.get("name")): one.get("digest") or one["ref"] for one in consumed}


def _code(before: RecordedCode, after: RecordedCode, all_code: bool) -> list[CodeChange]:
    """Return what differs in code that either run executed."""
    files = list(dict.fromkeys([*before.files, *after.files]))
    files = [path for path in files if before.files.get(path) != after.files.get(path)]
    ran: dict[str, list[tuple[str, int]]] | None = None
    if not all_code and before.ran is not None:
        ran = {path: list(found) for path, found in before.ran.items()}
        # Functions of the second run count by their names: their lines are those of its sources.
        for path, found in (after.ran or {}).items():
            items = before.state.items(path)
            if items is not None:
                same = (one for name, _ in found for one in items.named(name))
                ran.setdefault(path, []).extend((one.name, one.line) for one in same)
    return code_changes(before.state, after.state, files, ran)


def metric_differences(before: RunFacts, after: RunFacts) -> list[dict[str, Any]]:
    """Return each metric that differs, with the first step of which it does."""
    found: list[dict[str, Any]] = []
    one, two = _by_step(before), _by_step(after)
    for name in sorted(one.keys() | two.keys()):
        mine, other = one.get(name, {}), two.get(name, {})
        steps = sorted(mine.keys() | other.keys(), key=lambda step: (step is None, step or 0))
        for step in steps:
            values = mine.get(step, MISSING), other.get(step, MISSING)
            if not _same(*values):
                found.append(
                    {
                        "name": name,
                        "from_step": step,
                        "before": mine.get(step),
                        "after": other.get(step),
                        "last_before": before.last.get(name),
                        "last_after": after.last.get(name),
                    }
                )
                break
    return found


def _by_step(run: RunFacts) -> dict[str, dict[int | None, Any]]:
    found: dict[str, dict[int | None, Any]] = {}
    for name, step, value in logged_values(run):
        found.setdefault(name, {})[step] = value
    return found


def _same(one: Any, two: Any) -> bool:
    return one is two or one == two or (one != one and two != two)


def _shown(value: Any) -> str:
    return "-" if value is None else repr(value) if isinstance(value, (float, str)) else cell(value)


def _pair(before: Any, after: Any) -> str:
    """Return two values in few digits, and in all of them where few do not show the difference."""
    if isinstance(before, float) and isinstance(after, float):
        short = f"{before:.6g}", f"{after:.6g}"
        if short[0] != short[1] or before == after:
            return f"{short[0]} -> {short[1]}"
    return f"{_shown(before)} -> {_shown(after)}"


def _aligned(rows: Sequence[tuple[str, Any, Any]]) -> list[str]:
    width = max((len(key) for key, _, _ in rows), default=0)
    return [f"  {key:{width}}  {_shown(one)} -> {_shown(two)}" for key, one, two in rows]


def _code_lines(changes: Sequence[CodeChange]) -> Iterator[str]:
    for change in changes:
        yield f"  {change}"
        for line in change.diff():
            if not line.startswith("@@"):
                yield f"    {line}"


def metric_lines(metrics: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each metric that differs."""
    width = max(len(one["name"]) for one in metrics)
    for one in metrics:
        step = "in its value" if one["from_step"] is None else f"from step {one['from_step']}"
        first = _pair(one["before"], one["after"])
        last = f"last {_pair(one['last_before'], one['last_after'])}"
        yield f"  {one['name']:{width}}  differs {step}: {first}, {last}"
