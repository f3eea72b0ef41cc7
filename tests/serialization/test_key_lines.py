"""Origins of what a data file gives: the line of its key, while the file is what was read."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from pconfigs import PConfig, Pinned, Secret, pconfig, pexplain, pload, pload_file, pproperty, psave
from pconfigs.serialization.formats.key_lines import json_lines, toml_lines
from pconfigs.serialization.save import FORMATS

yaml_format = pytest.importorskip("pconfigs.serialization.formats.yaml_format")
tomli_w = pytest.importorskip("tomli_w")


@pconfig
class Part(PConfig):
    a: int
    b: dict[str, Any]


@pconfig(renamed={"before": "parts"})
class Whole(PConfig):
    part: Part
    parts: list[Part]
    either: dict[str, Part]
    token: Secret[str]
    twice: Pinned[int]

    @pproperty
    def twice(self) -> int:
        return 2 * self.part.a


TEXTS = {
    "c.yaml": """\
# a comment
token: hunter2
part:
  a: 1
  b: {}
parts:
  - a: 2
    b: {x: 1}
  - {a: 3, b: {}}
either:
  one:
    a: 4
    b: {}
""",
    "c.json": """\
{"token": "hunter2",

 "part": {
   "a": 1,
   "b": {}}, "parts":
 [{"a": 2,
   "b": {"x": 1}},
  {"a": 3, "b": {}}],
 "either": {"one":
   {"a": 4, "b": {}}}}
""",
    "c.toml": """\
token = "hunter2" # = a comment
part.a = 1
"part"."b" = {}

[[parts]]
a = 2
b = { x = 1 }
[[parts]]
a = 3
[parts.b]
[either . 'one']
a = 4
b = {}
""",
}
LINES = {
    "c.yaml": {"part": 3, "part.a": 4, "parts": 6, "parts[0].b": 8, "parts[1].a": 9, "either": 10},
    "c.json": {"part": 3, "part.a": 4, "parts": 5, "parts[0].b": 7, "parts[1].a": 8, "either": 9},
    "c.toml": {"part": 2, "part.a": 2, "parts": 5, "parts[0].b": 7, "parts[1].a": 9, "either": 11},
}
INNER = {"c.yaml": 12, "c.json": 10, "c.toml": 12}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", TEXTS)
def test_each_value_of_a_file_has_the_line_of_its_key(name):
    Path(name).write_text(TEXTS[name])
    made = pload_file(name, Whole)
    base = Whole(part=Part(a=0, b={}), parts=[], either={}, token="")
    laid_over = pload_file(name, Whole, base=base)
    for path, line in {**LINES[name], "either['one'].a": INNER[name]}.items():
        assert re.search(rf"{name}:{line}\b", str(pexplain(made, path))), path
        if path in ("part.a", "parts"):
            assert re.search(rf"{name}:{line}\b", str(pexplain(laid_over, path))), path


@pytest.mark.parametrize("name", TEXTS)
def test_lines_are_read_again_by_who_holds_a_pickle(name):
    Path(name).write_text(TEXTS[name])
    data = pickle.dumps(pload_file(name, Whole))
    assert b"hunter2" not in data
    made = pickle.loads(data)
    assert f"{name}:{LINES[name]['part.a']}" in str(pexplain(made, "part.a"))


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("change", [lambda p: p.write_text(f"\n{p.read_text()}"), Path.unlink])
def test_a_file_that_has_changed_or_is_gone_shows_no_line(name, change):
    Path(name).write_text(TEXTS[name])
    made = pload_file(name, Whole)
    change(Path(name))
    found = pexplain(made, "part.a")
    assert str(found).splitlines()[1] == f"  set in  {name}  (not by keyword)"
    assert found.to_json()["origins"][0]["place"]["line"] is None


@pytest.mark.parametrize(("name", "text"), [("c.yaml", "a: 1"), ("c.json", '"a": 1')])
def test_the_text_of_a_line_is_shown_where_it_has_one_key(name, text):
    Path(name).write_text(TEXTS[name])
    made = pload_file(name, Whole)
    place = f"{name}:{LINES[name]['part.a']}"
    assert re.search(rf"{place}:\d+  {text}\n", str(pexplain(made, "part.a")))
    line = f"  set in  {name}:{LINES[name]['parts[1].a']}"
    assert line in str(pexplain(made, "parts[1].a")).splitlines()
    assert "hunter2" not in str(pexplain(made))


def test_a_key_under_its_name_of_before_has_no_line_of_its_own():
    text = TEXTS["c.yaml"].replace("parts:", "before:")
    Path("c.yaml").write_text(text)
    made = pload_file("c.yaml", Whole)
    assert "c.yaml:2  (not by keyword)" in str(pexplain(made, "parts"))
    assert "c.yaml  (not by keyword)" in str(pexplain(made, "parts[0].a"))


@pytest.mark.parametrize("name", ["saved.yaml", "saved.json", "saved.toml"])
def test_lines_of_saved_configs_are_those_of_their_keys(name):
    config = Whole(part=Part(a=1, b={}), parts=[], either={"x": Part(a=5, b={"a": 1})}, token="t")
    psave(Whole(config, token="t"), name)
    made = pload_file(name, Whole)
    lines = Path(name).read_text().splitlines()
    found = re.search(rf"{name}:(\d+)", str(pexplain(made, "either['x'].a")))
    assert found is not None
    assert re.search(r"\ba\b.*5", lines[int(found[1]) - 1])


NASTY = ["a.b", "#", "=", '"', "'", "\\", "]", "é"]
KEYS = st.text(min_size=1, max_size=5) | st.sampled_from(NASTY)
SCALARS = st.integers(-9, 9) | st.text(max_size=6) | st.booleans() | st.floats(allow_nan=False)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def mappings(data: Any, found: Any) -> list[tuple[dict[str, Any], Any]]:
    """Return all mappings with what was found of them; fail where these are of another shape."""
    if isinstance(data, dict):
        assert list(found) == list(data)
        assert set(found.lines) == set(data)
        pairs = [pair for key in data for pair in mappings(data[key], found[key])]
        return [(data, found), *pairs]
    if isinstance(data, list):
        assert len(found) == len(data)
        return [pair for one, other in zip(data, found) for pair in mappings(one, other)]
    assert found is None
    return []


@given(st.dictionaries(KEYS, DATA, max_size=4), st.sampled_from([None, 1, "\n"]))
@example({'a"\\': [{"x,]": '}{":\\"'}, []]}, None)
def test_lines_of_json_are_found_in_any_layout(data, indent):
    text = json.dumps(data, indent=indent)
    for mapping, found in mappings(data, json_lines(text)):
        for key in mapping:
            assert json.dumps(key) in text.split("\n")[found.lines[key] - 1]


@given(st.dictionaries(KEYS, DATA, max_size=4), st.booleans())
@example({"a": [{"b": '"""'}, {"b": "''\n#"}], "c": {"d.e": {"f": []}}}, True)
def test_lines_of_toml_are_found_in_any_layout(data, multiline):
    text = tomli_w.dumps(data, multiline_strings=multiline)
    lines = text.split("\n")
    found = sorted_like(data, toml_lines(text))
    for mapping, tables in mappings(data, found):
        for key in mapping:
            name = tomli_w.dumps({key: 0}).removesuffix(" = 0\n")
            assert name in lines[tables.lines[key] - 1]


def sorted_like(data: Any, found: Any) -> Any:
    """Return what was found in the order of the data: TOML has tables after all other values."""
    if isinstance(data, dict):
        items = {key: sorted_like(data[key], found[key]) for key in data}
        return type(found)(items, found.line, found.lines)
    if isinstance(data, list):
        return [sorted_like(one, other) for one, other in zip(data, found, strict=True)]
    return found


@pytest.mark.parametrize("text", ["x = '''\n[no]\n''''\ny = 1\n", 'x = """\ny = 0\n"""""\ny = 1\n'])
def test_brackets_in_strings_of_many_lines_are_no_tables(text):
    assert toml_lines(text).lines["y"] == 4


def test_every_format_finds_its_lines():
    modules = [f"pconfigs.serialization.formats.{module}" for module in set(FORMATS.values())]
    assert all(hasattr(__import__(name, fromlist=["located"]), "located") for name in modules)


def test_values_of_data_have_the_place_of_the_call():
    made = pload({"a": 1, "b": {}}, Part)
    assert f"{Path(__file__).name}:" in str(pexplain(made, "a"))
