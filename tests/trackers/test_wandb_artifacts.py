"""Artifacts of W&B: its real client reads them from a stand-in server, and lineage is recorded."""

from importlib.util import find_spec

import pytest

from tests.runs.conftest import Project, read
from tests.runs.test_artifacts import CHAIN

if find_spec("wandb") is None:
    pytest.skip("wandb is not installed", allow_module_level=True)
pytestmark = pytest.mark.engines
UPLOAD = """
import wandb
run = wandb.init(settings=wandb.Settings(silent=True))
made = wandb.Artifact("tokens", type="dataset", metadata={"pack_size": 4})
with made.new_file("tokens.txt") as file:
    file.write("xxxx")
run.log_artifact(made, aliases=["best"]).wait()
run.finish()
"""
ACTIVE = """
import wandb
from lab.chain import Tokens, TrainConfig
from pconfigs import prun

run = wandb.init(id="mine", settings=wandb.Settings(silent=True))
with prun.record(TrainConfig(data=Tokens(ref="wandb:tokens@best"))):
    print(prun.config.data.version, (prun.config.data.path / "tokens.txt").read_text())
run.finish()
"""


@pytest.fixture
def project(tmp_path, server, environment):
    """A project with a chain of experiments, and tokens in W&B."""
    made = Project(tmp_path)
    made.environment = lambda **more: {**environment, **more}
    made.write("lab/chain.py", CHAIN)
    made.write("upload.py", UPLOAD)
    uploaded = made.python("upload.py")
    assert uploaded.code == 0, uploaded.err
    yield made
    made.end()


def key_of(server, name):
    (found,) = [key for key, one in server.runs.items() if one.get("displayName", "") == name]
    return found


@pytest.mark.parametrize("ref", ["wandb:team/proj/tokens@best", "wandb:proj/tokens:v0"])
def test_a_version_is_read_and_its_use_recorded(project, server, ref):
    done = project.run("--record", "lab.chain.train", f"data.ref={ref}")
    assert (done.code, done.out) == (0, "v0 4 8 xxxx\n"), done.err
    assert server.used == []
    (folder,) = project.store.glob("chain.train,*")
    (consumed,) = read(folder / "consumed.json")["artifacts"]
    assert consumed["ref"] == "wandb:team/proj/tokens:v0"
    synced = project.runs("sync", "--tracker", "wandb")
    assert synced.code == 0, synced.err
    assert server.used == [(key_of(server, folder.name), "tokens:v0")]
    again = project.run(f"@{folder.name}", "--as-recorded")
    assert (again.code, again.out) == (0, "v0 4 8 xxxx\n"), again.err
    assert server.unknown == []


def test_a_run_of_wandb_in_the_process_uses_the_version_at_once(project, server):
    project.write("script.py", ACTIVE)
    done = project.python("script.py")
    assert (done.code, done.out) == (0, "v0 xxxx\n"), done.err
    assert server.used == [("mine", "tokens:v0")]


def test_a_file_with_a_run_section_reads_what_the_store_has_not(project, server):
    project.write("env.toml", '[wandb]\nproject = "proj"\nentity = "team"\n')
    project.write(
        "lab/files.py",
        """
        from __future__ import annotations
        from pconfigs import PConfig, pconfig, pconfiged

        @pconfiged(runnable=True)
        class Read:
            config: ReadConfig

            def main(self, namespace, others):
                print(self.config.size, open(self.config.path).read())

        @pconfig
        class ReadConfig(PConfig[Read]):
            path: str
            size: int
        """,
    )
    text = "run: {data: 'tokens:latest'}\npath: '${art:data,path}/tokens.txt'\n"
    project.write("read.yaml", text + "size: ${art:data,pack_size}\n")
    unset = {"WANDB_PROJECT": "", "WANDB_ENTITY": ""}
    done = project.run("--record", "lab.files.ReadConfig", "@read.yaml", **unset)
    assert (done.code, done.out) == (0, "4 xxxx\n"), done.err
    project.write("read.yaml", "run: {data: 'tokns:latest'}\npath: ${art:data}\nsize: 1\n")
    done = project.run("lab.files.ReadConfig", "@read.yaml", **unset)
    assert done.code == 2
    assert "no artifact has been logged" in done.err
    assert "nor is it in W&B: wandb:team/proj/tokns:latest: it cannot be read" in done.err


@pytest.mark.parametrize(
    ("ref", "shown"),
    [("tokns", "tokns:latest"), ("tokens@bst", "tokens:bst"), ("tokens:v7", "tokens:v7")],
)
def test_what_is_not_there_starts_nothing(project, ref, shown):
    done = project.run("--record", "lab.chain.train", f"data.ref=wandb:{ref}")
    assert done.code == 2
    assert f"data: wandb:team/proj/{shown}: it cannot be read" in done.err
    assert not list(project.store.glob("chain.train*"))
