"""The first try."""

from lab.parts import ModelConfig, TrainerConfig

config = TrainerConfig(
    base_lr=3e-4,
    steps=4,
    heads={"cls": ModelConfig(depth=1), "seg": ModelConfig(depth=3)},
)
