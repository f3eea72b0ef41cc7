from lab.train import TrainConfig
from pconfigs import pdefaults

pdefaults += TrainConfig(steps=30)
