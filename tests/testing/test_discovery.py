"""Which modules the marker files of a project name."""

import pytest

from pconfigs import TestConfigs, TestManually, TestSubdirs
from pconfigs.errors.targets import TargetError
from pconfigs.testing.discovery import find_modules

EMPTY = ["a/one.py", "a/two.py", "a/below/three.py", "a/below/deep/four.py", "other/five.py"]


def names(lab, *places):
    return [found.name for found in find_modules(places or ["."])]


@pytest.fixture
def tree(lab):
    """Modules in nested folders, none of them marked."""
    for path in EMPTY:
        lab.write(path, "")
    lab.write("a/__init__.py", "")
    return lab


def test_nothing_is_found_without_a_marker(tree):
    assert names(tree) == []


def test_a_marker_speaks_of_its_folder_alone(tree):
    tree.write("a/__pconfigs__.py", "")
    assert names(tree) == ["a.one", "a.two"]


def test_subdirs_extend_it_to_all_folders_below(tree):
    tree.write("a/__pconfigs__.py", "from pconfigs import TestSubdirs\n")
    assert names(tree) == ["a.one", "a.two", "a.below.three", "a.below.deep.four"]


@pytest.mark.parametrize("word", ["TestManually", "TestConfigs"])
def test_named_modules_are_the_only_ones_of_their_folder(tree, word):
    tree.write("a/__pconfigs__.py", f"from pconfigs import {word}\n{word}('two.py')\n")
    assert names(tree) == ["a.two"]


def test_named_modules_and_all_below(tree):
    marker = "from pconfigs import TestManually, TestSubdirs\nTestManually('one')\n"
    tree.write("a/__pconfigs__.py", marker)
    assert names(tree) == ["a.one", "a.below.three", "a.below.deep.four"]


def test_naming_nothing_leaves_a_folder_out(tree):
    tree.write("a/__pconfigs__.py", "from pconfigs import TestManually\nTestManually()\n")
    assert names(tree) == []


def test_nested_markers_name_each_module_once(tree):
    for folder in ("a", "a/below"):
        tree.write(f"{folder}/__pconfigs__.py", "from pconfigs import TestSubdirs\n")
    assert names(tree) == ["a.one", "a.two", "a.below.three", "a.below.deep.four"]


def test_places_that_overlap_name_each_module_once(tree):
    tree.write("a/__pconfigs__.py", "")
    assert names(tree, "a/two.py", "a", "a.one") == ["a.two", "a.one"]


def test_a_marker_in_the_current_folder_finds_modules_by_name(tree):
    tree.write("top.py", "")
    tree.write("__pconfigs__.py", "")
    assert names(tree) == ["top"]


def test_a_folder_below_a_marked_one_can_be_asked_for(tree):
    tree.write("a/__pconfigs__.py", "from pconfigs import TestSubdirs\n")
    assert names(tree, "a/below/deep") == ["a.below.deep.four"]


@pytest.mark.parametrize("place", ["a/one.py", "a/one.py:config", "a.one", "a.one.config.model"])
def test_a_module_that_is_named_needs_no_marker(tree, place):
    assert names(tree, place) == ["a.one"]


def test_a_package_by_its_name(tree):
    tree.write("a/__pconfigs__.py", "")
    assert names(tree, "a") == ["a.one", "a.two"]


def test_environments_and_hidden_folders_are_not_searched(tree):
    for folder in (".hidden", "env", "build"):
        tree.write(f"{folder}/__pconfigs__.py", "")
        tree.write(f"{folder}/one.py", "")
    tree.write("env/pyvenv.cfg", "")
    assert names(tree) == []


def test_a_file_that_cannot_be_imported_by_name_is_known_by_its_path(tree):
    tree.write("not-a-name/__pconfigs__.py", "")
    tree.write("not-a-name/one.py", "")
    assert names(tree) == ["not-a-name/one.py"]


@pytest.mark.parametrize(
    ("place", "meant"), [("a/onne.py", "a/one.py"), ("a.onne", "a.one"), ("othr", "other")]
)
def test_a_place_that_is_not_there_names_the_nearest(tree, place, meant):
    with pytest.raises(TargetError, match=f"did you mean {meant}"):
        find_modules([place])


def test_a_misspelt_marker_is_found(tree):
    tree.write("a/__pconfigs__.py", "from pconfigs import TestSubdir\n")
    [found] = find_modules(["."])
    assert found.path == "./a/__pconfigs__.py"
    assert isinstance(found.cause, ImportError)


def test_a_marker_that_ends_the_process_is_found(tree):
    tree.write("a/__pconfigs__.py", "import sys\nsys.exit(0)\n")
    assert isinstance(find_modules(["."])[0].cause, SystemExit)


def test_a_named_module_that_is_not_there_is_found_with_the_nearest(tree):
    tree.write("a/__pconfigs__.py", "from pconfigs import TestManually\nTestManually('oen')\n")
    assert "did you mean 'one'" in find_modules(["."])[0].problem


def test_pytest_takes_none_of_the_words_for_a_test():
    assert not any(word.__test__ for word in (TestSubdirs, TestManually, TestConfigs))
