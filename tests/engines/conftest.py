"""Real engines, started once for all tests that need one."""

import importlib.util
import os
from collections.abc import Iterator

import pytest

from pconfigs.launchers.engines.ray_cluster import LocalCluster
from tests.engines import slurm as slurm_cluster


@pytest.fixture(scope="session")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[slurm_cluster.Slurm]:
    absent = slurm_cluster.missing()
    if absent:
        pytest.skip(f"needs slurm: {absent} not installed")
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
        pytest.skip("ray is not installed")
    cluster = LocalCluster(tmp_path_factory.mktemp("ray"), cpus=3)
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
