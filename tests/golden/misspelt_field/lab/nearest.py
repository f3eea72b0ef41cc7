from lab.train import TrainConfig

config = TrainConfig(
    base_Ir=1e-3,
    steps=5,
)
