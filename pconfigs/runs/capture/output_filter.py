"""Output filter: copies its standard input to its standard output, with secrets masked.

It runs by file name, without this package: `python -I -S output_filter.py`. Its descriptor 2 is a
socket. The first line there is JSON: the mask, then the secrets. Each further byte asks for an
answer once all that was written before is on disk: a line with the first problem of writing, empty
without one. The filter leaves its parent once it has read the secrets, and ends when nothing has
the other end of its input any more, also where the run was killed.
"""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import AnyStr

_CHUNK = 1 << 16
_MOST_IN_A_PIPE = 1 << 20


def split_masked(text: AnyStr, secrets: Sequence[AnyStr], mask: AnyStr) -> tuple[AnyStr, AnyStr]:
    """Return `text` with secrets masked but for its end, and that end, which may begin a secret.

    Args:
        text: What is written next, after the end of what was written before.
        secrets: Longest first.
        mask: What is written for each.
    """
    held = _possible_starts(text, secrets)
    places = [text.find(secret) for secret in secrets]
    done, at = text[:0], 0
    while True:
        found = [(place, index) for index, place in enumerate(places) if place >= 0]
        place, index = min(found, default=(len(text), -1))
        start = next((start for start in held if start >= at), len(text))
        if start <= place:
            return done + text[at:start], text[start:]
        done += text[at:place] + mask
        at = place + len(secrets[index])
        places = [
            place if place < 0 or place >= at else text.find(secret, at)
            for place, secret in zip(places, secrets, strict=True)
        ]


def _possible_starts(text: AnyStr, secrets: Sequence[AnyStr]) -> list[int]:
    """Return the places from which to its end `text` is the start of a longer secret."""
    longest = max(map(len, secrets), default=0)
    return [
        at
        for at in range(max(0, len(text) - longest + 1), len(text))
        if any(len(one) > len(text) - at and one[: len(text) - at] == text[at:] for one in secrets)
    ]


class _Filter:
    """Copies output, and remembers the first problem of writing it."""

    def __init__(self, secrets: Sequence[bytes], mask: bytes) -> None:
        self._secrets, self._mask = sorted(secrets, key=len, reverse=True), mask
        self._held = b""
        self.problem = ""

    def copy(self) -> bool:
        """Copy what there is; return whether there can be more."""
        chunk = os.read(0, _CHUNK)
        if not chunk:
            self._write(self._held)
            return False
        masked, self._held = split_masked(self._held + chunk, self._secrets, self._mask)
        self._write(masked)
        return True

    def copy_what_waits(self) -> None:
        """Copy what had been written before this was called."""
        for _ in range(_MOST_IN_A_PIPE // _CHUNK):
            if not _readable([0], 0) or not self.copy():
                return

    def _write(self, content: bytes) -> None:
        try:
            while content:
                content = content[os.write(1, content) :]
        except OSError as error:
            self.problem = self.problem or str(error)


def _first_line() -> list[str]:
    content = b""
    while not content.endswith(b"\n"):
        more = os.read(2, _CHUNK)
        if not more:
            os._exit(1)  # without secrets nothing may be copied
        content += more
    found: list[str] = json.loads(content)
    return found


def _answer(text: str) -> None:
    try:
        os.write(2, f"{text}\n".encode())
    except BrokenPipeError:
        return  # the run was killed meanwhile


def run() -> None:
    """Copy the output to its end."""
    # Nothing is asked before the parent has seen the end of this process.
    mask, *secrets = (one.encode("utf-8", "surrogateescape") for one in _first_line())
    if os.fork():
        os._exit(0)  # the run waits for its own children alone
    output = _Filter(secrets, mask)
    watched = [0, 2]
    while True:
        ready = _readable(watched)
        if 2 in ready:
            if _is_asked():
                output.copy_what_waits()
                _answer(output.problem)
            else:
                watched.remove(2)  # the run has ended
        elif not output.copy():
            return


def _readable(descriptors: list[int], patience: float | None = None) -> list[int]:
    """Return the descriptors that can be read from, once there is one."""
    # Here, so that programs that take `split_masked` from this module do not load it.
    from select import select

    return select(descriptors, [], [], patience)[0]


def _is_asked() -> bool:
    try:
        return bool(os.read(2, 1))
    except ConnectionResetError:
        return False


if __name__ == "__main__":
    run()
