"""Missing values: every open path of a config, and why it is open."""

from __future__ import annotations

from typing import Any

import pytest

from pconfigs import (
    Pin,
    Pinned,
    Required,
    pconfig,
    pconfiged,
    pdefaults,
    pinputs,
    pmissing,
    pproperty,
)  # fmt: skip
from pconfigs.errors import OpenConfigError


@pconfig
class Norm:
    eps: float
    size: Pinned[int]


@pconfig
class Block:
    dim: Pinned[int]
    norm: Norm

    @pproperty(fixup=True)
    def norm(self) -> Norm:
        return Norm(pinputs(self).norm, size=Pin(self.dim))


pdefaults += Norm(eps=1e-5, size=Pinned)
pdefaults += Block(dim=Pinned, norm=Norm())


@pconfiged
class Model:
    config: ModelConfig


@pconfig(constructs=Model)
class ModelConfig:
    dim: int
    block: Block
    head: Norm | None
    layers: Pinned[list[Block]]

    @pproperty
    def layers(self) -> list[Block]:
        return [Block(self.block, dim=Pin(self.dim)) for _ in range(2)]


@pconfiged
class Stuck:
    config: StuckConfig


@pconfig(constructs=Stuck)
class StuckConfig:
    dim: int
    block: Block
    layers: Pinned[list[Block]]

    @pproperty
    def layers(self) -> list[Block]:
        return [
            Block(self.block, dim=Pin(self.dim), norm=Norm(eps=self.block.norm.eps))
            for _ in range(2)
        ]


def lines(config: Any) -> list[str]:
    return [str(missing) for missing in pmissing(config)]


def test_a_complete_config_misses_nothing():
    """What is pinned in a part that a property repeats is given by the property."""
    config = ModelConfig(dim=8, block=Block(), head=None)
    assert pmissing(config) == []
    assert config.construct().config is config


def test_each_open_value_is_named_with_its_reason():
    """Required, pinned by nothing, and waiting."""
    config = ModelConfig(dim=Required, block=Block(norm=Norm(eps=Required)), head=Norm())
    assert lines(config) == [
        "dim must be given",
        "head.size is pinned, and nothing pins it",
        "layers waits for dim",
    ]
    assert lines(Block()) == ["dim is pinned, and nothing pins it", "norm waits for dim"]
    done = ModelConfig(dim=1, block=Block(norm=Norm(eps=Required)), head=None)
    assert lines(done) == ["layers[0].norm.eps must be given", "layers[1].norm.eps must be given"]


def test_what_is_required_in_a_template_is_missing():
    """A template may leave open what is pinned, not what users have to give."""

    @pconfig
    class Repeating:
        block: Block
        blocks: Pinned[list[Block]]

        @pproperty
        def blocks(self) -> list[Block]:
            return [Block(self.block, dim=Pin(2), norm=Norm(eps=1.0))]

    assert lines(Repeating(block=Block(norm=Norm(eps=1.0)))) == []


def test_a_template_that_is_also_a_part_is_missing_as_a_part():
    """It is looked at in both roles, although it is one object."""

    @pconfig
    class Both:
        block: Block
        own: Block
        blocks: Pinned[list[Block]]

        @pproperty
        def blocks(self) -> list[Block]:
            return [Block(self.block, dim=Pin(2))]

    block = Block()
    assert lines(Both(block=block, own=block)) == [
        "own.dim is pinned, and nothing pins it",
        "own.norm waits for own.dim",
    ]


def test_a_property_that_waits_for_ever_is_named_with_what_it_read():
    """The path inside of the part, of which the property read one value of two open ones."""
    config = StuckConfig(dim=8, block=Block())
    assert lines(config) == ["layers waits for block.norm"]
    with pytest.raises(OpenConfigError) as refused:
        config.construct()
    assert refused.value.paths == ("layers",)
    assert refused.value.reasons == {"layers": "waits for block.norm"}
    text = str(refused.value)
    assert "StuckConfig cannot be constructed: layers waits for block.norm" in text
    assert "let layers read what was given for it: pinputs(self.block).norm" in text


def test_the_advice_works():
    """A property that reads the input of the tied part is computed."""

    @pconfig
    class Followed:
        dim: int
        block: Block
        layers: Pinned[list[Block]]

        @pproperty
        def layers(self) -> list[Block]:
            eps = pinputs(self.block).norm.eps
            return [Block(self.block, dim=Pin(self.dim), norm=Norm(eps=eps)) for _ in range(2)]

    config = Followed(dim=8, block=Block())
    assert lines(config) == []
    assert config.layers[0].norm == Norm(eps=1e-5, size=Pin(8))


def test_what_nothing_pins_is_refused_when_it_is_used():
    """By name, with the line that built the config."""
    with pytest.raises(OpenConfigError) as refused:
        ModelConfig(dim=8, block=Block(), head=Norm()).construct()
    assert refused.value.reasons == {"head.size": "is pinned, and nothing pins it"}
    assert "pin head.size where its config is made: size=Pin(...)" in str(refused.value)


def test_open_values_in_untyped_containers_are_found():
    """A list in a dict of anything, before something is made with it."""

    @pconfiged
    class Job:
        config: JobConfig

    @pconfig(constructs=Job)
    class JobConfig:
        extra: Any
        numbers: list[int]

    config = JobConfig(extra={"k": [1, Required]}, numbers=[1, 2])
    assert lines(config) == ["extra['k'][1] must be given"]
    with pytest.raises(OpenConfigError, match=r"1 required value is not given yet: extra\['k'\]"):
        config.construct()


def test_other_things_are_refused():
    """pmissing is about configs."""
    with pytest.raises(TypeError, match=r"pmissing must get a config, got 3 \(int\)"):
        pmissing(3)
