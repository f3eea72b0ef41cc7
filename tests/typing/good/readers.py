"""What reads configs, and what makes variants of them."""

import argparse
import dataclasses
from collections.abc import Mapping

from pconfigs import (
    pbroadcast,
    pdefaults,
    pdiff,
    pdump,
    pexplain,
    pfingerprint,
    pflat,
    pget,
    pinputs,
    plabel,
    pload,
    poverride,
    pselect,
    pset,
    ptransform,
    pwalk,
)
from system import ModelConfig, TrainerConfig, trainer

wider: TrainerConfig = pset(trainer, {"model.width": 9})
broad: TrainerConfig = pbroadcast(trainer, width=9)
doubled: TrainerConfig = ptransform(trainer, width=lambda config: 2 * config.width)
said: TrainerConfig = poverride(trainer, ["model.width=9"])
given: TrainerConfig = pinputs(trainer)
default: ModelConfig | None = pdefaults(ModelConfig)
of_config: ModelConfig | None = pdefaults(trainer.model)
label: str = plabel(trainer) + pfingerprint(trainer)
flat: dict[str, object] = pflat(trainer)

inputs: list[str] = [str(change.path) for change in pdiff(trainer, wider).inputs]
causes: list[str] = [str(cause) for change in pdiff(trainer, wider) for cause in change.causes]
story = pexplain(trainer, "schedule", deep=True)
lines: list[int] = [origin.place.line for origin in story.origins]
read: list[str] = [str(read.path) for read in story.reads]
told: dict[str, object] = story.to_json()
widths: Mapping[str, int] = {str(path): width for path, width in pselect(trainer, int).items()}
for path, field, value in pwalk(trainer):
    name: str = str(path) if field is None else field.name
    print(name, pget(trainer, path) == value)

loaded: TrainerConfig = pload(pdump(trainer), TrainerConfig, drift="accept", allow="system")
tree: dict[str, object] = pdump(trainer)
namespace: argparse.Namespace = pdump(trainer, to="argparse")
print(dataclasses.asdict(trainer), dataclasses.fields(trainer), dataclasses.is_dataclass(trainer))
replaced: TrainerConfig = dataclasses.replace(trainer, steps=3)
