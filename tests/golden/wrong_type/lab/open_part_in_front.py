from pconfigs import PConfig, Pinned, pconfig


@pconfig
class PartConfig(PConfig):
    width: int


@pconfig
class WholeConfig(PConfig):
    part: Pinned[PartConfig]


whole = WholeConfig(part=Pinned)
config = PartConfig(whole.part, width=3)
