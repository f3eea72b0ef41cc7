"""Seeds: what the program seeds the generators of random, numpy and torch with.

Most generators do not keep it. On Python 3.12 and later it is seen where they are called: nothing
is patched, and only functions that name one of these calls are watched.
"""

from __future__ import annotations

import sys
from operator import index

from pconfigs.schema.build_record import getframe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

NUMPY, GENERATORS = "numpy", "numpy.random.default_rng"
_CALLS = {"seed": NUMPY, "default_rng": GENERATORS}
names_none = frozenset(_CALLS).isdisjoint
"""Whether the names of a function have none of the calls that `Seeds.note_call` knows."""
SEED = "seed"
"""Name of the function that `Seeds.note_start` knows."""
MOST = 16
"""Seeds of generators that are kept; a program may make one for each example."""


class Seeds:
    """Seeds of generators that were seen.

    Attributes:
        found: The last seed by library; for generators of their own all different ones.
    """

    def __init__(self) -> None:
        self.found: dict[str, int | list[int]] = {}

    def note_start(self, code: CodeType) -> bool:
        """Note the seed where `code` is what `random.seed` runs; return whether it is."""
        random = sys.modules.get("random")
        if random is None or code is not random.Random.seed.__code__:
            return False
        given = getframe(2).f_locals  # on top of it are the callback of the event and this function
        if given.get("self") is getattr(random, "_inst", None):
            self._keep("random", given.get("a"))
        return True

    def note_call(self, function: object, argument: object) -> bool:
        """Note the seed where a function of numpy is called that takes it; return whether it is."""
        random = sys.modules.get("numpy.random")
        for name, where in _CALLS.items():
            if random is not None and function is getattr(random, name, None):
                self._keep(where, argument)
                return True
        return False

    def _keep(self, where: str, seed: Any) -> None:
        try:
            number = index(seed)
        except TypeError:
            return  # drawn from the system, or of another kind
        if where != GENERATORS:
            self.found[where] = number
            return
        known = self.found.setdefault(where, [])
        if isinstance(known, list) and number not in known and len(known) < MOST:
            known.append(number)

    def at_end(self) -> dict[str, int | list[int]]:
        """Return what was found, and what torch has kept."""
        torch = sys.modules.get("torch")
        try:
            kept = {} if torch is None else {"torch": int(torch.initial_seed())}
        except (AttributeError, RuntimeError):  # it is being imported, or could not be
            kept = {}
        return {**self.found, **kept}
