"""The hooks of training frameworks that a page shows log checkpoints as artifacts."""

import json
import re

import pytest

from tests.pages import ROOT

# What the hooks use of the frameworks, whose packages need GPUs.
MEGATRON = """
def on_save_checkpoint_success(checkpoint_path, save_dir, iteration, wandb_writer): ...
"""
NEMO_RL = """
from pathlib import Path

class CheckpointManager:
    def finalize_checkpoint(self, checkpoint_path):
        path = Path(checkpoint_path)
        path.rename(path.with_name(path.name.removeprefix("tmp_")))
"""
SAVE = """
prun.dir.joinpath("{saved}").mkdir()
prun.dir.joinpath("{saved}", "weights").write_text("1 2 3")
{call}
"""
CALLS = {
    "megatron_hook": (
        "iter_0000020",
        """
import megatron_hook
from megatron.bridge.training.utils import wandb_utils
folder = str(prun.dir / "iter_0000020")
wandb_utils.on_save_checkpoint_success(folder, str(prun.dir), 20, wandb_writer=None)
""",
    ),
    "nemo_rl_hook": (
        "tmp_step_20",
        """
import nemo_rl_hook
from nemo_rl.utils.checkpoint import CheckpointManager
CheckpointManager().finalize_checkpoint(str(prun.dir / "tmp_step_20"))
""",
    ),
}


@pytest.mark.parametrize("hook", CALLS)
def test_a_hook_logs_a_checkpoint_with_its_iteration(project, hook):
    page = (ROOT / "docs/artifacts.md").read_text(encoding="utf-8")
    code = re.search(rf"<!-- file: {hook}.py -->\n```python\n(.*?)```", page, re.DOTALL)
    project.write(f"{hook}.py", code[1])
    project.write("megatron/bridge/training/utils/wandb_utils.py", MEGATRON)
    project.write("nemo_rl/utils/checkpoint.py", NEMO_RL)
    saved, call = CALLS[hook]
    target = project.experiment("saves", body=SAVE.format(saved=saved, call=call))
    done = project.run("--record", target)
    assert done.code == 0, done.err
    (version,) = json.loads(project.runs("artifacts", "policy", "--json").out)
    assert (version["type"], version["metadata"]["iteration"]) == ("model", 20)
    assert version["path"] == str(project.only_run() / "files" / saved.removeprefix("tmp_"))
