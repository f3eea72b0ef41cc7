"""Feed the readers of files, data and words for a time, and report what is foreign.

    python tools/fuzz.py --minutes 60            each reader for an hour
    python tools/fuzz.py --minutes 5 yaml toml   those
    python tools/fuzz.py --coverage yaml         one, led by the lines it reaches (needs atheris)

Readers come in turn, a slice of time each, until each has had its time. A line is printed for each
slice, and an input that does not end in one of our errors with its traceback; such a reader is
left out from there on. The exit code is 1 where there was one.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.fuzz.reader import Reader  # noqa: E402
from tests.fuzz.readers import READERS  # noqa: E402

SLICE = 60.0
"""Seconds for which a reader is fed before it is the turn of the next."""
BATCH = 100


@dataclass(slots=True)
class Fed:
    """The feeding of a reader: inputs, seconds, and whether one was foreign."""

    inputs: int = 0
    seconds: float = 0.0
    failed: bool = False


def fuzzed(reader: Reader, until: float, fed: Fed) -> None:
    """Feed a reader until a time; count the inputs."""

    @settings(
        max_examples=BATCH,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(reader.inputs)
    def feed(given: object) -> None:
        fed.inputs += 1
        reader.read(given)

    while time.monotonic() < until:
        feed()


def fuzz(names: Sequence[str], seconds: float) -> int:
    """Feed readers in turn, each for so many seconds; return the exit code."""
    table = {name: Fed() for name in names}
    while waiting := [n for n, fed in table.items() if fed.seconds < seconds and not fed.failed]:
        for name in waiting:
            fed = table[name]
            start = time.monotonic()
            try:
                fuzzed(READERS[name], start + min(SLICE, seconds - fed.seconds), fed)
            except KeyboardInterrupt:
                raise
            except BaseException:  # what stops an input that takes too long is not an Exception
                fed.failed = True
                traceback.print_exc(limit=-12)
            fed.seconds += time.monotonic() - start
            end = "FAILED" if fed.failed else "nothing foreign"
            line = f"{name:20}{fed.inputs:>10} inputs{fed.seconds / 60:>8.1f} min  {end}"
            print(line, flush=True)
    return int(any(fed.failed for fed in table.values()))


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
    parser.add_argument("--coverage", action="store_true", help="by atheris; one reader")
    asked = parser.parse_args()
    unknown = [name for name in asked.readers if name not in READERS]
    if unknown or (asked.coverage and len(asked.readers) != 1):
        parser.error(f"unknown: {unknown}" if unknown else "--coverage takes one reader")
    if asked.coverage:
        cover(asked.readers[0], 60 * asked.minutes)
    return fuzz(asked.readers or [*READERS], 60 * asked.minutes)


if __name__ == "__main__":
    raise SystemExit(main())
