"""A small value under a name that the class does not have."""

from __future__ import annotations

from pconfigs import PConfig, pconfig, psmoke


@pconfig
class LoaderConfig(PConfig[None]):
    batch_size: int


psmoke += LoaderConfig(batchsize=2)  # wrong: mypy[call-arg] pyright[reportCallIssue]
