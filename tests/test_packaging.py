"""What an installed pconfigs brings with it, and what its release files contain."""

import re
import tomllib
import zipfile
from importlib.metadata import distribution, requires
from pathlib import Path

import pytest

import pconfigs
from tools import check_wheel

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")


def test_two_dependencies_at_run_time():
    """Everything but these two belongs to an extra."""
    needed = [requirement for requirement in requires("pconfigs") if "extra ==" not in requirement]
    names = sorted(requirement.split(">")[0].strip() for requirement in needed)
    assert names == ["black", "typing-extensions"]


def test_commands_are_the_entry_points():
    scripts = distribution("pconfigs").entry_points.select(group="console_scripts")
    assert {script.name: script.value for script in scripts} == {
        "pconfigs": "pconfigs.__main__:main",
        "ptest": "pconfigs.test:main",
    }


def test_version_is_that_of_the_distribution():
    assert pconfigs.__version__ == distribution("pconfigs").version


def test_one_lowest_python_everywhere():
    """What pip requires, the classifiers name and CI tests is the same."""
    lowest = PROJECT["project"]["requires-python"].removeprefix(">=")
    named = re.findall(
        r'"Programming Language :: Python :: (3\.\d+)"', str(PROJECT).replace("'", '"')
    )
    assert named[0] == lowest
    lanes = re.findall(r"tests_on_others \w+ ([\d. ]+)", (ROOT / ".ci/run").read_text("utf-8"))
    assert sorted(" ".join(lanes).split(), key=lambda text: int(text[2:])) == named


def requirements(*extras):
    for extra in extras:
        for requirement in PROJECT["project"]["optional-dependencies"][extra]:
            name, inner = re.match(r"([\w.-]+)(?:\[([^]]*)\])?", requirement).groups()
            if name == "pconfigs":
                yield from requirements(*inner.split(","))
            else:
                yield name.lower()


def test_constraints_pin_every_requirement():
    """`uv pip compile` in the head of constraints.txt writes them anew."""
    pinned = set(re.findall(r"^([\w.-]+)==", CONSTRAINTS, re.MULTILINE))
    assert set(requirements("dev")) - pinned == set()


def test_constraints_are_names_and_versions_alone():
    lines = [line for line in CONSTRAINTS.splitlines() if not line.startswith("#")]
    pattern = r"[\w.-]+==[\w.]+( ; [\w'<>=!. ()*]+)?"
    assert [line for line in lines if not re.fullmatch(pattern, line)] == []


@pytest.fixture
def wheel(tmp_path):
    """A package of three files, and a wheel of it that lacks one and has another."""
    package = tmp_path / "lab"
    (package / "inner").mkdir(parents=True)
    for name in ("__init__.py", "py.typed", "inner/guide.md"):
        (package / name).touch()
    path = tmp_path / "lab-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("lab/__init__.py", "lab/py.typed", "tests/x.py", "lab-1.0.dist-info/METADATA"):
            archive.writestr(name, "")
    return path, package


def test_wheel_is_checked_file_by_file(wheel):
    path, package = wheel
    assert check_wheel.problems(path, package) == [
        "lab-1.0-py3-none-any.whl lacks lab/inner/guide.md",
        "lab-1.0-py3-none-any.whl should not have tests/x.py",
    ]
