from pconfigs import ScriptConfig

config = ScriptConfig(inline="x", interpreter="no-such-program")
