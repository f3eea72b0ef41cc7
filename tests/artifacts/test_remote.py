"""Artifacts under a URL: whole or absent, numbered once, and checked when they are downloaded."""

import json
import os
import uuid
from pathlib import Path

import pytest

from pconfigs.artifacts.digest import content_digest
from pconfigs.artifacts.manifests import Manifests
from pconfigs.artifacts.reference import parse_reference
from pconfigs.artifacts.remote import digest_at, fetched
from pconfigs.errors import ArtifactError, ArtifactNotFoundError, DigestError
from tests.artifacts.test_manifests import at_once
from tests.limits import limits

fsspec = pytest.importorskip("fsspec")


@pytest.fixture(scope="session")
def s3_variables():
    """Variables by which the client of S3 finds its stand-in on this machine."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(port=0)
    pytest.importorskip("s3fs")
    server.start()
    _, port = server.get_host_and_port()
    yield {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "hunter2",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    server.stop()


@pytest.fixture
def bucket(s3_variables, monkeypatch):
    """The URL of an empty bucket."""
    for name, text in s3_variables.items():
        monkeypatch.setenv(name, text)
    name = uuid.uuid4().hex
    system, _ = fsspec.core.url_to_fs(f"s3://{name}")
    system.mkdir(name)
    return f"s3://{name}"


@pytest.fixture(params=["memory", "file", pytest.param("s3", marks=pytest.mark.slow)])
def root(request, tmp_path):
    """The URL of a folder that is not there yet."""
    if request.param == "s3":
        return f"{request.getfixturevalue('bucket')}/artifacts"
    if request.param == "file":
        return f"file://{tmp_path}/remote/artifacts"
    return f"memory://{uuid.uuid4().hex}/artifacts"


@pytest.fixture
def manifests(root, tmp_path):
    return Manifests(root, tmp_path / "downloads")


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    (folder / "inner").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "inner" / "b.txt").write_text("bb")
    return folder


def put(url, text):
    """Write a file as another program would."""
    system, path = fsspec.core.url_to_fs(url)
    system.makedirs(path.rpartition("/")[0], exist_ok=True)
    system.pipe_file(path, text.encode())


def text_at(url):
    system, path = fsspec.core.url_to_fs(url)
    return system.cat_file(path).decode()


def test_manifests_are_kept_where_the_url_leads(manifests, root, data):
    assert (manifests.names(), manifests.versions("tokens")) == ([], [])
    version = manifests.add("tokens", data, metadata={"pack_size": 4}, producer="p-1.1")
    assert (str(version), version.path) == ("tokens:v1", data)
    assert text_at(f"{root}/tokens/latest") == "v1"
    assert json.loads(text_at(f"{root}/tokens/v1/metadata.json"))["pack_size"] == 4
    assert manifests.add("tokens", data, metadata={"pack_size": 4}) == version
    assert manifests.add("tokens", data, metadata={}).version == "v2"
    manifests.set_alias("tokens", "best", "v1")
    assert manifests.aliases("tokens") == {"best": "v1"}
    assert manifests.find(parse_reference("tokens@best")) == version
    assert manifests.find(parse_reference("tokens")).version == "v2"
    assert manifests.names() == ["tokens"]


@pytest.mark.parametrize("one_file", [True, False])
def test_a_copy_is_uploaded_and_downloaded_with_its_content(manifests, root, data, one_file):
    logged = data / "a.txt" if one_file else data
    version = manifests.add("tokens", logged, metadata={}, copy=True)
    assert version.location.startswith(f"{root}/tokens/v1/files")
    (data / "a.txt").write_text("changed")
    here = fetched(version)
    assert content_digest(here.path) == version.digest
    assert (here.path.name == "a.txt") == one_file
    assert fetched(version).path == here.path
    assert manifests.add("tokens", here.path, metadata={}, copy=True) == version


@pytest.mark.parametrize("one_file", [True, False])
def test_files_under_a_url_stay_there(manifests, root, data, one_file):
    place = root.replace("/artifacts", "/data")
    put(f"{place}/a.txt", "a")
    put(f"{place}/inner/b.txt", "bb")
    url = f"{place}/a.txt" if one_file else place
    assert digest_at(url) == content_digest(data / "a.txt" if one_file else data)
    version = manifests.add("tokens", url, metadata={})
    assert version.location == url
    assert content_digest(fetched(version).path) == version.digest
    assert manifests.add("tokens", url, metadata={}) == version
    assert manifests.add("tokens", url, metadata={}, copy=True).version == "v2"
    put(f"{place}/a.txt", "changed")
    assert manifests.add("tokens", url, metadata={}).version == "v3"


def test_files_that_were_changed_are_not_used(manifests, root, data, tmp_path):
    version = manifests.add("tokens", data, metadata={}, copy=True)
    put(f"{version.location}/a.txt", "changed")
    with pytest.raises(DigestError, match=r"must have the digest sha256:"):
        fetched(version)
    assert list((tmp_path / "downloads").iterdir()) == []


def test_a_download_that_breaks_off_leaves_nothing(manifests, data, tmp_path, monkeypatch):
    version = manifests.add("tokens", data, metadata={}, copy=True)
    read = Path.open

    def broken(path, mode="r", *options, **more):
        if path.name == "b.txt" and mode == "xb":
            raise OSError(5, "the line is dead")
        return read(path, mode, *options, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", broken)
        with pytest.raises(ArtifactError, match="the line is dead"):
            fetched(version)
    assert list((tmp_path / "downloads").iterdir()) == []
    assert content_digest(fetched(version).path) == version.digest


def test_a_number_without_a_manifest_is_not_a_version(manifests, root, data):
    """What a killed process leaves."""
    manifests.add("tokens", data, metadata={})
    put(f"{root}/tokens/v2/claim", "another")
    put(f"{root}/tokens/v2/files/a.txt", "half")
    assert manifests.versions("tokens") == ["v1"]
    assert manifests.find(parse_reference("tokens")).version == "v1"
    with pytest.raises(ArtifactNotFoundError, match="there is v1"):
        manifests.find(parse_reference("tokens:v2"))
    assert manifests.add("tokens", data, metadata={"n": 1}).version == "v3"


def test_an_upload_that_fails_leaves_no_version(manifests, root, data, monkeypatch):
    write = type(manifests.root).write

    def full(self, file, content):
        if file.endswith("manifest.json"):
            raise ArtifactError("the bucket is full")
        write(self, file, content)

    with monkeypatch.context() as patched:
        patched.setattr(type(manifests.root), "write", full)
        with pytest.raises(ArtifactError, match="the bucket is full"):
            manifests.add("tokens", data, metadata={}, copy=True)
    assert manifests.versions("tokens") == []
    system, path = fsspec.core.url_to_fs(root)
    assert system.find(path) == []
    assert manifests.add("tokens", data, metadata={}).version == "v1"


def test_a_link_to_a_folder_is_not_uploaded(manifests, data):
    (data / "loop").symlink_to(data)
    with pytest.raises(ArtifactError, match="got a link to a folder"):
        manifests.add("tokens", data, metadata={}, copy=True)
    assert manifests.versions("tokens") == []


def test_a_manifest_of_another_program_is_read(manifests, root):
    place = root.replace("/artifacts", "/blend")
    held = {"name": "blend", "version": "v7", "type": "dataset", "metadata": {"n": 1},
            "path": place, "created_at": "2026-01-01T00:00:00"}  # fmt: skip
    put(f"{place}/x.txt", "x")
    put(f"{root}/blend/v7/manifest.json", json.dumps(held))
    found = manifests.find(parse_reference("blend"))
    assert (found.version, found.metadata) == ("v7", {"n": 1})
    assert (fetched(found).path / "x.txt").read_text() == "x"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense://x/y", "it cannot be used: ValueError: Protocol not known: nonsense"),
        ("ftp://me:hunter2@host/x", "ftp://...: a URL must have no password in it"),
        ("memory://nothing/there", "does not exist"),
    ],
)
def test_a_url_that_cannot_be_used_is_named(manifests, tmp_path, url, message):
    with pytest.raises(ArtifactError) as refused:
        Manifests(tmp_path / "artifacts").add("tokens", url, metadata={})
    assert message in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("of", ["fifo", "/dev/zero", "folder"])
def test_devices_and_fifos_under_a_url_are_not_read(tmp_path, of):
    files = tmp_path / "folder"
    files.mkdir()
    os.mkfifo(tmp_path / "fifo")
    os.mkfifo(files / "inner")
    url = f"file://{tmp_path / of}"
    remote = Manifests(f"file://{tmp_path}/root", tmp_path / "downloads")
    put(f"{remote.root.place}/tokens/v1/manifest.json", json.dumps({"path": url}))
    with limits(1.0):
        with pytest.raises(ArtifactError, match="it must be a regular file"):
            fetched(remote.find(parse_reference("tokens")))
        with pytest.raises(ArtifactError, match="it must be a regular file"):
            remote.add("tokens", url, metadata={})
        (tmp_path / "root" / "tokens" / "aliases").mkdir()
        os.mkfifo(tmp_path / "root" / "tokens" / "aliases" / "best")
        with pytest.raises(ArtifactError, match="it must be a regular file"):
            remote.aliases("tokens")
    assert not list((tmp_path / "downloads").iterdir())


def _log_many(root, data, worker, count, started, go):
    started.release()
    go.wait()
    found = Manifests(root, Path(data, "downloads"))
    for number in range(count):
        metadata = {"worker": worker, "number": number}
        found.add("tokens", data / "a.txt", metadata=metadata, copy=True)
        latest = text_at(f"{root}/tokens/latest")
        assert "worker" in found.read("tokens", latest).metadata  # whole when it is named


@pytest.mark.parametrize("kind", ["file", pytest.param("s3", marks=pytest.mark.slow)])
def test_processes_never_share_a_version(request, tmp_path, data, kind):
    root = f"file://{tmp_path}/artifacts"
    if kind == "s3":
        root = f"{request.getfixturevalue('bucket')}/artifacts"
    at_once(4, _log_many, root, data)
    found = Manifests(root, tmp_path / "downloads")
    assert found.versions("tokens") == [f"v{number}" for number in range(1, 41)]
    metadata = [found.read("tokens", version).metadata for version in found.versions("tokens")]
    assert len({(one["worker"], one["number"]) for one in metadata}) == 40
    assert text_at(f"{root}/tokens/latest") == "v40"
