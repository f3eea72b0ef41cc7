"""Dotted paths: what targets lead to, how they can be wrong, and the names of objects."""

from __future__ import annotations

import collections
import enum
import functools
import importlib
import json
import math
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pconfigs.errors.paths import PathError
from pconfigs.errors.targets import ImportFailedError, TargetError
from pconfigs.imports import dotted_name, import_object, inside, resolve
from pconfigs.imports.files import module_name_of
from pconfigs.imports.path_syntax import Item, parse_steps, steps_text


class Color(enum.Enum):
    red = 1


class Access(enum.Flag):
    read = 1
    write = 2


MODULE = """
config = {"blocks": [1, {"width": 8}], "it's": "quoted", "a.b": 3, 4: "four"}
class Outer:
    class Inner:
        size = 3
    @property
    def broken(self):
        return self.absent
outer = Outer()
"""

RATES = """
from pconfigs import PConfig, pconfig, psweep
@pconfig
class RateConfig(PConfig):
    rate: float
rates = psweep(RateConfig(rate=0.1), grid={"rate": [0.1, 0.2]})
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with a package `pack` in it; its modules are forgotten afterwards."""
    write(tmp_path, "pack/__init__.py", "")
    write(tmp_path, "pack/things.py", MODULE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None)
        if name.startswith(("pack", "space")) or (file and file.startswith(str(tmp_path))):
            del sys.modules[name]


def write(folder, path, text):
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    # Folders are searched by a listing as old as the clock of the file system is coarse.
    importlib.invalidate_caches()
    return file


@pytest.mark.parametrize(
    ("target", "value", "dotted"),
    [
        ("pack.things.Outer.Inner.size", 3, "pack.things.Outer.Inner.size"),
        ("pack.things.config[blocks][1]['width']", 8, "pack.things.config['blocks'][1]['width']"),
        ("pack.things.config['blocks'][-1]", {"width": 8}, "pack.things.config['blocks'][-1]"),
        ('pack.things.config["it\'s"]', "quoted", 'pack.things.config["it\'s"]'),
        ("pack.things.config['a.b']", 3, "pack.things.config['a.b']"),
        ("pack.things.config[4]", "four", "pack.things.config[4]"),
        ("pack/things.py:Outer.Inner.size", 3, "pack.things.Outer.Inner.size"),
        ("./pack/things.py:config[4]", "four", "pack.things.config[4]"),
        ("json.decoder.JSONDecoder", json.JSONDecoder, "json.decoder.JSONDecoder"),
    ],
)
def test_a_target_leads_into_attributes_and_items(folder, target, value, dotted):
    found = resolve(target)
    assert found.object == value
    assert found.dotted == dotted
    assert found.text == target
    assert found.module.__name__ == dotted.rpartition(".Outer")[0] or not dotted.startswith(
        "pack.things.O"
    )


@pytest.mark.parametrize(
    "target", ["pack.things", "pack/things.py", "pack/things.py:", "pack.things.config"]
)
def test_config_is_what_a_module_represents(folder, target):
    assert resolve(target).dotted == "pack.things.config"
    assert resolve(target).attribute == "config"


def test_a_module_wins_over_an_attribute_of_the_same_name(folder):
    write(folder, "pack/__init__.py", "things = 'an attribute'")
    assert resolve("pack.things.outer").module.__name__ == "pack.things"


def test_a_folder_without_init_is_a_package_too(folder):
    write(folder, "space/deep/one.py", "config = 1")
    assert resolve("space.deep.one").object == 1
    assert resolve("space/deep/one.py").module.__name__ == "space.deep.one"


def test_a_file_is_the_module_of_the_same_import(folder):
    assert resolve("pack/things.py").module is resolve("pack.things").module


def test_a_file_below_a_nearer_entry_of_the_path_has_its_shorter_name(folder, monkeypatch):
    file = write(folder, "src/space_src/one.py", "config = 1")
    monkeypatch.syspath_prepend(str(folder / "src"))
    assert module_name_of(str(file)) == "space_src.one"


def test_a_file_that_cannot_be_imported_by_name_is_loaded_by_path_once(folder):
    file = write(folder, "runs/2024-05-01 run.py", "config = object()")
    found = resolve(str(file))
    assert found.module.__name__ == "_2024_05_01_run"
    assert resolve("runs/2024-05-01 run.py").object is found.object


def test_a_file_in_the_shadow_of_another_module_is_loaded_by_path(folder):
    write(folder, "json/tool.py", "config = 'mine'")
    found = resolve("json/tool.py")
    assert found.object == "mine"
    assert sys.modules.get("json.tool") is not found.module


def test_a_file_that_raises_is_not_kept(folder):
    write(folder, "runs/a-file.py", "1 / 0")
    with pytest.raises(ImportFailedError) as caught:
        resolve("runs/a-file.py")
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert "a_file" not in sys.modules


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("", "it is empty"),
        (".pack", "a name is missing"),
        ("pack..things", "a name is missing"),
        ("pack.things.", "it ends in a dot"),
        ("pack.things[0", "is never closed"),
        ("pack.things.config['a]", "is never closed"),
        ("pack.things.config[a b]", "has no item ['a b']"),
        ("pack.things.config[0]x", "a dot or a bracket is missing before 'x'"),
        ("[0]", "does not start with a name"),
        ("pakc.things", "did you mean pack.things?"),
        ("pack.thing", "did you mean pack.things?"),
        ("pack.things.confg['blocks']", "did you mean pack.things.config['blocks']?"),
        ("pack.things.config['block']", "did you mean pack.things.config['blocks']?"),
        ("pack.things.config['blocks'][7]", "it has 2 items, [0] to [1]"),
        ("pack.things.config['blocks'][x]", "it has 2 items, [0] to [1]"),
        ("pack.things.config.blocks[0]", "did you mean pack.things.config['blocks'][0]?"),
        ("pack.things.config.blok.x", "did you mean pack.things.config['blocks'].x?"),
        ("pack.things.config.other", "its keys are 'blocks', \"it's\", 'a.b' and 4"),
        ("pack.things.config['blocks'].x", "its items are pack.things.config['blocks'][0] to"),
        ("pack.things.config[4].x", "its value: pack.things.config[4]"),
        ("pack.things.outer[0]", "it is an Outer, which has no items"),
        ("pack.things.Outer.Iner", "did you mean pack.things.Outer.Inner?"),
        ("pack.things.py", "did you mean pack.things?"),
        ("saved.json", "there is no such file"),
        ("pack.things.nothing", "it has no config at module level"),
        ("pack.other", "its modules: things"),
        ("pack/thing.py", "did you mean pack/things.py?"),
        ("pack/things", "did you mean pack/things.py?"),
        ("pack/things.py.config", "did you mean pack/things.py:config?"),
        ("pakc/things.py", "there is no folder pakc"),
        ("pack", "its modules: things"),
        ("./pack", "name one of its files: things.py"),
        ("pack.things:config", "did you mean pack.things.config?"),
    ],
)
def test_a_wrong_target_is_distinguished(folder, target, said):
    with pytest.raises(TargetError) as caught:
        resolve(target)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{target or repr(target)}: ")
    assert caught.value.target == target
    assert not isinstance(caught.value, ImportFailedError)


def test_a_path_inside_a_value_is_followed_or_refused():
    value = [{"k": Color}]
    assert inside("x.y", value, "[0][k].red") is Color.red
    with pytest.raises(TargetError, match=r"did you mean \[0\]\['k'\].red"):
        inside("x.y", value, "[0][k].rde")


def test_a_module_above_the_current_folder_is_pointed_to(folder, monkeypatch):
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    with pytest.raises(TargetError, match="it lies in .*: call the command from there"):
        resolve("pack.things")


def test_a_file_that_needs_its_package_is_named_by_its_dotted_path(folder, monkeypatch):
    """Relative and absolute imports of a package whose folder is the current one."""
    write(folder, "pack/sub/__init__.py", "")
    write(folder, "pack/sub/relative.py", "from ..things import config")
    write(folder, "pack/sub/absolute.py", "from pack.things import config")
    write(folder, "pack/alone/relative.py", "from .things import config")
    monkeypatch.chdir(folder / "pack")
    with pytest.raises(ImportFailedError) as caught:
        resolve("sub/relative.py")
    assert f"call the command from {folder}, as pack.sub.relative" in str(caught.value)
    with pytest.raises(ImportFailedError) as caught:
        resolve("sub/absolute.py")
    assert f"imports pack\n    it lies in {folder}: call the command from there" in str(
        caught.value
    )
    monkeypatch.chdir(folder / "pack" / "alone")
    with pytest.raises(ImportFailedError) as caught:
        resolve("relative.py")
    assert "is not a package: it has no __init__.py" in str(caught.value)


def test_names_that_a_module_imports_from_the_library_are_not_suggested(folder):
    write(folder, "pack/classes.py", "from pconfigs import pconfig\nclass Config: ...")
    with pytest.raises(TargetError, match="it has no config at module level"):
        resolve("pack.classes")


def test_the_sweeps_of_a_module_without_a_config_are_named(folder):
    write(folder, "pack/rates.py", RATES)
    with pytest.raises(TargetError, match="its sweeps: rates"):
        resolve("pack.rates")


def test_nearest_names_are_found_without_importing(folder):
    write(folder, "pack/explodes.py", "raise SystemExit")
    with pytest.raises(TargetError, match="did you mean pack.explodes"):
        resolve("pack.explode")
    assert "pack.explodes" not in sys.modules


@pytest.mark.parametrize(
    "text",
    [
        "import nowhere",
        "1 / 0",
        "raise SystemExit(0)",
        "(",
        "import pack.bad.deeper",
        "raise ModuleNotFoundError(name=__name__)",
    ],
)
def test_a_module_that_raises_is_not_taken_for_a_missing_one(folder, text):
    write(folder, "pack/bad.py", text)
    with pytest.raises(ImportFailedError) as caught:
        resolve("pack.bad.config")
    assert caught.value.module == "pack.bad"
    assert caught.value.cause is caught.value.__cause__


def test_a_package_that_raises_is_named_itself(folder):
    write(folder, "pack/__init__.py", "import pack.missing")
    with pytest.raises(ImportFailedError) as caught:
        resolve("pack.things")
    assert caught.value.module == "pack"


def test_an_interrupted_import_is_an_interruption(folder):
    write(folder, "pack/slow.py", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        resolve("pack.slow")


def test_an_attribute_error_of_the_users_own_code_stays_theirs(folder):
    with pytest.raises(AttributeError, match="absent"):
        resolve("pack.things.outer.broken")


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        (int, "builtins.int"),
        (len, "builtins.len"),
        (math.sqrt, "math.sqrt"),
        (json.JSONDecoder, "json.decoder.JSONDecoder"),
        (json.JSONDecoder.decode, "json.decoder.JSONDecoder.decode"),
        (dict.fromkeys, None),
        (collections.OrderedDict, "collections.OrderedDict"),
        (Path, f"{Path.__module__}.Path"),
        (os.path, os.path.__name__),
        (list[int], None),
        (lambda: 1, None),
        (functools.partial(int, "3"), None),
        (3, None),
        ("json", None),
    ],
)
def test_a_dotted_name_is_given_where_importing_it_gives_back_the_object(thing, name):
    found = dotted_name(thing)
    assert found == name
    if name is not None:
        assert import_object(name) == thing


def test_enum_members_are_named_and_combined_flags_are_not():
    assert dotted_name(Color.red) == f"{__name__}.Color.red"
    assert dotted_name(Access.read | Access.write) is None


def test_local_and_replaced_objects_have_no_dotted_name():
    def local():
        pass

    class Gone:
        pass

    Gone.__qualname__ = "Color"
    assert dotted_name(local) is None
    assert dotted_name(Gone) is None


def test_a_config_is_meant_before_an_imported_name(folder):
    text = "from pconfigs import pconfig\n@pconfig\nclass A:\n    x: int\nfirst_config = A(x=1)\n"
    write(folder, "near.py", text)
    with pytest.raises(TargetError, match=r"did you mean near\.first_config\?"):
        resolve("near.fpconfig")


def test_an_object_of_a_script_has_no_dotted_name():
    made = type("Made", (), {"__module__": "__main__"})
    assert dotted_name(made) is None


def test_import_object_refuses_what_is_not_there():
    with pytest.raises(TargetError, match="did you mean json.decoder.JSONDecoder"):
        import_object("json.decoder.JSONDecodr")


names = st.from_regex(r"[a-z_]\w{0,5}", fullmatch=True)
keys = st.integers() | st.text(max_size=6) | st.tuples(st.integers(), st.booleans())
steps = st.tuples(names, st.lists(names | keys.map(Item), max_size=5)).map(
    lambda pair: [pair[0], *pair[1]]
)


@given(steps)
def test_steps_are_read_back_from_their_text(wanted):
    assert parse_steps(steps_text(wanted)) == wanted


@given(st.text(alphabet="ab1.[]'\" -\\\n(é", max_size=12))
def test_any_text_is_steps_or_refused(text):
    try:
        found = parse_steps(text)
    except PathError:
        return
    assert parse_steps(steps_text(found)) == found
