"""A derived runnable that narrows the class of its config."""

from pconfigs import pconfiged
from system import FastConfig, Trainer


@pconfiged(runnable=True)
class FastTrainer(Trainer):
    config: FastConfig  # wrong: pyright[reportIncompatibleVariableOverride]
