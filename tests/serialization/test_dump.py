"""Configs as plain data: exact, readable, and nothing lost."""

import json
import math
import os
from pathlib import Path

import pytest

from pconfigs import Required, pconfig, pdump, pload
from pconfigs.errors import UnsavableError
from tests.models.savable import (
    Color,
    Everything,
    Node,
    Part,
    Step,
    Trainer,
    Wide,
    chain,
    everything,
)

GOLDEN = Path(__file__).parent.parent / "golden" / "unsavable"


def through_json(config, **how):
    return pload(json.loads(json.dumps(pdump(config), allow_nan=False)), type(config), **how)


def same_types(one, other):
    if type(one) is not type(other):
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same_types, one, other))
    if isinstance(one, dict):
        return [*one] == [*other] and all(same_types(one[key], other[key]) for key in one)
    return True


def test_values_of_every_kind_come_back():
    config = everything()
    loaded = through_json(config)
    assert loaded == config
    for name in Everything.__annotations__:
        assert same_types(getattr(loaded, name), getattr(config, name)), name


def test_what_fields_decide_is_written_plainly():
    data = pdump(everything())
    assert data["path"] == "data/x"
    assert data["color"] == "green"
    assert data["pair"] == [1, "010"]
    assert data["real"] == "nan"
    assert data["by_color"] == {"red": 0.1}
    assert data["by_number"] == {"1": "x", "-2": "y"}
    assert data["function"] == "tests.models.savable.scale"
    assert data["parts"][0] == {"$same": "by_name['$dict'][0][1]"}


def test_classes_are_named_where_fields_do_not_name_them():
    data = pdump(everything(parts=[Wide(width=1, rate=1.0, extra="")]))
    assert data["$type"] == "tests.models.savable.Everything"
    assert data["parts"][0]["$type"] == "tests.models.savable.Wide"
    assert data["schedule"]["$type"] == "tests.models.savable.Cosine"
    assert "$type" not in pdump(Node(value=1, child=Node(value=2, child=None)))["child"]


def test_keys_of_any_kind_are_plain_in_values():
    part = Part(width=1, rate=2.0)
    keys = [(1, (2,)), part, Path("a"), "a", frozenset({1}), Color.red, "red", 1.5, None, 1, "1"]
    config = everything(anything={key: index for index, key in enumerate(keys)})
    values = pdump(config, to="values")
    assert values["by_pair"] == {"(1, 2)": "z"}
    assert values["anything"] == {
        "(1, (2,))": 0, "Part(width=1, rate=2.0)": 1, f"a ({type(Path()).__name__})": 2, "a": 3,
        "frozenset({1})": 4, "red (Color)": 5, "red": 6, 1.5: 7, None: 8, 1: 9, "1": 10,
    }  # fmt: skip


def test_parts_that_are_shared_stay_shared():
    part = Part(width=1, rate=2.0)
    loaded = through_json(everything(part=part, parts=[part, part], anything=(part,)))
    assert loaded.part is loaded.parts[0] is loaded.parts[1] is loaded.anything[0]


def test_sharing_keeps_the_data_small():
    part = Part(width=1, rate=2.0)
    value = part
    for _ in range(30):
        value = everything(anything=(value, value))
    size = len(json.dumps(pdump(value)))
    assert size < 200_000


def test_an_integer_in_a_float_field_stays_one():
    loaded = through_json(Step(gamma=3))
    assert type(loaded.gamma) is int


def test_open_configs_come_back_open():
    config = Trainer(steps=Required)
    loaded = through_json(config)
    assert loaded.steps is Required
    assert loaded == config


def test_secrets_are_not_written():
    config = Trainer(token="do not tell")
    assert "do not tell" not in json.dumps(pdump(config))
    assert through_json(config).token == "hush"


def test_what_an_input_was_before_its_property_is_kept():
    config = Trainer(part=Part(rate=3.0, width=99), steps=50)
    data = pdump(config)
    assert (data["part"]["width"], data["$computed"]["part"]["width"]) == (99, 50)
    assert Trainer(through_json(config), steps=3).part == Trainer(config, steps=3).part


def test_configs_nested_a_hundred_deep_come_back():
    config = chain(100)
    assert pload(pdump(config), Node) == config


class Odd:
    pass


class Text(str):
    pass


def test_all_that_cannot_be_saved_is_reported_together():
    config = everything(anything=[Odd(), {"k": Text("x")}], function=lambda value: value)
    with pytest.raises(UnsavableError) as caught:
        pdump(config)
    golden = GOLDEN / "message.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(f"{caught.value}\n", "utf-8")
    assert f"{caught.value}\n" == golden.read_text("utf-8")
    assert [p.path for p in caught.value.problems] == [
        "anything[0]",
        "anything[1]['k']",
        "function",
    ]


def test_a_computed_value_without_a_plain_form_is_computed_again():
    from tests.models.savable_arrays import Table

    config = Table(size=3)
    assert pdump(config)["cells"] == {"$unsaved": "tests.models.savable_arrays.Cells"}
    assert through_json(config).cells.size == 3


def test_numbers_without_a_json_form_are_words():
    data = pdump(everything(anything=[math.inf, -math.inf]))
    assert data["anything"] == [{"$float": "inf"}, {"$float": "-inf"}]


def test_only_configs_are_dumped():
    with pytest.raises(TypeError, match="must get a config"):
        pdump({"a": 1})


def test_local_classes_are_loaded_while_they_are_there():
    @pconfig
    class Local:
        color: Color

    assert through_json(Local(color=Color.red)).color is Color.red
