"""Files that commands write: whole or not at all, never over another one unasked."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess

import pytest

from pconfigs.cli.output_files import refuse_other_content
from pconfigs.errors.targets import UsageError

EXPERIMENT = "from lab.parts import GreeterConfig\nconfig = GreeterConfig(greeting='hi')\n"


@pytest.fixture
def lab_with_experiment(lab):
    lab.write("lab/one.py", EXPERIMENT)
    return lab


@pytest.mark.parametrize("suffix", ["html", "dot", "mmd"])
def test_a_picture_replaces_no_file_unasked(lab_with_experiment, suffix):
    lab = lab_with_experiment
    file = lab.write(f"notes.{suffix}", "precious")
    done = lab.call("graph", "lab.one", "-o", f"notes.{suffix}")
    assert (done.code, file.read_text()) == (2, "precious")
    assert f"notes.{suffix} is there already" in done.err
    assert lab.call("graph", "lab.one", "-o", f"notes.{suffix}", "--force").code == 0
    assert file.read_text() != "precious"


@pytest.mark.parametrize(
    "words",
    [
        ["graph", "lab.one", "-o", "no/one.html"],
        ["derive", "lab.one", "greeting=hello", "-o", "no/two.py"],
        ["run", "lab.one", "--record-reads", "no/reads.json"],
    ],
)
def test_a_missing_folder_is_named(lab_with_experiment, words):
    done = lab_with_experiment.call(*words)
    assert done.code == 2
    assert "there is no folder no\n    make it first" in done.err


def test_a_record_of_reads_replaces_only_a_record_of_reads(lab_with_experiment):
    lab = lab_with_experiment
    source = lab.folder / "lab" / "one.py"
    done = lab.call("run", "--record-reads", "lab/one.py", "lab.one")
    assert (done.code, source.read_text()) == (2, EXPERIMENT)
    assert "holds something else" in done.err
    assert "hi" not in done.out, "refused before it runs"
    for _ in range(2):
        assert lab.call("run", "--record-reads", "reads.json", "lab.one").code == 0
        assert json.loads((lab.folder / "reads.json").read_text())["read"]
    assert lab.call("run", "--record-reads", "nowhere/reads.json", "lab.one").code == 2


@pytest.mark.parametrize("file", ["lab/two.py", "lab/one.py", "lab/sizes.py", "lab/parts.py"])
def test_derive_does_not_replace_what_its_target_needs(lab_with_experiment, file):
    """Nor what that imports in its turn."""
    lab = lab_with_experiment
    lab.write("lab/sizes.py", "size = 3\n")
    lab.write("lab/one.py", f"from lab.sizes import size\n{EXPERIMENT}")
    lab.write("lab/two.py", "from lab.one import config as one\nconfig = type(one)(one)\n")
    before = (lab.folder / file).read_text()
    done = lab.call("derive", "lab.two", "greeting=hey", "-o", file, "--force")
    assert done.code == 2
    assert (lab.folder / file).read_text() == before


@pytest.mark.parametrize(
    ("words", "name"),
    [(["derive", "lab.one", "greeting=hey"], "x.py"), (["graph", "lab.one"], "x.dot")],
)
def test_nothing_is_written_through_a_link_unasked(lab_with_experiment, words, name):
    """Neither to the file that it leads to, nor to one that is not there yet."""
    lab = lab_with_experiment
    precious = lab.write("precious", "mine")
    for target in ("precious", "nowhere"):
        (lab.folder / name).unlink(missing_ok=True)
        (lab.folder / name).symlink_to(target)
        done = lab.call(*words, "-o", name)
        assert done.code == 2
        assert f"{name} is there already" in done.err
    assert (precious.read_text(), (lab.folder / "nowhere").exists()) == ("mine", False)


@pytest.mark.parametrize("suffix", ["html", "dot", "mmd", "svg"])
def test_a_title_of_any_word_is_written(lab_with_experiment, suffix):
    """A title has the words of the command line, which need not be text that can be encoded."""
    if suffix == "svg":
        pytest.importorskip("graphviz")
        if shutil.which("dot") is None:
            pytest.skip("graphviz is not installed")
    lab = lab_with_experiment
    done = lab.call("graph", "lab.one", "greeting=\udcff", "-o", f"x.{suffix}")
    assert (done.code, done.err) == (0, f"wrote x.{suffix}\n")
    assert (lab.folder / f"x.{suffix}").read_text(encoding="utf-8")


def test_a_full_disk_leaves_the_file_as_it_was(lab_with_experiment):
    lab = lab_with_experiment
    assert lab.call("graph", "lab.one", "-o", "good.html").code == 0
    before = (lab.folder / "good.html").read_bytes()
    words = lab.command_line("pconfigs.graph", "lab.one", "-o", "good.html", "--force")
    done = subprocess.run(
        ["bash", "-c", f"ulimit -f 1; {shlex.join(words)}"],
        cwd=lab.folder, env=lab.environment(), capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert (done.returncode, "cannot be written" in done.stderr) == (2, True)
    assert (lab.folder / "good.html").read_bytes() == before
    assert not [*lab.folder.glob("*.tmp"), *lab.folder.glob(".*.tmp")]


def test_a_fifo_and_a_device_are_not_replaced(lab_with_experiment):
    lab = lab_with_experiment
    os.mkfifo(lab.folder / "pipe.html")
    done = lab.call("graph", "lab.one", "-o", "pipe.html", "--force")
    assert done.code == 2
    assert not (lab.folder / "pipe.html").is_file()


@pytest.mark.parametrize("text", ["[" * 100_000, "1", "[]", "{}", "\udcff"])
def test_a_file_that_is_not_a_record_of_reads_is_left_alone(text, tmp_path):
    file = tmp_path / "reads.json"
    file.write_text(text, errors="surrogateescape")
    before = file.read_bytes()
    with pytest.raises(UsageError, match="holds something else"):
        refuse_other_content("run", str(file), ("read",))
    assert file.read_bytes() == before
