"""Feed the readers of files, data and words for a time, and report what is foreign.

    python tools/fuzz.py --minutes 60            each reader for an hour
    python tools/fuzz.py --minutes 5 yaml toml   those
    python tools/fuzz.py --keep fed.pickle       go on where an earlier feeding ended
    python tools/fuzz.py --coverage yaml         one, led by the lines it reaches (needs atheris)

Readers come in turn, a slice of time each, until each has had its time; what counts is the time of
the processor. The first inputs are made by hypothesis, the others from those that came before: with
Python 3.12 and later, inputs that reach lines of the library that none has reached are used for
more. A line is printed for each slice, and an input that does not end in one of our errors with its
traceback; such a reader is left out from there on. The exit code is 1 where there was one.

With `--keep`, the time that each reader has had and the inputs that others are made from are
written to a file after each slice, so that an hour may be made up of several runs. The file is a
pickle, which runs code when it is loaded: name only one that you wrote.
"""

from __future__ import annotations

import argparse
import pickle
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import CodeType
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.fuzz.mutation import Mutator  # noqa: E402
from tests.fuzz.reader import Reader  # noqa: E402
from tests.fuzz.readers import READERS  # noqa: E402

SLICE = 30.0
"""Seconds for which a reader is fed before it is the turn of the next."""
SEEDS = 400
"""Inputs of a reader that hypothesis makes."""
FRESH = 20
"""Inputs of hypothesis that each slice adds to them."""
LIBRARY = str(ROOT / "pconfigs")


@dataclass(slots=True)
class Fed:
    """The feeding of a reader.

    Attributes:
        inputs: How many it got.
        seconds: The time of the processor that they took.
        failed: Whether one was foreign.
        corpus: The inputs that others are made from.
        lines: Those of the library that it reached, as (file, line); empty before Python 3.12.
    """

    inputs: int = 0
    seconds: float = 0.0
    failed: bool = False
    corpus: list[Any] = field(default_factory=list)
    lines: set[tuple[str, int]] = field(default_factory=set)


def watch_lines(fed: Fed) -> None:
    """Add the lines of the library that are reached from here on to those of a reader."""
    if sys.version_info < (3, 12):
        return
    monitoring = sys.monitoring
    tool = monitoring.COVERAGE_ID

    def reach(code: CodeType, line: int) -> object:
        if code.co_filename.startswith(LIBRARY):
            fed.lines.add((code.co_filename, line))
        return monitoring.DISABLE  # until the turn of the next reader

    if monitoring.get_tool(tool) is None:
        monitoring.use_tool_id(tool, "fuzz")
        monitoring.set_events(tool, monitoring.events.LINE)
    monitoring.register_callback(tool, monitoring.events.LINE, reach)
    monitoring.restart_events()


def seed(reader: Reader, count: int, fed: Fed) -> None:
    """Feed a reader with inputs of hypothesis, which are kept."""

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(reader.inputs)
    def feed(given: object) -> None:
        fed.inputs += 1
        fed.corpus.append(given)
        reader.read(given)

    feed()


def fuzzed(reader: Reader, until: float, fed: Fed, random: Random) -> None:
    """Feed a reader until a time of the processor."""
    watch_lines(fed)
    seed(reader, FRESH if fed.corpus else SEEDS, fed)
    mutator = Mutator(random, fed.corpus)
    while time.process_time() < until:
        made, before = mutator.make(), len(fed.lines)
        fed.inputs += 1
        try:
            reader.read(made)
        except BaseException:
            print(f"given = {made!a:.20000}", file=sys.stderr)
            raise
        if len(fed.lines) > before:
            fed.corpus.append(made)


def kept(file: Path | None) -> dict[str, Fed]:
    """Return what earlier runs did for each reader; those that failed begin again."""
    if file is None or not file.exists():
        return {}
    table: dict[str, Fed] = pickle.loads(file.read_bytes())
    return {name: fed for name, fed in table.items() if not fed.failed}


def keep(file: Path | None, table: dict[str, Fed]) -> None:
    """Write what has been done, so that a run that is killed loses no more than a slice."""
    if file is not None:
        draft = file.with_name(f"{file.name}.draft")
        draft.write_bytes(pickle.dumps(table))
        draft.replace(file)


def fuzz(names: Sequence[str], seconds: float, file: Path | None = None) -> int:
    """Feed readers in turn, each for so many seconds; return the exit code."""
    table = kept(file)
    random = Random()
    feeding = [table.setdefault(name, Fed()) for name in names]
    while any(fed.seconds < seconds and not fed.failed for fed in feeding):
        for name in names:
            fed = table[name]
            if fed.failed or fed.seconds >= seconds:
                continue
            start = time.process_time()
            until = start + min(SLICE, seconds - fed.seconds)
            try:
                fuzzed(READERS[name], until, fed, random)
            except KeyboardInterrupt:
                raise
            except BaseException:  # what stops an input that takes too long is not an Exception
                fed.failed = True
                traceback.print_exc(limit=-12)
            fed.seconds += time.process_time() - start
            end = "FAILED" if fed.failed else "nothing foreign"
            counts = f"{fed.inputs:>10} inputs{fed.seconds / 60:>8.1f} min{len(fed.lines):>7} lines"
            line = f"{name:20}{counts}  {end}"
            print(line, flush=True)
            keep(file, table)
    return int(any(fed.failed for fed in feeding))


def cover(name: str, seconds: float) -> None:
    """Feed a reader with inputs that atheris makes from the lines which earlier ones reached."""
    import atheris  # type: ignore[import-not-found]  # an option, which has no types

    reader = READERS[name]
    atheris.instrument_all()

    @settings(database=None, deadline=None)
    @given(reader.inputs)
    def feed(given: object) -> None:
        reader.read(given)

    atheris.Setup([sys.argv[0], f"-max_total_time={int(seconds)}"], feed.hypothesis.fuzz_one_input)
    atheris.Fuzz()


def main() -> int:
    """Feed what the command line asks for; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("readers", nargs="*", metavar="READER", help=f"of {', '.join(READERS)}")
    parser.add_argument("--minutes", type=float, default=60.0, help="for each reader")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="go on from this file")
    parser.add_argument("--coverage", action="store_true", help="by atheris; one reader")
    asked = parser.parse_args()
    unknown = [name for name in asked.readers if name not in READERS]
    if unknown or (asked.coverage and len(asked.readers) != 1):
        parser.error(f"unknown: {unknown}" if unknown else "--coverage takes one reader")
    if asked.coverage:
        cover(asked.readers[0], 60 * asked.minutes)
    return fuzz(asked.readers or [*READERS], 60 * asked.minutes, asked.keep)


if __name__ == "__main__":
    raise SystemExit(main())
