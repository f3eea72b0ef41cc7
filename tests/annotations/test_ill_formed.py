"""Annotations that would check nothing, or whose markers would be ignored, are refused."""

from __future__ import annotations

import enum
import math  # noqa: F401 - in texts
from dataclasses import InitVar, dataclass  # noqa: F401 - in texts
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    NamedTuple,
    NewType,
    Optional,
    TypedDict,
    TypeVar,
    Union,
)

import pytest
from typing_extensions import NotRequired, ReadOnly, Required as RequiredKey, TypeAliasType

import pconfigs  # noqa: F401 - in texts
from pconfigs import (
    NoEffect,
    Omitted,
    OptionalConfig,  # noqa: F401 - in texts
    Pinned,
    Secret,
    pconfig,
)
from pconfigs.annotations.resolve import resolve_all
from pconfigs.errors import AnnotationError, UnknownNameError

if TYPE_CHECKING:
    from elsewhere import Absent  # noqa: F401 - in texts

S = TypeVar("S", bound=Secret[str])
Token = NewType("Token", Secret[str])
Hidden = TypeAliasType("Hidden", Secret[str])
Tokens = TypeAliasType("Tokens", list[Secret[str]])
Plain = Secret[str]


class Login(NamedTuple):
    user: str
    password: Secret[str]


class Keys(TypedDict):
    wandb: Secret[str]


@dataclass
class Account:
    password: Secret[str]


@pconfig
class Credentials:
    password: str


def with_annotation(annotation: Any) -> type:
    """Return a class with one annotated name, as a class statement would make it."""
    return type("Job", (), {"__annotations__": {"token": annotation}, "__module__": __name__})


INSIDE = [
    ("Secret[str] | None", "Secret[str | None]"),
    ("Optional[Secret[str]]", "Secret[Optional[str]]"),
    ("Union[int, pconfigs.Secret[str]]", "pconfigs.Secret[Union[int, str]]"),
    ("list[Secret[str]]", "Secret[list[str]]"),
    ("dict[str, Secret[str]]", "Secret[dict[str, str]]"),
    ("tuple[int, Secret[str]]", "Secret[tuple[int, str]]"),
    ("OptionalConfig[Secret[Credentials]]", "Secret[OptionalConfig[Credentials]]"),
    ("Annotated[str, Secret]", "Secret[str]"),
    ("Annotated[str, 'rule', Secret]", "Secret[Annotated[str, 'rule']]"),
    ("'Secret[str] | None'", "Secret[str | None]"),
    ("list['Secret[str]']", "Secret[list[str]]"),
    ("NoEffect[int] | None", "NoEffect[int | None]"),
    ("Optional[Pinned[int]]", "Pinned[Optional[int]]"),
    ("list[Omitted[int]]", "Omitted[list[int]]"),
    ("list[Secret[NoEffect[str]]]", "NoEffect[Secret[list[str]]]"),
    ("Secret[NoEffect[str] | None]", "NoEffect[Secret[str | None]]"),
    ("Secret[Absent] | None", "Secret[Absent | None]"),
]  # fmt: skip


@pytest.mark.parametrize(("annotation", "works"), INSIDE)
def test_a_marker_inside_a_type_is_refused_with_the_spelling_that_works(annotation, works):
    with pytest.raises(AnnotationError) as caught:
        resolve_all(with_annotation(annotation))
    assert f"write {works}" in str(caught.value).replace('"', "'")
    assert str(caught.value).startswith("Job.token: ")
    found = resolve_all(with_annotation(works))["token"]
    assert found.markers >= {Secret} or found.markers & {NoEffect, Pinned, Omitted}


@pytest.mark.parametrize(("annotation", "works"), INSIDE)
def test_types_that_are_not_postponed_are_refused_alike(annotation, works):
    if "Absent" in annotation:
        pytest.skip("known to type checkers only")
    with pytest.raises(AnnotationError, match="inside a type"):
        resolve_all(with_annotation(eval(annotation)))


@pytest.mark.parametrize("annotation", ["Token", "list[Token]", "S", "Tokens", "Tokens | None"])
def test_a_marker_after_a_name_of_a_type_is_refused(annotation):
    with pytest.raises(AnnotationError, match=r"write Secret\[\.\.\.\] around the whole"):
        resolve_all(with_annotation(annotation))


@pytest.mark.parametrize(
    "annotation", ["Plain", "Hidden", "Annotated[Hidden, 'rule']", "'Secret[str]'", "Secret"]
)
def test_a_marker_around_the_whole_is_honoured_after_names(annotation):
    assert resolve_all(with_annotation(annotation))["token"].markers == {Secret}


@pytest.mark.parametrize("cls", [Login, Keys, Account])
def test_a_marker_on_a_member_of_another_class_is_refused(cls):
    Job = pconfig(with_annotation(list[cls]))
    with pytest.raises(AnnotationError, match=rf"write Secret\[{cls.__name__}\] for the field"):
        Job(token=[])
    Hides = pconfig(with_annotation(Secret[str]))
    assert "hunter2" not in repr(Hides(token="hunter2"))


class Color(enum.Enum):
    RED = 1


NOT_TYPES = [
    ("any", "did you mean typing.Any?"),
    ("callable", "did you mean collections.abc.Callable?"),
    ("[int]", r"did you mean list\[int\]?"),
    ("(int, str)", r"did you mean tuple\[int, str\], or int | str?"),
    ("{'a': int}", r"did you mean dict\[str, int\]?"),
    ("InitVar[int]", r"did you mean int\?"),
    ("3", r"did you mean typing.Literal\[3\]?"),
    ("...", "did you mean typing.Any?"),
    ("math", r"got math \(a module\)"),
    ("math.sin", r"got sin \(a function\)"),
    ("Color.RED", "did you mean .*Color?"),
    ("Optional", r"Optional needs types in brackets; write Optional\[...\]"),
    ("Literal", r"write Literal\[...\]"),
    ("list[int, str]", "the number of types in the brackets"),
    ("dict[str]", "the number of types in the brackets"),
    ("list[any]", "did you mean typing.Any?"),
    ("dict[str, 3]", r"did you mean typing.Literal\[3\]?"),
    ("NotRequired[int]", r"a key of a TypedDict; write the type alone; Omitted\[...\] is"),
    ("list[NotRequired[int]]", r"a key of a TypedDict; write the type alone; Omitted\[...\] is"),
    ("RequiredKey[int]", "Required must be .* a key of a TypedDict; write the type alone"),
    ("ReadOnly[int]", "ReadOnly must be .* a key of a TypedDict; write the type alone"),
    ("NotRequired", r"a key of a TypedDict; write the type alone; Omitted\[...\] is"),
    ("Optional[int, str]", "it cannot be evaluated: TypeError"),
    ("int[str]", "it cannot be evaluated: TypeError"),
]


@pytest.mark.parametrize(("annotation", "message"), NOT_TYPES)
def test_what_is_not_a_type_is_refused_by_name(annotation, message):
    with pytest.raises(AnnotationError, match=message) as caught:
        resolve_all(with_annotation(annotation))
    assert "Job.token: " in str(caught.value)


def test_numpy_functions_and_instances_name_the_type_that_was_meant():
    numpy = pytest.importorskip("numpy")
    for thing, meant in ((numpy.array, "numpy.ndarray"), (numpy.dtype("f4"), "dtype")):
        with pytest.raises(AnnotationError, match=meant):
            resolve_all(with_annotation(thing))


class Node:
    child: "Node" | None
    both: list["Node" | Literal["Node"]]
    noted: Annotated["Node" | None, "a rule"]


def test_a_quoted_name_in_a_union_is_the_class_that_it_names():
    found = {name: one.hint for name, one in resolve_all(Node).items()}
    assert found["child"] == Optional[Node]
    assert found["both"] == list[Union[Node, Literal["Node"]]]
    assert found["noted"] == Annotated[Optional[Node], "a rule"]


class Augment(TypedDict):
    name: str
    strength: NotRequired[float]


class Partial(TypedDict, total=False):
    name: RequiredKey[ReadOnly[str]]
    strength: float


class Further(Augment):
    seed: ReadOnly[NotRequired[int]]


@pconfig
class Augmented:
    augment: Augment
    partial: Partial
    further: Further


def test_keys_that_may_be_absent_are_seen_under_postponed_annotations():
    name = {"name": "flip"}
    config = Augmented(augment=name, partial=name, further=name)
    assert config.further == name
    for field in ("augment", "partial", "further"):
        with pytest.raises(ValueError, match=f"{field} must be .*(?s:.)*add 'name'"):
            Augmented(config, **{field: {}})
    with pytest.raises(TypeError, match="strength"):
        Augmented(config, augment={"name": "flip", "strength": "much"})


class Nested(TypedDict):
    good: NotRequired[int]
    wrong: list[NotRequired[int]]


def test_forms_of_keys_inside_of_a_key_are_refused():
    Job = pconfig(with_annotation(Nested))
    with pytest.raises(
        AnnotationError, match=r"Nested\.wrong: list\[NotRequired\[int\]\]\n.* a key"
    ):
        Job(token={"wrong": []})


class Mistyped(TypedDict):
    good: int
    wrong: Nowhere  # noqa: F821


def test_a_member_that_names_nothing_is_refused():
    Job = pconfig(with_annotation(Mistyped))
    with pytest.raises(UnknownNameError, match=r"Mistyped\.wrong"):
        Job(token={"good": 1, "wrong": 2})
