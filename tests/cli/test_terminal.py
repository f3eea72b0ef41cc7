"""Nothing that a file, a name or a command line contains controls the terminal."""

from __future__ import annotations

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
    assert terminal.printable_line("plain\n\ttext") == "plain\n\ttext"
