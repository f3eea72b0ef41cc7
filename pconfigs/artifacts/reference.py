"""References: `tokens:v3`, `tokens:latest`, `tokens@best`, and those of other services.

[entity/][project/]name[:(latest|vN|N)|@alias]     an artifact of the store, or of W&B
art://[entity/][project/]name[:...|@...]           the same, marked as a reference
wandb:[entity/][project/]name[:...|@...]           an artifact of W&B
mlflow:models:/name/N, mlflow:models:/name@alias   a model of MLflow's registry
mlflow:runs:/id/path                               files of a run of MLflow
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pconfigs.errors.artifacts import ArtifactReferenceError

_WORD = r"(?!\.{1,2}(?:[/:@]|$))[\w.-]+"  # not `.` or `..`: it is the name of a folder
NAME = re.compile(_WORD)
_VERSION = re.compile(r"latest|v?(0|[1-9][0-9]*)")
_REFERENCE = re.compile(
    rf"(?:(?:(?P<entity>{_WORD})/)?(?P<project>{_WORD})/)?(?P<name>{_WORD})"
    rf"(?::(?P<version>[^@:/]+)|@(?P<alias>{_WORD}))?"
)
_MLFLOW = re.compile(r"models:/[^/@]+(?:/[\w.-]+|@[\w.-]+)|runs:/[0-9a-f]+/.+")
_MLFLOW_RUN = re.compile(r"runs:/[0-9a-f]+/?")

GRAMMAR = "write NAME, NAME:vN, NAME:latest or NAME@ALIAS, after [ENTITY/]PROJECT/ where it has one"


@dataclass(slots=True, frozen=True)
class Reference:
    """A parsed reference.

    Attributes:
        service: Where the artifact is: the run store, "wandb" or "mlflow".
        name: Of the artifact; for MLflow the whole URI.
        version: "v3", or "latest"; "" where an alias is named.
        alias: A name that points to a version; "" where none is given.
        entity, project: Of W&B; "" where they are not given.
    """

    service: Literal["store", "wandb", "mlflow"]
    name: str
    version: str = ""
    alias: str = ""
    entity: str = ""
    project: str = ""

    @property
    def qualified(self) -> str:
        """The name with entity and project, and the version or alias."""
        head = "/".join(part for part in (self.entity, self.project, self.name) if part)
        return f"{head}@{self.alias}" if self.alias else f"{head}:{self.version}"

    def __str__(self) -> str:
        prefix = "" if self.service == "store" else f"{self.service}:"
        return f"{prefix}{self.name if self.service == 'mlflow' else self.qualified}"


def parse_reference(text: str) -> Reference:
    """Return the parts of a reference; a bare name means its latest version.

    Raises:
        ArtifactReferenceError: The string does not follow the grammar.
    """
    if text.startswith("mlflow:"):
        uri = text.removeprefix("mlflow:")
        if _MLFLOW_RUN.fullmatch(uri):
            hint = f"write mlflow:{uri.rstrip('/')}/PATH, such as mlflow:{uri.rstrip('/')}/model"
            raise ArtifactReferenceError(text, "names a run of MLflow, and no files of it", hint)
        if not _MLFLOW.fullmatch(uri):
            hint = (
                "write mlflow:models:/NAME/VERSION, mlflow:models:/NAME@ALIAS"
                " or mlflow:runs:/ID/PATH"
            )
            raise ArtifactReferenceError(text, "is not a reference to MLflow", hint)
        return Reference("mlflow", uri)
    service: Literal["store", "wandb"] = "wandb" if text.startswith("wandb:") else "store"
    found = _REFERENCE.fullmatch(text.removeprefix("wandb:").removeprefix("art://"))
    if found is None:
        raise ArtifactReferenceError(text, "is not a reference to an artifact", GRAMMAR)
    version = found["version"] or ("" if found["alias"] else "latest")
    if version and not _VERSION.fullmatch(version):
        problem = f"has {version!r} where a version must be: latest, vN or N"
        raise ArtifactReferenceError(text, problem, f"write {found['name']}@{version} for an alias")
    return Reference(
        service,
        found["name"],
        f"v{version}" if version.isdigit() else version,
        found["alias"] or "",
        found["entity"] or "",
        found["project"] or "",
    )


def looks_like_reference(text: str) -> bool:
    """Return whether a string is meant as a reference: marked as one, or with a version or alias.

    A host with a port (`localhost:8080`), a time (`12:30`) and an image (`nvcr.io/x:25.11`) are
    not; a bare name is one only where the store knows it, which this function cannot see.
    """
    if text.startswith(("art://", "wandb:", "mlflow:")):
        return True
    found = _REFERENCE.fullmatch(text)
    if found is None or not (found["version"] or found["alias"]):
        return False
    if found["alias"]:
        return True
    if not _VERSION.fullmatch(found["version"]):
        return False
    # A port or a time of the day has digits alone; a version without "v" needs a name that
    # starts as a name does, and no host does not have a dot or is called localhost.
    if found["version"].isdigit():
        name = found["name"]
        return not name.isdigit() and "." not in name and name != "localhost"
    return True
