"""Readers of what commands keep: records of runs, manifests, golden files, caches."""

from __future__ import annotations

import atexit
import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import strategies as st

from pconfigs.artifacts.manifests import Manifests
from pconfigs.artifacts.reference import parse_reference
from pconfigs.cli.main import perform
from pconfigs.cli.output_files import refuse_other_content
from pconfigs.imports import make_current_folder_importable
from pconfigs.imports.completion_index import Completions
from pconfigs.imports.source_index import SourceIndex
from pconfigs.runs.folder import RunFolder
from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.store import make_store
from pconfigs.testing.golden import differences
from pconfigs.trackers.progress import file_of, read_progress
from tests.fuzz.config_data import BASE, NOISE, TAGS
from tests.fuzz.reader import (
    TEXTS,
    Cuts,
    Reader,
    accepts,
    changed,
    check_text,
    cuts,
    filled,
    mutated,
    nodes,
)
from tests.modules import forget_modules
from tests.runs.conftest import Project

VALUES = nodes(TEXTS | st.sampled_from(TAGS))
FEWEST = "pconfigs.runs.reading.summaries.FEWEST"
MAKER = """
file = prun.dir / "out.txt"
file.write_text("x")
prun.log_artifact("weights", file)
"""
LINES = [
    ["runs"],
    ["runs", "--json"],
    ["runs", "--tree"],
    ["runs", "--check"],
    ["runs", "--where", "loss<1"],
    ["runs", "show", "@first"],
    ["runs", "show", "@maker", "--json"],
    ["runs", "log", "@first", "--json"],
    ["runs", "compare", "@first", "@maker"],
    ["runs", "check"],
    ["runs", "table"],
    ["runs", "table", "--json"],
    ["runs", "plot", "loss", "-o", "../plot.html"],
    ["runs", "page", "-o", "../page.html"],
    ["runs", "bisect", "@maker", "@first", "--metric", "loss"],
    ["runs", "clean"],
    ["runs", "artifacts"],
    ["runs", "artifacts", "weights"],
    ["runs", "lineage"],
    ["runs", "lineage", "--json"],
    ["print", "@first"],
    ["diff", "@first", "@maker"],
    ["explain", "@first", "--unused"],
    ["run", "@first", "--dry-run"],
]  # fmt: skip
KEPT = (".json", ".jsonl", "latest", ".txt")


@cache
def project() -> Project:
    """Return a project with two recorded runs and an artifact; it lasts as long as the process."""
    folder = Path(tempfile.mkdtemp(prefix="pconfigs-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = Project(folder / "project")
    for words in (["--record", made.experiment("maker", body=MAKER)], ["lab.first", "steps=4"]):
        done = made.run(*words)
        assert done.code == 0, done.err
    assert made.runs("note", "@first", "a note").code == 0
    return made


@cache
def kept_files() -> list[Path]:
    """Return the files of the store that commands read."""
    files = sorted(path for path in project().store.rglob("*") if path.is_file())
    return [path for path in files if path.name.endswith(KEPT) and path.name != "out.txt"]


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a project: its modules are imported from there, and forgotten afterwards."""
    path = sys.path[:]
    environment = {"XDG_CACHE_HOME": str(folder.parent / "cache"), "PCONFIGS_TRACKERS": ""}
    with contextlib.chdir(folder), mock.patch.dict(os.environ, environment):
        try:
            yield
        finally:
            sys.path[:] = path
            forget_modules(folder)


def run_line(words: list[str]) -> None:
    """Run a command; raise what it would show a traceback for."""
    out, err = io.StringIO(), io.StringIO()

    def call() -> None:
        # An OSError is reported with the name of the file.
        streams = contextlib.redirect_stdout(out), contextlib.redirect_stderr(err)
        with streams[0], streams[1], contextlib.suppress(OSError):
            perform(words[0], words[1:])

    try:
        accepts(call)
    finally:
        check_text(out.getvalue() + err.getvalue())


@contextlib.contextmanager
def replaced(file: Path, content: bytes) -> Iterator[None]:
    """Give a file another content for a while."""
    before = file.read_bytes()
    file.write_bytes(content)
    try:
        yield
    finally:
        file.write_bytes(before)


def encoded(data: Any) -> bytes:
    """Return data as JSON; what has no JSON as brackets that do not end."""
    try:
        return json.dumps(filled(data)).encode()
    except (RecursionError, ValueError):
        return b"[" * 100_000


def lines_of(file: Path) -> list[Any]:
    """Return the values of a file of JSON, or of a file with JSON on each line."""
    text = file.read_text()
    return [json.loads(line) for line in text.splitlines()] if file.suffix == ".jsonl" else [
        json.loads(text)
    ]  # fmt: skip


@st.composite
def damaged_record(draw: st.DrawFn) -> tuple[int, bytes, int]:
    """Return which file of the store is replaced, by what, and which command reads it."""
    number = draw(st.integers(0, len(kept_files()) - 1))
    file = kept_files()[number]
    line = draw(st.integers(0, len(LINES) - 1))
    if file.suffix in (".json", ".jsonl") and draw(st.booleans()):
        data = draw(mutated(lines_of(file), VALUES))
        return number, b"\n".join(map(encoded, data)) + b"\n", line
    return number, changed(file.read_bytes(), draw(cuts(NOISE["json"]))), line


def read_record(given: tuple[int, bytes, int]) -> None:
    number, content, line = given
    with replaced(kept_files()[number], content), inside(project().folder):
        run_line(LINES[line])


GOOD_MANIFEST = {
    "name": "a", "version": "v1", "type": "model", "digest": "sha256:0", "metadata": {"step": 1},
    "producer": "@run", "inputs": ["b:v1"], "path": "/tmp/a", "created_at": "2026-01-01T00:00:00",
}  # fmt: skip


def read_manifest(given: tuple[Any, str, str]) -> None:
    manifest, alias, reference = given
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "a")
        (folder / "v1").mkdir(parents=True)
        (folder / "v1/manifest.json").write_bytes(encoded(manifest))
        (folder / "aliases").mkdir()
        (folder / "aliases/best").write_text(alias, errors="surrogatepass")
        held = Manifests(Path(name))
        accepts(lambda: held.find(parse_reference(reference)))
        accepts(lambda: held.set_alias("a", "new", "v1"))
        accepts(lambda: held.aliases("a"))


REFERENCES = TEXTS | st.sampled_from(
    ["a", "a:v1", "a@best", "a@new", "a:latest", "a:v" + "9" * 5000, "wandb:t/p/n:v3", "a/b:v1"]
)


def read_golden(given: str) -> None:
    accepts(lambda: [one.row() for one in differences(given, BASE)])


@cache
def golden() -> bytes:
    from pconfigs.testing.golden import golden_lines

    return "\n".join(golden_lines(BASE)).encode()


GOLDEN = [b" = ", b"\n", b"[", b"]", b"[-1]", b"[" + b"9" * 4400 + b"]", b".", b"'", b'"', b"\x1b"]
LISTED = """
from typing import Literal
from pconfigs import Pinned, pconfig
@pconfig
class Part:
    kind: Literal["a", "b"]
@pconfig
class Whole(Base):
    part: "Part"
    parts: dict[str, Part]
    size: Pinned[int]
base = Whole(part=Part(kind="a"))
config = Whole(base, size=1)
"""


@cache
def index() -> tuple[list[str], bytes]:
    """Return the experiments of a module, and the cache that keeps them."""
    found: list[tuple[list[str], bytes]] = []
    read_index_with(None, lambda targets, cache: found.append((targets, cache.read_bytes())))
    return found[0]


def read_index_with(content: bytes | None, check: Callable[[list[str], Path], object]) -> None:
    """Index a module with the content of a cache."""
    with tempfile.TemporaryDirectory() as name, inside(Path(name)):
        make_current_folder_importable()
        Path("lab.py").write_text(LISTED)
        os.utime("lab.py", (1, 1))
        cache = Path("cache.json")
        if content is not None:
            cache.write_bytes(content)
        check(Completions(".", SourceIndex(str(cache))).targets(), cache)


def read_index(changes: Cuts) -> None:
    """Damage the cache: it is made anew, and never believed."""
    targets, good = index()
    assert targets

    def check(found: list[str], cache: Path) -> None:
        assert found == targets
        assert cache.read_bytes() == good

    accepts(lambda: read_index_with(changed(good, changes), check))


PROGRESS = {
    "remembered": {"id": "a"}, "offsets": {"metrics.jsonl": 3}, "rows": 3, "artifacts": ["a:v1"],
    "closed": 0, "problem": "",
}  # fmt: skip


def read_tracker_progress(given: Any) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = RunFolder(name)
        file = Path(file_of(folder, "wandb"))
        file.parent.mkdir()
        file.write_bytes(encoded(given))
        accepts(lambda: read_progress(folder, "wandb"))


@cache
def summaries() -> Path:
    """Return the cache of the summaries of the project's runs."""
    with inside(project().folder), mock.patch(FEWEST, 0):
        assert len(read_runs(make_store(str(project().store)))) >= 2
    (file,) = (project().folder.parent / "cache").rglob("*.json")
    return file


def read_summaries(changes: Cuts) -> None:
    content = changed(summaries().read_bytes(), changes)
    with replaced(summaries(), content), inside(project().folder), mock.patch(FEWEST, 0):
        run_line(["runs"])


def read_cuts(changes: Cuts) -> None:
    read_golden(changed(golden(), changes).decode("utf-8", "replace"))


def read_replaced(given: Any) -> None:
    with tempfile.TemporaryDirectory() as name:
        file = Path(name, "page.json")
        file.write_bytes(encoded(given))
        accepts(lambda: refuse_other_content("explain", str(file), ("path",)))


READERS = {
    "replaced file": Reader(mutated({"path": [], "reads": {}}, VALUES), read_replaced, 0.5),
    "summary cache": Reader(cuts(NOISE["json"]), read_summaries, 0.5),
    "record": Reader(st.deferred(damaged_record), read_record),
    "manifest": Reader(
        st.tuples(
            mutated(GOOD_MANIFEST, VALUES),
            TEXTS | st.sampled_from(["v1", "v1\n", "v2", "../../a/v1", "best"]),
            REFERENCES,
        ),
        read_manifest,
    ),
    "golden": Reader(cuts(GOLDEN), read_cuts),
    "completion cache": Reader(cuts(NOISE["json"]), read_index, 0.5),
    "tracker progress": Reader(mutated(PROGRESS, VALUES), read_tracker_progress),
}
