"""Numbered experiment files: targets, bases of others, and names that keep the lineage."""

from __future__ import annotations

import pytest

PARTS = """
from __future__ import annotations

from pconfigs import PConfig, pconfig, pconfiged, pdefaults


@pconfiged(runnable=True)
class Job:
    config: JobConfig

    def main(self):
        print("job", self.config.lr, self.config.steps)


@pconfig
class JobConfig(PConfig[Job]):
    lr: float
    steps: int


pdefaults += JobConfig(lr=0.1, steps=2)
"""
BASELINE = """\"\"\"Baseline.\"\"\"

from lab.parts import JobConfig

config = JobConfig(steps=3)
"""


@pytest.fixture
def project(lab):
    folder = lab.folder / "lab" / "exps"
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / "__init__.py").touch()
    (folder / "__init__.py").touch()
    (folder / "__pconfigs__.py").touch()
    (folder.parent / "parts.py").write_text(PARTS, encoding="utf-8")
    (folder / "01_baseline.py").write_text(BASELINE, encoding="utf-8")
    return lab


TARGETS = ["lab/exps/01_baseline.py", "lab.exps.01_baseline", "lab.exps.01_baseline.config"]


@pytest.mark.parametrize("target", TARGETS)
def test_a_numbered_file_is_a_target_and_can_be_derived_from(project, target):
    done = project.call("derive", target, "lr=0.3", "-o", "lab/exps/02_high_lr_01.py")
    assert (done.code, done.out) == (0, "lab.exps.02_high_lr_01.config\n"), done.err
    code = (project.folder / "lab/exps/02_high_lr_01.py").read_text(encoding="utf-8")
    assert 'baseline_config = import_module("lab.exps.01_baseline").config\n' in code
    done = project.call("run", "--no-record", "lab.exps.02_high_lr_01")
    assert (done.code, done.out) == (0, "job 0.3 3\n"), done.err


def test_a_folder_gets_the_next_number_and_the_number_of_the_base(project):
    first = project.call("derive", TARGETS[0], "lr=3e-4", "-o", "lab/exps")
    assert first.out == "lab.exps.02_lr_3e_4_01.config\n", first.err
    second = project.call("derive", "lab.exps.02_lr_3e_4_01", "steps=9", "-o", "lab/exps/")
    assert second.out == "lab.exps.03_steps_9_02.config\n", second.err
    done = project.call("run", "--no-record", "lab/exps/03_steps_9_02.py")
    assert done.out == "job 0.0003 9\n", done.err


def test_the_list_knows_the_family(project):
    project.call("derive", TARGETS[0], "lr=0.3", "-o", "lab/exps")
    done = project.call("list", "--tree", "lab")
    assert done.out == "lab.exps.01_baseline.config\n  lab.exps.02_lr_0_3_01.config  lr\n"


def test_numbered_files_are_tested(project):
    project.call("derive", TARGETS[0], "lr=0.3", "-o", "lab/exps")
    done = project.call("test", "lab")
    assert "Tested 2 configs. Errors: 0" in done.out + done.err


def test_save_as_writes_numbered_files(project):
    words = ("lab.exps.01_baseline", "steps=1", "--save-as", "lab/exps/07_one.py")
    done = project.call("run", "--no-record", *words)
    assert (done.code, done.out) == (0, "job 0.1 1\n"), done.err
    assert project.call("run", "--no-record", "lab.exps.07_one").out == "job 0.1 1\n"


def test_a_folder_without_numbers_needs_a_name(project):
    done = project.call("derive", TARGETS[0], "lr=0.3", "-o", "lab")
    assert done.code == 2
    assert "must have numbered files" in done.err
