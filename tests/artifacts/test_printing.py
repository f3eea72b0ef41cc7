"""Printing: an artifact names the experiment that produces it, where code can import that."""

import json

import pytest

from pconfigs import PArtifact, pflat, pset
from pconfigs.codegen.printer import to_code, to_listing
from pconfigs.imports.holding_modules import names_of
from pconfigs.reports.printed_json import to_json
from project.posttraining.experiments import answers, grpo


def test_an_experiment_is_printed_by_the_name_of_its_module():
    code = to_listing(answers.config)
    assert "from project.posttraining.experiments import grpo\n" in code
    assert "\n        of=grpo.config,\n" in code
    held = {}
    exec(code.partition("# NOTE")[0], held)
    config = eval(to_code(answers.config).replace("constructable_type=Answers,", ""), held)
    assert config == answers.config
    assert config.policy.of is grpo.config


def test_a_variant_is_printed_in_full():
    variant = pset(grpo.config, {"policy.learning_rate": 0.7})
    assert "learning_rate=0.7," in to_code(PArtifact(of=variant))
    assert "of=None," in to_code(PArtifact(ref="tokens"))


def test_lists_of_values_have_those_of_the_experiment():
    rate = grpo.config.policy.learning_rate
    printed = json.loads(to_json(answers.config))
    assert printed["policy"]["of"]["policy"]["learning_rate"] == rate
    assert pflat(answers.config)["policy.of.policy.learning_rate"] == rate


def test_the_module_that_made_it_comes_first(tmp_path, monkeypatch):
    """A module that imports an experiment is loaded before it, and holds it too."""
    (tmp_path / "first_made.py").write_text(
        "from pconfigs import PArtifact\nmade = PArtifact(ref='x')\n"
    )
    (tmp_path / "first_loaded.py").write_text("from first_made import made\n")
    monkeypatch.syspath_prepend(tmp_path)
    loaded = pytest.importorskip("first_loaded")
    names = [name[:2] for name in names_of(loaded.made, compile("", loaded.__file__, "exec"))]
    assert names == [("first_loaded", "made"), ("first_made", "made")]
    assert "of=first_made.made" not in to_code(PArtifact(of=loaded.made))
    assert "from first_made import made\n" in to_listing(PArtifact(of=loaded.made))
