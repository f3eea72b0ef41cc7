"""Nested values set by attribute."""

from pconfigs import Pin, psetter
from system import TrainerConfig, trainer

view = psetter(type=TrainerConfig, inputs=trainer)
view.model.width = 9
view.devices = Pin(2)
config: TrainerConfig = psetter(construct=view)
fresh: TrainerConfig = psetter(construct=psetter(type=TrainerConfig))

with psetter(trainer) as short:
    short.model.width = 10
variant: TrainerConfig = short.config

with psetter(config) as again:
    part = again.model
    part.depth = 4
    again.steps = again.steps + 1
