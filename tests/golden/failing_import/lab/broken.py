from lab.parts import GreeterConfig
import a_module_that_nobody_has

config = GreeterConfig()
