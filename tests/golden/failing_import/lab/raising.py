from lab.parts import GreeterConfig


def width():
    try:
        return {}["width"]
    except KeyError as error:
        raise RuntimeError("no width") from error


config = GreeterConfig(result=width())
