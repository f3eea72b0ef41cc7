"""pytest runs the tests of experiments: by ptest, by name, and in a project's own run."""

from __future__ import annotations

import sys

import pytest

NAMED = ["lab.experiments.good", "lab.experiments.variant"]
PLUGIN = ["-p", "pconfigs.testing.pytest", "-p", "no:randomly", "-p", "no:cacheprovider"]


@pytest.fixture
def project(experiments):
    """A project with experiments and a test of its own, strict as projects are."""
    experiments.write("tests/test_own.py", "def test_own():\n    pass\n")
    return experiments


def configured(lab, *lines):
    strict = ["[pytest]", "addopts = --strict-config --strict-markers --import-mode=importlib"]
    lab.write("pytest.ini", "\n".join([*strict, "filterwarnings = error", *lines]))


def ids(lab, *words):
    """Ids of the tests that pytest collects."""
    done = lab.start("pytest", *PLUGIN, "--collect-only", "-q", *words)
    assert done.code == 0, done.out + done.err
    return [line for line in done.out.splitlines() if line and "collected" not in line]


def ptest(lab, *words):
    """What the console script does."""
    script = "import sys; from pconfigs.test import main; sys.exit(main())"
    original = lab.command_line
    lab.command_line = lambda module, *given: [sys.executable, "-c", module, *given]
    try:
        return lab.start(script, *words)
    finally:
        lab.command_line = original


@pytest.mark.slow
def test_nothing_happens_where_no_user_asks(project):
    configured(project)
    assert ids(project) == ["tests/test_own.py::test_own"]


def test_a_configuration_asks(project):
    configured(project, "pconfigs_paths = lab")
    assert ids(project) == ["tests/test_own.py::test_own", *NAMED]


@pytest.mark.slow
def test_who_names_tests_gets_those_alone(project):
    configured(project, "pconfigs_paths = lab")
    assert ids(project, "tests") == ["tests/test_own.py::test_own"]


@pytest.mark.slow
def test_experiments_are_selected_as_tests_are(project):
    configured(project, "pconfigs_paths = lab")
    assert ids(project, "-k", "variant") == ["lab.experiments.variant"]
    assert ids(project, "--deselect", NAMED[0])[1:] == NAMED[1:]


@pytest.mark.slow
def test_the_door_can_be_named(project):
    configured(project)
    assert ids(project, "--pyargs", "pconfigs.test") == NAMED


def test_the_door_needs_no_plugin_named(project):
    done = project.start("pytest", "--pyargs", "pconfigs.test", "-p", "no:randomly", "-v")
    assert done.code == 0
    assert all(f"{name} PASSED" in done.out for name in NAMED)


def test_a_run_with_experiments_passes(project):
    configured(project, "pconfigs_paths = lab")
    done = project.start("pytest", *PLUGIN)
    assert done.code == 0
    assert "3 passed" in done.out


@pytest.mark.slow
def test_a_failure_is_reported_in_our_words_alone(project):
    project.write("lab/experiments/bad.py", "print('loud')\n1 / 0\n")
    configured(project, "pconfigs_paths = lab")
    done = project.start("pytest", *PLUGIN)
    assert done.code == 1
    assert "lab.experiments.bad fails: lab/experiments/bad.py:2" in done.out
    assert "ZeroDivisionError: division by zero" in done.out
    assert "runtest" not in done.out
    assert "1 module prints when it is imported: lab.experiments.bad" in done.out


@pytest.mark.slow
def test_options_of_pytest_and_ours_go_together(project):
    done = ptest(project, "--golden", "-x", "-k", "variant", "-v")
    assert done.code == 1
    assert "lab.experiments.variant FAILED" in done.out
    assert "has no golden file yet" in done.out
    assert "good" not in done.out.replace("golden", "")


def test_ptest_tests_experiments_alone(project):
    configured(project, "addopts = --of-another-plugin")
    done = ptest(project)
    assert done.code == 0, done.out + done.err
    assert "2 passed" in done.out


@pytest.mark.parametrize(
    "place",
    [
        "lab.experiments.good.config",
        pytest.param("lab/experiments/good.py", marks=pytest.mark.slow),
    ],
)
def test_ptest_takes_places(project, place):
    done = ptest(project, place)
    assert done.code == 0
    assert "1 passed" in done.out


@pytest.mark.slow
def test_ptest_of_a_place_that_is_not_there_names_the_nearest(project):
    done = ptest(project, "lab.experiments.god")
    assert done.code == 2
    assert "did you mean lab.experiments.good" in done.out


@pytest.mark.slow
def test_ptest_skips_where_there_is_nothing(lab):
    done = ptest(lab)
    assert done.code == 0
    assert "1 skipped" in done.out


@pytest.mark.slow
def test_ptest_updates_golden_files(project):
    done = ptest(project, "--update-golden")
    assert done.code == 0
    assert "wrote lab/experiments/good.config.golden" in done.out
    assert ptest(project, "--golden").code == 0


def test_ptest_without_pytest_states_what_to_do(project):
    project.write("hidden/pytest.py", "raise ModuleNotFoundError('gone', name='pytest')\n")
    script = "import sys; sys.path.insert(0, 'hidden'); from pconfigs.cli.ptest import script"
    project.command_line = lambda *given: [sys.executable, "-c", f"{script}; sys.exit(script())"]
    done = project.start("")
    assert done.code == 2
    assert "ptest needs pytest, which is not installed" in done.err
    assert "python -m pconfigs.test" in done.err


@pytest.mark.slow
def test_the_plugin_loads_nothing_before_it_is_asked(project):
    configured(project)
    project.write(
        "tests/test_own.py",
        "import sys\n\n\ndef test_own():\n"
        "    names = sorted(n for n in sys.modules if n.partition('.')[0] == 'pconfigs')\n"
        "    assert names == ['pconfigs', 'pconfigs.deferred', 'pconfigs.testing',"
        " 'pconfigs.testing.pytest']\n",
    )
    assert project.start("pytest", *PLUGIN).code == 0


def test_ptest_takes_times_above_zero_alone(project):
    done = ptest(project, "--timeout", "-5")
    assert done.code == 4
    assert "invalid number of seconds value: '-5'" in done.err
