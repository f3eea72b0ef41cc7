"""Files: written whole or not at all, read without waiting, and where what can be made anew is."""

from __future__ import annotations

import errno
import os
from stat import S_ISREG

from pconfigs.locks import lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def regular(path: str, flags: int, mode: int = 0o777) -> int:
    """Open a regular file, for `open(path, opener=regular)`; opening another may block for ever.

    Args:
        path: Of the file.
        flags: As `os.open` takes them.
        mode: Of a file that is made.

    Raises:
        OSError: It cannot be opened, or is a folder, a device or a FIFO.
    """
    # Without O_NONBLOCK, opening a FIFO waits until another process writes to it.
    number = os.open(path, flags | getattr(os, "O_NONBLOCK", 0), mode)
    if not S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(errno.EINVAL, "it must be a regular file", path)
    return number


def read_regular(path: str, most: int = -1) -> bytes:
    """Return the bytes of a regular file, at most so many.

    Raises:
        OSError: It cannot be read, or is a folder, a device or a FIFO.
    """
    with open(path, "rb", opener=regular) as file:
        return file.read(most)


def own_folder(folder: str, *names: str) -> str:
    """Return a folder in one that others may write to, made where it is missing.

    A link that another user put in the place of one of them would lead what is written elsewhere.
    One's own leads to where one has moved what is large.

    Args:
        folder: Which is there.
        names: Of the folders in it, each in the one before.

    Raises:
        OSError: It cannot be made, or one of them is a link of another user.
    """
    for name in names:
        folder = os.path.join(folder, name)
        try:
            os.mkdir(folder)
        except FileExistsError:
            if os.path.islink(folder) and os.lstat(folder).st_uid != _user():
                problem = "it must not be a link of another user"
                raise OSError(errno.ELOOP, problem, folder) from None
    return folder


def _user() -> int:
    return os.geteuid() if hasattr(os, "geteuid") else 0


def write_text(path: str, text: str) -> None:
    """Put `text` into a file in one step: a reader sees the old text or the new one."""
    replace_file(path, text.encode("utf-8", "surrogateescape"))


def replace_file(path: str, content: bytes) -> None:
    """Put a file with this content in the place of `path`, in one step.

    Raises:
        OSError: It cannot be written, or `path` is a device, a FIFO, a folder or a link to itself.
    """
    _put(path, content, os.replace)


def replace_own(path: str, content: bytes) -> None:
    """Do the same in a folder that others may write to: a link is replaced, and not followed.

    Raises:
        OSError: It cannot be written, or `path` is a device, a FIFO or a folder.
    """
    if os.path.islink(path):
        _unlink(path)
    replace_file(path, content)


def create_file(path: str, content: bytes) -> None:
    """Make a file with this content, in one step.

    Raises:
        FileExistsError: It is there already, or another process was faster.
    """
    _put(path, content, _link)


def named(error: OSError, path: str) -> OSError:
    """Return an error with the name of a file: of writing, the system reports none."""
    return OSError(error.errno, error.strerror, path)


def cache_folder() -> str:
    """Return the folder in which the user's programs keep what they can make anew."""
    return os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")


def read_cache(path: str) -> bytes:
    """Return what `write_cache` put into a file.

    Raises:
        OSError: It cannot be read, or is damaged.
    """
    check, _, content = read_regular(path).partition(b"\n")
    if check != _check(content):
        raise OSError(errno.EINVAL, "it is damaged", path)
    return content


def write_cache(path: str, content: bytes) -> None:
    """Put content into a file of the user's cache in one step, if its folder can be written to."""
    try:
        os.makedirs(os.path.dirname(path) or os.curdir, exist_ok=True)
        replace_file(path, _check(content) + b"\n" + content)
    except OSError:
        pass  # what is made anew each time costs time only


def _check(content: bytes) -> bytes:
    """Return the first line of a file in the cache, by which one that is damaged is known."""
    # CRC-32, as hashlib takes longer to load than completion may take.
    from binascii import crc32

    return b"%08x" % crc32(content)


def _put(path: str, content: bytes, put: Callable[[str, str], None]) -> None:
    """Write a draft in the folder of `path`, and let `put` make it the file of that name."""
    real = os.path.realpath(path)
    folder, name = os.path.split(real)
    try:
        mode = _mode_of(real)
        start = f".{name[:100]}."
        _remove_abandoned(folder, start)
        number, draft = _new_draft(folder, start, 0o666 if mode is None else mode)
        try:
            with open(number, "wb") as file:
                file.write(content)
                file.flush()
                if mode is not None:
                    # The mode of a new file is left to the umask, that of an old one is kept.
                    os.chmod(draft, mode)
                os.fsync(number)
                # Closed only after it has its name: until then it is locked, and not abandoned.
                if os.name == "posix":
                    put(draft, real)
            if os.name != "posix":
                put(draft, real)
        except BaseException:
            _unlink(draft)
            raise
        sync_folder(folder)
    except OSError as error:
        # Python names the draft, which users do not know, or nothing.
        raise named(error, path) from error


def _new_draft(folder: str, start: str, mode: int) -> tuple[int, str]:
    """Return the descriptor and the path of a file that is new and locked."""
    from secrets import token_hex

    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        draft = os.path.join(folder, f"{start}{token_hex(4)}.tmp")
        try:
            number = os.open(draft, flags, mode)
        except FileExistsError:
            continue
        lock(number, wait=True)
        if os.name != "posix" or os.fstat(number).st_nlink:
            return number, draft
        # Another writer has found it before it was locked, and removed it.
        os.close(number)


def _remove_abandoned(folder: str, start: str) -> None:
    """Remove the drafts of writers that were killed: those that nothing has locked."""
    if os.name != "posix":
        return
    for entry in os.listdir(folder):
        if entry.startswith(start) and _is_draft(entry[len(start) :]):
            draft = os.path.join(folder, entry)
            try:
                number = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            except OSError:
                continue
            with open(number, "rb"):
                if lock(number, wait=False):
                    _unlink(draft)


def _is_draft(ending: str) -> bool:
    """Return whether the end of a name is that of a draft: eight hexadecimal digits, `.tmp`."""
    return len(ending) == 12 and ending[8:] == ".tmp" and not ending[:8].strip("0123456789abcdef")


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


def _link(draft: str, path: str) -> None:
    # Unlike a renaming, a link fails where the name is taken.
    os.link(draft, path)
    os.unlink(draft)


def _mode_of(path: str) -> int | None:
    """Return the permissions of the file that is replaced, or None where there is none.

    Raises:
        OSError: It is not a regular file.
    """
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return None
    if not S_ISREG(mode):
        raise OSError(errno.EEXIST, "it exists and is not a regular file", path)
    return mode & 0o777


def sync_folder(folder: str) -> None:
    """Let the new name survive a power cut, where the system can promise that."""
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
