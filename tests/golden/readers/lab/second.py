from lab.first import config as first
from lab.parts import ModelConfig, TrainerConfig

# Wider, with a longer run.
config = TrainerConfig(
    first,
    steps=len(first.schedule) + 2,
    width=16,
    model=ModelConfig(width=12, activation="gelu" * 20),
    token="mum",
    warmup=3,
)
