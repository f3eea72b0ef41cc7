"""References: the grammar, and which strings are meant as references."""

import pytest
from hypothesis import given, strategies as st

from pconfigs.artifacts.reference import Reference, looks_like_reference, parse_reference
from pconfigs.errors import ArtifactReferenceError

names = st.from_regex(r"[A-Za-z_][\w-]{0,10}", fullmatch=True)
versions = st.one_of(st.just("latest"), st.integers(0, 10**6).map(lambda number: f"v{number}"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tokens", Reference("store", "tokens", "latest")),
        ("tokens:v3", Reference("store", "tokens", "v3")),
        ("tokens:3", Reference("store", "tokens", "v3")),
        ("tokens@best", Reference("store", "tokens", alias="best")),
        ("art://tokens", Reference("store", "tokens", "latest")),
        ("proj/tokens:v3", Reference("store", "tokens", "v3", project="proj")),
        ("wandb:team/proj/tokens:v3", Reference("wandb", "tokens", "v3", "", "team", "proj")),
        ("mlflow:models:/policy@champion", Reference("mlflow", "models:/policy@champion")),
        ("mlflow:runs:/0af3/model", Reference("mlflow", "runs:/0af3/model")),
    ],
)
def test_parts_of_a_reference(text, expected):
    assert parse_reference(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", " ", "a b", "tokens:", "tokens@", "tokens:best", "tokens:v01", "a/b/c/d", "a:v1:v2",
     "../x", "tokens:v1@best", "mlflow:policy", "mlflow:models:/", "x\ny", "tokens:V3"],
)  # fmt: skip
def test_other_strings_are_refused_with_the_grammar(text):
    with pytest.raises(ArtifactReferenceError, match="write "):
        parse_reference(text)


@pytest.mark.parametrize("text", ["mlflow:runs:/0af3", "mlflow:runs:/0af3/"])
def test_a_run_of_mlflow_without_a_path_is_refused(text):
    with pytest.raises(ArtifactReferenceError) as refused:
        parse_reference(text)
    assert "names a run of MLflow, and no files of it" in str(refused.value)
    assert "write mlflow:runs:/0af3/PATH" in str(refused.value)


def test_an_alias_in_the_place_of_a_version_is_answered_with_its_spelling():
    with pytest.raises(ArtifactReferenceError, match="write tokens@best for an alias"):
        parse_reference("tokens:best")


@given(names, versions, st.one_of(st.just(""), names), st.one_of(st.just(""), names))
def test_a_reference_survives_being_written(name, version, project, entity):
    reference = Reference("store", name, version, "", entity if project else "", project)
    assert parse_reference(str(reference)) == reference
    assert looks_like_reference(str(reference))


@pytest.mark.parametrize(
    "text",
    ["localhost:8080", "12:30", "a:verbose", "nvcr.io/nvidia/nemo:25.11", "pretrain",
     "http://host:80/x", "C:\\data", "10.0.0.1:80", "", "key: value"],
)  # fmt: skip
def test_hosts_times_and_images_are_not_references(text):
    assert not looks_like_reference(text)


@pytest.mark.parametrize(
    "text",
    ["data:latest", "x:3", "PretrainBlendsArtifact-default:latest", "team/proj/x:v1", "best@best",
     "docker-data:v1", "art://x", "wandb:x"],
)  # fmt: skip
def test_names_with_a_version_or_an_alias_are_references(text):
    assert looks_like_reference(text)
