"""Pictures of terminals in the docs show what commands print."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a terminal of Linux")


def load_tool():
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "tools" / "pictures.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


@pytest.mark.slow
def test_terminal_pictures_show_what_commands_print():
    """`python tools/pictures.py` draws them again."""
    tool = load_tool()
    for name, words in tool.TERMINAL.items():
        picture = (tool.IMAGES / f"{name}.svg").read_text(encoding="utf-8")
        assert picture == tool.terminal_picture(words, tool.printed(words)), name


def test_text_is_escaped_and_bold_text_marked():
    tool = load_tool()
    picture = tool.terminal_picture(["print", "a<b"], "\x1b[1mset\x1b[0m\n  x = 'a<b'")
    assert '<tspan class="bold">set</tspan>' in picture
    assert "x = 'a&lt;b'" in picture
    assert "a<b" not in picture
    assert "prefers-color-scheme: dark" in picture
