"""What became of fields, said in the wrong form."""

from pconfigs import PConfig, pconfig


@pconfig(renamed=["size"])  # wrong: mypy[call-overload] pyright[reportArgumentType]
class RenamedConfig(PConfig):
    width: int


@pconfig(version="2")  # wrong: mypy[call-overload] pyright[reportArgumentType]
class VersionConfig(PConfig):
    width: int


@pconfig(upgrades=None)  # wrong: mypy[call-overload] pyright[reportCallIssue]
class UpgradedConfig(PConfig):
    width: int
