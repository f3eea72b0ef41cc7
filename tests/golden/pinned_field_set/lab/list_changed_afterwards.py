from lab.train import TrainConfig

config = TrainConfig()
config.blocks.append(None)
