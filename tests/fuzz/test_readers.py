"""Every reader, fed with what is nearly right and with noise: only errors of ours come out.

`python tools/fuzz.py` feeds them for as long as it is allowed to.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.examples import examples
from tests.fuzz.reader import accepts, check_text
from tests.fuzz.readers import PARSING, READERS

ROOT = Path(__file__).parents[2]
EXAMPLES = 60
PARSERS = {
    "json.loads", "json.load", "loads", "tomllib.loads", "tomllib.load", "ast.parse", "parse_json",
    "ast.literal_eval", "literal_eval", "yaml.compose", "yaml.load", "pickle.loads",
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_what_is_fed_is_read_or_refused(name):
    if name == "omegaconf":
        pytest.importorskip("omegaconf")
    reader = READERS[name]

    @settings(max_examples=examples(max(1, int(EXAMPLES * reader.share))))
    @given(reader.inputs)
    def check(given):
        reader.read(given)

    check()


def parsing_modules():
    """Yield the modules of the library that parse text with a parser of Python's."""
    for file in sorted((ROOT / "pconfigs").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
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


def test_the_tool_feeds_readers_in_turn():
    words = [sys.executable, "tools/fuzz.py", "--minutes", "0.001", "variable", "path"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first.split()[:3:2] == ["variable", "inputs"]
    assert second.split()[:3:2] == ["path", "inputs"]
    done = subprocess.run([*words, "zzz"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 2
