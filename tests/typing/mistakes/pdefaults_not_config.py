"""An object other than a config, registered as a default."""

from pconfigs import pdefaults


pdefaults += 7  # wrong: mypy[arg-type] pyright[reportOperatorIssue]
