"""Profiles: executors by name from env.toml, with inheritance; what is wrong is reported."""

import pytest

from pconfigs.errors import ProfileError
from pconfigs.executors import Container, LocalExecutor, SlurmExecutor, Torchrun
from pconfigs.launchers.profiles import environment_file, find_executor

TEXT = """
[wandb]
project = "lab"

[base]
executor = "slurm"
account = "lab"
time = "04:00:00"
mounts = ["/a:/a"]
container_image = "image"
env_vars = { A = "1", B = "2" }

[big]
extends = "base"
nodes = 2
gpus_per_node = 8
mounts = ["/b:/b"]
env_vars = { B = "3" }

[bigger]
extends = "big"
nodes = 4

[desk]
executor = "local"
slots = 4
torchrun = { nproc_per_node = 2 }
container = { image = "img", engine = "podman" }
"""


@pytest.fixture
def profiles(tmp_path, monkeypatch):
    """Write env.toml next to a pyproject.toml; return a function that appends to it."""
    (tmp_path / "pyproject.toml").write_text("")
    file = tmp_path / "env.toml"
    file.write_text(TEXT)
    (tmp_path / "inside" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "inside" / "deep")
    monkeypatch.delenv("NEMOTRON_ENV_FILE", raising=False)

    def add(text):
        file.write_text(TEXT + text)

    return add


def test_profiles_are_executor_configs(profiles):
    assert find_executor("base") == SlurmExecutor(
        account="lab",
        time="04:00:00",
        mounts=["/a:/a"],
        container_image="image",
        env_vars={"A": "1", "B": "2"},
    )
    assert find_executor("desk") == LocalExecutor(
        slots=4,
        torchrun=Torchrun(nproc_per_node=2),
        container=Container(image="img", engine="podman"),
    )


def test_tables_are_merged_and_lists_replaced(profiles):
    bigger = find_executor("bigger")
    assert (bigger.nodes, bigger.gpus_per_node, bigger.account) == (4, 8, "lab")
    assert bigger.mounts == ["/b:/b"]
    assert bigger.env_vars == {"A": "1", "B": "3"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("bgi", "", r"'bgi' is not a profile\n    did you mean 'big'\?"),
        ("wandb", "", "wandb is not a profile: wandb, cli, cache and artifacts are reserved"),
        ("x", "[x]\nslots = 2\n", "x.executor must be 'local', 'slurm' or 'ray', got nothing"),
        ("x", "[x]\nexecutor = 'k8s'\n", "x.executor must be .*, got 'k8s'"),
        ("x", "[x]\nextends = 'bog'\n", "x.extends names 'bog', which is not a profile\n.*'big'"),
        ("x", "[x]\nextends = 'wandb'\n", "which is not a profile"),
        ("x", "[x]\nextends = 3\n", r"x.extends must be the name of a profile, got 3 \(int\)"),
        ("x", "[x]\nextends = 'y'\n[y]\nextends = 'x'\n", "extend each other: x -> y -> x"),
        ("x", "[x]\nextends = 'big'\nnode = 2\n", r"x.node is unknown\n    did you mean 'nodes'"),
        ("x", "[x]\nextends = 'big'\nnodes = 'two'\n", "x: .*nodes"),
        ("x", "[x]\nextends = 'big'\nnodes = 0\n", "nodes must be at least 1, got 0"),
        ("x", "[x\n", "invalid TOML"),
        ("x", "[x]\nexecutor = ['local']\n", r"x.executor must be .*, got \['local'\] \(list\)"),
        ("x", f"y = {'[' * 5000}\n", "it is nested too deeply"),
        ("x", f"y.{'y.' * 40_000}y = 1\n", "a dotted key has more than 100 parts"),
        ("pconfigs.executors.LocalExecutor", "", "must lead to an executor config"),
    ],
)
def test_wrong_profiles_are_refused(profiles, name, text, message):
    profiles(text)
    with pytest.raises(ProfileError, match=f"(?s){message}"):
        find_executor(name)


def test_all_unknown_keys_are_reported(profiles):
    profiles("[x]\nexecutor = 'local'\nslot = 1\ndevice = []\n")
    with pytest.raises(ProfileError) as caught:
        find_executor("x")
    assert "did you mean 'slots'" in str(caught.value)
    assert "did you mean 'devices'" in str(caught.value)


def test_the_file_is_found_upward_to_the_project(profiles, tmp_path, monkeypatch):
    assert environment_file() == tmp_path / "env.toml"
    (tmp_path / "inside" / "pyproject.toml").write_text("")
    assert environment_file() is None
    with pytest.raises(ProfileError, match=r"add a table \[big\] to env.toml"):
        find_executor("big")
    monkeypatch.setenv("NEMOTRON_ENV_FILE", str(tmp_path / "env.toml"))
    assert find_executor("big").nodes == 2
    monkeypatch.setenv("NEMOTRON_ENV_FILE", "/nowhere")
    with pytest.raises(ProfileError, match="NEMOTRON_ENV_FILE must name a file, got '/nowhere'"):
        find_executor("big")


def test_an_executor_by_its_dotted_path(profiles, monkeypatch, tmp_path):
    (tmp_path / "inside" / "deep" / "machines_of_test.py").write_text(
        "from pconfigs.executors import SlurmExecutor\n"
        "base = SlurmExecutor(partition='gpu')\n"
        "big = SlurmExecutor(base, gpus_per_node=8)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path / "inside" / "deep"))
    big = find_executor("machines_of_test.big")
    assert (big.partition, big.gpus_per_node) == ("gpu", 8)
