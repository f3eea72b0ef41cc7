"""All that is recorded of one run, as data and as lines of text."""

from __future__ import annotations

import os
from typing import Any

from pconfigs.errors.formatting import counted
from pconfigs.runs.folder import lines_in
from pconfigs.runs.lineage.files import read_consumed, read_produced
from pconfigs.runs.reading.columns import cell, setting_cell, started_cell, took_cell
from pconfigs.runs.reading.runs import DAMAGED, Run

SEED = "seed"
_SHOWN_FILES = 20


def run_data(run: Run) -> dict[str, Any]:
    """Return the object of `runs show --json`."""
    attempts, latest = run.attempts, run.latest
    return {
        **run.summary(),
        "name": run.name,
        "folder": str(run.folder),
        "fingerprint": run.fingerprint,
        "overrides": run.overrides,
        "error": run.status.error,
        "attempts": [
            {key: one.get(key) for key in ("started", "ended", "state", "exit_code", "process")}
            for one in attempts
        ],
        "packages": latest.get("packages", {}),
        "host": latest.get("host", {}),
        "environment": latest.get("environment", {}),
        "seeds": seeds_of(run),
        "code": {**run.code, "state": code_state(run)},
        "produced": read_produced(run.record),
        "consumed": read_consumed(run.record),
        "notes": [note["text"] for note in lines_in(run.record, "notes.jsonl") if "text" in note],
        "files": files_of(run),
    }


def code_state(run: Run) -> str:
    """Return whether the code of a run is up to date; `unknown` where that cannot be asked."""
    try:
        return "stale" if run.stale() else "up to date"
    except Exception:  # code of today that fails to be imported leaves the record readable
        return "unknown"


def seeds_of(run: Run) -> dict[str, Any]:
    """Return the fields named `seed`, and what libraries were seeded with."""
    fields = {path: value for path, value in run.values.items() if path.rpartition(".")[2] == SEED}
    libraries = run.latest.get("seeds", {})
    return {**fields, **{f"{name} (library)": value for name, value in libraries.items()}}


def files_of(run: Run) -> dict[str, int]:
    """Return the sizes of the run's own files in bytes, by path."""
    found: dict[str, int] = {}
    for folder, _, names in os.walk(run.dir):
        for name in names:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, run.dir)] = os.lstat(path).st_size
    return dict(sorted(found.items()))


def run_rows(run: Run) -> list[tuple[str, str]]:
    """Return what `runs show` prints, as pairs of a name and a text."""
    data = run_data(run)
    rows = [("run", run.id), ("state", _state(run))]
    rows += [("target", run.target)] if run.target else []
    rows += [("overrides", " ".join(run.overrides))] if run.overrides else []
    rows.append(("started", _time(run)))
    rows += [("damaged", str(run.facts[DAMAGED]))] if DAMAGED in run.facts else []
    if run.status.error:
        error = run.status.error
        rows.append(("error", f"{error['type']}: {error['text']}".replace("\n", " ")))
        rows += [("", f"at {error['place']}")] if error.get("place") else []
    rows += [("note", text) for text in data["notes"]]
    rows += _code_rows(data["code"])
    rows += _host_rows(data["host"], data["packages"], data["environment"])
    if data["seeds"]:
        rows.append(("seeds", _pairs(data["seeds"])))
    rows += [("consumes", str(one.get("ref", one))) for one in data["consumed"]]
    rows += [("produces", str(one.get("ref", one))) for one in data["produced"]]
    if run.last:
        rows.append(("metrics", "  ".join(f"{k}={cell(v)}" for k, v in sorted(run.last.items()))))
    files = data["files"]
    rows += [
        ("file", f"{path} ({size:,} bytes)") for path, size in list(files.items())[:_SHOWN_FILES]
    ]
    if len(files) > _SHOWN_FILES:
        rows.append(("", f"and {len(files) - _SHOWN_FILES} more files"))
    rows += [("config", f"{path} = {setting_cell(value)}") for path, value in run.values.items()]
    return rows


def _state(run: Run) -> str:
    status = run.status
    code = "" if status.exit_code in (None, 0) else f", exit code {status.exit_code}"
    attempt = f", attempt {status.attempt}" if status.attempt > 1 else ""
    return f"{status.state}{code}{attempt}"


def _time(run: Run) -> str:
    if run.started is None:
        return "not yet"
    took = took_cell(run.took)
    return started_cell(run.started) + (f", took {took}" if took else "")


def _code_rows(code: dict[str, Any]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    if code.get("commit"):
        state = [f"commit {code['commit'][:12]} on {code['branch']}"]
        counts = [(name, len(code.get(name, ()))) for name in ("changed", "untracked")]
        state += [f"{count} {name}" for name, count in counts if count]
        rows.append(("code", ", ".join(state)))
    count = sum(map(len, code["functions"].values()))
    ran = (
        f"{counted(count, 'function')} ran"
        if code["traced"]
        else "functions that ran are not known"
    )
    rows.append(("sources", f"{counted(len(code['files']), 'file')}; {ran}"))
    return rows


def _host_rows(
    host: dict[str, Any], packages: dict[str, str], environment: dict[str, str]
) -> list[tuple[str, str]]:
    if not host:
        return []
    gpus = host.get("gpus", [])
    cards = f", {len(gpus)} x {gpus[0]}" if gpus else ""
    name, system, cpus, python = (host.get(k, "?") for k in ("name", "system", "cpus", "python"))
    rows = [
        ("host", f"{name}, {system}, {cpus} CPUs{cards}"),
        ("python", f"{python}, {len(packages)} packages (--json lists them)"),
    ]
    return rows + ([("variables", _pairs(environment))] if environment else [])


def _pairs(values: dict[str, Any]) -> str:
    return "  ".join(f"{name}={value}" for name, value in values.items())
