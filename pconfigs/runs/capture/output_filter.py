"""Output filter: copies its standard input to its standard output, with secrets masked.

It runs by file name, without this package: `python -I -S output_filter.py`. Its descriptor 2 is a
socket. The first line there is JSON: the mask, then the secrets. Each further byte asks for an
answer once all that was written before is on disk: a line with the first problem of writing, empty
without one. The filter leaves its parent once it has read the secrets, and ends when nothing has
the other end of its input any more, also where the run was killed.

The run would end with its filter: nothing could be printed any more. So there are two processes,
and where the system kills one of them, the other one starts its successor.
"""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import AnyStr

_CHUNK = 1 << 16
_LOST = b"\n[some output is lost here: the process that masks it was killed]\n"
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
        self._succeeds = False
        self.problem = ""

    def work(self, guard: int) -> bool:
        """Copy the output; return whether it is to its end, or the guardian of this process ends.

        Args:
            guard: A descriptor that is at its end when the guardian has ended.
        """
        watched = [0, 2, guard]
        while True:
            ready = _readable(watched)
            if guard in ready:
                return False
            if 2 in ready:
                if _is_asked():
                    self.copy_what_waits()
                    _answer(self.problem)
                else:
                    watched.remove(2)  # the run has ended
            elif not self.copy():
                return True

    def succeed(self) -> None:
        """Go on for a process that was killed: the next bytes may be the end of a secret."""
        self._held, self._succeeds = b"", True
        self._write(_LOST)

    def copy(self) -> bool:
        """Copy what there is; return whether there can be more."""
        chunk = os.read(0, _CHUNK)
        text = self._held + chunk
        if self._succeeds:
            if chunk and b"\n" not in text and len(text) < len(self._secrets[0]):
                self._held = text
                return True
            text, self._succeeds = self._without_end_of_secret(text), False
        if not chunk:
            self._write(text)
            return False
        masked, self._held = split_masked(text, self._secrets, self._mask)
        self._write(masked)
        return True

    def _without_end_of_secret(self, text: bytes) -> bytes:
        ends = (one[at:] for one in self._secrets for at in range(1, len(one)))
        return text[max((len(end) for end in ends if text.startswith(end)), default=0) :]

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
    while True:
        guard, held = os.pipe()
        worker = os.fork()
        if worker:
            os.close(guard)
            status = os.waitpid(worker, 0)[1]
            os.close(held)
            if not os.WIFSIGNALED(status):
                os._exit(0)
            output.succeed()
        else:
            os.close(held)
            if output.work(guard):
                os._exit(0)
            os.close(guard)  # from here on this is the guardian


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
