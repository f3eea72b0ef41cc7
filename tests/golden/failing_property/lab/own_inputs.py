from lab.train import TrainConfig

base = TrainConfig(warmup_steps=200)
config = TrainConfig(base, steps=150)
