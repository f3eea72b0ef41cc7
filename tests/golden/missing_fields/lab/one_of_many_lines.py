from lab.train import BlockConfig

config = BlockConfig(
    width=3,
)
