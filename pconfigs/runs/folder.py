"""The folder of one run: its small files, read and written whole."""

from __future__ import annotations

import json
import os

from pconfigs import errors
from pconfigs.annotations.kinds import is_dict
from pconfigs.atomic_files import named, read_regular, regular
from pconfigs.errors.formatting import shown_file
from pconfigs.runs.reading.shapes import parse
from pconfigs.runs.status import LOST, QUEUED, RUNNING, Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedWriter
    from typing import Any

RUN, CONFIG, STATUS, CODE_FILE = "run.json", "config.json", "status.json", "code.json"
LOG, READS = "log.txt", "reads.json"
GONE = "gone.json"
"""What is noted of an attempt that ended without a status, by its launcher or by hand."""
ATTEMPTS, FILES = "attempts", "files"
_DIGITS = 10


class RunFolder:
    """The folder of one run.

    Attributes:
        path: Its absolute path.
    """

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = os.path.abspath(path)

    def __repr__(self) -> str:
        return f"RunFolder({self.path!r})"

    @property
    def name(self) -> str:
        """The run's name, which is unique in its store."""
        return self.path.rpartition(os.sep)[2]

    @property
    def shown(self) -> str:
        """The path as a user would type it here."""
        return shown_file(self.path)

    @property
    def files(self) -> str:
        """The folder for the run's own files."""
        return os.path.join(self.path, FILES)

    @property
    def store_folder(self) -> str:
        """The folder of the store that the run lies in."""
        above = os.path.dirname(self.path)
        return os.path.dirname(above) if os.path.basename(above).startswith(".") else above

    @property
    def is_smoke(self) -> bool:
        """Whether it is the folder of a smoke run."""
        return os.path.basename(os.path.dirname(self.path)).startswith(".")

    def file(self, name: str) -> str:
        """Return the path of a file of the record."""
        return os.path.join(self.path, name)

    def of_ranks(self, name: str) -> list[str]:
        """Return the names of the files that ranks, and their children, have of a kind, sorted."""
        stem, _, suffix = name.partition(".")
        try:
            names = os.listdir(self.path)
        except FileNotFoundError:
            return []
        start, end = f"{stem}.", f".{suffix}"
        return sorted(one for one in names if one.startswith(start) and one.endswith(end))

    def read(self, name: str) -> dict[str, Any] | None:
        """Return the JSON object in a file; None where the file is missing.

        Raises:
            StoreError: The file is damaged, not a regular one, or may not be read.
        """
        path = self.file(name)
        try:
            return parse(read_regular(path), name)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (ValueError, OSError) as error:
            problem = error.strerror if isinstance(error, OSError) else error
            raise errors.StoreError(
                shown_file(path), f"the record cannot be read: {problem}"
            ) from error

    def read_whole(self, name: str) -> dict[str, Any]:
        """Return the JSON object in a file; an empty one where it is missing or damaged.

        A power cut may leave a file empty that was not waited for. It counts as absent.
        """
        try:
            return self.read(name) or {}
        except errors.StoreError:
            return {}

    def write(self, name: str, data: object, final: bool = False) -> None:
        """Replace a JSON file in one step; with `final`, also on the disk before returning."""
        replace(self.file(name), encoded(data), final)

    def status(self) -> Status:
        """Return the state of the run now; a run without status.json is queued or lost."""
        found = self._status()
        # Its process may have written its end, and ended, after status.json was read.
        return self._status() if found.state == LOST else found

    def _status(self) -> Status:
        data = self.read(STATUS)
        if data is None:
            data = {"state": QUEUED if os.path.isfile(self.file(RUN)) else LOST}
        # What an engine reports of a process that cannot be seen from here.
        return Status(data, self.read(GONE) if data.get("state") == RUNNING else None)

    def attempts(self) -> list[dict[str, Any]]:
        """Return the facts of each attempt, oldest first."""
        found = (self.read_whole(f"{ATTEMPTS}/{one}.json") for one in self.numbers(ATTEMPTS))
        return [attempt for attempt in found if attempt]

    def numbers(self, folder: str) -> list[int]:
        """Return the numbers of the files `1.json`, `2.json`, ... in a folder, sorted."""
        try:
            names = os.listdir(self.file(folder))
        except FileNotFoundError:
            return []
        words = (name.removesuffix(".json") for name in names if name.endswith(".json"))
        return sorted(filter(None, map(number_in, words)))


def number_in(text: str) -> int:
    """Return the number in a name; 0 for another word or a number that no counting gets to."""
    return int(text) if len(text) < _DIGITS and text.isdecimal() else 0


def of_rank(name: str, rank: int) -> str:
    """Return the name of the file that a rank has of a kind: `log.r1.txt`; rank 0 has `log.txt`."""
    stem, _, suffix = name.partition(".")
    return f"{stem}.r{rank}.{suffix}" if rank else name


class LineFile:
    """A file that lines are appended to, each by one call of the system.

    A process that is killed leaves whole lines, and at most one torn line at the end, which readers
    drop and the next writer ends.

    Args:
        path: Of the file, which is created or continued.
    """

    __slots__ = ("_number", "_torn", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self._number = appended(path, os.O_RDWR)
        size = os.fstat(self._number).st_size
        self._torn = size > 0 and os.pread(self._number, 1, size - 1) != b"\n"

    def append(self, line: bytes) -> None:
        """Append a line, which has its end.

        Raises:
            OSError: It could not be written, or not the whole of it.
        """
        if self._torn:
            line = b"\n" + line
        try:
            written = os.write(self._number, line)
        except OSError as error:
            raise named(error, self.path) from error
        self._torn = written < len(line)
        if self._torn:
            raise OSError(28, f"only {written} of {len(line)} bytes of a line fit", self.path)

    def close(self) -> None:
        """Close the file."""
        os.close(self._number)


def append_line(path: str, data: object) -> None:
    """Append `data` to a file as a line of JSON: see `LineFile`."""
    file = LineFile(path)
    try:
        file.append(f"{_dumps(data)}\n".encode("utf-8", "backslashreplace"))
    finally:
        file.close()


def lines_in(folder: RunFolder, name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects in the lines of a file; torn and damaged lines are left out."""
    try:
        content = read_regular(folder.file(name))
    except (FileNotFoundError, NotADirectoryError):
        return
    for line in content.split(b"\n")[:-1]:
        try:
            found = parse(line, name)
        except ValueError:
            continue
        yield found


def encoded(data: object) -> bytes:
    """Return `data` as the text of a JSON file, a line for each entry at the top."""
    # Names that are not UTF-8 have surrogates, which JSON escapes as backslashreplace does.
    if is_dict(data):
        entries = (f"{_dumps(str(key))}: {_dumps(value)}" for key, value in data.items())
        text = "{\n" + ",\n".join(entries) + "\n}\n"
    else:
        text = _dumps(data) + "\n"
    return text.encode("utf-8", "backslashreplace")


def _dumps(data: object) -> str:
    return json.dumps(data, ensure_ascii=False)


def appended(path: str, flags: int) -> int:
    """Open a file of the record to be appended to, which is made where it is missing.

    Raises:
        OSError: It cannot be opened, or is a link, a folder, a device or a FIFO: none of ours is.
    """
    flags |= os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
    return regular(path, flags, 0o666)


def put(path: str, content: bytes, mode: str = "wb") -> None:
    """Write bytes to a file, or append them; an error names the file, which the system does not."""
    try:
        with open(path, mode, opener=appended if mode == "ab" else None) as file:
            file.write(content)
    except OSError as error:
        raise named(error, path) from error


def _new(path: str) -> BufferedWriter:
    """Make a file, in the place of one that a process of this number has left, or of a link."""
    try:
        return open(path, "xb")
    except FileExistsError:
        os.unlink(path)
        return open(path, "xb")


def replace(path: str, content: bytes, final: bool = False) -> None:
    """Put `content` in the place of a file in one step.

    Unlike `atomic_files`, nothing waits for the disk unless it is final: a run that starts must
    not pay for that, and a file that a power cut takes back is found as absent.
    """
    draft = f"{path}.{os.getpid()}.tmp"
    try:
        with _new(draft) as file:
            file.write(content)
            if final:
                file.flush()
                os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        if os.path.lexists(draft):
            os.unlink(draft)
        raise named(error, path) from error
