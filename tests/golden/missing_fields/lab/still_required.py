from lab.train import TrainConfig
from pconfigs import Required

config = TrainConfig(steps=Required)
