"""What is loaded is counted, not timed: imports are most of what a short command costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGET = "project.experiments.second.config"

DECLARING = (
    "from pconfigs import pconfig, pconfiged, pdefaults\n"
    "from pconfigs.pinnable import Pinned, pproperty"
)
MOST_TO_DECLARE = 27  # modules
MOST_TO_PRINT = 86
MOST_TO_RECORD = 67  # more than a run that is not recorded

# What may be loaded besides the library and the project: tables, and what is made of C. opcode is
# for reading properties, math for the project, keyword for the printer.
TO_DECLARE = {"__future__", "_operator"}
TO_BUILD = TO_DECLARE | {"opcode", "_opcode", "_opcode_metadata"}
TO_PRINT = TO_BUILD | {"math", "keyword"}
# What a command with options takes: argparse, with what that loads itself.
PARSING = "import argparse, locale, shutil, textwrap"
TO_SHOW_JSON = "import json"
TO_RECORD = "import importlib, json, select, signal"
TO_OVERRIDE = "import ast, warnings"  # the values are literals

HEAVY = {
    "argparse", "ast", "asyncio", "black", "collections", "contextlib", "dataclasses", "difflib",
    "enum", "functools", "importlib.metadata", "inspect", "json", "linecache", "logging",
    "pathlib", "pickle", "re", "string", "subprocess", "tempfile", "threading", "tokenize",
    "traceback", "typing", "typing_extensions", "unittest", "warnings", "weakref",
}  # fmt: skip


def loaded_by(program: str, folder: Path = ROOT) -> set[str]:
    """Names of the modules that a program loads, in a bare interpreter."""
    text = f"import os, sys\nbare = set(sys.modules)\n{program}\n"
    text += "print(sorted(set(sys.modules) - bare), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", text],
        capture_output=True, text=True, cwd=folder, timeout=60, check=True,
    )  # fmt: skip
    return set(ast.literal_eval(done.stderr.splitlines()[-1]))


def loaded_by_command(*words: str) -> set[str]:
    """Names of the modules that `pconfigs WORDS` loads."""
    return loaded_by(
        f"sys.argv = {['pconfigs', *words]!r}\n"
        "from pconfigs.cli.main import main\n"
        "code = main()\n"
        "assert code == 0, code"
    )


def foreign(modules: set[str]) -> set[str]:
    """Modules that are neither the library's nor those of the project that is printed."""
    return {name for name in modules if name.partition(".")[0] not in ("pconfigs", "project")}


def test_declaring_loads_next_to_nothing():
    """The names that a module of config classes imports: few modules, none heavy."""
    loaded = loaded_by(DECLARING)
    assert not loaded & HEAVY
    assert foreign(loaded) <= TO_DECLARE
    assert len(loaded) <= MOST_TO_DECLARE, sorted(loaded)


def test_import_alone_loads_one_module():
    """`import pconfigs` is a table of names."""
    assert loaded_by("import pconfigs") <= {"pconfigs", "__future__"}


def test_building_loads_nothing_but_the_library():
    """Nor do checks, properties, bases, equality, hashes and reads."""
    loaded = loaded_by(
        f"{DECLARING}\n"
        "@pconfig\n"
        "class C:\n"
        "    xs: list[int]\n"
        "    by_name: dict[str, float]\n"
        "    total: Pinned[int]\n"
        "    @pproperty\n"
        "    def total(self) -> int: return sum(self.xs)\n"
        "pdefaults += C(xs=[1, 2], by_name={})\n"
        "made = [C(C(), xs=[n]) for n in range(20)]\n"
        "assert made[3].total == 3 and made[3] == C(xs=[3]) and hash(made[3]) == hash(C(xs=[3]))"
    )
    assert not loaded & HEAVY
    assert foreign(loaded) <= TO_BUILD


def test_printing_from_the_shell_loads_next_to_nothing():
    """`pconfigs print TARGET` does without argparse, re, black and all their kind."""
    loaded = loaded_by_command("print", TARGET)
    assert not loaded & HEAVY
    assert foreign(loaded) <= TO_PRINT
    assert len(loaded) <= MOST_TO_PRINT, sorted(loaded)


@pytest.mark.parametrize(
    ("words", "besides"),
    [
        (["run", TARGET], PARSING),
        (["run", TARGET, "steps=2"], f"{PARSING}\n{TO_OVERRIDE}"),
        (["run", "--help"], PARSING),
        (["print", "--help"], PARSING),
        (["print", "--flat", TARGET], PARSING),
        (["print", "--values", TARGET, "steps=2"], f"{PARSING}\n{TO_OVERRIDE}"),
        (["print", "--json", TARGET], f"{PARSING}\n{TO_SHOW_JSON}"),
        (["diff", "--help"], PARSING),
        (["explain", "--help"], PARSING),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_commands_with_options_load_argparse_at_most(words, besides):
    """Options, overrides and help cost argparse, and nothing else that is heavy."""
    allowed = loaded_by(besides)
    assert foreign(loaded_by_command(*words)) <= allowed | TO_PRINT


def test_help_does_not_load_the_core():
    """Help is there before configs could be built."""
    loaded = loaded_by_command("print", "--help")
    assert not {name for name in loaded if name.startswith(("pconfigs.config", "pconfigs.schema"))}


PLANNED = """
import sys
sys.path.insert(0, {root!r})
from pconfigs import PConfig, pconfig, pconfiged, pdefaults

@pconfiged(runnable=True)
class Loop:
    config: "LoopConfig"

    def main(self, args=None, others=()):
        return 0

@pconfig(constructs=Loop)
class LoopConfig(PConfig[Loop]):
    steps: int

pdefaults += LoopConfig(steps=1)
config = LoopConfig()
"""


def test_a_launched_run_loads_what_it_needs(tmp_path):
    """A sweep of a thousand points pays for each import a thousand times."""
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "lab.py").write_text(PLANNED.format(root=str(ROOT)))
    plan = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import lab\n"
        "from pconfigs.runs.planning import Plan, plan_run\n"
        "from pconfigs.runs.store import make_store\n"
        "print(plan_run(make_store('runs'), Plan(lab.config, 'lab', 'lab.config')).path)"
    )
    done = subprocess.run(
        [sys.executable, "-c", plan], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = loaded_by(
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from pconfigs.cli.main import run_command\n"
        f"assert run_command('run', ['--into', {done.stdout.strip()!r}]) == 0",
        tmp_path,
    )
    heavy = {"dataclasses", "datetime", "inspect", "pathlib", "subprocess", "urllib.parse"}
    assert not loaded & heavy
    assert "pconfigs.codegen.printer" not in loaded
    assert "pconfigs.runs.recorder" in loaded


def test_recording_loads_little_more_than_running(tmp_path):
    """The cost before `main` is imports; `typing`, `pathlib` and readers of runs are not needed."""
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs/store.json").write_text('{"schema": 1}')

    def loaded(*options):
        return loaded_by(
            f"sys.path.insert(0, {str(ROOT)!r})\n"
            f"sys.argv = {['pconfigs', 'run', *options, TARGET]!r}\n"
            "from pconfigs.cli.main import main\n"
            "assert main() == 0",
            tmp_path,
        )

    more = loaded() - loaded("--no-record")
    assert "pconfigs.runs.recorder" in more
    assert foreign(more) <= loaded_by(TO_RECORD) | {"_sha2", "_sha256", "collections.abc"}
    assert len(more) <= MOST_TO_RECORD, sorted(more)
