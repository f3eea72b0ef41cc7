from lab.train import TrainConfig

config = TrainConfig(kind="sgd")
