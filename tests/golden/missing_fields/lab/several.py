from lab.train import BlockConfig

config = BlockConfig()
