"""fsspec: files under s3://, gs://, hf://, memory://, file:// and the other file systems it knows.

Each is opened as fsspec opens it: accounts come from the environment variables and files of the
service, never from a URL.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Any

from pconfigs.atomic_files import read_regular, regular, replace_own
from pconfigs.clients import imported, without_accounts
from pconfigs.errors.artifacts import ArtifactError

_PASSWORD = re.compile(r"://[^/]*:[^/]*@")
_ABSENT = (FileNotFoundError, NotADirectoryError)


class RemoteFolder:
    """A folder of a file system, by its URL; names in it are relative, with `/`.

    Raises:
        ArtifactError: Its file system is not known here, or the URL has a password in it.
    """

    def __init__(self, url: str) -> None:
        self.place = url.rstrip("/")
        self._system, self._base = _opened(url)

    def entries(self, folder: str) -> list[str]:
        """Return the names of what is in a folder; none where it is missing."""
        path = self._path(folder)
        with _named(self.place):
            self._system.invalidate_cache()  # other processes add to it
            try:
                found = self._system.ls(path, detail=False)
            except _ABSENT:
                return []
        return [posixpath.basename(one.rstrip("/")) for one in found if one.rstrip("/") != path]

    def read(self, file: str) -> bytes | None:
        """Return the content of a file; None where it is missing."""
        path = self._path(file)
        with _named(self.place):
            try:
                if _is_disk(self._system):
                    return read_regular(path)
                return bytes(self._system.cat_file(path))
            except _ABSENT:
                return None

    def has(self, file: str) -> bool:
        """Return whether a file is there."""
        with _named(self.place):
            return bool(self._system.isfile(self._path(file)))

    def write(self, file: str, content: bytes) -> None:
        """Replace a file, in one step where the file system can do that."""
        path = self._path(file)
        with _named(self.place):
            if _is_disk(self._system):  # fsspec would write elsewhere first
                os.makedirs(posixpath.dirname(path), exist_ok=True)
                replace_own(path, content)
            else:
                self._with_folder(path, lambda: self._commit(path, content))

    def create(self, file: str, content: bytes) -> bool:
        """Make a file that is not there yet; return whether it is this one that is there now.

        Where the file system has no such step, of two processes the later one wins.
        """
        path = self._path(file)

        def make() -> None:
            with self._system.open(path, "xb") as out:
                out.write(content)

        with _named(self.place):
            try:
                self._with_folder(path, make)
            except FileExistsError:
                return False
            return bytes(self._system.cat_file(path)) == content

    def upload(self, path: Path, into: str) -> str:
        """Copy a file or a folder below `into`; return where it is.

        Raises:
            ArtifactError: A link in it leads to a folder.
        """
        if path.is_file():
            self._put(path, f"{into}/{path.name}")
            return f"{into}/{path.name}"
        for file in sorted(path.rglob("*")):
            if file.is_symlink() and file.is_dir():
                raise ArtifactError(
                    f"{file}: a file must be uploaded, got a link to a folder\n"
                    "    log the folder that it leads to as an artifact of its own"
                )
            if not file.is_dir():
                self._put(file, f"{into}/{file.relative_to(path).as_posix()}")
        return into

    def remove(self, folder: str) -> None:
        """Remove a folder and all in it, where that can be done."""
        with suppress(Exception):  # it is removed because of another error, which is raised
            self._system.rm(self._path(folder), recursive=True)

    def _put(self, source: Path, file: str) -> None:
        path = self._path(file)

        def copy() -> None:
            with source.open("rb") as held, self._system.open(path, "wb") as out:
                _copy(held, out)

        with _named(self.place):
            self._with_folder(path, copy)

    def _commit(self, path: str, content: bytes) -> None:
        out = self._system.open(path, "wb", autocommit=False)
        try:
            out.write(content)
            out.close()
        except BaseException:
            out.discard()
            raise
        out.commit()

    def _with_folder(self, path: str, write: Callable[[], None]) -> None:
        """Write a file; where that needs its folder, make it and write again."""
        try:
            write()
        except FileNotFoundError:
            # The bucket; of a disk, the first folder.
            parts = PurePosixPath(path).parts
            top = posixpath.join(*parts[: 2 if path[0] == "/" else 1])
            if not self._system.exists(top):  # a bucket that is not there is a mistake
                raise ArtifactError(
                    f"{self.place}: {top} must be there, and is not\n"
                    "    make it, or correct the address"
                ) from None
            self._system.makedirs(posixpath.dirname(path), exist_ok=True)
            write()

    def _path(self, name: str) -> str:
        return f"{self._base}/{name}" if name else self._base


def open_files(url: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield each file below a URL, sorted by its relative name; "" where the URL is a file.

    Raises:
        FileNotFoundError: There is nothing at the URL.
    """
    system, base = _opened(url)
    with _named(url):
        for name, path in _files(system, base):
            with _reading(system, path) as file:
                yield name, file


def exists(url: str) -> bool:
    """Return whether there is a file or a folder at a URL."""
    system, base = _opened(url)
    with _named(url):
        system.invalidate_cache()
        return bool(system.exists(base))


def download(url: str, into: Path) -> Path:
    """Copy a file or a folder below `into`; return where it is.

    Raises:
        FileNotFoundError: There is nothing at the URL.
        ArtifactError: A name would lead out of the folder, or the files cannot be read.
    """
    path, name = into, ""
    with _named(url):
        for name, file in open_files(url):
            path = into / (name or posixpath.basename(url.rstrip("/")))
            if not path.resolve().is_relative_to(into.resolve()):
                raise ArtifactError(f"{url}: a name must be below it, got {name!r}\n    rename it")
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as out:
                _copy(file, out)
    return into if name else path


def _files(system: Any, base: str) -> list[tuple[str, str]]:
    """Return relative name and path of each file, sorted by name."""
    system.invalidate_cache()
    if system.isfile(base):
        return [("", base)]
    found = system.find(base)
    if not found:
        raise FileNotFoundError(2, "No such file or directory", base)
    return sorted((one[len(base) :].lstrip("/"), one) for one in found if one[-1] != "/")


@contextmanager
def _reading(system: Any, path: str) -> Generator[IO[bytes]]:
    """Hold a file open; on a disk, a device or a FIFO is refused, which may never end."""
    with open(path, "rb", opener=regular) if _is_disk(system) else system.open(path) as file:
        yield file


def _is_disk(system: Any) -> bool:
    """Return whether files of a file system are on a disk, under their own paths."""
    return "file" in system.protocol


def _copy(source: IO[bytes], out: IO[bytes]) -> None:
    while block := source.read(1 << 20):
        out.write(block)


def _opened(url: str) -> tuple[Any, str]:
    if _PASSWORD.search(url):
        raise ArtifactError(
            f"{url.partition('://')[0]}://...: a URL must have no password in it\n"
            "    set the variables of the service, or write its file of accounts"
        )
    fsspec = imported("fsspec", "fsspec", "remote", "an artifact under a URL")
    with _named(url):
        system, path = fsspec.core.url_to_fs(url)
    return system, str(path).rstrip("/")


@contextmanager
def _named(place: str) -> Generator[None]:
    """Raise what a file system raises with the place, and as one kind of error."""
    try:
        yield
    except (ArtifactError, *_ABSENT):
        raise
    except Exception as error:  # services raise classes of their own: only their texts differ
        raise ArtifactError(
            f"{place}: it cannot be used: {type(error).__name__}: {without_accounts(str(error))}\n"
            "    look at the address, the account, and the package for this kind of address"
        ) from error
