from lab.train import TrainConfig

config = TrainConfig(
    base_lr=-1e-3,
)
