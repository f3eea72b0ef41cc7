"""The compiled initializer and the general builder agree: random classes, names and calls."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pconfigs import Pin, Pinned, Required, pconfig, pdefaults, pinputs, pproperty, pset, psetter
from pconfigs.build.compiled_init import compiled_initializer
from pconfigs.build.construction import build
from pconfigs.declare.field_names import KEYWORDS
from pconfigs.errors import ReservedNameError
from pconfigs.provenance.origins import origin_of
from pconfigs.schema.build_record import (
    CODE,
    INHERITED,
    OPEN,
    RAW,
    bases_of,
    getframe,
    reads_of,
    record_of,
)
from pconfigs.schema.class_schema import schema_of
from tests.examples import examples

BUILTINS = sorted(n for n in dir(builtins) if n.isidentifier() and not n.startswith("__"))
NAMES = sorted(
    {n for n in [*BUILTINS, *keyword.softkwlist] if not keyword.iskeyword(n)} - {"_"}
) + ["self", "cls", "schema", "frame", "bases", "given", "value", "set", "record", "_x", "x", "y"]
KINDS = [
    "int",
    "any",
    "list",
    "kind",
    "pinned",
    "refined",
    "derived",
    "tie",
    "part",
    "waiting",
    "branch",
    "helped",
    "list tie",
]
called: list[Any] = []


class Kind:
    """A class that must not be constructed by the library."""

    def __init__(self, *args: Any) -> None:
        called.append(args)


@pconfig
class Part:
    n: int
    width: Pinned[int]


def never(*args: Any) -> Any:
    """Return something that would pass for a type, if the library ever called it."""
    called.append(args)
    return int


BODY = {
    "int": "    {name}: Int",
    "any": "    {name}: Anything",
    "list": "    {name}: Ints",
    "kind": "    {name}: KindType",
    "pinned": "    {name}: Pinned[Int]",
    "part": "    {name}: Part",
    "refined": "    {name}: Int\n    @pproperty\n    def {name}(self) -> Int:\n"
    "        given = pinputs(self).{name}\n"
    "        return 100 if given is Pinned else given + 1",
    "derived": "    {name}: Pinned[Text]\n    @pproperty\n    def {name}(self) -> Text:\n"
    "        return f'{{self.{read}}}'",
    "tie": "    {name}: Part\n    @pproperty(fixup=True)\n    def {name}(self) -> Part:\n"
    "        given = pinputs(self).{name}\n"
    "        return Part(given, width=Pin(Length(self.{read})))",
    "waiting": "    @pproperty\n    def {name}(self) -> Text:\n"
    "        return Same('<' + Text(self.{read}) + '>') if self.{read} else Same('none')",
}


BODY["branch"] = """\
    @pproperty
    def {name}(self) -> Text:
        if isinstance(self.{first}, Int):
            return Text(self.{first})
        return Text(self.{read})"""
BODY["helped"] = """\
    def helper_of_{name}_(self): return self.{read}
    @pproperty
    def {name}(self) -> Text: return Text(self.helper_of_{name}_())"""
BODY["list tie"] = """\
    {name}: Parts
    @pproperty(fixup=True)
    def {name}(self) -> Parts:
        return [Part(part, width=Pin(Length(self.{read}))) for part in pinputs(self).{name}]"""


def source(fields: list[tuple[str, str]], base: str = "") -> str:
    """Return the definition of a class with fields of these names and kinds."""
    lines = ["@pconfig", f"class {'K' if base else 'B'}{base}:", "    pass"]
    for index, (name, kind) in enumerate(fields):
        names = {"name": name, "read": fields[index - 1][0], "first": fields[0][0]}
        lines.append(BODY[kind if index or "{read}" not in BODY[kind] else "int"].format_map(names))
    return "\n".join(lines)


def family(inherited: list[tuple[str, str]], own: list[tuple[str, str]], compiled: bool) -> Any:
    """Return the classes B and K(B), whose configs are built one way."""
    space: dict[str, Any] = {
        "__name__": __name__, "pconfig": pconfig, "pproperty": pproperty, "pinputs": pinputs,
        "Pin": Pin, "Pinned": Pinned, "Int": int, "Text": str, "Anything": Any, "Part": Part,
        "Ints": list[int], "Parts": list[Part], "KindType": type[Kind],
        "Length": lambda value: len(str(value)), "Same": lambda value: value,
    }  # fmt: skip
    exec(compile(source(inherited) + "\n" + source(own, "(B)"), "<classes>", "exec"), space)
    for cls in (space["B"], space["K"]):
        schema = schema_of(cls)
        cls.__init__ = compiled_initializer(schema) if compiled else general_initializer(schema)
    return space["B"], space["K"]


def general_initializer(schema: Any) -> Any:
    """Return an `__init__` that leaves every call to `build`."""

    def __init__(self: Any, /, *bases: Any, **given: Any) -> None:
        frame = getframe(1)
        build(schema, self, bases, given, frame.f_code, frame.f_lasti)

    return __init__


VALUES = st.sampled_from(
    [1, 7, "x", True, None, [1], [1, "x"], [Required], Kind, never, "part", "open part", "parts"]
) | st.sampled_from([Required, Pinned, Pin(3), Pin("x"), Pin("part")])
FITTING: dict[str, Any] = {
    "int": 1, "any": never, "list": [1], "kind": Kind, "refined": 2, "tie": "part", "part": "part",
    "list tie": "parts",
}  # fmt: skip


def real(value: Any) -> Any:
    """Return a value of a call, its parts made."""
    if type(value) is Pin:
        return Pin(real(value.value))
    if value == "part":
        return Part(n=1, width=Pin(2))
    if value == "parts":
        return [Part(n=n, width=Pinned) for n in range(2)]
    return Part(n=1, width=Pinned) if value == "open part" else value


def outcome(cls: Any, bases: list[Any], keywords: dict[str, Any]) -> tuple[Any, Any]:
    """Return the config that a call makes, and it or its error in comparable terms."""
    return result(lambda: cls(*bases, **keywords))


def result(make: Callable[[], Any]) -> tuple[Any, Any]:
    """Return the config that is made, and it or the error in comparable terms."""
    try:
        config = make()
    except Exception as error:
        return None, (type(error), str(error), getattr(error, "__notes__", None))
    record = record_of(config)
    fields = schema_of(config).fields
    reads = {name: sorted(read) for name, read in reads_of(config).items()}
    return config, (
        type(config).__name__,
        [(name, type(getattr(config, name)), str(getattr(config, name))) for name in fields],
        str(sorted((record[RAW] or {}).items(), key=lambda item: item[0])),
        [str(getattr(pinputs(config), name)) for name in fields],
        (record[INHERITED], record[CODE], record[OPEN], reads),
        [str(base) for base in bases_of(config)],
        [str(origin_of(config, name)) for name in fields],
    )


FIELDS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(KINDS)),
    min_size=1, max_size=6, unique_by=lambda field: field[0],
)  # fmt: skip


@st.composite
def calls(draw: Any, names: list[str]) -> tuple[str, list[int], dict[str, Any], bool]:
    """Return a class, bases (earlier results), changed keywords, whether to give all others."""
    known = st.sampled_from(names) if draw(st.integers(0, 9)) else st.just("unknown_")
    changed = draw(st.dictionaries(known, VALUES, max_size=2))
    bases = draw(st.lists(st.integers(0, 5), max_size=2))
    return draw(st.sampled_from("KKKB")), bases, changed, draw(st.booleans())


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), fields=FIELDS, split=st.integers(0, 6))
def test_both_ways_agree_over_random_classes_names_and_calls(data, fields, split):
    """Values, inputs, records, errors and notes are the same; no value of a field is called."""
    called.clear()
    inherited, own = fields[:split], fields[split:]
    made = [family(inherited, own, compiled) for compiled in (False, True)]
    results: list[list[Any]] = [[], []]
    for name, bases, changed, is_full in data.draw(
        st.lists(calls([name for name, _ in fields]), min_size=1, max_size=6)
    ):
        as_default = data.draw(st.booleans())
        described = []
        for (B, K), configs in zip(made, results):
            cls = K if name == "K" else B
            known = dict(fields if cls is K else inherited)
            words = dict(changed)
            if is_full:
                fitting = {name: FITTING[kind] for name, kind in known.items() if kind in FITTING}
                words = {**fitting, **changed}
            words = {name: real(value) for name, value in words.items()}
            chosen = [configs[index % len(configs)] for index in bases if configs]
            config, words_of_it = outcome(cls, [base for base in chosen if base], words)
            configs.append(config)
            described.append(words_of_it)
            if as_default and config is not None and schema_of(config).default is None:
                pdefaults.__iadd__(config)
        assert described[0] == described[1]
    assert called == []


INTS = st.integers(0, 9)
TEXTS = st.sampled_from("abc")
FITS: dict[str, Any] = {
    "int": INTS,
    "any": INTS,
    "list": st.lists(INTS, max_size=2),
    "kind": st.sampled_from([Kind, int]),
    "pinned": INTS.map(Pin) | INTS.map(Pin) | st.just(Pinned),
    "refined": INTS | st.just(Pinned),
    "tie": st.sampled_from(["part", "open part"]),
    "part": st.sampled_from(["part", "open part"]),
    "list tie": st.just("parts"),
    **dict.fromkeys(["derived", "waiting", "branch", "helped"], TEXTS.map(Pin)),
}
"""Values that fit a field of each kind; what properties compute may be pinned, too."""
OF_PROPERTIES = ("derived", "waiting", "branch", "helped")


@st.composite
def fitting_calls(draw: Any, fields: dict[str, dict[str, str]]) -> list[tuple[str, Any, Any]]:
    """Return calls that mostly succeed: full ones, then ones with up to three bases."""
    found: list[tuple[str, Any, Any]] = []
    for number in range(draw(st.integers(3, 8))):
        cls = draw(st.sampled_from("KKB"))
        bases = draw(st.lists(st.integers(0, number - 1), max_size=3)) if number > 2 else []
        words = {}
        for name, kind in fields[cls].items():
            chance = 5 if bases or kind in OF_PROPERTIES else 0
            if not draw(st.integers(0, chance)):
                words[name] = draw(FITS[kind])
        found.append((cls, bases, words))
    return found


@settings(max_examples=examples(200), suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), fields=FIELDS, split=st.integers(0, 6))
def test_both_ways_agree_over_several_bases_ancestors_and_edits(data, fields, split):
    """Each field is from the first base that has it, then from a default, also in variants."""
    inherited = as_made(fields[:split])
    own = as_made(fields[split:])
    calls = data.draw(fitting_calls({"B": dict(inherited), "K": dict([*inherited, *own])}))
    default = data.draw(st.integers(0, 4))
    edit = st.tuples(st.integers(0, len(calls) - 1), st.sampled_from([*inherited, *own]))
    edits = [
        (index, name, data.draw(FITS[kind]))
        for index, (name, kind) in data.draw(st.lists(edit, max_size=3))
    ]
    made = []
    for compiled in (False, True):
        B, K = family(inherited, own, compiled)
        configs: list[Any] = []
        described = []
        for name, bases, words in calls:
            chosen = [configs[index] for index in bases if configs[index] is not None]
            given = {name: real(value) for name, value in words.items()}
            config, words_of_it = outcome(K if name == "K" else B, chosen, given)
            if len(configs) == default and config is not None:
                pdefaults.__iadd__(config)
            configs.append(config)
            described.append(words_of_it)
        for index, name, value in edits:
            if configs[index] is not None:
                change = {name: real(value)}
                described.append(result(lambda: pset(configs[index], change))[1])  # noqa: B023
                described.append(result(lambda: by_setter(configs[index], change))[1])  # noqa: B023
        made.append(described)
    assert made[0] == made[1]


def by_setter(config: Any, change: dict[str, Any]) -> Any:
    """Return a variant of a config, its fields set as attributes."""
    view = psetter(config)
    for name, value in change.items():
        setattr(view, name, value)
    return psetter(construct=view)


def as_made(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return fields with the kinds that `source` gives them: the first one reads no other."""
    return [
        (name, kind if index or "{read}" not in BODY[kind] else "int")
        for index, (name, kind) in enumerate(fields)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_field_of_any_name_is_built_like_any_other(name):
    """A field named like a builtin changes neither values nor messages, in any build."""
    space: dict[str, Any] = {"pconfig": pconfig, "pproperty": pproperty, "Kind": Kind, "Int": int}
    exec(
        f"@pconfig\nclass C:\n    {name}: type[Kind]\n    other_: Int\n"
        f"    @pproperty\n    def label_(self) -> str: return f'{{self.{name}.__name__}}'",
        space,
    )
    called.clear()
    messages = set()
    for n in range(15):
        assert space["C"](**{name: Kind, "other_": n}).label_ == "Kind"
        with pytest.raises(TypeError, match="other_ must be int, but got") as refused:
            space["C"](**{name: Kind}, other_="not an int")
        messages.add(str(refused.value))
    assert called == []
    assert len(messages) == 1


def test_a_base_whose_input_is_pinned_means_the_same_in_every_build():
    """`Pinned` asks for what the property computes; inheriting it keeps the default out."""

    @pconfig
    class K:
        a: int

        @pproperty
        def a(self) -> int:
            given = pinputs(self).a
            return 100 if given is Pinned else given

    pdefaults.__iadd__(K(a=5))
    base = K(a=Pinned)
    assert base.a == 100
    assert [K(base).a for _ in range(15)] == [100] * 15
    assert K(K(base)) == base


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("class", "must not be a keyword of Python, got 'class'"),
        ("__class__, print('run')", "must be an identifier, got "),
        ("two words", "must be an identifier, got 'two words'"),
        ("", "must be an identifier, got ''"),
        ("ﬁeld", "must be 'field', the form in which Python reads the identifier, got 'ﬁeld'"),
    ],
)
def test_a_field_name_must_be_an_identifier(name, rule):
    """A class made by `type()` may have any names; one that no call could give is refused."""
    body = {"__annotations__": {name: int}, "__module__": __name__}
    with pytest.raises(ReservedNameError, match="a field name of K") as refused:
        pconfig(type("K", (), body))
    assert rule in str(refused.value)
    with pytest.raises(ReservedNameError, match="a field name of K"):
        pconfig(type("K", (), {name: pproperty(never), "__module__": __name__}))


def test_the_keywords_are_those_of_this_python():
    """The library has them written out, because it does without importing `keyword`."""
    assert set(keyword.kwlist) == KEYWORDS
