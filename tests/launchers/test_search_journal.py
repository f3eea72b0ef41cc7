"""Journals of searches that a full disk, a power cut or another program has left."""

from __future__ import annotations

import pytest

from pconfigs.clients.optuna import Dimension, KnownTrial, Study
from pconfigs.errors.runs import StoreError
from pconfigs.launchers.search import _run_of

pytest.importorskip("optuna")


@pytest.fixture
def journal(tmp_path):
    """Return a journal with three trials, the last of which runs."""
    file = tmp_path / "a.journal"
    study = opened(file)
    for number in range(3):
        trial = study.ask()
        if number < 2:
            study.tell(trial.number, 0.5)
    return file


def opened(file):
    space = {"a": Dimension("float", 0, 1), "b": Dimension("choice", 0, 3)}
    return Study(str(file), "name", maximize=True, space=space, seed=0, prune=None)


@pytest.mark.parametrize("kept", [1, 40, -1])
def test_a_line_that_was_not_completed_is_cut_off(journal, kept):
    whole = journal.read_bytes()
    last = whole.rstrip(b"\n").rpartition(b"\n")[2]
    journal.write_bytes(whole + last[:kept])
    for count in (3, 4):
        study = opened(journal)
        assert len(list(study.trials())) == count
        study.tell(study.ask().number, 0.1)
    assert journal.read_bytes().startswith(whole)


@pytest.mark.parametrize(
    "content", [b"{\n", b"\xff\n", b"{}\n", b'{"op_code": 0}\n', b"[" * 100_000 + b"\n", b"1\n"]
)
def test_a_journal_that_is_damaged_is_named(journal, content):
    journal.write_bytes(journal.read_bytes() + content)
    with pytest.raises(StoreError, match=r"a\.journal: the search cannot be read(.|\n)*remove"):
        opened(journal)


@pytest.mark.parametrize("noted", [None, [], {"of": []}, {"by": {}}, {"of": "a", "by": []}])
def test_what_is_noted_with_a_trial_counts_where_it_has_its_shape(noted):
    assert _run_of(KnownTrial(0, "running", {}, {"run": noted}, None)) == {}
