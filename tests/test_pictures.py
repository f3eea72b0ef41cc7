"""Pictures of terminals in the docs show what commands print."""

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a terminal of Linux")


@pytest.mark.slow
def test_terminal_pictures_show_what_commands_print():
    """`python tools/pictures.py` draws them again."""
    from tools import pictures as tool

    for name, words in tool.TERMINAL.items():
        picture = (tool.IMAGES / f"{name}.svg").read_text(encoding="utf-8")
        assert picture == tool.terminal_picture(words, tool.printed(words)), name


def test_text_is_escaped_and_bold_text_marked():
    from tools import pictures as tool

    picture = tool.terminal_picture(["print", "a<b"], "\x1b[1mset\x1b[0m\n  x = 'a<b'")
    assert '<tspan class="bold">set</tspan>' in picture
    assert "x = 'a&lt;b'" in picture
    assert "a<b" not in picture
    assert "prefers-color-scheme: dark" in picture
