"""What reads configs, and what makes variants of them."""

import dataclasses

from pconfigs import (
    pbroadcast,
    pdefaults,
    pdiff,
    pdump,
    pexplain,
    pfingerprint,
    pflat,
    pget,
    plabel,
    pload,
    pset,
    ptransform,
    pwalk,
)
from system import ModelConfig, TrainerConfig, trainer

wider: TrainerConfig = pset(trainer, {"model.width": 9})
broad: TrainerConfig = pbroadcast(trainer, width=9)
doubled: TrainerConfig = ptransform(trainer, width=lambda config: 2 * config.width)
loaded: TrainerConfig = pload(pdump(trainer), TrainerConfig)
default: ModelConfig | None = pdefaults(ModelConfig)
of_config: ModelConfig | None = pdefaults(trainer.model)
label: str = plabel(trainer) + pfingerprint(trainer)
print(pdiff(trainer, wider), pexplain(trainer, "model.width"), pget(trainer, "model.width"))
print(list(pwalk(trainer)), pflat(trainer))
print(dataclasses.asdict(trainer), dataclasses.fields(trainer), dataclasses.is_dataclass(trainer))
replaced: TrainerConfig = dataclasses.replace(trainer, steps=3)
