"""A script as an experiment, and a marker file of a folder of experiments."""

from pathlib import Path

from pconfigs import ScriptConfig, TestManually, TestSubdirs

script: ScriptConfig = ScriptConfig(path=Path("prepare.sh"), args=["--fast"], env={"JOBS": "2"})
inline: ScriptConfig = ScriptConfig(inline="echo done", timeout=3.0)
where: Path | None = script.path

TestManually("first", "second.py")
print(TestSubdirs)
