from lab.train import TrainConfig

config = TrainConfig(steps="500", base_lr=1e-3)
