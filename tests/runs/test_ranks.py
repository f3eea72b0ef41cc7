"""Several ranks: one folder, a file each, and one answer to what they ask once."""

import pytest

from pconfigs.runs.ranks import PATIENCE
from tests.engines.waiting import until
from tests.runs.conftest import read, rows

SIZE = 4


def start_all(project, *words, size=SIZE, ranks=None, own=None, **variables):
    """Start all ranks, or `ranks` of them; `own` has words of single ranks."""
    variables |= {"WORLD_SIZE": str(size), "MASTER_PORT": "29500"}
    return [
        project.popen(
            "-m", "pconfigs.run", *(own or {}).get(rank, words), RANK=str(rank), **variables
        )
        for rank in ranks or range(size)
    ]


def finish(processes):
    ends = [process.communicate(timeout=PATIENCE / 5) for process in processes]
    return [process.returncode for process in processes], [err for _, err in ends]


def test_ranks_share_one_folder_with_a_file_each(project):
    body = "prun.log(step=9, rank=prun.rank, of=prun.world_size)"
    target = project.experiment("ranked", body=body)
    codes, errors = finish(start_all(project, "--record", target))
    assert codes == [0] * SIZE, errors
    folder = project.only_run()
    for rank in range(SIZE):
        mark = f".r{rank}" if rank else ""
        assert rows(folder / f"metrics{mark}.jsonl")[-1]["values"] == {"rank": rank, "of": SIZE}
        assert (folder / f"log{mark}.txt").read_text() == "step=0\nstep=1\nstep=2\n"
        assert read(folder / f"code{mark}.json")["files"]
    assert read(folder / "status.json")["state"] == "done"
    assert [error for error in errors if "runs/ranked" in error] == [errors[0]]
    assert list((project.store / ".claims").iterdir()) == []


@pytest.mark.slow
def test_the_same_ranks_started_again_claim_a_folder_of_their_own(project):
    for _ in range(2):
        codes, errors = finish(start_all(project, "--record", "lab.first"))
        assert codes == [0] * SIZE, errors
    names = [path.name for path in project.folders() if path.is_dir()]
    assert [name[-2:] for name in names] == [".1", ".2"]


def test_ranks_start_anew_after_an_attempt_that_was_killed(project):
    """Two of three ranks had met when they were killed; no process is looked up."""
    project.run("--record", "lab.first", "steps=0")
    claims = project.store / ".claims"
    killed = start_all(project, "lab.first", size=3, ranks=[0, 1])
    until(lambda: any("answer" in read(path) for path in claims.glob("*/start.r1.json")))
    for process in killed:
        process.kill()
        process.communicate()
    codes, errors = finish(start_all(project, "lab.first", size=3))
    assert codes == [0] * 3, errors
    states = [read(path / "status.json")["state"] for path in project.store.glob("first-*")]
    assert sorted(states) == ["done", "running"]
    assert list(claims.iterdir()) == []


def test_a_config_that_differs_stops_all_ranks(project):
    project.run("lab.first", "--record", "steps=0")
    own = {2: ("lab.first", "rate=0.25")}
    codes, errors = finish(start_all(project, "lab.first", own=own))
    assert codes == [2] * SIZE
    for error in errors:
        assert error.startswith(
            "the ranks of the run differ\n    rank 2: rate = 0.25, rank 0 has 0.5\n"
        )
    states = [read(path / "status.json")["state"] for path in project.folders() if path.is_dir()]
    assert sorted(states) == ["done", "failed"]


def test_code_that_differs_stops_all_ranks(project):
    project.write("other/lab/__init__.py", "")
    other = project.write("other/lab/train.py", (project.folder / "lab/train.py").read_text())
    other.write_text(other.read_text() + "\n# another version\n")
    project.write("other/lab/first.py", (project.folder / "lab/first.py").read_text())
    project.write("other/pyproject.toml", f'[tool.pconfigs]\nruns = "{project.store}"\n')
    project.run("--record", "lab.first")
    first = start_all(project, "lab.first", size=2, ranks=[0])
    project.folder = other.parent.parent
    second = start_all(project, "lab.first", size=2, ranks=[1])
    codes, errors = finish([*first, *second])
    assert codes == [2, 2]
    for error in errors:
        assert "rank 1: lab/train.py has another content than on rank 0" in error


def test_an_error_of_rank_0_stops_the_others(project):
    project.run("--record", "lab.first")
    (project.store / ".smoke").write_text("in the way")
    codes, errors = finish(start_all(project, "lab.first", "--smoke"))
    assert codes == [2] * SIZE
    for error in errors:
        assert "a run cannot be recorded" in error


@pytest.mark.parametrize("record", ["--record", "--no-record"])
def test_once_is_asked_on_rank_0_and_answered_on_all(project, record):
    body = """
    import os
    def ask():
        print("asked by", prun.rank)
        return {"from": prun.rank, "pid": os.getpid()}
    for _ in range(2):
        answer = prun.once("question", ask)
        print("answer", answer["from"])
    """
    target = project.experiment("asks", "steps=0", body=body)
    processes = start_all(project, record, target)
    ends = [process.communicate(timeout=PATIENCE / 5) for process in processes]
    assert [process.returncode for process in processes] == [0] * SIZE, ends
    assert ends[0][0] == "asked by 0\nanswer 0\n" * 2
    for out, _ in ends[1:]:
        assert out == "answer 0\n" * 2


@pytest.mark.slow
def test_others_end_when_rank_0_is_killed_while_they_wait_for_its_answer(project):
    body = "prun.once('question', lambda: os.kill(os.getpid(), signal.SIGKILL))"
    codes, errors = finish(start_all(project, project.experiment("asks", "steps=0", body=body)))
    assert codes == [-9, 1, 1, 1]
    assert all("rank 0 has ended" in error for error in errors[1:]), errors


@pytest.mark.slow
def test_an_error_of_once_is_raised_on_all_ranks(project):
    body = "prun.once('question', lambda: 1 / 0)"
    codes, errors = finish(start_all(project, project.experiment("asks", "steps=0", body=body)))
    assert codes == [1] * SIZE
    assert errors[0].rstrip().endswith("ZeroDivisionError: division by zero")
    for error in errors[1:]:
        assert "prun.once('question') failed on rank 0\n    ZeroDivisionError" in error
