from pathlib import Path

from pconfigs import ScriptConfig

config = ScriptConfig(path=Path("absent.sh"))
