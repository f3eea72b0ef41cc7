"""The Ray executor with a real cluster of this machine."""

import os
import sys
from dataclasses import replace

import pytest

from pconfigs.errors import EngineError
from pconfigs.executors import Job, RayExecutor
from pconfigs.launchers.engines.job import JOBS, job_line
from tests.engines.waiting import is_gone, text_of, until

pytestmark = pytest.mark.engines


def python(folder, code, **env):
    folder.mkdir(exist_ok=True)
    return Job(str(folder), (sys.executable, "-c", code), env=env)


@pytest.fixture
def submit(ray, tmp_path):
    """Submit jobs; return the engine and the handles."""
    engines = []

    def submitted(jobs, **fields):
        launch = tmp_path / f"{tmp_path.name}-{len(engines)}"
        launch.mkdir()
        jobs = [replace(job, index=index) for index, job in enumerate(jobs)]
        (launch / JOBS).write_text("".join(map(job_line, jobs)))
        engine = RayExecutor(**fields).construct()
        engines.append(engine)
        return engine, engine.submit(jobs, launch)

    yield submitted
    for engine in engines:
        engine.close()


def finish(engine, handles):
    def all_gone():
        seen = engine.poll(handles)
        return seen if all(one.state == "gone" for one in seen.values()) else None

    return [until(all_gone, step=0.2)[handle] for handle in handles]


def test_success_failure_and_signals(submit, tmp_path):
    """Exit codes come from the job server; logs and environment are those of each run."""
    codes = [
        "import os; print(os.environ['NAME'], os.environ['SHARED'])",
        "raise SystemExit(7)",
        "import os; os.kill(os.getpid(), 9)",
    ]
    jobs = [python(tmp_path / str(n), code, NAME=f"job {n}") for n, code in enumerate(codes)]
    engine, handles = submit(jobs, env_vars={"SHARED": "it's"})
    seen = finish(engine, handles)
    assert [one.word.partition(",")[0] for one in seen] == ["SUCCEEDED", "FAILED", "FAILED"]
    assert [one.code for one in seen] == [0, 7, 128 + 9]
    assert text_of(engine.log(handles[0])) == "job 0 it's\n"


def test_stopping_ends_all_that_was_started(submit, tmp_path):
    code = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(os.getpid(), flush=True)
time.sleep(600)
"""
    engine, handles = submit([python(tmp_path / "a", code)])
    log = engine.log(handles[0])
    until(lambda: text_of(log).count("\n") == 2)
    engine.cancel(handles)
    (seen,) = finish(engine, handles)
    assert seen.word.startswith("STOPPED")
    until(lambda: all(is_gone(int(line)) for line in text_of(log).splitlines()))


def test_what_the_cluster_does_not_have_waits_with_rays_reason(submit, tmp_path):
    engine, handles = submit([python(tmp_path / "a", "pass")], num_gpus=4)
    seen = until(lambda: (one := engine.poll(handles)[handles[0]]).word and one)
    assert seen.state == "queued"
    assert "resources" in seen.word
    engine.cancel(handles)
    (seen,) = finish(engine, handles)
    assert seen.word == "cancelled before it started"


def test_a_cluster_that_is_not_there(monkeypatch, tmp_path):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    with pytest.raises(EngineError, match="RAY_ADDRESS=http://HOST:8265"):
        RayExecutor().construct().submit([], tmp_path)
    engine = RayExecutor(address="http://127.0.0.1:9").construct()
    with pytest.raises(EngineError, match="ray: "):
        engine.submit([], tmp_path)
    assert engine.poll(["a"])["a"].state == "unknown"


def test_a_job_that_ray_does_not_know_is_gone(submit, tmp_path):
    engine, _ = submit([])
    assert engine.poll(["never-submitted"])["never-submitted"].state == "gone"


def test_a_second_submission_under_one_name_is_refused_in_rays_words(submit, tmp_path):
    engine, handles = submit([python(tmp_path / "a", "pass")])
    with pytest.raises(EngineError, match=handles[0]):
        engine.submit([python(tmp_path / "a", "pass")], tmp_path / f"{tmp_path.name}-0")
    finish(engine, handles)


def test_the_environment_of_the_cluster_is_not_needed(submit, tmp_path, monkeypatch):
    """`python` is another one there: the job names its own."""
    engine, handles = submit([python(tmp_path / "a", "import sys; print(sys.executable)")])
    finish(engine, handles)
    assert text_of(engine.log(handles[0])) == f"{sys.executable}\n"
    assert os.environ["RAY_ADDRESS"]


def test_the_address_of_an_executor_holds_whatever_the_environment_names(submit, ray, monkeypatch):
    """Ray's own client would take that of the environment."""
    monkeypatch.setenv("RAY_ADDRESS", "http://127.0.0.1:9")
    engine, _ = submit([], address=ray.address)
    assert engine.poll(["never-submitted"])["never-submitted"].state == "gone"
    assert os.environ["RAY_ADDRESS"] == "http://127.0.0.1:9"
