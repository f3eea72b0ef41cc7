"""Daily words of a command line: what works here, and the answer to what is written differently."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from pconfigs import (
    Omitted,
    PConfig,
    pcheck,
    pconfig,
    pdefaults,
    pexplain,
    pinputs,
    poverride,
    pproperty,
)
from pconfigs.errors import BuildError, OverrideError
from pconfigs.overrides.override import overridden


@pconfig
class OptimizerConfig(PConfig):
    lr: float


@pconfig
class AdamConfig(OptimizerConfig):
    beta: float


@pconfig
class SGDConfig(OptimizerConfig):
    momentum: float


@pconfig
class Block(PConfig):
    width: int
    name: str | None


class Point(NamedTuple):
    x: int
    y: int


@pconfig
class Run(PConfig):
    optimizer: OptimizerConfig
    blocks: list[Block]
    tags: list[str]
    pair: tuple[int, ...]
    colours: set[str]
    heads: dict[str, int]
    extra: dict[str, Any]
    note: str | None
    text: str
    either: str | dict[str, int]
    seed: int | None
    top_k: int
    val_top_k: Omitted[int]
    point: Point
    corner: tuple[int, int]
    kept: list[int]

    @pproperty(fixup=True)
    def kept(self) -> list[int]:
        return sorted({1, *pinputs(self).kept})

    @pproperty(fixup=True)
    def val_top_k(self) -> int:
        given = pinputs(self).val_top_k
        return self.top_k if given is Omitted else given


pdefaults += OptimizerConfig(lr=0.1)
pdefaults += AdamConfig(lr=0.01, beta=0.9)
pdefaults += SGDConfig(lr=1.0, momentum=0.5)
pdefaults += Run(
    optimizer=AdamConfig(),
    blocks=[Block(width=1, name=None), Block(width=2, name="b")],
    tags=["a", "b"],
    pair=(1, 2),
    colours={"red", "blue"},
    heads={"cls": 1, "seg": 2},
    extra={"lr": 0.1},
    note="x",
    text="x",
    either="x",
    seed=1,
    top_k=5,
    val_top_k=3,
    point=Point(1, 2),
    corner=(1, 2),
    kept=[1, 2],
)
steep = SGDConfig(momentum=0.99)


@pconfig
class Shape(PConfig):
    width: int


@pconfig
class Square(Shape):
    pass


@pconfig
class Narrow(Shape):
    @pcheck
    def is_narrow(self) -> None:
        if self.width > 3:
            raise ValueError("width must be at most 3")


@pconfig
class Drawing(PConfig):
    shape: Shape


pdefaults += Shape(width=1)


@pytest.mark.parametrize(
    ("word", "path", "value"),
    [
        ("note=null", "note", None),
        ("note=None", "note", None),
        ("seed=null", "seed", None),
        ("text=null", "text", "null"),
        ("note=str(null)", "note", "null"),
        ("note='null'", "note", "null"),
        ('note="None"', "note", "None"),
        ("blocks[0].name=null", "blocks", [(1, None), (2, "b")]),
        ("blocks[*].width=7", "blocks", [(7, None), (7, "b")]),
        ("tags-=[a]", "tags", ["b"]),
        ("pair-=(1,)", "pair", (2,)),
        ("colours-={red}", "colours", {"blue"}),
        ("heads-=[seg]", "heads", {"cls": 1}),
        ("heads-=seg", "heads", {"cls": 1}),
        ('either={"a": 1}', "either", {"a": 1}),
        ("either={a: 1}", "either", {"a": 1}),
        ("either=a", "either", "a"),
        ("val_top_k=Omitted", "val_top_k", 5),
    ],
)
def test_words_set_what_they_look_like(word, path, value):
    found = getattr(poverride(Run(), [word]), path)
    if path == "blocks":
        found = [(block.width, block.name) for block in found]
    assert found == value
    assert type(found) is type(value) or path in ("tags", "heads", "colours", "either", "blocks")


def test_a_field_that_was_left_out_follows_again():
    made = poverride(Run(), ["val_top_k=Omitted", "top_k=9"])
    assert made.val_top_k == 9


@pytest.mark.parametrize(
    ("word", "cls", "momentum"),
    [("optimizer=SGD", SGDConfig, 0.5), ("optimizer=SGDConfig", SGDConfig, 0.5),
     ("optimizer=steep", SGDConfig, 0.99)],
)  # fmt: skip
def test_parts_have_short_names(word, cls, momentum):
    made = poverride(Run(), [word])
    assert (type(made.optimizer), made.optimizer.momentum) == (cls, momentum)


def test_a_wrong_short_name_lists_those_that_are_there():
    with pytest.raises(OverrideError, match="Optimizer, steep, Adam or SGD"):
        poverride(Run(), ["optimizer=SDG"])


def test_a_wrong_short_name_in_a_union_lists_those_of_all_classes():
    @pconfig
    class Choice(PConfig):
        part: AdamConfig | SGDConfig

    for word in ("part=Sdg", "part=null"):
        with pytest.raises(OverrideError, match="give Adam, SGD or steep, or the dotted path of a"):
            poverride(Choice(part=AdamConfig()), [word])


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("heads.det=3", "for a new key: heads+={det:3}"),
        ("heads[det]=3", "for a new key: heads+={det:3}"),
        ("heads.sge+=3", ""),
        ("heads.det.x=3", ""),
    ],
)
def test_a_key_that_is_not_there_is_answered_with_how_it_is_added(word, hint):
    with pytest.raises(OverrideError, match="no key") as caught:
        poverride(Run(), [word])
    assert "".join(str(caught.value).splitlines()[1:]).strip() == hint
    if hint:
        assert poverride(Run(), [hint.removeprefix("for a new key: ")]).heads["det"] == 3


def test_switching_keeps_what_was_set_and_reports_what_it_dropped():
    base = Run(optimizer=AdamConfig(lr=0.3, beta=0.5))
    made, notes = overridden(base, ["optimizer=SGD"])
    assert made.optimizer == SGDConfig(lr=0.3)
    assert notes == ["optimizer: kept lr=0.3; dropped beta=0.5"]
    made, notes = overridden(base, ["optimizer=steep"])
    assert made.optimizer == SGDConfig(lr=0.3, momentum=0.99)


def test_what_the_new_part_refuses_together_is_dropped():
    """Each value fits its field; a check of the whole part is what refuses them."""
    made, notes = overridden(Drawing(shape=Square(width=9)), ["shape=Narrow"])
    assert made.shape == Narrow(width=1)
    assert notes == ["shape: dropped width=9"]


def test_what_the_new_part_sets_wins():
    base = Run(optimizer=SGDConfig(lr=0.3, momentum=0.1))
    assert poverride(base, ["optimizer=steep"]).optimizer == SGDConfig(lr=0.3, momentum=0.99)


def test_the_class_itself_is_the_default_again():
    base = Run(optimizer=AdamConfig(lr=0.3))
    assert poverride(base, ["optimizer=Adam"]).optimizer == AdamConfig()


def test_what_a_pattern_sets_is_explained_by_its_word():
    made = poverride(Run(), ["blocks[*].width=7"])
    assert "blocks[*].width=7" in str(pexplain(made, "blocks[1].width"))


@pytest.mark.parametrize(
    ("words", "path", "value"),
    [
        (["tags[0]=Omitted"], "tags", ["b"]),
        (["tags.0=Omitted"], "tags", ["b"]),
        (["tags[-1]=Omitted"], "tags", ["a"]),
        (["tags[*]=Omitted"], "tags", []),
        (["tags[0]='Omitted'"], "tags", ["Omitted", "b"]),
        (["pair[0]=Omitted"], "pair", (2,)),
        (["heads[cls]=Omitted"], "heads", {"seg": 2}),
        (["extra.lr=Omitted"], "extra", {}),
        (["tags=[a,b,c]", "tags[0]=Omitted", "tags[2]=Omitted"], "tags", ["b"]),
        (["tags[1]=Omitted", "tags[0]=z"], "tags", ["z"]),
        (["tags[0]=Omitted", "tags[1]=z"], "tags", ["z"]),
        (["tags[0]=Omitted", "tags+=[z]"], "tags", ["b", "z"]),
        (["tags+=[z]", "tags[2]=Omitted"], "tags", ["a", "b"]),
        (["tags-=[a]", "tags[0]=Omitted"], "tags", []),
    ],
)
def test_items_are_left_out_by_their_places_in_the_list_as_it_is(words, path, value):
    assert getattr(poverride(Run(), words), path) == value


def test_a_part_of_a_list_is_left_out_and_the_others_keep_their_places():
    made = poverride(Run(), ["blocks[0]=Omitted", "blocks[1].width=9"])
    assert made.blocks == [Block(width=9, name="b")]
    assert "blocks[0]=Omitted" in str(pexplain(made, "blocks"))


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["tags[2]=Omitted"], "no item 2 in tags (list), which has 2"),
        (["tags[-3]=Omitted"], "no item -3 in tags (list), which has 2"),
        (["heads[x]=Omitted"], "no key x in heads"),
        (["tags[0]=Omitted", "tags[0]=Omitted"], "sets the same field"),
        (["tags[0]=Omitted", "tags[-2]=z"], "sets the same field"),
        (["tags[0]=Omitted", "tags=[z]"], "it would discard tags[0]=Omitted"),
        (["blocks[0]=Omitted", "blocks[0].width=3"], "blocks[0]=Omitted leaves it out"),
        (["tags[1]=z", "tags-=[a]"], "it would move or remove what tags[1]=z sets"),
        (["tags=[a,b]", "tags[1]=z", "tags-=[a]"], "give tags-=[a] first"),
        (["point[0]=Omitted"], "Run.point[0] must be int"),
        (["corner[0]=Omitted"], "Run.corner must be tuple[int, int], but got (2,)"),
        (["kept[0]=Omitted"], "Run.kept is computed"),
    ],
)
def test_what_cannot_be_left_out_is_refused(words, problem):
    with pytest.raises((OverrideError, BuildError)) as caught:
        poverride(Run(), words)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("+seed=3", "write seed=3"),
        ("++seed=3", "write seed=3"),
        ("+extra.eps=1", "write extra.eps=1, or in a dict extra+={eps:1}"),
        ("~blocks[0]", "write blocks[0]=Omitted"),
        ("~blocks[7]", "no item 7 in blocks (list), which has 2"),
        ("~top_k", "Run.top_k must be int: it cannot be left out"),
        ("~optimizer.beat", "did you mean optimizer.beta?"),
        ("seed=1,2,3", "psweep(config, grid={'seed': [1, 2, 3]})"),
        ("top_k=1,2", "psweep(config, grid={'top_k': [1, 2]})"),
        ("tags-=[z]", "does not contain 'z'"),
        ("heads-=[z]", "does not contain z"),
        ("seed-=1", "from which nothing can be removed"),
        ("blocks[*].depth=1", "nothing"),
    ],
)
def test_other_words_are_answered(word, answer):
    with pytest.raises(OverrideError) as caught:
        poverride(Run(), [word])
    assert answer in str(caught.value)


@pytest.mark.parametrize(
    ("word", "path", "value"),
    [
        ("~heads.seg", "heads", {"cls": 1}),
        ("~heads[seg]", "heads", {"cls": 1}),
        ("~tags[0]", "tags", ["b"]),
        ("~tags.0", "tags", ["b"]),
        ("~pair[1]", "pair", (1,)),
        ("~note", "note", None),
        ("~val_top_k", "val_top_k", 5),
    ],
)
def test_the_answer_to_a_removal_works_when_it_is_followed(word, path, value):
    with pytest.raises(OverrideError) as caught:
        poverride(Run(), [word])
    hint = str(caught.value).partition("write ")[2]
    assert getattr(poverride(Run(), [hint]), path) == value


@pytest.mark.parametrize("word", ["-m", "--multirun", "--config-name=first", "--cfg"])
def test_options_of_others_are_answered(word):
    from pconfigs.cli.arguments import Arguments
    from pconfigs.errors.targets import UsageError

    parser = Arguments("print", "Print.")
    parser.add_target()
    with pytest.raises(UsageError, match=r"--sweep|pconfigs run|pconfigs print"):
        parser.read(["lab.first", word])
