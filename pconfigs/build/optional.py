"""Optional configs: `NoneConfig` is there where a part of a config is left out."""

from __future__ import annotations

from pconfigs.errors.access import FrozenError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn, Self


class OptionalConfig:
    """The type of a part that may be left out: `evaluator: OptionalConfig[EvaluatorConfig]`.

    Such a field takes an `EvaluatorConfig` or `NoneConfig`, which is the one object of this class.
    """

    __slots__ = ()

    # How messages call a value of this type, and what they suggest where None is given.
    __pconfig_words__ = "NoneConfig"
    # Where code that prints the object imports it from.
    __pconfig_home__ = "pconfigs"

    def __new__(cls) -> Self:
        found: Self | None = globals().get("NoneConfig")
        return super().__new__(cls) if found is None else found

    def __class_getitem__(cls, config_class: Any) -> Any:
        try:
            # First, so that its advice is given where a value is neither.
            return cls | config_class
        except TypeError:
            # A class named in quotes.
            from typing import Union

            return Union[cls, config_class]  # noqa: UP007

    def __call__(self) -> OptionalConfig:
        return self

    def construct(self) -> None:
        """Return None, since there is nothing to make."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "NoneConfig"

    def __reduce__(self) -> str:
        return "NoneConfig"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenError(f"NoneConfig means that there is no config: it has no field {name!r}")

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(
            f"NoneConfig means that there is no config: it has no {name!r}\n"
            "    ask first: if config.part: ...",
            name=name,
            obj=self,
        )


NoneConfig = OptionalConfig()
