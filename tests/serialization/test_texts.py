"""One table decides what a text is, wherever it comes from."""

from __future__ import annotations

import math
from typing import Any, Literal, Optional, Union

import pytest
from hypothesis import given, strategies as st

from pconfigs import PConfig, pconfig, penv, pload, poverride
from pconfigs.errors.base import PConfigError
from pconfigs.serialization.formats.yaml_scalar import PlainText
from pconfigs.serialization.texts.parsers import text_parser_of
from pconfigs.validation.factory import validator_for

REFUSED = "refused"


@pconfig
class Fields(PConfig):
    flag: bool
    count: int
    rate: float
    maybe: Optional[int]
    switch: Union[bool, int]
    mode: Literal[True, 3]
    word: Literal[True, "auto"]


@penv
class Variables:
    flag: bool
    count: int
    rate: float
    maybe: Optional[int]
    switch: Union[bool, int]
    mode: Literal[True, 3]
    word: Literal[True, "auto"]


GIVEN = {"flag": True, "count": 1, "rate": 0.5, "maybe": 2, "switch": 5, "mode": 3, "word": "auto"}
CONFIG = Fields(**GIVEN)


def attempt(read, *args):
    try:
        return read(*args)
    except PConfigError:
        return REFUSED


def from_variable(name, text):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(name, text)
        return getattr(Variables, name)


def from_override(name, text):
    return getattr(poverride(CONFIG, [f"{name}={text}"]), name)


def from_yaml(name, text):
    return getattr(pload({**GIVEN, name: PlainText(text)}, Fields), name)


TEXTS = st.sampled_from(
    "true True TRUE tRuE yes YES on 1 false no Off 0 None null none 3 1_000 1__0 0x10 0o20 0b1"
    " 010 -3 +3 00 1e3 1e-3 1e999 .5 5. inf -inf .inf -.INF Infinity nan .NaN maybe 3.0"
    " auto".split()
) | st.from_regex(r"[-+]?[0-9_.xXoObBeE]{1,7}", fullmatch=True)


@given(st.sampled_from(list(GIVEN)), TEXTS)
def test_a_text_is_the_same_value_in_a_variable_an_override_and_yaml(name, text):
    values = [attempt(read, name, text) for read in (from_variable, from_override, from_yaml)]
    variable, override, yaml = values
    if name == "rate" and isinstance(override, int):
        assert type(variable) is float
        variable = int(variable) if math.isfinite(variable) else variable
    assert repr(variable) == repr(override) == repr(yaml)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("flag", "1", True),
        ("flag", "Off", False),
        ("flag", "2", REFUSED),
        ("switch", "1", 1),
        ("switch", "yes", True),
        ("mode", "on", True),
        ("count", "010", REFUSED),
        ("count", "0x10", 16),
        ("count", "0x_1_0", 16),
        ("count", "0x1__0", REFUSED),
        ("rate", "-.inf", -math.inf),
        ("rate", "1e999", REFUSED),
        ("maybe", "None", None),
        ("maybe", "null", None),
    ],
)
def test_words_of_the_table(name, text, value):
    for read in (from_variable, from_override, from_yaml):
        assert repr(attempt(read, name, text)) == repr(value)


def test_a_validator_has_one_parser():
    validator = validator_for(list[Any])
    assert text_parser_of(validator) is text_parser_of(validator)
