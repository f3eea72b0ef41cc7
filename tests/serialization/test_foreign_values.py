"""Values of other libraries: they come back, and different ones have different fingerprints."""

import collections
import dataclasses
import datetime as dt
import functools
import json
import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any, Callable

import pytest
from hypothesis import given, strategies as st

from pconfigs import (
    pconfig,
    pdiff,
    pdump,
    pfingerprint,
    pload,
    poverride,
    pset,
    ptype,
)
from pconfigs.errors import LoadError, OverrideError, UnsavableError
from tests.names import name_of

np = pytest.importorskip("numpy")


@pconfig
class Holder:
    value: Any


def through_json(config):
    return pload(json.loads(json.dumps(pdump(config))), type(config))


def pick(x, by=1):
    return x * by


@dataclasses.dataclass(frozen=True)
class Point:
    x: int
    items: tuple
    size: int = dataclasses.field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "size", len(self.items))


class Money:
    def __init__(self, text):
        self.cents = round(float(text) * 100)

    def __str__(self):
        return f"{self.cents / 100:.2f}"

    def __eq__(self, other):
        return isinstance(other, Money) and self.cents == other.cents

    def __hash__(self):
        return hash(self.cents)


ptype(Money, to_text=str, from_text=Money)


@pytest.mark.parametrize(
    "value",
    [
        np.dtype("float32"),
        np.dtype(">i4"),
        np.float32(1.5),
        np.int64(-3),
        np.bool_(False),
        np.float32("nan"),
        np.arange(6, dtype="int16").reshape(2, 3),
        np.zeros((0, 3)),
        np.array(2.5),
        np.array([np.nan, np.inf, -0.0]),
        re.compile("lr_.*"),
        re.compile("a/b", re.IGNORECASE | re.DOTALL),
        re.compile("/x/i"),
        functools.partial(pick, 3, by=(1, {2})),
        functools.partial(int, base=2),
        Point(1, (2, {"a": np.dtype("int8")})),
        Money("3.50"),
        [Money("1"), {"k": Money("2")}],
        dt.datetime(2026, 10, 25, 2, 30, fold=1),  # noqa: DTZ001
        dt.time(2, 30, fold=1),
    ],
    ids=name_of,
)
def test_values_come_back(value):
    config = Holder(value=value)
    loaded = through_json(config)
    assert type(loaded.value) is type(config.value)
    assert loaded == config
    assert pfingerprint(loaded) == pfingerprint(config)
    assert getattr(loaded.value, "fold", 0) == getattr(value, "fold", 0)


def test_torch_values_come_back_without_torch_being_imported_by_data():
    script = """
import sys, types
from typing import Any
from pconfigs import pconfig, pdump, pfingerprint, pload, poverride
@pconfig
class A:
    x: Any
try: pload({"x": {"$torch.dtype": "float32"}}, A)
except ValueError as error: print(error)
assert "torch" not in sys.modules
torch = sys.modules["torch"] = types.ModuleType("torch")
class dtype:
    def __repr__(self): return "torch.float32"
class device:
    def __init__(self, text): self.text = text
    def __str__(self): return self.text
    def __eq__(self, other): return self.text == other.text
dtype.__module__ = device.__module__ = "torch"
torch.dtype, torch.device, torch.float32 = dtype, device, dtype()
@pconfig
class T:
    dtype: dtype
    device: device
t = T(dtype=torch.float32, device=device("cuda:0"))
print({k: v for k, v in pdump(t).items() if k[0] != "$"})
assert pload(pdump(t), T).dtype is torch.float32
assert pload(pdump(t), T).device == t.device
assert poverride(t, ["dtype=torch.float32", "device=cpu"]).device.text == "cpu"
assert poverride(t, ["dtype=float32"]) == t
print(len(pfingerprint(t)))
for word in ("dtype=float33", "dtype=os", "dtype=torch.save"):
    try: poverride(t, [word])
    except ValueError as error: print("refused")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "x: 'float32' does not fit '$torch.dtype': torch must be imported to read it",
        "{'dtype': 'float32', 'device': 'cuda:0'}", "12", "refused", "refused", "refused",
    ]  # fmt: skip


def test_a_taught_type_prints_saves_overrides_and_fingerprints():
    @pconfig
    class Bill:
        total: Money
        extras: list[Money]

    bill = Bill(total=Money("3.5"), extras=[Money("1")])
    assert pdump(bill)["total"] == "3.50"
    assert pdump(bill)["extras"] == ["1.00"]
    assert through_json(bill) == bill
    assert "Money('3.50')" in repr(bill).replace('"', "'")
    assert poverride(bill, ["total=7"]).total == Money("7")
    assert pfingerprint(bill) != pfingerprint(poverride(bill, ["total=7"]))
    with pytest.raises(OverrideError, match="must be Money, but got 'x'"):
        poverride(bill, ["total=x"])
    with pytest.raises(LoadError, match="could not convert"):
        pload({"total": "x", "extras": []}, Bill)
    with pytest.raises(TypeError, match="must get a class"):
        ptype("Money", to_text=str, from_text=Money)


@pytest.mark.parametrize(
    "node",
    [
        {"$partial": {"name": "os.system", "args": ["x"]}},
        {"$partial": {"name": "builtins.eval"}},
        {"$partial": {"name": "tests.serialization.test_foreign_values.pick", "more": 1}},
        {"$partial": {"name": "tests.serialization.test_foreign_values.pick", "args": 1}},
        {"$partial": "x"},
        {"$array": {"dtype": "V1000000000000", "shape": [1], "items": [0]}},
        {"$array": {"dtype": "O", "shape": [1], "items": [0]}},
        {"$array": {"dtype": "float32", "shape": [10**12], "items": []}},
        {"$array": {"dtype": "float32", "shape": [2], "items": ["x", 1]}},
        {"$array": [1]},
        {"$collection": [1]},
        {"$collection": {"type": "UserDict", "items": {}}},
        {"$collection": {"type": ["deque"], "items": []}},
        {"$collection": {"type": "deque", "items": {}}},
        {"$collection": {"type": "deque", "items": [], "maxlen": -1}},
        {"$collection": {"type": "deque", "items": [], "maxlen": True}},
        {"$collection": {"type": "deque", "items": [], "default": 1}},
        {"$collection": {"type": "Counter", "items": []}},
        {"$collection": {"type": "Counter", "items": {}, "default": None}},
        {"$collection": {"type": "defaultdict", "items": {}, "default": 1}},
        {"$collection": {"type": "defaultdict", "items": {}, "default": {"$name": "os.getcwd"}}},
        {"$numpy": "float32(1"},
        {"$numpy": "float32(__import__('os'))"},
        {"$numpy.dtype": "O"},
        {"$Pattern": "("},
        {"$Pattern": "(" * 5000},
        {"$type": "tests.serialization.test_foreign_values.Point", "x": 1},
        {"$type": "tests.serialization.test_foreign_values.Money", "cents": 1},
    ],
    ids=str,
)
def test_malformed_and_hostile_forms_are_refused(node):
    with pytest.raises(LoadError):
        pload({"value": node}, Holder)


def test_the_fields_of_a_dataclass_are_set_without_calling_it(monkeypatch):
    data = pdump(Holder(value=Point(1, (2,))))
    monkeypatch.setattr(Point, "__post_init__", lambda self: 1 / 0)
    assert pload(data, Holder).value.size == 1


def scaled(by):
    def act(x):
        return x * by

    return act


class Tool:
    def use(self):
        pass


@pytest.mark.parametrize(
    "value",
    [
        scaled(2), ",".join, Tool().use, lambda x: x, functools.partial(scaled(2)), object(),
        np.array([["a"], "b"], dtype=object), re.compile(b"x"), [lambda: 0],
    ],
    ids=range(9),
)  # fmt: skip
def test_what_no_text_determines_has_no_fingerprint(value):
    with pytest.raises(UnsavableError) as caught:
        pfingerprint(Holder(value=value))
    assert caught.value.problems[0].path == "Holder.value"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([[1]]), np.array([1])),
        (np.array([1], dtype="int32"), np.array([1], dtype="int64")),
        (functools.partial(pick, 1), functools.partial(pick, 2)),
        (functools.partial(pick), pick),
        (re.compile("a"), re.compile("a", re.IGNORECASE)),
        (collections.OrderedDict(a=1, b=2), collections.OrderedDict(b=2, a=1)),
        (collections.OrderedDict(a=1), {"a": 1}),
        (Point(1, ()), Point(2, ())),
        (Money("1"), Money("2")),
        (str.join, bytes.join),
        ("Path", sys),
    ],
    ids=range(11),
)
def test_different_values_have_different_fingerprints(one, other):
    def text(value):
        try:
            return pfingerprint(Holder(value=value))
        except UnsavableError:
            return object()

    assert text(one) != text(other)


@given(st.lists(st.integers(0, 3), max_size=3), st.lists(st.integers(0, 3), max_size=3))
def test_arrays_are_equal_where_shapes_and_items_are(one, other):
    a, b = Holder(value=np.array(one)), Holder(value=np.array(other))
    assert (a == b) == (one == other)
    assert (pfingerprint(a) == pfingerprint(b)) == (one == other)


def test_values_unequal_to_themselves_are_equal_to_their_like():
    for make in (
        lambda: np.array([np.nan]), lambda: float("nan"), lambda: np.array([np.nan, 1.0]),
        lambda: (float("nan"), [float("nan")]), lambda: np.float64("nan"),
        lambda: np.float32("nan"),
    ):  # fmt: skip
        assert Holder(value=make()) == Holder(value=make())
        assert pfingerprint(Holder(value=make())) == pfingerprint(Holder(value=make()))
    assert Holder(value=np.array([[1]])) != Holder(value=np.array([1]))
    assert Holder(value=np.array([1, 2])) != Holder(value=np.array([1]))


def test_arrays_of_records_are_compared_by_their_fields():
    """Those of other fields are unequal; numpy refuses to compare them."""

    def records(**fields):
        made = np.zeros(2, dtype=[(name, type(value).__name__) for name, value in fields.items()])
        for name, value in fields.items():
            made[name] = value
        return Holder(value=made)

    one = records(x=1, y=float("nan"))
    assert one == records(x=1, y=float("nan"))
    for other in (records(x=1, y=2.0), records(x=1), records(x=1, z=0.5), records(x=1.0, y=2.0)):
        assert one != other
        assert other != one
        assert [str(change.path) for change in pdiff(one, other)] == ["value"]


def test_numbers_are_compared_in_either_order():
    """A Decimal raises where it is compared with an integer of numpy, which can be compared."""
    for make in (int, np.int64, np.float32, Decimal, Fraction):
        for other in (int, np.int64, np.float32, Decimal, Fraction):
            assert Holder(value=make(1)) == Holder(value=other(1))
            assert hash(Holder(value=make(1))) == hash(Holder(value=other(1)))
            assert Holder(value=make(1)) != Holder(value=other(2))


class Truths:
    def __bool__(self):
        raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")


class Tensor:
    def __eq__(self, other):
        return Truths()

    __hash__ = object.__hash__


def test_comparing_never_raises():
    assert Holder(value=Tensor()) != Holder(value=Tensor())
    same = Tensor()
    assert Holder(value=same) == Holder(value=same)


@pconfig
class Hook:
    hook: Callable[..., Any]


def test_a_partial_function_is_read_where_a_callable_is_expected():
    config = Hook(hook=functools.partial(pick, by=2))
    loaded = through_json(config)
    assert loaded == config
    assert hash(loaded) == hash(config)
    assert loaded.hook(3) == 6


def test_values_without_tags_are_taken_by_other_libraries():
    import enum
    from pathlib import Path

    from pconfigs import Omitted, Pinned, Secret, pproperty

    class Color(enum.Enum):
        red = 1

    @pconfig
    class Inner:
        items: list[int]
        color: Any

    @pconfig
    class Outer:
        inner: Inner
        path: Path
        pair: tuple[int, str]
        table: dict[str, Any]
        token: Secret[str]
        left: Omitted[int]
        double: Pinned[int]

        @pproperty
        def double(self) -> int:
            return 2 * self.pair[0]

    config = Outer(
        inner=Inner(items=[1], color=Color.red), path=Path("a/b"), pair=(1, "x"),
        table={"k": np.float32(1.5), "s": {2, 1}}, token="hunter2", left=Omitted,
    )  # fmt: skip
    data = pdump(config, to="values")
    assert data == {
        "inner": {"items": [1], "color": "red"}, "path": "a/b", "pair": [1, "x"],
        "table": {"k": "float32(1.5)", "s": [1, 2]}, "double": 2,
    }  # fmt: skip
    assert type(data["inner"]["items"]) is list
    assert type(data["table"]) is dict
    yaml = pytest.importorskip("yaml")
    omegaconf = pytest.importorskip("omegaconf")
    assert yaml.safe_load(yaml.safe_dump(data)) == data
    assert omegaconf.OmegaConf.to_container(omegaconf.OmegaConf.create(data)) == data


def test_keys_with_parts_are_their_text_for_other_libraries():
    long = 10**5000
    items = {(1, 2): [3], ("a",): 4, 5: 6, None: 7, long: 8, (long,): 9}
    data = pdump(Holder(value=items), to="values")["value"]
    of_long = f"(0x{long:X},)"
    assert data == {"(1, 2)": [3], '("a",)': 4, 5: 6, None: 7, long: 8, of_long: 9}
    members = pdump(Holder(value={long, (long,), 1}), to="values")["value"]
    assert sorted(map(str, map(type, members))) == ["<class 'int'>"] * 2 + ["<class 'list'>"]


def test_a_literal_chooses_among_loaded_derived_classes():
    from typing import Literal

    @pconfig
    class Policy:
        device: str

    @pconfig
    class Act(Policy):
        type: Literal["act"]
        chunk: int

    @pconfig
    class Diffusion(Policy):
        type: Literal["diffusion"]
        steps: int

    @pconfig
    class Train:
        policy: Policy

    data = {"policy": {"type": "act", "device": "cpu", "chunk": 3}}
    assert pload(data, Train) == Train(policy=Act(type="act", device="cpu", chunk=3))
    with pytest.raises(LoadError, match="policy.type: Policy has no such field"):
        pload({"policy": {"type": "none", "device": "cpu"}}, Train)
    assert pload({"policy": {"device": "cpu"}}, Train).policy == Policy(device="cpu")


def test_a_literal_chooses_a_class_with_two_ways_to_its_ancestor():
    from typing import Literal

    @pconfig
    class Policy:
        device: str

    @pconfig
    class Act(Policy):
        chunk: int

    @pconfig
    class Diffusion(Policy):
        steps: int

    @pconfig
    class Both(Act, Diffusion):
        type: Literal["both"]

    @pconfig
    class Train:
        policy: Policy

    data = {"type": "both", "device": "cpu", "chunk": 3, "steps": 2}
    assert pload({"policy": data}, Train).policy == Both(**data)


KEYS = st.one_of(st.text(max_size=3), st.integers(), st.tuples(st.integers()))
MAPPINGS = st.dictionaries(KEYS, st.one_of(st.integers(), st.lists(st.floats(allow_nan=False))))


@given(MAPPINGS, st.sampled_from(["ordered", "default", "count"]))
def test_mappings_of_collections_come_back(items, kind):
    """With the kind, the order of the keys and the default."""
    made = {
        "ordered": collections.OrderedDict(items),
        "default": collections.defaultdict(list, items),
        "count": collections.Counter(dict.fromkeys(items, 2)),
    }[kind]
    back = through_json(Holder(value=made)).value
    assert (type(back).__name__, back, list(back)) == (type(made).__name__, made, list(made))
    assert getattr(back, "default_factory", None) is getattr(made, "default_factory", None)
    assert pfingerprint(Holder(value=back)) == pfingerprint(Holder(value=made))


@given(st.lists(st.integers(), max_size=4), st.one_of(st.none(), st.integers(0, 4)))
def test_deques_come_back_and_have_a_fingerprint(items, maxlen):
    made = collections.deque(items, maxlen)
    config = Holder(value=made)
    back = through_json(config).value
    assert (back, back.maxlen) == (made, maxlen)
    assert pfingerprint(Holder(value=back)) == pfingerprint(config)
    assert pfingerprint(config) != pfingerprint(Holder(value=list(made)))
    other = collections.deque(items, 9)
    assert pfingerprint(config) != pfingerprint(Holder(value=other)), "it keeps other items"


def test_a_deque_of_configs_has_no_fingerprint():
    """No path leads to them; it would be the same for all of them."""
    config = Holder(value=collections.deque([[Holder(value=1)]]))
    with pytest.raises(UnsavableError, match="make it a list"):
        pfingerprint(config)


def test_a_key_of_a_container_of_collections_is_set_by_path():
    for made in (
        collections.OrderedDict(a=1, b=2),
        collections.defaultdict(int, a=1, b=2),
        collections.Counter("abb"),
    ):
        value = pset(Holder(value=made), {"value.a": 7}).value
        assert (type(value).__name__, dict(value)) == (type(made).__name__, {"a": 7, "b": 2})


def _with_bits(array, first, fill):
    """Return an array whose bytes from `first` on are `fill`, though they mean nothing."""
    content = array.tobytes()[:first]
    return np.frombuffer(content.ljust(array.nbytes, fill), array.dtype)


class _Rows(np.ndarray):
    """A class of arrays that is not that of numpy."""


_PAIR = [("a", "i8"), ("b", "f8")]
_PADDED = np.array([(1,)], dtype={"names": ["a"], "formats": ["i1"], "itemsize": 8})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([np.nan, 1.0]), np.array([-np.nan, 1.0])),
        (np.asfortranarray([[np.nan, 1], [2, 3]]), np.array([[-np.nan, 1], [2, 3]])),
        (np.array([complex(np.nan, 1)]), np.array([complex(-np.nan, 1)])),
        (np.array([(1, 0.0)], dtype=_PAIR), np.array([(1, -0.0)], dtype=_PAIR)),
        (_PADDED, _with_bits(_PADDED, 1, b"\2")),
        (np.array([1.5], "g"), _with_bits(np.array([1.5], "g"), 10, b"\7")),
        (np.ma.array([1, 2], mask=True), np.ma.array([1, 2], mask=True)),
        (np.ma.array([1, 2], mask=[0, 1]), np.ma.array([1, 3], mask=[0, 1])),
        (np.ma.array([1, 2], mask=[0, 1]), np.ma.array([1, 2], mask=[0, 1], fill_value=5)),
        (np.ma.array([1, 2]), np.ma.array([1, 2], mask=[0, 0])),
        (np.ma.array(1, mask=True), np.ma.array(1, mask=True)),
        (np.ma.array([(1, 2)], _PAIR, mask=[(0, 1)]), np.ma.array([(1, 3)], _PAIR, mask=[(0, 1)])),
    ],
)
@pytest.mark.skipif(np.dtype("g").itemsize != 16, reason="long doubles have other bytes here")
def test_arrays_that_are_equal_have_one_fingerprint(one, other):
    a, b = Holder(value=one), Holder(value=other)
    assert a == b
    assert pfingerprint(a) == pfingerprint(b)
    assert not pdiff(a, b)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([(1, 2)], _PAIR), np.array([(1, 2)], [("b", "i8"), ("a", "f8")])),
        (np.array([(1,)], [("a", "i8")]), np.array([(1,)], [("a", "M8[s]")])),
        (np.array([1]), np.array([1]).view(_Rows)),
        (np.ma.array([1, 2], mask=[0, 1]), np.ma.array([1, 2])),
        (np.ma.array([1, 2], mask=[0, 1]), np.array([1, 2])),
        (np.ma.array(1, mask=True), np.ma.array(1)),
        (np.ma.array([(1, 2)], _PAIR, mask=[(0, 1)]), np.ma.array([(1, 2)], _PAIR, mask=[(1, 0)])),
    ],
)
def test_arrays_that_differ_have_other_fingerprints(one, other):
    a, b = Holder(value=one), Holder(value=other)
    assert a != b
    assert pfingerprint(a) != pfingerprint(b)
    assert pdiff(a, b)
