"""Templates: parts that a property repeats, and that wait for what it pins."""

from __future__ import annotations

import pytest

from pconfigs import PConfig, Pin, Pinned, pconfig, pdefaults, pinputs, poverride, pproperty, pset
from pconfigs.errors import OverrideError
from pconfigs.reports.help import COMPUTED, entries


@pconfig
class Norm(PConfig):
    eps: float
    size: Pinned[int]


@pconfig
class Block(PConfig):
    dim: Pinned[int]
    norm: Norm

    @pproperty(fixup=True)
    def norm(self) -> Norm:
        return Norm(pinputs(self).norm, size=Pin(self.dim))


@pconfig
class Model(PConfig):
    dim: int
    block: Block
    layers: Pinned[list[Block]]

    @pproperty
    def layers(self) -> list[Block]:
        return [Block(self.block, dim=Pin(self.dim)) for _ in range(2)]


pdefaults += Norm(eps=1e-5, size=Pinned)
pdefaults += Block(dim=Pinned, norm=Norm())
pdefaults += Model(dim=8, block=Block(), layers=Pinned)


def test_a_part_of_a_template_is_set_as_by_pset():
    made = poverride(Model(), ["block.norm.eps=1e-6"])
    assert made == pset(Model(), {"block.norm.eps": 1e-6})
    assert [layer.norm for layer in made.layers] == [Norm(eps=1e-6, size=Pin(8))] * 2


def test_help_lists_what_can_be_set_and_what_cannot():
    found = entries(Model())
    assert [str(entry.path) for entry in found if entry.kind != COMPUTED] == [
        "dim", "block", "block.norm", "block.norm.eps",
    ]  # fmt: skip
    leaves = [entry for entry in found if isinstance(entry.value, (int, float))]
    for entry in leaves:
        word = f"{entry.path}={entry.value + 1}"
        if entry.kind == COMPUTED:
            with pytest.raises(OverrideError, match="is pinned"):
                poverride(Model(), [word])
        else:
            assert poverride(Model(), [word]) != Model()
