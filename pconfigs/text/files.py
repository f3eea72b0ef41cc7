"""Files: text written whole or not at all."""

from __future__ import annotations

import os


def write_whole(path: str, text: str) -> None:
    """Put `text` into a file, in one step: whoever reads it sees the old text or the new one."""
    from tempfile import NamedTemporaryFile

    path = os.path.realpath(path)
    folder, name = os.path.split(path)
    with NamedTemporaryFile(dir=folder, prefix=f".{name}.", delete=False) as file:
        try:
            file.write(text.encode("utf-8", "surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, _mode(path))
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def _mode(path: str) -> int:
    """The permissions that a file has, or would have if it were made anew."""
    try:
        return os.stat(path).st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
