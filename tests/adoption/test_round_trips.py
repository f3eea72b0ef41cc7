"""Generated trees: adopted, loaded and equal; what follows moves as OmegaConf moves it."""

from __future__ import annotations

import importlib
import itertools
import operator
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pconfigs import pload_file, poverride
from pconfigs.adoption.reading.inheritance import read_inherited
from pconfigs.adoption.result import adopt
from pconfigs.errors import FormatError
from pconfigs.serialization.formats.arithmetic import ARITHMETIC
from tests.examples import examples

omegaconf = pytest.importorskip("omegaconf")
yaml = pytest.importorskip("yaml")
NUMBER = itertools.count()
RESOLVERS = {"mul": operator.mul, "add": operator.add}
NAMES = st.sampled_from(["a", "b", "c_cfg", "net", "optimizer", "data"])
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-5, 99),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.sampled_from(["x", "relu", "a b", "1e-3", "null", "yes", ""]),
    st.none(),
)
LEAVES = st.one_of(
    SCALARS, st.lists(st.integers(0, 9), max_size=3), st.lists(st.sampled_from("xyz"), max_size=2)
)


def sections(below):
    return st.dictionaries(NAMES, below, min_size=1, max_size=4)


TREES = sections(sections(st.one_of(LEAVES, sections(st.one_of(LEAVES, sections(LEAVES))))))


def leaves(tree, path=()):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


@st.composite
def interpolated(draw):
    """A tree in which some leaves follow earlier ones, and the paths that are followed."""
    tree = draw(TREES)
    followed = []
    known = list(leaves(tree))
    for index, (path, value) in enumerate(known):
        if index and not isinstance(value, list) and draw(st.booleans()):
            target, _ = known[draw(st.integers(0, index - 1))]
            node = tree
            for step in path[:-1]:
                node = node[step]
            name = ".".join(target)
            ways = [f"${{{name}}}", f"<${{{name}}}>", f"${{{'.' * len(path)}{name}}}"]
            if type(at(tree, target)) is int:
                ways += [f"${{mul:${{{name}}},3}}", f"${{add:${{{name}}},1}}"]
            node[path[-1]] = draw(st.sampled_from(ways))
            followed.append(target)
    return tree, followed


def adopted_config(tree, tmp_path):
    name = f"made{next(NUMBER)}"
    file = tmp_path / f"{name}.yaml"
    file.write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
    done = adopt(read_inherited(Path(file), []), tmp_path / name, name, force=True)
    assert done.differences == []
    config = importlib.import_module(f"{name}.experiments.{name}").config
    try:
        loaded = pload_file(file, type(config), resolvers=ARITHMETIC)
    except FormatError as error:
        if "leads to more than one value" not in str(error):  # OmegaConf joins lists to strings
            raise
    else:
        assert loaded == config
    return config


@pytest.mark.slow
@given(interpolated(), st.data())
@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_tree_is_adopted_and_follows(tmp_path, monkeypatch, given_tree, data):
    tree, followed = given_tree
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    for name, function in RESOLVERS.items():
        omegaconf.OmegaConf.register_new_resolver(name, function, replace=True)
    try:
        config = adopted_config(tree, tmp_path)
        # As it reads the file: PyYAML writes the string 1e-3 without quotes.
        theirs = omegaconf.OmegaConf.create(yaml.safe_dump(tree, sort_keys=False))
        originals = [
            path for path in followed
            if type(omegaconf.OmegaConf.to_container(theirs)[path[0]]) is dict
            and isinstance(at(tree, path), int) and not isinstance(at(tree, path), bool)
        ]  # fmt: skip
        if originals:
            path = data.draw(st.sampled_from(originals))
            config = poverride(config, [f"{'.'.join(path)}=77"])
            omegaconf.OmegaConf.update(theirs, ".".join(path), 77)
        expected = omegaconf.OmegaConf.to_container(theirs, resolve=True)
        for path, value in leaves(expected):
            found = config
            for step in path:
                found = getattr(found, step)
            assert found == value, path
    finally:
        for name in RESOLVERS:
            omegaconf.OmegaConf.clear_resolver(name)
        for name in set(sys.modules) - before:
            if name.startswith("made"):
                del sys.modules[name]


def at(tree, path):
    for step in path:
        tree = tree[step]
    return tree
