"""Files that extend one another by `defaults: base.yaml`: adopted, and equal to the source."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import black
import pytest

from pconfigs import Omitted, pmissing, poverride
from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import AdoptError, NoCodeError
from tests.adoption.conftest import RECIPES, WITHOUT_MYPY

ALL = ("base.yaml", "recipes/long.yaml", "recipes/long-8.v2.yaml")


def config(name):
    return importlib.import_module(f"made.experiments.{name}").config


def test_each_file_becomes_an_experiment_with_its_values(adopted):
    done = adopted(RECIPES, *ALL)
    assert done.differences == []
    assert done.targets == [
        "made.experiments.base",
        "made.experiments.long",
        "made.experiments.long_8_v2",
    ]
    assert config("base").policy.packing.tokens == 2048
    assert config("long").policy.generation.engine.label == "tiny-8192"
    assert config("long_8_v2").policy.packing.tokens == 4096 * 8
    assert config("long_8_v2").policy.megatron is None


def test_experiments_inherit_from_the_file_that_they_extend(adopted):
    adopted(RECIPES, *ALL)
    code = Path("made/experiments/long_8_v2.py").read_text(encoding="utf-8")
    assert "from made.experiments.long import config as long_config\n" in code
    assert "longest" not in code


@pytest.mark.parametrize(
    ("words", "moved"),
    [
        (["policy.longest=64"], {"policy.generation.max_new": 64, "data.longest": 64}),
        (["policy.model=big"], {"policy.tokenizer.name": "big"}),
        (["policy.longest=64", "policy.batch=2"], {"policy.packing.tokens": 128}),
        (["policy.longest=64", "data.longest=3"], {"data.longest": 3}),
        (["policy.generation.engine.length=7"], {"policy.generation.engine.label": "tiny-7"}),
        (["policy.optimizer.kwargs.lr=0.5"], {"policy.megatron.lr": 0.5}),
    ],
    ids=str,
)
def test_what_follows_moves_with_what_it_follows(adopted, words, moved):
    """Overrides do what they do before interpolation, in the experiments, too."""
    adopted(RECIPES, *ALL)
    variant = poverride(config("base"), words)
    for path, value in moved.items():
        found = variant
        for step in path.split("."):
            found = getattr(found, step)
        assert found == value
    longer = poverride(config("long"), ["policy.longest=9"])
    assert longer.policy.generation.max_new == 9
    assert longer.policy.generation.engine.length == 8192


def test_comments_become_documentation(adopted):
    adopted(RECIPES, "base.yaml")
    code = Path("made/policy.py").read_text(encoding="utf-8")
    assert 'model: str\n    """a name on the hub"""\n' in code
    assert (
        '# precision: bf16\n    max_new: Omitted[int]\n    """Longest answer, in tokens."""' in code
    )
    assert '"""Post-training of a small model."""' in Path("made/base.py").read_text("utf-8")


def test_a_keyword_as_key_gets_another_name_and_still_loads(adopted):
    from pconfigs import pload

    adopted(RECIPES, "base.yaml")
    data = importlib.import_module("made.data")
    loaded = pload({"seed": 1, "longest": 2, "lambda": 3}, data.DataConfig)
    assert loaded.lambda_ == 3


def test_a_key_that_names_a_type_gets_another_name_and_still_loads(adopted):
    """`list: list[int]` would change what the types of the fields below it mean to checkers."""
    from pconfigs import pload

    adopted({"main.yaml": "list: [1]\nint: 2\nother: [x]\n"}, "main.yaml")
    made = importlib.import_module("made.main")
    loaded = pload({"list": [3], "int": 4, "other": ["y"]}, made.MainConfig)
    assert (loaded.list_, loaded.int_, loaded.other) == ([3], 4, ["y"])


def test_what_cannot_be_decided_is_marked_and_listed(adopted):
    done = adopted(RECIPES, "base.yaml")
    assert [str(one) for one in done.findings] == [
        "base.yaml:19: policy.generation.top_k: the source has only null here: give the type",
        "base.yaml:31: steps: the source has no value here: give the type",
    ]
    code = Path("made/policy.py").read_text(encoding="utf-8")
    assert "# adopt: the source has only null here: give the type\n    top_k: Any\n" in code


def test_the_result_is_formatted(adopted):
    adopted(RECIPES, *ALL)
    for path in Path("made").rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        assert black.format_str(code, mode=black.Mode()) == code


def test_a_source_whose_result_differs_is_reported(adopted, monkeypatch):
    """The comparison can fail: a formula that is written wrongly is found out."""
    from pconfigs.adoption.writing import property_code

    monkeypatch.setitem(property_code.OPERATORS, "mul", " + ")
    done = adopted(RECIPES, *ALL)
    assert [line for line in map(str, done.differences) if line.startswith("base.yaml")] == [
        "base.yaml: policy.packing.tokens: 516, and 2048 in the source"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2\n", "bad.yaml:2: must have each key once, got 'a' twice"),
        ("a: !!python/object:os.system {}\n", "bad.yaml:1: must have no tags, got "),
        ("- 1\n", "bad.yaml:1: must hold a mapping, got a list"),
        ("a: &x {b: *x}\n", "bad.yaml:1: must not contain an alias of itself"),
        ("defaults: none.yaml\n", "bad.yaml:1: must name a file, got 'none.yaml'"),
        ("defaults: bad.yaml\n", "bad.yaml: must not extend itself"),
        ("? [1, 2]\n: 3\n", "bad.yaml:1: must have scalars as keys"),
    ],
)
def test_malformed_sources_are_refused_with_their_line(adopted, text, message):
    with pytest.raises(AdoptError) as caught:
        adopted({"bad.yaml": text}, "bad.yaml")
    assert str(caught.value).startswith(message)
    assert not Path("made").exists()


def test_what_follows_in_one_file_is_left_out_of_another_without_what_it_follows(adopted):
    """The part of the first file, which has its seed, is the base of that of the second."""
    done = adopted(
        {
            "base.yaml": """
                grpo: {seed: 42}
                data: {train: {name: a, split: x, seed: "${grpo.seed}"}}
                """,
            "sft.yaml": "sft: {steps: 1}\ndata: {train: {name: b, split: x}}\n",
            "more.yaml": "defaults: sft.yaml\nsft: {steps: 2}\n",
        },
        "base.yaml", "sft.yaml", "more.yaml",
    )  # fmt: skip
    assert done.differences == []
    assert config("base").data.train.seed == 42
    assert config("sft").data.train.seed is Omitted
    assert config("more").data.train.seed is Omitted


def test_a_file_whose_base_differs_is_left_out(adopted, monkeypatch):
    def refused(*words):
        raise NoCodeError([Problem("", "no code")], "write it by hand")

    monkeypatch.setattr("pconfigs.adoption.result.variant_file", refused)
    done = adopted(RECIPES, *ALL)
    assert "no code" in str(done.differences[0])
    assert "is left out, as long is, which it extends" in str(done.differences[1])
    assert done.targets == ["made.experiments.base"]


def test_aliases_become_ties(adopted):
    text = """
        first:
          rate: &rate 0.1
          more: &more {a: 1, b: [1, 2]}
        second:
          rate: *rate
          more: *more
        third:
          <<: *more
          c: 3
        """
    done = adopted({"main.yaml": text}, "main.yaml")
    assert done.differences == []
    moved = poverride(config("main"), ["first.rate=0.5", "first.more.a=4"])
    assert (moved.second.rate, moved.third.a, moved.third.b) == (0.5, 4, [1, 2])


def test_aliases_are_copies_where_files_are_merged(adopted):
    """A copy of a relative interpolation is relative to its own place, and is not overridden."""
    files = {
        "main.yaml": """
            first: &first
              size: 8
              batch: 64
              twice: ${mul:${.size},2}
            second:
              <<: *first
              size: 4
            third: *first
            """,
        "other.yaml": "defaults: main.yaml\nfirst: {batch: 32, size: 16}\n",
    }
    done = adopted(files, "main.yaml", "other.yaml")
    assert done.differences == []
    assert config("main").second.twice == 8
    other = config("other")
    assert (other.first.twice, other.second.twice, other.third.twice) == (32, 8, 16)
    assert (other.second.batch, other.third.batch) == (64, 64)
    assert poverride(config("main"), ["second.size=3"]).second.twice == 6


def test_a_section_that_replaces_another_has_none_of_its_keys(adopted):
    files = {
        "main.yaml": "part: {a: 1, b: 2}\nrest: 1\n",
        "other.yaml": "defaults: main.yaml\npart: {_override_: true, a: 3}\n",
    }
    done = adopted(files, "main.yaml", "other.yaml")
    assert done.differences == []
    assert config("other").part.b is Omitted


def test_the_command_reports_and_keeps_what_is_there(files):
    """Exit codes, streams, and `--force`."""
    where = files({**RECIPES, **WITHOUT_MYPY})

    def call(*words):
        done = subprocess.run(
            [sys.executable, "-m", "pconfigs.adopt", *words],
            cwd=where, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    code, out, err = call(*ALL, "-o", "lab/rl")
    assert (code, out.splitlines()[0]) == (0, "lab.rl.experiments.base")
    assert "compared with the source: " in err
    assert "left to decide: 1 " in err
    (where / "lab/rl/policy.py").write_text("mine\n", encoding="utf-8")
    code, out, err = call(*ALL, "-o", "lab/rl")
    assert (code, out) == (2, "")
    assert "lab/rl/policy.py: must not be there yet" in err
    assert (where / "lab/rl/policy.py").read_text(encoding="utf-8") == "mine\n"
    assert call(*ALL, "-o", "lab/rl", "--force")[0] == 0
    done = subprocess.run(
        [sys.executable, "-m", "pconfigs.test", "lab.rl"],
        cwd=where, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Tested 3 configs. Errors: 0")


def test_files_of_like_names_become_experiments_of_their_own(adopted):
    others = {"a-b.yaml": 2, "a.b.yaml": 3, "class.yaml": 4}
    texts = {name: f"defaults: main.yaml\nn: {n}\n" for name, n in others.items()}
    done = adopted({"main.yaml": "n: 1\n", **texts}, "main.yaml", *others)
    assert done.differences == []
    assert done.targets == [f"made.experiments.{one}" for one in ("main", "a_b", "a_b2", "_class")]
    assert [config(name).n for name in ("a_b", "a_b2", "_class")] == [2, 3, 4]


@pytest.mark.parametrize("item", ["???", "${now:%Y}", "x/${hydra:runtime.cwd}", "${nothing.there}"])
@pytest.mark.parametrize("text", ["a: [1, {}]\n", "a: [[1], [{}]]\n", 'a: {{"x y": {}, b: 1}}\n'])
def test_a_value_with_a_part_that_is_open_must_be_given_and_is_listed(text, item, adopted):
    rest = "n:\n  open: ???\n  b: 2\n"
    done = adopted({"main.yaml": text.format(repr(item)) + rest}, "main.yaml")
    assert any(": a: " in str(one) for one in done.findings)
    assert pmissing(config("main"))
    assert config("main").n.b == 2


def test_of_a_secret_that_differs_neither_value_is_reported(adopted, monkeypatch):
    from pconfigs.adoption import result

    monkeypatch.setattr(result, "is_same", lambda made, expected: False)
    done = adopted({"main.yaml": "a: {token: '${oc.env:A_TOKEN,hidden}'}\n"}, "main.yaml")
    lines = set(map(str, done.differences))
    assert "main.yaml: a.token: differs from the source (the value is secret)" in lines
    assert not any("hidden" in line for line in lines)
