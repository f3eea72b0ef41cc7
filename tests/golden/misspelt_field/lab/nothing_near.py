from lab.train import TrainConfig

config = TrainConfig(x=1)
