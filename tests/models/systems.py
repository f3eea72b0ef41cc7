"""A small family of configs, with a property that ties parts together."""

from pconfigs import Pin, Pinned, Secret, pconfig, pdefaults, pinputs, pproperty


@pconfig
class Block:
    width: int
    lr: float

    @pproperty
    def area(self) -> int:
        return self.width * self.width


@pconfig
class Dense(Block):
    bias: bool


@pconfig
class Model:
    blocks: list[Block]
    heads: dict[str, Block]
    depth: int
    seed: Pinned[int]

    @pproperty
    def parameters(self) -> int:
        return sum(block.area for block in self.blocks) + self.depth


@pconfig
class Experiment:
    model: Model
    depth: int
    token: Secret[str]
    tags: tuple[str, ...]

    @pproperty
    def model(self) -> Model:
        given = pinputs(self).model
        return type(given)(given, depth=self.depth)

    @pproperty
    def cost(self) -> int:
        return self.model.parameters * 2


pdefaults += Block(width=4, lr=0.1)
pdefaults += Model(
    blocks=[Block(width=1), Block(width=2)],
    heads={"cls": Block(width=3), "it's": Block(width=5)},
    depth=2,
    seed=Pin(0),
)
pdefaults += Experiment(model=Model(), depth=6, token="hush", tags=("a", "b"))
