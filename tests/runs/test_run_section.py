"""YAML files with a `run` section: artifacts, arithmetic, and where they run."""

from typing import Any

import pytest

pytest.importorskip("yaml")

from pconfigs import PConfig, pconfig, pdefaults, pget
from pconfigs.artifacts.manifests import Manifests
from pconfigs.artifacts.reference import parse_reference
from pconfigs.artifacts.resolve import Found
from pconfigs.errors import FormatError, LoadError, UnresolvedArtifactsError
from pconfigs.runs.lineage.run_section import has_run_section, load_run_section
from tests.runs.conftest import read


@pconfig
class Recipe(PConfig):
    per_split_data_args_path: str


@pconfig
class Logger(PConfig):
    wandb_project: str | None
    wandb_entity: str | None


@pconfig
class Checkpoint(PConfig):
    save: str
    save_interval: int
    pretrained_checkpoint: str | None
    ckpt_step: int | None


pdefaults += Checkpoint(
    save="/nemo_run/pretrain", save_interval=20, pretrained_checkpoint=None, ckpt_step=None
)


@pconfig
class Training(PConfig):
    recipe: Recipe
    logger: Logger
    checkpoint: Checkpoint
    pack_size: int
    train_mb_tokens: int


pdefaults += Training(
    recipe=Recipe(per_split_data_args_path="x"),
    logger=Logger(wandb_project=None, wandb_entity=None),
    checkpoint=Checkpoint(),
    pack_size=1,
    train_mb_tokens=2,
)


@pconfig
class Runner(PConfig):
    run: dict[str, Any]


PRETRAIN = """
run:
  data: PretrainBlendsArtifact-default:latest
  model: pretrain:v1
  env:
    container: nvcr.io/nvidia/nemo:25.11
    nodes: 2
  wandb: {project: in the file, entity: mine}
recipe:
  per_split_data_args_path: ${art:data,path}/blend.json
logger:
  wandb_project: ${run.wandb.project}
  wandb_entity: ${run.wandb.entity}
checkpoint:
  pretrained_checkpoint: ${art:model}
  ckpt_step: ${art:model, iteration}
pack_size: ${art:data,pack_size}
train_mb_tokens: ${mul:${pack_size}, ${checkpoint.save_interval}}
"""


@pytest.fixture
def manifests(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "blend.json").write_text("{}")
    found = Manifests(tmp_path / "artifacts")
    found.add(
        "PretrainBlendsArtifact-default", folder, metadata={"pack_size": 4096, "nested": {"a": 1}}
    )
    found.add("pretrain", folder, metadata={"iteration": 10000}, type="model")
    return found


@pytest.fixture
def load(tmp_path, manifests):
    class StoreFinder:
        def find(self, artifact, name):
            version = manifests.find(parse_reference(artifact.ref))
            return Found(version, str(version))

    def load(text, wandb=None, of=Training, base=None):
        path = tmp_path / "config.yaml"
        path.write_text(text)
        return load_run_section(
            str(path), of, base or of(), StoreFinder(), lambda name: name in manifests.names(),
            wandb or {},
        )  # fmt: skip

    return load


def test_artifacts_settings_and_arithmetic_become_values(load, tmp_path):
    config, section = load(PRETRAIN, {"project": "nemotron"})
    assert config.recipe.per_split_data_args_path == f"{tmp_path}/data/blend.json"
    assert config.checkpoint.pretrained_checkpoint == f"{tmp_path}/data"
    assert config.checkpoint.ckpt_step == 10000
    assert (config.pack_size, config.train_mb_tokens) == (4096, 81920)
    assert (config.logger.wandb_project, config.logger.wandb_entity) == ("nemotron", "mine")
    assert (section.container, section.resources) == ("nvcr.io/nvidia/nemo:25.11", {"nodes": 2})
    assert [(one["field"], one["ref"]) for one in section.consumed] == [
        ("run.data", "PretrainBlendsArtifact-default:v1"),
        ("run.model", "pretrain:v1"),
    ]


@pconfig
class KitRecipe(PConfig):
    _target_: str
    per_split_data_args_path: str
    pretrained_checkpoint: str
    ckpt_step: int


@pconfig
class KitPolicy(PConfig):
    model_name: str


@pconfig
class KitData(PConfig):
    train_jsonl_fpath: str
    validation_jsonl_fpath: str


@pconfig
class Kit(PConfig):
    recipe: KitRecipe
    logger: Logger
    checkpoint: Checkpoint
    policy: KitPolicy
    data: KitData


pdefaults += Kit(
    recipe=KitRecipe(
        _target_="", per_split_data_args_path="", pretrained_checkpoint="", ckpt_step=0
    ),
    logger=Logger(wandb_project=None, wandb_entity=None),
    checkpoint=Checkpoint(),
    policy=KitPolicy(model_name=""),
    data=KitData(train_jsonl_fpath="", validation_jsonl_fpath=""),
)
KIT = {
    """
run:
  # Artifact references - automatically resolved with W&B lineage
  data: PretrainBlendsArtifact-default:latest
  model: ModelArtifact-pretrain:v5
  env:
    container: nvcr.io/nvidia/nemo:25.11.nemotron_3_nano
recipe:
  _target_: megatron.bridge.recipes.nemotronh.nemotron_next_3b_v2_pretrain_config
  per_split_data_args_path: ${art:data,path}/blend.json
logger:
  wandb_project: ${run.wandb.project}
  wandb_entity: ${run.wandb.entity}
checkpoint:
  save: /nemo_run/pretrain
  save_interval: 20
""": {
        "recipe.per_split_data_args_path": "DATA/blend.json",
        "logger.wandb_project": "nemotron",
        "checkpoint.save": "/nemo_run/pretrain",
    },
    """
run:
  data: PretrainBlendsArtifact-default:latest
recipe:
  _target_: megatron.bridge.recipes.nemotronh.nemotron_next_3b_v2_pretrain_config
  per_split_data_args_path: ${art:data,path}/blend.json
""": {"recipe.per_split_data_args_path": "DATA/blend.json"},
    """
run:
  data: SFTDataArtifact-default:latest
  model: pretrain:latest
recipe:
  _target_: megatron.bridge.recipes.nemotronh.nemotron_nano_9b_v2_finetune_config
  pretrained_checkpoint: ${art:model,path}
  ckpt_step: ${art:model,iteration}
""": {"recipe.pretrained_checkpoint": "DATA", "recipe.ckpt_step": 10000},
    """
run:
  data: DataBlendsArtifact-rl:latest
  model: sft:latest
  env:
    container: nvcr.io/nvidia/nemo-rl:v0.4.0.nemotron_3_nano
policy:
  model_name: ${art:model,path}
data:
  train_jsonl_fpath: ${art:data,train_path}
  validation_jsonl_fpath: ${art:data,val_path}
""": {
        "policy.model_name": "DATA",
        "data.train_jsonl_fpath": "/blend/train.jsonl",
        "data.validation_jsonl_fpath": "/blend/val.jsonl",
    },
}


@pytest.mark.parametrize("text", KIT, ids=["all", "pretrain", "sft", "rl"])
def test_files_of_the_artifact_system_run_as_they_are(load, manifests, tmp_path, text):
    for number in range(5):
        manifests.add("ModelArtifact-pretrain", tmp_path / "data", metadata={"iteration": number})
    paths = {"train_path": "/blend/train.jsonl", "val_path": "/blend/val.jsonl"}
    for name in ("SFTDataArtifact-default", "DataBlendsArtifact-rl", "sft"):
        manifests.add(name, tmp_path / "data", metadata=paths)
    config, section = load(text, {"project": "nemotron", "entity": "team"}, of=Kit)
    wanted = {path: str(value) for path, value in KIT[text].items()}
    found = {path: str(pget(config, path)) for path in wanted}
    data = str(tmp_path / "data")
    assert found == {path: value.replace("DATA", data) for path, value in wanted.items()}
    assert bool(section.container) == ("nvcr.io" in text)
    assert [one["field"] for one in section.consumed][:1] == ["run.data"]


def test_a_bare_name_is_a_reference_where_the_store_knows_it(load):
    config, section = load("run: {model: pretrain, note: hello}\npack_size: ${art:model,iteration}")
    assert config.pack_size == 10000
    assert [one["asked"] for one in section.consumed] == ["pretrain"]


def test_all_artifacts_that_are_missing_are_named(load):
    with pytest.raises(UnresolvedArtifactsError) as caught:
        load("run: {data: blends:latest, model: pretrain:v9, host: 'localhost:8080'}")
    text = str(caught.value)
    assert "2 artifacts cannot be resolved" in text
    assert "run.data: blends:latest: no artifact is named 'blends'" in text
    assert "run.model: pretrain:v9: there is no version 'v9'" in text


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("${art:modl,path}", "did you mean 'model'"),
        ("${art:model,iteratoin}", "did you mean 'iteration'"),
        ("${run.wandb.projct}", "leads nowhere"),
        ("${mul:2, x}", "must be a number"),
        ("${mul:2}", "missing 1 required positional argument"),
        ("${sub:2, true}", "must be a number"),
        ("${oc.env:HOME}", "calls a resolver that was not passed"),
    ],
)
def test_what_a_reference_cannot_give_is_named_with_the_nearest(load, value, message):
    with pytest.raises(FormatError, match=message):
        load(f"run: {{model: 'pretrain:v1'}}\npack_size: {value}")


def test_fields_of_an_artifact(load):
    text = """
run: {data: 'PretrainBlendsArtifact-default:1', model: 'pretrain:latest'}
logger: {wandb_project: '${art:model,type}', wandb_entity: '${art:data,version}'}
recipe: {per_split_data_args_path: '${art:data,name}'}
pack_size: ${art:data,metadata.pack_size}
train_mb_tokens: ${int:${div:7, 2}}
"""
    config, _ = load(text)
    assert (config.logger.wandb_project, config.logger.wandb_entity) == ("model", "v1")
    assert config.recipe.per_split_data_args_path == "PretrainBlendsArtifact-default"
    assert (config.pack_size, config.train_mb_tokens) == (4096, 3)


def test_the_rest_of_the_file_is_checked_as_ever(load):
    with pytest.raises(LoadError, match="pack_sise"):
        load("run: {model: 'pretrain:v1'}\npack_sise: 3")


def test_a_file_that_it_extends_is_below_it(load, tmp_path):
    (tmp_path / "below.yaml").write_text("run: {model: 'pretrain:v1'}\npack_size: 5\n")
    config, section = load("defaults: below.yaml\nrun: {env: {nodes: 3}}\ntrain_mb_tokens: 6")
    assert (config.pack_size, config.train_mb_tokens) == (5, 6)
    assert section.resources == {"nodes": 3}
    assert len(section.consumed) == 1


def test_a_class_with_a_field_of_that_name_has_no_section(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("run: {model: 'pretrain:v1'}")
    assert has_run_section(str(path), Training)
    assert not has_run_section(str(path), Runner)
    path.write_text("run: 3")
    assert not has_run_section(str(path), Training)


RUNNER = """
from __future__ import annotations

from pconfigs import PConfig, pconfig, pconfiged, pdefaults, prun


@pconfiged(runnable=True)
class Prepare:
    config: PrepareConfig

    def main(self, namespace, others):
        path = prun.dir / "tokens.txt"
        path.write_text("x")
        prun.log_artifact("tokens", path, pack_size=4096)


@pconfig
class PrepareConfig(PConfig[Prepare]):
    pass


@pconfiged(runnable=True)
class Train:
    config: TrainConfig

    def main(self, namespace, others):
        print(self.config.path, self.config.pack_size, self.config.project)


@pconfig
class TrainConfig(PConfig[Train]):
    path: str
    pack_size: int
    project: str | None


pdefaults += TrainConfig(path="none", pack_size=1, project=None)
config = PrepareConfig()
"""
FILE = """
run: {data: tokens, env: {container: 'nvcr.io/x:1', nodes: 2}}
path: ${art:data,path}
pack_size: ${mul:${art:data,pack_size}, 2}
project: ${run.wandb.project}
"""


@pytest.fixture
def trained(project):
    project.write("lab/files.py", RUNNER)
    project.write("sft.yaml", FILE)
    project.write("typed.yaml", f"$type: lab.files.TrainConfig\n{FILE}")
    project.write(
        "env.toml",
        '[wandb]\nproject = "nemotron"\n'
        '[big]\nexecutor = "slurm"\npartition = "p"\nnodes = 8\ncontainer_image = "other"\n',
    )
    assert project.run("--record", "lab.files").code == 0
    return project


@pytest.mark.parametrize("words", [["typed.yaml"], ["lab.files.TrainConfig", "@sft.yaml"]])
def test_a_file_runs_as_it_is(trained, words):
    done = trained.run(*words)
    assert (done.code, done.out.split()[1:]) == (0, ["8192", "nemotron"]), done.err
    (run,) = (one for one in trained.listed() if one["config"].get("pack_size") == 8192)
    consumed = read(trained.store / run["run"] / "consumed.json")["artifacts"]
    assert [(one["field"], one["ref"]) for one in consumed] == [("run.data", "tokens:v1")]
    assert "tokens:v1 -> " in trained.runs("lineage", "tokens").out


def test_overrides_win_over_the_file(trained):
    done = trained.run("lab.files.TrainConfig", "@sft.yaml", "pack_size=3")
    assert done.out.split()[1:] == ["3", "nemotron"]


def test_image_and_nodes_of_the_file_win_over_the_profile(trained):
    done = trained.run("lab.files.TrainConfig", "@sft.yaml", "--on", "big", "--dry-run")
    assert done.code == 0, done.err
    assert "--container-image=nvcr.io/x:1" in done.out
    assert "--nodes=2" in done.out
    assert "--partition=p" in done.out


def test_a_quick_sweep_over_a_file_keeps_its_section(trained):
    sweep = ["lab.files.TrainConfig", "@sft.yaml", "--sweep", "pack_size=3,4"]
    done = trained.run(*sweep, "--on", "big", "--dry-run")
    assert done.code == 0, done.err
    assert "--container-image=nvcr.io/x:1" in done.out
    assert "--nodes=2" in done.out
    done = trained.run(*sweep)
    assert done.code == 0, done.err
    runs = [one["run"] for one in trained.listed() if one["config"].get("pack_size") in (3, 4)]
    assert sorted(run.rpartition("-")[0] for run in runs) == ["sft,pack_size=3", "sft,pack_size=4"]
    for run in runs:
        consumed = read(trained.store / run / "consumed.json")["artifacts"]
        assert [(one["field"], one["ref"]) for one in consumed] == [("run.data", "tokens:v1")]


def test_a_class_with_a_field_of_that_name_is_pointed_at(trained):
    own = RUNNER.replace("    project: str | None\n", "    project: str | None\n    run: dict\n")
    trained.write("lab/files.py", own.replace("project=None)", "project=None, run={})"))
    trained.write("sft.yaml", "run: {data: 'tokens:latest'}\npath: '${art:data}'\n")
    done = trained.run("lab.files.TrainConfig", "@sft.yaml")
    assert done.code == 2
    assert "path: ${art:...} calls a resolver that was not passed" in done.err
    assert "run: is a field of TrainConfig: artifacts that it names are not resolved" in done.err
    assert "rename the field" in done.err
    trained.write("sft.yaml", "run: {data: 'tokens:latest'}\npath: x\n")
    assert trained.run("lab.files.TrainConfig", "@sft.yaml").code == 0
    trained.write(
        "lab/files.py", own.replace("run: dict", "run: str").replace("=None)", "=None, run='')")
    )
    done = trained.run("lab.files.TrainConfig", "@sft.yaml")
    assert done.code == 2
    assert "sft.yaml:1: run: must be str" in done.err
    assert "run: is a field of TrainConfig" in done.err
    trained.write("sft.yaml", "pack_size: x\npath: x\n")
    assert "is a field" not in trained.run("lab.files.TrainConfig", "@sft.yaml").err


def test_a_missing_artifact_starts_nothing(trained):
    trained.write("sft.yaml", "run: {data: 'tokns:latest'}\npath: '${art:data}'\n")
    done = trained.run("lab.files.TrainConfig", "@sft.yaml")
    assert done.code == 2
    assert "run.data: tokns:latest: no artifact is named 'tokns'" in done.err
    assert "did you mean 'tokens'" in done.err
