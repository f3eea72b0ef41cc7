"""Work beyond what anyone does by hand: 1,000,000 leaves, and 100 configs inside one another."""

from __future__ import annotations

import pickle
from types import ModuleType
from typing import Any

from benchmarks import jobs, work
from benchmarks.jobs import Job

AT_A_MILLION = {
    "build": jobs.build,
    "print": jobs.print_code,
    "save": jobs.save,
    "load": jobs.load,
    "diff": jobs.diff,
}


def million(library: ModuleType, case: str) -> Job:
    if case == "print" and library.__name__.endswith(".dataclass"):
        raise jobs.MissingError("black would take minutes")
    job = AT_A_MILLION[case](library, 1_000_000)
    return Job(job.run, job.check)


def deep(library: ModuleType, case: str, depth: int = 100) -> Job:
    """Return one operation on configs nested 100 deep, each in the one before."""
    text = work.class_text(
        "Node",
        [("value", "int"), ("child", "Node | None")],
        jobs.ability(library, "HEAD"),
        getattr(library, "BASE", ""),
    )
    scope = vars(work.scratch_module(library))
    exec(compile(text, "<deep>", "exec"), scope)

    def nested(innermost: int = 0) -> Any:
        config = None
        for level in range(depth):
            config = scope["Node"](value=level or innermost, child=config)
        return config

    def counts(config: Any) -> None:
        for level in reversed(range(depth)):
            jobs.must(config.value == level, f"level {level} holds {config.value}")
            config = config.child

    if case == "build":
        return Job(nested, counts)
    one, other = nested(), nested(innermost=-1)
    if case == "equal":
        return Job(
            lambda: one == nested(), lambda equal: jobs.must(equal and one != other, "wrong")
        )
    if case == "hash":
        return Job(lambda: hash(nested()), lambda got: jobs.must(got == hash(one), "wrong"))
    if case == "pickle":
        return Job(lambda: pickle.loads(pickle.dumps(one)), counts)
    if library.__name__.endswith(".dataclass"):
        raise jobs.MissingError("not written by hand for this")
    innermost_value = "child." * (depth - 1) + "value"
    if case == "set":
        put = jobs.ability(library, "put")
        return Job(
            lambda: put(one, innermost_value, -1),
            lambda changed: jobs.must(changed == other and changed != one, "wrong"),
        )
    if case == "walk":
        walk = jobs.ability(library, "walk")
        return Job(lambda: walk(one), lambda paths: jobs.must(innermost_value in paths, "wrong"))
    if case == "explain":
        explain = jobs.ability(library, "explain")
        return Job(
            lambda: explain(one, innermost_value),
            lambda text: jobs.must("value=level or innermost" in text, "wrong"),
        )
    if case == "html":
        page = jobs.ability(library, "page")
        return Job(
            lambda: page(one), lambda text: jobs.must(text.count("<details") >= depth, "wrong")
        )
    if case == "diff":
        compare = jobs.ability(library, "diff")
        return Job(lambda: compare(one, other), lambda paths: jobs.must(len(paths) == 1, "wrong"))
    if case == "print":
        code = jobs.ability(library, "code")
        return Job(lambda: code(one), lambda text: jobs.must(text.count("value") >= depth, "wrong"))
    dump = jobs.ability(library, "save")
    return Job(lambda: library.load(dump(one), scope["Node"]), counts)
