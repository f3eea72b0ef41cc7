"""Formats: what is written is read back, and files that mean harm are refused."""

from __future__ import annotations

import enum
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from pconfigs import PConfigError, pconfig, pload_file, psave
from pconfigs.errors import FormatError, LoadError, UnsavableError
from pconfigs.serialization.conversion.text_values import NULLS
from pconfigs.serialization.conversion.text_words import BOOLEANS, FLOATS, NOTHING
from pconfigs.serialization.formats import json_format, toml_format, yaml_format
from tests.examples import examples
from tests.models.savable import Color, Everything, Node, Trainer, chain, everything

SUFFIXES = [".json", ".yaml", ".toml"]
FORMATS = {".json": json_format, ".yaml": yaml_format, ".toml": toml_format}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["on", "no", "null", "~", "010", "1e-3", "2026-01-02", "- a", "a: b", "#", "'", "${x}", "???",
     "=", "<<", "y", "1:30", " a ", "a #b", "nan", ".inf", "[a", "{", "*a", "&a", "!t", "%", "@",
     "\ud800"]
)  # fmt: skip
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.binary(max_size=4)
scalars |= st.sampled_from([Color.red, Path("a/b"), int, Color])
hashables = st.recursive(scalars, lambda inner: st.tuples(inner, inner), max_leaves=3)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(texts | st.integers() | st.just("$tuple"), inner, max_size=3)
        | st.sets(hashables, max_size=3)
        | st.builds(lambda item: Node(value=1, child=None) if item is None else item, inner)
    ),
    max_leaves=12,
)


@pconfig
class Holder:
    value: object
    texts: list[str]
    table: dict[str, float]
    flag: bool | None
    name: str | None
    mixed: int | float | str | None


def plain_trees(leaves):
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=10,
    )


def has_surrogates(value):
    return "\\ud800" in repr(value)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=examples(150), deadline=None)
@given(
    config=st.builds(
        Holder,
        value=values,
        texts=st.lists(texts, max_size=4),
        table=st.dictionaries(texts, st.floats(), max_size=3),
        flag=st.none() | st.booleans(),
        name=st.none() | texts,
        mixed=st.none() | texts | st.integers() | st.floats(),
    )
)
@example(
    config=Holder(
        value=None, texts=["x" * 200], table={"k" * 200: 1.0}, flag=None, name="null", mixed="3"
    )
)
@example(
    config=Holder(
        value={math.nan, (math.nan, 1)}, texts=[], table={}, flag=None, name=None, mixed=None
    )
)
def test_random_trees_come_back(suffix, config, tmp_path_factory):
    pytest.importorskip({".toml": "tomli_w", ".yaml": "yaml"}.get(suffix, "json"))
    file = tmp_path_factory.getbasetemp() / f"random{suffix}"
    if has_surrogates(config) and suffix != ".json":
        return
    try:
        psave(config, file)
    except PConfigError:
        assert has_surrogates(config)
        return
    assert pload_file(file, Holder, allow="tests") == config


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_values_of_every_kind_come_back_from_files(suffix, tmp_path):
    config = everything()
    psave(config, tmp_path / f"c{suffix}")
    assert pload_file(tmp_path / f"c{suffix}", Everything) == config


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_malformed_files_raise_format_errors(suffix, tmp_path_factory):
    file = tmp_path_factory.mktemp("fuzz") / f"f{suffix}"
    words = st.sampled_from(
        list("{}[]:,\"'-#&*!|>%@`=\n .0123e+xn$_")
        + ["null", "$type", "$same", "<<", "&a", "*a", "steps"]
    )

    @settings(max_examples=examples(300), deadline=None)
    @given(st.lists(words | st.text(max_size=2), max_size=20).map("".join))
    def check(text):
        try:
            file.write_text(text, "utf-8", newline="")
        except UnicodeEncodeError:
            return
        try:
            pload_file(file, Trainer)
        except PConfigError:
            pass

    check()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_configs_nested_a_hundred_deep_come_back(suffix, tmp_path):
    config = chain(100)
    psave(config, tmp_path / f"deep{suffix}")
    assert pload_file(tmp_path / f"deep{suffix}", Node) == config


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nesting_without_end_is_refused(suffix, tmp_path):
    file = tmp_path / f"deep{suffix}"
    file.write_text({".json": "", ".yaml": "", ".toml": "a = "}[suffix] + "[" * 100_000)
    with pytest.raises(FormatError):
        pload_file(file, Trainer)


def test_one_line_for_each_leaf():
    data = {"a": 1, "b": {"c": [1, 2], "d": "x"}, "e": [{"f": None}]}
    assert yaml_format.write(data) == "a: 1\nb:\n  c: [1, 2]\n  d: x\ne:\n- {f: null}\n"
    assert toml_format.write(data) == (
        'a = 1\ne = [\n    { f = { "$none" = true } },\n]\n\n'
        '[b]\nc = [\n    1,\n    2,\n]\nd = "x"\n'
    )


def write(tmp_path, name, text):
    (tmp_path / name).write_text(text, "utf-8")
    return tmp_path / name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("steps: !!python/object/apply:os.system [ls]", "tag"),
        ("!!python/name:os.system", "tag"),
        ("steps: 1\nsteps: 2", "'steps' appears twice"),
        ("a: &a [x]\nb: *c", "undefined or recursive"),
        ("a: &a [*a]", "undefined or recursive"),
        ("--- {}\n--- {}", "must have one document"),
        ("{a: 1", "line [12]"),
        ("? [a]\n: 1", "a key must be a string"),
    ],
)
def test_yaml_that_is_more_than_data_is_refused(text, words, tmp_path):
    with pytest.raises(FormatError, match=words):
        pload_file(write(tmp_path, "c.yaml", text), Trainer)


def test_a_billion_laughs_are_refused(tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(FormatError, match="more than 200,000 nodes"):
        pload_file(write(tmp_path, "c.yaml", "\n".join(lines)), Trainer)


def test_a_key_that_is_there_twice_is_refused_in_json_and_toml(tmp_path):
    for name, text in (("c.json", '{"steps": 1, "steps": 2}'), ("c.toml", "steps = 1\nsteps = 2")):
        with pytest.raises(FormatError):
            pload_file(write(tmp_path, name, text), Trainer)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("lr", "1e-3", 0.001),
        ("lr", ".inf", math.inf),
        ("lr", "3", 3),
        ("steps", "1_000", 1000),
        ("steps", "0x10", 16),
        ("workers", "4", 4),
    ],
)
def test_scalars_of_yaml_are_what_the_field_takes(field, text, value, tmp_path):
    loaded = getattr(pload_file(write(tmp_path, "c.yaml", f"{field}: {text}"), Trainer), field)
    assert (loaded, type(loaded)) == (value, type(value))


@pytest.mark.parametrize("text", ["on", "no", "010", "1e-3", "2026-01-02", "1:30", "0x1", "true"])
def test_a_text_field_takes_the_text_that_is_there(text, tmp_path):
    file = write(tmp_path, "c.yaml", f"name: cosine\nslope: 1\nextra: {text}")

    @pconfig
    class Texts:
        name: str
        slope: int
        extra: str

    assert pload_file(file, Texts).extra == text


@pytest.mark.parametrize(
    "text",
    ["steps: '3'", "steps: 010", "steps: 1.5", "steps: on", "lr: '1e-3'", "token: null", "steps:"],
)
def test_what_does_not_fit_is_refused(text, tmp_path):
    with pytest.raises(LoadError, match=text.partition(":")[0]):
        pload_file(write(tmp_path, "c.yaml", text), Trainer)


class Mode(enum.Enum):
    infinity = 1
    on = 2


@pconfig
class Worded:
    place: Path | float | bool | None
    text: str | float | bool | None
    mode: Mode | float | bool


WORDS = [*BOOLEANS, *FLOATS, *NOTHING, *NULLS, "1E+5", "1_000", "010", "0x1F", "1:30", "-0", "+.5"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("change", [str, str.upper, str.title])
def test_words_of_other_types_come_back_as_the_texts_that_they_are(suffix, change, tmp_path):
    for word in map(change, WORDS):
        for mode in Mode:
            config = Worded(place=Path(word), text=word, mode=mode)
            psave(config, tmp_path / f"c{suffix}")
            assert str(pload_file(tmp_path / f"c{suffix}", Worded)) == str(config)


def test_on_is_true_where_only_booleans_fit(tmp_path):
    file = write(
        tmp_path, "c.yaml", "value: 1\ntexts: []\ntable: {}\nflag: on\nname: no\nmixed: on"
    )
    loaded = pload_file(file, Holder)
    assert (loaded.value, loaded.flag, loaded.name, loaded.mixed) == (1, True, "no", "on")


def test_merge_keys_and_aliases_of_yaml(tmp_path):
    file = write(tmp_path, "c.yaml", "part: &p {width: 3, rate: 1}\nsteps: 1\n")
    assert pload_file(file, Trainer).part.rate == 1
    file = write(tmp_path, "d.yaml", "value: &a {x: 1}\ntexts: []\ntable: {<<: *a, y: 2}\n"
                 "flag: null\nname: ~\nmixed: null")  # fmt: skip
    assert pload_file(file, Holder).table == {"x": 1, "y": 2}


def test_a_suffix_that_shows_no_format_is_refused(tmp_path):
    with pytest.raises(FormatError, match=r"saved\n.*\n +name it \.json, \.yaml, \.yml or \.toml"):
        psave(Trainer(), tmp_path / "c.ini")


@pytest.mark.parametrize(
    ("suffix", "value", "type_name"),
    [("json", 10**5000, "int"), ("toml", "\ud800", "str")],
    ids=["json", "toml"],
)
def test_what_a_format_cannot_hold_is_refused_with_its_path(tmp_path, suffix, value, type_name):
    @pconfig
    class ExtraConfig:
        extras: dict[str, list[object]]

    with pytest.raises(UnsavableError) as caught:
        psave(ExtraConfig(extras={"k": [1, value]}), tmp_path / f"c.{suffix}")
    [problem] = caught.value.problems
    assert (problem.path, problem.type_name) == ("extras.k[1]", type_name)


@pytest.mark.parametrize("suffix", ["json", "yaml", "toml"])
@pytest.mark.parametrize("value", [{(10**5000,), (1,)}, frozenset({(10**5000, "a"), ("a", 1)})])
def test_members_of_a_set_with_too_many_digits_are_named(suffix, value, tmp_path):
    @pconfig
    class Held:
        value: Any

    with pytest.raises(UnsavableError, match=r"\(int\): Exceeds the limit"):
        psave(Held(value=value), tmp_path / f"held.{suffix}")
