"""Interpolations: parsed and computed as OmegaConf does."""

from __future__ import annotations

import importlib
import math

import pytest
from hypothesis import given, settings, strategies as st

from pconfigs.adoption.formulas import FormulaError, formula_of
from pconfigs.adoption.reading.yaml_tree import tree_of
from pconfigs.adoption.resolved import Open, Values
from pconfigs.schema.class_schema import schema_of
from tests.examples import examples

TEXT = """
a: 3
b: {c: 2.5, d: x, e: [10, 20]}
f: %s
"""
ARITHMETIC = {"add": lambda a, b: a + b, "mul": lambda a, b: a * b, "max": max}

CASES = [
    "${a}",
    "${b.c}",
    "${b.e}",
    "${b.e[1]}",
    "${b.e.0}",
    "${b}",
    '"${a}/${b.d}"',
    '"pre-${b.d}"',
    '"${b.d}{x}"',
    r'"\\${a}"',
    "${mul:${a},2}",
    "${add:${mul:${a},2},${b.c}}",
    "${max:1, ${a}}",
    '"${mul: 2 , 1.5}"',
    "${.a}",
    "${add:'x','${b.d}'}",
    '${add:"a,b",c}',
    r"C:\dir\\${b.d}",
    r"\\\${b.d} \\\\${b.d}",
    r"${add:a\,b,\:\\}",
    r"${add:'${b.d}\\${b.d}','\'\\'}",
    "${add:01,_1}",
    "${add:1_0,+1_0.5}",
    "${add:inf,1e1_0}",
    "${add:infinity,1__0}",
]


@pytest.mark.parametrize("text", CASES)
def test_values_are_those_of_omegaconf(text):
    omegaconf = pytest.importorskip("omegaconf")
    for name, function in ARITHMETIC.items():
        omegaconf.OmegaConf.register_new_resolver(name, function, replace=True)
    try:
        theirs = omegaconf.OmegaConf.to_container(
            omegaconf.OmegaConf.create(TEXT % text), resolve=True
        )
    finally:
        for name in ARITHMETIC:
            omegaconf.OmegaConf.clear_resolver(name)
    assert Values(tree_of(TEXT % text, "a.yaml")).all() == theirs


@pytest.mark.parametrize(
    "text", ["${a", "${${a}}", "${mul:{a: 1}}", "${mul:'a}", "${}", "${.}", "${a..b}"]
)
def test_malformed_interpolations_are_refused(text):
    with pytest.raises(FormulaError):
        formula_of(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("${nowhere}", "nothing at nowhere"),
        ("${f}", "refers to"),
        ("${eval:'1'}", "the resolver 'eval' is unknown here"),
        ("${mul:${b.d},x}", "fails"),
    ],
)
def test_what_has_no_value_is_open(text, why):
    value = Values(tree_of(TEXT % text, "a.yaml")).all()["f"]
    assert isinstance(value, Open)
    assert why in value.why


@given(st.text(alphabet="${}:,.[]'\"\\ ab1", max_size=20))
@settings(max_examples=examples(300))
def test_any_text_is_parsed_or_refused(text):
    """No other exception, and no endless loop."""
    try:
        formula_of(text)
    except FormulaError:
        pass


def test_a_computation_that_fails_is_left_to_decide(adopted):
    text = "a: x\nb: ${mul:${a},2}\nc: ${div:1,0}\nd: ${add:${c},1}\ne: ${int:2.5}\n"
    done = adopted({"given.yaml": text}, "given.yaml")
    assert [str(one) for one in done.findings] == [
        "given.yaml:2: b: mul('x', 2) fails: must be a number, got 'x'",
        "given.yaml:3: c: div(1, 0) fails: division by zero",
    ]
    assert done.compared == 2  # not b and c, and d, which follows from c
    cls = importlib.import_module("made.given").GivenConfig
    assert cls(b=1, c=2).d == 3
    assert schema_of(cls).fields["e"].hint is int


def test_values_that_two_others_read_are_computed_once(adopted):
    """Each is the square of the one before: the last would read the first 2 ** 60 times."""
    lines = ["v0: 1"] + [f"v{n + 1}: ${{mul:${{v{n}}},${{v{n}}}}}" for n in range(60)]
    done = adopted({"given.yaml": "\n".join(lines) + "\n"}, "given.yaml")
    assert (done.findings, done.differences) == ([], [])


def test_results_without_bound_are_left_to_decide(adopted):
    lines = ["v0: 10"] + [f"v{n + 1}: ${{mul:${{v{n}}},${{v{n}}}}}" for n in range(40)]
    done = adopted({"given.yaml": "\n".join(lines) + "\n"}, "given.yaml")
    (finding,) = done.findings
    assert "v13: mul(" in str(finding)
    assert "more than 4,500 digits" in str(finding)


@pytest.mark.parametrize("text", ["${div:${a},0}", "${add:${a},x}", "${int:${b}}"])
@pytest.mark.parametrize("shape", ["[1, {}]", "[[{}]]", "[{{c: {}}}]"])
def test_a_computation_that_fails_in_a_list_is_left_to_decide(text, shape, adopted):
    done = adopted({"a.yaml": f"a: 2\nb: x\nl: {shape.format(repr(text))}\n"}, "a.yaml")
    (finding,) = done.findings
    assert "fails" in str(finding) or "a part of it must be given" in str(finding)
    assert done.differences == []


@pytest.mark.parametrize(
    ("text", "value"), [("${max:${a},1e999}", math.inf), ("${min:${a},-1e999}", -math.inf)]
)
def test_numbers_that_are_not_finite_are_written_as_code(text, value, adopted):
    done = adopted({"a.yaml": f"a: 2\nb: {text!r}\n"}, "a.yaml")
    assert (done.findings, done.differences) == ([], [])
    assert importlib.import_module("made.a").AConfig().b == value
