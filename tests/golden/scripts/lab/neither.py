from pconfigs import ScriptConfig

config = ScriptConfig(args=["3"])
