"""Manifests: versions are numbered, whole, and the same to every reader of the format."""

import json
import multiprocessing
import os
import shutil
import signal
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pconfigs.artifacts.digest import content_digest
from pconfigs.artifacts.manifests import Manifests
from pconfigs.artifacts.reference import parse_reference
from pconfigs.errors import ArtifactError, ArtifactNotFoundError, DigestError
from pconfigs.runs.lineage.finder import checked_files
from tests.fuzz.reader import check_text


@pytest.fixture
def manifests(tmp_path):
    return Manifests(tmp_path / "artifacts")


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    (folder / "inner").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "inner" / "b.txt").write_text("bb")
    return folder


def test_versions_start_at_one_and_stay_where_they_are(manifests, data):
    version = manifests.add("tokens", data, metadata={"pack_size": 4}, producer="prepare-1.1")
    assert (str(version), version.path) == ("tokens:v1", data)
    assert version.metadata == {"pack_size": 4}
    assert version.digest == content_digest(data)
    assert (manifests.root.folder / "tokens" / "latest").read_text() == "v1"


def test_the_files_of_the_format_have_its_fields(manifests, data):
    manifests.add("tokens", data, metadata={"pack_size": 4}, inputs=["raw:v2"], producer="p-1.1")
    folder = manifests.root.folder / "tokens" / "v1"
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {
        "name", "version", "type", "path", "created_at", "producer", "metadata", "inputs",
        "used_artifacts",
    } <= set(manifest)  # fmt: skip
    metadata = json.loads((folder / "metadata.json").read_text())
    assert metadata["pack_size"] == metadata["metadata"]["pack_size"] == 4


def test_a_manifest_of_another_program_is_read(manifests, tmp_path):
    folder = manifests.root.folder / "blend" / "v7"
    folder.mkdir(parents=True)
    held = {"name": "blend", "version": "v7", "type": "dataset", "path": "/lustre/blend",
            "created_at": "2026-01-01T00:00:00", "producer": None, "metadata": {"n": 1},
            "inputs": [], "used_artifacts": []}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(held))
    (folder.parent / "latest").write_text("v7")
    found = manifests.find(parse_reference("blend"))
    assert (found.version, found.path, found.metadata) == ("v7", Path("/lustre/blend"), {"n": 1})


def test_the_same_content_is_the_same_version(manifests, data):
    first = manifests.add("tokens", data, metadata={})
    assert manifests.add("tokens", data, metadata={}) == first
    (data / "a.txt").write_text("b")
    assert manifests.add("tokens", data, metadata={}).version == "v2"
    assert manifests.add("tokens", data, metadata={"n": 1}).version == "v3"
    (data / "a.txt").write_text("a")  # the content of v1 again: only the newest is compared
    assert manifests.add("tokens", data, metadata={}).version == "v4"


def test_a_copy_is_made_of_files_that_were_logged_without_one(manifests, data):
    manifests.add("tokens", data, metadata={})
    copied = manifests.add("tokens", data, metadata={}, copy=True)
    assert copied.version == "v2"
    assert copied.path.is_relative_to(manifests.root.folder)
    assert manifests.add("tokens", data, metadata={}, copy=True) == copied
    assert manifests.add("tokens", data, metadata={}) == copied


@pytest.mark.parametrize("end", ["removed", "changed"])
def test_a_version_whose_files_are_gone_is_not_meant_again(manifests, data, tmp_path, end):
    manifests.add("tokens", data, metadata={})
    again = tmp_path / "again"
    shutil.copytree(data, again)
    if end == "removed":
        shutil.rmtree(data)
    else:
        (data / "a.txt").write_text("b")
    found = manifests.add("tokens", again, metadata={})
    assert (found.version, found.path) == ("v2", again)


@pytest.mark.parametrize("one_file", [True, False])
def test_a_copy_moves_with_the_store(manifests, data, tmp_path, one_file):
    logged = data / "a.txt" if one_file else data
    version = manifests.add("tokens", logged, metadata={}, copy=True)
    (data / "a.txt").write_text("changed")
    assert content_digest(version.path) == version.digest
    moved = Manifests(tmp_path / "elsewhere")
    manifests.root.folder.rename(moved.root.folder)
    assert content_digest(moved.read("tokens", "v1").path) == version.digest


def test_aliases_point_to_versions(manifests, data):
    manifests.add("tokens", data, metadata={})
    manifests.set_alias("tokens", "best", "v1")
    manifests.add("tokens", data, metadata={"n": 1})
    assert manifests.find(parse_reference("tokens@best")).version == "v1"
    assert manifests.find(parse_reference("tokens")).version == "v2"
    for alias in ("latest", "v3", "3", "a b", "", ".x"):
        with pytest.raises(ArtifactError, match="alias must be"):
            manifests.set_alias("tokens", alias, "v1")
    with pytest.raises(ArtifactNotFoundError, match="there are v1 and v2"):
        manifests.set_alias("tokens", "new", "v9")


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("tokns", "did you mean 'tokens'"),
        ("tokens:v9", "there is v1"),
        ("tokens@bst", "did you mean @best"),
        ("other@x", "there are tokens"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(manifests, data, reference, message):
    manifests.add("tokens", data, metadata={})
    manifests.set_alias("tokens", "best", "v1")
    with pytest.raises(ArtifactNotFoundError, match=message):
        manifests.find(parse_reference(reference))


@pytest.mark.parametrize("name", ["", "a b", "../x", "a/b", ".", "..", "x\n"])
def test_a_name_that_is_not_a_file_name_is_refused(manifests, data, name):
    with pytest.raises(ArtifactError, match="name of an artifact must"):
        manifests.add(name, data, metadata={})
    assert not manifests.root.folder.exists()


def test_nothing_at_the_path_is_refused(manifests, data):
    with pytest.raises(ArtifactError, match="does not exist"):
        manifests.add("tokens", data / "missing", metadata={})
    assert not manifests.root.folder.exists()


def test_a_broken_manifest_is_named(manifests, data):
    manifests.add("tokens", data, metadata={})
    (manifests.root.folder / "tokens" / "v1" / "manifest.json").write_text("{")
    with pytest.raises(ArtifactError, match=r"tokens:v1: its manifest cannot be read"):
        manifests.find(parse_reference("tokens"))


@pytest.mark.parametrize("left", ["", "{", None])
def test_a_version_that_a_power_cut_has_damaged_is_followed_by_the_next(manifests, data, left):
    manifests.add("tokens", data, metadata={})
    manifest = manifests.root.folder / "tokens" / "v1" / "manifest.json"
    manifest.unlink()
    if left is not None:
        manifest.write_text(left)
    assert manifests.add("tokens", data, metadata={}).version == "v2"
    assert manifests.find(parse_reference("tokens")).version == "v2"


def test_folders_of_other_programs_are_left_out(manifests, data):
    manifests.add("tokens", data, metadata={})
    root = manifests.root.folder
    (root / "a b" / "v1").mkdir(parents=True)
    (root / "a b" / "v1" / "manifest.json").write_text("{}")
    (root / "loop").symlink_to("loop")
    assert manifests.names() == ["tokens"]
    with pytest.raises(ArtifactNotFoundError, match="did you mean 'tokens'"):
        manifests.find(parse_reference("token"))


def test_a_folder_that_this_user_may_not_read_hides_no_artifact(manifests, data, monkeypatch):
    manifests.add("tokens", data, metadata={})
    (manifests.root.folder / "private").mkdir()
    entries = manifests.root.entries

    def refused(folder):
        if folder == "private":
            raise PermissionError(13, "Permission denied", folder)
        return entries(folder)

    monkeypatch.setattr(manifests.root, "entries", refused)
    assert manifests.names() == ["tokens"]


@pytest.mark.parametrize("start", ["", "file://"])
def test_pointers_that_are_links_lead_nothing_to_be_replaced(tmp_path, data, start):
    if start:
        pytest.importorskip("fsspec")
    root = tmp_path / "artifacts"
    manifests = Manifests(f"{start}{root}")
    manifests.add("tokens", data, metadata={})
    own = tmp_path / "own"
    own.write_text("mine")
    (root / "tokens" / "latest").unlink()
    (root / "tokens" / "aliases").mkdir()
    for place in ("latest", "aliases/best"):
        (root / "tokens" / place).symlink_to(own)
    manifests.add("tokens", data, metadata={"n": 1})
    manifests.set_alias("tokens", "best", "v1")
    assert own.read_text() == "mine"
    assert (root / "tokens" / "latest").read_text() == "v2"
    assert manifests.find(parse_reference("tokens@best")).version == "v1"


@pytest.mark.parametrize("copy", [False, True])
@pytest.mark.parametrize("kind", ["fifo", "loop", "device", "nul"])
def test_files_that_cannot_be_read_are_named(manifests, data, copy, kind):
    odd = data / "odd"
    if kind == "fifo":
        os.mkfifo(odd)
    elif kind != "nul":
        odd.symlink_to("odd" if kind == "loop" else "/dev/zero")
    place = f"{data}\0" if kind == "nul" else data
    with pytest.raises(ArtifactError, match="tokens: its files cannot be read"):
        manifests.add("tokens", place, metadata={}, copy=copy)
    assert manifests.versions("tokens") == []


def at_once(count, target, *args):
    """Run a function in several processes, which go on together once all have started."""
    context = multiprocessing.get_context("spawn")
    started, go = context.Semaphore(0), context.Event()
    workers = [
        context.Process(target=target, args=(*args, worker, 10, started, go))
        for worker in range(count)
    ]
    for worker in workers:
        worker.start()
    for _ in workers:
        started.acquire()
    go.set()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * count


def _log_many(root, data, worker, count, started, go):
    started.release()
    go.wait()
    for number in range(count):
        Manifests(root).add("tokens", data, metadata={"worker": worker, "number": number})
        latest = (root / "tokens" / "latest").read_text()
        assert "worker" in Manifests(root).read("tokens", latest).metadata  # whole when it is named


@pytest.mark.slow
def test_eight_processes_never_share_a_version(manifests, data):
    at_once(8, _log_many, manifests.root.folder, data)
    versions = manifests.versions("tokens")
    assert versions == [f"v{number}" for number in range(1, 81)]
    metadata = [manifests.read("tokens", version).metadata for version in versions]
    assert len({(one["worker"], one["number"]) for one in metadata}) == 80
    assert (manifests.root.folder / "tokens" / "latest").read_text() == "v80"
    assert not list((manifests.root.folder / "tokens").glob(".draft-*"))


def test_a_pointer_that_a_killed_writer_has_not_moved_is_moved(manifests, data):
    """Other programs that read the format look for it."""
    manifests.add("tokens", data, metadata={})
    second = manifests.add("tokens", data, metadata={"n": 1})
    latest = manifests.root.folder / "tokens" / "latest"
    latest.write_text("v1")
    assert manifests.add("tokens", data, metadata={"n": 1}) == second
    assert latest.read_text() == "v2"


def test_files_that_change_while_they_are_copied_make_no_version(manifests, data, monkeypatch):
    copy = shutil.copy2

    def change(source, into):
        (data / "a.txt").write_text("longer than before")
        return copy(source, into)

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copy2", change)
        with pytest.raises(ArtifactError, match="must not change while they are copied"):
            manifests.add("tokens", data, metadata={}, copy=True)
    assert manifests.versions("tokens") == []
    assert manifests.add("tokens", data, metadata={}, copy=True).version == "v1"


def test_a_change_while_files_are_read_is_found_when_they_are_used(manifests, data, monkeypatch):
    from pconfigs.artifacts import manifests as module

    def change(place):
        digest = content_digest(data)
        (data / "a.txt").write_text("longer than before")
        return digest

    monkeypatch.setattr(module, "digest_at", change)
    version = manifests.add("tokens", data, metadata={})
    with pytest.raises(DigestError):
        checked_files(version)


def _alias_many(root, worker, count, started, go):
    started.release()
    go.wait()
    for number in range(count):
        Manifests(root).set_alias("tokens", f"worker{worker}-{number}", "v1")


@pytest.mark.slow
def test_aliases_that_are_set_at_once_are_all_kept(manifests, data):
    manifests.add("tokens", data, metadata={})
    at_once(8, _alias_many, manifests.root.folder)
    assert len(manifests.aliases("tokens")) == 80


def _log_for_ever(root, data, ready):
    number = 0
    while True:
        Manifests(root).add("tokens", data, metadata={"number": number}, copy=True)
        number += 1
        ready.set()


@pytest.mark.slow
def test_a_killed_writer_leaves_whole_versions(manifests, data):
    context = multiprocessing.get_context("spawn")
    for _ in range(3):
        ready = context.Event()
        worker = context.Process(target=_log_for_ever, args=(manifests.root.folder, data, ready))
        worker.start()
        ready.wait()
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
        for version in manifests.versions("tokens"):
            read = manifests.read("tokens", version)
            assert content_digest(read.path) == read.digest
        newest = manifests.find(parse_reference("tokens"))
        assert newest.version == manifests.versions("tokens")[-1]
    manifests.add("tokens", data, metadata={"after": True})


@given(st.dictionaries(st.from_regex(r"[a-z]{1,3}", fullmatch=True), st.binary(), min_size=1))
def test_a_digest_changes_with_any_name_or_content(tmp_path_factory, files):
    folder = tmp_path_factory.mktemp("digest")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    digest = content_digest(folder)
    assert digest == content_digest(folder)
    first = next(iter(files))
    (folder / first).write_bytes(files[first] + b"x")
    assert content_digest(folder) != digest
    (folder / first).write_bytes(files[first])
    (folder / first).rename(folder / f"{first}-renamed")
    assert content_digest(folder) != digest


def test_a_copy_has_what_links_to_files_lead_to(manifests, data, tmp_path):
    blob = tmp_path / "blob"
    blob.write_text("content")
    (data / "linked").symlink_to(blob)
    (data / "folder").symlink_to("inner")
    (data / "empty").mkdir()
    kept = manifests.add("tokens", data, metadata={})
    copied = manifests.add("tokens", data, metadata={}, copy=True)
    assert (kept.version, copied.version) == ("v1", "v2")
    assert checked_files(kept).digest == checked_files(copied).digest
    blob.write_text("another content")
    with pytest.raises(DigestError):
        checked_files(kept)
    blob.unlink()
    with pytest.raises(ArtifactError, match="linked does not exist"):
        checked_files(kept)
    with pytest.raises(ArtifactError, match="linked must be a file, got a link to nothing"):
        manifests.add("tokens", data, metadata={})
    path = checked_files(copied).path
    assert (path / "linked").read_text() == "content"
    assert (path / "folder").readlink() == Path("inner")
    assert (path / "empty").is_dir()


def test_what_a_link_leads_to_is_logged(manifests, data, tmp_path):
    newest = tmp_path / "newest"
    newest.symlink_to(data)
    version = manifests.add("tokens", newest, metadata={})
    newest.unlink()
    newest.symlink_to(tmp_path)
    assert checked_files(version).path == data


def test_a_folder_with_all_artifacts_in_it_is_refused(manifests, data, tmp_path):
    for copy in (False, True):
        with pytest.raises(ArtifactError, match="where all artifacts are"):
            manifests.add("tokens", tmp_path, metadata={}, copy=copy)
    assert manifests.names() == []


def test_names_that_are_not_utf_8_are_kept(manifests, data):
    folder = Path(os.fsdecode(os.fsencode(data) + b"-\xff"))
    data.rename(folder)
    (folder / os.fsdecode(b"\xfe")).write_text("x")
    version = manifests.add("tokens", folder, metadata={"note": "\udcff"})
    assert checked_files(manifests.read("tokens", "v1")) == version
    assert (version.path, version.metadata) == (folder, {"note": "\udcff"})
    assert manifests.add("tokens", folder, metadata={"note": "\udcff"}) == version
    copied = manifests.add("tokens", folder, metadata={}, copy=True)
    assert checked_files(copied).digest == version.digest


def test_files_that_a_manifest_of_another_program_names_must_be_there(manifests, data):
    folder = manifests.root.folder / "blend" / "v1"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"path": str(data), "metadata": {}}))
    version = manifests.read("blend", "v1")
    assert checked_files(version) == version
    shutil.rmtree(data)
    with pytest.raises(ArtifactError, match="blend:v1: its files must be at .*, which does not"):
        checked_files(version)


def test_a_link_to_a_folder_is_not_followed(data):
    before = content_digest(data)
    (data / "loop").symlink_to(data)
    assert content_digest(data) != before


@pytest.mark.parametrize("text", ["[]", "{", "[" * 100_000, '"x"'])
def test_a_damaged_manifest_is_named(text, manifests, data):
    manifests.add("tokens", data, metadata={})
    (manifests.root.folder / "tokens/v1/manifest.json").write_text(text)
    with pytest.raises(ArtifactError, match=r"tokens:v1: its manifest cannot be read"):
        manifests.find(parse_reference("tokens:v1"))


@pytest.mark.parametrize("text", ["", "v9", "../../other/v1", "v1/../v1", "\x1b[2J", "best"])
def test_an_alias_of_what_is_not_a_version_is_refused(text, manifests, data):
    manifests.add("tokens", data, metadata={})
    manifests.set_alias("tokens", "best", "v1")
    (manifests.root.folder / "tokens/aliases/best").write_text(text)
    with pytest.raises(ArtifactError) as caught:
        manifests.find(parse_reference("tokens@best"))
    check_text(str(caught.value))


def test_a_name_that_no_file_system_takes_is_refused(manifests, data):
    with pytest.raises(ArtifactError, match="must have at most 200 bytes, got 201"):
        manifests.add("t" * 201, data, metadata={})
    assert str(manifests.add("t" * 200, data, metadata={})) == f"{'t' * 200}:v1"
    with pytest.raises(ArtifactNotFoundError):
        manifests.find(parse_reference("t" * 5000))
