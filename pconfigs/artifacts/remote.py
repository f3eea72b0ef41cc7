"""Remote artifacts: roots under a URL, and files that are downloaded before they are used."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pconfigs.artifacts.digest import content_digest, files_signature, stream_digest
from pconfigs.artifacts.roots import FILES, Describe, next_number
from pconfigs.artifacts.version import Version, is_url, json_bytes
from pconfigs.atomic_files import read_regular
from pconfigs.clients.fsspec import RemoteFolder, download, exists, open_files
from pconfigs.errors.artifacts import ArtifactError, DigestError

CLAIM, DOWNLOADED = "claim", "downloaded.json"


class RemoteRoot(RemoteFolder):
    """A folder under a URL.

    Its file system may have neither folders nor renaming. A number is claimed by a file that only
    one process can make, and the manifest is written last. What a killed process leaves is a
    number without a manifest, which is not a version.
    """

    def publish(self, name: str, copied: Path | None, describe: Describe) -> str:
        """Make the next version of an artifact, and return it."""
        number = 0
        while True:
            # More than the last one, should the list of a store not show it yet.
            number = max(next_number(self, name), number + 1)
            version = f"v{number}"
            home = f"{name}/{version}"
            if not self.create(f"{home}/{CLAIM}", uuid.uuid4().hex.encode()):
                continue
            try:
                there = "" if copied is None else self.upload(copied, f"{home}/{FILES}")
                own = there.removeprefix(f"{home}/")
                for file, content in describe(version, own, "").items():
                    self.write(f"{home}/{file}", content)
            except BaseException:
                self.remove(home)
                raise
            return version


def digest_at(place: str) -> str:
    """Return the digest of the files at a path or a URL.

    Raises:
        FileNotFoundError: There is nothing.
    """
    return stream_digest(open_files(place)) if is_url(place) else content_digest(Path(place))


def is_there(place: str) -> bool:
    """Return whether there are files at a path or a URL."""
    return exists(place) if is_url(place) else Path(place).exists()


def place_of_download(place: str, digest: str, folder: Path) -> Path:
    """Return the folder that the files at a URL are downloaded to; other content, other folder."""
    identity = hashlib.sha256(f"{place}\0{digest}".encode()).hexdigest()[:16]
    name = re.sub(r"[^\w.-]", "_", place.rstrip("/").rpartition("/")[2])
    return folder / f"{identity}-{name[:60]}"


def fetched(version: Version) -> Version:
    """Return a version whose files are here: those under a URL are downloaded, once.

    They appear whole, and with the content that was logged, or not at all.

    Raises:
        ArtifactError: They cannot be downloaded.
        DigestError: Their content is another.
    """
    if not is_url(version.location):
        return version
    held = _downloaded(version.path) or _download(version)
    return replace(version, path=version.path / held["path"], signature=held["signature"])


@contextmanager
def local_copy(place: str) -> Generator[Path]:
    """Hold files here for a while: a path as it is, those under a URL downloaded.

    Raises:
        FileNotFoundError: There is nothing.
    """
    if not is_url(place):
        yield Path(place)
        return
    with TemporaryDirectory() as folder:
        yield download(place, Path(folder))


def _downloaded(final: Path) -> dict[str, str] | None:
    """Return where the files of a copy are, or None where there is no copy.

    Raises:
        ArtifactError: The copy is damaged.
    """
    try:
        held = json.loads(read_regular(str(final / DOWNLOADED)))
        return {key: str(held[key]) for key in ("path", "signature")}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ArtifactError(
            f"{final}: the copy cannot be used: {error}\n    remove this folder, and the files are"
            " downloaded again"
        ) from error


def _download(version: Version) -> dict[str, str]:
    final = version.path
    final.parent.mkdir(parents=True, exist_ok=True)
    folder = final.parent
    with TemporaryDirectory(prefix=".draft-", dir=folder, ignore_cleanup_errors=True) as draft:
        own = Path(draft, final.name)
        (own / FILES).mkdir(parents=True)  # unlike the draft, open to whom the store is open
        try:
            path = download(version.location, own / FILES)
        except FileNotFoundError as error:
            raise ArtifactError(
                f"{version}: its files must be at {version.location}, which does not exist\n"
                "    restore the files, or run the experiment that produces them again"
            ) from error
        digest = content_digest(path)
        if version.digest and digest != version.digest:
            raise DigestError(str(version), version.location, version.digest, digest)
        held = {"path": path.relative_to(own).as_posix(), "signature": files_signature(path)}
        (own / DOWNLOADED).write_bytes(json_bytes(held))
        try:
            own.rename(final)
        except OSError:
            found = _downloaded(final)
            if found is None:
                raise
            return found  # another process was faster
    return held
