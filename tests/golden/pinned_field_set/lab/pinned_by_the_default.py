from lab.train import TrainConfig

config = TrainConfig(version=3)
