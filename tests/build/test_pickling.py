"""Copies: pickles restore what a config was, copies are the config itself."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pconfigs import PConfig, Pin, Pinned, Required, Secret, pconfig, pinputs, pproperty
from pconfigs.errors import FrozenContainerError, PConfigError, SecretNotHeldError
from pconfigs.provenance.origins import origin_of
from pconfigs.schema.build_record import OPEN, reads_of, record_of
from pconfigs.schema.class_schema import schema_of
from tests.examples import examples
from tests.models.trees import trees

BOTH_WAYS = settings(
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)


@pconfig
class KeyConfig:
    key: Secret[str]
    size: int


@pconfig
class HolderConfig:
    token: Secret[str]
    keys: Secret[list[KeyConfig]]
    part: KeyConfig
    word: Pinned[Secret[str]]

    @pproperty
    def word(self) -> str:
        return f"hush-{self.part.size}"


def test_secrets_are_not_pickled():
    """Their property computes them again; others raise where they are read."""
    key = KeyConfig(key="hush-key", size=3)
    config = HolderConfig(token="hush-token", keys=[key], part=key)
    stored = pickle.dumps(config)
    assert b"hush" not in stored
    again = pickle.loads(stored)
    for read in (lambda: again.token, lambda: again.keys, lambda: again.part.key):
        with pytest.raises(SecretNotHeldError, match="is a secret"):
            read()
    assert (again.word, again.part.size) == ("hush-3", 3)
    assert not record_of(again)[OPEN]
    for _ in range(15):  # more than it takes until its initializer is compiled
        whole = HolderConfig(again, token="a", keys=[], part=key)
        assert (whole.token, whole.keys, whole.word) == ("a", [], "hush-3")


@BOTH_WAYS
@given(data=trees())
def test_random_trees_survive_pickle_copy_and_inheriting(models, data):
    """Equal, of the same classes, with the same hash, printed alike; every protocol."""
    config = data.made(models)
    assert copy.copy(config) is config
    assert copy.deepcopy(config) is config
    assert copy.deepcopy([config])[0] is config
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(config, protocol))
        assert again == config
        assert type(again) is type(config)
        assert hash(again) == hash(config)
        assert str(again) == str(config)
        assert type(again)(again) == config


def test_raw_inputs_and_reads_survive(models):
    """A restored config can be inherited from: nothing is applied twice."""
    given = models.Leaf(number=1, text="given", anything=None)
    config = models.Tied(leaf=given, text="tied")
    again = pickle.loads(pickle.dumps(config))
    assert again == config
    assert pinputs(again).leaf == given
    assert reads_of(again) == reads_of(config)
    assert models.Tied(again, text="other").leaf.text == "other"
    assert again.seed == 7


def test_places_survive_as_places(models):
    """Where it was made and where each keyword stood, without the code."""
    config = models.Leaf(
        number=1,
        text="x",
        anything=None,
    )
    again = pickle.loads(pickle.dumps(config))
    assert again == config
    place = origin_of(again, "text").place
    assert place.file == __file__
    assert pickle.loads(pickle.dumps(again)) == config


def test_open_configs_survive(models):
    """Required and Pinned are the same objects afterwards."""
    config = models.Tied(leaf=Required, text="x", seed=Pin(2))
    again = pickle.loads(pickle.dumps(config))
    assert again.leaf is Required
    assert record_of(again)[OPEN]
    tree = models.Tree(
        leaf=Required, many=[], named={}, pair=(), color=models.Color.red, path=models.Path()
    )
    assert pickle.loads(pickle.dumps(tree)).leaf is Required
    assert copy.deepcopy(Required) is Required
    assert copy.copy(Pinned) is Pinned


def test_shared_parts_stay_shared(models):
    """One part in two places is one part afterwards."""
    leaf = models.Leaf(number=1, text="x", anything=None)
    tree = models.Tree(
        leaf=leaf,
        many=[leaf, leaf],
        named={"k": leaf},
        pair=(leaf,),
        color=models.Color.red,
        path=models.Path(),
    )
    again = pickle.loads(pickle.dumps(tree))
    assert {id(part) for part in (*again.many, *again.pair, again.named["k"])} == {id(again.leaf)}


@pytest.mark.parametrize("depth", [20, 99])
def test_deeply_nested_configs_are_pickled(models, depth):
    """As deep as configs nest."""
    config = models.Chain(link=None, value=0)
    for n in range(depth):
        config = models.Chain(link=config, value=n)
    again = pickle.loads(pickle.dumps(config))
    assert again == config
    assert copy.deepcopy(config) is config


def test_configs_inside_unknown_objects_are_pickled_with_them(models):
    """An object that holds a config is pickled as always."""
    leaf = models.Leaf(number=1, text="x", anything=None)
    outer = models.Leaf(number=2, text="y", anything={"k": (leaf, [leaf])})
    again = pickle.loads(pickle.dumps([outer, {"x": leaf}]))
    assert again == [outer, {"x": leaf}]
    assert again[0].anything["k"][0] == leaf


def test_configs_as_keys_and_in_sets(models):
    """Hashable as they are, they come back as keys and members."""
    leaf = models.Leaf(number=1, text="x", anything=[1])
    outer = models.Leaf(number=2, text="y", anything={leaf: 1})
    other = models.Leaf(number=3, text="z", anything={leaf})
    for config in (outer, other):
        again = pickle.loads(pickle.dumps(config))
        assert again == config
        assert leaf in again.anything


def test_a_restored_config_never_changes_either(models):
    """Its lists are as read-only as before."""
    config = models.Leaf(number=1, text="x", anything=[[1]])
    again = pickle.loads(pickle.dumps(config))
    with pytest.raises(TypeError, match="never changes"):
        again.anything[0].append(2)
    with pytest.raises(AttributeError, match="never changes"):
        again.number = 3


def test_other_fields_today_are_reported(models):
    """A pickle of a class that has changed since is refused with what changed."""
    text = pickle.dumps(models.Leaf(number=1, text="x", anything=None))

    @pconfig
    class Leaf:
        number: float
        renamed: str

    Leaf.__module__, Leaf.__qualname__ = models.__name__, "Leaf"
    models.Leaf = Leaf
    with pytest.raises(PConfigError, match="pickled with the fields anything, number, text"):
        pickle.loads(text)


def test_configs_go_to_other_processes():
    """A config of an importable module is the same in a process of its own."""
    from project.experiments.second import config

    code = (
        "import pickle, sys\n"
        "config = pickle.load(sys.stdin.buffer)\n"
        "from project.experiments.second import config as own\n"
        "assert config == own and str(config) == str(own)\n"
        "config.construct().main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps(config),
        capture_output=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.startswith(b"step=0 lr=0.001")


@pconfig
class Holder(PConfig):
    value: Any

    @pproperty
    def hashed(self) -> Any:
        return [{self.value}, frozenset([(self.value,)]), {(1, self.value): self.value}]


@pconfig
class Deep(PConfig):
    value: Any

    @pproperty
    def hashed(self) -> Any:
        return [{self.value}]


@pconfig
class Collected(PConfig):
    ordered: OrderedDict[str, Any]
    window: deque[Any]
    parts: defaultdict[str, Holder]
    counts: Counter[str]


def frozen_kinds(value: Any) -> Any:
    """Return the types of all containers in a value, in order."""
    if isinstance(value, dict):
        inner = [*map(frozen_kinds, value), *map(frozen_kinds, value.values())]
    elif isinstance(value, (list, tuple, set, frozenset, deque)):
        inner = [*map(frozen_kinds, value)]
    else:
        inner = []
    return (type(value), inner)


@given(
    st.recursive(
        st.integers(0, 3) | st.builds(Holder, value=st.integers()),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.tuples(inner, inner)
            | st.dictionaries(st.text(max_size=1), inner, max_size=2)
        ),
        max_leaves=5,
    )
)
def test_a_restored_config_holds_read_only_containers_in_sets_and_keys_too(value):
    config = Holder(value=value)
    again = pickle.loads(pickle.dumps(config))
    assert again == config
    assert hash(again) == hash(config)
    for name in ("value", "hashed"):
        assert frozen_kinds(getattr(again, name)) == frozen_kinds(getattr(config, name))


def test_configs_in_containers_of_collections_are_pickled():
    part = Holder(value=[1])
    config = Collected(
        ordered=OrderedDict(x=part),
        window=deque([part, {"k": part}], maxlen=3),
        parts=defaultdict(list, a=part),
        counts=Counter("aab"),
    )
    again = pickle.loads(pickle.dumps(config))
    assert again == config
    for name in schema_of(config).fields:
        assert type(getattr(again, name)) is type(getattr(config, name))
    assert (again.window.maxlen, again.parts.default_factory) == (3, list)
    assert again.window[0] is again.ordered["x"]
    with pytest.raises(FrozenContainerError):
        again.window[1]["k"] = 1


@pconfig
class Handed(PConfig):
    ordered: OrderedDict[str, Any]
    window: deque[Any]
    counts: Counter[str]


def test_asdict_hands_out_ordinary_containers():
    part = Deep(value=[{"a": {1}}])
    config = Handed(ordered=OrderedDict(x=[part]), window=deque([1]), counts=Counter("ab"))
    shallow, deep = config.asdict(), dataclasses.asdict(config)
    for found in (shallow, deep):
        kinds = [type(value) for value in found.values()]
        assert kinds == [OrderedDict, deque, Counter]
        assert type(found["ordered"]["x"]) is list
    assert shallow["ordered"]["x"][0] is part
    deep["ordered"]["x"][0]["value"][0]["a"].add(2)
    shallow["ordered"]["x"].append(1)
    assert config.ordered == {"x": [Deep(value=[{"a": {1}}])]}
