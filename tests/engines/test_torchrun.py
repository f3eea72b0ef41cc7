"""torchrun as a part of an executor: its processes record one run; where torch is installed."""

import importlib.util
import json

import pytest

from tests.launchers.lab import Lab

pytestmark = pytest.mark.engines

MODEL = """
import torch, torch.distributed as dist
from pconfigs import PConfig, pconfig, pconfiged, pdefaults, prun

@pconfiged(runnable=True)
class Trainer:
    config: "TrainerConfig"

    def main(self, args=None, others=()):
        dist.init_process_group("gloo")
        total = torch.tensor([prun.rank + 1.0])
        dist.all_reduce(total)
        prun.log(step=0, total=total.item())
        shared = prun.once("question", lambda: prun.rank)
        dist.destroy_process_group()
        return int(shared)

@pconfig(constructs=Trainer)
class TrainerConfig(PConfig[Trainer]):
    seed: int

pdefaults += TrainerConfig(seed=0)
config = TrainerConfig()
"""


def test_processes_of_torchrun_record_one_run(tmp_path):
    if importlib.util.find_spec("torch") is None:
        pytest.skip("torch is not installed")
    lab = Lab(tmp_path)
    (tmp_path / "lab" / "model.py").write_text(MODEL)
    (tmp_path / "env.toml").write_text(
        '[two]\nexecutor = "local"\ntorchrun = { nproc_per_node = 2 }\n'
    )
    done = lab.run("run", "lab.model.config", "--on", "two")
    assert done.returncode == 0, done.stderr
    (folder,) = lab.folders()
    assert lab.states() == ["done"]
    for name in ("metrics.jsonl", "metrics.r1.jsonl"):
        (row,) = map(json.loads, (folder / name).read_text().splitlines())
        assert row["values"] == {"total": 3.0}
