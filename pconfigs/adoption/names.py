"""Names of classes, modules and fields in the result."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from keyword import iskeyword
from typing import Any
from unicodedata import normalize

from pconfigs.adoption.nodes import Path

TAKEN = frozenset(
    (
        "asdict", "config", "construct", "constructable_type", "default_config", "environment",
        "exclude", "funcname", "include", "inputs", "pinputs", "print_code", "subset",
        "bool", "dict", "float", "int", "list", "str",
    )
)  # fmt: skip
"""Names that members of config classes or types of other fields have, or that views read."""
_SUFFIX = re.compile(r"(_?(cfg|config|conf|configuration))$", re.IGNORECASE)


def camel(text: str) -> str:
    """Return words joined with capitals: `lr_scheduler` as `LrScheduler`."""
    words = re.findall(r"[^\W_]+", normalize("NFKC", text))
    return "".join(word[:1].upper() + word[1:] for word in words)


def class_name(hint: str) -> str:
    """Return the name of a config class for a key, a file or the name of a class."""
    name = camel(_SUFFIX.sub("", hint) or hint) or "Part"
    return f"{name}Config" if name.isidentifier() else f"Part{name}Config"


def module_name(hint: str) -> str:
    """Return a name that a module can have: `grpo-8b.v2` as `grpo_8b_v2`."""
    name = re.sub(r"\W+", "_", normalize("NFKC", hint)).strip("_") or "part"
    return name if name.isidentifier() and not iskeyword(name) else f"_{name}"


def field_name(key: str) -> str:
    """Return the name of the field for a key: the key, or one like it where that cannot be."""
    if is_field(key):
        return f"{key}_" if iskeyword(key) or key in TAKEN else key
    return field_name(module_name(key)) if re.search(r"[^\W_]", key) else key


def free_name(plain: str, taken: Container[str], joint: str = "") -> str:
    """Return a name, with a number after `joint` where it is taken."""
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain}{joint}{number}", number + 1
    return name


def is_field(key: Any) -> bool:
    """Return whether a key can be the name of a field."""
    if not isinstance(key, str) or not key.isidentifier() or normalize("NFKC", key) != key:
        return False  # Python reads names in that form
    return not key.startswith("__") and key != "_"


class ClassNames:
    """Class names of one package, each given once."""

    def __init__(self, used: Iterable[str] = ()) -> None:
        self.used = set(used)

    def choose(self, hint: str, path: Path) -> str:
        """Return a free name for `hint`; where it is taken, with the keys above in it."""
        above = [str(step) for step in path[:-1] if isinstance(step, str)]
        words = _SUFFIX.sub("", hint) or hint
        name = class_name(hint)
        while name in self.used and above:
            words = f"{_SUFFIX.sub('', above[-1])}_{words}"
            name = class_name(words)
            above.pop()
        name = free_name(name, self.used)
        self.used.add(name)
        return name


def singular(word: str) -> str:
    """Return the name of one of several: `layers` as `layer`."""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("ses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
