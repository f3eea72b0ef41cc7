"""Methods of configs, loaded with the first call of one."""
