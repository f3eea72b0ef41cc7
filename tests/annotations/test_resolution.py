"""Whatever form annotations take at run time, the fields are those that were written."""

from __future__ import annotations

import re
import sys
import textwrap
from importlib import import_module

import pytest

from pconfigs.errors.build import BuildError

FUTURE = "from __future__ import annotations\n"
HEAD = "from pconfigs import PConfig, Pin, Pinned, pconfig, pdefaults, pproperty\n"

# What is done in every sample: names stand in quotes where Python before 3.14 needs them.
SAMPLES = {
    "a forward reference": """
        @pconfig
        class OuterConfig:
            part: "InnerConfig"
            parts: Pinned[list["InnerConfig"]]

            @pproperty
            def parts(self) -> list["InnerConfig"]:
                return [self.part, self.part]

        @pconfig
        class InnerConfig:
            width: int

        config = OuterConfig(part=InnerConfig(width=3))
        assert config.parts[1].width == 3
        bad = lambda: OuterConfig(part=3)
        """,
    "a class in a function": """
        def made():
            class Kind:
                pass

            @pconfig
            class LocalConfig:
                kind: Kind
                kinds: Pinned[list[Kind]]
                itself: "LocalConfig | None"
                later: "After"

                @pproperty
                def kinds(self) -> list[Kind]:
                    return [self.kind]

            class After:
                pass

            return LocalConfig, Kind, After

        LocalConfig, Kind, After = made()
        config = LocalConfig(kind=Kind(), itself=None, later=After())
        assert config.kinds == [config.kind]
        bad = lambda: LocalConfig(config, kind=3)
        """,
    "a name for type checkers only": """
        from typing import TYPE_CHECKING, ClassVar
        if TYPE_CHECKING:
            from elsewhere import Tensor

        @pconfig
        class TensorConfig:
            weight: "Tensor"
            bias: "Pinned[Tensor]"
            loss: "Pinned[Tensor]"
            LIMIT: "ClassVar[Tensor]" = 3
            width: int

            @pproperty
            def loss(self):
                return self.weight * self.width

        config = TensorConfig(weight="ab", bias=Pin(4), width=2)
        assert (config.loss, config.bias, TensorConfig.LIMIT) == ("abab", 4, 3)
        assert TensorConfig.__pconfig_schema__.fields["weight"].hint.strip("'") == "Tensor"
        assert TensorConfig.__pconfig_schema__.fields["bias"].pinned
        assert TensorConfig.__pconfig_schema__.fields["loss"].pinned
        bad = lambda: TensorConfig(config, width="wide")
        """,
    "a field named like its type": """
        from datetime import date

        @pconfig
        class DayConfig:
            year: int
            date: "Pinned[date]"

            @pproperty
            def date(self) -> "date":
                import datetime
                return datetime.date(self.year, 1, 2)

        config = DayConfig(year=2024)
        assert config.date == date(2024, 1, 2)
        assert DayConfig.__pconfig_schema__.fields["date"].hint is date
        bad = lambda: DayConfig(year="new")
        """,
    "an ancestor in another module": """
        from ancestors import AncestorConfig

        class Hidden:
            "Not that of the ancestor."

        @pconfig
        class DerivedConfig(AncestorConfig):
            own: Hidden

        config = DerivedConfig(AncestorConfig(hidden=AncestorConfig.make()), own=Hidden())
        assert type(config.hidden).__module__ == "ancestors"
        bad = lambda: DerivedConfig(config, hidden=Hidden())
        """,
    "a generic class": """
        from typing import Generic, TypeVar
        T = TypeVar("T")

        @pconfig
        class RangeConfig(PConfig, Generic[T]):
            low: T
            all: Pinned[list[T]]

            @pproperty
            def all(self) -> list[T]:
                return [self.low]

        @pconfig
        class NumbersConfig(RangeConfig[int]):
            high: int

        assert RangeConfig[str](low="a").all == ["a"]
        config = NumbersConfig(low=1, high=2)
        assert config.all == [1]
        bad = lambda: NumbersConfig(low="a", high=2)
        """,
    "type parameters": """
        type Pair[V] = tuple[V, V]

        @pconfig
        class BoxConfig[T]:
            content: T
            pair: Pair[int]
            pairs: Pinned[list[tuple[T, T]]]

            @pproperty
            def pairs(self) -> list[tuple[T, T]]:
                return [(self.content, self.content)]

        @pconfig
        class IntBoxConfig(BoxConfig[int]):
            pass

        config = IntBoxConfig(content=3, pair=(1, 2))
        assert config.pairs == [(3, 3)]
        bad = lambda: IntBoxConfig(config, content="a")
        """,
    "a nested class": """
        class Holder:
            @pconfig
            class PartConfig:
                class Kind:
                    pass

                kind: "Kind"

            kind = PartConfig.Kind()

        config = Holder.PartConfig(kind=Holder.kind)
        bad = lambda: Holder.PartConfig(kind=3)
        """,
    "a base that names anything": """
        from typing import Any

        @pconfig
        class OpenConfig(PConfig[Any]):
            width: int

        config = OpenConfig(width=3)
        assert not hasattr(config, "construct")
        bad = lambda: OpenConfig(width="wide")
        """,
}
ANCESTORS = """
class Hidden:
    pass

@pconfig
class AncestorConfig:
    hidden: Hidden

    @staticmethod
    def make():
        return Hidden()
"""


@pytest.mark.parametrize("form", ["text", "evaluated", "lazy"])
@pytest.mark.parametrize("name", SAMPLES)
def test_fields_are_those_that_were_written(name, form, tmp_path, monkeypatch):
    """Fields resolve, their values are checked, and properties compute pinned ones."""
    if name == "type parameters" and sys.version_info < (3, 12):
        pytest.skip("has no such syntax")
    if form == "lazy" and sys.version_info < (3, 14):
        pytest.skip("needs quotes")
    future, text = FUTURE if form == "text" else "", textwrap.dedent(SAMPLES[name])
    if form == "lazy":
        text = re.sub(r'(?m)^( +\w+: )"([^"]+)"', r"\1\2", text)
    monkeypatch.syspath_prepend(tmp_path)
    for module in ("ancestors", "sample"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    (tmp_path / "ancestors.py").write_text(future + HEAD + ANCESTORS)
    (tmp_path / "sample.py").write_text(future + HEAD + text)
    sample = import_module("sample")
    with pytest.raises(BuildError):
        sample.bad()
    for part in ("ancestors", "sample"):
        sys.modules.pop(part, None)
