"""Scripts: an experiment that is a script in any language, run as a process of its own."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pconfigs import launchers
from pconfigs.build.base_class import PConfig
from pconfigs.declare.pconfig import pconfig
from pconfigs.declare.pconfiged import pconfiged
from pconfigs.errors.formatting import shorten
from pconfigs.errors.runs import ScriptError, timed_out
from pconfigs.locks import ScratchFolder
from pconfigs.schema.properties import pcheck
from pconfigs.wrapping.adopted_fields import give_default

TYPE_CHECKING = False
if TYPE_CHECKING:
    _T = TypeVar("_T")
    Block = Annotated[_T, "Block"]
else:
    from pconfigs.markers import Block


LONGEST = 1e8
"""Seconds, three years: what the operating system can wait for is not much more."""


@pconfiged(runnable=True)
class Script:
    """Runs a script and takes over its exit code. Words after `--` are added to its arguments."""

    config: ScriptConfig

    def main(self, args: Any = None, others: Sequence[str] = ()) -> int | str:
        """Return the exit code of the script, or a message where it was stopped.

        Its output goes where this process writes. Interrupting this process, asking it to end
        (SIGTERM, SIGHUP) and the timeout end the script with everything it has started.

        Raises:
            ScriptError: The script, its interpreter or its folder is not there.
        """
        config = self.config
        if config.inline is None:
            assert config.path is not None
            return self._run(os.path.abspath(config.path), others)
        with launchers.processes.raising_on_signals() as signals, ExitStack() as stack:
            with signals.held():
                folder = stack.enter_context(ScratchFolder())
            file = Path(folder.path, "inline")
            file.write_text(config.inline, encoding="utf-8", newline="")
            return self._run(str(file), others)

    def _run(self, file: str, others: Sequence[str]) -> int | str:
        config = self.config
        interpreter = _words(config.interpreter, file, config.inline is not None)
        cwd = None if config.cwd is None else str(config.cwd)
        command = [*interpreter, file, *config.args, *others]
        command[0] = _found(config, command[0], cwd)
        try:
            code: int = launchers.processes.run_group(
                command, env=config.env, cwd=cwd, timeout=config.timeout
            )
        except launchers.processes.TimedOut:
            return timed_out(_name(config), config.timeout)
        return code


def _words(interpreter: str | None, file: str, inline: bool) -> list[str]:
    """Return the command that precedes the file of a script."""
    if interpreter is not None:
        return shlex.split(interpreter)
    if file.endswith(".py"):
        return [sys.executable]
    return ["sh"] if inline or file.endswith(".sh") else []


def _found(config: ScriptConfig, program: str, cwd: str | None) -> str:
    """Return a program that starts in any folder, as it is found in this one.

    Raises:
        ScriptError: What the operating system would report in its own words alone.
    """
    from shutil import which

    if config.path is not None and not os.path.isfile(config.path):
        raise ScriptError("script", str(config.path), "relative paths start here")
    if cwd is not None and not os.path.isdir(cwd):
        raise ScriptError("folder (cwd)", cwd, "relative paths start here")
    found = which(program, path=config.env.get("PATH"))
    if found is None:
        if config.interpreter is None and config.path is not None:
            advice = "give interpreter=..., or make it executable"
            raise ScriptError("executable script", str(config.path), advice)
        advice = "install it, or give another interpreter=..."
        raise ScriptError("interpreter", program, advice)
    return program if os.path.isabs(found) else os.path.abspath(found)


def _name(config: ScriptConfig) -> str:
    return "the inline script" if config.path is None else str(config.path)


@pconfig(constructs=Script)
class ScriptConfig(PConfig):
    """A script as an experiment: a file, or its text.

    Attributes:
        path: The file; relative to where the command is given.
        inline: The text; give either.
        interpreter: What runs it, with its options: `"bash -e"`. Without it a `.py` file runs with
            this Python, a `.sh` file and inline text with `sh`, and any other file by itself. A
            path to it is relative to where the command is given.
        args: Its arguments.
        env: Environment variables, added to those that are there.
        cwd: The folder it runs in; None for the one the command is given in.
        timeout: Seconds until it is stopped; None for no limit.
    """

    path: Path | None
    inline: Block[str | None]
    interpreter: str | None
    args: list[str]
    env: dict[str, str]
    cwd: Path | None
    timeout: float | None

    @pcheck
    def one_script(self) -> None:
        if (self.path is None) == (self.inline is None):
            both = "both are" if self.path is not None else "neither is"
            raise ValueError(f"either path or inline must give what to run, but {both} given")

    @pcheck
    def some_time(self) -> None:
        if self.timeout is not None and not 0 < self.timeout <= LONGEST:
            given = shorten(self.timeout)
            raise ValueError(f"timeout must be more than 0 and at most {LONGEST:g} s, got {given}")

    @pcheck
    def an_interpreter(self) -> None:
        if self.interpreter is None:
            return
        try:
            words = shlex.split(self.interpreter)
        except ValueError as error:
            raise ValueError(f"interpreter cannot be split into words: {error}") from None
        if not words:
            raise ValueError("interpreter names no program; leave it out for the usual one")

    @pcheck
    def texts_of_a_command(self) -> None:
        texts = {"interpreter": self.interpreter or "", "inline": self.inline or ""}
        texts |= {f"args[{index}]": text for index, text in enumerate(self.args)}
        texts |= {f"env[{name!r}]": value for name, value in self.env.items()}
        for where, text in texts.items():
            if "\0" in text and where != "inline":
                raise ValueError(f"{where} must not contain a null character")
            try:
                text.encode(errors="surrogateescape" if where != "inline" else "strict")
            except UnicodeEncodeError:
                raise ValueError(f"{where} must be text that can be encoded as UTF-8") from None
        for name in self.env:
            if not name or "=" in name or "\0" in name:
                raise ValueError(f"{name!r} must be the name of a variable, without = and null")


give_default(
    ScriptConfig,
    path=None,
    inline=None,
    interpreter=None,
    args=[],
    env={},
    cwd=None,
    timeout=None,
)
# Shown by the name that it is imported by.
ScriptConfig.__module__ = "pconfigs"
