"""`tools/measure.py` counts what it names, and the library keeps within its bounds."""

import json
from pathlib import Path

import pytest

from tools import measure as tool

ROOT = Path(__file__).resolve().parent.parent
MOST_LAZY_IMPORTS = 24
"""Imports of own modules inside functions: each has its reason next to it. It may only go down."""


SAMPLE = {
    "__init__.py": '"""Sample."""\n',
    "a.py": '''"""First module.

Three lines of docstring."""
# a comment
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sample.low.c import C


def first(x: Any, y: "dict[str, Any]", z: int) -> None:  # a comment after code
    """Documented."""
    from sample.b import second

    second(getattr(x, "name"), """a string
    that is no docstring""")
    exec("pass")


class _Hidden:
    def method(self):
        self.__dict__
''',
    "b.py": "from .a import first\n\n\ndef second(x, y):\n    return first(x, y, 1)\n",
    "low/__init__.py": "",
    "low/c.py": "from .. import a\n\n\nclass C:\n    pass\n",
}


@pytest.fixture
def sample(tmp_path):
    for name, text in SAMPLE.items():
        path = tmp_path / "sample" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "sample"


def test_sizes(sample):
    figures = tool.measure(sample)
    assert (figures.modules, figures.lines) == (5, 33)
    assert figures.code_lines == 11 + 3 + 3
    assert (figures.functions, figures.classes) == (3, 2)
    assert figures.function_lines[-1] == 5
    assert figures.packages == {"(top)": [3, 28, 14], "low": [2, 5, 3]}


def test_documentation(sample):
    figures = tool.measure(sample)
    assert figures.comment_lines == 2
    assert figures.docstring_share == pytest.approx(5 / 33)
    assert figures.documented_share == pytest.approx(1 / 3)


def test_imports_and_cycles(sample):
    figures = tool.measure(sample)
    assert (figures.lazy_imports, figures.own_lazy_imports, figures.typing_imports) == (1, 1, 1)
    assert figures.modules_with_typing_blocks == ["sample.a"]
    assert figures.cycles == []
    assert figures.cycles_with_lazy == [["sample.a", "sample.b"]]
    assert figures.cycles_with_typing == [["sample.a", "sample.b", "sample.low.c"]]


def test_annotations_and_calls(sample):
    figures = tool.measure(sample)
    assert (figures.any_annotations, figures.any_share) == (2, 0.5)
    assert (figures.exec_calls, figures.getattr_calls) == (1, 1)


def test_table_has_a_column_for_each_package(sample, capsys):
    tool.main([str(sample), str(sample)])
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert first.split() == ["sample", "sample"]
    assert second.split() == ["modules", "5", "5"]


def test_json_has_all_figures(sample, capsys):
    tool.main(["--json", str(sample)])
    [figures] = json.loads(capsys.readouterr().out)
    assert figures["cycles_with_lazy"] == [["sample.a", "sample.b"]]


def test_library_keeps_within_its_bounds():
    """The bounds of CONTRIBUTING.md."""
    figures = tool.measure(ROOT / "pconfigs")
    assert figures.long_functions == []
    assert figures.long_modules == []
    assert {text.split()[0] for text in figures.full_folders} <= {"cli"}
    assert (figures.cycles, figures.cycles_with_lazy, figures.cycles_with_typing) == ([], [], [])
    assert figures.own_lazy_imports <= MOST_LAZY_IMPORTS
