"""Configs in files, and functions with the fields of a config as keywords."""

import os
import tempfile
from pathlib import Path

from pconfigs import pface, pload_file, psave
from system import TrainerConfig, trainer

with tempfile.TemporaryDirectory() as folder:
    psave(trainer, os.path.join(folder, "trainer.json"))
    loaded: TrainerConfig = pload_file(Path(folder, "trainer.json"), TrainerConfig)


@pface(TrainerConfig, lr="lr", width="model.width")
def width(config: TrainerConfig) -> int:
    return config.model.width


nine: int = width(trainer, lr=1e-4, width=9)
