"""A part that may be left out."""

from __future__ import annotations

from pconfigs import NoneConfig, OptionalConfig, pconfig, pdefaults
from pconfigs.pinnable import PConfig
from system import Model, ModelConfig


@pconfig
class StudyConfig(PConfig):
    teacher: OptionalConfig[ModelConfig]


pdefaults += StudyConfig(teacher=NoneConfig)
config: StudyConfig = StudyConfig(teacher=ModelConfig(width=3))
teacher: Model | None = config.teacher.construct()
if config.teacher:
    width: int = config.teacher.width
