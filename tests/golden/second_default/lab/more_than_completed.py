from pconfigs import Required, pconfig, pdefaults


@pconfig
class OpenConfig:
    width: int
    depth: int


pdefaults += OpenConfig(width=Required, depth=1)
pdefaults += OpenConfig(width=2, depth=3)
