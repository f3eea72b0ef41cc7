"""Sweeps: lists of configs as values, and the distributions that their values are drawn from."""

from pconfigs.sweeps.distributions import (
    Choice as Choice,
    Distribution as Distribution,
    Integers as Integers,
    LogUniform as LogUniform,
    Normal as Normal,
    Uniform as Uniform,
)
from pconfigs.sweeps.search import Search as Search, psearch as psearch
from pconfigs.sweeps.sweep import Sweep as Sweep, psweep as psweep

__all__ = [
    "Choice",
    "Distribution",
    "Integers",
    "LogUniform",
    "Normal",
    "Search",
    "Sweep",
    "Uniform",
    "psearch",
    "psweep",
]
