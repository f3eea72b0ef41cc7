"""Every reader, fed with what is nearly right and with noise: only errors of ours come out.

`python tools/fuzz.py` feeds them for as long as it is allowed to.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings, strategies as st

from tests.examples import examples
from tests.fuzz.mutation import Mutator
from tests.fuzz.reader import accepts, check_text
from tests.fuzz.readers import PARSING, READERS

ROOT = Path(__file__).parents[2]
EXAMPLES = 60
PACKAGES = {"omegaconf": "omegaconf", "journal of a search": "optuna"}
PARSERS = {
    "json.loads", "json.load", "loads", "tomllib.loads", "tomllib.load", "parse_json",
    "module_tree", "expression_tree", "literal_value", "ast.literal_eval",
    "yaml.compose", "yaml.load", "pickle.loads",
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_what_is_fed_is_read_or_refused(name):
    if name in PACKAGES:
        pytest.importorskip(PACKAGES[name])
    reader = READERS[name]

    @settings(max_examples=examples(max(1, int(EXAMPLES * reader.share))))
    @given(reader.inputs)
    def check(given):
        reader.read(given)

    check()


def parsing_modules():
    """Yield the modules of the library that parse text with a parser of Python's."""
    for file in sorted((ROOT / "pconfigs").rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if not any(f"{name}(" in text for name in PARSERS):
            continue
        tree = ast.parse(text)
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        if any(ast.unparse(call) in PARSERS for call in calls):
            yield file.relative_to(ROOT / "pconfigs").as_posix()


def test_every_module_that_parses_is_fuzzed_or_reads_what_is_trusted():
    """A new one has to be put into the table."""
    assert set(parsing_modules()) == set(PARSING)
    assert {name for names in PARSING.values() for name in names} <= set(READERS)


def test_the_checks_see_what_is_foreign():
    with pytest.raises(KeyError):
        accepts(lambda: {}["x"])
    with pytest.raises(AssertionError):
        check_text("\x1b[2J")


@given(seed=st.integers(0, 2**32))
@settings(max_examples=examples(40))
def test_changed_inputs_keep_the_shape_that_a_reader_counts_on(seed):
    corpus = [
        (3, [(0.5, 3, b"ab"), (0.25, 9, b"cd")], "text", {"a": {"b": [1, None]}, "c": "d"}),
        (5, [(0.125, 7, b"xy" * 30)], "other", {"a": "b", "c": []}),
        (7, [], "", {}),
    ]
    mutator = Mutator(Random(seed), corpus)
    for _ in range(20):
        number, cuts, text, data = mutator.make()
        assert number in (3, 5, 7)
        assert isinstance(text, str)
        assert isinstance(data, dict)
        for place, length, piece in cuts:
            assert place in (0.5, 0.25, 0.125)
            assert length in (3, 9, 7)
            assert isinstance(piece, bytes)
        corpus.append((number, cuts, text, data))


def test_changes_reach_what_is_nested():
    mutator = Mutator(Random(1), [{"a": {"b": ["text"]}}, {"c": {"d": [5]}}])
    made = [repr(mutator.make()) for _ in range(400)]
    assert len(set(made)) > 50
    for wanted in ("{'a': {'b': [5]}}", "{}", "'d': [5], 'a'"):
        assert any(wanted in one for one in made), wanted


@pytest.mark.slow
def test_the_tool_feeds_readers_in_turn():
    words = [sys.executable, "tools/fuzz.py", "--minutes", "0.001", "variable", "path"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first.split()[:3:2] == ["variable", "inputs"]
    assert second.split()[:3:2] == ["path", "inputs"]
    done = subprocess.run([*words, "zzz"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 2


@pytest.mark.slow
def test_the_tool_goes_on_from_a_file(tmp_path):
    words = [sys.executable, "tools/fuzz.py", "--keep", str(tmp_path / "fed"), "variable"]
    for minutes, slices in [("0.001", 1), ("0.001", 0), ("0.01", 1)]:
        done = subprocess.run(
            [*words, "--minutes", minutes],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.splitlines()) == slices
