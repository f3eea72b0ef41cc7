"""The first try."""

from lab.parts import AdamConfig, TrainerConfig

config = TrainerConfig(name="first", steps=6)
adam = AdamConfig(lr=0.5)
