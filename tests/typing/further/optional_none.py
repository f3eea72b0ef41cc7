"""None where a part is left out by `NoneConfig`, and a part used without asking."""

from __future__ import annotations

from pconfigs import OptionalConfig, pconfig
from pconfigs.pinnable import PConfig
from system import ModelConfig


@pconfig
class StudyConfig(PConfig):
    teacher: OptionalConfig[ModelConfig]


config: StudyConfig = StudyConfig(teacher=None)  # wrong: mypy[arg-type] pyright[reportArgumentType]
width: int = config.teacher.width  # wrong: mypy[union-attr] pyright[reportAttributeAccessIssue]
