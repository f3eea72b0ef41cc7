"""`PArtifact`: the config class of artifacts, whose path and metadata are open until resolved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pconfigs import NoEffect, PConfig, Required, pcheck, pconfig, pdefaults
from pconfigs.artifacts.reference import parse_reference
from pconfigs.schema.build_record import getframe
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.wrapping.adopted_fields import plan_default


@pconfig
class PArtifact(PConfig):
    """Named, versioned files that a run produced.

    A subclass declares the metadata that comes with the files; it is open (`Required`) until the
    artifact is resolved, which `run` does before `main`:

        @pconfig
        class Tokens(PArtifact):
            pack_size: int

        config = TrainConfig(data=Tokens(ref="tokens:latest"))

    Attributes:
        of: The experiment that produces it, or None.
        name: The name under which it was logged; the name of the field that holds it where it is
            left out.
        ref: `"tokens:v3"`, `"tokens:latest"`, `"tokens@best"`, `"wandb:team/proj/tokens:v3"` or
            `"mlflow:models:/policy@champion"`; "" with `of`.
        path: Where its files are.
        version: `"v3"`.
        digest: `"sha256:..."` of the files' names and contents.
    """

    __pconfig_by_name__ = ("of",)  # printed by its import name, where it has one

    of: Any
    name: str
    ref: str
    path: NoEffect[Path]
    version: NoEffect[str]
    digest: NoEffect[str]

    @classmethod
    def __pconfig_declared__(cls) -> None:
        """Let the fields of a subclass be open where nothing gives them."""
        schema = schema_of(cls)
        if cls.__mro__[1] is not PConfig:
            frame = getframe(1)
            plan_default(schema, frame.f_code, frame.f_lasti)

    @pcheck
    def of_is_an_experiment(self) -> None:
        if self.of is not None and not is_config(self.of):
            given = type(self.of).__name__
            raise ValueError(f"of must be the experiment that produces the artifact, got {given}")

    @pcheck
    def ref_is_a_reference(self) -> None:
        if self.ref:
            parse_reference(self.ref)

    @pcheck
    def only_one_origin(self) -> None:
        if self.of is not None and self.ref:
            raise ValueError(f"of and ref cannot both be given; leave out ref={self.ref!r}")


pdefaults += PArtifact(of=None, name="", ref="", path=Required, version=Required, digest=Required)


def metadata_fields(artifact: PArtifact) -> list[str]:
    """Return the names of the fields that hold metadata."""
    own = schema_of(PArtifact).fields
    return [name for name in schema_of(artifact).fields if name not in own]
