"""Environment variables, read through a class and through a config."""

from __future__ import annotations

from pathlib import Path

from pconfigs import EnvVar, Secret, pconfig, pdefaults, penv, pproperty
from pconfigs.pinnable import PConfig


@penv
class HomeEnv:
    HOME: Path
    JOBS: int = 4
    TOKEN: Secret[str] = "none"
    shell: str = EnvVar("SHELL", "/bin/sh", "the login shell")


@penv(convention="uppercase")
class UpperEnv(HomeEnv):
    debug: bool = False


@penv(convention=lambda name: f"APP_{name}")
class PrefixedEnv:
    level: int = 3


@pconfig
class LaunchConfig(PConfig):
    environment: HomeEnv
    factor: int

    @pproperty
    def jobs(self) -> int:
        return self.environment.JOBS * self.factor


pdefaults += LaunchConfig(factor=2)


def home() -> Path:
    return HomeEnv.HOME


debug: bool = UpperEnv.debug
level: int = PrefixedEnv.level
launch: LaunchConfig = LaunchConfig(factor=3)
jobs: int = launch.jobs
