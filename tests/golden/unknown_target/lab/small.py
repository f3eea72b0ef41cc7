from lab.parts import GreeterConfig

config = GreeterConfig(greeting="hi")
loud = GreeterConfig(config, greeting="HI")
table = {"cls": config}
sizes = {"small": 3}
