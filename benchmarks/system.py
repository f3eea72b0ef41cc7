"""A system of 30 classes with 2,000 leaves: a width tied from the top through five levels.

Each library's file writes the classes in its own way; what they hold, and the plain values that
they are made of, is here.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from benchmarks import jobs, work
from benchmarks.jobs import Job

WIDTH = 64
BLOCKS = tuple(f"Block{index}" for index in range(20))
# The parts of each class that has some, innermost first; all of them get the width.
PARTS: dict[str, dict[str, str]] = {
    **{
        f"Stage{stage}": {f"b{index}": BLOCKS[4 * stage + index] for index in range(4)}
        for stage in range(5)
    },
    "Model": {f"s{index}": f"Stage{index}" for index in range(5)},
    "Site": {f"m{index}": "Model" for index in range(5)},
    "Lab": {"site": "Site"},
    "System": {"lab": "Lab"},
}
DATA = work.flat_fields(4)
FIELDS = work.flat_fields(18)
ROOT = "System"
CASES = ("import", "build", "override", "print", "save", "load", "explain", "diff")
CHANGED = ("lab", "site", "m3", "s2", "b1", "f0")


def source(library: ModuleType) -> str:
    """Return the classes as the library has them: 20 blocks, 8 classes of parts, data, a root."""
    block, parts = jobs.ability(library, "system_block"), jobs.ability(library, "system_parts")
    text = [block(name, FIELDS) for name in BLOCKS]
    text.append(work.class_text("Data", DATA, library.HEAD, getattr(library, "BASE", "")))
    text += [parts(name, inside) for name, inside in PARTS.items()]
    return "\n".join(text)


def given(name: str, changed: int = 3) -> work.Values:
    """Return the plain values of a part as they are given; `changed` is that at CHANGED."""
    inputs = dict(zip([field for field, _ in FIELDS], work.FLAT_VALUES * 5, strict=False))
    if name in BLOCKS:
        return inputs
    values: work.Values = {field: given(inner) for field, inner in PARTS[name].items()}
    if name == ROOT:
        values |= {"width": WIDTH, "data": work.flat_inputs(4)}
        part = values
        for step in CHANGED[:-1]:
            part = part[step]
        part[CHANGED[-1]] = changed
    return values


def expected(values: work.Values) -> work.Values:
    """Return the values of a part with the width and what follows from it."""
    tied: work.Values = {
        field: expected(value) if isinstance(value, dict) and field != "data" else value
        for field, value in values.items()
    }
    tied["width"] = WIDTH
    if "f1" in tied:
        tied["size"] = WIDTH * tied["f0"]
    return tied


def made(scope: dict[str, Any], is_open: work.Values, changed: int = 3) -> Any:
    """Return the system; `is_open` is what a part is given whose width is not known yet."""

    def build(name: str, values: work.Values) -> Any:
        inside = {**PARTS.get(name, {}), **({"data": "Data"} if name == ROOT else {})}
        inputs = {
            field: build(inside[field], value) if field in inside else value
            for field, value in values.items()
        }
        return scope[name](**inputs, **({} if name in (ROOT, "Data") else is_open))

    return build(ROOT, given(ROOT, changed))


def job(library: ModuleType, case: str) -> Job:
    """Return one piece of work on the system."""
    code = compile(source(library), f"<system of {library.__name__}>", "exec")
    scope = vars(work.scratch_module(library))

    def define() -> dict[str, Any]:
        exec(code, scope)
        return scope

    def make(scope: dict[str, Any], changed: int = 3) -> Any:
        return made(scope, getattr(library, "OPEN", {}), changed)

    root, other = make(define()), make(scope, changed=5)
    right, right_other = expected(given(ROOT)), expected(given(ROOT, 5))

    def holds(config: Any) -> None:
        work.same(config, right)

    cls, path = type(root), ".".join(CHANGED)
    if case == "import":
        return Job(define, lambda scope: holds(make(scope)))
    if case == "build":
        return Job(lambda: make(scope), holds)
    if case == "override":
        put = jobs.ability(library, "put")
        return Job(lambda: put(root, path, 5), lambda changed: work.same(changed, right_other))
    if case == "print":
        code_of = jobs.ability(library, "code")
        return Job(lambda: code_of(root), lambda text: jobs.must(text.count("f17") >= 100, "short"))
    if case == "explain":
        explain = jobs.ability(library, "explain")
        return Job(lambda: explain(root, path), lambda text: jobs.must("f0" in text, "wrong"))
    if case == "diff":
        compare = jobs.ability(library, "diff_system")
        # What follows from the changed leaf is found, too.
        apart = [path, path.replace("f0", "size")]
        return Job(
            lambda: compare(root, other),
            lambda found: jobs.must(found in (apart, apart[:1]), f"differences at {found}"),
        )
    dump, read = jobs.ability(library, "save_system"), jobs.ability(library, "load_system")
    text = dump(root)
    if case == "save":
        return Job(lambda: dump(root), lambda text: holds(read(text, cls)))
    return Job(lambda: read(text, cls), holds)
