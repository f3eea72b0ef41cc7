"""The script that measures which recipes load, with small files of the same shape."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("omegaconf")
ROOT = Path(__file__).parents[3]
FILES = {
    "grpo_math_1B.yaml": "grpo: {seed: 7}\ndata:\n  max_input_seq_length: ${mul:${grpo.seed},2}\n",
    "recipes/more.yaml": "defaults: ../grpo_math_1B.yaml\ngrpo: {max_num_steps: 3}\n",
    "recipes/typo.yaml": "defaults: more.yaml\ngrpo: {max_num_stepz: 3}\n",
    "other.yaml": "a: 1\nb: ${add:${a},1}\n",
    "recipes/other-2.yaml": "defaults: ../other.yaml\na: 2\n",
}


@pytest.fixture
def call(tmp_path):
    """Call the script on the files; return the rows that it prints, without the heading."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(*words):
        command = [sys.executable, "tools/recipes.py", *words, str(tmp_path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        rows = [line.split() for line in done.stdout.splitlines()[1:]]
        return {name: [int(count) for count in counts] for name, *counts in rows}

    return run


@pytest.mark.slow
def test_files_are_counted_by_what_loading_them_gives(call):
    """Files, loaded, equal, with more values, different, refused."""
    assert call() == {
        "grpo_math_1B": [3, 2, 0, 2, 0, 1],
        "other": [2, 0, 0, 0, 0, 2],
        "all": [5, 2, 0, 2, 0, 3],
    }


@pytest.mark.slow
def test_files_are_adopted_and_compared(call):
    """Files, values, differences, what is left to decide."""
    assert call("--adopt") == {"grpo_math_1B": [3, 9, 0, 0], "other": [2, 4, 0, 0]}
