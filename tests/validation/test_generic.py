"""Arguments of generic config classes are checked, and types that name themselves."""

from __future__ import annotations

from typing import Generic, Optional, TypeVar, Union

import pytest
from typing_extensions import TypeAliasType

from pconfigs import PConfig, Required, pconfig, pdump, pexplain, pload
from pconfigs.errors import LoadError

T = TypeVar("T")
U = TypeVar("U")
Json = Union[None, int, str, "list[Json]", "dict[str, Json]"]
Tree = TypeAliasType("Tree", "int | list[Tree]")
Nested = TypeAliasType("Nested", "T | list[Nested[T]]", type_params=(T,))


@pconfig
class Range(PConfig, Generic[T]):
    low: T
    high: list[T]


@pconfig
class Box(Generic[T]):
    value: T
    count: int


@pconfig
class Pair(Box[T], Generic[T, U]):
    other: U


@pconfig
class IntBox(Box[int]):
    pass


@pconfig
class Space:
    width: Range[int]
    box: Optional[Box[str]]
    pairs: list[Pair[int, str]]


@pconfig
class Data:
    value: Json
    tree: Tree
    nested: Nested[str]


WIDTH = Range(low=1, high=[2])
PAIR = Pair(value=1, count=1, other="x")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"width": Range(low="a", high=[])}, r"width\.low must be int"),
        ({"width": Range(low=1, high=["a"])}, r"width\.high\[0\] must be int"),
        ({"width": Box(value=1, count=1)}, r"width must be Range\[int\]"),
        ({"box": Box(value=1, count=1)}, r"box\.value must be str"),
        ({"box": IntBox(value=1, count=1)}, r"box\.value must be str"),
        ({"pairs": [PAIR, Pair(value="x", count=1, other="x")]}, r"pairs\[1\]\.value must be int"),
        ({"pairs": [Pair(value=1, count=1, other=1)]}, r"pairs\[0\]\.other must be str"),
    ],
)
def test_a_field_checks_the_arguments_of_a_generic_class(changes, message):
    space = Space(width=WIDTH, box=None, pairs=[PAIR])
    with pytest.raises(TypeError, match=message):
        Space(space, **changes)


def test_data_is_checked_against_the_arguments():
    space = Space(width=WIDTH, box=Box(value="q", count=1), pairs=[PAIR])
    assert pload(pdump(space), Space) == space
    with pytest.raises(LoadError, match=r"width\.low: must be int"):
        pload({**pdump(space), "width": {"low": "x", "high": []}}, Space)


def test_a_call_with_arguments_checks_them():
    """All problems together, placed where the call is."""
    assert Range[int](low=1, high=[2]) == WIDTH
    assert Range[int](low=Required, high=[]).low is Required
    with pytest.raises(TypeError) as caught:
        Range[int](low="a", high=[None])
    assert "Range.low must be int, got 'a'" in str(caught.value).replace("but ", "")
    assert "Range.high[0] must be int" in str(caught.value)
    assert "test_generic.py" in str(caught.value)
    assert 'Range[int](low="a"' in str(caught.value)
    with pytest.raises(TypeError, match=r"Pair\.other must be str"):
        Pair[int, str](value=1, count=1, other=2)
    with pytest.raises(TypeError, match=r"Range\[\.\.\.\] must have 1 arguments, got 2"):
        Range[int, str]


@pconfig
class Swapped(Pair[U, T], Generic[T, U]):
    own: T


@pconfig
class Around(Generic[T]):
    box: Box[T]
    pairs: list[Pair[T, list[T]]]


@pconfig
class Further(Around[list[U]], Generic[U]):
    pass


@pconfig
class Fields:
    around: Around[int]
    swapped: Swapped[int, str]
    further: Further[int]


def test_variables_that_change_places_in_a_derived_class_are_checked():
    """`Swapped[int, str]` is a `Pair[str, int]`."""
    swapped = Swapped[int, str](value="a", count=1, other=2, own=3)
    for name, wrong, words in (("value", 1, "str"), ("other", "a", "int"), ("own", "a", "int")):
        with pytest.raises(TypeError, match=rf"Swapped\.{name} must be {words}"):
            Swapped[int, str](swapped, **{name: wrong})


def test_arguments_of_parts_in_a_generic_class_are_checked():
    def made(box, other):
        return {"box": Box(value=box, count=1), "pairs": [Pair(value=box, count=1, other=other)]}

    swapped = Swapped(value="a", count=1, other=2, own=3)
    good = Fields(
        around=Around(**made(1, [2])), swapped=swapped, further=Further(**made([1], [[2]]))
    )
    assert pload(pdump(good), Fields) == good
    assert Around[int](**made(1, [2])) == good.around
    for name, part, message in (
        ("around", Around(**made("a", [])), r"around\.box\.value must be int"),
        ("around", Around(good.around, pairs=made(1, ["a"])["pairs"]), r"other\[0\] must be int"),
        ("swapped", Swapped(swapped, value=1), r"swapped\.value must be str"),
        ("further", Further(**made([1], [["a"]])), r"other\[0\]\[0\] must be int"),
    ):
        with pytest.raises(TypeError, match=message):
            Fields(good, **{name: part})
    with pytest.raises(TypeError, match=r"Around\.box\.value must be int"):
        Around[int](**made("a", []))


def test_values_of_a_generic_call_come_from_the_line_of_the_call():
    config = Box[int](value=1, count=2)
    assert "test_generic.py" in str(pexplain(config, "value"))
    assert "typing.py" not in str(pexplain(config, "value"))


def test_types_that_name_themselves_check_and_load():
    data = Data(value={"a": [1, None, {"b": "c"}]}, tree=[1, [2, []]], nested=["a", ["b"]])
    assert pload(pdump(data), Data) == data
    for changes, message in [
        ({"value": {"a": [1, b""]}}, r"value\['a'\]\[1\] must be"),
        ({"value": [[1.5]]}, r"value\[0\]\[0\] must be"),
        ({"tree": [1, ["x"]]}, r"tree\[1\]\[0\] must be"),
        ({"nested": ["a", [2]]}, r"nested\[1\]\[0\] must be str"),
    ]:
        with pytest.raises(TypeError, match=message):
            Data(data, **changes)


def test_a_name_in_quotes_inside_of_brackets_is_the_type_itself():
    @pconfig
    class Held:
        value: Union[dict[str, "Json"], list["Json"], int]

    assert Held(value={"a": [1, {"b": None}]}).value == {"a": [1, {"b": None}]}
    with pytest.raises(TypeError, match=r"value\['a'\]\[0\] must be"):
        Held(value={"a": [1.5]})


def test_values_nested_too_deep_for_python_are_refused():
    deep = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(ValueError, match="less deeply nested|contains itself|must be"):
        Data(value=deep, tree=1, nested="a")
