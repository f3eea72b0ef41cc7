"""Resolving: artifacts of a config get what was logged, or all problems are reported at once."""

from pathlib import Path

import pytest

from pconfigs import PArtifact, PConfig, Required, pconfig, pdefaults, pfingerprint, pproperty
from pconfigs.artifacts.digest import content_digest
from pconfigs.artifacts.manifests import Manifests
from pconfigs.artifacts.reference import parse_reference
from pconfigs.artifacts.resolve import Found, artifacts_in, producers_of, resolve
from pconfigs.errors import CheckError, UnresolvedArtifactsError
from pconfigs.pinnable import Pinned


@pconfig
class Tokens(PArtifact):
    """Packed tokens."""

    pack_size: int
    split: Path


@pconfig
class Prepare(PConfig):
    size: int


pdefaults += Prepare(size=4)


@pconfig
class Training(PConfig):
    data: Tokens
    more: list[PArtifact]
    batch: Pinned[int]

    @pproperty
    def batch(self) -> int:
        return self.data.pack_size * 2


pdefaults += Training(data=Required, more=[])
PREPARE = Prepare()


class StoreFinder:
    def __init__(self, manifests):
        self.manifests = manifests

    def find(self, artifact, name):
        version = self.manifests.find(parse_reference(artifact.ref or name))
        return Found(version, str(version))


@pytest.fixture
def finder(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x").write_text("x")
    manifests = Manifests(tmp_path / "artifacts")
    metadata = {"pack_size": 4096, "split": "/split.json", "rest": 1}
    manifests.add("tokens", tmp_path / "data", metadata=metadata)
    manifests.add("plain", tmp_path / "data", metadata={"split": "/s", "pack_size": "many"})
    return StoreFinder(manifests)


def test_metadata_is_open_until_it_is_resolved(finder, tmp_path):
    config = Training(data=Tokens(ref="tokens:latest"))
    assert config.data.pack_size is Required
    resolved, consumed = resolve(config, finder)
    assert (resolved.batch, resolved.data.pack_size) == (8192, 4096)
    assert (resolved.data.path, resolved.data.version) == (tmp_path / "data", "v1")
    assert resolved.data.split == Path("/split.json")
    assert [(one.path, one.found.qualified) for one in consumed] == [("data", "tokens:v1")]
    assert config.data.pack_size is Required


def test_the_name_of_the_field_is_the_default_name(finder):
    @pconfig
    class Reader(PConfig):
        tokens: Tokens

    resolved, _ = resolve(Reader(tokens=Tokens()), finder)
    assert resolved.tokens.version == "v1"


def test_a_path_given_by_hand_is_not_looked_up(finder, tmp_path):
    config = Training(data=Tokens(path=tmp_path / "data", pack_size=1, split=Path("/y")))
    resolved, consumed = resolve(config, finder)
    assert (resolved.data.path, resolved.data.version, resolved.data.digest) == (
        tmp_path / "data", "", "",
    )  # fmt: skip
    assert consumed == []
    assert resolve(resolved, finder) == (resolved, [])
    assert pfingerprint(config) == pfingerprint(resolved)


def test_files_given_by_hand_are_those_of_a_digest_and_have_all_metadata(finder, tmp_path):
    data, digest = tmp_path / "data", content_digest(tmp_path / "data")
    (tmp_path / "other").mkdir()
    more = [PArtifact(path=data, digest=digest), PArtifact(ref="tokens", path=data)]
    resolved, _ = resolve(Training(data=Tokens(ref="tokens"), more=more), finder)
    assert [one.digest for one in resolved.more] == [digest] * 2
    config = Training(
        data=Tokens(path=data),
        more=[
            PArtifact(path=tmp_path / "missing"),
            PArtifact(path=tmp_path / "other", digest=digest),
            PArtifact(ref="tokens", path=tmp_path / "other"),
            PArtifact(ref="tokens", digest="sha256:0"),
            PArtifact(ref="tokens", version="v2"),
        ],
    )
    with pytest.raises(UnresolvedArtifactsError) as caught:
        resolve(config, finder)
    problems = {path: str(error) for path, error in caught.value.problems}
    assert "metadata 'pack_size' and 'split' must be given where path is" in problems["data"]
    assert "its files must be at" in problems["more[0]"]
    assert "must have the digest sha256:" in problems["more[1]"]
    assert "must have the digest sha256:" in problems["more[2]"]
    assert "digest must be what was logged" in problems["more[3]"]
    assert "version must be what was logged, 'v1', got 'v2'" in problems["more[4]"]
    # Other ranks take what rank 0 has looked at.
    unseen = Training(data=Tokens(ref="tokens"), more=[config.more[1]])
    assert resolve(unseen, finder, check=False)[0].more[0].digest == digest


def test_the_version_does_not_count_in_the_fingerprint_and_metadata_does(finder):
    config = Training(data=Tokens(ref="tokens"))
    at_a_path = Training(data=Tokens(ref="tokens", path=Path("/x"), version="v3", digest="d"))
    assert pfingerprint(config) == pfingerprint(at_a_path)
    given = Training(data=Tokens(ref="tokens", pack_size=2, split=Path("/s")))
    assert pfingerprint(config) != pfingerprint(given)
    assert pfingerprint(config) != pfingerprint(Training(data=Tokens(ref="tokens:v2")))


def test_all_that_is_wrong_is_reported_together(finder):
    config = Training(
        data=Tokens(ref="tokns"),
        more=[PArtifact(ref="tokens:v9"), PArtifact(ref="tokens"), Tokens(ref="plain")],
    )
    with pytest.raises(UnresolvedArtifactsError) as caught:
        resolve(config, finder)
    text = str(caught.value)
    assert "3 artifacts cannot be resolved" in text
    assert "data: tokns:latest: no artifact is named 'tokns'" in text
    assert "more[0]: tokens:v9: there is no version 'v9'" in text
    assert "more[2]: plain:v1: pack_size must be int, got 'many'" in text


def test_metadata_by_hand_that_differs_is_refused(finder):
    config = Training(data=Tokens(ref="tokens", pack_size=1))
    with pytest.raises(UnresolvedArtifactsError, match="pack_size must be what was logged, 4096"):
        resolve(config, finder)


def test_metadata_that_was_not_logged_is_named(finder):
    @pconfig
    class Longer(Tokens):
        length: int

    with pytest.raises(UnresolvedArtifactsError, match=r"metadata 'length' must have been logged"):
        resolve(Training(data=Longer(ref="tokens")), finder)


def test_a_second_origin_and_a_malformed_reference_are_refused():
    with pytest.raises(CheckError, match="of and ref cannot both be given"):
        Tokens(of=PREPARE, ref="tokens")
    with pytest.raises(CheckError, match="of must be the experiment"):
        Tokens(of=3)
    with pytest.raises(CheckError, match="is not a reference"):
        Tokens(ref="a b")


def test_artifacts_of_the_producer_are_its_own():
    inner = Training(data=Tokens(ref="tokens"))
    outer = Training(data=Tokens(of=inner), more=[PArtifact(of=PREPARE, name="raw")])
    assert [str(path) for path, _, _ in artifacts_in(outer)] == ["data", "more[0]"]
    assert producers_of(outer) == [("data", "data", inner), ("more[0]", "raw", PREPARE)]
