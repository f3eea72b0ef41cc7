from pconfigs import ScriptConfig

config = ScriptConfig(path="absent.sh")
