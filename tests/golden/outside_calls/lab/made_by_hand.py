from lab.plots import NamedAxis

config = NamedAxis("x")
