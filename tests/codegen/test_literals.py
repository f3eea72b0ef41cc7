"""Literals: what holds for the code of plain values."""

from __future__ import annotations

import ast
from typing import Any

import black
import pytest
from hypothesis import given, strategies as st

from pconfigs.codegen.literals import SCALARS, block_code, joined_codes, quoted, scalar_codes
from tests.models.printed import NASTY_TEXT

PLAIN = st.one_of(
    st.integers(), st.floats(), st.booleans(), st.none(), NASTY_TEXT, st.binary(max_size=9)
)


@given(st.one_of(NASTY_TEXT, NASTY_TEXT.map(lambda text: text.encode("utf-8", "replace"))))
def test_literals_are_exact_and_quoted_as_black_would(value: Any) -> None:
    """A literal reads back as the same text, and black keeps its quotes."""
    code = quoted(value)
    assert ast.literal_eval(code) == value
    assert black.format_str(f"x = {code}\n", mode=black.Mode()) == f"x = {code}\n"


_LINES = st.lists(st.text("ab \t\"\\'#{}é", max_size=6), max_size=4).map("\n".join)


@given(st.one_of(_LINES, NASTY_TEXT))
def test_texts_of_many_lines_are_exact_or_not_printed_as_such(value: str) -> None:
    """A text in triple quotes reads back as it is, shows each line as it is, and black keeps it."""
    code = block_code(value)
    if code is None:
        return
    assert ast.literal_eval(code) == value
    assert value in code
    assert (
        black.format_str(f"f(\n    x={code},\n)\n", mode=black.Mode()) == f"f(\n    x={code},\n)\n"
    )


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("a\nb", '"""\\\na\nb"""'),
        ("a\n", '"""\\\na\n"""'),
        ("a \\\n b", 'r"""a \\\n b"""'),
        ("a", None),
        ("", None),
        ("a\nb\\", None),
        ('a\n"b"', None),
        ('a\n"""b', None),
        ("a\r\nb", None),
        ("a\n\x00", None),
    ],
)
def test_known_texts_of_many_lines(value: str, code: str | None) -> None:
    """Only where no character has to be written otherwise."""
    assert block_code(value) == code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ('say "hi"', "'say \"hi\"'"),
        ("a\"b'c", '"a\\"b\'c"'),
        ("a\nb", '"a\\nb"'),
        ("abc\\", '"abc\\\\"'),
        ('"""', '\'"""\''),
        ("C:\\new", '"C:\\\\new"'),
        ("<class 'int'>", "\"<class 'int'>\""),
        ("<a.b: c>", '"<a.b: c>"'),
        (1e16, "1e16"),
        (1e-07, "1e-07"),
        (-0.0, "-0.0"),
        (float("nan"), None),
    ],
)
def test_known_literals(value: Any, code: str | None) -> None:
    """Texts that were once printed wrongly come out as Python reads them."""
    assert SCALARS[type(value)](value) == code


@given(st.lists(PLAIN))
def test_many_scalars_give_what_each_gives(values: list[Any]) -> None:
    """Taking many values at once changes nothing in their code."""
    codes = scalar_codes(values)
    assert joined_codes(values, "\n") == (None if codes is None else "\n".join(codes))
    if codes is not None:
        assert codes == [SCALARS[type(value)](value) for value in values]
