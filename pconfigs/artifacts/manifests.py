"""Manifests: the versions of artifacts below one root.

    {root}/{name}/v{N}/manifest.json    name, version, type, path, producer, metadata, ...
    {root}/{name}/v{N}/metadata.json    what readers of the format look metadata up in
    {root}/{name}/v{N}/files/           a copy of the files, where one was asked for
    {root}/{name}/latest                the newest version, as text
    {root}/{name}/aliases/{alias}       the version that an alias points to, as text

The files of a version stay where they are unless a copy is asked for. A version appears whole or
not at all: it is written into a draft folder, and renamed. Versions of one name are numbered from
1; two processes never get the same number, because renaming onto a folder that is there fails.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pconfigs.artifacts.digest import content_digest, files_signature
from pconfigs.artifacts.reference import NAME, Reference
from pconfigs.atomic_files import write_text
from pconfigs.errors.artifacts import (
    ArtifactError,
    unknown_alias,
    unknown_artifact,
    unknown_version,
)

MANIFEST, METADATA, LATEST, ALIASES, FILES = (
    "manifest.json", "metadata.json", "latest", "aliases", "files",
)  # fmt: skip
_FOLDER = re.compile(r"v([1-9][0-9]*|0)")
_RESERVED_ALIAS = re.compile(r"latest|v?[0-9]+|\..*")


@dataclass(slots=True, frozen=True)
class Version:
    """One version of an artifact.

    Attributes:
        name: Of the artifact.
        version: "v1", "v2", ...
        path: Where its files are.
        digest: `sha256:...` of their content; "" where another program wrote the manifest.
        signature: Of names, sizes and times of the files when they were logged; "" likewise.
        type: A word for people: "artifact", "model", "dataset".
        metadata: JSON values by name.
        producer: The run that logged it, or "".
        created_at: ISO 8601, UTC.
        inputs: Qualified names of the artifacts that the producer consumed.
    """

    name: str
    version: str
    path: Path
    digest: str = ""
    signature: str = ""
    type: str = "artifact"
    metadata: Mapping[str, Any] = field(default_factory=dict)
    producer: str = ""
    created_at: str = ""
    inputs: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}:{self.version}"

    @property
    def number(self) -> int:
        return int(self.version.removeprefix("v"))


class Manifests:
    """The artifacts below a folder.

    Args:
        root: The folder; it is made with the first version that is added.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> list[str]:
        """Return the names of the artifacts that have a version, sorted."""
        try:
            found = sorted(entry.name for entry in self.root.iterdir() if entry.is_dir())
        except FileNotFoundError:
            return []
        return [name for name in found if self.versions(name)]

    def versions(self, name: str) -> list[str]:
        """Return the versions of an artifact, oldest first."""
        return [f"v{number}" for number in self._numbers(name)]

    def aliases(self, name: str) -> dict[str, str]:
        """Return the aliases of an artifact, and the version that each points to."""
        try:
            files = [*(self.root / name / ALIASES).iterdir()]
        except FileNotFoundError:
            return {}
        # A name that starts with a dot is a draft.
        return {file.name: _text(file) for file in sorted(files) if file.name[0] != "."}

    def find(self, reference: Reference) -> Version:
        """Return the version that a reference names.

        Raises:
            ArtifactNotFoundError: There is no such artifact, version or alias.
        """
        name = reference.name
        known = self.versions(name)
        if not known:
            raise unknown_artifact(str(reference), name, self.names(), self._shown())
        version = reference.version
        if reference.alias:
            aliases = self.aliases(name)
            if reference.alias not in aliases:
                raise unknown_alias(str(reference), reference.alias, sorted(aliases))
            version = aliases[reference.alias]
        elif version == "latest":
            version = known[-1]
        if version not in known:
            raise unknown_version(str(reference), version, known)
        return self.read(name, version)

    def read(self, name: str, version: str) -> Version:
        """Return a version by its name and number.

        Raises:
            ArtifactError: Its manifest cannot be read.
        """
        folder = self.root / name / version
        try:
            held = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            metadata = dict(held.get("metadata") or {})
            return Version(
                name=name,
                version=version,
                path=self._files_of(folder, held),
                digest=str(held.get("digest") or ""),
                signature=str(held.get("signature") or ""),
                type=str(held.get("type") or "artifact"),
                metadata=metadata,
                producer=str(held.get("producer") or ""),
                created_at=str(held.get("created_at") or ""),
                inputs=tuple(str(one) for one in held.get("inputs") or ()),
            )
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise ArtifactError(
                f"{name}:{version}: its manifest cannot be read: {error}\n    look at"
                f" {folder / MANIFEST}"
            ) from error

    def add(
        self,
        name: str,
        path: Path,
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
            path: A file or a folder.
            metadata: JSON values.
            type: A word for people.
            producer: The run that logs it.
            inputs: What the producer consumed.
            copy: Whether the files are copied below the root.

        Raises:
            ArtifactError: The name cannot be one, or there is nothing at the path.
        """
        check_name(name)
        path = path.absolute()
        try:
            digest = content_digest(path)
        except FileNotFoundError as error:
            raise ArtifactError(
                f"{name}: its path must be a file or a folder, got {path}, which does not exist\n"
                "    write the files before they are logged"
            ) from error
        held = {
            "type": type,
            "digest": digest,
            "metadata": dict(metadata),
            "producer": producer,
            "inputs": list(inputs),
            "used_artifacts": list(inputs),
        }
        newest = self._newest(name)
        if newest is not None and _is_same(newest, held) and self._has_files(newest, copy=copy):
            return newest
        version = self._claim(name, path, held, copy=copy)
        self._move_latest(name)
        return self.read(name, version)

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
        if version not in self.versions(name):
            raise unknown_version(f"{name}:{version}", version, self.versions(name))
        folder = self.root / name / ALIASES
        folder.mkdir(exist_ok=True)
        write_text(str(folder / alias), version)

    def _numbers(self, name: str) -> list[int]:
        try:
            entries = [entry.name for entry in (self.root / name).iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        found = [(int(match[1]), match[0]) for match in map(_FOLDER.fullmatch, entries) if match]
        # Another program may make a folder before it writes its manifest.
        return [
            number
            for number, folder in sorted(found)
            if (self.root / name / folder / MANIFEST).is_file()
        ]

    def _has_files(self, version: Version, *, copy: bool) -> bool:
        """Return whether the files of a version are there, unchanged, and copied if wanted."""
        own = self.root / version.name / version.version / FILES
        if copy and not own.is_dir():
            return False
        return version.path.exists() and (
            files_signature(version.path) == version.signature
            or content_digest(version.path) == version.digest
        )

    def _newest(self, name: str) -> Version | None:
        known = self.versions(name)
        return self.read(name, known[-1]) if known else None

    def _claim(self, name: str, path: Path, held: dict[str, Any], *, copy: bool) -> str:
        """Write a draft and give it the next number that no other process takes."""
        home = self.root / name
        home.mkdir(parents=True, exist_ok=True)
        draft = home / f".draft-{uuid.uuid4().hex}"
        draft.mkdir()
        try:
            if copy:
                _copy(path, draft / FILES)
            while True:
                version = f"v{self._next_number(name)}"
                place = home / version / FILES if copy else path
                held_here = draft / FILES
                if copy and path.is_file():
                    place, held_here = place / path.name, held_here / path.name
                signature = files_signature(held_here if copy else path)
                own = {"name": name, "version": version, "path": place, "signature": signature}
                _write_manifest(draft, {**own, **held})
                try:
                    draft.rename(home / version)
                except OSError:
                    if not (home / version).exists():
                        raise
                else:
                    return version
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _next_number(self, name: str) -> int:
        """Return one more than the highest folder, whether or not it is complete."""
        entries = [entry.name for entry in (self.root / name).iterdir()]
        taken = [int(match[1]) for match in map(_FOLDER.fullmatch, entries) if match]
        return max(taken, default=0) + 1

    def _move_latest(self, name: str) -> None:
        """Write the newest version into `latest`.

        Two processes may write in either order; each looks again after it has written, hence the
        last one leaves the newest version there.
        """
        while True:
            newest = self.versions(name)[-1]
            write_text(str(self.root / name / LATEST), newest)
            if self.versions(name)[-1] == newest:
                return

    def _files_of(self, folder: Path, held: Mapping[str, Any]) -> Path:
        """Return where the files are; copies move with the store."""
        path = Path(str(held.get("path") or folder))
        own = folder / FILES
        if not own.is_dir():
            return path
        if path.name != FILES and path.parent.name == FILES:
            return own / path.name
        return own

    def _shown(self) -> str:
        try:
            return str(self.root.relative_to(Path.cwd()))
        except ValueError:
            return str(self.root)


def check_name(name: str) -> None:
    """Refuse what cannot be the name of an artifact.

    Raises:
        ArtifactError: It has other characters than letters, digits, `_`, `.` and `-`.
    """
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ArtifactError(
            f"the name of an artifact must have letters, digits, '_', '.' and '-' only, got"
            f" {name!r}\n    choose another name"
        )


def _is_same(newest: Version, held: Mapping[str, Any]) -> bool:
    """Return whether logging again would add nothing; metadata is compared as JSON holds it."""
    logged, now = (_json(dict(one)) for one in (newest.metadata, held["metadata"]))
    return (newest.digest, newest.type, logged) == (held["digest"], held["type"], now)


def _write_manifest(folder: Path, held: Mapping[str, Any]) -> None:
    now = datetime.now(UTC).isoformat()
    manifest = {**held, "path": str(held["path"]), "created_at": now}
    metadata = {**held["metadata"], "metadata": held["metadata"]}
    for name in ("name", "version", "type", "created_at", "producer", "path"):
        metadata.setdefault(name, manifest[name])
    (folder / MANIFEST).write_text(_json(manifest), encoding="utf-8")
    (folder / METADATA).write_text(_json(metadata), encoding="utf-8")


def _copy(path: Path, into: Path) -> None:
    if path.is_file():
        into.mkdir()
        shutil.copy2(path, into / path.name)
    else:
        shutil.copytree(path, into, symlinks=True)
    _make_durable(into)


def _make_durable(folder: Path) -> None:
    """Let the names of copied files survive a power cut, where the system can promise that."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip()


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
