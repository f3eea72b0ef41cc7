"""A check takes exactly what fits its hint, and suggests what was meant where a value does not."""

from __future__ import annotations

import collections
import datetime as dt
import enum
import gc
import re
import subprocess
import sys
import weakref
from collections import abc
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Callable,
    Dict,
    Final,
    FrozenSet,
    Generic,
    List,
    Literal,
    Mapping,
    NamedTuple,
    NewType,
    NoReturn,
    Optional,
    Protocol,
    Sequence,
    Set,
    Tuple,
    Type,
    TypedDict,
    TypeVar,
    Union,
    runtime_checkable,
)

import pytest
from hypothesis import given, strategies as st

from pconfigs.markers import Pinned
from pconfigs.validation import frozen as containers
from pconfigs.validation.base import classes_in
from pconfigs.validation.factory import InvalidValue, validator_for


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Model:
    pass


class Deeper(Model):
    pass


class Pair(NamedTuple):
    first: int
    rest: list[int]


class Movie(TypedDict):
    title: str
    years: list[int]


class Loose(TypedDict, total=False):
    title: str


@runtime_checkable
class Sized(Protocol):
    def __len__(self) -> int: ...


class Silent(Protocol):
    def speak(self) -> str: ...


class Cat:
    def speak(self):
        return "meow"

    def __eq__(self, other):
        return isinstance(other, Cat)

    __hash__ = object.__hash__


class Gt:
    """As in annotated-types; its classes are known by their names."""

    def __init__(self, gt):
        self.gt = gt


class Le:
    def __init__(self, le):
        self.le = le


class MultipleOf:
    def __init__(self, multiple_of):
        self.multiple_of = multiple_of


class Len:
    def __init__(self, min_length, max_length=None):
        self.min_length, self.max_length = min_length, max_length


class Predicate:
    def __init__(self, func):
        self.func = func


class Interval:
    __is_annotated_types_grouped_metadata__ = True

    def __init__(self, gt=None, ge=None, lt=None, le=None):
        self.gt, self.ge, self.lt, self.le = gt, ge, lt, le


DAY = dt.date(2020, 1, 1)
NAIVE = dt.datetime(2020, 1, 1)  # noqa: DTZ001
Number = TypeVar("Number", int, float)
Bound = TypeVar("Bound", bound=Model)
UserId = NewType("UserId", int)


class Box(Generic[Bound]):
    pass


def fits(hint, value):
    try:
        validator_for(hint).validate(value)
    except InvalidValue:
        return False
    return True


def mismatch(hint, value):
    with pytest.raises(InvalidValue) as caught:
        validator_for(hint).validate(value)
    return caught.value


FITTING = [
    (int, 1), (float, 1.5), (float, 1), (complex, 1), (complex, 1j), (bool, True), (str, ""),
    (bytes, b""), (None, None), (type(None), None), (Path, Path()), (Color, Color.RED),
    (Model, Deeper()), (dt.date, DAY), (Literal["a", 1], 1),
    (Literal[Color.RED], Color.RED), (Optional[int], None), (Union[int, str], ""),
    (Union[int, List[str]], ["a"]), (int, enum.IntEnum("E", "A").A), (list, [object()]),
    (list[int], []), (List[int], [1]), (tuple, ()), (tuple[()], ()), (Tuple[()], ()),
    (tuple[int, ...], (1, 2)), (tuple[int, str], (1, "")), (Tuple, (1, "")), (set, {1}),
    (Set[int], {1}), (frozenset[int], frozenset({1})), (FrozenSet[int], frozenset()),
    (dict, {1: []}), (dict[str, list[int]], {"": [1]}), (Dict[str, Any], {"": {}}),
    (Mapping[str, int], {"": 1}), (Sequence[int], [1]), (Sequence[int], (1,)),
    (Sequence[int], range(2)), (Sequence, "text"), (abc.Iterable[int], {1}),
    (abc.Collection[int], {1: 2}), (abc.Sized, [1]), (abc.Hashable, 1),
    (abc.MutableSequence[int], [1]), (abc.Set[int], frozenset({1})),
    (abc.Iterator[int], iter([1])), (collections.deque[int], collections.deque([1])),
    (collections.OrderedDict[str, int], collections.OrderedDict(a=1)), (type, int),
    (type[Model], Deeper), (Type[Model], Model), (Type[Any], int), (type[Union[int, Model]], int),
    (type[Bound], Deeper), (Callable, len), (Callable[[int], str], len),
    (abc.Callable[..., int], Model), (Movie, {"title": "", "years": [1]}), (Loose, {}),
    (Pair, Pair(1, [2])), (UserId, 1), (Number, 1.5), (Bound, Deeper()), (Any, object()),
    (object, [[]]), (Sized, [1]), (Silent, Cat()), (Optional[Silent], None), (Final[int], 1),
    (Pinned[int], 1),
    (Optional[Pinned[int]], 1), (list[Pinned[int]], [1]), (Box[Model], Box()),
    (re.Pattern[str], re.compile("")), (Annotated[int, Gt(0), "doc"], 1),
    (Annotated[Optional[int], Gt(0)], None), (Annotated[list[int], Len(1, 2)], [1]),
    (Annotated[float, MultipleOf(0.1)], 0.3), (Annotated[str, Predicate(str.isupper)], "A"),
    (Annotated[int, Interval(ge=1, lt=3)], 2),
]  # fmt: skip
UNFIT = [
    (int, True), (int, 1.0), (int, "1"), (int, None), (float, True), (float, "1.5"),
    (complex, False), (bool, 1), (bool, None), (str, b""), (bytes, ""), (None, 0), (Path, "a"),
    (Color, "red"), (Model, Model), (Model, 1), (Literal[1], True), (Literal["a"], "b"),
    (Optional[int], ""), (Union[int, List[str]], [1]), (list, ()), (list[int], (1,)),
    (list[int], [True]), (list[str], "ab"), (list[int], iter([1])), (list[list[int]], [[1], 2]),
    (tuple, []), (tuple[()], (1,)), (tuple[int, ...], ("",)), (tuple[int, str], (1,)),
    (tuple[int, str], ["", 1]), (set[int], [1]), (set[int], {""}), (set[int], frozenset()),
    (frozenset[int], {1}), (dict[str, int], {1: 1}), (dict[str, int], {"": ""}),
    (dict[str, int], [("", 1)]), (Mapping[str, int], {"": None}), (Sequence[str], "ab"),
    (Sequence[int], iter([1])), (abc.Iterable[int], (i for i in [1])),
    (collections.deque[int], [1]), (collections.deque[int], collections.deque([""])),
    (type[Model], Model()), (type[Model], int), (type, 1), (Callable, 1), (Movie, {"title": ""}),
    (Movie, {"title": "", "years": [""]}), (Movie, {"title": "", "years": [], "more": 1}),
    (Loose, {"titel": ""}), (Pair, (1, [2])), (Pair, Pair("", [])), (UserId, ""), (Number, ""),
    (Bound, 1), (Sized, 1), (Silent, 3), (Optional[Silent], 3), (Final[int], ""), (Pinned[int], ""),
    (Annotated[int, Gt(0)], 0),
    (Annotated[int, Gt(0)], ""), (Annotated[list[int], Len(1, 2)], []),
    (Annotated[list[int], Len(1, 2)], [1, 2, 3]), (Annotated[float, MultipleOf(0.1)], 0.35),
    (Annotated[str, Predicate(str.isupper)], "a"), (Annotated[int, Interval(ge=1, lt=3)], 3),
    (Annotated[float, Gt(0)], float("nan")), (NoReturn, 1), (list[Annotated[int, Gt(0)]], [1, 0]),
]  # fmt: skip


@pytest.mark.parametrize(("hint", "value"), FITTING)
def test_a_fitting_value_is_taken_unchanged(hint, value):
    check = validator_for(hint)
    taken = check.validate(value)
    assert taken == value
    assert check.validate(taken) is taken


@pytest.mark.parametrize(("hint", "value"), UNFIT)
def test_an_unfitting_value_is_refused(hint, value):
    check = validator_for(hint)
    assert type(value) not in check.types
    assert not fits(hint, value)


@pytest.mark.parametrize(("hint", "value"), FITTING)
def test_exact_types_decide_only_where_they_can(hint, value):
    """Where an exact type fits, the value itself is what is held."""
    check = validator_for(hint)
    if type(value) in check.types:
        assert check.validate(value) is value


def test_annotated_members_of_protocols_are_asked_for():
    class Named(Protocol):
        name: str

    class Lazy(Protocol):
        """As Python 3.14 compiles annotations."""

        def __annotate__(format, /):
            return {"name": str}

    if "__annotations__" in vars(Lazy):  # an empty one, of Python 3.12 and 3.13
        del Lazy.__annotations__
    for protocol in (Named, Lazy):
        assert mismatch(protocol, 3).advice == "it has no name"


@pytest.mark.parametrize(
    ("hint", "value", "advice"),
    [
        (float, "1e-3", "did you mean 0.001?"),
        (int, "3", "did you mean 3?"),
        (int, 3.0, "did you mean 3?"),
        (bool, 1, "did you mean True?"),
        (bool, "false", "did you mean False?"),
        (str, 3, "did you mean '3'?"),
        (Path, "a/b", "did you mean Path('a/b')?"),
        (Color, "red", "did you mean Color.RED?"),
        (Color, "BLEU", "did you mean Color.BLUE?"),
        (Color, 7, "its members are Color.RED and Color.BLUE"),
        (Literal["adam", "sgd"], "adm", "did you mean 'adam'?"),
        (Literal[1], "1", "did you mean 1?"),
        (Model, Model, "give an instance, not the class: Model(...)"),
        (type[Model], Model(), "did you mean Model?"),
        (list[int], (1, 2), "did you mean [1, 2]?"),
        (list[int], iter([1]), "make it a list: list(...)"),
        (list[str], "abc", "did you mean ['abc']?"),
        (tuple[int, int], [1, 2], "did you mean (1, 2)?"),
        (tuple[int, ...], [1], "did you mean (1,)?"),
        (tuple[int, int], (1,), "it has 2 items, not 1"),
        (set[int], [1], "did you mean {1}?"),
        (frozenset[int], {1}, "did you mean frozenset({1})?"),
        (dict[str, int], [("a", 1)], "did you mean {'a': 1}?"),
        (Sequence[int], iter([1]), "make it a list: list(...)"),
        (Callable, "len", "give the function itself, not its name"),
        (Movie, {"title": ""}, "add 'years'"),
        (Movie, {"titel": "", "years": []}, "rename 'titel' to 'title'"),
        (Movie, {"titel": "", "title": "", "years": []}, "remove 'titel'"),
        (Movie, {"title": 3, "x": 1}, "add 'years', remove 'x' and make ['title'] str"),
        (Movie, {"title": "", "years": ["a"], "x": 1}, "remove 'x' and make ['years'][0] int"),
        (Pair, [1, [2]], "did you mean Pair(1, [2])?"),
        (int, None, "to allow None, declare it as Optional"),
    ],
)
def test_advice_states_what_was_meant(hint, value, advice):
    assert mismatch(hint, value).advice == advice


@pytest.mark.parametrize(
    ("hint", "value", "path", "expected", "found"),
    [
        (list[int], [1, ""], "[1]", "int", ""),
        (dict[str, list[int]], {"k": [1, 2, None]}, "['k'][2]", "int", None),
        (dict[str, int], {1: 1}, "[1]", "str as a key", 1),
        (tuple[int, str], (1, 2), "[1]", "str", 2),
        (Pair, Pair(1, [""]), ".rest[0]", "int", ""),
        (Movie, {"title": "", "years": [""]}, "['years'][0]", "int", ""),
        (Optional[list[int]], [1, ""], "[1]", "int", ""),
        (set[int], {""}, "", "int (in a set)", ""),
        (list[Annotated[int, Gt(0)]], [1, 0], "[1]", "int > 0", 0),
    ],
)
def test_a_mismatch_states_where(hint, value, path, expected, found):
    caught = mismatch(hint, value)
    assert (caught.path, caught.expected, caught.value) == (path, expected, found)


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (int, "int"),
        (None, "None"),
        (Optional[int], "int or None"),
        (list[float], "list[float]"),
        (Dict[str, Any], "dict[str, anything]"),
        (tuple[int, ...], "tuple[int, ...]"),
        (tuple[()], "tuple[()]"),
        (Literal["adam", "sgd"], "'adam' or 'sgd'"),
        (Literal[Color.RED], "Color.RED"),
        (Annotated[int, Gt(0), Le(9)], "int > 0 and <= 9"),
        (type[Model], "type[Model]"),
        (Model, "Model"),
        ("Absent", "Absent"),
    ],
)
def test_words_read_like_the_hint(hint, words):
    assert validator_for(hint).description == words


def test_broken_rules_are_reported_from_wrong_types():
    assert mismatch(Annotated[int, Gt(0)], 0).constraint
    assert not mismatch(Annotated[int, Gt(0)], "").constraint
    assert mismatch(Literal["a"], "b").constraint
    assert not mismatch(Literal["a"], 1).constraint


def test_a_predicate_that_raises_refuses():
    caught = mismatch(Annotated[int, Predicate(lambda value: 1 / 0)], 1)
    assert caught.constraint
    assert "ZeroDivisionError" in caught.advice


def test_containers_are_held_read_only():
    held = validator_for(dict[str, List[Set[int]]]).validate({"a": [{1}]})
    assert type(held) is containers.FrozenDict
    assert type(held["a"]) is containers.FrozenList
    assert type(held["a"][0]) is containers.FrozenSet
    for hint in (
        Any,
        object,
        list,
        Sequence,
        abc.Iterable,
        list[Any],
        Union[int, list[Any]],
        Optional[abc.Sized],
    ):
        assert type(validator_for(hint).validate([[1]])[0]) is containers.FrozenList


def test_a_container_inside_itself_is_a_mismatch():
    loop: list = []
    loop.append(loop)
    for hint in (Any, list, list[Any], dict[str, Any]):
        assert not fits(hint, {"a": loop} if hint == dict[str, Any] else loop)


def test_arrays_are_held_as_read_only_copies():
    numpy = pytest.importorskip("numpy")
    array = numpy.zeros(2)
    arrays = numpy.typing.NDArray[numpy.float64]
    for hint in (numpy.ndarray, arrays, Any, Optional[arrays], abc.Iterable[float]):
        held = validator_for(hint).validate(array)
        assert not held.flags.writeable
        assert validator_for(hint).validate(held) is held
    assert mismatch(int, numpy.int64(3)).advice == "make it a Python number: int(...)"


def test_leafy_checks_cannot_have_configs_inside():
    for hint in (
        int,
        Path,
        Color,
        Optional[str],
        list[float],
        dict[str, tuple[int, ...]],
        Literal[1],
        type[Model],
    ):
        assert validator_for(hint).never_holds_configs, hint
    for hint in (
        Any,
        object,
        list,
        Model,
        Optional[Model],
        dict[str, Model],
        "Absent",
        Callable,
        Box[Model],
    ):
        assert not validator_for(hint).never_holds_configs, hint


def test_exact_types_are_known_for_what_they_decide():
    assert validator_for(int).types == {int}
    assert validator_for(float).types == {int, float}
    assert validator_for(Model).types == {Model}
    assert validator_for(Optional[Model]).types == {Model, type(None)}
    assert not validator_for(Optional[Model]).must_inspect
    assert not validator_for(list[int]).types
    assert validator_for(Annotated[int, Gt(0)]).must_inspect


def test_checks_do_not_keep_classes_alive():
    class Short:
        pass

    seen = weakref.ref(Short)
    for hint in (Short, list[Short], Short | None, dict[str, Short], type[Short]):
        fits(hint, Short())
    del Short, hint
    gc.collect()
    assert seen() is None


def test_checking_imports_no_typing():
    code = (
        "import sys; from pconfigs.validation.factory import validator_for;"
        "validator_for(list[int] | None).validate([1]);"
        " validator_for(dict[str, object]).validate({});"
        "heavy = {'typing', 'collections', 'inspect', 'enum', 're', 'dataclasses'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="PEP 695 came with 3.12")
def test_type_aliases_may_name_themselves():
    namespace: dict[str, Any] = {}
    exec("type Json = dict[str, Json] | list[Json] | str | int | None", namespace)
    exec("type Pairs[T] = list[tuple[T, T]]", namespace)
    json, pairs = namespace["Json"], namespace["Pairs"]
    assert fits(json, {"a": [1, {"b": None}]})
    assert not fits(json, {"a": [1, {"b": 1.5}]})
    assert fits(pairs[int], [(1, 2)])
    assert not fits(pairs[int], [(1, "")])


def test_tuples_with_an_open_middle():
    hint = tuple[int, *tuple[str, ...], float]
    assert fits(hint, (1, 2.5))
    assert fits(hint, (1, "a", "b", 2.5))
    assert not fits(hint, (1, "a", 3, 2.5))
    assert not fits(hint, (1,))


def test_type_variables_can_be_bound():
    check = validator_for(list[Number], {Number: str})
    assert check.validate(["a"]) == ["a"]


def test_the_real_annotated_types_are_understood():
    rules = pytest.importorskip("annotated_types")
    assert fits(Annotated[int, rules.Interval(gt=0, le=3)], 3)
    assert not fits(Annotated[int, rules.Interval(gt=0, le=3)], 0)
    assert not fits(Annotated[str, rules.Len(2, 3)], "a")
    assert not fits(rules.LowerCase[str], "A")
    assert not fits(rules.IsFinite[float], float("inf"))
    assert fits(Annotated[int, rules.Unit("m"), rules.doc("length")], 3)
    aware = Annotated[dt.datetime, rules.Timezone(...)]
    assert not fits(aware, NAIVE)
    assert fits(aware, NAIVE.replace(tzinfo=dt.timezone.utc))


LEAVES = st.sampled_from([
    (int, st.integers()),
    (float, st.floats(allow_nan=False)),
    (str, st.text()),
    (bool, st.booleans()),
    (type(None), st.none()),
    (Color, st.sampled_from(Color)),
    (Literal["a", "b"], st.sampled_from(["a", "b"])),
    (Annotated[int, Gt(0)], st.integers(min_value=1)),
])  # fmt: skip


def _one(make_hint, make_values):
    return lambda inner: inner.map(lambda one: (make_hint(one[0]), make_values(one[1])))


def _two(make_hint, make_values):
    return lambda inner: st.tuples(inner, inner).map(
        lambda two: (make_hint(two[0][0], two[1][0]), make_values(two[0][1], two[1][1]))
    )


def _few(values):
    return st.lists(values, max_size=3)


NESTS = [
    _one(lambda hint: list[hint], _few),
    _one(lambda hint: Sequence[hint], _few),
    _one(lambda hint: tuple[hint, ...], lambda values: _few(values).map(tuple)),
    _one(lambda hint: dict[str, hint], lambda values: st.dictionaries(st.text(max_size=2), values)),
    _one(lambda hint: Optional[hint], lambda values: st.none() | values),
    _two(lambda one, other: tuple[one, other], st.tuples),
    _two(lambda one, other: Union[one, other], lambda one, other: one | other),
]
HINTS = st.recursive(LEAVES, lambda inner: st.one_of([nest(inner) for nest in NESTS]), max_leaves=5)


@given(HINTS, st.data())
def test_a_value_made_for_a_hint_fits_it(pair, data):
    hint, values = pair
    check = validator_for(hint)
    value = data.draw(values)
    taken = check.validate(value)
    assert taken == value
    assert check.validate(taken) is taken
    assert check.never_holds_configs


@given(HINTS)
def test_an_odd_object_deep_inside_never_fits(pair):
    hint, _ = pair
    assert not fits(hint, object())
    assert not fits(list[hint], [object()])
    assert not fits(dict[str, hint], {"": object()})


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("hint", "value"), [(str, Text("x")), (str | None, Text("x")), (list[str], [Text("x")])]
)
def test_a_subclass_of_text_is_held_as_the_plain_value(hint, value):
    """It equals it, and would be saved and fingerprinted as something else."""
    held = validator_for(hint).validate(value)
    assert held == value
    assert type(held[0] if hint == list[str] else held) is str


@pytest.mark.parametrize("number", ["0.5", "nan", "inf", "-0.0"])
def test_floats_of_numpy_are_held_as_plain_floats(number):
    numpy = pytest.importorskip("numpy")
    for hint in (float, float | None):
        held = validator_for(hint).validate(numpy.float64(number))
        assert (type(held), repr(held)) == (float, repr(float(number)))


@pytest.mark.parametrize(
    ("hint", "container", "key", "item"),
    [
        (list[int], [1], 0, "int"),
        (Optional[Annotated[list[int], "a note"]], [1], 0, "int"),
        (dict[str, bool], {"a": True}, "a", "bool"),
        (Movie, {"title": "x"}, "title", "str"),
        (tuple[int, str], (1, "x"), 1, "str"),
        (tuple[int, ...], (1, 2), 1, "int"),
        (Pair, Pair(1, []), 1, "list[int]"),
        (Union[list[int], dict[str, str]], {"a": "x"}, "a", "str"),
        (Mapping[str, float], {"a": 1.0}, "a", "float"),
        (Sequence[str], ("a",), 0, "str"),
        (collections.OrderedDict[str, int], collections.OrderedDict(a=1), "a", "int"),
        (int, 3, 0, "anything"),
    ],
)
def test_a_validator_has_those_of_its_items(hint, container, key, item):
    assert validator_for(hint).item_at(container, key).description == item


def test_the_classes_that_a_hint_mentions_are_found_at_any_depth():
    hint = dict[str, list[Union[Model, tuple[Deeper, ...], type[Cat], Annotated[Pair, Gt(0)]]]]
    assert {Model, Deeper, Cat, Pair, int, str} == set(classes_in(validator_for(hint)))


@pytest.mark.parametrize("items", [[], [1], [1, 2], ["a"]])
def test_an_array_is_compared_with_no_member_or_literal(items):
    """`==` of an array has no truth value."""
    numpy = pytest.importorskip("numpy")
    array = numpy.array(items)
    for hint in (Color | numpy.ndarray, Literal["adam", 1] | numpy.ndarray):
        assert validator_for(hint).validate(array).tolist() == items
    for hint in (Color, Literal["adam", 1], Literal[Color.RED]):
        assert mismatch(hint, array).value is array
