"""Options of the commands, and their help: one module for each command."""
