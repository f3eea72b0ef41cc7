"""Random classes, of which the fields have names of all kinds, are built alike in each way."""

from __future__ import annotations

import builtins
import keyword
from typing import Any

import pytest
from hypothesis import given, strategies as st

from pconfigs import Pin, Pinned, Required, pconfig, pdiff, pinputs, pproperty
from pconfigs.declare import pconfig as decorators
from pconfigs.schema.build_record import INHERITED, OPEN, RAW, reads_of, record_of
from tests.builders import NEVER, compiled_at_once

NAMES = sorted(
    {
        *[name for name in dir(builtins) if name[:2] != "__" and not keyword.iskeyword(name)],
        *keyword.softkwlist,
        # Words of the generated code, and of those who read it.
        *"a b self cls schema same scalars frame record below bases given pins value0 raw".split(),
        *"config name names fields inputs reads open depth error call linecache Any List".split(),
        *"class_ def_ None_ lambda_".split(),
    }
)
KINDS = st.sampled_from(["given", "pinned", "computed", "repaired"])
INPUTS = [0, 3, True, "x", None, Pin(4), Pin("y"), Pinned, Required]


def declared(plan: dict[str, str], shift: int) -> Any:
    """Return a class; each property reads the fields that came before it."""
    members: dict[str, Any] = {"__annotations__": {}, "__module__": __name__}
    names = list(plan)
    for index, (name, kind) in enumerate(plan.items()):
        members["__annotations__"][name] = Pinned[int] if kind in ("pinned", "computed") else int
        if kind in ("computed", "repaired"):
            terms = [f"self.{other}" for other in names[:index][-2:]] or ["1"]
            if kind == "repaired":
                terms.append(f"pinputs(self).{name}")
            scope: dict[str, Any] = {"pinputs": pinputs}
            exec(f"def {name}(self): return {' + '.join(terms)} + {shift}", scope)
            members[name] = pproperty(scope[name])
    return pconfig(type("Random", (), members))


def in_both_ways(plan: dict[str, str], shift: int) -> list[Any]:
    """Return the class as `build` makes its configs, and as its own initializer does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decorators, "BUILDS_BEFORE_COMPILING", NEVER)
        general = declared(plan, shift)
        patch.setattr(decorators, "initializer", compiled_at_once)
        return [general, declared(plan, shift)]


def made(cls: Any, calls: list[tuple[bool, dict[str, Any]]]) -> list[Any]:
    """Return what calls come to, each after a base if there is one: configs, or errors in words."""
    found: list[Any] = []
    configs: list[Any] = []
    for with_base, keywords in calls:
        try:
            config = cls(*configs[-1:] * with_base, **keywords)
        except Exception as error:
            found.append((type(error), str(error), getattr(error, "__notes__", [])))
            continue
        configs.append(config)
        record = record_of(config)
        reads = {name: sorted(names) for name, names in reads_of(config).items()}
        found.append(
            [
                str(config),
                config.asdict(),
                *[record[i] or {} for i in (INHERITED, RAW, OPEN)],
                reads,
            ]
        )
    shown = [[str(change) for change in pdiff(one, other)] for one in configs for other in configs]
    return [found, [[one == other for other in configs] for one in configs], shown]


@given(
    st.dictionaries(st.sampled_from(NAMES), KINDS, min_size=1, max_size=5),
    st.integers(-1, 1),
    st.data(),
)
def test_both_ways_of_building_agree_whatever_fields_are_called(plan, shift, data):
    general, fast = in_both_ways(plan, shift)
    keywords = st.fixed_dictionaries({}, optional=dict.fromkeys(plan, st.sampled_from(INPUTS)))
    calls = data.draw(st.lists(st.tuples(st.booleans(), keywords), min_size=1, max_size=4))
    full = {n: 1 if kind in ("given", "repaired") else Pin(2) for n, kind in plan.items()}
    first = {name: value for name, value in full.items() if plan[name] != "computed"}
    calls.insert(0, (False, first))
    assert made(general, calls) == made(fast, calls)


@pytest.mark.parametrize("first", range(0, len(NAMES), 12))
def test_a_field_may_have_the_name_of_a_builtin_or_of_generated_code(first):
    """The initializer and the comparisons are generated from the names."""
    names = NAMES[first : first + 12]
    general, fast = in_both_ways({"before": "given", **dict.fromkeys(names, "repaired")}, 0)
    full = dict.fromkeys(["before", *names], 1)
    calls = [(False, full), *[(True, {name: 2}) for name in names], (True, {"nothing": 1})]
    assert made(general, calls) == made(fast, calls)
    base, variant = fast(**full), fast(**{**full, names[0]: 2})
    assert getattr(variant, names[0]) == 3
    assert f"[0].{names[0]}" in {str(change.path) for change in pdiff([base], [variant])}
