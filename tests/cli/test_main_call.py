"""What `run` calls: a main with or without parameters, a coroutine, the function of a config."""

from __future__ import annotations

import pytest

MODULE = '''
from __future__ import annotations

from pconfigs import PConfig, pconfig, pconfiged, pdefaults


@pconfiged(runnable=True)
class Plain:
    config: PlainConfig

    def main(self):
        print("plain", self.config.n)
        return {"loss": 0.5, "note": "done"}


@pconfig(constructs=Plain)
class PlainConfig(PConfig[Plain]):
    n: int


@pconfiged(runnable=True)
class Later:
    config: LaterConfig

    async def main(self, *args):
        print("later", self.config.n)
        return self.config.n


@pconfig(constructs=Later)
class LaterConfig(PConfig[Later]):
    n: int


@pconfig
def scale(x: float = 2.0, *, by: float = 3.0):
    """Multiply."""
    return x * by


@pconfig
def measure(*, rate: float = 0.1):
    return {"rate": rate}


@pconfig
def incomplete(x: float, *, by: float = 3.0):
    return x * by


pdefaults += PlainConfig(n=1)
pdefaults += LaterConfig(n=3)
config = PlainConfig()
later = LaterConfig()
scaled = scale(by=4.0)
measured = measure()
open_call = incomplete()
'''


@pytest.fixture
def project(lab):
    folder = lab.folder / "lab"
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").touch()
    (folder / "main.py").write_text(MODULE, encoding="utf-8")
    return lab


@pytest.mark.parametrize(
    ("words", "code", "out"),
    [
        (["lab.main"], 0, "plain 1\n"),
        (["lab.main", "n=2"], 0, "plain 2\n"),
        (["lab.main.later"], 3, "later 3\n"),
        (["lab.main.scaled"], 0, "8.0\n"),
        (["lab.main.scaled", "x=1"], 0, "4.0\n"),
        (["lab.main.measured"], 0, ""),
    ],
)
def test_what_a_target_has_is_run(project, words, code, out):
    done = project.call("run", "--no-record", *words)
    assert (done.code, done.out) == (code, out), done.err


def test_arguments_need_a_main_that_takes_them(project):
    done = project.call("run", "--no-record", "lab.main", "--", "x")
    assert done.code == 2
    assert "Plain.main takes no arguments after --" in done.err


def test_a_mapping_is_kept_as_the_results(project):
    done = project.call("run", "--record", "lab.main")
    assert done.code == 0, done.err
    metrics = [path.read_text("utf-8") for path in (project.folder / "runs").rglob("*.jsonl")]
    assert any("0.5" in text and "done" in text for text in metrics), (metrics, done.err)


def test_a_function_that_needs_more_is_refused(project):
    done = project.call("run", "--no-record", "lab.main.open_call")
    assert done.code != 0
    assert "x" in done.err
