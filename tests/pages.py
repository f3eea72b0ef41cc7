"""Pages: the code blocks of a Markdown page, run in order in a project of the page's own.

A page starts in a temporary folder that holds a copy of `project/`. Then, from its top to its end:

- A block after `<!-- file: PATH -->` is written to PATH in that folder, and not run.
- A `python` block is run; all of a page share one namespace, that of a script named `example.py`.
  What it prints must be the `text` block that follows it directly, where there is one, and nothing
  otherwise. A block that raises needs that `text` block: it ends with the exception's last words.
  On a line `expression  # -> words`, the words must be the expression's repr.
- A `console` block is run by bash: what a line `$ command` prints (both streams) must be the lines
  below it. A command that fails must be followed by `$ echo $?`, or be in a block after
  `<!-- exit: STATUS -->`, in which commands exit with that status or with 0.
- In what is expected, `...` represents anything in its line, and alone on a line for any lines.
- A `console` block after `<!-- set-up -->` is left to `.ci/run`, which needs a clean machine.
- Blocks of other languages are for reading.
"""

from __future__ import annotations

import ast
import codeop
import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import textwrap
import traceback
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {"python", "console", "text", "toml", "yaml", "json", "html", "mermaid", "bash", "ini"}
_BLOCK = re.compile(
    r"^(?:[ \t]*<!-- (?P<note>.*?) -->\n\s*)?"
    r"^(?P<indent>[ \t]*)```(?P<language>[^\n]*)\n(?P<text>.*?)^(?P=indent)```[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_MARK = "--- end of a command, with status"


class PageError(AssertionError):
    """A page that does not hold: which line, and why."""

    def __init__(self, page: Path, line: int, words: str) -> None:
        super().__init__(f"{page.name}:{line}: {words}")


@dataclass(frozen=True)
class Block:
    """A fenced block: `line` is that of its first line of text, `end` that after its fence."""

    language: str
    note: str
    text: str
    line: int
    start: int
    end: int


def blocks_of(text: str) -> Iterator[Block]:
    """The fenced blocks of a page, top to bottom, free of the indentation of the page around."""
    for match in _BLOCK.finditer(text):
        yield Block(
            language=match["language"].split(" ")[0],
            note=match["note"] or "",
            text=textwrap.dedent(match["text"]),
            line=text.count("\n", 0, match.start("text")) + 1,
            start=match.start(),
            end=match.end(),
        )


def agrees(expected: str, got: str) -> bool:
    """Return whether `got` is what is expected, where `...` is anything."""
    pattern = ""
    for line in expected.strip("\n").split("\n"):
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += r"[^\n]*".join(re.escape(part) for part in line.split("...")) + r"\n"
    return re.fullmatch(pattern, got.strip("\n") + "\n") is not None


class PageRun:
    """One run of a page in `folder`; the current folder and `sys.modules` are the caller's."""

    def __init__(self, page: Path, folder: Path, with_project: bool = True) -> None:
        self.page, self.folder = page, folder
        self.compile = codeop.Compile()  # remembers `from __future__` of earlier blocks
        self.module = types.ModuleType("__main__")
        self.script = folder / "example.py"
        self.script_text = ""
        if with_project:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / "project", folder / "project", ignore=ignored)

    def run(self) -> None:
        """Run every block; raise PageError at the first that does not hold."""
        text = self.page.read_text(encoding="utf-8")
        blocks = list(blocks_of(text))
        for number, block in enumerate(blocks):
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            shown = following is not None and following.language == "text"
            if shown and not text[block.end : following.start].strip():
                self.run_block(block, following)
            else:
                self.run_block(block, None)

    def run_block(self, block: Block, following: Block | None) -> None:
        if block.language not in LANGUAGES:
            raise PageError(self.page, block.line, f"unknown language {block.language!r}")
        if block.note.startswith("file: "):
            path = self.folder / block.note.removeprefix("file: ")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            self.run_python(block, following)
        elif block.language == "console" and block.note != "set-up":
            self.run_console(block)

    def run_python(self, block: Block, following: Block | None) -> None:
        lines_before = self.script_text.count("\n")
        self.script_text += block.text
        self.script.write_text(self.script_text, encoding="utf-8")
        tree = ast.parse(block.text)
        ast.increment_lineno(tree, lines_before)
        lines = self.script_text.split("\n")
        output, raised = io.StringIO(), False
        with contextlib.redirect_stdout(output):
            try:
                for statement in tree.body:
                    self.run_statement(block, statement, lines[statement.end_lineno - 1])
            except PageError:
                raise
            except Exception as error:  # shown to readers, so it is output like any other
                raised = True
                output.write("".join(traceback.format_exception_only(error)))
        self.compare(block.line, following.text if following else "", output.getvalue())
        if raised and following is None:
            raise PageError(self.page, block.line, "raises, but the page does not say so")

    def run_statement(self, block: Block, statement: ast.stmt, last_line: str) -> None:
        _, arrow, expected = last_line.partition("  # -> ")
        if arrow and isinstance(statement, ast.Expr):
            code = self.compile(ast.Expression(statement.value), str(self.script), "eval")
            self.compare(block.line, expected, repr(eval(code, vars(self.module))))
        else:
            code = self.compile(ast.Module([statement], []), str(self.script), "exec")
            exec(code, vars(self.module))

    def run_console(self, block: Block) -> None:
        commands = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE)
        if not commands:
            raise PageError(self.page, block.line, "no '$ command' in this console block")
        script = "status=0\n"
        for command, _ in commands:
            script += f"(exit $status)\n{command}\nstatus=$?; echo; echo '{_MARK}' $status\n"
        done = subprocess.run(
            ["bash", "-c", script],
            check=False,
            cwd=self.folder,
            env=reader_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        parts = re.split(rf"\n{_MARK} (\d+)\n", done.stdout)
        for number, (command, expected) in enumerate(commands):
            got, status = parts[2 * number], parts[2 * number + 1]
            self.compare(block.line, expected, got, f"$ {command}\n")
            asked = number + 1 < len(commands) and commands[number + 1][0] == "echo $?"
            if status not in {"0", block.note.removeprefix("exit: ")} and not asked:
                raise PageError(self.page, block.line, f"exit status {status} of: {command}")

    def compare(self, line: int, expected: str, got: str, command: str = "") -> None:
        if not agrees(expected, got):
            words = f"{command}--- the page says\n{expected.rstrip()}\n--- it is\n{got.rstrip()}"
            raise PageError(self.page, line, words)


def reader_environment() -> dict[str, str]:
    """Return the environment of a reader who follows a page in an activated virtual environment."""
    scripts = str(Path(sys.executable).parent)
    return {
        "PATH": scripts + os.pathsep + os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "OMP_NUM_THREADS": "1",
    }
