"""What is loaded is counted, not timed: imports are most of what a short command costs."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tools import measure

ROOT = Path(__file__).resolve().parents[2]
TARGET = "project.experiments.second.config"

DECLARING = (
    "from pconfigs import pconfig, pconfiged, pdefaults\n"
    "from pconfigs.pinnable import Pinned, pproperty"
)
BUILDING = f"""{DECLARING}
@pconfig
class C:
    xs: list[int]
    by_name: dict[str, float]
    total: Pinned[int]
    @pproperty
    def total(self) -> int: return sum(self.xs)
pdefaults += C(xs=[1, 2], by_name={{}})
made = [C(C(), xs=[n]) for n in range(20)]
assert made[3].total == 3 and made[3] == C(xs=[3]) and hash(made[3]) == hash(C(xs=[3]))
"""
PRINTING = f"""{DECLARING}
@pconfig
class C:
    a: object
repr(C(a=[1, "x", 1e16, {{1, 2}}, float("nan"), C(a=None)]))
"""
IN_MODULES = """
from pconfigs import NoneConfig, OptionalConfig, PCallable, PConfig, TestConfigs, TestManually
from pconfigs import TestSubdirs, penum, penv, pget, pinputs, pmerge, pset, psetter, psmoke, ptype
"""
MOST_TO_DECLARE = 28  # modules
MOST_TO_PRINT = 89
MOST_TO_RECORD = 46  # more than a run that is not recorded

# What may be loaded besides the library and the project: tables, and what is made of C; math for
# the project, keyword for the printer, gc for a quick exit.
TO_DECLARE = {"__future__", "_operator"}
TO_PRINT = TO_DECLARE | {"math", "keyword", "atexit", "gc"}
# What a command with options takes: argparse, with what that loads itself.
PARSING = "import argparse, locale, shutil, textwrap"
TO_SHOW_JSON = "import json"
TO_RECORD = "import importlib, json, signal"
TO_COMPILE = "import dis"  # the code of properties is looked at before their class is compiled
TO_OVERRIDE = "import ast, warnings"  # the values are literals

HOT = {
    "declare": """
        annotations annotations.kinds annotations.pep649 annotations.resolve annotations.scopes
        annotations.typing_forms build build.base_class build.defaults declare
        declare.field_names declare.pconfig declare.pconfiged deferred errors errors.base
        errors.declare errors.formatting markers pinnable schema schema.attribute_reads
        schema.build_record schema.class_schema schema.properties
    """,
    "build": """
        build.compiled_init build.construction build.construction_state build.direct_plan
        build.evaluation build.lazy_inputs build.methods build.methods.values build.pickling
        build.plan_source declare.building errors.access errors.build errors.paths
        errors.targets imports imports.files imports.modules imports.path_syntax provenance
        provenance.locations provenance.origins schema.children schema.equality
        schema.field_resolution schema.fields schema.generated_code schema.inheritance
        schema.merged_bases schema.open_reads tree tree.missing tree.paths validation
        validation.base validation.constraints validation.containers validation.factory
        validation.frozen validation.generic validation.ordinary validation.suggestions
    """,
    "modules": """
        build.optional build.raw_inputs build.setter build.smoke declare.env_parsing
        declare.penum declare.penv declare.remade errors.environment errors.wrapping
        serialization serialization.conversion serialization.conversion.scalar_codecs
        serialization.conversion.text_words serialization.texts serialization.texts.base
        serialization.texts.containers serialization.texts.parsers serialization.texts.scalars
        serialization.texts.tokens syntax testing testing.captured_output testing.marker_files
        tree.edit tree.edit_tree tree.merge tree.walk validation.value_types wrapping
        wrapping.adopted_fields wrapping.built_parts wrapping.calling wrapping.signatures
        wrapping.simple_types
    """,
    "print": """
        build.methods.code cli cli.commands cli.main cli.output cli.overrides cli.print
        cli.targets cli.terminal codegen codegen.config_body codegen.documents codegen.expressions
        codegen.foreign_code codegen.imports codegen.literals codegen.nodes codegen.printer
        codegen.stdlib_values codegen.width imports.holding_modules
    """,
    "commands": """
        atomic_files cli.arguments cli.experiments cli.main_call cli.options cli.override_words
        cli.overview cli.print_flat cli.print_json cli.run cli.run_arguments cli.run_options
        imports.name_usage imports.own_packages imports.spawned locks overrides
        overrides.assignments overrides.files overrides.habits
        overrides.override overrides.override_target overrides.parse overrides.removing
        overrides.shown overrides.suggestions overrides.switching reports reports.flat_listing
        reports.printed_json runs runs.attempts runs.current runs.lineage runs.lineage.detection
        runs.location schema.ignored_inputs testing.run_policy
    """,
    "record": """
        cli.recorded_target cli.run_job cli.run_recorded errors.runs errors.serialization
        provenance.data_files runs.capture runs.capture.config_reads
        runs.capture.followers runs.capture.git runs.capture.host runs.capture.seeding
        runs.capture.sources runs.capture.tracing runs.folder runs.lineage.files runs.masking
        runs.metrics runs.planning runs.ranks runs.reading runs.reading.configs
        runs.reading.flat_config runs.reading.lookup runs.reading.run_facts runs.reading.runs
        runs.reading.shapes runs.reading.summaries runs.recorder runs.status runs.store
        runs.streams schema.format_history serialization.allowlist
        serialization.conversion.compiled_reader serialization.conversion.config_converter
        serialization.conversion.config_writer serialization.conversion.contexts
        serialization.conversion.converters
        serialization.conversion.foreign_values serialization.conversion.plain_forms
        serialization.conversion.plain_helpers
        serialization.conversion.tags serialization.conversion.text_values
        serialization.conversion.union_choice serialization.drift serialization.dump
        serialization.fingerprint serialization.formats serialization.formats.namespace
        serialization.formats.yaml_scalar serialization.load serialization.load_context
        serialization.migration serialization.places serialization.save tree.read_recorder
    """,
}
"""The hot modules: those that a stage loads in addition to the stages above it.

`modules` are names that modules of configs import, too; `commands` are those with options or
overrides; `record` is a recorded run and a launched one.
"""

MODULES = measure.package_modules(ROOT / "pconfigs")
DEFERRING = {
    name: importlib.import_module(name)
    for name, path in MODULES.items()
    if path.name == "__init__.py" and "\n_MODULES = " in path.read_text(encoding="utf-8")
}
"""Packages that load modules at first use: `runs.ranks.once(...)`."""

# Others with a block under TYPE_CHECKING. An optional package is imported when it is needed.
TYPED_APART = {
    "pconfigs.runs.capture.output_filter": "a process of each recorded run, which loads little",
    "pconfigs.testing.pytest": "loaded by every run of pytest where pconfigs is installed",
    "pconfigs.launchers.scripts": "a marker, which type checkers read as an alias",
}

HEAVY = {
    "argparse", "ast", "asyncio", "black", "collections", "contextlib", "dataclasses", "difflib",
    "enum", "functools", "importlib.metadata", "inspect", "json", "linecache", "logging",
    "pathlib", "pickle", "re", "string", "subprocess", "tempfile", "threading", "tokenize",
    "traceback", "typing", "typing_extensions", "unittest", "warnings", "weakref",
}  # fmt: skip


@cache
def loaded_by(program: str, folder: Path = ROOT) -> frozenset[str]:
    """Names of the modules that a program loads, in a bare interpreter."""
    text = f"import os, sys\nbare = set(sys.modules)\n{program}\n"
    text += "print(sorted(set(sys.modules) - bare), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", text],
        capture_output=True, text=True, cwd=folder, timeout=60, check=True,
    )  # fmt: skip
    return frozenset(ast.literal_eval(done.stderr.splitlines()[-1]))


def loaded_by_command(*words: str) -> frozenset[str]:
    """Names of the modules that `pconfigs WORDS` loads."""
    return loaded_by(
        f"sys.argv = {['pconfigs', *words]!r}\n"
        "from pconfigs.cli.main import main\n"
        "code = main()\n"
        "assert code == 0, code"
    )


def foreign(modules: frozenset[str]) -> set[str]:
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
    loaded = loaded_by(BUILDING)
    to_compile = loaded_by(TO_COMPILE)
    assert not loaded & (HEAVY - to_compile)
    assert foreign(loaded) <= to_compile | TO_DECLARE


def test_names_for_modules_of_configs_load_no_typing():
    """A module of configs imports some of them, and each command imports such modules."""
    loaded = loaded_by(IN_MODULES)
    assert foreign(loaded) <= loaded_by("import enum") | TO_DECLARE
    assert not loaded & {"dataclasses", "inspect", "pathlib", "re", "typing"}


def test_printing_from_the_shell_loads_next_to_nothing():
    """`pconfigs print TARGET` does without argparse, re, black and all their kind."""
    loaded = loaded_by_command("print", TARGET)
    assert not loaded & HEAVY
    assert foreign(loaded) <= TO_PRINT
    assert len(loaded) <= MOST_TO_PRINT, sorted(loaded)


WITH_OPTIONS = [
    (["run", TARGET], PARSING),
    (["run", TARGET, "steps=2"], f"{PARSING}\n{TO_OVERRIDE}"),
    (["run", "--help"], PARSING),
    (["print", "--help"], PARSING),
    (["print", "--flat", TARGET], PARSING),
    (["print", "--values", TARGET, "steps=2"], f"{PARSING}\n{TO_OVERRIDE}"),
    (["print", "--json", TARGET], f"{PARSING}\n{TO_SHOW_JSON}"),
    (["--help"], ""),
    (["diff", "--help"], PARSING),
    (["explain", "--help"], PARSING),
]


@pytest.mark.parametrize(
    ("words", "besides"), WITH_OPTIONS, ids=[" ".join(words) for words, _ in WITH_OPTIONS]
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


@pytest.fixture(scope="module")
def launched(tmp_path_factory):
    """Return what a run loads that was planned by another process."""
    folder = tmp_path_factory.mktemp("launched")
    (folder / "pyproject.toml").write_text("")
    (folder / "lab.py").write_text(PLANNED.format(root=str(ROOT)))
    plan = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import lab\n"
        "from pconfigs.runs.planning import Plan, plan_run\n"
        "from pconfigs.runs.store import make_store\n"
        "print(plan_run(make_store('runs'), Plan(lab.config, 'lab', 'lab.config')).path)"
    )
    done = subprocess.run(
        [sys.executable, "-c", plan], cwd=folder, capture_output=True, text=True, check=True
    )
    return loaded_by(
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from pconfigs.cli.main import run_command\n"
        f"assert run_command('run', ['--into', {done.stdout.strip()!r}]) == 0",
        folder,
    )


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Return what a run loads that is recorded, and what it loads with `--no-record`."""
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "runs").mkdir()
    (folder / "runs/store.json").write_text('{"schema": 1}')

    def loaded(*options):
        return loaded_by(
            f"sys.path.insert(0, {str(ROOT)!r})\n"
            f"sys.argv = {['pconfigs', 'run', *options, TARGET]!r}\n"
            "from pconfigs.cli.main import main\n"
            "assert main() == 0",
            folder,
        )

    return loaded(), loaded("--no-record")


def test_a_launched_run_loads_what_it_needs(launched):
    """A sweep of a thousand points pays for each import a thousand times."""
    heavy = {"dataclasses", "datetime", "inspect", "pathlib", "subprocess", "urllib.parse"}
    assert not launched & heavy
    assert "pconfigs.codegen.printer" not in launched
    assert "pconfigs.runs.recorder" in launched


def test_recording_loads_little_more_than_running(recorded):
    """The cost before `main` is imports; `typing`, `pathlib` and readers of runs are not needed."""
    with_record, without = recorded
    more = with_record - without
    assert "pconfigs.runs.recorder" in more
    assert foreign(more) <= loaded_by(TO_RECORD) | {"_sha2", "_sha256"}
    assert len(more) <= MOST_TO_RECORD, sorted(more)


def hot_modules(stage: str) -> set[str]:
    """Full names of the modules that `HOT` lists for a stage."""
    return {f"pconfigs.{name}" for name in HOT[stage].split()}


def test_hot_modules_are_listed(launched, recorded):
    """A module joins the path of declaring, building, printing and running by a decision."""
    stages = {
        "declare": [loaded_by(DECLARING)],
        "build": [loaded_by(BUILDING)],
        "modules": [loaded_by(IN_MODULES)],
        "print": [loaded_by(PRINTING), loaded_by_command("print", TARGET)],
        "commands": [loaded_by_command(*words) for words, _ in WITH_OPTIONS],
        "record": [launched, *recorded],
    }
    listed: set[str] = set()
    for stage, programs in stages.items():
        loaded = {name for program in programs for name in program if name.startswith("pconfigs.")}
        assert loaded - listed == hot_modules(stage)
        listed |= loaded


def test_only_hot_modules_have_imports_for_types_alone():
    """Elsewhere a type may cost an import: one at the top, as any other."""
    typed = set(measure.measure(ROOT / "pconfigs").modules_with_typing_blocks)
    hot = set().union(*map(hot_modules, HOT))
    assert typed - hot - DEFERRING.keys() == TYPED_APART.keys()


def test_every_module_can_be_imported():
    """Also those that a test meets rarely: no name they import is there for type checkers alone."""
    program = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        importlib.import_module(name)\n"
        "    except ModuleNotFoundError as error:\n"
        "        assert not error.name.startswith('pconfigs'), error\n"
    )
    names = [name for name in measure.package_modules(ROOT / "pconfigs") if "__main__" not in name]
    done = subprocess.run(
        [sys.executable, "-c", program, *names],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def asked_of_packages() -> Iterator[tuple[str, str]]:
    """Yield package and name for each `package.name` in a module that imports the package."""
    parents = "|".join({re.escape(name.rpartition(".")[0]) for name in DEFERRING})
    importing = re.compile(rf"^from ({parents}) import ", re.MULTILINE)
    for path in MODULES.values():
        text = path.read_text(encoding="utf-8")
        if not importing.search(text):
            continue
        tree = ast.parse(text)
        packages = {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if f"{node.module}.{alias.name}" in DEFERRING
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.value.id in packages:
                    yield packages[node.value.id], node.attr


def test_packages_load_what_is_asked_of_them():
    """Type checkers take every module of a package for an attribute, whether it loads it or not."""
    asked: dict[str, set[str]] = {name: set() for name in DEFERRING}
    for name, attribute in asked_of_packages():
        asked[name].add(attribute)
    names_of_errors = set(DEFERRING["pconfigs.errors"]._HOMES)
    asked["pconfigs.errors"] -= names_of_errors
    assert asked == {name: set(package._MODULES) for name, package in DEFERRING.items()}


@pytest.mark.parametrize("name", DEFERRING)
def test_a_module_that_is_deferred_hides_no_other(name):
    """`package.name` becomes the module of the package that has this name once that is loaded."""
    for key, module in DEFERRING[name]._MODULES.items():
        assert module.rpartition(".")[2] == key
        assert module == f"{name}.{key}" or f"{name}.{key}" not in MODULES
        assert getattr(DEFERRING[name], key) is sys.modules[module]


@pytest.mark.parametrize(("command", "frozen"), [("print", True), ("run", False)])
def test_what_shows_a_config_ends_without_a_search_for_cycles(command, frozen):
    """Objects of runs may wait to be finalized; those of commands that show something do not."""
    program = (
        "import atexit, gc, sys\n"
        "before = gc.get_freeze_count()\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > before, file=sys.stderr))\n"
        f"sys.argv = {['pconfigs', command, *['--no-record'][: not frozen], TARGET]!r}\n"
        "from pconfigs.cli.main import main\n"
        "assert main() == 0"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, cwd=ROOT, timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr.splitlines()[-1] == str(frozen)
