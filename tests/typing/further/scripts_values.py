"""A script with values of the wrong type, and a marker that takes names."""

from pconfigs import ScriptConfig, TestManually

script = ScriptConfig(args="--fast")  # wrong: mypy[arg-type] pyright[reportArgumentType]
ScriptConfig(paths="a.sh")  # wrong: mypy[call-arg] pyright[reportCallIssue]
TestManually(3)  # wrong: mypy[arg-type] pyright[reportArgumentType]
