"""Modules that put something else into their place, or that have no name."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent

import pytest

from pconfigs.cli.main import run_command

HEAD = "import sys\nfrom pconfigs import pconfig\n\n@pconfig\nclass C:\n    n: int\n\n"
NAMELESS = {
    "slots": """
        class Lazy:
            __slots__ = ("config",)
        made = Lazy()
        made.config = C(n=1)
        sys.modules[__name__] = made
        """,
    "attributes": """
        class Lazy:
            config = C(n=1)
        sys.modules[__name__] = Lazy()
        """,
    "raising": """
        class Lazy:
            def __getattr__(self, name):
                raise RuntimeError(name)
        sys.modules[__name__] = Lazy()
        """,
    "forgetful": "config = C(n=1)\ndel __name__, __file__, __spec__\n",
}
COMMANDS = ["print", "explain", "freeze", "derive", "graph", "help", "test", "run", "diff"]


@pytest.mark.parametrize("kind", NAMELESS)
@pytest.mark.parametrize("command", COMMANDS)
def test_commands_refuse_them_in_words(
    command: str,
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    name = f"nameless_{kind}_{command}"
    code = HEAD + dedent(NAMELESS[kind])
    (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    changed = ["n=2"] if command in ("derive", "diff") else []
    try:
        assert run_command(command, [name, *changed]) == 1
    finally:
        sys.modules.pop(name, None)
    shown = "".join(capsys.readouterr())
    assert "without __name__ or __dict__ is in the module's place" in shown
    assert "Traceback" not in shown
