from lab.train import TrainConfig

config = TrainConfig(
    steps=5,
    decay_steps=3,
)
