"""Tables: cells below one another, within the width."""

from hypothesis import given, strategies as st

from pconfigs.reports.summaries import cut_inside
from pconfigs.reports.tables import WIDTH, columns, row_lines

CELLS = st.text("ab/:1", min_size=1, max_size=90)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=6))
def test_cells_that_fit_on_a_line_stay_within_the_width(rows):
    lines = columns(rows)
    assert all(len(line) <= WIDTH for line in lines)
    assert "".join("".join(lines).split()) == "".join("".join(row) for row in rows)


def test_cells_are_below_one_another():
    assert columns([("a", "bb", "c"), ("aaa", "b", "c")]) == ["a    bb  c", "aaa  b   c"]


def test_each_row_has_lines_of_its_own():
    head = "x" * 70
    assert row_lines([(head, "y" * 50), ("x", "y")]) == [[head, "    " + "y" * 50], ["x  y"]]


def test_a_wide_cell_is_folded_between_its_parts():
    (lines,) = row_lines([("label", f"{'x' * 60}  {'y' * 60}")])
    assert [len(line) <= WIDTH for line in lines] == [True, True]


@given(st.text("ab[]", max_size=200), st.integers(10, 60))
def test_a_path_that_is_cut_keeps_both_ends(text, limit):
    shown = cut_inside(text, limit)
    assert len(shown) <= limit
    if shown != text:
        assert text.startswith(shown[: limit // 3])
        assert text.endswith(shown.rpartition("...")[2])
