from lab.parts import GreeterConfig
from lab.broken import config as base

config = GreeterConfig(base)
