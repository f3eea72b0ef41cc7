from lab.part import GreeterConfig

config = GreeterConfig()
