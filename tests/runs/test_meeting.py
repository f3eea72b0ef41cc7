"""Ranks exchange answers; whatever an earlier attempt has left is never taken for one."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings, strategies as st

from pconfigs.errors import RankError
from pconfigs.runs import ranks
from pconfigs.runs.ranks import Meeting
from pconfigs.runs.status import process_facts
from tests.engines.waiting import until

SIZE = 4
NEVER = 1_000_000


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Let a rank that no other hears fail in this process's lifetime."""
    monkeypatch.setattr(ranks, "PATIENCE", 60.0)


class Killed(BaseException):
    pass


class Mortal(Meeting):
    """A meeting whose process is killed before the file operation after `life` others.

    The launcher kills the other ranks of that attempt then, at whatever point they are.
    """

    def __init__(self, folder, rank, life, end):
        super().__init__(folder, rank, SIZE)
        self.life, self.end = life, end

    def _spend(self):
        self.life -= 1
        if self.life < 0:
            self.end.set()
        if self.end.is_set():
            raise Killed

    def _write(self, name, data):
        self._spend()
        super()._write(name, data)

    def _read(self, name, shape):
        self._spend()
        return super()._read(name, shape)

    def _remove(self, *names):
        self._spend()
        super()._remove(*names)


def attempt(folder, number, order, lives):
    """Start the ranks of one attempt in an order; return what each has got of two questions."""
    end = threading.Event()
    got = {}

    def live(rank):
        meeting = Mortal(folder, rank, lives[rank], end)
        mine = [f"{rank} of attempt {number}"]
        try:
            if rank == 0:
                problems = meeting.answer("start", {"attempt": number})
                got[rank] = [problems, meeting.answer("end", {"attempt": number})]
            else:
                answers = [meeting.ask("start", lambda _: mine), meeting.ask("end")]
                got[rank] = [answer["attempt"] for answer in answers]
        except Killed:
            pass

    threads = [threading.Thread(target=live, args=(rank,)) for rank in order]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


orders = st.permutations(range(SIZE))
kills = st.dictionaries(st.integers(0, SIZE - 1), st.integers(0, 30), min_size=1)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(orders, kills), min_size=1, max_size=4), orders)
def test_no_rank_reads_what_killed_attempts_have_left(killed, order):
    with TemporaryDirectory() as store:
        folder = str(Path(store, "ranks"))
        for number, (killed_order, lives) in enumerate(killed):
            attempt(folder, number, killed_order, {**dict.fromkeys(range(SIZE), NEVER), **lives})
        last = len(killed)
        got = attempt(folder, last, order, dict.fromkeys(range(SIZE), NEVER))
        assert got.pop(0) == [[f"{rank} of attempt {last}" for rank in range(1, SIZE)], []]
        assert got == dict.fromkeys(range(1, SIZE), [last, last])
        assert not Path(folder).exists()


def test_files_of_an_attempt_on_another_host_are_not_read(tmp_path):
    left = {
        "start.json": {"word": "old", "to": {"1": "older", "2": "older", "3": "older"}},
        "start.data.json": {"word": "old", "attempt": "old"},
        **{f"start.r{rank}.json": {"word": "older", "answer": "old", "problems": ["old"]}
           for rank in range(1, SIZE)},
    }  # fmt: skip
    for name, data in left.items():
        (tmp_path / name).write_text(json.dumps(data))
    (tmp_path / "end.json").write_text("")  # the power was cut
    got = attempt(str(tmp_path), 7, range(SIZE), dict.fromkeys(range(SIZE), NEVER))
    assert got == {0: [["1 of attempt 7", "2 of attempt 7", "3 of attempt 7"], []],
                   1: [7, 7], 2: [7, 7], 3: [7, 7]}  # fmt: skip


def test_a_rank_that_is_interrupted_leaves_no_question(tmp_path):
    folder = tmp_path / "ranks"
    meeting = Meeting(str(folder), 1, 2)

    def interrupt(name, shape):
        assert json.loads((folder / "start.r1.json").read_bytes())["word"]
        raise KeyboardInterrupt

    meeting._read = interrupt
    with pytest.raises(KeyboardInterrupt):
        meeting.ask("start")
    assert not folder.exists()


def test_a_rank_waits_as_long_as_the_process_of_rank_0_is_there(tmp_path, monkeypatch):
    folder = str(tmp_path / "ranks")
    got = []

    def ask(name, leader):
        try:
            got.append(Meeting(folder, 1, 2).ask(name, leader=leader)["value"])
        except RankError as error:
            got.append(str(error))

    with monkeypatch.context() as impatient:
        impatient.setattr(ranks, "PATIENCE", -1.0)
        thread = threading.Thread(target=ask, args=("slow", process_facts()))
        thread.start()
        until(lambda: Path(folder, "slow.r1.json").exists())
        thread.join(0.1)
    Meeting(folder, 0, 2).answer("slow", {"value": 7})
    thread.join()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    ask("late", {**process_facts(), "pid": ended.pid, "start": 1})
    assert got == [7, "rank 0 has ended\n    see what it printed last"]
