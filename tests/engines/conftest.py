"""Real engines, started once for all tests that need one."""

import importlib.util
import os
from collections.abc import Iterator

import pytest

from pconfigs.launchers.engines.ray_cluster import LocalCluster
from tests.engines import slurm as slurm_cluster

REQUIRED = os.environ.get("PCONFIGS_REQUIRE", "").split(",")
"""Engines whose absence fails: a skipped test must not pass for one that was run."""


def unavailable(engine: str, reason: str) -> None:
    """Skip a test, or fail it where its engine is required."""
    if engine in REQUIRED:
        pytest.fail(f"{engine} is required by PCONFIGS_REQUIRE: {reason}")
    pytest.skip(f"needs {engine}: {reason}")


@pytest.fixture(scope="session")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[slurm_cluster.Slurm]:
    absent = slurm_cluster.missing()
    if absent:
        unavailable("slurm", f"{absent} not installed")
    cluster = slurm_cluster.Slurm(tmp_path_factory.mktemp("slurm"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def slurm(
    _cluster: slurm_cluster.Slurm, monkeypatch: pytest.MonkeyPatch
) -> Iterator[slurm_cluster.Slurm]:
    """Return the cluster, to which this process submits."""
    for name in ("SLURM_CONF", "PATH"):
        monkeypatch.setenv(name, _cluster.environment[name])
    yield _cluster
    _cluster.run("scancel", f"--user={os.getuid()}")


@pytest.fixture(scope="session")
def _ray_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    if importlib.util.find_spec("ray") is None:
        unavailable("ray", "ray is not installed")
    before = dict(os.environ)
    cluster = LocalCluster(tmp_path_factory.mktemp("ray"), cpus=3)
    for name in cluster.environment:
        os.environ.pop(name)
    os.environ.update(before)
    cluster.environment["RAY_ADDRESS"] = cluster.address
    try:
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def ray(_ray_cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> LocalCluster:
    """Return the cluster, to which this process submits."""
    for name, value in _ray_cluster.environment.items():
        monkeypatch.setenv(name, value)
    return _ray_cluster
