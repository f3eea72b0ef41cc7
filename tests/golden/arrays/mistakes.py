import numpy

from pconfigs import pconfig


def array_as_a_key():
    @pconfig
    class ArrayConfig:
        values: numpy.ndarray

    {ArrayConfig(values=numpy.arange(3)): 1}


def bool_of_numpy():
    @pconfig
    class FlagConfig:
        flag: bool

    FlagConfig(flag=numpy.bool_(True))


def type_of_numpy():
    @pconfig
    class ArrayConfig:
        dtype: numpy.dtype

    ArrayConfig(dtype="float32")
