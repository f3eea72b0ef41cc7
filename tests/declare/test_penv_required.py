"""Variables with the default `Required`: what reads them waits until they are set."""

from __future__ import annotations

import copy
import pickle

import pytest

from pconfigs import (
    EnvVar,
    Omitted,
    PConfig,
    Required,
    Secret,
    pconfig,
    pconfiged,
    pdump,
    penv,
    pexplain,
    pfingerprint,
    pinputs,
    pload,
    pproperty,
)
from pconfigs.errors import OpenConfigError, UnsetVariableError
from pconfigs.tree.missing import pmissing


@penv
class Lab:
    LAB_ROOT: str = Required
    token: Secret[str] = EnvVar("LAB_TOKEN", Required)
    LAB_JOBS: int = 4


@penv
class Derived(Lab):
    LAB_JOBS = Required


@pconfig
class PathsConfig(PConfig):
    environment: Derived
    root: Omitted[str]
    data: Omitted[str]
    jobs: Omitted[int]

    @pproperty(fixup=True)
    def root(self) -> str:
        given = pinputs(self).root
        return self.environment.LAB_ROOT if given is Omitted else given

    @pproperty(fixup=True)
    def data(self) -> str:
        given = pinputs(self).data
        return f"{self.root}/data" if given is Omitted else given

    @pproperty(fixup=True)
    def jobs(self) -> int:
        given = pinputs(self).jobs
        return self.environment.LAB_JOBS if given is Omitted else given


@pconfiged
class Paths:
    config: RunPathsConfig


@pconfig(constructs=Paths)
class RunPathsConfig(PathsConfig):
    pass


@pytest.fixture(autouse=True)
def variables(monkeypatch):
    for name in ("LAB_ROOT", "LAB_TOKEN", "LAB_JOBS"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_what_reads_an_unset_variable_waits_for_it():
    config = PathsConfig()
    assert [str(one) for one in pmissing(config)] == [
        "root waits for the environment variable LAB_ROOT",
        "data waits for root",
        "jobs waits for the environment variable LAB_JOBS",
    ]
    assert [one.variable for one in pmissing(config)] == ["LAB_ROOT", "", "LAB_JOBS"]


def test_a_set_variable_is_read(variables):
    variables.setenv("LAB_ROOT", "/lab")
    variables.setenv("LAB_JOBS", "8")
    config = PathsConfig()
    assert (config.root, config.data, config.jobs) == ("/lab", "/lab/data", 8)


def test_a_value_needs_no_variable():
    config = PathsConfig(root="/x", jobs=1)
    assert (config.data, pmissing(config)) == ("/x/data", [])


@pytest.mark.parametrize("builds", [1, 40])
def test_every_build_reads_again(variables, builds):
    """Also once building is compiled."""
    for _ in range(builds):
        assert pmissing(PathsConfig(jobs=1))
        variables.setenv("LAB_ROOT", "/lab")
        assert PathsConfig(jobs=1).data == "/lab/data"
        variables.delenv("LAB_ROOT")


def test_construction_is_refused_with_the_variable():
    with pytest.raises(OpenConfigError) as caught:
        RunPathsConfig(jobs=1).construct()
    assert "root waits for the environment variable LAB_ROOT" in str(caught.value)
    assert "set it: export LAB_ROOT=..., or give root" in str(caught.value)


def test_outside_of_properties_reading_is_refused():
    with pytest.raises(UnsetVariableError, match="LAB_ROOT is not set"):
        _ = Lab.LAB_ROOT


def test_what_is_open_is_shown():
    config = PathsConfig(jobs=1)
    assert "LAB_ROOT=Required," in str(config)
    assert "LAB_TOKEN=Required," in str(config)
    assert "environment.LAB_ROOT = Required  LAB_ROOT was not set" in str(pexplain(config, "root"))


def test_an_open_config_is_copied_saved_and_compared():
    config = PathsConfig(jobs=1)
    for other in (copy.copy(config), pickle.loads(pickle.dumps(config)), PathsConfig(jobs=1)):
        assert other == config
        assert pfingerprint(other) == pfingerprint(config)
    assert pload(pdump(config), PathsConfig) == config
