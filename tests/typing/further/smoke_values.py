"""An object other than a config, registered as smoke values."""

from pconfigs import psmoke


psmoke += {"steps": 2}  # wrong: mypy[arg-type] pyright[reportOperatorIssue]
