"""Loading: nothing is called, all problems are reported, and old files load."""

import argparse
import inspect
import math
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any, Literal

import pytest

from pconfigs import (
    Required,
    Secret,
    pcheck,
    pconfig,
    pdefaults,
    pdump,
    pface,
    pload,
    pload_file,
    pmissing,
    pproperty,
    psave,
)
from pconfigs.errors import (
    BuildError,
    DeclarationError,
    DefaultChangedWarning,
    DriftError,
    LoadError,
)
from tests.models import savable
from tests.models.savable import Cosine, Everything, Part, Step, Trainer, Wide, everything


def refused(data, of=Trainer, **how):
    with pytest.raises(LoadError) as caught:
        pload(data, of, **how)
    return str(caught.value)


@pytest.fixture
def factor(monkeypatch):
    def change(value):
        monkeypatch.setattr(savable, "FACTOR", [value])

    return change


@pytest.mark.parametrize(
    "name",
    ["os.system", "subprocess.run", "builtins.eval", "tests.models.savable.scale.__globals__",
     "tests.serialization.test_save.os.system", "tests.models.savable.nothing", "", "a b",
     "builtins.open", "pathlib.Path", "tests.models.savable.everything.<lambda>"],
)  # fmt: skip
def test_what_may_not_be_named_is_refused(name):
    data = {**pdump(everything()), "function": name}
    assert "function: " in refused(data, Everything)
    assert "kind: " in refused(
        {**data, "function": "tests.models.savable.scale", "kind": name}, Everything
    )
    assert "anything: " in refused({**pdump(everything()), "anything": {"$name": name}}, Everything)
    assert "anything: " in refused({**pdump(everything()), "anything": {"$type": name}}, Everything)


def test_a_package_can_be_allowed():
    data = {**pdump(everything()), "function": "math.sqrt"}
    assert "allow=['math']" in refused(data, Everything)
    assert pload(data, Everything, allow=["math"]).function(4) == 2


def test_only_data_that_means_a_config_makes_one():
    assert "_target_: " in refused({"_target_": "os.system", "steps": 3})
    data = pload({**pdump(everything()), "anything": {"_target_": "os.system"}}, Everything)
    assert data.anything == {"_target_": "os.system"}


def test_all_problems_are_reported_with_their_paths():
    data = pdump(everything())
    data["by_name"] = {"a": {"widht": 1, "rate": "x"}}
    data["color"] = "gren"
    data["numbers"] = [1, "2"]
    del data["flag"]
    said = refused(data, Everything)
    assert "by_name['a'].widht: Part has no such field; did you mean 'width' (int)?" in said
    assert "by_name['a'].rate: must be float, but got 'x' (str)" in said
    assert "color: 'gren' does not fit: Color has no member 'gren', only red, green" in said
    assert "numbers[1]: must be float, but got '2' (str)" in said
    assert "flag: is missing (bool)" in said


def test_a_key_that_does_not_fit_is_named_in_its_path():
    data = {**pdump(everything()), "by_color": {"red": 1, "gren": 2}}
    assert "by_color['gren']: 'gren' does not fit: Color has no" in refused(data, Everything)


def test_checks_and_properties_speak_for_themselves(factor):
    assert "13 steps bring bad luck" in refused({"steps": 13})
    factor(0)
    with pytest.raises(ZeroDivisionError):
        pload({"steps": 3}, Trainer)


def test_the_class_of_a_union_follows_from_its_fields():
    def schedule(data):
        return type(pload({**pdump(everything()), "schedule": data}, Everything).schedule)

    assert schedule({"gamma": 0.5}) is Step
    assert schedule({"name": "cosine", "slope": 1}) is Cosine
    assert schedule({"$type": "tests.models.savable.Step", "gamma": 0.5}) is Step
    data = {**pdump(everything()), "schedule": {"gamma": 0.5, "slope": 1}}
    assert "schedule: must be Linear or Cosine or Step" in refused(data, Everything)


def test_a_class_of_its_own_can_be_asked_for_by_its_base():
    assert pload(pdump(Wide(width=1, rate=1, extra="")), Part) == Wide(width=1, rate=1, extra="")
    assert "is not Wide" in refused(pdump(Part(width=1, rate=1)), Wide)


def test_nested_dicts_are_filled_in_from_defaults():
    config = pload({"steps": 3, "part": {"rate": 2}}, Trainer)
    assert config == Trainer(steps=3, part=Part(rate=2))


def test_a_config_names_which_file_it_comes_from(tmp_path):
    from pconfigs.provenance.origins import origin_of

    psave(Trainer(), tmp_path / "c.yaml")
    assert str(tmp_path / "c.yaml") in str(
        origin_of(pload_file(tmp_path / "c.yaml", Trainer), "steps").place
    )


def test_values_that_code_computes_differently_are_refused(factor):
    data = pdump(Trainer(steps=20))
    factor(5)
    with pytest.raises(DriftError) as caught:
        pload(data, Trainer)
    line = inspect.getsourcelines(Trainer.__pconfig_schema__.properties["warmup"].function)[1]
    words = str(caught.value)
    assert "warmup 2 -> 4: Trainer.warmup, " in words
    assert f"savable.py:{line}" in words
    assert [change.path for change in caught.value.changes] == ["warmup", "plan"]


def test_drift_is_accepted_or_kept_on_demand(factor):
    data = pdump(Trainer(steps=20))
    factor(5)
    assert pload(data, Trainer, drift="accept") == Trainer(steps=20)
    kept = pload(data, Trainer, drift="as-saved")
    assert (kept.warmup, len(kept.plan)) == (2, 2)
    assert "warmup=2,  # Pinned, as saved (omit from config)" in str(kept)
    assert Trainer(kept, lr=1.0).warmup == 4
    with pytest.raises(ValueError, match="as-saved"):
        pload(data, Trainer, drift="maybe")


def test_a_pin_that_is_another_today_is_drift():
    data = {**pdump(Trainer()), "seed": 8}
    assert "seed 8 -> 7: the pin in the default of Trainer" in refused(data)


def test_a_default_that_has_changed_is_reported():
    data = pdump(Trainer(steps=30))
    data["lr"] = 0.7
    with pytest.warns(DefaultChangedWarning, match=r"lr = 0.7, whose default is 0.1 now"):
        loaded = pload(data, Trainer, drift="accept")
    assert loaded.lr == 0.7
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pload({**pdump(Trainer(lr=0.7))}, Trainer)


def named(cls, name="Net"):
    cls.__qualname__ = name
    return cls


@pytest.fixture
def today():
    def upgrade(data, version):
        steps = data.pop("kilosteps") * 1000
        return {**data, "steps": steps}

    @pconfig(
        renamed={"lr": "rate", "rate": "base_lr"},
        removed={"momentum": 0.0, "debug": ..., "epochs": lambda value: {"rounds": value + 1}},
        added={"dropout": 0.0},
        version=2,
        upgrade=upgrade,
        formerly="gone.place.Net",
    )
    class Net:
        base_lr: float
        steps: int
        rounds: int
        dropout: float

    register = pdefaults
    register += Net(base_lr=1.0, steps=1, rounds=1, dropout=0.5)
    return named(Net)


def old(**values):
    return {"$type": "gone.place.Net", "lr": 0.5, "kilosteps": 3, "epochs": 4, **values}


def test_an_old_file_loads(today):
    found = pload(old(momentum=0.0, debug=True), today)
    assert found == today(base_lr=0.5, steps=3000, rounds=5, dropout=0.0)


def test_a_new_file_states_its_version(today):
    data = pdump(today(base_lr=0.5))
    assert data["$version"] == 2
    assert pload(data, today).base_lr == 0.5
    assert "saved by version 3 of Net" in refused({**data, "$version": 3}, today)
    assert "$version must be a number" in refused({**data, "$version": "x"}, today)


def test_what_an_old_file_has_that_no_user_knows_shows_the_fix(today):
    assert "the code now behaves as with 0.0, but the data has 0.9" in refused(
        old(momentum=0.9), today
    )
    said = refused(old(base_rate=1), today)
    assert "@pconfig(renamed={'base_rate': 'base_lr'})" in said
    assert "@pconfig(removed={'base_rate': ...})" in said
    assert "appears twice" in refused(old(base_lr=1), today)


def test_a_history_that_contradicts_the_class_is_refused():
    for said in (
        {"renamed": {"a": "b"}}, {"renamed": {"x": "a"}}, {"removed": {"x": 1}},
        {"added": {"y": 1}}, {"version": 0}, {"upgrade": dict},
    ):  # fmt: skip
        with pytest.raises(DeclarationError):

            @pconfig(**said)
            class Net:
                x: int


def test_a_namespace_of_argparse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int)
    parser.add_argument("--part.rate", type=float)
    parser.add_argument("--lr", type=float)
    config = pload(parser.parse_args(["--steps", "3", "--part.rate", "2"]), Trainer)
    assert config == Trainer(steps=3, part=Part(rate=2.0))
    assert pload(pdump(everything(), to="argparse"), Everything) == everything()
    assert "stpes: " in refused(argparse.Namespace(stpes=3))


def test_omegaconf_there_and_back(tmp_path):
    omegaconf = pytest.importorskip("omegaconf")
    create = omegaconf.OmegaConf.create
    assert pload(create({"steps": 4, "lr": "${steps}"}), Trainer) == Trainer(steps=4, lr=4)
    assert pload(create({"steps": "???"}), Trainer).steps is Required
    assert "lr" in refused(create({"lr": "${nowhere}"}))
    config = everything(text="${x} ???")
    assert pload(pdump(config, to="omegaconf"), Everything) == config
    assert pdump(Trainer(steps=Required), to="omegaconf")._get_node("steps")._is_missing()
    (tmp_path / "c.yaml").write_text("steps: 7\nlr: ${steps}\ntoken: ???\n")
    assert pload_file(tmp_path / "c.yaml", Trainer) == Trainer(steps=7, lr=7, token=Required)


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    import sys

    psave(Trainer(), tmp_path / "c.yaml")
    monkeypatch.setitem(sys.modules, "yaml", None)
    monkeypatch.setitem(sys.modules, "tomli_w", None)
    for job in (
        lambda: pload_file(tmp_path / "c.yaml", Trainer),
        lambda: psave(Trainer(), tmp_path / "d.yaml"),
        lambda: psave(Trainer(), tmp_path / "d.toml"),
    ):
        with pytest.raises(ImportError, match=r"pip install 'pconfigs\[(yaml|toml)\]'"):
            job()


@pconfig
class Up:
    name: Literal["up"]
    steps: int


@pconfig
class Down:
    name: Literal["down", "downwards"]
    steps: int

    @pcheck
    def it_moves(self) -> None:
        if self.steps == 0:
            raise ValueError("no step")


@pconfig
class Walk:
    ways: list[Up | Down]
    rest: int


def test_a_literal_names_which_class_of_a_union_is_meant():
    data = {"ways": [{"name": "downwards", "steps": 1}, {"name": "up", "steps": 2}], "rest": 0}
    ways = [Down(name="downwards", steps=1), Up(name="up", steps=2)]
    assert pload(data, Walk) == Walk(ways=ways, rest=0)


def test_a_literal_that_no_class_of_a_union_has_is_refused_with_those_that_they_have():
    data = {"ways": [{"name": "downward", "steps": 1}], "rest": 0}
    assert refused(data, Walk) == (
        "ways[0]: name must be 'up' or 'down' or 'downwards', got 'downward'\n"
        "    did you mean 'downwards'?"
    )
    assert "got 3" in refused({**data, "ways": [{"name": 3, "steps": 1}]}, Walk)


def test_a_failed_check_is_reported_once_and_by_its_path():
    data = {"ways": [{"name": "down", "steps": 0}], "rest": "x"}
    assert refused(data, Walk) == (
        "ways[0]: Down fails 1 check\n    it_moves: no step\nrest: must be int, but got 'x' (str)"
    )


def test_a_function_has_the_face_of_a_config():
    @pface(Trainer)
    def train(config):
        """Train."""
        return config

    assert train(steps=3, rate=2.0) == Trainer(steps=3, part=Part(rate=2.0))
    assert train(Trainer(lr=3.0), steps=3) == Trainer(lr=3.0, steps=3)
    assert train(part=Part(rate=1.0)) == Trainer(part=Part(rate=1.0))
    parameters = inspect.signature(train).parameters
    assert [*parameters] == ["bases", "steps", "lr", "part", "workers", "token", "width", "rate"]
    assert parameters["rate"].default == 0.25
    # A part is shown in short, and a secret not at all.
    assert str(parameters["part"]).endswith(" = Part(...)")
    assert str(parameters["token"]) == "token: str = Secret(...)"
    with pytest.raises(TypeError, match=r"train\(\) takes no 'stpes'; did you mean 'steps'"):
        train(stpes=3)


def test_a_wrong_keyword_is_reported_by_the_line_that_gave_it():
    @pface(Trainer, learning_rate="part.rate")
    def train(config):
        """Train."""

    with pytest.raises(
        BuildError, match=r"^tests.serialization.test_load\.py:\d+: Part.rate must be"
    ):
        train(learning_rate="fast")


def test_a_face_may_have_names_of_its_own():
    @pface(Trainer, max_steps="steps", learning_rate="part.rate", secret="token")
    def train(config):
        """Train."""
        return config

    assert train(max_steps=3, learning_rate=2.0) == Trainer(steps=3, part=Part(rate=2.0))
    parameters = inspect.signature(train).parameters
    assert [*parameters] == ["bases", "max_steps", "learning_rate", "secret"]
    with pytest.raises(TypeError, match="takes no 'steps'; did you mean 'max_steps'"):
        train(steps=3)


def test_a_face_cannot_set_what_is_not_there():
    @pface(Trainer, rate="part.rtae")
    def train(config):
        """Train."""

    with pytest.raises(TypeError, match="no field 'part.rtae' to set\n +did you mean 'part.rate'"):
        train(rate=1.0)


@pytest.mark.parametrize(
    "data",
    [[], None, 3, {"$type": 3}, {"$type": ["x"]}, {"$same": "x"},
     {"$given": 3, "steps": 1, "lr": []},
     {"part": {"$same": "part"}}, {"part": {"$same": ""}}, {"part": {"$dict": [[1]]}},
     {"$computed": 3},
     {"part": {"$tuple": 3}}, {"part": {"$nope": 3}}, {"part": {"$set": [[1]]}},
     {"steps": {"$pin": 3}},
     {"part": {"$bytes": 3}}, {"part": {"$enum": "tests.models.savable.Color.nope"}}, {1: 2}],
)  # fmt: skip
def test_data_that_makes_no_sense_is_refused(data):
    refused(data)


def test_a_computed_function_of_another_package_is_not_a_drift():
    import math
    from collections.abc import Callable

    from pconfigs import pproperty

    @pconfig
    class Chooses:
        fast: bool

        @pproperty
        def root(self) -> Callable:
            return math.sqrt if self.fast else math.cbrt if hasattr(math, "cbrt") else math.exp

    data = pdump(Chooses(fast=True))
    assert data["root"] == "math.sqrt"
    assert pload(data, Chooses).root is math.sqrt
    assert "root" in refused({**data, "root": "math.sin"}, Chooses)
    assert "root" in refused({**data, "root": "math.sin"}, Chooses, drift="as-saved")


def test_a_secret_is_not_shown_in_errors():
    assert "12345" not in refused({"token": 12345})


def test_classes_of_a_script_are_loaded_where_they_are_shared(tmp_path):
    """A script cannot be imported; its classes are there all the same."""
    script = tmp_path / "script.py"
    script.write_text(
        "from pconfigs import pconfig, pdump, pload\n"
        "@pconfig\nclass Part:\n    size: int\n"
        "@pconfig\nclass Whole:\n    a: Part\n    b: Part\n"
        "part = Part(size=1)\n"
        "again = pload(pdump(Whole(a=part, b=part)), Whole)\n"
        "assert again.a is again.b\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, str(script)], env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_name_of_a_namespace_with_parts_and_a_value_is_refused():
    for given in ({"model.depth": 9, "model": {"depth": 3}}, {"model": 3, "model.depth": 9}):
        with pytest.raises(LoadError, match="value of its own"):
            pload(argparse.Namespace(**given), Trainer)


@pconfig(renamed={"pace": "rate"}, removed={"colour": ...})
class Revised:
    rate: float
    steps: int

    @pproperty
    def doubled(self) -> float:
        return self.rate * 2


pdefaults += Revised(rate=1.0, steps=1)


@pytest.mark.parametrize("word", ["$given", "$computed"])
def test_words_name_fields_of_the_class(word):
    """Those of earlier versions included; others are mistakes, not to be passed over."""
    fields = {"rate": 1.0, "steps": 1}
    for name in ("rate", "pace", "colour"):
        names = [name] if word == "$given" else {name: 2.0}
        assert pload({word: names, **fields}, Revised).rate == 1.0
    for name in ("stesp", 3) if word == "$given" else ("stesp",):
        names = [name] if word == "$given" else {name: 2.0}
        with pytest.raises(LoadError) as caught:
            pload({word: names, **fields}, Revised)
        assert f"{word} names {name!r}, but Revised has no such field" in str(caught.value)
        assert ("did you mean 'steps'?" in str(caught.value)) == (name == "stesp")


def test_a_field_named_self_is_a_parameter_of_a_face():
    @pconfig
    class Owned:
        self: int
        cls: str

    @pface(Owned)
    def shown(config):
        return config.self, config.cls

    assert shown(self=1, cls="a") == (1, "a")


def test_a_default_that_is_nan_has_not_changed():
    @pconfig
    class Net:
        lr: float
        scale: Any
        steps: int

    pdefaults.__iadd__(Net(lr=math.nan, scale=math.nan, steps=1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for config in (Net(), Net(steps=2)):
            assert pload(pdump(config), Net) == config


def test_the_former_name_of_a_class_is_found_wherever_a_file_has_it():
    """Also of a part that appears again, and where any value may be."""

    @pconfig(formerly="lab.old.Layer")
    class Layer:
        width: int

    @pconfig(formerly="lab.old.Wide")
    class Wide(Layer):
        depth: int

    @pconfig
    class Net:
        first: Layer
        others: list[Layer]
        anything: Any

    data = {
        "first": {"$type": "lab.old.Layer", "width": 1}, "others": [{"$same": "first"}],
        "anything": [
            {"$type": "lab.old.Layer", "width": 2},
            {"$type": "lab.old.Wide", "width": 2, "depth": 3},
        ],
    }  # fmt: skip
    loaded = pload(data, Net)
    assert loaded.others[0] is loaded.first
    assert loaded.anything == [Layer(width=2), Wide(width=2, depth=3)]
    data["anything"] = [{"$type": "lab.old.Other"}]
    assert "lab.old.Other is in none of the packages" in refused(data, Net)


def test_a_default_with_a_secret_in_a_part_has_not_changed():
    """What is not saved cannot have changed; it is open then, if its class has none."""

    @pconfig
    class Login:
        user: str
        password: Secret[str]

    @pconfig
    class Net:
        login: Login
        logins: list[Login]
        by_name: dict[str, tuple[Login, int]]
        steps: int

    def login(user: str = "u") -> Login:
        return Login(user=user, password="p")

    pdefaults.__iadd__(
        Net(login=login(), logins=[login()], by_name={"a": (login(), 1)}, steps=1)
    )  # fmt: skip
    data = pdump(Net(steps=2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = pload(data, Net)
    assert loaded.login.user == "u"
    assert len(pmissing(loaded)) == 3
    data["logins"][0]["user"] = "v"
    with pytest.warns(DefaultChangedWarning, match=r"    logins = ") as found:
        pload(data, Net)
    assert "login = " not in str(found[0].message).replace("logins = ", "")
