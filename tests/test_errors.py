"""Errors: one tree, importable by name, picklable, and worded in one place."""

from __future__ import annotations

import ast
import builtins
import pickle
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pconfigs.errors as errors
from pconfigs import pconfig, pdefaults, pproperty
from pconfigs.errors.formatting import given_words, listed, nearest, pointed, sentence, shorten
from pconfigs.provenance.origins import Location

LISTED = re.findall(r"^[ │├└─]+(\w+)(?: \(([\w, ]+)\))?(?: {2,}|$)", errors.__doc__, re.MULTILINE)
WARNING = "DefaultChangedWarning"


def test_the_tree_in_the_docstring_lists_every_error():
    """Each with the builtin exception that it is, too."""
    assert {name for name, _ in LISTED} | {"PConfigError"} == set(errors._HOMES) - {WARNING}


@pytest.mark.parametrize(("name", "also"), LISTED)
def test_errors_are_what_the_tree_states(name, also):
    """Under PConfigError, and the builtin in brackets."""
    kind = getattr(errors, name)
    assert issubclass(kind, errors.PConfigError)
    both = {"both": "TypeError, ValueError"}
    for builtin in filter(None, both.get(also, also).split(", ")):
        assert issubclass(kind, getattr(builtins, builtin))


@pytest.mark.parametrize("name", sorted(errors._HOMES))
def test_errors_are_reported_by_the_name_they_are_imported_by(name):
    """A traceback shows a name that can be imported."""
    kind = getattr(errors, name)
    assert (kind.__module__, kind.__qualname__) == ("pconfigs.errors", name)
    assert name in dir(errors)


def test_every_error_of_the_rooms_is_listed():
    """No module of the package has an error that the list lacks."""
    found = set()
    for module in pkgutil.iter_modules(errors.__path__):
        inside = vars(__import__(f"pconfigs.errors.{module.name}", fromlist=["x"])).values()
        found |= {
            one.__name__
            for one in inside
            if isinstance(one, type) and issubclass(one, errors.PConfigError)
        }
    assert found == set(errors._HOMES) - {WARNING}


def test_type_checkers_know_every_error():
    """From a block that no program runs."""
    tree = ast.parse(Path(errors.__file__).read_text(encoding="utf-8"))
    block = next(one for one in tree.body if isinstance(one, ast.If))
    imports = [one for one in block.body if isinstance(one, ast.ImportFrom)]
    found = {
        alias.asname: f"{one.module}.{alias.name}"
        for one in imports
        if one.module != "pconfigs.errors"
        for alias in one.names
    }
    assert found == {name: f"pconfigs.errors.{home}.{name}" for name, home in errors._HOMES.items()}


def test_unknown_names_are_no_errors():
    """The usual AttributeError."""
    with pytest.raises(AttributeError, match="NoSuchError"):
        errors.NoSuchError


@pconfig
class Sample:
    x: int
    y: int

    @pproperty
    def z(self) -> int:
        return self.x


def raised(call):
    try:
        call()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    "call",
    [
        lambda: Sample(a=1, x="x", z=3),
        lambda: Sample(z=3, x=1, y=1),
        Sample,
        lambda: setattr(Sample(x=1, y=1), "x", 3),
        lambda: pdefaults.__iadd__(3),
    ],
)
def test_errors_survive_pickling(call):
    """Type and words come back, as other processes need."""
    error = raised(call)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)


def test_importing_errors_loads_none_of_them():
    """Each module comes with the first of its errors."""
    code = (
        "import sys, pconfigs.errors\n"
        "assert not [n for n in sys.modules if n.startswith('pconfigs.errors.')]\n"
        "pconfigs.errors.BuildError\n"
        "assert 'pconfigs.errors.build' in sys.modules\n"
        "assert 'pconfigs.errors.targets' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize(
    ("word", "words", "found"),
    [
        ("base_Ir", ["steps", "base_lr"], "base_lr"),
        ("baseLR", ["base_lr"], "base_lr"),
        ("x", ["steps"], None),
        ("", [], None),
    ],
)
def test_the_nearest_word(word, words, found):
    """By likeness, or but for case and underscores; None where nothing is near."""
    assert nearest(word, words) == found


def test_values_are_shortened_for_messages():
    """To one line of a given length, whatever their repr does."""

    class Rude:
        def __repr__(self):
            raise RuntimeError

    assert shorten(3) == "3"
    assert shorten("a\nb") == r"'a\nb'"
    assert len(shorten(list(range(10**6)), 30)) == 30
    assert shorten("x" * 10**6, 10).endswith("...")
    assert shorten(Sample(x=1, y=1)) == "Sample(...)"
    assert "Rude whose repr raises RuntimeError" in shorten(Rude())


def test_what_was_given_is_reported_with_its_type():
    """Classes and None by themselves."""
    assert given_words(3) == "3 (int)"
    assert given_words(None) == "None"
    assert given_words(int) == "the class int"

    class Local:
        pass

    assert given_words(Local) == "the class Local"


def test_lists_of_words():
    """With a word before the last."""
    assert (listed([]), listed(["a"]), listed(["a", "b"])) == ("", "a", "a and b")
    assert listed(["a", "b", "c"], "or") == "a, b or c"


def test_a_place_is_pointed_at():
    """The line with carets below what it spans; the advice alone where there is no line."""
    place = Location("f.py", 3, 4, 3, 9, text="    width=1,")
    assert pointed(place, "why?") == "\n    width=1,\n    ^^^^^ why?"
    assert pointed(place, "") == "\n    width=1,\n    ^^^^^"
    assert pointed(None, "why?") == "\n    why?"
    assert pointed(None, "") == ""
    assert sentence(place, "no") == "f.py:3: no"
    assert sentence(None, "no") == "no"
