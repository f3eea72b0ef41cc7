"""Nothing that a file, a name or a command line contains controls the terminal."""

from __future__ import annotations

import os
import shlex
import subprocess

import pytest

from pconfigs.cli import terminal

OWNED = "\x1b]0;owned\x07\x1b[2J"
EXPERIMENT = "from lab.parts import GreeterConfig\nconfig = GreeterConfig(greeting='hi')\n"
COMMANDS = [
    ["list"],
    ["test"],
    ["test", "--golden"],
    ["print", "lab.exp.one"],
    ["print", "lab.exp.one", f"greeting={OWNED}"],
    ["print", f"lab.exp.one{OWNED}"],
    ["print", "lab.exp.one", f"{OWNED}=3"],
    ["print", "lab.exp.one", f"--only={OWNED}"],
    ["explain", "lab.exp.one", f"greeting{OWNED}"],
    ["explain", "lab.exp.one", "--impact", f"greeting={OWNED}"],
    ["diff", "lab.exp.one", "lab.exp.one", f"greeting={OWNED}"],
    ["graph", "lab.exp.one", f"greeting={OWNED}"],
    ["help", "lab.exp.one"],
    ["freeze", "lab.exp.one", f"greeting={OWNED}"],
    ["run", "lab.exp.one", OWNED],
    ["print", "saved.yaml"],
    ["print", "saved.json"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: ascii(" ".join(words)))
def test_no_output_controls_the_terminal(lab, words):
    lab.write("lab/exp/__pconfigs__.py", "")
    lab.write("lab/exp/one.py", f'"""{OWNED}."""\n{EXPERIMENT}')
    lab.write("lab/exp/two.py", f"raise ValueError({OWNED!r})\n")
    lab.write("lab/exp/one.config.golden", f"greeting{OWNED} = 'hi'\n{OWNED}\n")
    lab.write("saved.yaml", '$type: "lab.parts.GreeterConfig"\n"\\e]0;owned\\a\\e[2J": 1\n')
    lab.write("saved.json", '{"$type": "lab.parts.GreeterConfig\\u001b[2J"}')
    done = lab.call(*words)
    assert done.out + done.err
    controls = {letter for letter in done.out + done.err if ord(letter) < 32 or letter == "\x7f"}
    assert controls <= {"\n", "\t"}


def test_only_colours_of_our_own_are_kept(monkeypatch):
    monkeypatch.setattr(terminal, "takes_colour", lambda: True)
    line = terminal.styled("bold", "bold")
    assert terminal.printable_line(f"{line} rest") == f"{line} rest"
    assert terminal.printable_line(f"{line}\x1b[2J\x1b]0;x\x07") == f"{line}\\x1b[2J\\x1b]0;x\\x07"
    assert terminal.printable_line(f"{line}\x1b[8mhidden") == f"{line}\\x1b[8mhidden"
    assert terminal.printable_line("plain\n\ttext") == "plain\n\ttext"


def test_a_removed_current_folder_is_named(lab, tmp_path):
    gone = tmp_path / "gone"
    command = shlex.join(lab.command_line("pconfigs.print", "lab.exp"))
    done = subprocess.run(
        ["sh", "-c", f"mkdir {gone} && cd {gone} && rmdir {gone} && {command}"],
        env=lab.environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "the current folder has been removed" in done.stderr


def test_errors_do_not_go_to_stdout_where_stderr_is_closed(lab):
    command = shlex.join(lab.command_line("pconfigs.print", "lab.nowhere"))
    done = subprocess.run(
        ["sh", "-c", f"{command} 2>&-"],
        cwd=lab.folder, env=lab.environment(), capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")


def test_pipes_and_devices_in_the_place_of_files_do_not_hang(lab):
    lab.write("lab/exp/__pconfigs__.py", "")
    lab.write("lab/exp/one.py", EXPERIMENT)
    os.mkfifo(lab.folder / "lab" / "exp" / "two.py")
    os.mkfifo(lab.folder / "lab" / "exp" / "one.config.golden")
    assert "lab.exp.one.config" in lab.call("list").out
    done = lab.call("test", "--golden")
    assert (done.code, "must be a regular file" in done.out) == (1, True)
    assert lab.call("test", "--update-golden").code == 1
