"""The first use of a class by many threads is safe."""

from __future__ import annotations

import sys
import threading
import types

from pconfigs import pdump, pload

FIELDS = "\n".join(f"    f{i}: int | list[int]" for i in range(20))
PROPERTIES = "\n".join(f"    @pproperty\n    def p{i}(self) -> int: return {i}" for i in range(10))
SOURCE = f"""
from __future__ import annotations
from pconfigs import PConfig, Pinned, pconfig, pproperty
@pconfig
class Base(PConfig):
{FIELDS}
{PROPERTIES}
@pconfig
class Derived(Base):
    part: Part | None
@pconfig
class Part(PConfig):
    size: int
"""
VALUES = {f"f{i}": i for i in range(20)}


def test_many_threads_may_use_a_class_for_the_first_time(monkeypatch):
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for number in range(30):
            errors = use_in_threads(number, monkeypatch)
            assert errors == []
    finally:
        sys.setswitchinterval(before)


def use_in_threads(number: int, monkeypatch) -> list[str]:
    """Define classes, and use them at once in eight threads; return what went wrong."""
    module = types.ModuleType(f"threaded_{number}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(SOURCE, vars(module))
    start = threading.Barrier(8)
    errors: list[str] = []

    def build() -> None:
        derived = module.Derived(part=module.Part(size=1), **VALUES)
        assert (derived.f3, derived.p4, derived.part.size) == (3, 4, 1)
        assert derived == module.Derived(derived)
        assert hash(derived) == hash(module.Derived(derived))

    def save() -> None:
        base = module.Base(**VALUES)
        assert pload(pdump(base), module.Base) == base
        assert "p4=4" in repr(base)

    def run(work) -> None:
        start.wait()
        try:
            work()
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=run, args=(work,)) for work in (build, save) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
