from lab.train import TrainConfig
from pconfigs import Pin

config = TrainConfig(version=Pin(3))
