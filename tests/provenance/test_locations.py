"""Places have the text of the source, or nothing."""

import bisect
import importlib
import linecache
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pconfigs.provenance.locations import (
    Location,
    argument_place,
    function_place,
    keyword_place,
    keyword_text,
    place_of,
)

HELPER = """
import sys
class Seen:
    def __init__(self, *args, **kwargs):
        frame = sys._getframe(1)
        self.at = (frame.f_code, frame.f_lasti)
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Writes a module, imports it and gives its namespace."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def run(source, name="given"):
        (tmp_path / f"{name}.py").write_text(HELPER + source, encoding="utf-8")
        sys.modules.pop(name, None)
        importlib.invalidate_caches()
        return importlib.import_module(name)

    yield run
    linecache.clearcache()
    sys.modules.pop("given", None)


def start():
    """Lines before what a test writes."""
    return HELPER.count("\n")


def shown(place):
    """What a place spans, read from the file by hand."""
    assert place is not None
    assert place.line == place.end_line
    lines = Path(place.file).read_text(encoding="utf-8").split("\n")
    return lines[place.line - 1][place.column : place.end_column]


def test_keyword_of_a_call_over_lines(run):
    """A keyword is found on its own line."""
    module = run("c = Seen(\n    a=1,\n    base_lr=1e-3,\n)\n")
    place = keyword_place(*module.c.at, "base_lr")
    assert (str(place), place.column, place.end_column) == (f"given.py:{start() + 3}", 4, 11)
    assert keyword_text(*module.c.at, "base_lr") == "base_lr=1e-3"
    assert place.source_line() == "    base_lr=1e-3,"
    assert place.exact == f"given.py:{start() + 3}:5"


def test_calls_on_one_line_are_distinguished(run):
    """Of several calls on one line, each has its own keyword."""
    module = run("a = Seen(x=1); b = Seen(y=2, x=2); c = [Seen(x=Seen(x=4)), Seen(x=5)]\n")
    assert keyword_text(*module.a.at, "x") == "x=1"
    assert keyword_text(*module.b.at, "x") == "x=2"
    assert keyword_text(*module.c[0].at, "x") == "x=Seen(x=4)"
    assert keyword_text(*module.c[1].at, "x") == "x=5"


def test_columns_are_characters(run):
    """Columns count characters, also after letters of several bytes."""
    module = run("'ÄÖÜ€'; c = Seen(größe='😀', x=2)\n")
    assert shown(keyword_place(*module.c.at, "größe")) == "größe"
    assert shown(keyword_place(*module.c.at, "x")) == "x"


def test_lambda_and_function(run):
    """Calls inside lambdas and functions are found, and the function is named."""
    module = run(
        "def make():\n    assert True\n    return Seen(x=1)\nc = make()\n"
        "d = (lambda: (Seen(x=1), Seen(x=2)))()\n"
    )
    assert shown(keyword_place(*module.c.at, "x")) == "x"
    assert keyword_place(*module.c.at, "x").function == "make"
    assert keyword_text(*module.d[1].at, "x") == "x=2"


def test_chained_call(run):
    """A call after an attribute on another line is found."""
    module = run(
        "import sys\nme = sys.modules[__name__]\nc = (\n    me\n    .Seen(\n        x=1\n    )\n)\n"
    )
    assert keyword_text(*module.c.at, "x") == "x=1"


def test_arguments(run):
    """Positional arguments are found until a `*`; after it they cannot be known."""
    module = run("b = [1]\nc = Seen(b[0], 22, *b, 4)\n")
    assert shown(argument_place(*module.c.at, 0)) == "b[0]"
    assert shown(argument_place(*module.c.at, 1)) == "22"
    assert argument_place(*module.c.at, 2) is None
    assert argument_place(*module.c.at, 3) is None


def test_keyword_from_a_mapping(run):
    """A keyword that came through the only `**mapping` is there; through one of two, unknown."""
    module = run("m = {'x': 1}\nc = Seen(**m)\nd = Seen(**m, **{})\ne = Seen(y=1)\n")
    assert shown(keyword_place(*module.c.at, "x")) == "**m"
    assert keyword_place(*module.d.at, "x") is None
    assert keyword_place(*module.e.at, "x") is None


def test_changed_file_is_not_believed(run, tmp_path):
    """After the file changed, the line of the call stays known, the keyword is unknown."""
    module = run("c = Seen(x=1)\n")
    path = tmp_path / "given.py"
    path.write_text(HELPER + "\n\nc = Seen(x=1)\nother = 5\n")
    place = place_of(*module.c.at)
    assert keyword_place(*module.c.at, "x") is None
    assert place.line == start() + 1
    assert place.source_line() is None
    assert place.column is None
    assert place.text() is None


def test_changed_value_is_not_believed(run, tmp_path):
    """A value of the same length is a change too."""
    module = run("c = Seen(x=1)\n")
    (tmp_path / "given.py").write_text(HELPER + "c = Seen(x=2)\n")
    os.utime(tmp_path / "given.py", (1, 1))
    assert keyword_place(*module.c.at, "x") is None


def test_true_for_one_is_a_change(run, tmp_path):
    """`1` and `1.0` are equal and not the same."""
    module = run("c = Seen(x=-10)\n")
    (tmp_path / "given.py").write_text(HELPER + "c = Seen(x=10.)\n")
    os.utime(tmp_path / "given.py", (1, 1))
    assert keyword_place(*module.c.at, "x") is None


def test_changed_elsewhere(run, tmp_path):
    """A change below leaves the call certain."""
    module = run("c = Seen(x=1)\n")
    (tmp_path / "given.py").write_text(HELPER + "c = Seen(x=1)\nother = 5\n")
    assert keyword_text(*module.c.at, "x") == "x=1"


def test_gone_file(run, tmp_path):
    """Without the file, the line is still known."""
    module = run("c = Seen(x=1)\n")
    (tmp_path / "given.py").unlink()
    linecache.clearcache()
    assert str(place_of(*module.c.at)) == f"given.py:{start() + 1}"
    assert keyword_place(*module.c.at, "x") is None


def test_exec_has_a_line_only(run):
    """Executed text has a line and no columns."""
    module = run("exec('\\n\\nc = Seen(x=1)')\n")
    place = place_of(*module.c.at)
    assert (str(place), place.column, place.source_line()) == ("<string>:3", None, None)
    assert keyword_place(*module.c.at, "x") is None


def test_notebook_cell(run):
    """A cell that `linecache` knows, compiled statement by statement, is read from there."""
    module = run("")
    import ast

    text = "a = 1\nc = Seen(\n  x=1)\n"
    linecache.cache["<cell 3>"] = (len(text), None, text.splitlines(keepends=True), "<cell 3>")
    for statement in ast.parse(text).body:
        code = compile(ast.Module([statement], []), "<cell 3>", "exec")
        exec(code, vars(module))
    assert keyword_place(*module.c.at, "x").exact == "<cell 3>:3:3"


def test_zipped_module(tmp_path, monkeypatch):
    """Code in a zip file is read through its loader."""
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as archive:
        archive.writestr("zipped_given.py", HELPER + "c = Seen(x=1)\n")
    monkeypatch.syspath_prepend(str(tmp_path / "code.zip"))
    module = importlib.import_module("zipped_given")
    place = keyword_place(*module.c.at, "x")
    assert place is not None
    assert place.source_line() == "c = Seen(x=1)"
    sys.modules.pop("zipped_given")


def test_command_line_code():
    """`python -c` has a line, and no text that might be another's."""
    script = (
        "import sys\nfrom pconfigs.provenance.locations import place_of\n"
        "def f(**k):\n    g = sys._getframe(1); return place_of(g.f_code, g.f_lasti)\n"
        "print(str(f(x=1)), f(x=2).function)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "<string>:5 <module>\n"


def test_pickled(run):
    """A place survives pickling, and pickling reads no source."""
    module = run("c = Seen(x=1)\n")
    place = keyword_place(*module.c.at, "x")
    assert pickle.loads(pickle.dumps(place)) == place
    unread = pickle.loads(pickle.dumps(place_of(*module.c.at)))
    assert (unread.line, unread.column) == (start() + 1, None)
    assert place_of(unread, 0) is unread
    assert keyword_place(unread, 0, "x") is None
    assert argument_place(unread, 0, 0) is None


def test_text_and_order(run):
    """The text of a call is its source; places sort by file and line."""
    module = run("a = Seen(\n  x=1,\n)\nb = Seen(x=2)\n")
    assert place_of(*module.a.at).text() == "Seen(\n  x=1,\n)"
    assert place_of(*module.b.at).text() == "Seen(x=2)"
    assert sorted([place_of(*module.b.at), place_of(*module.a.at)])[0] == place_of(*module.a.at)


def test_file_outside_the_folder_stays_absolute(tmp_path, monkeypatch):
    """Only files below the current folder are shortened."""
    monkeypatch.chdir(tmp_path)
    assert str(Location(str(tmp_path / "a" / "b.py"), 3)) == f"{Path('a') / 'b.py'}:3"
    assert str(Location("/somewhere/else.py", 3)) == "/somewhere/else.py:3"
    assert repr(Location("<stdin>", 3, 4)) == "Location('<stdin>:3:5')"


def test_function_place():
    """A function is where its code begins; a built-in one is nowhere."""
    assert function_place(shown).line == shown.__code__.co_firstlineno
    assert function_place(len) is None


def test_lines_are_those_of_the_code_that_is_asked_for(monkeypatch):
    """The lines found last are kept; another thread may ask for other code at any moment."""
    real = bisect.bisect_right
    code, other = test_function_place.__code__, shown.__code__

    def interrupted(starts, lasti):
        monkeypatch.setattr(bisect, "bisect_right", real)
        assert place_of(other, 0).line == other.co_firstlineno
        return real(starts, lasti)

    monkeypatch.setattr(bisect, "bisect_right", interrupted)
    assert place_of(code, len(code.co_code) - 2).line == code.co_firstlineno + 3
