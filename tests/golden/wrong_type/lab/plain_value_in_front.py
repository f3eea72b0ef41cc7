from lab.train import TrainConfig

config = TrainConfig(5, base_lr=1.0)
