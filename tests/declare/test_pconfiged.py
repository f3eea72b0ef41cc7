"""Configured classes: made from their config, which is there before their `__init__` runs."""

from __future__ import annotations

import inspect
import sys
from types import ModuleType

import pytest

from pconfigs import Required, pconfig, pconfiged
from pconfigs.errors import (
    DeclarationError,
    InheritanceError,
    NotConfiguredError,
    OpenConfigError,
)
from pconfigs.schema.class_schema import schema_of

pytestmark = pytest.mark.usefixtures("way")


def pair(runnable=False):
    @pconfiged(runnable=runnable)
    class Thing:
        """A thing."""

        config: ThingConfig

        def __init__(self):
            self.seen = self.config.x
            super().__init__()

        def main(self):
            pass

    @pconfig(constructs=Thing)
    class ThingConfig:
        x: int

    return Thing, ThingConfig


def test_construct_makes_an_object_that_has_its_config_first():
    """`self.config` is the very config, before the user's `__init__` runs."""
    Thing, ThingConfig = pair()
    config = ThingConfig(x=3)
    made = config.construct()
    assert type(made) is Thing
    assert made.config is config
    assert made.seen == 3
    assert made is not config.construct()
    assert (Thing.__doc__, Thing.__name__) == ("A thing.", "Thing")
    assert (ThingConfig.constructable_type, config.constructable_type) == (Thing, Thing)


@pytest.mark.parametrize("empty", [True, False])
def test_an_init_is_not_needed(empty):
    """Absent or empty, with or without super()."""
    if empty:

        @pconfiged
        class Bare:
            config: BareConfig

            def __init__(self):
                pass

    else:

        @pconfiged
        class Bare:
            config: BareConfig

    @pconfig(constructs=Bare)
    class BareConfig:
        pass

    assert type(BareConfig().construct()) is Bare


def test_initializers_chain_through_super():
    """Derived classes call their parents', get the nearest inherited, or replace it."""
    ran = []

    @pconfiged
    class Base:
        config: BaseConfig

        def __init__(self):
            ran.append("base")

    @pconfig(constructs=Base)
    class BaseConfig:
        x: int

    @pconfiged
    class Chained(Base):
        config: ChainedConfig

        def __init__(self):
            super().__init__()
            ran.append("chained")

    @pconfig(constructs=Chained)
    class ChainedConfig(BaseConfig):
        pass

    @pconfiged
    class Silent(Chained):
        config: SilentConfig

    @pconfig(constructs=Silent)
    class SilentConfig(ChainedConfig):
        pass

    @pconfiged
    class Replacing(Chained):
        config: Unrelated

        def __init__(self):
            ran.append("replacing")

    @pconfig(constructs=Replacing)
    class Unrelated:
        pass

    for config, expected in [
        (ChainedConfig(x=1), ["base", "chained"]),
        (SilentConfig(x=1), ["base", "chained"]),
        (Unrelated(), ["replacing"]),
    ]:
        ran.clear()
        assert config.construct().config is config
        assert ran == expected


def test_making_one_directly_is_refused_with_the_reason():
    """The error names class, the word config and the config class; `config=` by keyword works."""
    Thing, ThingConfig = pair()
    config = ThingConfig(x=1)
    assert Thing(config=config).config is config
    for call in (
        Thing,
        lambda: Thing(config),
        lambda: Thing(1, 2),
        lambda: Thing(config=3),
        lambda: Thing(x=3),
        lambda: Thing(config=config, x=1),
    ):
        with pytest.raises(NotConfiguredError, match=r"Thing(?s:.)*config(?s:.)*ThingConfig"):
            call()


@pytest.mark.parametrize(
    "parameters", ["self, x", "self, x=1", "self, *x", "self, *, x=1", "self, **x"]
)
def test_parameters_of_init_are_refused(parameters):
    """Everything comes from the config; the error shows the signature."""
    namespace = {}
    exec(f"def __init__({parameters}): pass", namespace)
    body = {
        "__init__": namespace["__init__"],
        "__annotations__": {"config": "ThingConfig"},
        "__module__": __name__,
    }
    with pytest.raises(TypeError, match=r"Thing\.__init__\(self.*has parameters"):
        pconfiged(type("Thing", (), body))


def test_the_config_annotation_is_required_in_the_class_itself():
    """A parent's does not count."""
    Thing, _ = pair()
    with pytest.raises(DeclarationError, match="add to its body: config: BareConfig"):

        @pconfiged
        class Bare:
            pass

    with pytest.raises(DeclarationError, match="Derived"):

        @pconfiged
        class Derived(Thing):
            pass


def test_constructs_refuses_what_cannot_be_constructed():
    """A class that is not @pconfiged, one that names another config, no class at all."""
    Thing, _ = pair()

    class Plain:
        pass

    for constructs, said in [
        (Plain, "not a configured class"),
        (Thing, "made from ThingConfig"),
        (3, "constructs a class"),
        ("Thing", "constructs a class"),
    ]:
        with pytest.raises(TypeError, match=said):
            pconfig(constructs=constructs)(type("OtherConfig", (), {"__module__": __name__}))


def test_the_config_annotation_may_be_text_or_the_class():
    """Postponed, quoted, qualified, or the class object itself."""

    @pconfig
    class PartConfig:
        x: int

    for annotation in ("DerivedConfig", "module.DerivedConfig", PartConfig, "PartConfig"):
        body = {"__annotations__": {"config": annotation}, "__module__": __name__}
        Thing = pconfiged(type("Thing", (), body))
        config_class = pconfig(constructs=Thing)(
            type("DerivedConfig", (PartConfig,), {"__module__": __name__})
        )
        assert type(config_class(x=1).construct()) is Thing


def test_what_a_derived_class_constructs_must_be_declared():
    """True for the same, False for nothing; leaving it out is an error that names it."""
    Thing, ThingConfig = pair()
    with pytest.raises(InheritanceError, match="Thing(?s:.)*inherit_constructable_type"):
        pconfig(type("Unsaid", (ThingConfig,), {"__module__": __name__}))

    @pconfig(inherit_constructable_type=True)
    class Same(ThingConfig):
        y: int

    made = Same(x=1, y=2).construct()
    assert type(made) is Thing
    assert made.config.y == 2

    @pconfig(inherit_constructable_type=False)
    class Nothing(ThingConfig):
        pass

    config = Nothing(x=1)
    with pytest.raises(TypeError, match="Nothing constructs nothing"):
        config.construct()
    assert "constructable_type=None,  # ClassVar" in str(config)

    @pconfig
    class Below(Nothing):
        pass

    with pytest.raises(TypeError, match="Below constructs nothing"):
        Below(x=1).construct()


def test_a_plain_config_has_no_construct():
    """Asking for it is an AttributeError."""

    @pconfig
    class Plain:
        x: int

    with pytest.raises(AttributeError, match="construct"):
        Plain(x=1).construct()


def test_a_runnable_class_is_the_class_that_was_written():
    """Name, docs and module are kept; it is made and called without any command line."""

    @pconfiged(runnable=True)
    class Speaker:
        """Speaks."""

        config: SpeakerConfig

        def main(self, *args, **kwargs):
            return self.config.word, args, kwargs

    @pconfig(constructs=Speaker)
    class SpeakerConfig:
        word: str

    assert (Speaker.__name__, Speaker.__doc__, Speaker.__module__) == (
        "Speaker",
        "Speaks.",
        __name__,
    )
    assert Speaker.__bases__ == (object,)
    assert SpeakerConfig(word="hi").construct().main(1, k=2) == ("hi", (1,), {"k": 2})


def test_a_quoted_annotation_is_reported_without_its_quotes():
    """Also where annotations are postponed, which quotes it twice."""

    @pconfiged
    class Thing:
        config: '"ThingConfig"'  # noqa: UP037

    @pconfig(constructs=Thing)
    class ThingConfig:
        x: int

    with pytest.raises(NotConfiguredError, match=r"write ThingConfig\(\.\.\.\)\.construct"):
        Thing()
    with pytest.raises(TypeError, match="OtherConfig cannot construct Thing, which is made from"):

        @pconfig(constructs=Thing)
        class OtherConfig:
            x: int


def test_runnable_is_inherited():
    """A class derived from a runnable one is runnable; the default is not."""
    Thing, _ = pair(runnable=True)
    Other, _ = pair()
    assert Thing.__pconfigured__.runnable
    assert not Other.__pconfigured__.runnable

    @pconfiged
    class Derived(Thing):
        config: Any  # noqa: F821

    assert Derived.__pconfigured__.runnable


def test_open_configs_construct_nothing():
    """All that is Required inside is named, parts and containers included."""

    @pconfig
    class Part:
        n: int

    @pconfiged
    class Whole:
        config: WholeConfig

    @pconfig(constructs=Whole)
    class WholeConfig:
        x: int
        part: Part
        parts: list[Part]
        table: dict[str, Part]
        numbers: list[int]

    config = WholeConfig(
        x=Required,
        part=Part(n=Required),
        parts=[Part(n=1), Part(n=Required)],
        table={"k": Part(n=Required)},
        numbers=[1],
    )
    with pytest.raises(OpenConfigError, match="4 required values") as caught:
        config.construct()
    assert caught.value.paths == ("x", "part.n", "parts[1].n", "table['k'].n")
    done = WholeConfig(config, x=1, part=Part(n=1), parts=[], table={})
    assert done.construct().config is done


def test_exceptions_of_init_come_through_unchanged():
    """Nothing is wrapped or noted."""

    @pconfiged
    class Failing:
        config: FailingConfig

        def __init__(self):
            raise KeyError("mine")

    @pconfig(constructs=Failing)
    class FailingConfig:
        pass

    with pytest.raises(KeyError) as caught:
        FailingConfig().construct()
    assert caught.value.args == ("mine",)
    assert not hasattr(caught.value, "__notes__")


def test_parts_are_built_by_the_class_of_their_config():
    """A derived part config builds the derived part."""
    Thing, ThingConfig = pair()

    @pconfiged
    class Special(Thing):
        config: SpecialConfig

    @pconfig(constructs=Special)
    class SpecialConfig(ThingConfig):
        pass

    @pconfig
    class Owner:
        part: ThingConfig

    assert type(Owner(part=SpecialConfig(x=1)).part.construct()) is Special


def test_configured_classes_with_own_new_or_slots():
    """`__new__` without parameters and `__slots__` with config work."""

    @pconfiged
    class Slotted:
        __slots__ = ("config", "y")
        config: SlottedConfig

        def __init__(self):
            self.y = self.config.x

    @pconfig(constructs=Slotted)
    class SlottedConfig:
        x: int

    assert SlottedConfig(x=3).construct().y == 3


def test_checks_see_what_the_class_is_made_from():
    """The schema has what is constructed, and that it was declined."""
    Thing, ThingConfig = pair()
    assert schema_of(ThingConfig).constructs is Thing
    assert not schema_of(ThingConfig).declines


def test_the_signature_of_init_is_the_one_that_was_written():
    """Frameworks compare it with the variables of the frame."""

    @pconfiged
    class Net:
        config: NetConfig

        def __init__(self):
            frame = sys._getframe()
            names = inspect.signature(type(self).__init__).parameters
            self.captured = {name: frame.f_locals[name] for name in names}

    @pconfig(constructs=Net)
    class NetConfig:
        n: int

    net = NetConfig(n=3).construct()
    assert net.captured == {"self": net}


CELL = """
from pconfigs import pconfiged
@pconfiged(runnable=True)
class Trainer:
    config: "TrainerConfig"
    def main(self, *args):
        return {code!r}
"""
CELL_OF_CONFIG = """
from pconfigs import pconfig, pdefaults
@pconfig(constructs=Trainer)
class TrainerConfig:
    v: int
pdefaults += TrainerConfig(v=1)
"""


def test_a_class_that_was_defined_again_does_not_run_its_old_code(monkeypatch):
    """As where a cell of a notebook runs again."""
    module = ModuleType("cells")
    monkeypatch.setitem(sys.modules, "cells", module)
    names = vars(module)
    exec(CELL.format(code="old") + CELL_OF_CONFIG, names)
    assert names["TrainerConfig"]().construct().main() == "old"
    exec(CELL.format(code="new"), names)
    with pytest.raises(DeclarationError, match="run again the code that defines TrainerConfig"):
        names["TrainerConfig"]().construct()
    exec(CELL_OF_CONFIG, names)
    assert names["TrainerConfig"]().construct().main() == "new"
