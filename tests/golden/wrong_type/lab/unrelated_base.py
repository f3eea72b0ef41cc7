from lab.train import BlockConfig, TrainConfig

config = TrainConfig(BlockConfig(width=1, rates=[]), steps=5)
