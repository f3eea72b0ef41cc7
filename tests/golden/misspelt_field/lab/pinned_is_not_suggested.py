from lab.train import TrainConfig

config = TrainConfig(decay_stps=3)
