"""Whatever a config holds is read-only, a copy, or refused: also what is not a plain container."""

from __future__ import annotations

import collections
import copy
import dataclasses
import pickle
import types
from typing import Any, Sequence

import pytest

from pconfigs import pconfig, pfingerprint
from pconfigs.errors import FrozenContainerError
from pconfigs.validation.frozen import freeze, thaw


@pconfig
class Holder:
    value: Any


@pconfig
class Typed:
    order: collections.OrderedDict[str, int]
    table: collections.defaultdict[str, int]
    counts: collections.Counter[str]
    window: collections.deque[int]
    items: Sequence[int]


@dataclasses.dataclass
class Mutable:
    size: int


@dataclasses.dataclass(frozen=True)
class Fixed:
    size: int
    items: list[int]


class Items(list):
    pass


class Names(dict):
    pass


class Three(tuple):
    __slots__ = ()


def given() -> dict[str, Any]:
    return {
        "order": collections.OrderedDict(a=1, b=2),
        "table": collections.defaultdict(int, {"a": 1}),
        "counts": collections.Counter("aab"),
        "window": collections.deque([1, 2], maxlen=3),
        "items": collections.UserList([1]),
    }


def changes(value: Any) -> list[Any]:
    """Return calls that would change a value, by the names that its plain class has."""
    names = [
        "append", "appendleft", "extend", "extendleft", "insert", "remove", "pop", "popleft",
        "clear", "rotate", "reverse", "update", "setdefault", "popitem", "subtract", "move_to_end",
        "__setitem__", "__delitem__", "__iadd__", "__isub__", "__iand__", "__ior__", "__imul__",
        "__init__",
    ]  # fmt: skip
    return [getattr(value, name) for name in names if hasattr(value, name)]


@pytest.mark.parametrize("name", given())
def test_a_container_of_any_kind_refuses_every_change(name):
    mine = given()
    config = Typed(**mine)
    before, text = pfingerprint(Holder(value=list(getattr(config, name)))), repr(config)
    value = getattr(config, name)
    for call in changes(value):
        for arguments in ((), ("a",), (0,), ({"a": 5},), ("a", 5)):
            with pytest.raises((FrozenContainerError, TypeError)):
                call(*arguments)
    assert repr(config) == text
    assert pfingerprint(Holder(value=list(getattr(config, name)))) == before


def test_a_container_of_any_kind_is_not_shared_with_the_caller():
    mine = given()
    config, same = Typed(**mine), Typed(**given())
    mine["order"]["z"] = mine["table"]["z"] = 1
    mine["counts"].update("q")
    mine["window"].append(9)
    mine["items"].append(9)
    assert config == same
    assert hash(config) == hash(same)
    assert isinstance(config.order, collections.OrderedDict)
    assert config.window.maxlen == 3
    with pytest.raises(KeyError):
        config.table["absent"]
    assert config.counts["absent"] == 0


def test_a_container_of_any_kind_survives_pickling_and_is_ordinary_outside():
    config = Typed(**given())
    again = pickle.loads(pickle.dumps(config))
    assert again == config
    assert hash(again) == hash(config)
    with pytest.raises(FrozenContainerError):
        again.window.append(1)
    for name, value in given().items():
        ordinary = thaw(getattr(config, name))
        assert ordinary == (list(value) if name == "items" else value)
        assert name == "items" or type(ordinary) is type(value)
    assert type(config.order.copy()) is collections.OrderedDict


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (collections.UserDict(a=[1]), {"a": [1]}),
        (memoryview(b"ab"), b"ab"),
        (Fixed(1, [2]), Fixed(1, [2])),
        (Three([[1], 2]), ([1], 2)),
        ([collections.deque([[1]])], [collections.deque([[1]])]),
    ],
)
def test_other_values_are_held_as_read_only_copies(value, held):
    config = Holder(value=value)
    assert config.value == held
    assert freeze(config.value) is config.value


def test_a_view_of_a_mapping_is_one_of_a_copy():
    mine = {"a": [1]}
    config = Holder(value=types.MappingProxyType(mine))
    mine["a"].append(2)
    mine["b"] = []
    assert config.value == types.MappingProxyType({"a": [1]})
    with pytest.raises(FrozenContainerError):
        config.value["a"].append(2)


def test_what_is_in_a_frozen_dataclass_is_read_only():
    given = Fixed(1, [2])
    config = Holder(value=given)
    with pytest.raises(FrozenContainerError):
        config.value.items.append(3)
    assert type(given.items) is list
    assert Holder(value=Fixed(1, (2,))).value is not None


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (Items([1]), r"make it a list: list\(\.\.\.\)"),
        (Names(a=1), r"make it a dict: dict\(\.\.\.\)"),
        ([Items([1])], r"make it a list"),
        (Mutable(1), r"declare Mutable with @dataclass\(frozen=True\)"),
        ({"a": (Mutable(1),)}, "frozen=True"),
    ],
)
def test_what_cannot_be_held_read_only_is_refused(value, hint):
    with pytest.raises(TypeError, match=hint):
        Holder(value=value)


def test_a_field_of_a_mutable_class_refuses_its_objects():
    @pconfig
    class Own:
        value: Mutable

    with pytest.raises(TypeError, match="frozen=True"):
        Own(value=Mutable(1))


def test_arrays_cannot_be_made_writable_again():
    numpy = pytest.importorskip("numpy")
    mine = numpy.arange(4)
    mine.setflags(write=False)
    config = Holder(value=mine)
    mine.setflags(write=True)
    mine[0] = 9
    assert config.value.tolist() == [0, 1, 2, 3]
    view = numpy.arange(6)[::2]
    for value in (config, pickle.loads(pickle.dumps(config)), Holder(value=view)):
        for change in (
            lambda array=value.value: array.setflags(write=True),
            lambda array=value.value: array.resize(9),
            lambda array=value.value: array.__setitem__(0, 1),
            lambda array=value.value: array.sort(),
        ):
            with pytest.raises((ValueError, TypeError), match="WRITEABLE|resize|read-only"):
                change()
    for array in (
        numpy.zeros((2, 3), order="F"), numpy.array([]), numpy.array(3.5), numpy.array(["a", "bc"]),
        numpy.zeros(2, dtype=[("x", "i4"), ("y", "f8")]), numpy.array([[1], None], dtype=object),
    ):  # fmt: skip
        held = Holder(value=array).value
        assert held.shape == array.shape
        assert held.dtype == array.dtype
        assert (held == array).all()
        assert not held.flags.writeable
    masked = Holder(value=numpy.ma.array([1, 2], mask=[0, 1])).value
    with pytest.raises(ValueError, match="read-only"):
        masked.mask[0] = True


@pytest.mark.filterwarnings("ignore:Setting the shape:DeprecationWarning")  # from numpy 2.5 on
def test_the_shape_and_the_type_of_an_array_cannot_be_set():
    """Neither those of a restored one; those of a copy can."""
    numpy = pytest.importorskip("numpy")
    made = [
        numpy.arange(4), numpy.zeros((2, 2), order="F"), numpy.array([]), numpy.array(["ab"] * 4),
        numpy.array([[1], None, 2, 3], dtype=object), numpy.frombuffer(b"ab", dtype="u1"),
        numpy.array(3.5), numpy.array([1j]),
    ]  # fmt: skip
    for array in made:
        config = Holder(value=array)
        for held in (config.value, pickle.loads(pickle.dumps(config)).value):
            state = numpy.arange(4).__reduce__()[2]
            for change in (
                lambda held=held: setattr(held, "shape", (-1, 1)),
                lambda held=held: setattr(held, "dtype", "u1"),
                lambda held=held: setattr(held, "strides", held.strides),
                lambda held=held: setattr(held, "real", 0),
                lambda held=held, state=state: held.__setstate__(state),
            ):
                with pytest.raises(FrozenContainerError, match="this array belongs to a config"):
                    change()
            with pytest.raises(ValueError, match="WRITEABLE"):
                held.setflags(write=True)
            assert (held.shape, held.dtype) == (array.shape, array.dtype)
    copied = Holder(value=numpy.arange(4)).value.astype(float)
    copied.shape = (2, 2)
    assert copied.tolist() == [[0, 1], [2, 3]]


@pytest.mark.filterwarnings("ignore:Setting the shape:DeprecationWarning")  # from numpy 2.5 on
def test_what_is_made_of_a_read_only_array_is_an_ordinary_one():
    numpy = pytest.importorskip("numpy")
    plain = numpy.arange(6.0)
    held = Holder(value=plain).value
    for make in (
        lambda array: array + 1, lambda array: 1 - array, lambda array: array @ array,
        lambda array: array.sum(), lambda array: array.reshape(2, 3).max(axis=0), numpy.sin,
        lambda array: array == array, lambda array: array.copy(order="K"), copy.copy,
        copy.deepcopy, numpy.array, numpy.asarray, numpy.linalg.norm,
        lambda array: array.view("i8"), lambda array: numpy.array(3.0) * array[:1].reshape(()),
    ):  # fmt: skip
        assert type(make(held)) is type(make(plain))
        assert numpy.all(make(held) == make(plain))
    for protocol in range(5):  # from 5 on, numpy keeps an array read-only
        restored = pickle.loads(pickle.dumps(held, protocol))
        restored[0] = 7
        restored.shape = (2, 3)
        assert type(restored) is numpy.ndarray
    assert (repr(held), str(held), type(held).__name__) == (repr(plain), str(plain), "ndarray")
    assert pickle.loads(pickle.dumps(held.__class__)) is held[3:].__class__ is numpy.ndarray
    masked = numpy.ma.array(held, mask=plain > 2)
    assert repr(masked) == repr(numpy.ma.array(plain, mask=plain > 2))
    for chosen in (held[held > 2], held[[3, 4, 5]], held[3:].copy(), numpy.zeros_like(held)[3:]):
        chosen += 1  # numpy 1 makes what a mask selects of a subclass read-only
        assert type(chosen + 1) is numpy.ndarray
    assert not held[3:].flags.writeable
    changed = held.astype(int)
    same = changed
    changed += 1
    assert changed is same
    assert type(thaw(held)) is type(Holder(value=plain).asdict()["value"]) is numpy.ndarray


def test_an_array_cannot_be_resized_to_another_shape_of_as_many_items():
    numpy = pytest.importorskip("numpy")
    for array in (numpy.arange(6).reshape(2, 3), numpy.array(3.5), numpy.array(["a", None])):
        held = Holder(value=array).value
        with pytest.raises(FrozenContainerError, match="resize"):
            held.resize((array.size, 1), refcheck=False)
        assert held.shape == array.shape


def test_names_of_fields_of_an_array_cannot_be_set():
    """Neither through the array that was given, nor through the one that is held."""
    numpy = pytest.importorskip("numpy")
    inner = numpy.dtype([("p", "i4"), ("q", "f8")])
    outer = numpy.dtype([("a", inner), ("b", "O"), ("c", inner, (2,))], align=True)
    for kind in (inner, outer):
        for make in (numpy.zeros, numpy.ma.zeros, numpy.recarray):
            array = make(2, dtype=kind)
            config, names = Holder(value=array), array.dtype.names
            for field in names:
                below = array.dtype[field].base
                if below.names is not None:
                    below.names = tuple(name.upper() for name in below.names)
            array.dtype.names = tuple(name.upper() for name in names)
            if make is numpy.zeros:
                config.value.dtype.names = tuple(name * 2 for name in names)
            assert config.value.dtype.names == names
            for field in names:
                assert config.value.dtype[field].base.names in (None, ("p", "q"))
            array.dtype.names = names
            for field in names:
                if array.dtype[field].base.names is not None:
                    array.dtype[field].base.names = ("p", "q")


def test_objects_in_arrays_are_read_only_all_the_way_down():
    numpy = pytest.importorskip("numpy")
    given = [1, [2]]
    objects = numpy.empty((2, 2), dtype=object)
    objects[0, 1] = given
    fields = numpy.zeros(2, dtype=[("n", "i4"), ("o", "O")])
    fields[1]["o"] = given
    for array, read in (
        (objects, lambda value: value[0, 1]),
        (fields, lambda value: value["o"][1]),
        (fields[1], lambda value: value["o"]),
        (numpy.asfortranarray(objects)[:, 1:], lambda value: value[0, 0]),
    ):
        config = Holder(value=array)
        for held in (config, pickle.loads(pickle.dumps(config)), Holder(config)):
            for change in (read(held.value).append, read(held.value)[1].append):
                with pytest.raises(FrozenContainerError):
                    change(3)
        given[1].append(3)
        assert read(config.value) == [1, [2]]
        given[1].pop()
        ordinary = read(config.asdict()["value"])
        assert (type(ordinary), type(ordinary[1])) == (list, list)
    objects[0, 0] = objects
    with pytest.raises(TypeError, match="contain itself"):
        Holder(value=objects)


def test_a_record_of_an_array_is_a_read_only_copy():
    numpy = pytest.importorskip("numpy")
    for kind in (numpy.ndarray, numpy.recarray):
        array = numpy.array([(1, 2.5)], dtype=[("n", "i4"), ("x", "f8")]).view(kind)
        config = Holder(value=array[0])
        array["n"] = 9
        assert (config.value["n"], type(config.value)) == (1, type(array[0]))
        for held in (config, pickle.loads(pickle.dumps(config)), Holder(config)):
            with pytest.raises(ValueError, match="read-only"):
                held.value["n"] = 2
            assert held == config
        given = config.asdict()["value"]
        given["n"] = 3
        assert (given["n"], config.value["n"]) == (3, 1)
    assert Holder(value=numpy.void(b"ab")).value == numpy.void(b"ab")


def test_no_item_of_a_masked_array_is_masked_later():
    numpy = pytest.importorskip("numpy")
    for array in (numpy.ma.arange(3), numpy.ma.array([1, 2, 3], mask=[0, 1, 0])):
        held = Holder(value=array).value
        with pytest.raises(ValueError, match="read-only"):
            held[0] = numpy.ma.masked
        with pytest.raises(ValueError, match="read-only"):
            held.mask = True
        assert held.mask.tolist() == numpy.ma.getmaskarray(array).tolist()


def test_arrays_are_hashed_by_joblib_as_ordinary_ones():
    """It pickles the class of an array by its name."""
    numpy = pytest.importorskip("numpy")
    joblib = pytest.importorskip("joblib")
    for array in (numpy.arange(3), numpy.array([[1], None], dtype=object)):
        # A pickle has the line on which a config is made.
        config, *others = [Holder(value=one) for one in (array, array.copy(), array[:1])]
        assert pickle.loads(pickle.dumps(config.value.__class__)) is numpy.ndarray
        assert [joblib.hash(config) == joblib.hash(one) for one in others] == [True, False]
        assert isinstance(config.value, type(config.value))


def test_masked_items_are_held():
    numpy = pytest.importorskip("numpy")
    fields = [("a", "i4"), ("b", "i4")]
    for array in (
        numpy.ma.masked, numpy.ma.array([(1, 2)], fields, mask=[(0, 1)])[0],
        numpy.ma.array([(1, 2)], fields)[0], numpy.ma.array(1, mask=True), numpy.ma.array(1),
    ):  # fmt: skip
        config = Holder(value=array)
        assert config == Holder(value=array) == pickle.loads(pickle.dumps(config))
        assert (type(config.value), str(config.value)) == (type(array), str(array))
