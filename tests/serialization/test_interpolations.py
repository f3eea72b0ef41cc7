"""Interpolations: one grammar, that of OmegaConf, for files that are loaded and for `adopt`."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings, strategies as st

from pconfigs.adoption.formulas import FormulaError, formula_of
from pconfigs.adoption.reading.yaml_tree import tree_of
from pconfigs.adoption.resolved import Open, Values
from pconfigs.errors import FormatError
from pconfigs.serialization.formats.arithmetic import ARITHMETIC
from pconfigs.serialization.formats.interpolations import (
    Call,
    Computed,
    Constant,
    InterpolationError,
    Joined,
    Listed,
    Mapped,
    Reference,
    parsed,
)
from pconfigs.serialization.formats.references import resolved
from tests.examples import examples
from tests.limits import limits

DATA = {"a": 3, "b": {"c": 2.5, "d": "x y", "e": [10, 20]}, "w": "d", "n": None, "t": True}


def echo(*values):
    return {"got": [list(one) if isinstance(one, (list, tuple)) else one for one in values]}


@pytest.fixture(scope="module")
def theirs():
    """Return what OmegaConf makes of a text among the data."""
    omegaconf = pytest.importorskip("omegaconf")
    OmegaConf = omegaconf.OmegaConf
    OmegaConf.register_new_resolver("echo", echo, replace=True)
    for name, function in ARITHMETIC.items():
        OmegaConf.register_new_resolver(name, function, replace=True)

    def value(text):
        return OmegaConf.to_container(OmegaConf.create({**DATA, "f": text}), resolve=True)["f"]

    yield value
    for name in ("echo", *ARITHMETIC):
        OmegaConf.clear_resolver(name)


def ours(text):
    return resolved({**DATA, "f": text}, {"echo": echo, **ARITHMETIC})["f"]


def quoted(text, quote):
    """Return a text in quotes, backslashes doubled where they are special."""
    out, slashes = "", 0
    for index, letter in enumerate(text):
        if letter == quote or text.startswith("${", index):
            out += "\\" * (slashes + 1)
        out += letter
        slashes = slashes + 1 if letter == "\\" else 0
    return f"{quote}{out}{chr(92) * slashes}{quote}"


REFERENCES = st.sampled_from(
    ["${a}", "${b.c}", "${b.d}", "${b[d]}", "${b.e[1]}", "${b.e.0}", "${n}", "${t}", "${.a}",
     "${b.${w}}", "${b[${w}]}", "${ a }", "${.b.c}"]
)  # fmt: skip
WORDS = st.sampled_from(
    ["1", "-2", "+3", "1_0", "01", "1e3", "1.5", ".5", "5.", "inf", "nan_", "null", "NULL", "true",
     "False", "x", "a b", "x/y-z", "a.b", "$x", "a:b", r"a\,b", r"\[x\]", r"\ x\ ", r"\\", "C:\\d",
     r"1\ ", "@h|*?+", "%d"]
)  # fmt: skip
TEXTS = st.text(alphabet="ab \\'\"{}[]:,$\n", max_size=8).filter(lambda text: "$" not in text[-1:])


def arguments(below):
    items = st.lists(below, min_size=1, max_size=3).map(", ".join)
    names = st.sampled_from(["k", "2", "true", "long name"])
    return st.one_of(
        items.map(lambda text: f"[{text}]"),
        st.builds("{{{}: {}, z: {}}}".format, names, below, below),
        items.map(lambda text: f"${{echo:{text}}}"),
        items.map(lambda text: f"${{ echo : {text} }}"),
        st.builds("{}-{}".format, REFERENCES, st.sampled_from(["x", r"\,", "${a}"])),
        st.builds(
            "{1}pre ${{{0}}}{1}".format, st.sampled_from(["a", "b.d"]), st.sampled_from("'\"")
        ),
    )


ARGUMENTS = st.recursive(
    REFERENCES | WORDS | st.builds(quoted, TEXTS, st.sampled_from("'\"")), arguments, max_leaves=6
)
STRINGS = st.lists(
    st.one_of(
        REFERENCES, st.sampled_from(["x", " ", "\\", "{", "}", "'", r"\${a}", r"\\${a}", r"\\\${"]),
        st.lists(ARGUMENTS, min_size=1, max_size=2).map(lambda one: f"${{echo:{','.join(one)}}}"),
    ),
    min_size=1, max_size=3,
)  # fmt: skip


LETTERS = st.sampled_from(
    ["${", "${echo:", "${a}", "${b.", "}", ":", ",", ".", "[", "]", "{", "'", '"', "\\",
     " ", "a", "b", "1"]
)  # fmt: skip


def same(one, other):
    return json.dumps(one) == json.dumps(other)


@pytest.mark.slow
@given(ARGUMENTS)
@settings(max_examples=examples(200), deadline=None)
def test_arguments_are_those_of_omegaconf(theirs, text):
    whole = f"${{echo:{text}}}"
    assert same(ours(whole), theirs(whole))


@pytest.mark.slow
@given(STRINGS)
@settings(max_examples=examples(200), deadline=None)
def test_strings_are_those_of_omegaconf(theirs, pieces):
    text = "".join(pieces)
    if len(pieces) > 1 and "echo" in text:
        return  # OmegaConf joins containers to strings, too
    try:
        expected = theirs(text)
    except Exception:
        return
    assert same(ours(text), expected)


@pytest.mark.slow
@given(st.lists(LETTERS, max_size=12).map("".join))
@settings(max_examples=examples(400), deadline=None)
def test_any_text_is_understood_as_omegaconf_does_or_refused(theirs, text):
    try:
        found = ours(text)
    except FormatError as error:
        if "leads to more than one value" in str(error):
            return  # OmegaConf joins containers to strings, too
        found = ValueError
    try:
        expected = theirs(text)
    except Exception:
        return
    assert found is not ValueError
    assert same(found, expected)


@st.composite
def computations(draw):
    """The text of an interpolation that needs arithmetic alone."""
    numbers = st.sampled_from(
        ["${a}", "${b.c}", "${b.e[1]}", "${.a}", "2", "1_0", "-1.5", "'3'", "x"]
    )
    inner = st.recursive(
        numbers,
        lambda below: st.builds(
            "${{{}:{}, {}}}".format, st.sampled_from(["add", "mul", "max", "sub"]), below, below
        ),
        max_leaves=4,
    )
    text = st.sampled_from(["", "x", "\\", r"\${a}", "{", "'"])
    return draw(text) + draw(inner) + draw(text)


@given(computations())
@settings(max_examples=examples(300))
def test_adopt_computes_what_the_loader_computes(text):
    tree = tree_of(json.dumps({**DATA, "f": text}), "a.yaml")
    value = Values(tree).all()["f"]
    if isinstance(value, Open):
        with pytest.raises(FormatError):
            ours(text)
    else:
        assert same(value, ours(text))


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("a", Constant("a")),
        ("${a.b}", Reference(("a", "b"))),
        ("${..a[0]}", Reference(("a", "0"), 2)),
        ("x${a}", Joined((Constant("x"), Reference(("a",))))),
        ("${a.${b}}", Computed((Constant("a."), Reference(("b",))))),
        ("${f:1,'${a}'}", Call("f", (Constant(1), Joined((Reference(("a",)),))))),
        ("${f:[a,{k: 2}]}",
         Call("f", (Listed((Constant("a"), Mapped((("k", Constant(2)),)))),))),
    ],
)  # fmt: skip
def test_each_form_has_its_formula(text, formula):
    assert parsed(text) == formula
    assert hash(parsed(text)) == hash(formula)


MALFORMED = [
    ("${a", "a ${ is never closed"),
    ("${}", "the reference ${} is empty"),
    ("${a..b}", "${a..b} is not a reference"),
    ("${a{}", "a reference cannot have '{'"),
    ("${f:'a}", "a quotation mark is never closed"),
    ("${f:[a}", "'}' must be in quotes"),
    ("${f:a", "'}' is missing"),
    ("${f:a'b'}", '"\'" must be in quotes'),
    ("${f:(a)}", "'(' must be in quotes"),
    ("${f:'a' b}", "'b' must be in quotes"),
    ("${f:{a}}", "a mapping without a key"),
    ("${1f:a}", "'1f' cannot be the name of a resolver"),
    ("${${a}:b}", "cannot be the name of a resolver"),
    ("${" * 51 + "}" * 51, "nested more than 50 deep"),
    ("${f:" + "[" * 51, "nested more than 50 deep"),
]


@pytest.mark.parametrize(("text", "problem"), MALFORMED)
def test_what_is_malformed_is_refused_in_the_same_words(text, problem):
    for error, read in (
        (InterpolationError, parsed),
        (FormatError, ours),
        (FormulaError, formula_of),
    ):
        with pytest.raises(error) as caught:
            read(text)
        assert problem in str(caught.value)


@pytest.mark.parametrize(
    "text", ["\\" * 100_000, "${a}" * 20_000, "${f:" + " " * 100_000, "${f:{k" + " " * 100_000,
             "${" + "[" * 100_000, "${f:" + "\\" * 100_001, "'" * 100_000],
)  # fmt: skip
def test_parsing_takes_time_in_proportion_to_the_text(text):
    with limits(seconds=5):
        try:
            parsed(text)
        except InterpolationError:
            pass
