from pconfigs import pconfig

double = pconfig(lambda x, times=2: x * times)
config = double()
