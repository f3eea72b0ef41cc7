"""`print`: the forms in which a target is printed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from pconfigs.codegen.printer import to_listing


def test_the_plain_call_prints_the_listing(lab):
    target = lab.greeter()
    done = lab.call("print", target)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{to_listing(sys.modules['lab.exp'].config)}\n"


def test_the_plain_call_loads_neither_argparse_nor_other_heavy_modules(lab):
    script = (
        "import sys\nbefore = set(sys.modules)\nfrom pconfigs.cli.main import run_command\n"
        f"run_command('print', [{lab.greeter()!r}])\n"
        "heavy = {'argparse', 're', 'ast', 'inspect', 'dataclasses', 'typing', 'enum', 'json',"
        " 'black',"
        " 'traceback', 'difflib', 'pathlib', 'importlib.metadata'}\n"
        "print(sorted(heavy & (set(sys.modules) - before)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", script],
        cwd=lab.folder,
        env=lab.environment(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == "[]\n"


def test_values_leave_out_imports_and_notes(lab):
    target = lab.greeter()
    done = lab.call("print", target, "--values")
    assert done.code == 0
    assert done.out == f"{sys.modules['lab.exp'].config}\n"


def test_any_object_of_a_module_is_printed(lab):
    lab.write("lab/things.py", "count = 3\nnested = {'k': [1, 2]}\nclass Thing: pass\n")
    assert lab.call("print", "lab.things.count").out.strip().endswith("3")
    assert lab.call("print", "lab.things.nested['k'][1]").out.strip().endswith("2")
    assert "Thing" in lab.call("print", "lab.things.Thing").out


def test_a_text_is_printed_as_its_literal(lab):
    """On its own it needs none of the parentheses that keep it from being a docstring."""
    target = lab.greeter(greeting="say 'hi'\n")
    assert lab.call("print", f"{target}.greeting").out == "\"say 'hi'\\n\"\n"
    assert lab.call("print", target, "--only", "greeting").out == "\"say 'hi'\\n\"\n"


def test_only_prints_what_lies_at_a_path(lab):
    target = lab.greeter(result={"k": [1, 2]})
    assert lab.call("print", target, "--values", "--only", "result[k][1]").out.strip() == "2"
    done = lab.call("print", target, "--only", "greting")
    assert done.code == 2
    assert "did you mean greeting?" in done.err
    done = lab.call("print", "lab.exp", "--only", "greting")
    assert "did you mean greeting?" in done.err


def test_flat_lines_keep_their_whole_paths_under_only(lab):
    target = lab.greeter(result={"k": [1, 2], "m": 3})
    lines = lab.call("print", target, "--flat", "--only", "result['k']").out.splitlines()
    assert lines == ["result['k'][0] = 1", "result['k'][1] = 2"]


def test_json_is_json(lab):
    target = lab.greeter(result=[1, None])
    found = json.loads(lab.call("print", target, "--json").out)
    assert found["greeting"] == "hello"
    assert found["result"] == [1, None]


def test_characters_that_the_terminal_lacks_are_escaped(lab):
    done = lab.start("pconfigs.print", lab.greeter(greeting="grüße"), PYTHONIOENCODING="ascii")
    assert (done.code, done.err) == (0, "")
    assert r"gr\xfc\xdfe" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "which target?"),
        (["--flt", "lab.exp"], "did you mean --flat?"),
        (["lab.exp", "more"], "'more' is not understood"),
        (["lab.exp", "zzz=1"], "zzz=1: no field 'zzz' in GreeterConfig"),
        (["lab.exp", "--flat", "--json"], "not allowed with"),
        (["lab.exp", "--depth", "-1"], "invalid depth value: '-1'"),
        (["lab.exp", "--depth", "many"], "invalid depth value: 'many'"),
        (["lab.exp", "--only"], "expected one argument"),
        (["lab.exp", "--only", ""], "it is empty"),
        (["lab.nothing"], "no module and no attribute 'nothing'"),
    ],
)
def test_what_is_not_understood_is_refused(lab, words, said):
    lab.greeter()
    done = lab.call("print", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize(
    "words",
    [
        ["--why", "greeting", "--depth", "1"],
        ["--why", "greeting", "--only", "greeting"],
        ["--json", "--max-items", "2"],
        ["--flat", "--max-items", "2"],
    ],
)
def test_options_without_effect_are_refused(lab, words):
    done = lab.call("print", lab.greeter(), *words)
    assert (done.code, done.out) == (2, "")
    assert "has no effect with" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ["print"],
        ["print", "--json"],
        ["explain", "--json"],
        ["explain"],
        ["help"],
        ["freeze"],
        ["graph"],
        ["diff", "part.x=2"],
    ],
    ids=" ".join,
)
def test_what_modules_and_properties_print_is_not_of_the_result(lab, words):
    lab.write(
        "lab/exp.py",
        "from pconfigs import pconfig, pproperty\nprint('noise of a module')\n"
        "@pconfig\nclass Part:\n    x: int\n"
        "@pconfig\nclass Noisy:\n    part: Part\n\n"
        "    @pproperty\n    def y(self) -> int:\n"
        "        print('noise of a property')\n        return self.part.x\n"
        "config = Noisy(part=Part(x=1))\n",
    )
    done = lab.start("pconfigs." + words[0], "lab.exp", *words[1:])
    assert "noise" not in done.out
    assert "noise of a module" in done.err
    assert "noise of a property" in done.err
    assert done.out


def test_a_terminal_gets_a_hundred_items_of_a_list_and_a_file_all_of_them(lab, monkeypatch):
    lab.write(
        "lab/exp.py",
        "from pconfigs import pconfig\n@pconfig\nclass Long:\n    items: list[int]\n"
        "config = Long(items=list(range(300)))\n",
    )
    assert "    299," in lab.call("print", "lab.exp").out
    monkeypatch.setattr("pconfigs.cli.print.is_shown", lambda: True)
    for words in (["lab.exp"], ["--values", "lab.exp"]):
        shown = lab.call("print", *words).out
        assert "    99,\n        ...,  # and 200 more\n" in shown
    assert "...,  # and 290 more" in lab.call("print", "--max-items", "10", "lab.exp").out
    assert "    299," in lab.call("print", "--max-items", "300", "lab.exp").out
