"""Files: written whole or not at all."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def write_text(path: str, text: str) -> None:
    """Put `text` into a file, in one step: whoever reads it sees the old text or the new one."""
    replace_file(path, text.encode("utf-8", "surrogateescape"))


def replace_file(path: str, content: bytes) -> None:
    """Put a file with this content in the place of `path`, in one step."""
    _put(path, content, os.replace)


def create_file(path: str, content: bytes) -> None:
    """Make a file with this content, in one step.

    Raises:
        FileExistsError: It is there already, or another process was faster.
    """
    _put(path, content, _link)


def _put(path: str, content: bytes, put: Callable[[str, str], None]) -> None:
    """Write a draft beside `path`, and let `put` make it the file of that name."""
    from tempfile import mkstemp

    real = os.path.realpath(path)
    folder, name = os.path.split(real)
    try:
        number, draft = mkstemp(prefix=f".{name[:100]}.", suffix=".tmp", dir=folder)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(draft, _mode_of(real))
            put(draft, real)
        except BaseException:
            os.unlink(draft)
            raise
    except OSError as error:
        # Nobody knows the draft that Python names.
        raise OSError(error.errno, error.strerror, path) from error
    _sync_folder(folder)


def _link(draft: str, path: str) -> None:
    # Unlike a renaming, a link fails where the name is taken.
    os.link(draft, path)
    os.unlink(draft)


def _mode_of(path: str) -> int:
    """The permissions of the file that is replaced, or those that a new one gets."""
    try:
        return os.stat(path).st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _sync_folder(folder: str) -> None:
    """Let the new name survive a power cut, where the system can promise that."""
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
