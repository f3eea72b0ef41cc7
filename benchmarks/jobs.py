"""The pieces of work: given a library and a case, what to run and how to check the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from benchmarks import work
from benchmarks.work import WrongAnswerError, same


class MissingError(Exception):
    """The library cannot do this work; the message has the reason."""


@dataclass(frozen=True)
class Job:
    run: Callable[[], Any]
    check: Callable[[Any], None]
    per: int = 1  # how many of the row's units one run does


def ability(library: ModuleType, name: str) -> Any:
    """Return the library's function of that name."""
    if not hasattr(library, name):
        raise MissingError(f"its file in benchmarks/libraries has no {name}")
    return getattr(library, name)


def finished(library: ModuleType, config: Any) -> Any:
    """Return the config as users read it, if the library distinguishes drafts from configs."""
    return getattr(library, "finish", lambda config: config)(config)


def draft(library: ModuleType, layers: list[work.Values]) -> Any:
    """Return a tree as the library's users vary, print, save and compare it."""
    return (getattr(library, "draft", None) and library.draft(layers)) or tree(library, layers)


def tree(library: ModuleType, layers: list[work.Values]) -> Any:
    return ability(library, "tree")(layers)


def must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise WrongAnswerError(otherwise)


def define(library: ModuleType, fields: int) -> Job:
    text = ability(library, "definition")(work.flat_fields(fields), work.flat_derived(fields // 5))
    values = ", ".join(f"{name}={value!r}" for name, value in work.flat_inputs(fields).items())
    code = compile(f"{text}\nmade = Flat({values})\n", f"<{library.__name__}>", "exec")
    scope = vars(work.scratch_module(library))

    def run() -> Any:
        exec(code, scope)
        return scope["made"]

    expected = work.flat_values(fields, fields // 5)
    return Job(run, lambda made: same(finished(library, made), expected))


def build(library: ModuleType, leaves: int) -> Job:
    layers = work.layer_inputs(leaves)
    expected = work.tree_values(layers)
    make = ability(library, "tree")
    return Job(lambda: make(layers), lambda config: same(config, expected), leaves)


def inherit_chain(library: ModuleType, links: int) -> Job:
    variant = ability(library, "variant")
    base = library.experiment(work.given(work.BASE_EXPERIMENT))
    changes = [
        {"warmup": 10 + link, "width": 256 + 8 * link, "dropout": 0.1 + link / 1000}
        for link in range(1, links + 1)
    ]

    def run() -> Any:
        config = base
        for change in changes:
            config = variant(config, **change)
        return config

    def check(config: Any) -> None:
        same(finished(library, config), work.experiment_values(**changes[-1]))
        same(finished(library, base), work.BASE_EXPERIMENT)

    return Job(run, check, links)


def changed_layers(leaves: int) -> dict[tuple[str, ...], int]:
    """Return new seeds of three layers, by their paths."""
    layers = leaves // 10
    indices = [index * layers // 1000 for index in work.CHANGED_LAYERS]
    return {work.layer_path(index, layers): 1_000_000 + index for index in indices}


def change(library: ModuleType, config: Any, seeds: dict[tuple[str, ...], int]) -> Any:
    """Return the tree with other seeds in some of its layers."""
    if hasattr(library, "change_layers"):
        return library.change_layers(config, seeds)
    one = ability(library, "change_layer")
    for path, seed in seeds.items():
        config = one(config, path, seed)
    return config


def inherit_once(library: ModuleType, leaves: int) -> Job:
    layers = work.layer_inputs(leaves)
    config = draft(library, layers)
    seeds = changed_layers(leaves)
    change(library, config, seeds)  # what a library caches at first use is there before the check

    def check(changed: Any) -> None:
        expected = work.tree_values(layers)
        for path, seed in seeds.items():
            values = expected
            for name in path:
                values = values[name]
            values["seed"] = seed
        same(finished(library, changed), expected)

    return Job(lambda: change(library, config, seeds), check)


def tied_build(library: ModuleType, leaves: int) -> Job:
    blocks = work.block_inputs(leaves)
    make = ability(library, "tied_tree")
    expected = work.tied_values(blocks)
    return Job(lambda: make(blocks), lambda config: same(config, expected), leaves)


def tied_inherit_once(library: ModuleType, leaves: int) -> Job:
    blocks = work.block_inputs(leaves)
    config = ability(library, "tied_tree")(blocks)
    seeds = work.tied_changes(leaves)
    change_tied = ability(library, "change_tied")
    changed_blocks = [dict(values) for values in blocks]
    for (group, place), seed in seeds.items():
        changed_blocks[10 * group + place]["seed"] = seed
    expected, before = work.tied_values(changed_blocks), work.tied_values(blocks)

    def check(changed: Any) -> None:
        same(changed, expected)
        same(config, before)

    return Job(lambda: change_tied(config, seeds), check)


def tied_save(library: ModuleType, leaves: int) -> Job:
    blocks = work.block_inputs(leaves)
    dump, read_text = ability(library, "save_tied"), ability(library, "load_tied")
    config = ability(library, "tied_tree")(blocks)
    expected = work.tied_values(blocks)
    return Job(lambda: dump(config), lambda text: same(read_text(text), expected), leaves)


def tied_load(library: ModuleType, leaves: int) -> Job:
    blocks = work.block_inputs(leaves)
    read_text = ability(library, "load_tied")
    text = ability(library, "save_tied")(ability(library, "tied_tree")(blocks))
    expected = work.tied_values(blocks)
    return Job(lambda: read_text(text), lambda config: same(config, expected), leaves)


def tied_equality(library: ModuleType, leaves: int) -> Job:
    blocks = work.block_inputs(leaves)
    one, other = (ability(library, "tied_tree")(blocks) for _ in range(2))
    different = library.tied_tree([*blocks[:-1], {**blocks[-1], "seed": -1}])

    def check(equal: Any) -> None:
        must(equal is True, "equal trees are not equal")
        must(one != different, "different trees are equal")

    return Job(lambda: one == other, check, leaves)


def tied_diff(library: ModuleType, leaves: int) -> Job:
    compare = ability(library, "diff_tied")
    blocks = work.block_inputs(leaves)
    changed = [dict(values) for values in blocks]
    for (group, place), seed in work.tied_changes(leaves).items():
        changed[10 * group + place]["seed"] = seed
    one, other = (ability(library, "tied_tree")(values) for values in (blocks, changed))
    expected = sorted(f"groups[{g}].blocks[{p}].seed" for g, p in work.tied_changes(leaves))

    def check(found: list[str]) -> None:
        must(sorted(found) == expected, f"differences at {sorted(found)}")

    return Job(lambda: compare(one, other), check)


def tied_override(library: ModuleType, leaves: int) -> Job:
    """Return the setting of one leaf in a tied tree; where there are paths, by its path."""
    put = getattr(library, "override_tied", None) or ability(library, "change_tied")
    blocks = work.block_inputs(leaves)
    config = ability(library, "tied_tree")(blocks)
    expected = work.tied_values([*blocks[:-1], {**blocks[-1], "seed": -1}])
    seeds = {divmod(len(blocks) - 1, 10): -1}
    return Job(lambda: put(config, seeds), lambda changed: same(changed, expected))


def tied_inherit_chain(library: ModuleType, links: int) -> Job:
    blocks = work.block_inputs(100)
    base = ability(library, "tied_tree")(blocks)
    change_tied = ability(library, "change_tied")
    places = work.tied_changes(100)
    changes = [{place: link + seed for place, seed in places.items()} for link in range(links)]
    changed = [dict(values) for values in blocks]
    for (_, place), seed in changes[-1].items():
        changed[place]["seed"] = seed
    expected = work.tied_values(changed)

    def run() -> Any:
        config = base
        for seeds in changes:
            config = change_tied(config, seeds)
        return config

    return Job(run, lambda config: same(config, expected), links)


def tie(library: ModuleType, depth: int) -> Job:
    make = ability(library, "Level")
    override = ability(library, "override")
    config = None
    for level in reversed(range(depth)):
        config = make(width=10 + level, leaf=0, child=config)

    def check(changed: Any) -> None:
        same(finished(library, config), work.chain_values(depth, 10, 0))
        same(finished(library, changed), work.chain_values(depth, 10, 5))

    return Job(lambda: override(config, depth, 5), check)


READS = {"plain": "steps", "derived": "tokens", "nested": "model.encoder.width"}


def read(library: ModuleType, case: str) -> Job:
    make = ability(library, "experiment")
    config = finished(library, make(work.given(work.BASE_EXPERIMENT)))
    # unrolled, so that the loop weighs next to nothing
    lines = "".join(f"        config.{READS[case]}\n" for _ in range(100))
    text = f"def read(config):\n    for _ in range(10):\n{lines}    return config.{READS[case]}\n"
    scope: dict[str, Any] = {}
    exec(text, scope)
    value: Any = work.BASE_EXPERIMENT
    for name in READS[case].split("."):
        value = value[name]
    reader = scope["read"]
    return Job(lambda: reader(config), lambda got: must(got == value, f"{got} read"), 1000)


def print_code(library: ModuleType, leaves: int) -> Job:
    code = ability(library, "code")
    config = draft(library, work.layer_inputs(leaves))

    def check(text: str) -> None:
        words = re.findall(r"\w+", text)
        names = {f"layer{index}" for index in range(leaves // 10)}
        must(names <= set(words), f"{len(names - set(words))} layers are not in the text")
        for field in ("name", "width", "dropout", "activation", "seed"):
            must(words.count(field) >= leaves // 10, f"{field} is missing in the text")

    return Job(lambda: code(config), check, leaves)


def equality(library: ModuleType, leaves: int) -> Job:
    layers = work.layer_inputs(leaves)
    one, other = tree(library, layers), tree(library, layers)
    different = tree(library, [*layers[:-1], {**layers[-1], "seed": -1}])

    def check(equal: Any) -> None:
        must(equal is True, "equal trees are not equal")
        must(one != different, "different trees are equal")

    return Job(lambda: one == other, check, leaves)


def hashing(library: ModuleType, leaves: int) -> Job:
    one, other = (tree(library, work.layer_inputs(leaves)) for _ in range(2))
    return Job(lambda: hash(one), lambda got: must(got == hash(other), "equal trees hash apart"))


def save(library: ModuleType, leaves: int) -> Job:
    dump = ability(library, "save")
    config = draft(library, work.layer_inputs(leaves))

    def check(text: str) -> None:
        json.loads(text)
        loaded = library.load(text, type(config))
        same(finished(library, loaded), work.tree_values(work.layer_inputs(leaves)))

    return Job(lambda: dump(config), check, leaves)


def load(library: ModuleType, leaves: int) -> Job:
    read_text = ability(library, "load")
    layers = work.layer_inputs(leaves)
    config = draft(library, layers)
    text, cls = library.save(config), type(config)

    def check(loaded: Any) -> None:
        same(finished(library, loaded), work.tree_values(layers))

    return Job(lambda: read_text(text, cls), check, leaves)


def diff(library: ModuleType, leaves: int) -> Job:
    compare = ability(library, "diff")
    before = draft(library, work.layer_inputs(leaves))
    seeds = changed_layers(leaves)
    after = change(library, before, seeds)
    expected = sorted(".".join(path) + ".seed" for path in seeds)

    def check(paths: list[str]) -> None:
        must(sorted(paths) == expected, f"differences at {sorted(paths)}")

    return Job(lambda: compare(before, after), check)


def sweep(library: ModuleType, variants: int) -> Job:
    vary = ability(library, "vary")
    text = library.definition(work.flat_fields(18), work.flat_derived(2))
    scope = vars(work.scratch_module(library))
    exec(compile(text, "<sweep>", "exec"), scope)
    base = scope["Flat"](**work.flat_inputs(18))

    def check(configs: list[Any]) -> None:
        must(len(configs) == variants, "variants are missing")
        last = variants - 1
        expected = work.flat_values(18, 2, f0=last, f1=last / 10)
        same(finished(library, configs[-1]), expected)
        same(finished(library, base), work.flat_values(18, 2))

    return Job(lambda: [vary(base, f0=i, f1=i / 10) for i in range(variants)], check, variants)
