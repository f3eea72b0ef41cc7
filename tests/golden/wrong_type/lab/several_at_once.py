from lab.train import TrainConfig

config = TrainConfig(
    steps=5.0,
    warmup_steps=True,
    base_lr="1e-3",
)
