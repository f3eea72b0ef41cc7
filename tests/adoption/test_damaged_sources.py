"""Sources that no tool wrote: refused by name, in bounded time and memory."""

from __future__ import annotations

import math

import pytest

from pconfigs.adoption.reading.readers import read_source
from pconfigs.errors.adoption import AdoptError
from tests.limits import limits, usual_depth

PARSER = "import argparse\nparser = argparse.ArgumentParser()\n"


def script(value: str) -> str:
    return f'{PARSER}parser.add_argument("--n", type=int, default={value})\n'


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.yaml", "!!python/name:os.system a: 1\n", "must have no tags, got .*os.system"),
        ("a.yaml", "!!int x: 1\n", "must be a value of YAML"),
        ("a.yaml", 'defaults: [{"": x}]\na: 1\n', "must be a name, or `group: name`"),
        ("a.yaml", "a b: 1\n", "a key at the top must be the name of a field, got 'a b'"),
        ("a.yaml", f"defaults: [{'x' * 300}]\na: 1\n", "x"),
        ("a.toml", f"a = {'[' * 5000}\n", "must be TOML: it is nested too deeply"),
        ("a.toml", f"a.{'a.' * 40_000}b = 1\n", "a dotted key has more than 100 parts"),
        ("a.toml", "a = 1e999\n", "1e999 is larger than any float"),
        ("a.py", script("(" * 3000), "must be Python"),
        ("a.py", script("1") + "\x00", "must be Python"),
    ],
)
def test_damaged_sources_are_refused(name, text, message, adopted):
    with limits(), pytest.raises(AdoptError, match=message):
        adopted({name: text}, name)


def test_a_script_that_is_nested_too_deeply_is_refused(tmp_path):
    file = tmp_path / "a.py"
    file.write_text(script(f"{'-' * 1500}1"))
    with usual_depth(), pytest.raises(AdoptError, match="must be Python|nested too deeply"):
        read_source(file, [])


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("2**10", 1024),
        ("1024**3", 2**30),
        ("3 * 2**2", 12),
        (f"{'(' * 30}9{'**63)' * 30}", None),
        ("1e300**63", None),
        ("1e300 * 1e300 * 10**63", math.inf),
        ("0**-1", None),
    ],
)
def test_powers_in_a_script_are_computed_where_they_are_small(code, value, tmp_path):
    file = tmp_path / "a.py"
    file.write_text(script(code))
    with limits():
        source = read_source(file, [])
    node = source.tree.items["n"]
    assert getattr(node, "value", None) == value
    assert (("n",) in source.marks) == (value is None)


def test_an_argument_of_a_script_is_not_a_group_of_others(adopted):
    names = ("--a", "--a.b", "--c.d", "--c")
    lines = [f'parser.add_argument("{name}", type=int, default=1)\n' for name in names]
    result = adopted({"a.py": PARSER + "".join(lines)}, "a.py")
    found = "".join(map(str, result.findings))
    for name in ("a.b", "c"):
        assert f"{name} is an argument where another has a part of its name" in found
