"""A project with sweeps whose runs do as their configs ask, and the commands run in it."""

import json
import os
import subprocess
import sys
from pathlib import Path

MODEL = """
import os, signal, time
from pathlib import Path
from pconfigs import PConfig, pconfig, pconfiged, pdefaults, prun

@pconfiged(runnable=True)
class Trainer:
    config: "TrainerConfig"

    def main(self, args=None, others=()):
        c = self.config
        state, draft = (prun.dir / f"{name}{prun.rank or ''}" for name in ("state", "draft"))
        first = int(state.read_text()) if state.exists() else 0
        for step in range(first, c.steps):
            prun.log(step=step, loss=1 / (step + 1) + c.rate)
            draft.write_text(str(step + 1))
            draft.replace(state)
            while (Path(c.notes) / "hold").exists():
                time.sleep(0.02)
            time.sleep(c.pause)
        with open(Path(c.notes) / "ended", "a") as file:
            file.write(f"{c.seed}\\n")
        if c.end == "raise":
            raise ValueError("as the config says")
        if c.end == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        return int(c.end)

@pconfig(constructs=Trainer)
class TrainerConfig(PConfig[Trainer]):
    steps: int
    rate: float
    seed: int
    pause: float
    end: str
    notes: str

pdefaults += TrainerConfig(steps=2, rate=0.1, seed=0, pause=0.0, end="0", notes=".")
"""
EXPERIMENTS = """
from pconfigs import psweep
from lab.model import TrainerConfig

config = TrainerConfig()
sweep = psweep(config, grid={"rate": [0.1, 0.2], "seed": range(3)})
mixed = psweep(config, zip={"end": ["0", "raise", "3", "kill"], "seed": range(4)})
slow = psweep(config, grid={"seed": range(4), "pause": [0.05], "steps": [20]})
by_name = {"small": TrainerConfig(steps=1), "large": TrainerConfig(steps=5)}
listed = [TrainerConfig(seed=7), TrainerConfig(seed=8)]
"""


class Lab:
    """A project in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.timeout = folder, 180.0
        self._started: list[subprocess.Popen[str]] = []
        (folder / "lab").mkdir()
        (folder / "pyproject.toml").write_text("[project]\nname = 'lab'\n")
        (folder / "lab" / "__init__.py").write_text("")
        (folder / "lab" / "model.py").write_text(MODEL)
        (folder / "lab" / "rates.py").write_text(EXPERIMENTS)

    def command(self, *words: str) -> list[str]:
        """Return the command line of `pconfigs` with some words."""
        return [sys.executable, "-m", "pconfigs", *words]

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self.command(*words), cwd=self.folder, capture_output=True, text=True,
            timeout=self.timeout,
            env={**os.environ, **env}, check=False,
        )  # fmt: skip

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command; its stderr is a pipe, and an interruption is not ignored."""
        code = (
            "import os, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
            " os.execv(sys.executable, sys.argv[1:])"
        )
        started = subprocess.Popen(
            [sys.executable, "-c", code, *self.command(*words)], cwd=self.folder,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._started.append(started)
        return started

    def hold(self) -> None:
        """Let runs wait after their first step, until `release`."""
        (self.folder / "hold").touch()

    def release(self) -> None:
        """Let all runs go on to their end."""
        (self.folder / "hold").unlink(missing_ok=True)

    def close(self) -> None:
        """Kill the commands that a test has left running."""
        self.release()
        for started in self._started:
            started.kill()
            started.wait()
            if started.stderr is not None:
                started.stderr.close()

    def runs(self) -> list[dict[str, object]]:
        """Return what `runs --json` lists."""
        found: list[dict[str, object]] = json.loads(self.run("runs", "--json").stdout)
        return found

    def states(self) -> list[str]:
        """Return the states of all runs, sorted."""
        return sorted(str(run["state"]) for run in self.runs())

    def ended(self) -> list[int]:
        """Return the seeds of the runs that came to their end, one for each time."""
        file = self.folder / "ended"
        return sorted(map(int, file.read_text().split())) if file.exists() else []

    def done_twice(self) -> list[str]:
        """Return the runs that went on after an attempt that was done."""
        found: list[str] = []
        for folder in self.folders():
            files = (folder / "attempts").glob("*.json")  # not drafts of killed processes
            attempts = [json.loads(file.read_text()) for file in files]
            attempts.sort(key=lambda attempt: attempt["started"])
            if any(attempt.get("state") == "done" for attempt in attempts[:-1]):
                found.append(folder.name)
        return found

    def folders(self) -> list[Path]:
        """Return the folders of all runs."""
        store = self.folder / "runs"
        return sorted(path for path in store.iterdir() if path.is_dir() and path.name[0] != ".")
