"""Containers and torchrun: the words that they put before a command."""

import sys
from pathlib import Path

import pytest

from pconfigs.errors import CheckError
from pconfigs.executors import Container, LocalExecutor, SlurmExecutor, Torchrun
from pconfigs.launchers.engines.parts import container_mounts
from pconfigs.runs.lineage.location import folders_of
from pconfigs.runs.store import make_store

WORDS = ["-m", "pconfigs.run", "--into", "/runs/a.1"]


def command(**fields):
    engine = LocalExecutor(**fields).construct()
    return list(engine.command(WORDS, {"A": "1"}, ["/runs", "/code", "/runs"]))


def test_without_parts_it_is_this_python():
    assert command() == [sys.executable, "-P", *WORDS]


def test_torchrun_starts_the_same_command_several_times():
    found = command(torchrun=Torchrun(nproc_per_node=4, args=["--max-restarts=1"]))
    assert found[:4] == [sys.executable, "-P", "-m", "torch.distributed.run"]
    assert found[4:] == [
        "--standalone", "--nnodes", "1", "--nproc-per-node", "4", "--max-restarts=1",
        "--no-python", sys.executable, "-P", *WORDS,
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ["docker", "podman"])
def test_containers_get_folders_and_variables(engine):
    container = Container(image="img:1", engine=engine, mounts=["/d:/d:ro"], args=["--gpus=all"])
    assert command(container=container) == [
        engine, "run", "--rm", "--init", "--workdir", str(Path.cwd()),
        "--volume", "/runs:/runs", "--volume", "/code:/code", "--volume", "/d:/d:ro",
        "--env", "A", "--gpus=all", "img:1", "python3", "-P", *WORDS,
    ]  # fmt: skip


def test_apptainer_and_torchrun_together():
    container = Container(image="img.sif", engine="apptainer", python="/opt/python")
    found = command(container=container, torchrun=Torchrun(nproc_per_node=2))
    assert found[:2] == ["apptainer", "exec"]
    assert found[found.index("img.sif") + 1] == "/opt/python"
    assert found[-5:] == ["/opt/python", "-P", *WORDS][-5:]


def test_a_container_knows_what_its_folders_are_on_the_host():
    container = Container(image="i", mounts=["/host/d:/d:ro", "volume:/v"])
    found = container_mounts(LocalExecutor(container=container), ["/runs"])
    assert found == {"/runs": "/runs", "/d": "/host/d"}
    image = SlurmExecutor(container_image="i", mounts=["/lustre/me:/work"])
    assert container_mounts(image, ["/runs"]) == {"/runs": "/runs", "/work": "/lustre/me"}
    assert container_mounts(SlurmExecutor(), ["/runs"]) == {}


def test_the_folder_of_artifacts_is_mounted_too(tmp_path):
    store = make_store(str(tmp_path / "runs"))
    assert folders_of(store) == [store.folder]
    (tmp_path / "pyproject.toml").write_text('[tool.pconfigs]\nartifacts = "shared/artifacts"\n')
    assert folders_of(store) == [store.folder, str(tmp_path / "shared/artifacts")]
    assert (tmp_path / "shared/artifacts").is_dir()
    (tmp_path / "pyproject.toml").write_text('[tool.pconfigs]\nartifacts = "s3://bucket/x"\n')
    assert folders_of(store) == [store.folder]


@pytest.mark.parametrize("mount", ["/a", ":/a", "/a:/b:ro:x"])
def test_mounts_have_two_sides(mount):
    with pytest.raises(CheckError, match="a mount must be SOURCE:TARGET"):
        Container(image="i", mounts=[mount])


def test_torchrun_needs_processes():
    with pytest.raises(CheckError, match="nproc_per_node must be at least 1, got 0"):
        Torchrun(nproc_per_node=0)
