"""Every command that writes, in a project made for them."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.runs.conftest import Project

SAVER = """
from pconfigs import psave
from lab.first import config
psave(config, "saved.json")
"""
MAKER = """
file = prun.dir / "out.txt"
file.write_text("x")
prun.log_artifact("weights", file, copy=True)
"""
SWEEP = """
from pconfigs import psweep
from lab.first import config as base
config = psweep(base, grid={"steps": [1, 2]})
"""
COMPLETION = """
from pconfigs.imports import make_current_folder_importable
from pconfigs.imports.completion_index import Completions
from pconfigs.imports.source_index import SourceIndex
make_current_folder_importable()
assert "lab.first.config" in Completions(".", SourceIndex("cache/index.json")).targets()
"""
SUMMARIES = """
import os
os.environ["XDG_CACHE_HOME"] = "cache"
from pconfigs.runs.reading import summaries
from pconfigs.runs.store import make_store
summaries.FEWEST = 0
assert summaries.read_runs(make_store("runs"))
"""
PROGRESS = """
import pathlib
from pconfigs.runs.folder import RunFolder
from pconfigs.trackers.progress import Progress, write_progress
folder = RunFolder(str(min(pathlib.Path("runs").glob("first-*")).absolute()))
write_progress(folder, "wandb", Progress(rows=len("many") * 1000, problem="x" * 500))
"""
WRITERS = {
    "psave": ["lab.saver"],
    "derive": ["pconfigs.derive", "lab.first", "steps=9", "-o", "lab/second.py", "--force"],
    "freeze": ["pconfigs.freeze", "lab.first", "-o", "lab/frozen.py", "--force"],
    "graph": ["pconfigs.graph", "lab.first", "-o", "picture.html", "--force"],
    "golden": ["pconfigs.test", "lab", "--update-golden"],
    "reads": ["pconfigs.run", "--record-reads", "reads.json", "lab.first"],
    "agents": ["pconfigs.agents", "install", "."],
    "adopt": ["pconfigs.adopt", "source.yaml", "-o", "made", "--force"],
    "record": ["pconfigs.run", "--record", "lab.first"],
    "artifact": ["pconfigs.run", "--record", "lab.maker"],
    "table": ["pconfigs.runs", "table", "-o", "table.csv"],
    "page": ["pconfigs.runs", "page", "-o", "page.html"],
    "quick sweep": [
        "pconfigs.run", "lab.first", "steps=1,2", "--sweep", "--save-as", "lab/swept.py", "--force",
    ],
    "launch": ["pconfigs.run", "lab.sweep", "--again"],
    "note": ["pconfigs.runs", "note", "@first", "a note"],
    "keep": ["pconfigs.runs", "keep", "@first"],
    "completion": ["lab.completion"],
    "summaries": ["lab.summaries"],
    "progress": ["lab.progress"],
}  # fmt: skip
ANEW = {"completion", "summaries"}
"""What writes only what may be made anew, and does without where it cannot."""


def writing_project(folder: Path) -> Project:
    """Return a project with a run, in which all writers work."""
    project = Project(folder)
    for name, text in (
        ("saver", SAVER),
        ("sweep", SWEEP),
        ("completion", COMPLETION),
        ("summaries", SUMMARIES),
        ("progress", PROGRESS),
        ("__pconfigs__", ""),
    ):
        project.write(f"lab/{name}.py", text)
    project.write("source.yaml", "a: 1\nb: {c: 2}\n")
    project.experiment("maker", body=MAKER)
    assert project.run("--record", "lab.first").code == 0
    for file in project.folder.rglob("*.py"):
        os.utime(file, (1, 1))  # what has just changed is not kept in the index of completion
    return project


def forget_what_was_written(project: Project) -> None:
    """Remove what a writer would find as it is to be, and not write again."""
    for file in (
        project.folder / "AGENTS.md",
        *project.folder.rglob("*.golden"),
        *(project.folder / "cache").rglob("*.json"),
    ):
        file.unlink(missing_ok=True)


def check_files(project: Project) -> None:
    """Fail where a file of the project is half-written."""
    for file in project.folder.rglob("*.json"):
        text = file.read_text()
        json.loads(text.partition("\n")[2] if file.parent.name in ("cache", "pconfigs") else text)
    for file in project.folder.rglob("*.py"):
        compile(file.read_bytes(), file, "exec")
    for name, last in (("picture.html", "</html>"), ("page.html", "</html>"), ("table.csv", "")):
        if (project.folder / name).exists():
            assert (project.folder / name).read_text().rstrip().endswith(last)
