"""No secret, key or token is in a file of a run, in what a service is sent, or in a message."""

import gzip
from importlib.util import find_spec

import pytest

from tests.runs.conftest import Project

GIVEN = "value-of-a-secret-field"
KEY = "0123456789" * 4
TOKEN = "token-of-a-service"
BODY = """
print("the key is", self.config.key)
path = prun.dir / "policy.txt"
path.write_text("a policy")
prun.log({"note": f"with {self.config.key}"}, step=9)
prun.log_artifact("policy", path, note=self.config.key, inner={"deep": [self.config.key]})
raise RuntimeError(f"refused {self.config.key}")
"""
TRACKERS = ("tensorboard", "mlflow", "wandb")
for name in TRACKERS:
    if find_spec(name) is None:
        pytest.skip(f"{name} is not installed", allow_module_level=True)
pytestmark = pytest.mark.engines


def held_in(folder):
    """Yield the path and the content of each file; compressed ones as they are read."""
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            content = path.read_bytes()
            yield path, gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


def test_nothing_secret_leaves_a_run(tmp_path, server, environment):
    project = Project(tmp_path / "project")
    project.environment = lambda **more: {
        **environment, "WANDB_API_KEY": KEY, "MLFLOW_TRACKING_TOKEN": TOKEN,
        "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/mlflow/server.db",
        "MLFLOW_ARTIFACT_ROOT": str(tmp_path / "mlflow" / "files"),
        "AWS_SECRET_ACCESS_KEY": TOKEN, **more,
    }  # fmt: skip
    (tmp_path / "mlflow").mkdir()
    target = project.experiment("leaks", body=BODY)
    assert project.run("--record", target, f"key={GIVEN}").code == 1
    synced = project.runs("sync", *(f"--tracker={name}" for name in TRACKERS))
    assert synced.code == 0, synced.err
    sent = [content for _, content in held_in(tmp_path / "mlflow")]
    sent += [*server.requests, *server.blobs.values()]
    sent += [content for _, content in held_in(project.store)]
    assert any(b"policy" in content for content in server.requests)
    assert any(b"a policy" in content for content in sent)
    for word in (GIVEN, KEY, TOKEN):
        assert not [one for one in sent if word.encode() in one], word
        assert word not in synced.out + synced.err
