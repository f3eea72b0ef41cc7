"""One secret in every spelling of a field that hides it; nothing else here contains the word."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypedDict

from typing_extensions import TypeAliasType

from pconfigs import (
    NoEffect,
    OptionalConfig,
    Pin,
    Pinned,
    Secret,
    pconfig,
    pconfiged,
    pdefaults,
    pproperty,
)  # fmt: skip

WORD = "hunter2"
OTHER = "swordfish"
Alias = Secret[str]
Named = TypeAliasType("Named", Secret[str])


class Login(NamedTuple):
    user: str
    password: str


class Keys(TypedDict):
    wandb: str


@pconfig
class Account:
    password: str
    n: int


@pconfig
class Holder:
    key: Secret[str]
    n: int


class Spelling(NamedTuple):
    """How a secret is declared: the class, and what to give for `word`."""

    config_class: Any
    given: Any


def _spellings() -> dict[str, tuple[Any, Any]]:
    return {
        "plain": (Secret[str], str),
        "annotated": (Annotated[Secret[str], "a rule"], str),
        "alias": (Alias, str),
        "named": (Named, str),
        "quoted": ("Secret[str]", str),
        "optional": (Secret[str | None], str),
        "literal": (Secret[Literal["hunter2", "swordfish"]], str),
        "bytes": (Secret[bytes], lambda word: word.encode()),
        "path": (Secret[Path], Path),
        "any": (Secret[Any], lambda word: [word, {"k": word}]),
        "list": (Secret[list[str]], lambda word: [word]),
        "tuple": (Secret[tuple[str, ...]], lambda word: (word,)),
        "dict": (Secret[dict[str, str]], lambda word: {"k": word}),
        "key": (Secret[dict[str, int]], lambda word: {word: 1}),
        "set": (Secret[set[str]], lambda word: {word}),
        "typed dict": (Secret[Keys], lambda word: {"wandb": word}),
        "named tuple": (Secret[Login], lambda word: Login("me", word)),
        "config": (Secret[Account], lambda word: Account(password=word, n=1)),
        "configs": (Secret[list[Account]], lambda word: [Account(password=word, n=1)]),
        "by name": (Secret[dict[str, Account]], lambda word: {"a": Account(password=word, n=1)}),
        "optional config": (
            Secret[OptionalConfig[Account]], lambda word: Account(password=word, n=1),
        ),
        "no effect": (NoEffect[Secret[str]], str),
        "part": (Holder, lambda word: Holder(key=word, n=1)),
        "parts": (list[Holder], lambda word: [Holder(key=word, n=1)]),
        "parts by name": (dict[str, Holder], lambda word: {"a": Holder(key=word, n=1)}),
        "pinned": (Pinned[Secret[str]], Pin),
    }  # fmt: skip


def _declared(name: str, annotation: Any) -> Any:
    class_name = "".join(word.title() for word in name.split()) + "Config"
    annotations = {"key": annotation, "n": int}
    made = type(class_name, (), {"__annotations__": annotations, "__module__": __name__})
    globals()[class_name] = pconfig(made)
    return made


@pconfiged(runnable=True)
class Runner:
    config: Computed

    def main(self, namespace: Any, others: Any) -> None:
        print(len(self.config.header))


@pconfig(constructs=Runner)
class Computed:
    key: Secret[str]
    n: int
    header: Pinned[Secret[str]]
    length: Pinned[int]

    @pproperty
    def header(self) -> str:
        return f"Bearer {self.key}"

    @pproperty
    def length(self) -> int:
        return len(self.header)


@pconfig
class WithDefault:
    key: Secret[str]
    n: int


@pconfig
class WithDefaultPart:
    part: Holder
    parts: dict[str, list[Holder]]
    n: int


SPELLINGS = {
    name: Spelling(_declared(name, annotation), given)
    for name, (annotation, given) in _spellings().items()
}
SPELLINGS["computed"] = Spelling(Computed, str)
pdefaults += WithDefault(key=WORD, n=0)
_PART = Holder(key=WORD, n=0)
pdefaults += WithDefaultPart(part=_PART, parts={"a": [_PART]}, n=0)
SPELLINGS["default"] = Spelling(WithDefault, str)


def config_of(spelling: str, word: str = WORD, n: int = 1) -> Any:
    """Return a config of a spelling that holds a word."""
    config_class, given = SPELLINGS[spelling]
    return config_class(key=given(word), n=n)


experiments = {name: config_of(name) for name in SPELLINGS}
others = {name: config_of(name, OTHER, 2) for name in SPELLINGS}
config = experiments["computed"]
