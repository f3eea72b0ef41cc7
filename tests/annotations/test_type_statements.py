"""Named types, and what `type X = …` (Python 3.12) makes of them: checked, or refused."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from typing import Any, Callable, Generic, ParamSpec, TypeVar, Union

import pytest
from annotated_types import Gt
from hypothesis import given, strategies as st
from typing_extensions import TypeAliasType, TypeVarTuple, Unpack

from pconfigs import Secret, pconfig, pdump, pfingerprint, pload, poverride
from pconfigs.errors import AnnotationError, BuildError, OverrideError

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

STATEMENTS = """
type Json = None | bool | int | str | list[Json] | dict[str, Json]
type Tree[T] = T | list[Tree[T]]
type Pair[A, B] = tuple[A, B]
type Swapped[A, B] = Pair[B, A]
type Positive = Annotated[int, Gt(0)]
type Many = dict[str, list[Tree[float]]]
type Later = "Defined | None"
type Call[**P, R] = Callable[P, R]
type Token = Secret[str]

type Itself = Itself
type OrItself = int | OrItself
type OneOfTwo = OtherOfTwo
type OtherOfTwo = OneOfTwo | int
type Parameter[T] = Parameter[T] | T
type Nested = list[Itself]
type Builtin = any
type Inside = Secret[str] | None
type Several[*Ts] = tuple[*Ts]

@pconfig
class Box[T: (int, str)]:
    value: T
    deep: list[Tree[T]]

@pconfig
class IntBox(Box[int]):
    more: int
"""


def statements() -> dict[str, Any]:
    from typing import Annotated

    known = {
        "Annotated": Annotated, "Callable": Callable, "Gt": Gt, "Secret": Secret,
        "pconfig": pconfig, "__name__": __name__,
    }  # fmt: skip
    if sys.version_info >= (3, 12):
        exec(STATEMENTS, known)
    return known


NAMED = statements()
needs_statements = pytest.mark.skipif("Json" not in NAMED, reason="type statements")


@pconfig
class Defined:
    n: int


# The same without the statement.
Json = TypeAliasType("Json", "None | bool | int | str | list[Json] | dict[str, Json]")
Tree = TypeAliasType("Tree", Union[T, "list[Tree[T]]"], type_params=(T,))

leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
documents = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
trees = st.recursive(st.integers(), lambda inner: st.lists(inner, max_size=3), max_leaves=8)


def holder(annotation: Any) -> Any:
    """Return a config class with one field."""
    return pconfig(type("Holder", (), {"__annotations__": {"x": annotation}}))


def spoilt(value: Any, wrong: Any) -> Any:
    """Return a value with something wrong in its innermost place."""
    if isinstance(value, list) and value:
        return [*value[:-1], spoilt(value[-1], wrong)]
    if isinstance(value, dict) and value:
        *others, last = value
        return {**{key: value[key] for key in others}, last: spoilt(value[last], wrong)}
    return wrong


def holds(cls: Any, value: Any) -> None:
    """Check that a value fits, and comes back from all that takes configs elsewhere."""
    config = cls(x=value)
    assert config.x == value
    assert pload(json.loads(json.dumps(pdump(config))), cls) == config
    assert copy.deepcopy(config) == config
    assert pfingerprint(config) == pfingerprint(cls(x=copy.deepcopy(value)))


SPELLINGS = [False, pytest.param(True, marks=needs_statements)]


@pytest.mark.parametrize("by_statement", SPELLINGS)
@given(document=documents)
def test_a_type_that_names_itself_is_checked_all_the_way_down(by_statement, document):
    cls = holder(NAMED["Json"] if by_statement else Json)
    holds(cls, document)
    with pytest.raises(BuildError, match="must be"):
        cls(x=spoilt(document, 1.5))


@pytest.mark.parametrize("by_statement", SPELLINGS)
@given(tree=trees)
def test_so_is_one_with_parameters(by_statement, tree):
    cls = holder((NAMED["Tree"] if by_statement else Tree)[int])
    holds(cls, tree)
    with pytest.raises(BuildError, match="must be"):
        cls(x=spoilt(tree, "a"))


@needs_statements
@pytest.mark.parametrize(
    ("annotation", "right", "wrong"),
    [
        (lambda: NAMED["Pair"][int, str], (1, "a"), ("a", 1)),
        (lambda: NAMED["Swapped"][int, str], ("a", 1), (1, "a")),
        (lambda: NAMED["Positive"], 1, 0),
        (lambda: NAMED["Many"], {"a": [1.0, [2.0]]}, {"a": ["x"]}),
        (lambda: NAMED["Later"], None, 3),
        (lambda: list[NAMED["Json"]], [1, None], 1),
        (lambda: NAMED["Tree"][int] | None, [1], "a"),
    ],
)
def test_named_types_are_checked(annotation, right, wrong):
    cls = holder(annotation())
    holds(cls, right)
    with pytest.raises(BuildError, match="must be"):
        cls(x=wrong)


@needs_statements
def test_a_named_callable_takes_its_parameters_as_a_list():
    cls = holder(NAMED["Call"][[int], str])
    assert cls(x=str).x is str
    with pytest.raises(BuildError, match="must be callable"):
        cls(x=3)


@needs_statements
def test_overrides_follow_named_types():
    config = holder(NAMED["Tree"][int])(x=1)
    assert poverride(config, ["x=[1,[2]]"]).x == [1, [2]]
    with pytest.raises(OverrideError, match="must be int or list"):
        poverride(config, ["x=[1,[a]]"])


@needs_statements
def test_parameters_of_a_class_statement_are_checked():
    box, int_box = NAMED["Box"], NAMED["IntBox"]
    assert box[int](value=1, deep=[1, [2]]).deep == [1, [2]]
    for make in (
        lambda: box[int](value=1, deep=[1, ["a"]]),
        lambda: box(value=1.5, deep=[]),
        lambda: int_box(value="a", deep=[], more=1),
    ):
        with pytest.raises(BuildError, match="must be"):
            make()


@needs_statements
def test_a_name_of_a_secret_keeps_it():
    assert "given" not in str(holder(NAMED["Token"])(x="given"))


OrText = TypeAliasType("OrText", "OrText")


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (lambda: OrText, r"OrText means itself; name it inside a container: list\[OrText\]"),
        (lambda: tuple[Unpack[Ts]], r"in the place of \*Ts would not be checked; write tuple\[T"),
        *[
            pytest.param(lambda name=name: NAMED[name], words, marks=needs_statements, id=name)
            for name, words in {
                "Itself": "Itself means itself",
                "OrItself": "OrItself means itself",
                "Nested": "Itself means itself",
                "OneOfTwo": "OneOfTwo means itself",
                "OtherOfTwo": "OtherOfTwo means itself",
                "Builtin": "got any .*did you mean typing.Any",
                "Inside": "Secret must be around the whole annotation",
            }.items()
        ],
        pytest.param(
            lambda: NAMED["Parameter"][int], "Parameter means itself", marks=needs_statements
        ),
        pytest.param(
            lambda: NAMED["Several"][int, str], r"\*Ts would not be checked", marks=needs_statements
        ),
    ],
)
def test_a_name_that_would_check_nothing_is_refused(annotation, words):
    """It would fit no value, or any."""
    with pytest.raises(AnnotationError, match=words):
        holder(annotation())(x=1)


UNDEFINED = "Undefinde"
Unknown = TypeAliasType("Unknown", f"{UNDEFINED} | int")
Inner = TypeAliasType("Inner", f"list[{UNDEFINED}]")


@pytest.mark.parametrize("annotation", [Unknown, Inner, dict[str, Inner]])
def test_a_name_in_quotes_that_is_not_defined_is_refused(annotation):
    """It would fit any value."""
    value = {"a": [1]} if annotation not in (Unknown, Inner) else [1]
    with pytest.raises(AnnotationError, match="name 'Undefinde' is not defined in tests"):
        holder(annotation)(x=value)


P = ParamSpec("P")


@pconfig
class Called(Generic[P, T]):
    function: Callable[P, T]


def test_a_class_takes_the_parameters_of_a_callable():
    assert Called[[int], str](function=str).function is str
    with pytest.raises(BuildError, match="must be callable"):
        Called[[int], str](function=3)
    assert pickle.loads(pickle.dumps(Called(function=str))).function is str
