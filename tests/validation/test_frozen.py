"""Read-only containers hold what they were given, and refuse every change."""

from __future__ import annotations

import copy
import json
import pickle
from collections import Counter, OrderedDict, defaultdict, deque

import pytest
from hypothesis import given, strategies as st

from pconfigs.errors.access import FrozenContainerError, UnhashableError
from pconfigs.validation.frozen import FrozenDict, FrozenList, FrozenSet, freeze, thaw

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    scalars | st.sets(st.integers()),
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(max_size=3), inner)
    ),
    max_leaves=20,
)

CHANGES = {
    "list": [
        lambda x: x.append(1),
        lambda x: x.extend([1]),
        lambda x: x.insert(0, 1),
        lambda x: x.remove(1),
        lambda x: x.pop(),
        lambda x: x.clear(),
        lambda x: x.sort(),
        lambda x: x.reverse(),
        lambda x: x.__setitem__(0, 2),
        lambda x: x.__delitem__(0),
        lambda x: x.__iadd__([1]),
        lambda x: x.__imul__(2),
    ],
    "dict": [
        lambda x: x.update(a=2),
        lambda x: x.setdefault("b", 1),
        lambda x: x.pop("a"),
        lambda x: x.popitem(),
        lambda x: x.clear(),
        lambda x: x.__setitem__("a", 2),
        lambda x: x.__delitem__("a"),
        lambda x: x.__ior__({"b": 1}),
    ],
    "set": [
        lambda x: x.add(2),
        lambda x: x.discard(1),
        lambda x: x.remove(1),
        lambda x: x.pop(),
        lambda x: x.clear(),
        lambda x: x.update([2]),
        lambda x: x.difference_update([1]),
        lambda x: x.intersection_update([2]),
        lambda x: x.symmetric_difference_update([1]),
        lambda x: x.__iand__({2}),
        lambda x: x.__ior__({2}),
        lambda x: x.__isub__({1}),
        lambda x: x.__ixor__({1}),
    ],
}
ALWAYS = [
    lambda x: x.__init__([]),
    lambda x: x.__setstate__({}),
    lambda x: setattr(x, "name", 1),
    lambda x: setattr(x, "__class__", type(x)),
    lambda x: delattr(x, "name"),
]
PLAIN = {"list": [1], "dict": {"a": 1}, "set": {1}}


@pytest.mark.parametrize(
    ("kind", "change"),
    [(kind, change) for kind in CHANGES for change in (*CHANGES[kind], *ALWAYS)],
)
def test_every_change_is_refused_and_changes_nothing(kind, change):
    frozen = freeze(PLAIN[kind])
    with pytest.raises(FrozenContainerError, match="make a variant"):
        change(frozen)
    assert frozen == PLAIN[kind]


@pytest.mark.parametrize(
    ("frozen_class", "plain"), [(FrozenList, list), (FrozenDict, dict), (FrozenSet, set)]
)
def test_every_changing_method_of_the_plain_class_is_covered(frozen_class, plain):
    """A method that a future Python adds shows up here."""
    harmless = set(dir(object)) | {
        "__add__", "__class_getitem__", "__contains__", "__getitem__", "__iter__", "__len__",
        "__mul__", "__reversed__", "__rmul__", "copy", "count", "index", "fromkeys", "get",
        "items", "keys", "values", "__or__", "__ror__", "isdisjoint", "issubset", "issuperset",
        "__hash__", "__reduce__", "__repr__",
    }  # fmt: skip
    kept = {name for name in dir(plain) if getattr(frozen_class, name) == getattr(plain, name)}
    assert kept - harmless <= {"__and__", "__rand__"}


@given(values)
def test_a_frozen_value_equals_and_prints_like_the_original(value):
    frozen = freeze(value)
    assert frozen == value
    assert eval(repr(frozen)) == value
    assert freeze(frozen) is frozen or isinstance(value, tuple)


@given(values)
def test_equal_values_have_equal_hashes(value):
    assert hash(freeze(value)) == hash(freeze(copy.deepcopy(value)))


@given(values)
def test_pickles_and_copies_are_ordinary_containers(value):
    frozen = freeze(value)
    pickled = [pickle.dumps(frozen, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    for again in (*map(pickle.loads, pickled), copy.deepcopy(frozen)):
        assert again == value
        assert _kinds(again) == _kinds(value)


@given(values)
def test_thawing_undoes_freezing(value):
    thawed = thaw(freeze(value))
    assert thawed == value
    assert _kinds(thawed) == _kinds(value)


def _kinds(value):
    inside = value.values() if isinstance(value, dict) else value
    nested = [_kinds(item) for item in inside] if isinstance(value, (list, tuple, dict)) else []
    return type(value), nested


@given(values)
def test_nothing_reachable_can_be_changed(value):
    pending = [freeze(value)]
    while pending:
        one = pending.pop()
        assert type(one) not in (list, dict, set)
        pending.extend(
            one.values() if isinstance(one, dict) else one if isinstance(one, (list, tuple)) else ()
        )


def test_what_makes_a_new_container_gives_an_ordinary_one():
    xs, table, members = freeze([1, 2]), freeze({"a": 1}), freeze({1})
    for result in (xs + [3], xs[:1], xs * 2, xs.copy(), [0] + xs):
        assert type(result) is list
    for result in (table | {}, table.copy(), {} | table):
        assert type(result) is dict
    for result in (
        members | {2},
        members & {1},
        members.copy(),
        members.union([3]),
        {2} | members,
        {2} - members,
    ):
        assert type(result) is set


@pytest.mark.parametrize("value", [[[1]], {"a": [1]}, {1}])
def test_a_shallow_copy_is_ordinary_and_holds_what_the_container_holds(value):
    copied = copy.copy(freeze(value))
    assert type(copied) is type(value)
    assert freeze(copied) == value
    assert type(freeze([[1]])[0]) is type(copy.copy(freeze([[1]]))[0]) is FrozenList


@pytest.mark.parametrize("plain", [OrderedDict(a=[1]), defaultdict(list, a=[1]), deque([[1]], 3)])
def test_pickles_and_copies_of_collections_are_ordinary(plain):
    frozen = freeze(plain)
    for again in (pickle.loads(pickle.dumps(frozen)), copy.deepcopy(frozen), copy.copy(frozen)):
        assert type(again) is type(plain)
        assert again == plain
        assert getattr(again, "maxlen", None) == getattr(plain, "maxlen", None)
        assert getattr(again, "default_factory", None) == getattr(plain, "default_factory", None)


def test_they_pass_for_ordinary_containers():
    assert isinstance(freeze([]), list)
    assert json.dumps(freeze({"a": [1, {"b": None}]})) == '{"a": [1, {"b": null}]}'
    assert {freeze({1, 2}): "found"}[frozenset({1, 2})] == "found"


def test_calling_the_class_of_a_container_makes_an_ordinary_one():
    for plain in ([[1]], {"a": {1}}, {1}, OrderedDict(a=1), Counter("ab")):
        made = type(freeze(plain))(plain)
        assert type(made) is type(plain)
        assert made == plain
    assert type(FrozenDict.fromkeys("a", [])) is dict


def test_what_cannot_be_hashed_is_named():
    class Odd:
        __hash__ = None

    with pytest.raises(UnhashableError) as caught:
        hash(freeze({"k": [1, Odd()]}))
    assert caught.value.path == "['k'][1]"


def test_a_container_inside_itself_is_refused():
    loop: list = [1]
    loop.append({"again": (loop,)})
    with pytest.raises(ValueError, match="contains itself"):
        freeze(loop)


def test_depth_has_no_limit():
    deep: list = []
    for _ in range(20_000):
        deep = [deep]
    thaw(freeze(deep))


def test_what_is_shared_stays_shared():
    inner = [1]
    frozen = freeze([inner, {"a": inner}, (inner,)])
    assert frozen[0] is frozen[1]["a"] is frozen[2][0]


def test_tuples_are_kept_where_nothing_in_them_changes():
    plain, named = (1, (2, "a")), _Pair(1, [2])
    assert freeze(plain) is plain
    assert type(freeze([named])[0]) is _Pair
    assert type(freeze(named).second) is FrozenList


class _Pair(__import__("collections").namedtuple("Pair", "first second")):
    __slots__ = ()


def test_bytearrays_become_bytes():
    assert type(freeze([bytearray(b"a")])[0]) is bytes


def test_arrays_become_read_only_copies():
    numpy = pytest.importorskip("numpy")
    array = numpy.arange(3)
    frozen = freeze({"a": [array]})["a"][0]
    array[0] = 9
    assert frozen[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        frozen[0] = 1
    assert freeze(frozen) is frozen
