from pconfigs import pconfig


@pconfig(calls=min)
class MinFunc:
    pass


config = MinFunc()
