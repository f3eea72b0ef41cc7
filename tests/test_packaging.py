"""What an installed pconfigs brings with it."""

from importlib.metadata import distribution, requires

import pconfigs


def test_two_dependencies_at_run_time():
    """Everything but these two is behind an extra."""
    needed = [requirement for requirement in requires("pconfigs") if "extra ==" not in requirement]
    names = sorted(requirement.split(">")[0].strip() for requirement in needed)
    assert names == ["black", "typing-extensions"]


def test_commands_are_the_doors():
    scripts = distribution("pconfigs").entry_points.select(group="console_scripts")
    assert {script.name: script.value for script in scripts} == {
        "pconfigs": "pconfigs.__main__:main",
        "ptest": "pconfigs.test:main",
    }


def test_version_is_that_of_the_distribution():
    assert pconfigs.__version__ == distribution("pconfigs").version
