"""Secrets planted everywhere: none is in any file of the store."""

import dataclasses
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pconfigs import EnvVar, PConfig, Secret, pconfig, pconfiged, penv
from pconfigs.runs.masking import Masker, secrets_of
from pconfigs.runs.planning import Plan
from tests.runs.conftest import read


@pconfiged()
class Held:
    config: "HeldConfig"


@pconfig
class HeldConfig(PConfig[Held]):
    key: Secret[str]


HIDER = """
from __future__ import annotations

import logging
import os
import sys

from pconfigs import PConfig, Secret, pconfig, pconfiged, prun


@pconfiged(runnable=True)
class Hider:
    config: HiderConfig

    def main(self, namespace, others):
        keys = [getattr(self.config, f"key{index}") for index in range(100)]
        for index, key in enumerate(keys[:30]):
            print("printed", key)
            sys.stderr.write(key[:7])
            sys.stderr.write(key[7:] + "\\n")
            prun.log({f"name{index}": key}, step=index)
            logging.warning("logged %s", key)
        print("\\n".join(keys[30:60]))
        raise ValueError(f"no luck with {keys[61]} and {keys[62]}")


@pconfig
class HiderConfig(PConfig[Hider]):
"""
SECRET = "planted-{}-secret"


def test_no_planted_secret_is_in_any_file_of_the_store(project):
    secrets = [SECRET.format(index) for index in range(100)]
    # Values come from the environment: sources are kept as they are.
    fields = "".join(f"    key{index}: Secret[str]\n" for index in range(100))
    values = ", ".join(f"key{i}=os.environ['PLANTED_{i}']" for i in range(100))
    project.write("lab/hides.py", HIDER + fields + f"\n\nconfig = HiderConfig({values})\n")
    git = ["git", "-c", "user.email=a@b.c", "-c", "user.name=a"]
    for words in (
        ["init", "-q", "."],
        ["add", "."],
        ["commit", "-qm", "first"],
        ["remote", "add", "one", f"https://user:{secrets[70]}@host.example/a.git"],
        ["remote", "add", "two", f"ssh://{secrets[71]}@host.example/a.git"],
    ):
        subprocess.run([*git, *words], cwd=project.folder, check=True)
    (project.folder / f"{secrets[72]}.txt").write_text("untracked")
    project.write(".env", f"TOKEN={secrets[73]}\n")
    variables = {f"PLANTED_{index}": secret for index, secret in enumerate(secrets)}
    done = project.run(
        "--record", "lab.hides", f"key99={secrets[99]}", "--", secrets[80], **variables
    )
    assert done.code == 1, done.err
    assert project.store.exists(), done.err
    folder = project.only_run()
    assert read(folder / "status.json")["error"]["text"] == "no luck with *** and ***"
    found = [
        (path.relative_to(project.store), secret)
        for path in sorted(project.store.rglob("*"))
        if path.is_file()
        for secret in secrets
        if secret.encode() in path.read_bytes() or secret in path.name
    ]
    assert found == []
    assert "printed ***" in (folder / "log.txt").read_text()
    shown = project.runs("show", "@hides", **variables).out
    assert not [secret for secret in secrets if secret in shown]


LOGGER = """
from __future__ import annotations

import os

import fsspec

from pconfigs import PConfig, Secret, pconfig, pconfiged, prun


@pconfiged(runnable=True)
class Logger:
    config: LoggerConfig

    def main(self, namespace, others):
        prun.log_artifact("tokens", f"memory://bucket/tokens?signature={self.config.key}")


@pconfig
class LoggerConfig(PConfig[Logger]):
    key: Secret[str]


config = LoggerConfig(key=os.environ["PLANTED"])
with fsspec.open(f"memory://bucket/tokens?signature={config.key}", "wb") as file:
    file.write(b"1")
"""


def test_an_artifact_under_a_url_with_a_secret_is_refused(project):
    pytest.importorskip("fsspec")
    project.write("lab/logs.py", LOGGER)
    secret = SECRET.format(0)
    done = project.run("--record", "lab.logs", PLANTED=secret)
    assert done.code == 1
    assert "tokens: its URL must have no secret in it, got memory://bucket/tokens?sig" in done.err
    files = [path for path in project.store.rglob("*") if path.is_file()]
    assert not [path for path in files if secret.encode() in path.read_bytes()]


def test_the_traceback_of_a_launched_run_is_masked_in_its_log(project):
    body = "raise ValueError(f'no luck with {self.config.key}')"
    target = project.experiment("hides", "key=os.environ['PLANTED']", body=body)
    secret = {"PLANTED": "planted-secret"}
    code = "from pconfigs.runs.planning import Plan, plan_run\n"
    code += "from pconfigs.runs.store import make_store\nfrom lab.hides import config\n"
    code += f"print(plan_run(make_store('runs'), Plan(config, 'hides', {target!r})).path)"
    planned = project.python("-c", code, **secret)
    folder = Path(planned.out.strip())
    with (folder / "log.txt").open("ab") as log:
        done = subprocess.run(
            [sys.executable, "-m", "pconfigs.run", "--into", str(folder)],
            cwd=project.folder,
            env=project.environment(**secret),
            stdout=log,
            stderr=log,
            check=False,
        )
    assert done.returncode == 1
    assert "ValueError: no luck with ***" in (folder / "log.txt").read_text()
    assert "planted-secret" not in (folder / "log.txt").read_text()


def test_a_variable_that_holds_a_secret_is_masked_where_a_property_has_read_it(project):
    file = project.folder / "lab/train.py"
    text = file.read_text().replace(
        "import sys", "import sys\n\nfrom pconfigs import EnvVar, penv", 1
    )
    penv = "@penv\nclass lab_env:\n    url: str = EnvVar('URL', '')\n\n\n@pconfiged"
    text = text.replace("@pconfiged", penv, 1)
    text = text.replace("return self.steps", "return len(lab_env.url) * self.steps", 1)
    file.write_text(text)
    project.write("lab/first.py", "import os\nfrom lab.train import TrainerConfig\n")
    with (project.folder / "lab/first.py").open("a") as experiment:
        experiment.write("config = TrainerConfig(key=os.environ['PLANTED'])\n")
    variables = {"PLANTED": "planted-secret", "URL": "https://planted-secret@host.example"}
    assert project.run("--record", "lab.first", **variables).code == 0
    attempt = (project.only_run() / "attempts/1.json").read_text()
    assert '"URL": "https://***@host.example"' in attempt
    assert "planted-secret" not in attempt
    assert project.runs("check", **variables).code == 0


def test_a_secret_that_cannot_be_read_is_an_error_rather_than_unmasked():
    damaged, config = HeldConfig(key="planted-secret"), HeldConfig(key="planted-secret")
    object.__delattr__(damaged, "key")
    with pytest.raises(AttributeError):
        secrets_of(damaged)
    assert secrets_of(config) == ["planted-secret"]
    assert secrets_of(pickle.loads(pickle.dumps(config))) == []


def test_an_override_with_the_text_of_a_secret_is_masked_in_the_name_of_the_run():
    plan = Plan(HeldConfig(key="planted-secret"), "held", overrides=["url=planted-secret@host"])
    assert plan.stem.startswith("held,url=____host-")
    assert b"planted-secret" not in b"".join(plan.files().values())


@dataclasses.dataclass(frozen=True)
class Login:
    user: str
    password: str


@penv
class VaultEnv:
    token: Secret[str] = EnvVar("VAULT_TOKEN", "planted-default")
    place: str = EnvVar("VAULT_PLACE", "planted-place")


@pconfig
class VaultConfig(PConfig):
    environment: VaultEnv
    value: Secret[Any]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Login("me", "planted-secret"), "planted-secret"),
        ([Login("me", "planted-secret")], "planted-secret"),
        (12345678901, "12345678901"),
        (-0.123456789, "-0.123456789"),
        (b"\x00planted-secret", repr(b"\x00planted-secret")),
        ("planted\t'\"secret", repr(["planted\t'\"secret"])),
        ('planted\t"\u00e9', '{"key": "planted\\t\\"\\u00e9"}'),
        ("planted\tone\nplanted\ttwo", repr("planted\tone\nplanted\ttwo")),
    ],
    ids=repr,
)
def test_what_a_secret_holds_is_masked_as_it_is_printed(value, said):
    masker = Masker(secrets_of(VaultConfig(value=value)))
    shown = masker.text(f"it is {said}.")
    assert "planted" not in shown
    assert "12345678" not in shown
    assert "***" in shown


def test_secret_variables_are_masked(monkeypatch):
    config = VaultConfig(value="planted-secret")
    assert secrets_of([config]) == ["planted-secret", "planted-default"]
    monkeypatch.setenv("VAULT_TOKEN", "planted-token")
    assert Masker(secrets_of(config)).text("planted-token planted-place") == "*** planted-place"


LEAKS = """
from __future__ import annotations

import os

from pconfigs import PConfig, Secret, pconfig, pconfiged, penv, prun


@penv
class LeakerEnv:
    LEAKED: Secret[str]


@pconfiged(runnable=True)
class Leaker:
    config: LeakerConfig

    def main(self, namespace, others):
        print("leaked", self.config.environment.LEAKED, len(self.config.key), "letters")
        prun.log(leaked=self.config.pin, number=1234567)
        prun.log_artifact("leaked", prun.dir, pin=self.config.pin)
        if self.config.fails:
            raise KeyError(os.environ["LEAKED"])


@pconfig
class LeakerConfig(PConfig[Leaker]):
    environment: LeakerEnv
    key: Secret[str]
    pin: Secret[int]
    fails: bool
    n: int
    sign: str


config = LeakerConfig(
    key=os.environ["LEAKED"][:4], pin=int(os.environ["PIN"]), fails=False, n=1, sign="."
)
"""
LEAKED = {"LEAKED": "planted\t'secret", "PIN": "12345678901"}


@pytest.fixture
def leaker(project):
    project.write("lab/leaks.py", LEAKS)
    return project


def test_secret_variables_and_numbers_are_in_no_file_of_the_store(leaker):
    assert leaker.run("--record", "lab.leaks", **LEAKED).code == 0
    assert leaker.run("lab.leaks", "fails=True", **LEAKED).code == 1
    assert leaker.run("lab.leaks", "fails=True", "n=2", "--slots", "1", **LEAKED).code == 1
    logs = [path.read_text() for path in leaker.store.glob("*/log.txt")]
    assert len(logs) == 3
    assert all("leaked *** 4 letters" in log for log in logs)
    files = [path for path in leaker.store.rglob("*") if path.is_file()]
    found = [
        path for path in files for text in ("planted", "1234567890") if text in path.read_text()
    ]
    assert found == []
    (row, *_) = [path.read_text() for path in leaker.store.glob("*/metrics.jsonl")]
    assert '"values":{"leaked": "***", "number": 1234567}' in row


def test_a_secret_of_an_override_is_open_when_the_run_is_repeated(leaker):
    """It is not recorded; neither the text that is shown in its place is used, nor the default."""
    done = leaker.run("--record", "lab.leaks", "key=planted-secret", "n=8", **LEAKED)
    assert "14 letters" in done.out
    name = leaker.only_run().name
    assert name.startswith("leaks,key=...,n=8-")
    for words in ([], ["n=8"], ["--as-recorded"]):
        done = leaker.run(f"@{name}", *words, **LEAKED)
        assert done.code == 2
        assert f"{name}: its overrides gave key, which is secret and not recorded" in done.err
        assert done.err.rstrip().endswith(f"python -m pconfigs.run @{name} key=...")
    assert leaker.only_run().name == name
    for words in (["--as-recorded"], ["--resume"]):
        done = leaker.run(*words, f"@{name}", "key=planted-secret", **LEAKED)
        assert done.code == 2
        assert "planted" not in done.err
    done = leaker.run(f"@{name}", "key=planted-secret", **LEAKED)
    assert done.code == 0, done.err
    assert "14 letters" in done.out


def test_launched_runs_are_not_given_secrets_by_overrides(leaker):
    for words in (["--slots", "1"], ["--sweep", "n=1,2"], ["--detach"], ["--dry-run", "--sweep"]):
        done = leaker.run("--record", "lab.leaks", "key=planted-secret", *words, **LEAKED)
        assert done.code == 2
        assert "key=... sets a secret" in done.err
        assert "planted" not in done.err
    assert not leaker.store.exists()
    done = leaker.run("--record", "lab.leaks", "sign=...", "--slots", "1", **LEAKED)
    assert done.code == 0, done.err
    assert leaker.run("@leaks", "--as-recorded", **LEAKED).code == 0


def test_a_launched_run_never_has_another_secret_than_its_config(project):
    """Without a name in a module, it is made of the record: with the default of its class."""
    project.write("made.yaml", "$type: lab.train.TrainerConfig\nkey: planted-secret\nsteps: 2\n")
    project.write(
        "lab/found.py",
        "import os\nfrom pconfigs import psearch\nfrom lab.train import TrainerConfig\n"
        "base = TrainerConfig(key=os.environ.get('PLANTED', 'hunter2-hunter2'))\n"
        "config = psearch(base, space={'seed': [1, 2]}, goal='min loss', runs=1)\n",
    )
    for words in (["made.yaml", "--slots", "1"], ["lab.found"]):
        done = project.run("--record", *words, PLANTED="planted-secret")
        assert done.code == 2
        assert "has secrets, which are not passed to launched runs" in done.err
        assert "planted" not in done.err
    project.write("made.yaml", "$type: lab.train.TrainerConfig\nsteps: 2\n")
    assert project.run("--record", "made.yaml", "--slots", "1").code == 0
