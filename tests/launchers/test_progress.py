"""Progress: a table that is drawn anew on a terminal, a line for each change elsewhere."""

import re
import sys

import pytest

from pconfigs.launchers.progress import Progress, counts_text


def screen(text):
    """Return the lines that a terminal shows after some text."""
    lines = [""]
    for piece in re.split(r"(\x1b\[\d+A\x1b\[J|\n)", text):
        if piece == "\n":
            lines.append("")
        elif piece.startswith("\x1b["):
            up = int(re.search(r"\d+", piece)[0])
            lines = [*lines[: len(lines) - 1 - up], ""]
        else:
            lines[-1] += re.sub(r"\x1b\[\d*m", "", piece)
    return lines


def test_a_line_for_each_change(capsys):
    progress = Progress(3, live=False)
    progress.note("3 runs: 3 to run")
    progress.changed("running", "a.1", 0)
    progress.tick()
    progress.changed("done", "a.1", 1, "(0.1 s)")
    progress.close()
    assert capsys.readouterr().err == (
        "3 runs: 3 to run\n0/3  running  a.1\n1/3  done     a.1  (0.1 s)\n"
    )


def test_a_table_of_what_runs_below_what_has_ended(capsys):
    progress = Progress(3, live=True)
    progress.note("3 runs: 3 to run")
    progress.changed("running", "a.1", 0)
    progress.changed("running", "b.1", 0)
    text = capsys.readouterr().err
    assert [line.split()[-1] for line in screen(text) if line] == ["run", "a.1", "b.1"]
    progress.changed("failed", "a.1", 1, "(exit code 3)")
    text += capsys.readouterr().err
    lines = [line for line in screen(text) if line]
    assert lines[1] == "1/3  failed   a.1  (exit code 3)"
    assert lines[2].endswith("s  b.1")
    progress.close()
    text += capsys.readouterr().err
    assert [line for line in screen(text) if line] == lines[:2]


def test_the_table_is_not_drawn_more_often_than_needed(capsys):
    progress = Progress(1, live=True)
    progress.changed("running", "a.1", 0)
    capsys.readouterr()
    for _ in range(50):
        progress.tick()
    assert capsys.readouterr().err == ""


def test_counts_are_words():
    assert counts_text({"done": 2, "failed": 0, "to run": 1}) == "2 done, 1 to run"
    assert counts_text({}) == ""


def test_what_controls_a_terminal_is_escaped(capsys):
    progress = Progress(1, live=True)
    progress.note("elsewhere: \x1b[2J")
    progress.changed("failed", "a.1", 1, "(ValueError: \x1b[2J\x07)")
    text = capsys.readouterr().err
    assert "\x1b[2J" not in text
    assert "\x1b[31mfailed   \x1b[0ma.1  (ValueError: \\x1b[2J\\x07)" in text


def test_nothing_is_printed_where_stderr_is_closed(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    progress = Progress(1)
    progress.note("1 run: 1 to run")
    progress.changed("running", "a.1", 0)
    progress.tick()
    progress.close()


@pytest.mark.parametrize(
    ("setting", "shown"), [("", "\x1b[32mdone     \x1b[0m"), ("1", "done     ")]
)
def test_colours_can_be_switched_off(capsys, monkeypatch, setting, shown):
    """By a variable that is not empty, as everywhere: no-color.org."""
    monkeypatch.setenv("NO_COLOR", setting)
    Progress(1, live=True).changed("done", "a.1", 1)
    assert capsys.readouterr().err == f"1/1  {shown}a.1\n"
