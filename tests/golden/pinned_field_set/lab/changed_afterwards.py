from lab.train import TrainConfig

config = TrainConfig()
config.steps = 3
