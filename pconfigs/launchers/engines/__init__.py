"""Engines: where jobs are started, each as the config of an executor."""
