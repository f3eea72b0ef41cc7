"""Overlays: partial data over a config; what follows goes on following."""

from __future__ import annotations

import pickle
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import pytest

from pconfigs import (
    Omitted,
    PConfig,
    Pin,
    Pinned,
    Secret,
    pconfig,
    pdefaults,
    pexplain,
    pinputs,
    pload,
    pload_file,
    poverride,
    pproperty,
    psetter,
)
from pconfigs.errors import FormatError, LoadError, OverrideError


@pconfig
class Constant(PConfig):
    name: Literal["constant"]
    rate: float


@pconfig
class Cosine(PConfig):
    name: Literal["cosine"]
    rate: float
    floor: float


@pconfig
class Engine(PConfig):
    length: Omitted[int]
    extra: dict[str, Any]
    tags: list[str]


@pconfig(renamed={"old_seed": "seed"})
class Run(PConfig):
    length: int
    seed: int
    engine: Engine
    schedule: Constant | Cosine
    part: Engine | None
    token: Secret[str]
    twice: Pinned[int]

    @pproperty
    def twice(self) -> int:
        return 2 * self.length

    @pproperty(fixup=True)
    def engine(self) -> Engine:
        with psetter(pinputs(self).engine) as engine:
            engine.length = Pin(self.length)
        return engine.config


class Length(Enum):
    short = 1
    long = 2


@pconfig
class Tagged(PConfig):
    length: int
    tags: list[int]


@pconfig(renamed={"old_seed": "seed"})
class Lengths(PConfig):
    length: int
    seed: int
    part: Tagged


pdefaults += Engine(length=Omitted, extra={"a": 1, "b": {"c": 2}}, tags=["x", "y"])
pdefaults += Cosine(name="cosine", rate=0.2, floor=0.0)
pdefaults += Run(
    length=512,
    seed=1,
    engine=Engine(),
    schedule=Constant(name="constant", rate=0.1),
    part=None,
    token="hunter2",
)
BASE = Run(seed=5)


def test_what_is_not_mentioned_stays():
    made = pload({"engine": {"tags": ["z"]}}, Run, base=BASE)
    assert made == Run(BASE, engine=Engine(tags=["z"]))
    assert pload({}, Run, base=BASE) is BASE


def test_what_follows_moves_with_the_overlay():
    made = pload({"length": 8}, Run, base=BASE)
    assert (made.engine.length, made.twice, made.seed) == (8, 16, 5)
    kept = pload({"length": 8, "engine": {"length": 3}}, Run, base=BASE)
    assert kept.engine.length == 3


def test_mappings_merge_and_lists_replace():
    made = pload({"engine": {"extra": {"b": {"d": 3}, "e": 4}, "tags": []}}, Run, base=BASE)
    assert made.engine.extra == {"a": 1, "b": {"c": 2, "d": 3}, "e": 4}
    assert made.engine.tags == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"rate": 0.5}, Constant(name="constant", rate=0.5)),
        ({"name": "constant", "rate": 0.5}, Constant(name="constant", rate=0.5)),
        ({"name": "cosine"}, Cosine()),
        ({"floor": 0.1}, Cosine(floor=0.1)),
    ],
    ids=str,
)
def test_a_mapping_may_choose_another_class(data, expected):
    assert pload({"schedule": data}, Run, base=BASE).schedule == expected


def test_a_part_that_is_not_there_is_made():
    assert pload({"part": {"length": 3}}, Run, base=BASE).part == Engine(length=3)
    with_part = Run(BASE, part=Engine(length=3))
    assert pload({"part": None}, Run, base=with_part).part is None
    assert pload({"part": {"tags": []}}, Run, base=with_part).part == Engine(length=3, tags=[])


def test_names_of_older_versions_are_understood():
    assert pload({"old_seed": 9}, Run, base=BASE).seed == 9


def test_saved_data_without_a_version_is_of_the_first_one():
    """`$type` shows that it was saved; what is written by hand is of today."""

    def upgrade(data, version):
        return {**data, "size": data["size"] * 10}

    @pconfig(version=2, upgrade=upgrade)
    class Upgraded:
        size: int

    @pconfig
    class Around:
        part: Upgraded

    Upgraded.__qualname__ = "Upgraded"
    word = f"{__name__}.Upgraded"
    globals()["Upgraded"] = Upgraded
    try:
        base = Upgraded(size=1)
        assert pload({"size": 3}, Upgraded, base=base).size == 3
        assert pload({"$type": word, "size": 3}, Upgraded, base=base).size == 30
        assert pload({"$type": word, "$version": 2, "size": 3}, Upgraded, base=base).size == 3
        assert pload({"part": {"$type": word, "size": 3}}, Around).part.size == 30
    finally:
        del globals()["Upgraded"]


def test_data_may_name_the_class_of_the_base():
    data = {"$type": f"{__name__}.Run", "$version": 1, "$given": ["seed"], "seed": 9}
    assert pload(data, Run, base=BASE) == Run(BASE, seed=9)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"lenght": 8}, "lenght: Run has no such field; did you mean 'length'"),
        ({"engine": {"length": "x"}}, "engine.length: must be int, but got 'x'"),
        ({"twice": 3}, "twice: is pinned"),
        ({"engine": {"extra": 3}}, "engine.extra: must be dict"),
        ([1], "must be a mapping of fields, got list"),
        ("x", "must be a mapping of fields, got a string"),
        (None, "must be a mapping of fields, but is empty"),
        ({"$type": f"{__name__}.Engine", "seed": 1}, "$type: must be Run, the class of the base"),
        ({"$version": 3, "seed": 1}, "saved by version 3 of Run, and this is version 1"),
        ({"$computed": {"twice": 3}}, "$computed: cannot be set in a config"),
        ({"$given": 3, "seed": 1}, "$given must be a list of fields, got 3"),
        (
            {"$given": ["sede"]},
            "$given names 'sede', but Run has no such field; did you",
        ),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused_with_its_path(data, message):
    with pytest.raises(LoadError) as caught:
        pload(data, Run, base=BASE)
    assert message in str(caught.value)


def test_all_problems_are_reported():
    with pytest.raises(LoadError) as caught:
        pload({"lenght": 8, "seed": "x", "engine": {"tags": 3}}, Run, base=BASE)
    assert len(caught.value.problems) == 3


def test_a_secret_is_not_shown():
    made = pload({"token": "s3cret"}, Run, base=BASE)
    assert made.token == "s3cret"
    with pytest.raises(LoadError) as caught:
        pload({"token": ["s3cret"]}, Run, base=BASE)
    assert "s3cret" not in str(caught.value)


def test_the_base_must_be_of_the_class():
    with pytest.raises(TypeError, match="base must be a config of Run, got Engine"):
        pload({}, Run, base=Engine())


def test_drift_is_not_ignored_with_a_base(tmp_path):
    with pytest.raises(ValueError, match="drift='accept' has no effect with a base"):
        pload({"seed": 9}, Run, base=BASE, drift="accept")
    with pytest.raises(ValueError, match="drift='as-saved' has no effect with a base"):
        pload_file(tmp_path / "patch.json", Run, base=BASE, drift="as-saved")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    pytest.importorskip("yaml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_origins_are_the_lines_of_the_file(folder):
    (folder / "patch.yaml").write_text("# a patch\nlength: 8\nengine:\n  tags:\n    - z\n")
    made = pload_file("patch.yaml", Run, base=BASE)
    assert "patch.yaml:2" in str(pexplain(made, "length"))
    assert "length: 8" in str(pexplain(made, "length"))
    assert "patch.yaml:4" in str(pexplain(made, "engine.tags"))
    assert "test_overlays.py" in str(pexplain(made, "seed"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("patch.json", '{\n"length": 8,\n"old_seed": 8,\n"part": {"tags": [8],\n"length": 8}}'),
        ("patch.toml", "\nlength = 8\nold_seed = 8\npart.tags = [8]\npart.length = 8\n"),
    ],
)
def test_equal_values_of_a_file_have_lines_of_their_own(folder, name, text):
    (folder / name).write_text(text)
    made = pload_file(name, Lengths, base=Lengths(length=1, seed=1, part=Tagged(length=1, tags=[])))
    assert made == Lengths(length=8, seed=8, part=Tagged(length=8, tags=[8]))
    for path, line in (("length", 2), ("seed", 3), ("part.tags", 4), ("part.length", 5)):
        assert f"{name}:{line}" in str(pexplain(made, path))


@pconfig
class Keyed(PConfig):
    by_number: dict[int, str]
    by_length: dict[Length, float]
    parts: dict[str, Tagged]
    deep: dict[int, dict[int, int]]
    seeds: dict[str, int]


KEYED = Keyed(
    by_number={1: "x", 2: "y"},
    by_length={Length.short: 1.0},
    parts={"a": Tagged(length=1, tags=[1]), "b": Tagged(length=2, tags=[])},
    deep={1: {2: 3, 4: 5}},
    seeds={"a": 5, "b": 6},
)


@pytest.mark.parametrize("name", ["patch.json", "patch.yaml"])
def test_mappings_merge_into_dicts_by_the_keys_that_they_mean(folder, name):
    (folder / name).write_text(
        '{"by_number": {"1": "z", "3": "new"}, "by_length": {"short": 2.0, "long": 3.0},'
        ' "deep": {"1": {"2": 9}}}'
    )
    assert pload_file(name, Keyed, base=KEYED) == Keyed(
        KEYED,
        by_number={1: "z", 2: "y", 3: "new"},
        by_length={Length.short: 2.0, Length.long: 3.0},
        deep={1: {2: 9, 4: 5}},
    )


def test_mappings_merge_into_configs_of_dicts(folder):
    (folder / "patch.yaml").write_text("parts:\n  a:\n    length: 3\n  c: {length: 4, tags: []}\n")
    made = pload_file("patch.yaml", Keyed, base=KEYED)
    parts = {"a": Tagged(length=3, tags=[1]), "c": Tagged(length=4, tags=[])}
    assert made == Keyed(KEYED, parts={**KEYED.parts, **parts})
    assert "patch.yaml:3" in str(pexplain(made, "parts['a'].length"))
    (folder / "patch.yaml").write_text("parts:\n  a: {_override_: true, length: 3, tags: []}\n")
    made = pload_file("patch.yaml", Keyed, base=KEYED)
    assert made.parts == {**KEYED.parts, "a": Tagged(length=3, tags=[])}
    (folder / "patch.yaml").write_text("parts:\n  a:\n    length: x\n    sise: 3\n")
    with pytest.raises(LoadError) as caught:
        pload_file("patch.yaml", Keyed, base=KEYED)
    assert "patch.yaml:3: parts['a'].length: must be int" in str(caught.value)
    assert "patch.yaml:4: parts['a'].sise: Tagged has no such field" in str(caught.value)


def test_what_a_reference_gives_a_secret_is_not_shown(folder):
    (folder / "patch.yaml").write_text("token: '${secrets:token}'\n")
    with pytest.raises(LoadError) as caught:
        pload_file(
            "patch.yaml", Run, base=BASE, resolvers={"secrets": lambda name: {"a": "s3cret"}}
        )
    assert "token: must be str (the value given is secret" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_references_in_dicts_are_read_from_the_top(folder):
    base = Keyed(KEYED, by_number={1: "${x}", 2: "y"})
    (folder / "patch.yaml").write_text("by_number: {3: z}\n")
    assert pload_file("patch.yaml", Keyed, base=base).by_number == {1: "${x}", 2: "y", 3: "z"}
    (folder / "patch.yaml").write_text(
        "deep: {1: {2: '${seeds.b}'}}\n"
        "parts: {a: {length: '${parts.b.length}'}, c: {length: '${seeds.b}', tags: []}}\n"
        "by_number: {2: '\\${x}', 3: 'n${seeds.a}'}\n"
    )
    made = pload_file("patch.yaml", Keyed, base=base)
    assert made.deep == {1: {2: 6, 4: 5}}
    assert (made.parts["a"], made.parts["b"]) == (Tagged(length=2, tags=[1]), KEYED.parts["b"])
    assert made.parts["c"] == Tagged(length=6, tags=[])
    assert made.by_number == {1: "${x}", 2: "${x}", 3: "n5"}


def test_references_are_read_by_names_of_earlier_versions_too(folder):
    (folder / "patch.yaml").write_text("old_seed: ${length}\nlength: 9\n")
    lengths = Lengths(length=1, seed=1, part=Tagged(length=1, tags=[]))
    assert pload_file("patch.yaml", Lengths, base=lengths).seed == 9
    (folder / "patch.yaml").write_text("by_number: {1: '${by_number.2}'}\n")
    assert pload_file("patch.yaml", Keyed, base=KEYED).by_number == {1: "y", 2: "y"}


def test_a_file_that_names_its_class_has_lines_and_extends_others(folder):
    (folder / "below.yaml").write_text("length: 7\n")
    text = f"$type: {__name__}.Run\ndefaults: below.yaml\nseed: 8\n"
    (folder / "patch.yaml").write_text(text)
    made = pload_file("patch.yaml", Run, base=BASE)
    assert made == Run(BASE, length=7, seed=8)
    assert "patch.yaml:3" in str(pexplain(made, "seed"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("patch.yaml", "{seed: 8, token: s3cret}\n"),
        ("patch.yaml", "{length: 9,\n  seed: 8, token: s3cret,\n  part: null}\n"),
        ("patch.json", '{"seed": 8, "token": "s3cret"}'),
        ("patch.toml", 'token = "s3cret"\nseed = 8\n'),
    ],
)
def test_a_secret_of_a_file_is_not_in_the_origins_of_its_line(folder, name, text):
    (folder / name).write_text(text)
    made = pload_file(name, Run, base=BASE)
    assert made.seed == 8
    assert name in str(pexplain(made, "seed"))
    assert "s3cret" not in str(pexplain(made, "seed"))
    assert b"s3cret" not in pickle.dumps(made)


def test_a_secret_of_a_file_is_not_in_its_origin(folder):
    (folder / "patch.yaml").write_text("token: s3cret\n")
    made = pload_file("patch.yaml", Run, base=BASE)
    assert made.token == "s3cret"
    assert "s3cret" not in str(pexplain(made, "token"))


def test_references_read_the_config_that_the_overlay_makes(folder):
    (folder / "patch.yaml").write_text(
        "length: 8\nseed: ${engine.length}\nengine:\n  extra:\n    copy: ${twice}\n"
    )
    made = pload_file("patch.yaml", Run, base=BASE)
    assert (made.seed, made.engine.extra["copy"]) == (8, 16)


def test_a_reference_that_states_what_follows_anyway_changes_nothing(folder):
    (folder / "patch.yaml").write_text("length: 8\nengine:\n  length: ${length}\n")
    made = pload_file("patch.yaml", Run, base=BASE)
    assert pinputs(made.engine).length is Omitted


def test_a_file_may_extend_others(folder):
    (folder / "a").mkdir()
    (folder / "root.yaml").write_text("length: 4\nseed: 2\nengine:\n  extra: {a: 5}\n")
    (folder / "a" / "one.yaml").write_text("defaults: ../root.yaml\nseed: 3\n")
    (folder / "two.yaml").write_text(
        "defaults: [a/one.yaml]\nengine:\n  extra: {_override_: true, z: 1}\n"
    )
    made = pload_file("two.yaml", Run, base=BASE)
    assert (made.length, made.seed, made.engine.length) == (4, 3, 4)
    assert "a/one.yaml:2" in str(pexplain(made, "seed"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("defaults: nowhere.yaml\n", "must name a file, got 'nowhere.yaml'"),
        ("defaults: patch.yaml\n", "must not lead back to the file itself"),
        ("defaults:\n  - model: net\n", "groups of Hydra are composed before loading"),
    ],
)
def test_files_that_cannot_be_extended_are_refused(folder, text, message):
    (folder / "patch.yaml").write_text(text)
    with pytest.raises(FormatError, match=message):
        pload_file("patch.yaml", Run, base=BASE)


def test_other_formats_are_overlays_too(folder):
    Path("patch.json").write_text('{"length": 8}')
    Path("patch.toml").write_text("length = 8\n[engine]\ntags = []\n")
    assert pload_file("patch.json", Run, base=BASE).twice == 16
    assert pload_file("patch.toml", Run, base=BASE).engine.tags == []


def test_files_and_words_apply_in_order(folder):
    (folder / "patch.yaml").write_text("length: 8\nseed: 3\n")
    assert poverride(BASE, ["seed=4", "@patch.yaml"]).seed == 3
    made = poverride(BASE, ["@patch.yaml", "seed=4"])
    assert (made.seed, made.engine.length) == (4, 8)


def test_a_file_that_is_not_there_is_refused(folder):
    with pytest.raises(OverrideError, match=r"@patch.yaml: must be a file that is there"):
        poverride(BASE, ["@patch.yaml"])


def test_arithmetic_of_a_file_on_the_command_line_is_computed(tmp_path, monkeypatch):
    """On numbers alone; other resolvers are refused, as everywhere."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sum.yaml").write_text("seed: ${add:${mul:2,3},1}\n")
    assert poverride(BASE, ["@sum.yaml"]).seed == 7
    (tmp_path / "text.yaml").write_text("seed: ${mul:a,3}\n")
    with pytest.raises(FormatError, match="must be a number, got 'a'"):
        poverride(BASE, ["@text.yaml"])
    (tmp_path / "other.yaml").write_text("seed: ${oc.env:HOME}\n")
    with pytest.raises(FormatError, match="calls a resolver that was not passed"):
        poverride(BASE, ["@other.yaml"])
