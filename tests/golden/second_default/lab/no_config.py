from pconfigs import pdefaults

pdefaults += 7
