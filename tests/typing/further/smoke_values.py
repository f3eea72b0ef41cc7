"""Something that is no config, registered as small values."""

from pconfigs import psmoke


psmoke += {"steps": 2}  # wrong: mypy[arg-type] pyright[reportOperatorIssue]
