"""The experiments of all systems build, mean what their golden files have, and run."""

import pytest

from pconfigs.cli.main import run_command
from tests.pages import ROOT


@pytest.mark.parametrize("words", [["--golden"], pytest.param(["--smoke"], marks=pytest.mark.slow)])
def test_experiments_of_the_project(words, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    code = run_command("test", ["project", *words])
    out, err = capsys.readouterr()
    *notes, result = out.splitlines()
    assert (code, result, err) == (0, "Tested 19 configs. Errors: 0", "")
    known = ("preprocess.config", ".config ran ")
    assert all(any(words in note for words in known) for note in notes)
