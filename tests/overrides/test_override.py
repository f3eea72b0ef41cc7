"""Words as typed on a command line make variants of configs."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pconfigs import (
    PConfigError,
    pcheck,
    pconfig,
    penv,
    pexplain,
    pget,
    pinputs,
    poverride,
    pproperty,
)
from pconfigs.errors import CheckError, OverrideError

LAB = Path(__file__).parents[1] / "golden" / "overrides"


@pytest.fixture(scope="module")
def lab():
    """The small project of the golden file, imported."""
    sys.path.insert(0, str(LAB))
    try:
        import lab.first

        yield lab
    finally:
        sys.path.remove(str(LAB))
        for name in [name for name in sys.modules if name.partition(".")[0] == "lab"]:
            del sys.modules[name]


@pytest.fixture
def config(lab):
    return lab.first.config


@pytest.mark.parametrize(
    ("word", "path", "value"),
    [
        ("steps=9", "steps", 9),
        ("name=a=b", "name", "a=b"),
        ("model.depth=3", "model.depth", 3),
        ("model.blocks.1.width=3", "model.blocks[1].width", 3),
        ("model.blocks[-1].width=3", "model.blocks[1].width", 3),
        ("model.blocks.-1.width=3", "model.blocks[1].width", 3),
        ("heads[cls].width=3", "heads['cls'].width", 3),
        ("heads.cls.width=3", "heads['cls'].width", 3),
        ("tags+=[b, c]", "tags", ["a", "b", "c"]),
        ("tags=[]", "tags", []),
        ("tags.0=z", "tags", ["z"]),
        ("heads+={seg: lab.parts.BlockConfig}", "heads['seg'].width", 4),
        ("optimizer=lab.parts.AdamConfig", "optimizer.beta", 0.9),
        ("optimizer=lab.first.adam", "optimizer.lr", 0.5),
        ("folder=a/b", "folder", Path("a/b")),
        ("limit=str(7)", "limit", "7"),
        ("token=abc", "token", "abc"),
    ],
)
def test_a_word_sets_what_its_path_leads_to(config, word, path, value):
    assert pget(poverride(config, [word]), path) == value


def test_a_suggested_value_can_be_typed(config):
    with pytest.raises(OverrideError, match=r"did you mean 2\?"):
        poverride(config, ["steps=1.5"])


def test_properties_are_computed_anew(config):
    assert poverride(config, ["steps=8", "optimizer.lr=1"]).schedule == [1, 1 / 2, 1 / 3, 1 / 4]


def test_what_a_property_raises_comes_through(config):
    with pytest.raises(AttributeError, match="lr"):
        poverride(config, ["optimizer=None"])


def test_no_words_change_nothing(config):
    assert poverride(config, []) is config


def test_words_apply_in_order_the_whole_before_its_parts(config):
    words = ["optimizer=lab.parts.AdamConfig", "optimizer.beta=0.5", "optimizer.lr=1"]
    changed = poverride(config, words).optimizer
    assert (type(changed).__name__, changed.beta, changed.lr) == ("AdamConfig", 0.5, 1)


def test_words_reach_into_what_earlier_words_have_added(config):
    words = ["heads={x: lab.parts.BlockConfig}", "heads.x.width=9"]
    assert poverride(config, words).heads["x"].width == 9


def test_adding_goes_on_from_what_earlier_words_give(config):
    assert poverride(config, ["tags=[b]", "tags+=[c]", "tags+=[d]"]).tags == ["b", "c", "d"]
    changed = poverride(config, ["heads.cls.width=9", "heads+={x: lab.parts.BlockConfig}"])
    assert [changed.heads[key].width for key in ("cls", "x")] == [9, 4]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["optimizer=lab.parts.AdamConfig", "optimizer.bta=0.5"], "optimizer.beta=0.5"),
        (["heads={x: lab.parts.BlockConfig}", "heads.x.wdth=9"], "heads['x'].width=9"),
    ],
)
def test_a_suggested_path_leads_from_the_config_into_what_an_earlier_word_gives(
    config, words, meant
):
    with pytest.raises(OverrideError) as caught:
        poverride(config, words)
    (problem,) = caught.value.problems
    assert problem.hint == f"did you mean {meant}?"
    poverride(config, [words[0], meant])


def test_a_path_into_what_an_earlier_word_has_replaced_is_not_suggested():
    @pconfig
    class Part:
        pass

    @pconfig
    class Wide(Part):
        girth: int

    @pconfig
    class Deep(Part):
        pass

    @pconfig
    class Whole:
        part: Part

    config = Whole(part=Wide(girth=1))
    with pytest.raises(OverrideError, match="did you mean part.girth=3"):
        poverride(config, ["girth=3"])
    with pytest.raises(OverrideError) as caught:
        poverride(config, ["part=Deep", "girth=3"])
    assert not caught.value.problems[0].hint


def test_a_pattern_reports_one_problem_of_several_paths_once(config):
    with pytest.raises(OverrideError) as caught:
        poverride(config, ["model.blocks[*].width=x"])
    assert len(caught.value.problems) == 1


def test_a_tied_part_keeps_its_tie(config):
    changed = poverride(config, ["width=3", "model.depth=5"])
    assert (changed.model.width, changed.model.depth) == (3, 5)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("warmup=3", "computes it; set what that reads: steps"),
        ("schedule=[1]", "computes it; set what that reads: optimizer or steps"),
        ("model.width=3", "computes it; set what that reads: width"),
        ("model.parameters=3", "computes it; set what that reads: model.depth or model.width"),
        ("model.seed=3", "only the module of its class can set it, as Pin(...)"),
    ],
)
def test_what_code_gives_is_refused_with_what_to_set_instead(config, word, said):
    with pytest.raises(OverrideError) as caught:
        poverride(config, [word])
    (problem,) = caught.value.problems
    assert problem.hint.endswith(said)


def test_all_problems_are_reported_at_once(config):
    words = ["stpes=1", "steps=x", "model.seed=1", "model.width=1", "name=fine", "name=twice"]
    with pytest.raises(OverrideError) as caught:
        poverride(config, words)
    told = {problem.path for problem in caught.value.problems}
    assert told == {"stpes=1", "steps=x", "model.seed=1", "model.width=1", "name=twice"}


def test_the_value_of_a_secret_is_never_reported(config):
    with pytest.raises(OverrideError) as caught:
        poverride(config, ["token=abcd", "token=efgh"])
    assert "abcd" not in str(caught.value)
    assert "efgh" not in str(caught.value)
    assert "abcd" not in str(pexplain(poverride(config, ["token=abcd"]), "token"))


@pytest.mark.parametrize(
    "word",
    [
        "tokn=abcd", "token.a=abcd", "token+=abcd", "token[0]=abcd",
        # A config in the place of a value.
        "steps={'token': 'abcd'}", "model={token: abcd}", "stpes=ExperimentConfig(token='abcd')",
        "optimizer=[{'token' : 'abcd'}]", "nothing={token: abcd}",
        # Habits from other programs, and words that are no override.
        "--token=abcd", "+token=abcd", "~token=abcd", "token:=abcd", "token:abcd", "{token: abcd}",
        "model/token=abcd", " token=abcd", "'token'=abcd", "*.token=abcd",
    ],
)  # fmt: skip
def test_a_word_that_was_meant_for_a_secret_is_not_shown(config, word):
    with pytest.raises(OverrideError) as caught:
        poverride(config, [word])
    assert "abcd" not in str(caught.value)


def test_the_command_line_is_the_origin(config):
    changed = poverride(config, ["model.depth=3", "steps=5", "optimizer=lab.parts.AdamConfig"])
    assert "set in   command line  steps=5\n" in str(pexplain(changed, "steps"))
    assert "set in   command line  model.depth=3\n" in str(pexplain(changed, "model.depth"))
    assert "given     ModelConfig(...)  command line" in str(pexplain(changed, "model"))
    assert "set in   command line  optimizer=lab.parts.AdamConfig" in str(
        pexplain(changed, "optimizer")
    )
    assert str(pexplain(changed.optimizer)).startswith("AdamConfig  built at command line\n")
    assert str(pexplain(changed, "name")).count("first.py:5") == 1


def test_each_part_has_the_words_that_are_about_it(config):
    changed = poverride(config, ["model.blocks.0.width=3", "model.blocks.1.width=4"])
    told = str(pexplain(changed, "model.blocks[0].width")).splitlines()[1]
    assert told == "  set in   command line  model.blocks.0.width=3"


def test_the_origin_survives_pickling(config):
    changed = pickle.loads(pickle.dumps(poverride(config, ["steps=5"])))
    assert "set in  command line  steps=5\n" in str(pexplain(changed, "steps"))


def test_paths_stay_within_the_project(config):
    for word in ("optimizer=os.system", "optimizer=subprocess.Popen", "optimizer=lab.parts.Path"):
        with pytest.raises(OverrideError, match="is not of this project"):
            poverride(config, [word])


def test_nothing_outside_of_the_project_is_imported(config, tmp_path, monkeypatch):
    (tmp_path / "elsewhere.py").write_text("from lab.parts import OptimizerConfig\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(OverrideError, match="elsewhere is not of this project"):
        poverride(config, ["optimizer=elsewhere.OptimizerConfig"])
    assert "elsewhere" not in sys.modules


def test_errors_keep_their_facts_when_pickled(config):
    with pytest.raises(OverrideError) as caught:
        poverride(config, ["stpes=1"])
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert again.problems[0].path == "stpes=1"


WORDS = st.one_of(
    st.text(max_size=12),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(
            ["steps", "model.blocks", "model.blocks.0.width", "heads.cls", "tags", "optimizer",
             "limit", "model", "heads['cls'].kind", "model.blocks[0]", "tags.0", "precision",
             "folder", "x.y"]
        ),
        st.sampled_from(["=", "+=", ".=", "[=", "].=", "==", "[0]=", ".a="]),
        st.text(alphabet="[]{}()'\",:. \\a1None-", max_size=8)
        | st.sampled_from(["lab.parts.AdamConfig", "lab.first", "lab.", "os.system", "lab.parts.x",
                           "None", "[lab.parts.BlockConfig]"]),
    ),
)  # fmt: skip


@given(words=st.lists(WORDS, max_size=3))
def test_no_words_raise_anything_but_our_errors(lab, words):
    try:
        made = poverride(lab.first.config, words)
    except PConfigError:
        return
    except AttributeError as error:
        if "'lr'" not in str(error):  # the schedule of this class needs an optimizer
            raise
        return
    assert type(made) is type(lab.first.config)


def test_builtin_types_are_classes_that_may_be_named():
    @pconfig
    class KindConfig:
        kind: type

    base = KindConfig(kind=str)
    assert poverride(base, ["kind=float"]).kind is float
    with pytest.raises(OverrideError, match="eval"):
        poverride(base, ["kind=eval"])


def test_a_word_for_an_environment_variable_is_refused_with_what_to_do():
    @penv(convention="uppercase")
    class RunEnv:
        jobs: int = 1

    @pconfig
    class JobConfig:
        environment: RunEnv
        size: int

    with pytest.raises(OverrideError) as caught:
        poverride(JobConfig(size=1), ["environment.jobs=3"])
    assert "set it before the command: JOBS=..." in str(caught.value)


def test_a_failed_check_is_given_what_was_typed():
    @pconfig
    class SizeConfig:
        size: int

        @pcheck
        def some(self):
            assert self.size > 0, "size is more than 0"

    with pytest.raises(CheckError) as caught:
        poverride(SizeConfig(size=1), ["size=-1"])
    assert str(caught.value).startswith("command line: SizeConfig fails 1 check\n")


@pconfig
class Clipped:
    n: int
    most: int

    def _given(self) -> int:
        return pinputs(self).n

    @pproperty
    def n(self) -> int:
        return min(self._given(), self.most)


def test_an_input_that_a_property_changes_can_be_set_where_that_has_an_effect():
    """Its method reads it; the value that the word gives need not be the one that comes out."""
    config = Clipped(n=4, most=10)
    assert poverride(config, ["n=7"]).n == 7
    assert poverride(config, ["n=12"]).n == 10
    with pytest.raises(OverrideError, match="is computed"):
        poverride(Clipped(n=12, most=10), ["n=13"])
