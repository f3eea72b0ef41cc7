from pathlib import Path

from pconfigs import ScriptConfig

config = ScriptConfig(path=Path("a.sh"), inline="exit 1", timeout=-1.0)
