from lab.train import BlockConfig, TrainConfig

config = TrainConfig(blocks=[BlockConfig(width=1, rates=[0.5, None])])
