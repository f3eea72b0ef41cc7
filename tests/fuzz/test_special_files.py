"""FIFOs and devices in the place of files: refused at once, never waited for or read to the end."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pconfigs import PConfigError, pload_file
from pconfigs.adoption.reading.readers import read_source
from pconfigs.artifacts.digest import content_digest
from pconfigs.artifacts.manifests import Manifests
from pconfigs.artifacts.reference import parse_reference
from pconfigs.imports.module_facts import facts_of
from pconfigs.imports.source_index import SourceIndex
from pconfigs.launchers.profiles import read_profiles
from pconfigs.runs.folder import RunFolder
from pconfigs.runs.location import settings_of
from pconfigs.trackers.progress import read_progress
from tests.fuzz.record_files import LINES, inside, kept_files, project, run_line
from tests.limits import limits
from tests.models.savable import Part

pytestmark = pytest.mark.skipif(os.name != "posix", reason="of POSIX")
KINDS: dict[str, Callable[[Path], object]] = {
    "fifo": os.mkfifo,
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "folder": lambda path: path.mkdir(),
}
READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "saved config": ("a.json", lambda path: pload_file(path, Part)),
    "adopted yaml": ("a.yaml", lambda path: read_source(path, [])),
    "adopted toml": ("a.toml", lambda path: read_source(path, [])),
    "adopted script": ("a.py", lambda path: read_source(path, [])),
    "settings": ("pyproject.toml", lambda path: settings_of(str(path.parent))),
    "profiles": ("env.toml", read_profiles),
    "listed module": ("a.py", lambda path: facts_of(str(path))),
    "completion cache": ("index", lambda path: SourceIndex(str(path)).save()),
    "files of an artifact": ("a.bin", lambda path: content_digest(path.parent)),
    "manifest": (
        "a/v1/manifest.json",
        lambda path: Manifests(path.parents[2]).find(parse_reference("a:v1")),
    ),
    "tracker progress": (
        "trackers/wandb.json", lambda path: read_progress(RunFolder(path.parents[1]), "wandb"),
    ),
}  # fmt: skip


@contextlib.contextmanager
def special(file: Path, kind: str) -> Iterator[None]:
    """Put something else in the place of a file for a while."""
    kept = file.with_name("kept")
    file.rename(kept)
    KINDS[kind](file)
    try:
        yield
    finally:
        file.rmdir() if kind == "folder" else file.unlink()
        kept.rename(file)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_refuses_what_is_not_a_file(reader, kind, tmp_path):
    name, read = READERS[reader]
    path = tmp_path / "inside" / name
    path.parent.mkdir(parents=True)
    KINDS[kind](path)
    with limits(2.0), contextlib.suppress(PConfigError, OSError):
        read(path)


@pytest.mark.parametrize("kind", KINDS)
def test_commands_read_a_record_with_what_is_not_a_file(kind):
    with inside(project().folder):
        for file in kept_files():
            with special(file, kind), limits(10.0):
                for words in LINES:
                    run_line(words)
