"""Sources that no tool wrote: refused by name, in bounded time and memory."""

from __future__ import annotations

import ast
import contextlib
import json
import math
from pathlib import Path

import pytest

from pconfigs.adoption.class_result import adopt_classes
from pconfigs.adoption.reading.readers import read_source
from pconfigs.cli.adopt import class_module
from pconfigs.errors import FormatError
from pconfigs.errors.serialization import AdoptError
from tests.limits import limits, usual_depth

PARSER = "import argparse\nparser = argparse.ArgumentParser()\n"


def script(value: str) -> str:
    return f'{PARSER}parser.add_argument("--n", type=int, default={value})\n'


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.yaml", "!!python/name:os.system a: 1\n", "must have no tags, got .*os.system"),
        ("a.yaml", "!!int x: 1\n", "must be a value of YAML"),
        ("a.yaml", 'defaults: [{"": x}]\na: 1\n', "must be a name, or `group: name`"),
        ("a.yaml", "7: 1\n", "a key at the top must be the name of a field, got 7"),
        ("a.yaml", f"defaults: [{'x' * 300}]\na: 1\n", "x"),
        ("a.toml", f"a = {'[' * 5000}\n", "must be TOML: it is nested too deeply"),
        ("a.toml", f"a.{'a.' * 40_000}b = 1\n", "a dotted key has more than 100 parts"),
        ("a.toml", "a = 1e999\n", "1e999 is larger than any float"),
        ("a.py", script("(" * 3000), "must be Python"),
        ("a.py", script("1") + "\x00", "must be Python"),
    ],
)
def test_damaged_sources_are_refused(name, text, message, adopted):
    with limits(), pytest.raises(AdoptError, match=message):
        adopted({name: text}, name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", 'a: 1\nb: "x-${a}-\\ud800"\nc: "\\\\\\ud800"\n'),
        ("a.py", f"{PARSER}parser.add_argument('--b', default='\\ud800', help='\\ud800')\n"),
    ],
)
def test_half_of_a_surrogate_pair_is_written_as_its_escape(name, text, adopted):
    adopted({name: text}, name)
    code = "".join(file.read_text() for file in Path("made").rglob("*.py"))
    assert "\\ud800" in code


def test_a_script_that_is_nested_too_deeply_is_refused(tmp_path):
    file = tmp_path / "a.py"
    file.write_text(script(f"{'-' * 1500}1"))
    with usual_depth(), pytest.raises(AdoptError, match="must be Python|nested too deeply"):
        read_source(file, [])


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("2**10", 1024),
        ("1024**3", 2**30),
        ("3 * 2**2", 12),
        (f"{'(' * 30}9{'**63)' * 30}", None),
        ("1e300**63", None),
        ("1e300 * 1e300 * 10**63", math.inf),
        ("0**-1", None),
    ],
)
def test_powers_in_a_script_are_computed_where_they_are_small(code, value, tmp_path):
    file = tmp_path / "a.py"
    file.write_text(script(code))
    with limits():
        source = read_source(file, [])
    node = source.tree.items["n"]
    assert getattr(node, "value", None) == value
    assert (("n",) in source.marks) == (value is None)


def test_an_argument_of_a_script_is_not_a_group_of_others(adopted):
    names = ("--a", "--a.b", "--c.d", "--c")
    lines = [f'parser.add_argument("{name}", type=int, default=1)\n' for name in names]
    result = adopted({"a.py": PARSER + "".join(lines)}, "a.py")
    found = "".join(map(str, result.findings))
    for name in ("a.b", "c"):
        assert f"{name} is an argument where another has a part of its name" in found


RUN = 'open("owned", "w").close()'
TRICKS = {
    "an interpolation": {"a": "${oc.env\n%s\n#:HOME}/x"},
    "a resolver": {"a": "${%s:1}"},
    "a resolver that is mixed with text": {"a": "x-${\n%s\n#:1}"},
    "a variable": {"a": '${oc.env:X"""\n%s\n"""}'},
    "the default of a variable": {"a": "${oc.env:X,'\n%s\n'}"},
    "a target": {"a": {"_target_": "x\n%s\n#.y", "n": 1}},
    "a target with quotes": {"a": {"_target_": 'x"""\n%s\n""".y', "n": 1}},
    "text": {"a": '"""\n%s\n"""\\'},
    "a key": {"a": {'"""\n%s\n"""': 1, "\n%s\n": 2}},
    "a key that is read": {"a": {'it\'s"+%s+"': 1}, "b": 'x-${a.it\'s"+%s+"}'},
    "a comment": '# \\"""\n# %s\n# """\na:\n  b: 1  # x\\\n  # %s\n  c: 2  # """ %s\\\n',
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_text_of_a_source_never_becomes_code(trick, adopted, folder):
    """What is written is imported at once, and compared."""
    source = TRICKS[trick]
    text = source if isinstance(source, str) else json.dumps(source)
    text = text.replace("%s", RUN if isinstance(source, str) else json.dumps(RUN)[1:-1])
    with contextlib.suppress(AdoptError):
        adopted({"a.yaml": text}, "a.yaml")
    assert not (folder / "owned").exists()
    for module in folder.glob("made/**/*.py"):
        calls = [
            one for one in ast.walk(ast.parse(module.read_bytes())) if isinstance(one, ast.Call)
        ]
        assert "open" not in [ast.unparse(call.func) for call in calls]


@pytest.mark.parametrize("name", ['a"""\n%s\n""".yaml', "a\\.yaml", 'a\\"""\n%s.yaml'])
def test_the_name_of_a_source_never_becomes_code(name, adopted, folder):
    adopted(
        {name.replace("%s", "open('owned', 'w')"): "a: 1\n"},
        name.replace("%s", "open('owned', 'w')"),
    )
    assert not (folder / "owned").exists()


def test_a_target_never_runs_the_program_of_a_package(adopted, files, folder):
    files({"shop/__init__.py": "", "shop/__main__.py": f"{RUN}\ndef main(n): ...\n"})
    found = adopted({"a.yaml": "a: {_target_: shop.__main__.main, n: 1}\n"}, "a.yaml").findings
    assert "a __main__ module is a program" in str(found[0])
    assert not (folder / "owned").exists()


def test_a_file_of_several_documents_is_refused_as_it_is_where_it_is_loaded(adopted):
    with pytest.raises(FormatError, match="line 2, column 1: it must have one document"):
        adopted({"a.yaml": "a: 1\n---\nb: 2\n"}, "a.yaml")


def doubled(count: int, line: str, last: str) -> dict[str, str]:
    """Return files of which each names the next one twice."""
    files = {f"conf/f{n}.yaml": f"{line.format(n + 1)}\nx: 1\n" for n in range(count)}
    return files | {f"conf/f{count}.yaml": last}


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"conf/train.yaml": "defaults: [train]\n"}, "train -> train"),
        (
            {"conf/train.yaml": "defaults: [a]\n", "conf/a.yaml": "defaults: [b]\n"}
            | {"conf/b.yaml": "defaults: [a]\n"},
            "must not name itself in its defaults: a -> b -> a",
        ),
        ({"conf/train.yaml": "defaults: [{.: train}]\n"}, "at most 100 levels of defaults"),
        (
            {"conf/train.yaml": "defaults: [{g: a}]\n"}
            | {"conf/g/a.yaml": "defaults: [override /g: b]\nx: 1\n"}
            | {"conf/g/b.yaml": "defaults: [override /g: a]\nx: 1\n"},
            "must end with a choice",
        ),
        (
            {"conf/train.yaml": f"defaults: [a@{'.'.join('x' * 3000)}]\n", "conf/a.yaml": "v: 1\n"},
            "at most 100 levels of defaults and packages",
        ),
        (
            {"conf/train.yaml": f"defaults: [a@{'.'.join('x' * 60)}]\n"}
            | {"conf/a.yaml": f"v: {'{a: ' * 60}1{'}' * 60}\n"},
            "must hold at most 100 levels",
        ),
        (
            {"conf/train.yaml": "defaults: [f0]\n"}
            | doubled(40, "defaults: [f{0}@a, f{0}@b]", "x: 1\n"),
            "must hold at most 200000 values",
        ),
        (
            {"conf/train.yaml": "defaults: f0.yaml\n"}
            | {f"conf/f{n}.yaml": f"defaults: f{n + 1}.yaml\n" for n in range(120)}
            | {"conf/f120.yaml": "x: 1\n"},
            "must be at most 100 files above the first",
        ),
        ({"conf/train.yaml": f"{'x' * 10_000}\n"}, r"must hold a mapping, got 'x{40,60}\.\.\."),
    ],
)
def test_trees_that_never_end_are_refused(texts, message, adopted):
    with limits(), pytest.raises(AdoptError, match=message):
        adopted(texts, "conf")


def test_files_that_many_extend_are_composed_once(adopted):
    files = doubled(60, "defaults: [f{0}.yaml, f{0}.yaml]", "x: 2\ny: 3\n")
    with limits():
        done = adopted(files | {"conf/train.yaml": "defaults: f0.yaml\n"}, "conf/train.yaml")
    assert (done.compared, done.differences) == (2, [])


def test_a_section_that_replaces_does_so_for_each_file_that_extends_it(adopted):
    files = {
        "top.yaml": "s: {a: 1}\n",
        "base.yaml": "s: {_override_: true, b: 2}\n",
        "one.yaml": "defaults: [top.yaml, base.yaml]\n",
        "two.yaml": "defaults: [top.yaml, base.yaml]\n",
        "main.yaml": "defaults: [one.yaml, two.yaml]\n",
    }
    done = adopted(files, "main.yaml")
    assert (done.compared, done.differences) == (1, [])


@pytest.mark.parametrize(
    "value",
    ["0x" + "f" * 5000, "[0x" + "f" * 5000 + "]", "10**19 * 10**400 * 10**4000"],
)
@pytest.mark.parametrize("keyword", ["default", "choices", "const"])
def test_numbers_that_python_does_not_write_are_left_to_decide(keyword, value, adopted):
    action = ", action='store_const'" if keyword == "const" else ""
    text = f"{PARSER}parser.add_argument('--n', {keyword}={value}{action})\n"
    with limits():
        assert adopted({"a.py": text}, "a.py").findings


@pytest.mark.parametrize("limit", ["10**30", "0, 10**30"])
def test_a_range_that_has_no_length_is_left_to_decide(limit, adopted):
    text = f"{PARSER}parser.add_argument('--n', type=int, choices=range({limit}))\n"
    (finding,) = adopted({"a.py": text}, "a.py").findings
    assert "the choices are computed" in str(finding)


def test_an_integer_larger_than_any_float_stays_one(adopted):
    done = adopted(
        {"a.py": f"{PARSER}parser.add_argument('--n', type=float, default={'9' * 400})"}, "a.py"
    )
    assert (done.compared, done.differences) == (1, [])


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("".join(f"a{n}: '{f'${{a{n - 1}}}' * 10}'\n" for n in range(1, 9)), "a"),
        ("".join(f"a{n}: {[f'${{a{n - 1}}}'] * 60}\n" for n in range(1, 5)), "a"),
        ("".join(f"a{n}: x${{a{n - 1}}}\n" for n in range(200, 0, -1)), ""),
    ],
)
def test_references_that_grow_without_end_are_left_to_decide(text, listed, adopted):
    with limits(seconds=20):
        done = adopted({"main.yaml": f"{text}a0: {'x' * 100}\n"}, "main.yaml")
    found = [str(one) for one in done.findings]
    assert any("the references make more than" in one for one in found) == bool(listed)
    assert done.differences == []


MODULE = """
    from __future__ import annotations

    import os
    from dataclasses import dataclass, field

    class Proxy:
        @property
        def __class__(self):
            raise RuntimeError("outside of a request")

    class Meta(type):
        def __getattr__(cls, name):
            raise RuntimeError("not loaded")

    class Lazy(metaclass=Meta):
        pass

    proxy = Proxy()

    @dataclass
    class Settings:
        rate: float = 0.5
        odd: "1 +" = 3

    settings = Settings()

    def ends() -> Settings:
        raise SystemExit(4)
    """


def test_code_of_a_module_that_fails_is_listed(files):
    files({"main.py": MODULE})
    done = adopt_classes(class_module("main.py"), "main.py", Path("made"), "made", False)
    assert ["ends: raised SystemExit: 4" in str(one) for one in done.findings] == [True]
    assert (done.differences, done.targets) == ([], ["made.experiments.settings"])


@pytest.mark.parametrize("line", ["node.inner = node", "for _ in range(500): node = Node(node)"])
def test_instances_without_an_end_are_refused(line, files):
    code = f"""
        from __future__ import annotations
        from dataclasses import dataclass

        @dataclass
        class Node:
            inner: Node | None = None

        node = Node()
        {line}
        """
    files({"main.py": code})
    with limits(), pytest.raises(AdoptError, match="nested too deeply|too many nested"):
        adopt_classes(class_module("main.py"), "main.py", Path("made"), "made", False)
    assert not Path("made").exists()
