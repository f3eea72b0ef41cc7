"""Files: written whole or not at all."""

from __future__ import annotations

import os


def write_whole(path: str, text: str) -> None:
    """Put `text` into a file, in one step: whoever reads it sees the old text or the new one."""
    replace_file(path, text.encode("utf-8", "surrogateescape"))


def replace_file(path: str, content: bytes) -> None:
    """Put a file with this content in the place of `path`, at once; links are followed.

    Raises:
        OSError: It cannot be written; the error is about `path`.
    """
    import tempfile

    name = os.path.realpath(path)
    folder, base = os.path.split(name)
    try:
        number, made = tempfile.mkstemp(prefix=f".{base[:100]}.", suffix=".tmp", dir=folder)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(made, _mode_of(name))
            os.replace(made, name)
        except BaseException:
            os.unlink(made)
            raise
    except OSError as error:
        # Nobody knows the temporary file that Python names.
        raise OSError(error.errno, error.strerror, path) from error
    _sync_folder(folder)


def _mode_of(name: str) -> int:
    """The permissions of the file that is replaced, or those that a new one gets."""
    try:
        return os.stat(name).st_mode & 0o777
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
