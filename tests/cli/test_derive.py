"""Variants and experiments as files: what is written is the same run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import black
import pytest

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture
def project(lab):
    """The project of the golden file of overrides."""
    shutil.copytree(GOLDEN / "overrides" / "lab", lab.folder / "lab", dirs_exist_ok=True)
    return lab


def config_in(path):
    from pconfigs.imports import resolve

    return resolve(path).object


VARIANTS = [
    ["steps=9"],
    ["model.depth=3", "width=5"],
    ["model.blocks.1.width=3"],
    ["model.blocks[0].kind=dense", "model.blocks[1].width=9"],
    ["model.blocks+=[lab.parts.BlockConfig]"],
    ["heads.cls.width=3", "heads+={seg: lab.parts.BlockConfig}"],
    ["optimizer=lab.parts.AdamConfig", "optimizer.beta=0.5"],
    ["optimizer=lab.first.adam"],
    ["precision=half", "folder=a/b", "tags+=[b]", "limit=str(3)"],
    ["name='\"\\"],
]


@pytest.mark.parametrize("words", VARIANTS, ids=" ".join)
def test_a_derived_file_makes_the_same_config(project, words):
    from pconfigs import poverride

    done = project.call("derive", "lab.first", *words, "-o", "lab/third.py")
    assert (done.code, done.out, done.err) == (0, "lab.third.config\n", "wrote lab/third.py\n")
    assert config_in("lab.third") == poverride(config_in("lab.first"), words)
    code = Path("lab/third.py").read_text(encoding="utf-8")
    assert "from lab.first import config as first_config\n" in code
    assert black.format_str(code, mode=black.Mode()) == code


@pytest.mark.parametrize("words", VARIANTS, ids=" ".join)
def test_a_frozen_file_makes_the_same_config_without_other_experiments(project, words):
    project.call("derive", "lab.first", *words, "-o", "lab/third.py")
    done = project.call("freeze", "lab.third", "-o", "lab/fourth.py")
    assert (done.code, done.out) == (0, "lab.fourth.config\n")
    code = Path("lab/fourth.py").read_text(encoding="utf-8")
    assert config_in("lab.fourth") == config_in("lab.third")
    assert "lab.first import" not in code
    assert "lab.third import" not in code
    assert "Pin" not in code
    assert black.format_str(code, mode=black.Mode()) == code


def test_files_read_like_those_of_a_person(project):
    """Set UPDATE_GOLDEN=1 to rewrite, and review the change."""
    told = []
    for words in VARIANTS[:-1]:
        told += [f"# {' '.join(words)}", project.call("derive", "lab.first", *words).out]
    told += ["# freeze", project.call("freeze", "lab.first").out]
    text = "\n".join(told)
    golden = GOLDEN / "overrides" / "files.out"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_only_what_differs_is_stated(project):
    out = project.call("derive", "lab.first", "name=first", "steps=7").out
    assert out.endswith("config = TrainerConfig(first_config, steps=7)\n")


def test_nothing_that_differs_is_refused(project):
    for words in ([], ["name=first"]):
        done = project.call("derive", "lab.first", *words)
        assert (done.code, done.out) == (2, "")
        assert "the variant is identical to its base; there is nothing to write" in done.err


def test_a_file_is_only_replaced_when_asked(project):
    Path("lab/third.py").write_text("mine", encoding="utf-8")
    done = project.call("derive", "lab.first", "steps=7", "-o", "lab/third.py")
    assert (done.code, done.out) == (2, "")
    assert "lab/third.py is there already\n    to replace it: --force" in done.err
    assert Path("lab/third.py").read_text(encoding="utf-8") == "mine"
    done = project.call("derive", "lab.first", "steps=7", "-o", "lab/third.py", "--force")
    assert done.code == 0
    assert config_in("lab.third").steps == 7
    assert list(Path("lab").glob("*.part")) == []


def test_a_writer_that_fails_leaves_what_was_there(project, monkeypatch):
    Path("lab/third.py").write_text("mine", encoding="utf-8")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    done = project.call("derive", "lab.first", "steps=7", "-o", "lab/third.py", "--force")
    assert (done.code, "No space left" in done.err) == (2, True)
    assert Path("lab/third.py").read_text(encoding="utf-8") == "mine"
    assert list(Path("lab").glob("*.part")) == []


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("lab/first.py", "is the file of the target"),
        ("lab/no-name.py", "cannot be the file of a module"),
        ("lab/third.txt", "cannot be the file of a module"),
        ("lab/import.py", "cannot be the file of a module"),
        ("nowhere/third.py", "there is no folder nowhere"),
    ],
)
def test_files_that_cannot_be_are_refused(project, file, said):
    done = project.call("derive", "lab.first", "steps=7", "-o", file, "--force")
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_part_of_an_experiment_can_be_derived_from(project):
    out = project.call("derive", "lab.first.config.model.blocks[1]", "width=3").out
    assert "config = BlockConfig(first_config.model.blocks[1], width=3)\n" in out


def test_a_name_of_its_own_is_kept(project):
    out = project.call("derive", "lab.first.adam", "lr=3").out
    assert "from lab.first import adam\n" in out
    assert "config = AdamConfig(adam, lr=3)\n" in out


def test_secrets_are_not_written(project):
    done = project.call("derive", "lab.first", "token=abcd")
    assert (done.code, done.out) == (2, "")
    assert "token: its value is a Secret" in done.err
    assert "abcd" not in done.err


def test_secrets_are_not_shown(project):
    for words in (
        ["run", "--dry-run", "lab.first", "token=abcd"],
        ["diff", "lab.first", "token=abcd", "--unified"],
        ["graph", "lab.first", "token=abcd"],
        ["explain", "lab.first", "token=abcd"],
        ["print", "lab.first", "token=abcd"],
        ["help", "lab.first", "token=abcd"],
        ["freeze", "lab.first", "token=abcd"],
    ):
        done = project.call(*words)
        assert "abcd" not in done.out + done.err


def test_values_without_code_are_refused_with_their_paths(project):
    project.write(
        "lab/odd.py",
        "from pconfigs import pconfig\n"
        "@pconfig\nclass OddConfig:\n    first: object\n    second: list[object]\n    third: int\n"
        "config = OddConfig(first=lambda: 1, second=[1, object()], third=2)\n",
    )
    done = project.call("freeze", "lab.odd")
    assert (done.code, done.out) == (2, "")
    assert "first: <function <lambda> of lab.odd>: has no code form\n" in done.err
    assert "second[1]: <builtins.object object>: has no code form" in done.err
    assert "third" not in done.err


def test_configs_as_deep_as_allowed_are_frozen(project):
    project.write(
        "lab/deep.py",
        "from __future__ import annotations\n"
        "from pconfigs import pconfig\n"
        "@pconfig\n"
        "class NodeConfig:\n"
        "    below: NodeConfig | None\n"
        "config = None\n"
        "for _ in range(98):\n"
        "    config = NodeConfig(below=config)\n",
    )
    done = project.call("freeze", "lab.deep")
    assert (done.code, done.out.count("below=")) == (0, 98)


def test_functions_classes_and_the_like_are_imported(project):
    project.write(
        "lab/odd.py",
        "import math\nimport os\nfrom datetime import date\nfrom collections import OrderedDict\n"
        "from pconfigs import pconfig\n"
        "class Own:\n    def __init__(self, x):\n        self.x = x\n"
        "    def __repr__(self):\n        return f'Own({self.x})'\n"
        "    def __eq__(self, other):\n        return self.x == other.x\n"
        "    def __hash__(self):\n        return 1\n"
        "def helper():\n    pass\n"
        "@pconfig\nclass OddConfig:\n    all: object\n"
        "config = OddConfig(all=[math.sqrt, os.path.join, helper, len, date(2020, 1, 2), Own(3),"
        " Own, int, 1.5, float('nan'), {1, 2}, OrderedDict(a=1)])\n",
    )
    done = project.call("freeze", "lab.odd", "-o", "lab/even.py")
    assert (done.code, done.err) == (0, "wrote lab/even.py\n")
    assert config_in("lab.even") == config_in("lab.odd")


def test_configs_in_containers_of_all_kinds_are_written_by_their_inputs(project):
    project.write(
        "lab/odd.py",
        "from collections import OrderedDict, defaultdict\nfrom typing import Any, NamedTuple\n"
        "from pconfigs import pconfig, pproperty\n"
        "class Pair(NamedTuple):\n    a: Any\n    b: Any\n"
        "@pconfig\nclass PartConfig:\n    n: int\n"
        "    @pproperty\n    def twice(self) -> int:\n        return 2 * self.n\n"
        "@pconfig\nclass OddConfig:\n    all: Any\n    n: int\n"
        "config = OddConfig(n=1, all=[OrderedDict(a=PartConfig(n=1), b=2),\n"
        "    defaultdict(int, {'k': PartConfig(n=2)}),\n"
        "    Pair(PartConfig(n=3), {'x': (PartConfig(n=4),)})])\n",
    )
    done = project.call("freeze", "lab.odd", "-o", "lab/even.py")
    assert (done.code, done.err) == (0, "wrote lab/even.py\n")
    assert str(config_in("lab.even")) == str(config_in("lab.odd"))
    assert "twice" not in Path("lab/even.py").read_text(encoding="utf-8")


def test_what_keys_of_a_dict_name_is_imported(project):
    project.write(
        "lab/odd.py",
        "import enum\nfrom pathlib import Path\nfrom typing import Any\n"
        "from pconfigs import pconfig\n"
        "class Key(enum.Enum):\n    one = 1\n"
        "@pconfig\nclass OddConfig:\n    by_key: dict[Any, float]\n    n: int\n"
        "config = OddConfig(by_key={Key.one: 0.5, Path('a'): 1.5}, n=1)\n",
    )
    done = project.call("derive", "lab.odd", "by_key[Key.one]=2.5", "-o", "lab/even.py")
    assert (done.code, done.err) == (0, "wrote lab/even.py\n")
    assert [*config_in("lab.even").by_key.values()] == [2.5, 1.5]
    assert "import Key, OddConfig\n" in Path("lab/even.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [["v=True"], ["v=1.0"], ["w=[1, True, 3]"], ["d={'a': 1.0}"]])
def test_a_value_of_another_type_is_a_difference(project, words):
    project.write(
        "lab/odd.py",
        "from typing import Any\nfrom pconfigs import pconfig\n"
        "@pconfig\nclass OddConfig:\n    v: Any\n    w: list[Any]\n    d: dict[str, Any]\n"
        "config = OddConfig(v=1, w=[1, 1, 3], d={'a': 1})\n",
    )
    from pconfigs import poverride

    done = project.call("derive", "lab.odd", *words, "-o", "lab/even.py")
    assert (done.code, done.err) == (0, "wrote lab/even.py\n")
    assert str(config_in("lab.even")) == str(poverride(config_in("lab.odd"), words))


def test_a_config_of_a_local_class_is_refused(project):
    project.write(
        "lab/odd.py",
        "from pconfigs import pconfig\n"
        "def make():\n    @pconfig\n    class OddConfig:\n        x: int\n"
        "    return OddConfig(x=1)\n"
        "config = make()\n",
    )
    for command, words in (("freeze", []), ("derive", ["x=2"])):
        done = project.call(command, "lab.odd", *words)
        assert (done.code, done.out) == (2, "")
        assert "local to a function" in done.err


def test_run_writes_the_variant_that_it_runs(project):
    done = project.call("run", "lab.first", "steps=9", "--save-as", "lab/third.py")
    assert (done.code, done.out, done.err) == (0, "ran first 9 0.1\n", "wrote lab/third.py\n")
    assert project.call("run", "lab.third").out == done.out


def test_run_starts_nothing_where_the_file_is_there(project):
    done = project.call("run", "--save-as=lab/first.py", "lab.first", "steps=9")
    assert (done.code, done.out) == (2, "")
    done = project.call("run", "--save-as", "lab/parts.py", "lab.first", "steps=9")
    assert (done.code, done.out) == (2, "")


def test_a_dry_run_refuses_what_the_run_would(project):
    words = ["lab.first", "steps=9", "--save-as", "lab/parts.py"]
    done = project.call("run", "--dry-run", *words)
    assert (done.code, done.out) == (2, "")
    assert "is there already" in done.err


def test_what_no_file_can_express_is_refused(project):
    """A pin that differs from the default's can be given by no experiment."""
    project.write(
        "lab/odd.py",
        "from pconfigs import Pin, Pinned, pconfig, pdefaults\n"
        "@pconfig\nclass OddConfig:\n    x: int\n    pin: Pinned[int]\n"
        "pdefaults += OddConfig(x=1, pin=Pin(1))\nconfig = OddConfig(pin=Pin(2))\n",
    )
    done = project.call("freeze", "lab.odd")
    assert (done.code, done.out) == (2, "")
    assert "would not make the same config: other values at pin" in done.err


def test_a_dry_run_writes_nothing(project):
    done = project.call("run", "--dry-run", "lab.first", "steps=9", "--save-as", "lab/third.py")
    assert done.code == 0
    assert "overrides: steps=9\nwould write: lab/third.py\n" in done.out
    assert not Path("lab/third.py").exists()


def test_a_file_without_a_dotted_path_cannot_be_inherited_from(project, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    folder = other / "some-where"
    folder.mkdir()
    shutil.copy(project.folder / "lab" / "first.py", folder / "alone.py")
    done = project.call("derive", str(folder / "alone.py"), "steps=9")
    assert (done.code, done.out) == (2, "")
    assert "has no dotted path by which a file could import it" in done.err


def test_a_variant_of_a_project_in_a_zip(lab):
    source = GOLDEN / "overrides"
    with zipfile.ZipFile(lab.folder / "code.zip", "w") as archive:
        archive.writestr("zipped/__init__.py", "")
        for file in (source / "lab").glob("*.py"):
            archive.writestr(f"zipped/{file.name}", file.read_text().replace("lab.", "zipped."))
    code = f"""
import sys
sys.path.insert(0, {str(lab.folder / "code.zip")!r})
from pconfigs.cli.main import main
sys.argv = ["pconfigs", "derive", "zipped.first", "steps=9"]
sys.exit(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=lab.folder, env=lab.environment(), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert "steps=9" in done.stdout, done.stderr
