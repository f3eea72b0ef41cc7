"""Environment classes: read when asked, printed as texts, remembered where a property read them."""

from __future__ import annotations

import copy
import json
import os
import pickle
import traceback
import typing
from enum import Enum
from pathlib import Path
from typing import Literal, Optional

import pytest
from hypothesis import given, strategies as st

import pconfigs
from pconfigs import EnvVar, Secret, pconfig, pdefaults, penv, pexplain, pproperty
from pconfigs.errors import (
    AnnotationError,
    ConventionError,
    DeclarationError,
    FrozenError,
    PathError,
    UnsetVariableError,
    VariableValueError,
)
from pconfigs.schema.build_record import reads_of


class Color(Enum):
    red = "red"
    blue = "blue"


@penv(convention="uppercase")
class RunEnv:
    jobs: int = 4
    debug: bool = False
    home: Path
    color: Color = "red"
    mode: Literal["fast", 1] = "fast"
    limit: Optional[int] = None
    token: Secret[str] = "none"
    shell: str = EnvVar("MY_SHELL", "/bin/sh", "the login shell")

    @classmethod
    def doubled(cls) -> int:
        return cls.jobs * 2


@penv
class DerivedEnv(RunEnv):
    jobs = 8
    level: int = 3
    debug: int = 7


@pconfig
class LaunchConfig:
    environment: RunEnv
    factor: int

    @pproperty
    def total(self) -> int:
        return self.environment.jobs * self.factor

    @pproperty
    def secret_length(self) -> int:
        return len(RunEnv.token)


pdefaults += LaunchConfig(factor=2)

NAMES = ["JOBS", "DEBUG", "COLOR", "MODE", "LIMIT", "TOKEN", "MY_SHELL", "level"]


@pytest.fixture(autouse=True)
def variables(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/me")
    return monkeypatch


def test_defaults_are_read_where_nothing_is_set():
    assert (RunEnv.jobs, RunEnv.debug, RunEnv.color) == (4, False, Color.red)
    assert (RunEnv.mode, RunEnv.limit, RunEnv.shell) == ("fast", None, "/bin/sh")


def test_every_read_looks_again(variables):
    variables.setenv("JOBS", "5")
    assert RunEnv.jobs == 5
    variables.setenv("JOBS", "6")
    assert RunEnv.jobs == 6
    assert RunEnv().jobs == 6
    assert RunEnv.doubled() == 12


def test_a_variable_is_called_as_its_attribute_without_a_convention(variables):
    @penv
    class Plain:
        jobs: int

    variables.setenv("jobs", "3")
    variables.setenv("JOBS", "4")
    assert Plain.jobs == 3


def test_a_function_may_name_the_variables(variables):
    @penv(convention=lambda name: f"APP_{name.upper()}")
    class Prefixed:
        level: int

    variables.setenv("APP_LEVEL", "3")
    assert Prefixed.level == 3


@pytest.mark.parametrize("convention", ["snake", 3])
def test_any_other_convention_is_refused(convention):
    with pytest.raises(ConventionError, match="convention") as caught:
        penv(convention=convention)(type("Empty", (), {}))
    assert isinstance(caught.value, ValueError)


def test_a_subclass_keeps_adds_and_overrides(variables):
    variables.setenv("MY_SHELL", "/bin/zsh")
    variables.setenv("level", "9")
    variables.setenv("debug", "1")
    assert DerivedEnv.shell == "/bin/zsh"
    assert DerivedEnv.level == 9
    assert DerivedEnv.debug == 1
    assert type(DerivedEnv.debug) is int
    assert DerivedEnv.jobs == 8
    variables.setenv("JOBS", "9")
    assert DerivedEnv.jobs == 9
    assert RunEnv.debug is False


def test_a_subclass_without_the_decorator_reads_what_it_inherits(variables):
    class Undecorated(RunEnv):
        pass

    variables.setenv("JOBS", "5")
    assert Undecorated.jobs == 5


def test_a_subclass_without_the_decorator_cannot_name_variables_of_its_own():
    class Undecorated(RunEnv):
        extra: int = 3

    with pytest.raises(DeclarationError, match="put @penv above"):
        Undecorated.__penv_entries__()

    class Lazy(RunEnv):
        """As Python 3.14 compiles annotations."""

        def __annotate__(format, /):
            return {"extra": int}

    with pytest.raises(DeclarationError, match="put @penv above"):
        Lazy.__penv_entries__()


def test_a_method_may_take_the_place_of_a_variable():
    @penv
    class Computed(RunEnv):
        @classmethod
        def limit(cls) -> int:
            return 3

    assert Computed.limit() == 3
    assert "LIMIT" not in dict(Computed.__penv_entries__())


def test_types_may_be_defined_later(variables):
    @penv
    class Early:
        later: Later = "b"

    class Later(Enum):
        a = "a"
        b = "b"

    assert Early.later is Later.b


def test_an_unset_variable_without_default_is_an_error_when_read(variables):
    variables.delenv("HOME")
    with pytest.raises(UnsetVariableError, match=r"RunEnv\.home.* HOME ") as caught:
        _ = RunEnv.home
    assert isinstance(caught.value, RuntimeError)
    assert caught.value.variable == "HOME"


def test_an_unset_variable_without_default_is_an_error_when_printed(variables):
    config = LaunchConfig()
    variables.delenv("HOME")
    with pytest.raises(UnsetVariableError):
        str(config)


@pytest.mark.parametrize(
    ("variable", "text"), [("JOBS", "four"), ("DEBUG", "maybe"), ("COLOR", "green")]
)
def test_a_wrong_text_names_variable_value_and_what_is_allowed(variables, variable, text):
    variables.setenv(variable, text)
    with pytest.raises(VariableValueError, match=variable) as caught:
        getattr(RunEnv, variable.lower())
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, RuntimeError)
    assert caught.value.text == text
    assert caught.value.allowed in str(caught.value)


@pytest.mark.parametrize("hint", [list, dict[str, int], bytes])
def test_a_type_that_no_text_can_be_is_refused_with_the_class(hint):
    with pytest.raises(DeclarationError, match=r"\.xs: "):
        penv(type("Odd", (), {"__annotations__": {"xs": hint}}))


@pytest.mark.parametrize("default", [{}, {"token": None}, {"token": EnvVar("TOKEN", None)}])
def test_a_secret_inside_a_type_is_refused_with_the_spelling_that_works(default):
    with pytest.raises(AnnotationError, match=r"write Secret\[.*str"):
        penv(type("Odd", (), {"__annotations__": {"token": Optional[Secret[str]]}, **default}))


def test_a_wrong_default_is_refused_with_the_class():
    with pytest.raises(DeclarationError, match="its default must be int"):
        penv(type("Odd", (), {"__annotations__": {"n": int}, "n": "x"}))


def test_a_variable_needs_a_type():
    with pytest.raises(DeclarationError, match="has no type"):
        penv(type("Odd", (), {"shell": EnvVar("SHELL")}))


def test_only_classes_are_environments():
    with pytest.raises(DeclarationError):
        penv(3)


def test_the_environment_is_not_a_field():
    config = LaunchConfig()
    assert config.environment is RunEnv
    assert list(config.asdict()) == ["factor", "total", "secret_length"]
    hints = typing.get_type_hints(LaunchConfig)
    assert hints["environment"] == typing.ClassVar[typing.Type[RunEnv]]  # noqa: UP006
    with pytest.raises(TypeError):
        LaunchConfig(environment=RunEnv)


def test_nothing_is_read_where_no_property_reads(variables):
    @pconfig
    class Quiet:
        environment: RunEnv
        n: int

    variables.delenv("HOME")
    assert Quiet(n=1).n == 1


def test_a_derived_config_may_have_another_environment():
    @pconfig
    class Derived(LaunchConfig):
        environment: DerivedEnv

    assert Derived().total == 16
    assert LaunchConfig().total == 8


@pytest.mark.parametrize("found", [int, "Missing"])
def test_no_other_type_may_be_the_environment(found):
    error = ValueError if found is int else TypeError
    with pytest.raises(error, match="environment"):
        pconfig(type("Odd", (), {"__annotations__": {"environment": found}}))


def test_it_prints_as_a_block_of_texts(variables):
    variables.setenv("DEBUG", "yes")
    assert str(LaunchConfig()).startswith(
        "LaunchConfig(\n"
        "    environment=RunEnv(  # ClassVar (omit from config)\n"
        '        JOBS="4",\n'
        '        DEBUG="1",\n'
        '        HOME="/home/me",\n'
        '        COLOR="red",\n'
        '        MODE="fast",\n'
        '        LIMIT="None",\n'
        "        TOKEN=Secret(...),\n"
        '        MY_SHELL="/bin/sh",\n'
        "    ),\n"
        "    factor=2,\n"
    )


@given(st.dictionaries(st.sampled_from(["JOBS", "ODD-NAME"]), st.text(), max_size=2))
def test_any_text_prints_as_code(found):
    @penv
    class Odd:
        JOBS: str = "a"
        odd: str = EnvVar("ODD-NAME", "b")

    @pconfig
    class Holder:
        environment: Odd

    texts = {k: v.replace("\0", "") for k, v in found.items()}
    texts = {k: v for k, v in texts.items() if v.isprintable()}
    before = {name: os.environ.pop(name, None) for name in ("JOBS", "ODD-NAME")}
    try:
        os.environ.update(texts)
        text = str(Holder())
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
    seen = eval(
        text, {"Holder": lambda environment: environment, "Odd": lambda **keywords: keywords}
    )
    assert seen == {"JOBS": "a", "ODD-NAME": "b", **texts}


def test_a_property_remembers_what_it_read(variables):
    variables.setenv("JOBS", "5")
    config = LaunchConfig()
    variables.setenv("JOBS", "6")
    assert config.total == 10
    (read,) = [read for read in reads_of(config)["total"] if read != "factor"]
    assert (read, read.variable, read.is_set, read.text) == ("environment.jobs", "JOBS", True, "5")


def test_it_remembers_however_often_the_class_is_built():
    for factor in range(30):
        config = LaunchConfig(factor=factor)
        assert "environment.jobs" in reads_of(config)["total"]
        assert "environment.token" in reads_of(config)["secret_length"]


def test_a_read_inside_a_helper_is_remembered_however_often_the_class_is_built():
    def helper() -> int:
        return RunEnv.jobs

    @pconfig
    class Far:
        factor: int

        @pproperty
        def total(self) -> int:
            return helper() * self.factor

    for factor in range(30):
        assert "environment.jobs" in reads_of(Far(factor=factor))["total"]


def test_explain_shows_the_variable_and_whether_it_was_set(variables):
    assert 'environment.jobs = "4"  JOBS was not set: its default' in str(
        pexplain(LaunchConfig(), "total")
    )
    variables.setenv("JOBS", "5")
    found = pexplain(LaunchConfig(), "environment.jobs")
    assert 'environment.jobs = "5"\n  variable  JOBS was set\n  feeds     total' in str(found)
    assert found.to_json()["environment"] == {"variable": "JOBS", "set": True}


def test_explain_knows_variables_that_no_property_read():
    assert "COLOR was not set" in str(pexplain(LaunchConfig(), "environment.color"))


def test_explain_names_the_nearest_variable():
    with pytest.raises(PathError, match=r"environment\.jobs"):
        pexplain(LaunchConfig(), "environment.jbs")


def test_a_failing_property_shows_what_it_read_from_the_environment(variables):
    @pconfig
    class Failing:
        environment: RunEnv

        @pproperty
        def half(self) -> int:
            assert self.environment.jobs % 2 == 0, self.environment.token
            return 1

    variables.setenv("JOBS", "5")
    with pytest.raises(AssertionError) as caught:
        Failing()
    assert "environment.jobs = '5'" in "".join(caught.value.__notes__)
    assert "environment.token = Secret(...)" in "".join(caught.value.__notes__)


def test_a_secret_appears_nowhere(variables):
    hidden = "hush-hush"
    variables.setenv("TOKEN", hidden)
    config = LaunchConfig()
    assert config.secret_length == len(hidden)
    seen = [
        str(config),
        repr(config),
        str(pexplain(config, "secret_length")),
        json.dumps(pexplain(config, "environment.token").to_json()),
        repr(pickle.dumps(config)),
        repr(copy.deepcopy(config)),
        repr(config.__pconfig_record__),
        repr(RunEnv.__penv_entries__()),
    ]
    assert not [text for text in seen if hidden in text]
    assert "Secret(...)" in seen[0]


def test_an_error_about_a_secret_does_not_show_it(variables):
    @penv
    class Hidden:
        PIN_CODE: Secret[int]

    variables.setenv("PIN_CODE", "hush-hush")
    with pytest.raises(VariableValueError) as caught:
        _ = Hidden.PIN_CODE
    error = caught.value
    told = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    assert "hush-hush" not in told + repr(error.__dict__) + repr(pickle.dumps(error))
    assert error.__cause__ is None
    assert error.__context__ is None


def test_nothing_is_in_the_place_of_a_variable(variables):
    """Assigned or deleted on the class, a derived class or an object, it is refused."""

    @penv
    class Derived(RunEnv):
        pass

    variables.setenv("JOBS", "5")
    for target in (RunEnv, Derived, RunEnv(), LaunchConfig().environment):
        with pytest.raises(FrozenError, match=r"set the variable: os.environ\['JOBS'\] = '7'"):
            target.jobs = 7
    with pytest.raises(FrozenError):
        del RunEnv.jobs
    with pytest.raises(FrozenError, match="did you mean 'jobs'"):
        RunEnv.jbos = 7
    with pytest.raises(FrozenError) as caught:
        RunEnv.token = "hush-hush"
    assert "hush-hush" not in str(caught.value)
    assert RunEnv.jobs == 5


def test_what_is_not_a_variable_can_be_put_in_its_place_by_a_test(variables):
    class Meta(type):
        pass

    @penv
    class Helping(metaclass=Meta):
        JOBS: int = 1

        @classmethod
        def twice(cls):
            return 2 * cls.JOBS

        @classmethod
        def named(cls):
            assert __class__ is Helping
            return super().__init_subclass__() or "Helping"

    variables.setattr(Helping, "twice", lambda: 3)
    assert Helping.twice() == 3
    assert isinstance(Helping, Meta)
    assert Helping.named() == "Helping"


def test_configs_with_environments_survive_pickling(variables):
    variables.setenv("JOBS", "5")
    config = pickle.loads(pickle.dumps(LaunchConfig()))
    variables.setenv("JOBS", "6")
    assert config.total == 10
    read = reads_of(config)["total"][0]
    assert (read.variable, read.text) == ("JOBS", "5")


def test_environments_are_loaded_only_where_they_are_used():
    import subprocess
    import sys

    code = (
        "import sys, pconfigs; pconfigs.pconfig; "
        "print([n for n in sys.modules if 'environment' in n or n == 'enum' or 'setter' in n])"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", code],
        cwd=Path(pconfigs.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]"
