"""Golden files: written once, compared, and what was set kept apart from what follows."""

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from pconfigs import pconfig, pdiff, pflat
from pconfigs.reports.flat_listing import flat_lines
from pconfigs.testing.golden import differences, golden_lines, split_line
from pconfigs.tree.paths import Path
from project.digits.model import PerceptronConfig
from project.digits.trainer import DigitsTrainerConfig

GOLDEN = "lab/experiments/good.config.golden"
MODULE = (
    "from pconfigs import pconfig, pdefaults\n"
    "from pconfigs.pinnable import Pinned, pproperty\n\n"
    "@pconfig\nclass SquareConfig:\n    width: int\n    colour: str\n    area: Pinned[int]\n\n"
    "    @pproperty\n    def area(self) -> int:\n        return self.width**2\n\n"
    "pdefaults += SquareConfig(width=2, colour='red')\n"
)


@pytest.fixture
def square(lab):
    """An experiment with its golden file: `width` is set, `area` follows."""
    lab.write("lab/square.py", MODULE)
    lab.write("lab/experiments/__pconfigs__.py", "")
    lab.write(
        "lab/experiments/good.py",
        "from lab.square import SquareConfig\n\nconfig = SquareConfig(width=3)\n",
    )
    assert lab.call("test", "--update-golden").code == 0
    return lab


def edited(lab, **changes):
    """Change lines of the golden file; return what the comparison then reports."""
    file = lab.folder / GOLDEN
    lines = dict(line.split(" = ") for line in file.read_text("utf-8").splitlines())
    for path, value in changes.items():
        lines.pop(path, None)
        if value is not None:
            lines[path] = value
    file.write_text("".join(f"{k} = {v}\n" for k, v in sorted(lines.items())), "utf-8")
    return lab.call("test", "--golden")


def test_a_golden_file_is_what_print_flat_prints(square):
    printed = square.call("print", "--flat", "lab.experiments.good.config").out
    assert (square.folder / GOLDEN).read_text("utf-8") == printed
    assert printed == 'area = 9\ncolour = "red"\nwidth = 3\n'


@pytest.mark.parametrize("words", [["--golden"], ["--update-golden"]])
def test_a_folder_in_the_place_of_a_golden_file_is_a_problem_of_its_experiment(square, words):
    """The other experiments are tested all the same."""
    source = (square.folder / "lab/experiments/good.py").read_text("utf-8")
    square.write("lab/experiments/other.py", source)
    square.write("lab/experiments/other.config.golden", (square.folder / GOLDEN).read_text("utf-8"))
    (square.folder / GOLDEN).unlink()
    (square.folder / GOLDEN).mkdir()
    done = square.call("test", *words)
    assert (done.code, done.err) == (1, "")
    assert f"{GOLDEN} cannot be read: " in done.out
    assert "    remove it: golden files are written" in done.out
    assert "Tested 2 configs. Errors: 1\n" in done.out


def test_what_did_not_change_passes(square):
    done = square.call("test", "--golden")
    assert (done.code, done.out, done.err) == (0, "Tested 1 configs. Errors: 0\n", "")


def test_what_was_set_is_distinguished_from_what_follows(square):
    done = edited(square, width="2", area="4", colour='"blue"')
    assert done.code == 1
    assert done.out == (
        "lab.experiments.good.config differs from lab/experiments/good.config.golden\n"
        "  set\n"
        "    width   2 -> 3           lab/experiments/good.py:3:23\n"
        '    colour  "blue" -> "red"  lab/square.py:14:36\n'
        "  follow\n"
        "    area  4 -> 9\n"
        "    if that is meant: python -m pconfigs.test --update-golden\n"
        "\n"
        "Tested 1 configs. Errors: 1\n"
    )


def test_lines_that_are_new_or_gone_are_reported(square):
    done = edited(square, colour=None, gone="1")
    assert 'colour  added "red"' in done.out
    assert "gone    removed 1" in done.out


def test_lines_in_another_order_are_reported(square):
    file = square.folder / GOLDEN
    file.write_text("".join(reversed(file.read_text("utf-8").splitlines(keepends=True))), "utf-8")
    assert "out of order" in square.call("test", "--golden").out


def test_another_class_of_a_part_is_reported(lab):
    """Where the type of the field allows several; a class that it decides is not in the file."""
    lab.write(
        "lab/optimizers.py",
        "from pconfigs import OptionalConfig, pconfig\n"
        "@pconfig\nclass Adam:\n    lr: float\n"
        "@pconfig\nclass SGD:\n    lr: float\n"
        "@pconfig\nclass Nesterov(SGD):\n    pass\n"
        "@pconfig\nclass Run:\n    union: Adam | SGD\n    base: SGD\n    same: SGD\n"
        "    several: list[Adam | SGD]\n    maybe: OptionalConfig[SGD]\n",
    )
    lab.write("lab/experiments/__pconfigs__.py", "")
    lab.write(
        "lab/experiments/good.py",
        "from lab.optimizers import *\nconfig = Run(union=Adam(lr=1.0), base=Nesterov(lr=1.0),"
        " same=SGD(lr=1.0), several=[Adam(lr=1.0)], maybe=SGD(lr=2.0))\n",
    )
    assert lab.call("test", "--update-golden").code == 0
    file = lab.folder / GOLDEN
    golden = file.read_text("utf-8")
    assert [line for line in golden.splitlines() if "(...)" in line] == [
        "base = Nesterov(...)",
        "several[0] = Adam(...)",
        "union = Adam(...)",
    ]
    golden = golden.replace("union = Adam", "union = SGD").replace("base = Nesterov(...)\n", "")
    file.write_text(golden, "utf-8")
    done = lab.call("test", "--golden")
    assert done.code == 1
    assert "SGD(...) -> Adam(...)  lab/experiments/good.py:2:14" in done.out
    assert "added Nesterov(...)" in done.out


@pytest.mark.parametrize("text", [b"\xff\xfe = 1\n", b"tags[-1] = 1\n", b"\x1b[2J = 1\n", b""])
def test_a_golden_file_of_any_kind_is_compared(square, text):
    file = square.folder / GOLDEN
    file.write_bytes(text)
    done = square.call("test", "--golden")
    assert (done.code, "\x1b" in done.out) == (1, False)
    assert square.call("test", "--update-golden").code == 0
    assert square.call("test", "--golden").code == 0


@pytest.mark.parametrize("text", ["\udcff", "tags[-1] = 1\ntags[7] = 2\n"], ids=ascii)
def test_a_golden_file_that_does_not_fit_keeps_no_other_from_being_tested(square, text):
    """Text that is not UTF-8, and items that a list does not have."""
    source = "from pconfigs import pconfig\n@pconfig\nclass Tagged:\n    tags: list[int]\n"
    square.write("lab/tagged.py", source)
    square.write(
        "lab/experiments/a.py", "from lab.tagged import Tagged\nconfig = Tagged(tags=[])\n"
    )
    assert square.call("test", "--update-golden").code == 0
    file = square.folder / "lab/experiments/a.config.golden"
    file.write_text(text, errors="surrogateescape")
    (square.folder / GOLDEN).write_text("area = 9\n")
    done = square.call("test", "--golden")
    assert (done.code, done.err) == (1, "")
    assert "lab.experiments.a.config differs" in done.out
    assert "lab.experiments.good.config differs" in done.out
    assert done.out.endswith("Tested 2 configs. Errors: 2\n")
    assert square.call("test", "--update-golden").code == 0
    assert file.read_text() == "tags = []\n"
    assert square.call("test", "--golden").code == 0


def test_a_new_experiment_is_reported(square):
    text = "from lab.square import SquareConfig\nconfig = SquareConfig()\n"
    square.write("lab/experiments/new.py", text)
    done = square.call("test", "--golden")
    assert done.code == 1
    assert "lab.experiments.new.config has no golden file yet" in done.out
    assert not (square.folder / "lab/experiments/new.config.golden").exists()


def test_an_experiment_that_is_gone_is_reported_and_its_file_removed(square):
    square.write("lab/experiments/good.old.golden", "width = 1\n")
    done = square.call("test", "--golden")
    assert done.code == 1
    assert "good.old.golden is of an experiment" in done.out
    assert "removed lab/experiments/good.old.golden" in square.call("test", "--update-golden").out
    assert square.call("test", "--golden").code == 0


def test_updating_writes_what_differs_and_nothing_else(square):
    file = square.folder / GOLDEN
    before = file.stat().st_mtime_ns
    assert square.call("test", "--update-golden").out == "Tested 1 configs. Errors: 0\n"
    assert file.stat().st_mtime_ns == before
    assert edited(square, width="2").code == 1
    assert square.call("test", "--update-golden").out.startswith(f"updated {GOLDEN}\n")
    assert square.call("test", "--golden").code == 0
    left = sorted(path.name for path in file.parent.iterdir() if "golden" in path.name)
    assert left == ["good.config.golden"]


def test_configs_that_a_module_only_imports_have_no_file(square):
    square.write(
        "lab/experiments/variant.py",
        "from lab.experiments.good import config as good\n"
        "from lab.square import SquareConfig\n"
        "_hidden = SquareConfig()\n"
        "if True:\n    config = SquareConfig(good, width=4)\n"
        "for name in ('a', 'b'):\n    globals()[name] = SquareConfig(good, colour=name)\n",
    )
    square.call("test", "--update-golden")
    names = sorted(path.name for path in (square.folder / "lab/experiments").glob("v*.golden"))
    assert names == ["variant.a.golden", "variant.b.golden", "variant.config.golden"]


def told(config, **changes):
    """Return which of the changed lines are reported as set."""
    lines = dict(map(split_line, flat_lines(config)))
    golden = "\n".join(f"{path} = {value}" for path, value in {**lines, **changes}.items())
    return {one.path: one.is_set for one in differences(golden, config)}


def test_below_a_repairing_property_what_was_given_counts_as_set():
    config = DigitsTrainerConfig(model=PerceptronConfig(hidden=[8]))
    changed = {"model.hidden[0]": "9", "model.input_width": "1", "model.layer_widths[1]": "9"}
    assert told(config, **changed) == {
        "model.hidden[0]": True,
        "model.input_width": False,
        "model.layer_widths[1]": False,
    }


def test_items_of_a_list_that_follows_follow_when_they_are_gone():
    assert told(DigitsTrainerConfig(), **{"epoch_rates[10]": "0.1"}) == {"epoch_rates[10]": False}


keys = st.one_of(st.text(max_size=8), st.integers(), st.booleans())


@given(st.lists(keys, max_size=3), st.text(max_size=10))
def test_a_line_is_split_where_its_path_ends(steps, value):
    path = Path().field("field")
    for key in steps:
        path = path.item(key)
    assert split_line(f"{path} = {value!r}") == (str(path), repr(value))


def test_the_golden_file_of_a_module_that_is_gone_is_reported(square):
    """Also where it was the last of its folder; one module that is named is about itself."""
    square.write("lab/experiments/gone.config.golden", "width = 1\n")
    done = square.call("test", "--golden")
    assert done.code == 1
    assert "gone.config.golden is of a module that is not there" in done.out
    assert square.call("test", "--golden", "lab.experiments.good").code == 0
    assert square.call("test").code == 0
    assert (
        "removed lab/experiments/gone.config.golden" in square.call("test", "--update-golden").out
    )
    assert square.call("test", "--golden").code == 0
    (square.folder / "lab/experiments/good.py").unlink()
    assert f"{GOLDEN} is of a module" in square.call("test", "--golden").out


def test_outcomes_as_json(square):
    square.write("lab/experiments/bad.py", "print('noise')\nx = 1 / 0\n")
    done = square.call("test", "--json")
    assert done.code == 1
    bad, good = json.loads(done.out)
    assert (bad["module"], bad["printed"]) == ("lab.experiments.bad", True)
    assert "ZeroDivisionError" in bad["problems"][0]
    assert good["problems"] == []


@pconfig
class Adam:
    lr: float


@pconfig
class SGD:
    lr: float


@pconfig
class Steps:
    opt: Adam | SGD | None
    parts: list[Adam | SGD]
    named: dict[str, Adam | SGD | float]
    extra: Any


OPTIMIZERS = st.builds(Adam, lr=st.sampled_from([0.1, 0.2])) | st.builds(
    SGD, lr=st.sampled_from([0.1, 0.2])
)
STEPS = st.builds(
    Steps,
    opt=OPTIMIZERS | st.none(),
    parts=st.lists(OPTIMIZERS, max_size=2),
    named=st.dictionaries(st.sampled_from("ab"), OPTIMIZERS | st.just(0.1), max_size=2),
    extra=OPTIMIZERS
    | st.lists(OPTIMIZERS, max_size=2)
    | st.dictionaries(st.sampled_from("ab"), OPTIMIZERS, max_size=2)
    | st.sampled_from([None, 1, 2.0, True, "1", [1], {"a": 1}, {1: 1}]),
)


@given(one=STEPS, other=STEPS)
def test_a_golden_file_changes_where_the_config_does(one, other):
    """Also where a class takes the place of another one with the same fields; so do flat values."""
    text = "".join(f"{line}\n" for line in golden_lines(one))
    if one != other:
        assert differences(text, other)
        assert pdiff(one, other)
        assert pflat(one) != pflat(other)
    assert not differences(text, Steps(one))
