"""Widths: how many columns a line takes."""

from __future__ import annotations

from black.strings import str_width
from hypothesis import given, strategies as st

from pconfigs.codegen.width import fits, width_of


@given(st.text(st.characters(exclude_categories=["C", "Z"])))
def test_no_text_is_taken_for_narrower_than_black_takes_it(text: str) -> None:
    """What fits for us fits for black, so it never breaks a line that we left whole."""
    assert width_of(text) >= str_width(text)


def test_letters_of_two_columns_count_twice() -> None:
    """44 wide letters fill a line, and one more column is too much."""
    assert fits("漢" * 44)
    assert not fits("漢" * 44 + "a")
    assert fits("é" * 88)
    assert not fits("a" * 89)


def test_of_several_lines_the_last_one_counts() -> None:
    """A key that is spread over lines is measured from its last bracket."""
    assert fits("a" * 200 + "\n): 1,")
