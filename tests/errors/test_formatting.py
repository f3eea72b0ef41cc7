import pytest
from hypothesis import given, strategies as st

from pconfigs import Pinned, Required, pconfig
from pconfigs.errors.base import PConfigError, Problem, with_hints
from pconfigs.errors.formatting import (
    at_most,
    did_you_mean,
    given_words,
    note_secrets,
    pointed,
    shorten,
    some,
    without_secrets,
)


class Line:
    """A place in a line of source."""

    line = end_line = 1

    def __init__(self, text: str, column: int, end_column: int) -> None:
        self.text, self.column, self.end_column = text, column, end_column

    def source_line(self) -> str:
        return self.text


def test_carets_are_below_what_the_place_spans():
    assert pointed(Line("    steps=3,", 4, 9), "advice") == "\n    steps=3,\n    ^^^^^ advice"


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 12))
def test_a_long_line_is_shown_around_what_is_meant(before, behind, indent):
    text = f"{' ' * indent}{'a' * before}MEANT{'z' * behind}"
    column = indent + before
    shown, carets = pointed(Line(text, column, column + 5), "").splitlines()[1:]
    assert len(shown) <= 96
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "MEANT"
    assert ("..." in shown) == (before + 5 + behind > 92)


def test_carets_are_right_below_wide_characters_and_tabs():
    """Characters of two columns count twice, marks that take none do not, a tab stays a tab."""
    line = Line('f(a="漢字",\tb="e\u0301", ccc=1)', 18, 21)
    carets = pointed(line, "").splitlines()[2]
    assert carets == f"{' ' * (4 + 11)}\t{' ' * 7}^^^"
    assert pointed(Line('x(漢字="")', 2, 4), "") == '\n    x(漢字="")\n      ^^^^'


def test_a_config_inside_of_a_container_is_reported_by_its_name():
    @pconfig
    class Part:
        x: int

    part = Part(x=1)
    told = shorten({"a": part, "b": [part, (part,)]})
    assert told == "{'a': Part(...), 'b': [Part(...), (Part(...),)]}"
    holding: list = []
    holding.append(holding)
    assert shorten(holding) == "[[[[[[...]]]]]]"
    assert shorten(list(range(1000))).startswith("[0, 1, 2, ")


def test_a_marker_is_reported_by_the_word_that_the_user_wrote():
    assert (given_words(Pinned), given_words(Required)) == ("Pinned", "Required")


@pytest.mark.parametrize(
    ("line", "span", "shown", "pointed_at"),
    [
        ("Vault(n='x', pass_word='hunter2')", "n='x'", "Vault(n='x', pass_word=...)", "n='x'"),
        ("Vault(pass_word=f('a,b', [1]), n='x')", "n='x'", "Vault(pass_word=..., n='x')", "n='x'"),
        ("Vault(pass_word='hunter2')", "'hunter2'", "Vault(pass_word=...)", "..."),
        ("Vault(pass_word='hunter2'", "Vault(pass_word='hunter2'", "Vault(pass_word=...", None),
        ("f(**{'pass_word': 'hunter2', 'n': 1})", "'n'", "f(**{'pass_word': ..., 'n': 1})", "'n'"),
        ("Vault(n=pass_word == 'x')", "n", "Vault(n=pass_word == 'x')", "n"),
        ("Open(pass_word='shown')", "'shown'", "Open(pass_word='shown')", "'shown'"),
        ("    pass_word='hunter2',", "'hunter2'", "    pass_word=...,", "..."),
        (
            "pset(c, {'a.pass_word': 'hunter2', 'n': 1})",
            "'n'",
            "pset(c, {'a.pass_word': ..., 'n': 1})",
            "'n'",
        ),
        (
            '{"**.b[0].pass_word": ["x"], "n": 1}',
            '"n"',
            '{"**.b[0].pass_word": ..., "n": 1}',
            '"n"',
        ),
        ("{'pass_word[\"x\"]': 'hunter2'}", "'hunter2'", "{'pass_word[\"x\"]': ...}", "..."),
        ("Open(a={'pass_word': 'hunter2'}, n=1)", "n=1", "Open(a={'pass_word': ...}, n=1)", "n=1"),
        ("view.a.pass_word = 'hunter2'", "view", "view.a.pass_word = ...", "view"),
        ("{'no_pass_word': 'shown'}", "'shown'", "{'no_pass_word': 'shown'}", "'shown'"),
        ("g(f(**{'pass_word': 'h'}), n=1)", "n", "g(f(**{'pass_word': ...}), n=1)", "n"),
        (
            "Open(**{'a': f(**{'pass_word': 'h'})})",
            "'a'",
            "Open(**{'a': f(**{'pass_word': ...})})",
            "'a'",
        ),
    ],
)
def test_a_line_is_shown_without_what_it_gives_to_secrets(line, span, shown, pointed_at):
    note_secrets("Vault", ["pass_word"])
    note_secrets("Open", [])
    text, column, width = without_secrets(line, line.index(span), len(span), owner="Vault")
    assert text == shown
    assert text[column : column + width] == (pointed_at or shown)


def test_hints_are_below_the_headline():
    assert with_hints("it is wrong") == with_hints("it is wrong", "") == "it is wrong"
    assert str(PConfigError("it is wrong", "", "do this", "or that")) == (
        "it is wrong\n    do this\n    or that"
    )


def test_a_problem_is_worded_with_what_is_known_of_its_place():
    problem = Problem("a.b", "must be int", "write 1")
    assert str(problem) == "a.b: must be int\n    write 1"
    problem.place = "conf.yaml:3"
    assert str(problem) == "conf.yaml:3: a.b: must be int\n    write 1"
    assert str(Problem("", "must be a mapping")) == "must be a mapping"


def test_a_problem_takes_one_line_for_its_path():
    assert str(Problem("a\nb\tc", "is unknown")) == "a\\nb\\tc: is unknown"


def test_the_nearest_word_is_a_hint():
    known = ["depth", "width"]
    assert did_you_mean("dpeth", known) == "did you mean 'depth'?"
    assert did_you_mean("dpeth", known, "@{}") == "did you mean @depth?"
    assert did_you_mean("xyz", known) == ""
    assert did_you_mean("xyz", known, otherwise="there are two") == "there are two"


def test_some_of_many_are_shown_and_the_rest_is_counted():
    assert some(["a", "b"], 2) == "a, b"
    assert some(["a", "b", "c", "d"], 2) == "a, b and 2 more"
    assert at_most(["a", "b"], 2) == ["a", "b"]
    assert at_most(["a", "b", "c"], 1, "more reasons") == ["a", "and 2 more reasons"]
