from pconfigs import Pinned, pconfig, pdefaults, pproperty, psetter


@pconfig
class BlockConfig:
    width: int
    depth: int


@pconfig
class ConvConfig:
    kernel: int


@pconfig
class ModelConfig:
    blocks: list[BlockConfig]
    head: BlockConfig
    neck: BlockConfig | ConvConfig
    size: Pinned[int]

    @pproperty
    def size(self) -> int:
        return sum(block.width for block in self.blocks)


pdefaults += BlockConfig(width=1, depth=1)
pdefaults += ModelConfig(
    blocks=[BlockConfig()], head=BlockConfig(), neck=ConvConfig(kernel=3), size=Pinned
)
base = ModelConfig()


def misspelt():
    psetter(base).head.widht = 3


def misspelt_when_read():
    psetter(base).haed.width = 3


def wrong_type():
    psetter(base).head.width = "wide"


def wrong_item():
    psetter(base).blocks[0] = ConvConfig(kernel=1)


def no_item():
    psetter(base).blocks[3].width = 3


def pinned():
    psetter(base).size = 3


def twice():
    view = psetter(base)
    view.head.width = 3
    view.head.width = 4


def part_after_its_value():
    view = psetter(base)
    view.head.width = 3
    view.head = BlockConfig()


def ambiguous():
    psetter(type=ModelConfig).neck.kernel = 3


def unrelated():
    psetter(type=ModelConfig, inputs=base.head)


def nothing():
    psetter()


def a_view():
    view = psetter(base)
    view.neck = view.head


def appended():
    psetter(base).blocks.append(BlockConfig())


def extended():
    psetter(base).blocks += [BlockConfig()]
