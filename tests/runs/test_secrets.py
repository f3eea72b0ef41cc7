"""Secrets planted everywhere: none is in any file of the store."""

import subprocess

from tests.runs.conftest import read

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
