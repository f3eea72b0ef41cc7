from lab.train import TrainConfig

config = TrainConfig(optimizer="adm")
