import os
from enum import Enum
from pathlib import Path
from typing import Literal

from pconfigs import EnvVar, Secret, pconfig, penv, pproperty


class Backend(Enum):
    local = "local"
    cluster = "cluster"


@penv(convention="uppercase")
class RunEnv:
    home: Path
    jobs: int = 4
    debug: bool = False
    backend: Backend = "local"
    level: Literal["info", "debug"] = "info"
    token: Secret[int] = 0
    shell: str = EnvVar("RUN_SHELL", help="the login shell")


@pconfig
class JobConfig:
    environment: RunEnv
    factor: int

    @pproperty
    def total(self) -> int:
        return self.factor * self.environment.jobs


def unset():
    RunEnv.home


def unset_with_help():
    RunEnv.shell


def wrong_number():
    os.environ["JOBS"] = "four"
    RunEnv.jobs


def wrong_number_in_a_property():
    JobConfig(factor=2)


def wrong_truth():
    os.environ["DEBUG"] = "maybe"
    RunEnv.debug


def wrong_member():
    os.environ["BACKEND"] = "clutser"
    RunEnv.backend


def wrong_literal():
    os.environ["LEVEL"] = "warn"
    RunEnv.level


def wrong_secret():
    os.environ["TOKEN"] = "hush"
    RunEnv.token


def printed():
    str(JobConfig(factor=2))


def no_convention():
    @penv(convention="snake")
    class Odd:
        jobs: int


def no_text():
    @penv
    class Odd:
        sizes: list[int]


def wrong_default():
    @penv
    class Odd:
        jobs: int = "many"


def no_type():
    @penv
    class Odd:
        jobs = EnvVar("JOBS")


def no_environment():
    @pconfig
    class Odd:
        environment: Backend
