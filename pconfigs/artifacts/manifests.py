"""Manifests: the versions of artifacts below one root.

    {root}/{name}/v{N}/manifest.json    name, version, type, path, producer, metadata, ...
    {root}/{name}/v{N}/metadata.json    what readers of the format look metadata up in
    {root}/{name}/v{N}/files/           a copy of the files, where one was asked for
    {root}/{name}/latest                the newest version, as text
    {root}/{name}/aliases/{alias}       the version that an alias points to, as text

The files of a version stay where they are unless a copy is asked for. A version appears whole or
not at all. Versions of one name are numbered from 1; two processes never get the same number.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pconfigs.artifacts.container import Places
from pconfigs.artifacts.digest import files_signature
from pconfigs.artifacts.reference import NAME, Reference
from pconfigs.artifacts.remote import (
    RemoteRoot,
    digest_at,
    is_there,
    local_copy,
    place_of_download,
)
from pconfigs.artifacts.roots import VERSION, LocalRoot, Root, complete_versions, newest_version
from pconfigs.artifacts.version import MANIFEST, Version, files_of_version, is_url, json_text
from pconfigs.errors.artifacts import (
    ArtifactError,
    changed_meanwhile,
    missing_files,
    unknown_alias,
    unknown_artifact,
    unknown_version,
    unreadable_files,
)
from pconfigs.errors.formatting import shorten, shown_file

LATEST, ALIASES, DOWNLOADS = "latest", "aliases", ".downloads"
LONGEST_NAME = 200
"""Bytes of a name; file systems take 255."""
_RESERVED_ALIAS = re.compile(r"latest|v?[0-9]+|\..*")


class Manifests:
    """The artifacts below a root.

    Args:
        root: A folder, or a URL; it is made with the first version that is added.
        downloads: The folder that remote files are downloaded to; one below a root on a disk, if
            it is left out.
        places: How paths of this process and those of the host belong together; the same, if it is
            left out.
    """

    def __init__(
        self, root: Path | str, downloads: Path | None = None, places: Places | None = None
    ) -> None:
        place = str(root)
        self.root: Root = RemoteRoot(place) if is_url(place) else LocalRoot(Path(place))
        self.places = places or Places()
        self._downloads = downloads or Path(place, DOWNLOADS)

    def names(self) -> list[str]:
        """Return the names of the artifacts that have a version, sorted.

        Other folders may be there, and such as this user may not read.
        """
        return [name for name in sorted(self.root.entries("")) if self._is_artifact(name)]

    def _is_artifact(self, name: str) -> bool:
        try:
            return NAME.fullmatch(name) is not None and newest_version(self.root, name) != ""
        except OSError:
            return False

    def versions(self, name: str) -> list[str]:
        """Return the versions of an artifact, oldest first."""
        return complete_versions(self.root, name)

    def aliases(self, name: str) -> dict[str, str]:
        """Return the aliases of an artifact, and the version that each points to."""
        folder = f"{name}/{ALIASES}"
        # A name that starts with a dot is a draft.
        aliases = sorted(one for one in self.root.entries(folder) if one[0] != ".")
        found = {alias: self.root.read(f"{folder}/{alias}") for alias in aliases}
        return {
            alias: held.decode(errors="replace").strip()
            for alias, held in found.items()
            if held is not None
        }

    def find(self, reference: Reference) -> Version:
        """Return the version that a reference names.

        Raises:
            ArtifactNotFoundError: There is no such artifact, version or alias.
        """
        name, asked = reference.name, str(reference)
        newest = newest_version(self.root, name)
        if not newest:
            raise unknown_artifact(asked, name, self.names(), shown_file(self.root.place))
        version = newest if reference.version == "latest" else reference.version
        if reference.alias:
            aliases = self.aliases(name)
            if reference.alias not in aliases:
                raise unknown_alias(asked, reference.alias, sorted(aliases))
            version = aliases[reference.alias]
        if not self._has(name, version):
            raise unknown_version(asked, version, self.versions(name))
        return self.read(name, version)

    def read(self, name: str, version: str) -> Version:
        """Return a version by its name and number.

        Raises:
            ArtifactNotFoundError: It cannot be a version, as in a damaged record.
            ArtifactError: Its manifest cannot be read.
        """
        if not VERSION.fullmatch(version):
            raise unknown_version(f"{name}:{version}", version, self.versions(name))
        file = f"{name}/{version}/{MANIFEST}"
        try:
            text = self.root.read(file)
            if text is None:
                raise FileNotFoundError(2, "No such file or directory", file)
            held = json.loads(text)
            return self._version(name, version, held)
        except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise ArtifactError(
                f"{name}:{version}: its manifest cannot be read: {error}\n"
                f"    look at {self.root.place}/{file}"
            ) from error

    def add(
        self,
        name: str,
        path: Path | str,
        *,
        metadata: Mapping[str, Any],
        type: str = "artifact",
        producer: str = "",
        inputs: Sequence[str] = (),
        copy: bool = False,
    ) -> Version:
        """Return the version of these files: a new one, or the newest where nothing differs.

        The newest counts only while its files are as they were logged, and are a copy where one is
        asked for.

        Args:
            name: Letters, digits, `_`, `.` and `-`.
            path: A file or a folder, or the URL of one.
            metadata: JSON values.
            type: A word for people.
            producer: The run that logs it.
            inputs: What the producer consumed.
            copy: Whether the files are copied below the root.

        Raises:
            ArtifactError: The name cannot be one, or there is nothing at the path.
        """
        check_name(name)
        place = str(path) if is_url(str(path)) else self._checked_place(name, path)
        try:
            # Before the contents: what changes meanwhile has another signature then.
            signature = "" if is_url(place) else files_signature(Path(place))
            digest = digest_at(place)
        except FileNotFoundError as error:
            missing = str(error.filename) if is_there(place) else place
            raise missing_files(name, place, missing) from error
        except (OSError, ValueError) as error:  # a device, a link to itself, a NUL in the path
            raise unreadable_files(name, error) from error
        held = {
            "type": type,
            "digest": digest,
            "signature": signature,
            "metadata": dict(metadata),
            "producer": producer,
            "inputs": list(inputs),
            "used_artifacts": list(inputs),
        }
        known = newest_version(self.root, name)
        newest = self._readable(name, known)
        if newest is not None and _is_same(newest, held) and self._has_files(newest, place, copy):
            if self.root.read(f"{name}/{LATEST}") != newest.version.encode():
                self._move_latest(name)  # who published it was killed before it could
            return newest
        version = self._publish(name, place, held, copy)
        self._move_latest(name)
        return self.read(name, version)

    def _readable(self, name: str, version: str) -> Version | None:
        """Return a version; None where there is none, or a power cut has left it damaged."""
        try:
            return self.read(name, version) if version else None
        except ArtifactError:
            return None

    def set_alias(self, name: str, alias: str, version: str) -> None:
        """Let an alias point to a version.

        Each alias is a file of its own, hence two processes never undo what the other has set.

        Raises:
            ArtifactError: The alias is reserved, or there is no such version.
        """
        if not NAME.fullmatch(alias) or _RESERVED_ALIAS.fullmatch(alias):
            raise ArtifactError(
                f"an alias must be a name other than latest and vN, with no dot at its start,"
                f" got {alias!r}\n"
                "    choose another name"
            )
        if not self._has(name, version):
            raise unknown_version(f"{name}:{version}", version, self.versions(name))
        self.root.write(f"{name}/{ALIASES}/{alias}", version.encode())

    def _checked_place(self, name: str, path: Path | str) -> str:
        """Return where files are: what a link to them leads to, which may move on.

        Raises:
            ArtifactError: The artifacts themselves are below it.
        """
        place = os.path.abspath(path)
        if os.path.islink(place):
            place = os.path.realpath(place)
        if not is_url(self.root.place) and Path(self.root.place).is_relative_to(place):
            raise ArtifactError(
                f"{name}: its path must be files of the run, got {place}, where all artifacts are\n"
                "    log a folder below it"
            )
        return place

    def _has(self, name: str, version: str) -> bool:
        return VERSION.fullmatch(version) is not None and self.root.has(
            f"{name}/{version}/{MANIFEST}"
        )

    def _version(self, name: str, version: str, held: Mapping[str, Any]) -> Version:
        home = f"{self.root.place}/{name}/{version}"
        copied = str(held.get("copied") or "")
        # Copies move with the root.
        location = f"{home}/{copied}" if copied else str(held.get("path") or home)
        digest, created_at = str(held.get("digest") or ""), str(held.get("created_at") or "")
        path = (
            place_of_download(location, digest or created_at, self._downloads)
            if is_url(location)
            else self.places.here(location)
        )
        return Version(
            name=name,
            version=version,
            path=path,
            location=location,
            digest=digest,
            signature=str(held.get("signature") or ""),
            type=str(held.get("type") or "artifact"),
            metadata=dict(held.get("metadata") or {}),
            producer=str(held.get("producer") or ""),
            created_at=created_at,
            inputs=tuple(str(one) for one in held.get("inputs") or ()),
        )

    def _has_files(self, version: Version, place: str, copy: bool) -> bool:
        """Return whether the files of a version are there, unchanged, and copied if wanted."""
        own = f"{self.root.place}/{version.name}/{version.version}/"
        if copy and not version.location.startswith(own):
            return False
        if version.location == place:
            return True  # its digest is that of today
        if is_url(version.location):
            return is_there(version.location) and digest_at(version.location) == version.digest
        return version.path.exists() and (
            files_signature(version.path) == version.signature
            or digest_at(str(version.path)) == version.digest
        )

    def _publish(self, name: str, place: str, held: Mapping[str, Any], copy: bool) -> str:
        """Make the next version of files at a place; return it."""
        location = place if is_url(place) else str(self.places.host(place) or place)

        def describe(version: str, copied: str, of_copy: str) -> Mapping[str, bytes]:
            own = {**held, "name": name, "version": version, "path": location, "copied": copied}
            if copied:
                own["path"] = f"{self.root.place}/{name}/{version}/{copied}"
                own["signature"] = of_copy
                if not is_url(place) and files_signature(Path(place)) != held["signature"]:
                    raise changed_meanwhile(name, place)
            return files_of_version(own)

        if not copy:
            return self.root.publish(name, None, describe)
        with local_copy(place) as files:
            return self.root.publish(name, files, describe)

    def _move_latest(self, name: str) -> None:
        """Write the newest version into `latest`.

        Two processes may write in either order; each looks again after it has written, hence the
        last one leaves the newest version there.
        """
        while True:
            newest = newest_version(self.root, name)
            self.root.write(f"{name}/{LATEST}", newest.encode())
            if newest_version(self.root, name) == newest:
                return


def check_name(name: str) -> None:
    """Refuse what cannot be the name of an artifact.

    Raises:
        ArtifactError: It has other characters than letters, digits, `_`, `.` and `-`, or too many.
    """
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ArtifactError(
            f"the name of an artifact must have letters, digits, '_', '.' and '-' only, got"
            f" {name!r}\n    choose another name"
        )
    if len(os.fsencode(name)) > LONGEST_NAME:
        raise ArtifactError(
            f"the name of an artifact must have at most {LONGEST_NAME} bytes, got"
            f" {len(os.fsencode(name))}: {shorten(name)}\n    choose a shorter name"
        )


def _is_same(newest: Version, held: Mapping[str, Any]) -> bool:
    """Return whether logging again would add nothing; metadata is compared as JSON holds it."""
    logged, now = (json_text(dict(one)) for one in (newest.metadata, held["metadata"]))
    return (newest.digest, newest.type, logged) == (held["digest"], held["type"], now)
