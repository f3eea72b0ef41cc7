from lab.train import TrainConfig

base = TrainConfig(steps=70)
config = TrainConfig(base, stesp=80, base_lr=3.0)
