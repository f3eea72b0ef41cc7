"""Artifacts of recorded runs: logged, resolved before a run, and traced in both directions."""

import json
import os
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from pconfigs.runs import ranks as runs_ranks
from pconfigs.runs.lineage.graph import Lineage, Node, lines_of
from pconfigs.runs.ranks import Meeting, meeting_at, meeting_folder, once
from tests.runs.conftest import Result, read

CHAIN = """
from __future__ import annotations

from pathlib import Path

from pconfigs import (
    PArtifact, PConfig, pconfig, pconfiged, pdefaults, pproperty, prun, psmoke,
)
from pconfigs.pinnable import Pinned


@pconfig
class Tokens(PArtifact):
    "Packed tokens."
    pack_size: int


@pconfiged(runnable=True)
class Prepare:
    config: PrepareConfig

    def main(self, namespace, others):
        folder = prun.dir / "packed"
        folder.mkdir()
        (folder / "tokens.txt").write_text("x" * self.config.size)
        version = prun.log_artifact("tokens", folder, pack_size=self.config.size)
        print(version)


@pconfig
class PrepareConfig(PConfig[Prepare]):
    size: int


pdefaults += PrepareConfig(size=4)


@pconfiged(runnable=True)
class Train:
    config: TrainConfig

    def main(self, namespace, others):
        data = self.config.data
        print(f"{data.version} {data.pack_size} {self.config.batch}",
              (data.path / "tokens.txt").read_text())
        path = prun.dir / f"policy{prun.rank or ''}.txt"  # ranks have files of their own
        path.write_text(str(self.config.batch))
        prun.log_artifact("policy", path, type="model", iteration=self.config.steps, copy=True)


@pconfig
class TrainConfig(PConfig[Train]):
    data: Tokens
    steps: int
    batch: Pinned[int]

    @pproperty
    def batch(self) -> int:
        return self.data.pack_size * 2


pdefaults += TrainConfig(data=Tokens(ref="tokens:latest"), steps=3)


@pconfiged(runnable=True)
class Answer:
    config: AnswerConfig

    def main(self, namespace, others):
        print(self.config.policy.path.read_text(), self.config.policy.of.data.pack_size)


@pconfig
class AnswerConfig(PConfig[Answer]):
    policy: PArtifact
    questions: int


prepare = PrepareConfig()
train = TrainConfig()
pdefaults += AnswerConfig(policy=PArtifact(of=train), questions=5)
answer = AnswerConfig()
"""


@pytest.fixture
def chain(project):
    project.write("lab/chain.py", CHAIN)
    return project


JOB = {"MASTER_PORT": "29500", "MASTER_ADDR": "localhost"}


def ranks(chain, count, target, module="-m pconfigs.run"):
    """Run a target on several ranks, and return what each did."""
    processes = [
        chain.popen(
            *module.split(), *target.split(),
            RANK=str(rank), WORLD_SIZE=str(count), **JOB,
        )
        for rank in range(count)
    ]  # fmt: skip
    outputs = [process.communicate(timeout=60) for process in processes]
    return [Result(p.returncode, *output) for p, output in zip(processes, outputs)]


def lines(done):
    assert done.code == 0, done.err
    return done.out.splitlines()


def test_a_chain_of_runs_consumes_what_the_others_produced(chain):
    assert lines(chain.run("--record", "lab.chain.prepare")) == ["tokens:v1"]
    assert lines(chain.run("lab.chain.train")) == ["v1 4 8 xxxx"]
    assert lines(chain.run("lab.chain.answer")) == ["8 4"]
    (consumed,) = read(next(chain.store.glob("chain.train-*")) / "consumed.json")["artifacts"]
    assert (consumed["ref"], consumed["field"], consumed["asked"]) == (
        "tokens:v1", "data", "tokens:latest",
    )  # fmt: skip
    resolved = read(next(chain.store.glob("chain.train-*")) / "resolved.json")
    planned = read(next(chain.store.glob("chain.train-*")) / "config.json")
    assert "4" in json.dumps(resolved["data"])
    assert planned != resolved


def test_the_same_content_is_the_same_version_and_other_content_the_next(chain):
    chain.run("--record", "lab.chain.prepare")
    assert lines(chain.run("lab.chain.prepare")) == ["tokens:v1"]
    assert lines(chain.run("lab.chain.prepare", "size=5")) == ["tokens:v2"]
    assert lines(chain.run("lab.chain.train")) == ["v2 5 10 xxxxx"]
    assert lines(chain.run("lab.chain.train", "data.ref=tokens:v1")) == ["v1 4 8 xxxx"]


@pytest.mark.slow
def test_a_rerun_as_recorded_reads_the_versions_of_then(chain):
    chain.run("--record", "lab.chain.prepare")
    chain.run("lab.chain.train")
    chain.run("lab.chain.prepare", "size=5")
    done = chain.run("@chain.train", "--as-recorded")
    assert lines(done) == ["v1 4 8 xxxx"]
    refs = [read(path)["artifacts"][0]["ref"] for path in chain.store.glob("*/consumed.json")]
    assert refs == ["tokens:v1", "tokens:v1"]


BLOCK = """
from lab.chain import train
from pconfigs import prun

with prun.record(train):
    data = prun.config.data
    print(prun.config.batch, data.version, (data.path / "tokens.txt").read_text())
assert prun.config is None
"""


def test_a_recorded_block_consumes_versions_as_a_run_does(chain):
    chain.write("script.py", BLOCK)
    done = chain.python("script.py")
    assert (done.code, "data: tokens:latest: no artifact has been logged" in done.err) == (1, True)
    assert not list(chain.store.glob("chain.train-*"))
    chain.run("lab.chain.prepare")
    for outcome in (chain.python("script.py"), *ranks(chain, 2, "script.py", module="")):
        assert lines(outcome) == ["8 v1 xxxx"]
    for folder in chain.store.glob("chain.train-*"):
        (consumed,) = read(folder / "consumed.json")["artifacts"]
        assert (consumed["ref"], consumed["field"]) == ("tokens:v1", "data")
    checked = chain.runs("check", "@chain.train")
    assert checked.code == 0, checked.out
    chain.run("lab.chain.prepare", "size=5")
    assert "tokens:latest was tokens:v1" in chain.runs("check", "@chain.train").out


def test_a_block_whose_ranks_cannot_resolve_is_a_failed_run(chain):
    chain.write("script.py", BLOCK)
    chain.run("--record", "lab.first")
    outcomes = ranks(chain, 2, "script.py", module="")
    assert all("no artifact has been logged" in one.err for one in outcomes)
    (folder,) = chain.store.glob("chain.train-*")
    assert read(folder / "status.json")["state"] == "failed"


@pytest.mark.slow
def test_artifacts_of_one_name_are_kept_apart_when_they_are_used_again(chain):
    chain.write(
        "lab/both.py",
        """
        from __future__ import annotations
        from pconfigs import PConfig, pconfig, pconfiged
        from lab.chain import Tokens

        @pconfig
        class Part(PConfig):
            data: Tokens

        @pconfiged(runnable=True)
        class Read:
            config: ReadConfig

            def main(self, namespace, others):
                print(self.config.one.data.version, self.config.other.data.version)

        @pconfig
        class ReadConfig(PConfig[Read]):
            one: Part
            other: Part

        config = ReadConfig(
            one=Part(data=Tokens(ref="tokens:v1")), other=Part(data=Tokens(ref="tokens:v2"))
        )
        """,
    )
    chain.run("--record", "lab.chain.prepare")
    chain.run("lab.chain.prepare", "size=5")
    assert lines(chain.run("lab.both")) == ["v1 v2"]
    assert lines(chain.run("@both", "--as-recorded")) == ["v1 v2"]


def test_a_run_without_its_artifact_starts_nothing(chain):
    done = chain.run("--record", "lab.chain.train")
    assert done.code == 2
    assert "data: tokens:latest: no artifact has been logged" in done.err
    assert not list(chain.store.glob("chain.train-*"))
    done = chain.run("lab.chain.answer")
    assert done.code == 2
    assert "policy of lab.chain.train: no run of it is done" in done.err
    assert "--with-deps" in done.err


def test_outside_a_recorded_run_artifacts_are_only_checked(chain):
    assert lines(chain.run("lab.chain.prepare")) == ["None"]
    assert not chain.store.exists()


def test_a_chain_under_a_url(chain, tmp_path):
    pytest.importorskip("fsspec")
    root = f"file://{tmp_path}/bucket/artifacts"
    chain.write("pyproject.toml", f'[tool.pconfigs]\nruns = "runs"\nartifacts = "{root}"\n')
    chain.write(
        "lab/chain.py", CHAIN.replace("pack_size=self.config.size)", "pack_size=4, copy=True)")
    )
    assert lines(chain.run("lab.chain.prepare")) == ["tokens:v1"]
    (folder,) = chain.store.glob("chain.prepare-*")
    (folder / "files" / "packed" / "tokens.txt").unlink()  # what is consumed is the uploaded copy
    assert lines(chain.run("lab.chain.train")) == ["v1 4 8 xxxx"]
    (consumed,) = read(next(chain.store.glob("chain.train-*")) / "consumed.json")["artifacts"]
    assert consumed["path"] == f"{root}/tokens/v1/files"
    assert [one.out for one in ranks(chain, 2, "lab.chain.train")] == ["v1 4 8 xxxx\n"] * 2
    (version,) = json.loads(chain.runs("artifacts", "tokens", "--json").out)
    assert version["path"] == f"{root}/tokens/v1/files"
    (tmp_path / "bucket/artifacts/tokens/v1/files/tokens.txt").write_text("yyyy")
    (downloads,) = (chain.store / ".artifacts" / ".downloads").glob("*-files")
    assert lines(chain.run("lab.chain.train")) == ["v1 4 8 xxxx"]  # downloaded once
    (downloads / "files" / "tokens.txt").write_text("zzzz")
    done = chain.run("lab.chain.train")
    assert (done.code, f"remove {downloads}: the files are downloaded again" in done.err) == (
        2,
        True,
    )
    shutil.rmtree(downloads)
    done = chain.run("lab.chain.train")
    assert (done.code, "must have the digest sha256:" in done.err) == (2, True)


APPTAINER = """
#!/bin/sh
# Stands for a container in which the host's folders are all there; what it binds are links.
while [ "$1" != image ]; do shift; done
shift
exec "$@"
"""


@pytest.fixture
def contained(chain, tmp_path):
    """Return a function that runs a preparation which writes into a folder of a container."""
    (tmp_path / "host").mkdir()
    (tmp_path / "inside").symlink_to(tmp_path / "host")
    chain.write("bin/apptainer", APPTAINER.lstrip()).chmod(0o755)
    chain.write(
        "lab/on.py",
        f"""
        import sys
        from pconfigs.executors import Container, LocalExecutor
        executor = LocalExecutor(
            container=Container(
                image="image", engine="apptainer", python=sys.executable,
                mounts=["{tmp_path}/host:{tmp_path}/inside"],
            )
        )
        """,
    )

    def run(folder):
        text = CHAIN.replace("from pathlib import Path\n", "from pathlib import Path\nimport os\n")
        chain.write("lab/chain.py", text.replace("prun.dir / 'packed'", f"Path('{folder}')")
                    .replace('prun.dir / "packed"', f"Path('{folder}')"))  # fmt: skip
        path = f"{chain.folder}/bin:{os.environ['PATH']}"
        done = chain.run("--record", "lab.chain.prepare", "--on", "lab.on.executor", PATH=path)
        assert done.code == 0, done.err
        return next(chain.store.glob("chain.prepare-*/log.txt")).read_text()

    return run


@pytest.mark.slow
def test_a_path_inside_a_container_is_recorded_as_that_of_the_host(chain, contained, tmp_path):
    assert contained(tmp_path / "inside" / "packed") == "tokens:v1\n"
    (version,) = json.loads(chain.runs("artifacts", "tokens", "--json").out)
    assert version["path"] == f"{tmp_path}/host/packed"
    assert lines(chain.run("lab.chain.train")) == ["v1 4 8 xxxx"]


def test_a_path_that_no_mount_leads_to_is_reported(chain, contained, tmp_path_factory):
    away = tmp_path_factory.mktemp("away") / "packed"
    log = contained(away)
    assert f"tokens: {away} is inside a container, and no mount leads to it" in log
    assert f"write the files below a mount ({chain.folder}" in log


def test_changed_files_are_refused(chain):
    chain.run("--record", "lab.chain.prepare")
    (folder,) = chain.store.glob("chain.prepare-*")
    (folder / "files" / "packed" / "tokens.txt").write_text("yyyy")
    done = chain.run("lab.chain.train")
    assert done.code == 2
    assert "must have the digest sha256:" in done.err


def test_smoke_runs_have_artifacts_of_their_own(chain):
    chain.run("--record", "--smoke", "lab.chain.prepare")
    done = chain.run("lab.chain.train")
    assert done.code == 2
    assert lines(chain.run("--smoke", "lab.chain.train"))[0].startswith("v1 4 8")


def test_lineage_leads_both_ways(chain):
    for name in ("prepare", "train", "answer"):
        chain.run("--record", f"lab.chain.{name}")
    names = {
        name: next(chain.store.glob(f"chain.{name}-*")).name
        for name in ("prepare", "train", "answer")
    }
    chained = " -> ".join(
        [names["prepare"], "tokens:v1", names["train"], "policy:v1", names["answer"]]
    )
    assert lines(chain.runs("lineage", "policy")) == [chained]
    assert lines(chain.runs("lineage", "@chain.train")) == [chained]
    data = json.loads(chain.runs("lineage", "tokens:v1", "--json").out)
    assert [node["id"] for node in data["nodes"]] == chained.split(" -> ")
    assert {"from": "tokens:v1", "to": names["train"]} in data["edges"]
    done = chain.runs("lineage", "polcy")
    assert (done.code, "did you mean policy" in done.err) == (2, True)


@pytest.mark.slow
def test_lineage_is_drawn(chain):
    def graph(*words):
        return chain.python("-m", "pconfigs.graph", "--lineage", *words)

    for name in ("prepare", "train"):
        chain.run("--record", f"lab.chain.{name}")
    drawn = lines(graph("@chain.train"))
    boxes = [line.partition('["')[2].partition(":")[0] for line in drawn if "subgraph" in line]
    assert boxes == [
        next(chain.store.glob("chain.prepare-*")).name, "tokens",
        next(chain.store.glob("chain.train-*")).name, "policy",
    ]  # fmt: skip
    assert [line.strip() for line in drawn if "-->" in line] == [
        "n0 --> n2", "n2 --> n4", "n4 --> n6",
    ]  # fmt: skip
    assert graph("-o", "lineage.dot").err == "wrote lineage.dot\n"
    assert "box1:f0:e -> box2:f0:" in (chain.folder / "lineage.dot").read_text()
    for words, message in (
        (["polcy"], "did you mean policy"),
        (["-o", "x.html"], "--lineage is not drawn as .html"),
    ):
        done = graph(*words)
        assert (done.code, message in done.err) == (2, True), done.err


def test_artifacts_are_listed_and_aliases_set(chain):
    chain.run("--record", "lab.chain.prepare")
    chain.run("lab.chain.prepare", "size=5")
    checked = chain.runs("artifacts", "tokens:v1", "--alias", "best")
    assert checked.code == 0, checked.out
    listed = lines(chain.runs("artifacts", "tokens"))
    assert [line.split()[0] for line in listed[1:]] == ["tokens:v2", "tokens:v1"]
    assert "@best" in listed[2]
    shown = lines(chain.runs("artifacts", "tokens@best"))
    assert shown[0].split() == ["ref", "tokens:v1"]
    assert shown[-1].split(maxsplit=1) == ["metadata", "pack_size = 4"]
    (first, _) = json.loads(chain.runs("artifacts", "tokens", "--json").out)
    assert (first["ref"], first["metadata"]) == ("tokens:v2", {"pack_size": 5})
    assert lines(chain.run("lab.chain.train", "data.ref=tokens@best"))[0].startswith("v1")
    done = chain.runs("artifacts", "tokens:v9", "--alias", "x")
    assert (done.code, "there are v1 and v2" in done.err) == (2, True)


def test_a_version_that_is_damaged_hides_no_other(chain):
    chain.run("--record", "lab.chain.prepare")
    chain.run("lab.chain.prepare", "size=5")
    (chain.store / ".artifacts" / "tokens" / "v2" / "manifest.json").write_text("")
    for words, listed in (([], []), (["tokens"], ["tokens:v1"]), (["tokens:v2"], [])):
        done = chain.runs("artifacts", *words)
        assert (done.code, "tokens:v2: its manifest cannot be read" in done.err) == (2, True)
        assert [line.split()[0] for line in done.out.splitlines()[1:]] == listed


def test_a_record_of_what_was_produced_that_is_damaged_is_named(chain):
    chain.run("--record", "lab.chain.prepare")
    chain.run("lab.chain.train")
    (produced,) = chain.store.glob("*train*/produced.jsonl")
    entry = json.loads(produced.read_text())
    for damaged, message in (
        ({**entry, "version": "../../tokens/v1"}, "there is no version '../../tokens/v1'"),
        ({"ref": entry["ref"], "name": "policy"}, "it logged no artifact"),
        ({"ref": entry["ref"]}, "it logged no artifact"),
    ):
        produced.write_text(json.dumps(damaged) + "\n")
        done = chain.run("lab.chain.answer")
        assert (done.code, message in done.err) == (2, True), done.err


def test_lineage_of_any_depth_is_shown():
    graph = Lineage()
    nodes = [Node(f"run{number}", "run", {}) for number in range(3000)]
    for before, after in pairwise(nodes):
        graph.add(before, Node(f"leaf-{before.id}", "run", {}))
        graph.add(before, after)
    shown = lines_of(graph)
    assert [line.strip() for line in shown[:3]] == ["run0", "leaf-run0", "run1"]
    assert len(shown) == 5999


def test_lineage_shows_no_controls_of_a_terminal():
    graph = Lineage()
    graph.add(Node("a\x1b[8m", "run", {}), Node("b\x1b[0m:v1", "artifact", {}))
    assert lines_of(graph) == [r"a\x1b[8m -> b\x1b[0m:v1"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("'a b', prun.dir", "the name of an artifact must have"),
        ("'x', prun.dir / 'missing'", "does not exist"),
        ("'x', prun.dir, bad=object()", "metadata bad must be a JSON value"),
        ("'x', prun.dir, bad=float('nan')", "metadata bad must be a JSON value"),
        (
            "'x', prun.dir, bad=(lambda itself: itself.update(a=itself) or itself)({})",
            "metadata bad must not be nested so deeply",
        ),
    ],
)
def test_what_cannot_be_logged_is_refused_recorded_or_not(chain, call, message):
    text = CHAIN.replace('"tokens", folder, pack_size=self.config.size', call)
    chain.write("lab/chain.py", text)
    for options in ([], ["--record"]):
        done = chain.run(*options, "lab.chain.prepare")
        assert done.code == 1
        assert message in done.err
    assert not (chain.store / ".artifacts").exists()


def test_what_is_not_recorded_reads_the_store_also_on_ranks(chain):
    chain.run("--record", "lab.chain.prepare")
    assert lines(chain.run("--no-record", "lab.chain.train")) == ["v1 4 8 xxxx"]
    outcomes = ranks(chain, 3, "--no-record lab.chain.train")
    assert [one.out for one in outcomes] == ["v1 4 8 xxxx\n"] * 3
    assert not list(chain.store.glob("chain.train-*"))
    done = chain.run("--no-record", "lab.chain.train", "data.ref=tokens:v9")
    assert (done.code, "there is no version 'v9'" in done.err) == (2, True), done.err


def test_files_given_by_hand_need_a_path_and_metadata_alone(chain):
    chain.write("words/tokens.txt", "xx")
    chain.write(
        "lab/hand.py",
        "from pathlib import Path\nfrom lab.chain import Tokens, TrainConfig\n"
        "config = TrainConfig(data=Tokens(path=Path('words'), pack_size=2))\n",
    )
    for words in ([], ["--record"]):
        assert lines(chain.run(*words, "lab.hand")) == [" 2 4 xx"]
    (folder,) = chain.store.glob("hand-*")
    assert read(folder / "resolved.json")["data"]["version"] == ""
    assert not (folder / "consumed.json").exists()
    done = chain.run("lab.hand", "data.path=nowhere")
    assert (done.code, "its files must be at nowhere" in done.err) == (2, True), done.err


def test_ranks_read_what_rank_0_resolved(chain):
    chain.run("--record", "lab.chain.prepare")
    outcomes = ranks(chain, 4, "lab.chain.train")
    assert [one.out for one in outcomes] == ["v1 4 8 xxxx\n"] * 4


@pytest.mark.slow
def test_one_rank_asks_and_the_others_read_its_answer(chain):
    """A service would be asked by each; files that only rank 0 looks at show that none does."""
    chain.run("--record", "lab.chain.prepare")
    asks = "import os\nfrom pathlib import Path\nfrom pconfigs.artifacts import manifests\n"
    asks += "find = manifests.Manifests.find\n"
    asks += "def noted(self, reference):\n    Path('asked-' + os.environ['RANK']).touch()\n"
    asks += "    return find(self, reference)\n"
    chain.write("lab/chain.py", CHAIN + asks + "manifests.Manifests.find = noted\n")
    outcomes = ranks(chain, 4, "lab.chain.train")
    assert [one.out for one in outcomes] == ["v1 4 8 xxxx\n"] * 4
    assert [path.name for path in chain.folder.glob("asked-*")] == ["asked-0"]


@pytest.mark.slow
def test_an_answer_that_an_earlier_attempt_left_is_never_read(chain, monkeypatch):
    """Rank 0 of then was killed between its answer and the end, on any host."""
    chain.run("--record", "lab.chain.prepare")
    (outcome, _) = ranks(chain, 2, "lab.chain.train")
    assert lines(outcome) == ["v1 4 8 xxxx"]
    (folder,) = chain.store.glob("chain.train-*")
    (entry,) = read(folder / "consumed.json")["artifacts"]
    stale = {**entry, "version": "v9", "metadata": {"pack_size": 9}}
    asked = []

    def note(meeting, name, data):
        asked.append((Path(meeting.folder), name))

    for name, text in {**JOB, "RANK": "0", "WORLD_SIZE": "3"}.items():
        monkeypatch.setenv(name, text)
    monkeypatch.setattr(Meeting, "answer", note)
    monkeypatch.setattr(runs_ranks, "_asked", {})
    once(meeting_at(meeting_folder(str(chain.store)), "0"), "artifacts", list)
    left = {"word": "old", "result": [stale], "process": {}}
    for meeting, name in asked:
        meeting.mkdir(parents=True, exist_ok=True)
        (meeting / f"{name}.json").write_text('{"word": "old", "to": {"1": "older", "2": "older"}}')
        (meeting / f"{name}.data.json").write_text(json.dumps(left))
    # Rank 0 resolves late, so that the others look for its answer before.
    late = "import time\nfrom pconfigs.artifacts import manifests\n"
    late += "find = manifests.Manifests.find\n"
    late += "def slow(self, reference):\n    time.sleep(1)\n    return find(self, reference)\n"
    chain.write("lab/chain.py", CHAIN + late + "manifests.Manifests.find = slow\n")
    outcomes = ranks(chain, 3, "lab.chain.train")
    assert [one.out for one in outcomes] == ["v1 4 8 xxxx\n"] * 3
    assert not meeting.exists()


@pytest.mark.slow
def test_all_ranks_end_with_the_message_of_rank_0(chain):
    chain.run("--record", "lab.first")
    outcomes = ranks(chain, 4, "lab.chain.train")
    assert all(one.code != 0 for one in outcomes)
    assert all("no artifact has been logged" in one.err for one in outcomes)


def test_a_root_that_cannot_be_used_is_named_without_a_traceback(chain):
    pytest.importorskip("fsspec")
    chain.run("--record", "lab.chain.prepare")
    chain.write("pyproject.toml", '[tool.pconfigs]\nartifacts = "nowhere://x"\n')
    for done in (chain.runs("artifacts"), chain.run("lab.chain.train")):
        assert (done.code, "Traceback" in done.err) == (2, False), done.err
        assert "nowhere://x: it cannot be used: ValueError: Protocol not known" in done.err


def test_cleaning_names_the_files_that_go_and_leaves_those_of_an_alias(chain):
    chain.run("--record", "lab.chain.prepare")
    words = ("clean", "--older", "0s")
    (line,) = chain.runs(*words).out.splitlines()
    assert line.endswith("  done  with the files of tokens:v1")
    chain.run("lab.chain.prepare", "size=5")
    chain.runs("artifacts", "tokens:v1", "--alias", "best")
    listed = chain.runs(*words, "--yes").out.splitlines()
    assert [line.partition("  done  ")[2] for line in listed] == [
        "with the files of tokens:v2", "stays: tokens@best is in it",
    ]  # fmt: skip
    assert len(list(chain.store.glob("chain.prepare*"))) == 1


def test_a_newer_version_makes_what_consumed_the_latest_stale(chain):
    chain.run("--record", "lab.chain.prepare")
    chain.run("lab.chain.train")
    checked = chain.runs("check")
    assert checked.code == 0, checked.out
    chain.run("lab.chain.prepare", "size=6")
    done = chain.runs("check", "--json")
    assert done.code == 1
    stale = {run["run"]: run["reasons"] for run in json.loads(done.out) if run["stale"]}
    ((name, (reason,)),) = stale.items()
    assert name.startswith("chain.train-")
    assert (reason["kind"], reason["name"]) == ("artifact", "data")
    assert reason["text"] == "tokens:latest was tokens:v1, is tokens:v2"
