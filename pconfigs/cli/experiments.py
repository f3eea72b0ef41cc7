"""Experiments: what a target must lead to for `run` to run it."""

from __future__ import annotations

from pconfigs.errors.targets import NoMainError, NotRunnableError, not_runnable
from pconfigs.imports import Target, configs_of, resolve
from pconfigs.schema.class_schema import is_config, is_config_class, schema_of
from pconfigs.testing.run_policy import is_runnable, refuse_pins
from pconfigs.wrapping.calling import PCallable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Experiment:
    """A config that can be run.

    Attributes:
        target: What led to it.
        config: The config.
        runnable: The class that it constructs, or the function that it calls.
    """

    def __init__(self, target: Target, config: Any, runnable: Any) -> None:
        self.target = target
        self.config = config
        self.runnable = runnable
        self.facts: dict[str, Any] = {}
        self.section: Any = None


def find_experiment(words: str) -> Experiment:
    """Return the experiment that a target leads to.

    Raises:
        TargetError: The target leads nowhere.
        NotRunnableError: It leads to something else.
        PinInExperimentError: Its module pins, and defines no config classes.
        NoMainError: Its class has no `main`.
    """
    return experiment_at(resolve(words))


def experiment_at(target: Target) -> Experiment:
    """Return the experiment that was found at a target; errors are those of `find_experiment`."""
    found: Any = target.object
    called = schema_of(found).outside if is_config(found) else None
    if called is not None and isinstance(found, PCallable):
        refuse_pins(target.text, target.module)
        return Experiment(target, found, called.target)
    if not is_runnable(found):
        raise _not_runnable(target)
    runnable: Any = schema_of(found).constructs
    if not callable(getattr(runnable, "main", None)):
        raise NoMainError(runnable)
    refuse_pins(target.text, target.module)
    return Experiment(target, found, runnable)


def _not_runnable(target: Target) -> NotRunnableError:
    found: Any = target.object
    name = type(found).__qualname__
    if is_config_class(found):
        own = found.__qualname__
        why = f"{own} is a config class; an experiment is a config: {own}(...)"
    elif not is_config(found):
        why = ""
    elif (constructed := schema_of(found).constructs) is not None:
        why = f"{name} constructs {constructed.__qualname__}, which is not runnable"
    else:
        called = schema_of(found).outside is not None
        why = f"{name} {'is for calling a function' if called else 'constructs nothing'}"
    runnable = [known for known, value in configs_of(target.module).items() if is_runnable(value)]
    return not_runnable(target.text, found, why, runnable)
