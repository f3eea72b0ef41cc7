"""Sweeps: immutable sequences of experiments, made by varying values of a base.

All points are built and checked when the sweep is, so that a mistake in one is found before any
runs. A sweep has no state: which points have run is a question to the store of runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Generic, NoReturn, TypeVar, overload

from pconfigs.errors.access import FrozenError, UnhashableError
from pconfigs.errors.base import PConfigError
from pconfigs.errors.build import BuildError
from pconfigs.errors.formatting import class_name, counted, given_words
from pconfigs.errors.runs import BadPoint, SweepError
from pconfigs.markers import Secret
from pconfigs.provenance.locations import place_of
from pconfigs.provenance.origins import user_call_site
from pconfigs.schema.class_schema import is_config
from pconfigs.sweeps.combinations import combinations, point_of
from pconfigs.sweeps.settings import holds_secret, setting_words, shown_setting
from pconfigs.tree.edit_tree import Call

C = TypeVar("C")
Settings = Mapping[str, Any]


class Sweep(Sequence[C], Generic[C]):
    """An immutable sequence of configs, none of them equal to another.

    Attributes:
        configs: The points.
        settings: What `psweep` set in each point, by path; empty for a base taken as it is.
        duplicates: How many points were left out because they are equal to an earlier one.
    """

    __slots__ = ("configs", "duplicates", "settings")

    configs: tuple[C, ...]
    settings: tuple[Settings, ...]
    duplicates: int

    def __init__(
        self, configs: Iterable[C], settings: Iterable[Settings] = (), duplicates: int = 0
    ) -> None:
        kept = tuple(configs)
        given = tuple(MappingProxyType(dict(one)) for one in settings)
        object.__setattr__(self, "configs", kept)
        object.__setattr__(self, "settings", given or tuple(MappingProxyType({}) for _ in kept))
        object.__setattr__(self, "duplicates", duplicates)

    def words(self, index: int) -> list[str]:
        """Return what was set in a point as `path=value` texts; values of secrets are left out."""
        return setting_words(self.configs[index], self.settings[index])

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths that any point sets, in the order in which they were given."""
        return tuple(dict.fromkeys(path for one in self.settings for path in one))

    def __len__(self) -> int:
        return len(self.configs)

    @overload
    def __getitem__(self, index: int) -> C: ...
    @overload
    def __getitem__(self, index: slice) -> Sweep[C]: ...
    def __getitem__(self, index: int | slice) -> C | Sweep[C]:
        if isinstance(index, slice):
            return Sweep(self.configs[index], self.settings[index])
        return self.configs[index]

    def __add__(self, other: Sweep[C] | list[C] | tuple[C, ...]) -> Sweep[C]:
        if not isinstance(other, (Sweep, list, tuple)):
            return NotImplemented
        return _joined([self, psweep(other)])

    def __radd__(self, other: list[C] | tuple[C, ...]) -> Sweep[C]:
        if not isinstance(other, (list, tuple)):
            return NotImplemented
        return _joined([psweep(other), self])

    def __eq__(self, other: object) -> bool:
        return self.configs == other.configs if isinstance(other, Sweep) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.configs)

    def __repr__(self) -> str:
        over = f" over {', '.join(map(shown_setting, self.paths))}" if self.paths else ""
        left_out = f", {counted(self.duplicates, 'duplicate')} left out" if self.duplicates else ""
        return f"<sweep of {counted(len(self), 'point')}{over}{left_out}>"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenError(f"a sweep cannot be changed: make another one with psweep({name}=...)")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenError("a sweep cannot be changed")

    def __reduce__(self) -> Any:
        settings = [
            {path: Secret if holds_secret(config, path) else value for path, value in one.items()}
            for config, one in zip_pairs(self)
        ]
        return (Sweep, (self.configs, settings, self.duplicates))


@overload
def psweep(
    base: Sweep[C] | list[C] | tuple[C, ...],
    *,
    grid: Mapping[str, Iterable[Any]] | None = None,
    zip: Mapping[str, Iterable[Any]] | None = None,
    where: Callable[[C], object] | None = None,
) -> Sweep[C]: ...
@overload
def psweep(
    base: C,
    *,
    grid: Mapping[str, Iterable[Any]] | None = None,
    zip: Mapping[str, Iterable[Any]] | None = None,
    where: Callable[[C], object] | None = None,
) -> Sweep[C]: ...
def psweep(
    base: Any,
    *,
    grid: Mapping[str, Iterable[Any]] | None = None,
    zip: Mapping[str, Iterable[Any]] | None = None,
    where: Callable[[Any], object] | None = None,
) -> Sweep[Any]:
    """Return a sequence of variants of a config, each built and checked.

    `psweep(config, grid={"optimizer.rate": [0.1, 0.3], "seed": range(4)})` has eight points.

    Args:
        base: A config, a list of configs or a sweep; several bases are varied one after the other.
        grid: Paths, as for `pset`, and the values to combine: nested loops, the last key fastest.
        zip: Paths and lists of equal length that advance together, inside the loops of `grid`.
        where: Which points to keep: a function of the config.

    Returns:
        The points in order; of points that are equal once their properties are computed, the first.

    Raises:
        SweepError: An argument has the wrong form, or points cannot be built: all that is wrong
            with any of them.
    """
    call = user_call_site()
    bases = _bases(base, call)
    settings, problems = combinations(grid or {}, zip or {})
    if where is not None and not callable(where):
        problems.append(f"where must be a function of a config, got {given_words(where)}")
    if problems:
        raise SweepError(place_of(*call), problems)
    points, wrong = _build_points(bases, settings, where, call)
    count = len(bases) * len(settings)
    if wrong:
        raise SweepError(place_of(*call), _by_reason(wrong), len(wrong), count)
    if not points:
        raise SweepError(place_of(*call), [f"where leaves none of {count} points"])
    found = without_duplicates(points)
    before = base.duplicates if isinstance(base, Sweep) else 0
    return Sweep(found.configs, found.settings, found.duplicates + before)


def _bases(base: Any, call: Call) -> list[tuple[Any, Settings]]:
    """Return the configs that `base` holds, each with what was set in it before."""
    if isinstance(base, Sweep):
        return list(zip_pairs(base))
    if is_config(base):
        return [(base, {})]
    place = place_of(*call)
    if isinstance(base, Mapping):
        base = list(base.values())
    if not isinstance(base, (list, tuple)):
        raise SweepError(
            place, [f"base must be a config, a list of configs or a sweep, got {base!r}"]
        )
    if not base:
        raise SweepError(place, ["base must have at least one config, got an empty list"])
    wrong = [index for index, item in enumerate(base) if not is_config(item)]
    if wrong:
        problems = [
            f"base[{index}] must be a config, got {given_words(base[index])}"
            for index in wrong[:10]
        ]
        raise SweepError(place, problems)
    return [(item, {}) for item in base]


def zip_pairs(sweep: Sweep[C]) -> Iterable[tuple[C, Settings]]:
    """Return each config of a sweep with its settings."""
    return zip(sweep.configs, sweep.settings, strict=True)


def _build_points(
    bases: Sequence[tuple[Any, Settings]],
    settings: Sequence[Settings],
    where: Callable[[Any], object] | None,
    call: Call,
) -> tuple[list[tuple[Any, Settings]], list[tuple[str, Exception]]]:
    """Build all points; also return settings and error of each that cannot be built."""
    points: list[tuple[Any, Settings]] = []
    wrong: list[tuple[str, Exception]] = []
    for base, before in bases:
        for changes in settings:
            try:
                config = point_of(base, changes, call)
                if where is None or where(config):
                    points.append((config, {**before, **changes}))
            except Exception as error:
                words = ", ".join(setting_words(base, {**before, **changes}))
                wrong.append((words, error))
    return points, wrong


def _by_reason(wrong: Sequence[tuple[str, Exception]]) -> list[BadPoint]:
    """Return each reason once, with the points that it concerns."""
    reasons: dict[str, list[tuple[str, Exception]]] = {}
    for words, error in wrong:
        for message in _messages(error):
            reasons.setdefault(message, []).append((words, error))
    return [
        BadPoint(message, [words for words, _ in found], found[0][1])
        for message, found in reasons.items()
    ]


def _messages(error: Exception) -> list[str]:
    """Return what an error reports, each problem of a construction by itself."""
    if isinstance(error, BuildError):
        name = class_name(error.config_class)
        return [problem.words(name, error.place) for problem in error.problems]
    kind = "" if isinstance(error, PConfigError) else f"{type(error).__name__}: "
    return ["\n".join([f"{kind}{error}".strip(": "), *getattr(error, "__notes__", ())])]


def _joined(sweeps: Sequence[Sweep[C]]) -> Sweep[C]:
    found = without_duplicates([pair for sweep in sweeps for pair in zip_pairs(sweep)])
    before = sum(sweep.duplicates for sweep in sweeps)
    return Sweep(found.configs, found.settings, found.duplicates + before)


def without_duplicates(points: Sequence[tuple[C, Settings]]) -> Sweep[C]:
    """Return the points that are equal to no earlier one."""
    kept: list[tuple[C, Settings]] = []
    seen: dict[Any, None] = {}
    unhashable: list[C] = []
    for config, settings in points:
        try:
            if config in seen:
                continue
            seen[config] = None
        except UnhashableError:
            if config in unhashable:
                continue
            unhashable.append(config)
        kept.append((config, settings))
    return Sweep([c for c, _ in kept], [s for _, s in kept], len(points) - len(kept))
