"""Parts that may be left out."""

from __future__ import annotations

import copy
import pickle

import pytest

from pconfigs import NoneConfig, OptionalConfig, pconfig, pconfiged, pdefaults, pdiff, pset, pwalk
from pconfigs.codegen.printer import to_listing
from pconfigs.errors import BuildError, FrozenError


@pconfiged
class Model:
    config: ModelConfig


@pconfig(constructs=Model)
class ModelConfig:
    width: int


@pconfig
class StudyConfig:
    teacher: OptionalConfig[ModelConfig]
    others: list[OptionalConfig["ModelConfig"]]  # noqa: UP037 - in quotes on purpose


pdefaults += StudyConfig(teacher=NoneConfig, others=[NoneConfig])


def test_a_part_is_a_config_or_none_config():
    assert StudyConfig().teacher is NoneConfig
    assert StudyConfig(teacher=ModelConfig(width=3)).teacher.width == 3


def test_it_constructs_none():
    assert NoneConfig.construct() is None
    assert isinstance(StudyConfig(teacher=ModelConfig(width=3)).teacher.construct(), Model)


def test_it_is_one_object_however_it_is_made():
    config = StudyConfig()
    made = [OptionalConfig(), NoneConfig(), copy.copy(NoneConfig), copy.deepcopy(NoneConfig)]
    made += [pickle.loads(pickle.dumps(NoneConfig)), pickle.loads(pickle.dumps(config)).teacher]
    assert all(one is NoneConfig for one in made)
    assert isinstance(NoneConfig, OptionalConfig)


def test_it_is_false_and_hashable():
    assert not NoneConfig
    assert {NoneConfig: 1}[NoneConfig] == 1
    assert hash(StudyConfig()) == hash(StudyConfig())


def test_it_prints_with_its_import():
    assert repr(NoneConfig) == "NoneConfig"
    code = to_listing(StudyConfig())
    assert "from pconfigs import NoneConfig\n" in code
    assert "    teacher=NoneConfig,\n    others=[NoneConfig],\n" in code


@pytest.mark.parametrize("value", [None, 3, StudyConfig])
def test_nothing_else_fits(value):
    with pytest.raises(BuildError, match="must be NoneConfig or ModelConfig"):
        StudyConfig(teacher=value)


def test_none_is_refused_with_its_replacement():
    with pytest.raises(BuildError, match="did you mean NoneConfig"):
        StudyConfig(teacher=None)


def test_reading_a_field_of_it_states_to_ask_first():
    with pytest.raises(AttributeError, match="ask first"):
        _ = StudyConfig().teacher.width
    with pytest.raises(FrozenError):
        NoneConfig.width = 3


def test_readers_see_a_value_without_an_inside():
    assert [str(path) for path, _, _ in pwalk(StudyConfig())] == [
        "",
        "teacher",
        "others",
        "others[0]",
    ]
    (change,) = pdiff(StudyConfig(), StudyConfig(teacher=ModelConfig(width=3)))
    assert str(change.path) == "teacher"
    config = pset(StudyConfig(), {"teacher": ModelConfig(width=4)})
    assert pset(config, {"teacher": NoneConfig}) == StudyConfig()
