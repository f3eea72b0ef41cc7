"""Problems of files name the line."""

from __future__ import annotations

import json

import pytest

from pconfigs import Secret, pconfig, pload, pload_file
from pconfigs.errors import LoadError

pytest.importorskip("yaml")


@pconfig
class Part:
    width: int


@pconfig
class Whole:
    parts: list[Part]
    heads: dict[str, Part]
    rate: float
    token: Secret[str]


BASE = Whole(parts=[Part(width=1)], heads={"a b": Part(width=2)}, rate=0.5, token="hidden")


def lines(error):
    return [line for line in str(error.value).splitlines()[1:] if line[:4] != "    "]


def test_each_problem_of_a_yaml_file_has_its_line(tmp_path):
    file = tmp_path / "whole.yaml"
    file.write_text(
        "rate: null\nparts:\n- width: 1\n- width: x\n  depth: 2\n- {width: y}\n"
        "heads:\n  a b:\n    width: z\ntoken: [3]\n"
    )
    with pytest.raises(LoadError) as caught:
        pload_file(file, Whole)
    assert set(lines(caught)) == {
        f"{file}:1: rate: must be float, but got null",
        f"{file}:4: parts[1].width: must be int, but got 'x' (str)",
        f"{file}:5: parts[1].depth: Part has no such field; did you mean 'width' (int)?",
        f"{file}:6: parts[2].width: must be int, but got 'y' (str)",
        f"{file}:9: heads['a b'].width: must be int, but got 'z' (str)",
        f"{file}:10: token: must be str (the value given is secret and not shown)",
    }


def test_problems_of_an_overlay_name_the_file_that_they_come_from(tmp_path):
    top, below = tmp_path / "top.yaml", tmp_path / "below.yaml"
    below.write_text("parts:\n\n- width: x\nheads:\n  a b:\n    width: y\n")
    top.write_text("defaults: below.yaml\nrate: z\n")
    with pytest.raises(LoadError) as caught:
        pload_file(top, Whole, base=BASE)
    assert sorted(lines(caught)) == [
        f"{below}:3: parts[0].width: must be int, but got 'x' (str)",
        f"{below}:6: heads['a b'].width: must be int, but got 'y' (str)",
        f"{top}:2: rate: must be float, but got 'z' (str)",
    ]


def test_where_lines_are_not_known_the_path_is_all(tmp_path):
    file = tmp_path / "whole.json"
    file.write_text(json.dumps({"rate": "x", "parts": []}))
    with pytest.raises(LoadError) as caught:
        pload_file(file, Whole, base=BASE)
    assert "\nrate: must be float" in str(caught.value)
    with pytest.raises(LoadError) as caught:
        pload({"rate": "x"}, Whole, base=BASE)
    assert str(caught.value).startswith("rate: must be float")
