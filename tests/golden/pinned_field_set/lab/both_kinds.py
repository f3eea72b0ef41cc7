from lab.train import TrainConfig

config = TrainConfig(decay_steps=3, stps=4)
