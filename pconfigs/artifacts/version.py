"""Versions of artifacts, and the two files that describe one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MANIFEST, METADATA = "manifest.json", "metadata.json"


@dataclass(slots=True, frozen=True)
class Version:
    """One version of an artifact.

    Attributes:
        name: Of the artifact.
        version: "v1", "v2", ...
        path: Where its files are for this process; where they are downloaded to if they are remote.
        location: Where they are for all: a path on the host, or a URL.
        digest: `sha256:...` of their content; "" where another program wrote the manifest.
        signature: Of names, sizes and times of the files when they were logged; "" likewise, and
            for remote files.
        type: A word for people: "artifact", "model", "dataset".
        metadata: JSON values by name.
        producer: The run that logged it, or "".
        created_at: ISO 8601, UTC.
        inputs: Qualified names of the artifacts that the producer consumed.
    """

    name: str
    version: str
    path: Path
    location: str = ""
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
    def place(self) -> str:
        """The location; the path where no location was recorded."""
        return self.location or str(self.path)


def is_url(place: str) -> bool:
    """Return whether a place is on a file system of another kind: `s3://bucket/tokens`."""
    return "://" in place


def files_of_version(held: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the contents of the two files by name; the manifest, which makes it whole, last."""
    manifest = {**held, "created_at": datetime.now(UTC).isoformat()}
    metadata = {**held["metadata"], "metadata": held["metadata"]}
    for name in ("name", "version", "type", "created_at", "producer", "path"):
        metadata.setdefault(name, manifest[name])
    return {METADATA: json_bytes(metadata), MANIFEST: json_bytes(manifest)}


def json_bytes(value: object) -> bytes:
    """Return a value as the content of a JSON file; names that are not UTF-8 are escaped."""
    return json_text(value).encode("utf-8", "backslashreplace")


def json_text(value: object) -> str:
    """Return a value as the text of a JSON file."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
