"""Rules for coding agents, and their block in AGENTS.md."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import pconfigs
from pconfigs.cli.agents import BEGIN, END, GUIDES, block, with_block


def test_a_new_file_is_the_block(lab):
    done = lab.call("agents", "install")
    assert (done.code, done.out) == (0, "wrote AGENTS.md\n")
    assert (lab.folder / "AGENTS.md").read_text("utf-8") == f"{block()}\n"


@pytest.mark.parametrize(
    "before",
    [b"# Mine\n", b"no end", b"a\r\nb\r\n", b"\xff not utf-8\n", b"\xef\xbb\xbfmark\n", b"\n\n"],
    ids=repr,
)
def test_what_is_there_stays(lab, before):
    file = lab.folder / "AGENTS.md"
    file.write_bytes(before)
    assert lab.call("agents", "install").out == "updated AGENTS.md\n"
    after = file.read_bytes()
    assert after.startswith(before)
    assert after.replace(b"\r\n", b"\n").endswith(f"{block()}\n".encode())


def test_a_second_call_changes_nothing(lab):
    lab.write("AGENTS.md", "# Mine\n")
    lab.call("agents", "install")
    before = (lab.folder / "AGENTS.md").read_bytes()
    assert lab.call("agents", "install").out == "AGENTS.md is up to date\n"
    assert (lab.folder / "AGENTS.md").read_bytes() == before


def test_an_old_block_is_renewed_in_its_place():
    text = f"above\n\n{BEGIN}\nold\n{END}\n\nbelow\n"
    assert with_block(text, "AGENTS.md") == f"above\n\n{block()}\n\nbelow\n"


def test_a_block_that_another_version_began_is_renewed():
    text = f"<!-- pconfigs: begin (other words) -->\nold\n{END}\n"
    assert with_block(text, "AGENTS.md") == f"{block()}\n"


@pytest.mark.parametrize("text", [f"{BEGIN}\n", f"{END}\n", f"{END}\n{BEGIN}\n"])
def test_marks_that_do_not_pair_are_refused(lab, text):
    file = lab.write("AGENTS.md", text)
    done = lab.call("agents", "install")
    assert done.code == 2
    assert "do not pair" in done.err
    assert file.read_text("utf-8") == text


def test_another_folder_may_be_named(lab):
    assert lab.call("agents", "install", "lab").out == "wrote lab/AGENTS.md\n"
    assert lab.call("agents", "install", "nowhere").code == 2


def test_rules_are_listed_and_shown(lab):
    listed = json.loads(lab.call("agents", "list", "--json").out)
    assert [rule["name"] for rule in listed] == list(GUIDES)
    for rule in listed:
        shown = lab.call("agents", "show", rule["name"]).out
        assert shown.startswith(f"# {rule['title']}\n")
        assert shown.strip().partition("\n")[2] in block()


def test_an_unknown_rule_names_the_nearest(lab):
    done = lab.call("agents", "show", "inspectng")
    assert (done.code, done.out) == (2, "")
    assert "did you mean inspecting?" in done.err


def test_the_block_is_short():
    assert len(block().splitlines()) < 60


def test_rules_are_read_from_a_library_in_a_zip(tmp_path):
    root = Path(pconfigs.__file__).parent
    with zipfile.ZipFile(tmp_path / "library.zip", "w") as archive:
        for file in [*root.rglob("*.py"), *root.rglob("*.md")]:
            archive.write(file, file.relative_to(root.parent))
    code = "from pconfigs.cli.agents import block; print(block())"
    path = os.pathsep.join([str(tmp_path / "library.zip"), *sys.path[1:]])
    done = subprocess.run(
        [sys.executable, "-S", "-P", "-c", code],
        env={"PYTHONPATH": path, "PATH": ""}, cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.stdout == f"{block()}\n", done.stderr
