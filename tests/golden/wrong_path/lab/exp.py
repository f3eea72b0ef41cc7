from lab.train import TrainConfig

config = TrainConfig(steps=50)
