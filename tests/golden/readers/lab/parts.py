"""A trainer with a model, tied to each other."""

from pconfigs import Pin, Pinned, Secret, pconfig, pdefaults, pinputs, pproperty


@pconfig
class ModelConfig:
    width: int
    depth: int
    activation: str
    seed: Pinned[int]

    @pproperty
    def parameters(self) -> int:
        return self.depth * self.width**2


@pconfig
class TrainerConfig:
    base_lr: float
    steps: int
    width: int
    model: ModelConfig
    heads: dict[str, ModelConfig]
    token: Secret[str]
    warmup: int

    @pproperty
    def model(self) -> ModelConfig:
        given = pinputs(self).model
        return type(given)(given, width=self.width)

    @pproperty
    def schedule(self) -> list[float]:
        return [self.peak_lr * step / self.steps for step in range(self.steps, 0, -1)]

    @pproperty
    def peak_lr(self) -> float:
        return self.base_lr / self.model.parameters

    @pproperty
    def warmup(self) -> int:
        return self.steps // 2


pdefaults += ModelConfig(width=8, depth=2, activation="relu", seed=Pin(17))
pdefaults += TrainerConfig(
    base_lr=3e-4, steps=4, width=8, model=ModelConfig(), heads={}, token="hush", warmup=0
)
