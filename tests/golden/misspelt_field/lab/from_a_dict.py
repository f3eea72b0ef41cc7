from lab.train import TrainConfig

given = {'stepz': 5}
config = TrainConfig(**given)
