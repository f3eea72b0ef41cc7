from hypothesis import given, strategies as st

from pconfigs.errors.words import pointed


class Line:
    """A place in a line of source."""

    line = end_line = 1

    def __init__(self, text: str, column: int, end_column: int) -> None:
        self.text, self.column, self.end_column = text, column, end_column

    def source_line(self) -> str:
        return self.text


def test_carets_stand_below_what_the_place_spans():
    assert pointed(Line("    steps=3,", 4, 9), "advice") == "\n    steps=3,\n    ^^^^^ advice"


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 12))
def test_a_long_line_is_shown_around_what_is_meant(before, behind, indent):
    text = f"{' ' * indent}{'a' * before}MEANT{'z' * behind}"
    column = indent + before
    shown, carets = pointed(Line(text, column, column + 5), "").splitlines()[1:]
    assert len(shown) <= 96
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "MEANT"
    assert ("..." in shown) == (before + 5 + behind > 92)
