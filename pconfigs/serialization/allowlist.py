"""The allowlist: which classes and functions a file may name.

A file names things by their dotted paths. What it names is imported only from packages that the
caller trusts anyway: that of the class asked for, those that its fields mention, and those that the
call allows. Nothing that is named is ever called.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from pconfigs.annotations.kinds import SCRIPTS
from pconfigs.errors.formatting import shorten
from pconfigs.errors.targets import TargetError
from pconfigs.imports import claimed_name, import_defined
from pconfigs.imports.own_packages import BUILTIN_TYPES
from pconfigs.schema.class_schema import derived_classes, is_config_class, schema_of
from pconfigs.schema.format_history import names_of
from pconfigs.serialization.conversion.scalar_codecs import is_enum, qualified_name
from pconfigs.validation.base import classes_in


class NotPermittedError(Exception):
    """A name leads nowhere, or where it may not."""

    def __init__(self, problem: str, advice: str = "") -> None:
        super().__init__(problem)
        self.problem, self.advice = problem, advice


class ImportAllowlist:
    """The packages that one call of `pload` may import from.

    Args:
        of: The class asked for.
        allow: Packages and modules that the caller allows in addition to those that follow from it.
    """

    def __init__(self, of: type, allow: Iterable[str]) -> None:
        self._packages = {allow} if isinstance(allow, str) else set(allow)
        self._entered: set[type] = set()
        self._pending = [of]

    def trust(self, cls: type) -> None:
        """Let the packages be named that a config class and its fields mention."""
        self._pending.append(cls)

    @property
    def packages(self) -> set[str]:
        """The packages that may be named; found when a name is looked up, which few files need."""
        pending = self._pending
        while pending:
            one = pending.pop()
            if one in self._entered:
                continue
            self._entered.add(one)
            of_script = one.__module__ in SCRIPTS
            package = (qualified_name(one) if of_script else one.__module__).partition(".")[0]
            if package not in sys.stdlib_module_names:
                self._packages.add(package)
            if is_config_class(one):
                for field in schema_of(one).fields.values():
                    pending.extend(classes_in(field.validator))
        return self._packages

    def allows(self, name: str) -> bool:
        """Return whether the dotted name lies in a permitted package or module."""
        return any(name.startswith(f"{package}.") for package in self.packages)

    def object(self, name: Any) -> Any:
        """Return the class or function at a dotted name.

        Raises:
            NotPermittedError: There is none, or its package is not permitted.
        """
        if not isinstance(name, str) or not all(map(str.isidentifier, name.split("."))):
            raise NotPermittedError(f"{shorten(name)} is not a dotted name")
        module, _, last = name.rpartition(".")
        if module == "builtins" and last in BUILTIN_TYPES and "builtins" not in self.packages:
            return getattr(sys.modules["builtins"], last)
        if not self.allows(name):
            package = name.partition(".")[0]
            raise NotPermittedError(
                f"{name} is in none of the packages that may be named here"
                f" ({', '.join(sorted(self.packages)) or 'none'})",
                f"if you trust it: pload(..., allow=[{package!r}])",
            )
        own = _of_script(name)
        if own is not None:
            return own
        try:
            found = import_defined(name)
        except (TargetError, AttributeError) as error:
            raise NotPermittedError(str(error)) from error
        home = claimed_name(found)
        if home != name or isinstance(found, type(sys)):
            raise NotPermittedError(
                f"{name} is not a class or function defined in that module",
                f"it is {home}" if home else "",
            )
        return found

    def object_or_renamed(self, name: Any) -> Any:
        """Return the class or function at a dotted name, or the config class that had it once.

        Raises:
            NotPermittedError: There is none, or its package is not permitted.
        """
        try:
            return self.object(name)
        except NotPermittedError:
            known = [cls for cls in self._entered if is_config_class(cls)]
            for cls in [*known, *[one for base in known for one in derived_classes(base)]]:
                if name in names_of(cls) and self.allows(qualified_name(cls)):
                    return cls
            raise

    def config_class(self, name: Any, options: Sequence[type]) -> type:
        """Return the config class of a name, which is one of `options` or derived from one.

        Without options any config class of a permitted package is one.

        Raises:
            NotPermittedError: It is not one of these.
        """
        for option in options:
            if is_called(option, name):
                return option
        for option in options:
            for derived in derived_classes(option):
                if is_called(derived, name) and self.allows(qualified_name(derived)):
                    self.trust(derived)
                    return derived
        found = self.object_or_renamed(name)
        if not is_config_class(found):
            raise NotPermittedError(f"{name} is not a config class")
        if options and not issubclass(found, tuple(options)):
            words = " or ".join(option.__qualname__ for option in options)
            raise NotPermittedError(f"{name} is not {words}, nor derived from it")
        self.trust(found)
        return found

    def enum(self, name: Any) -> Any:
        found = self.object(name)
        if not is_enum(found):
            raise NotPermittedError(f"{name} is not an enum")
        return found


def is_called(cls: type, name: Any) -> bool:
    """Return whether a name is one that a class has or has had."""
    own = qualified_name(cls)
    if name == own or name in names_of(cls):
        return True
    # A file written by the script itself, when its class was not yet importable.
    return isinstance(name, str) and name == f"__main__.{cls.__qualname__}"


def _of_script(name: str) -> Any:
    """Return the class or function of this name in the running script, which has no module."""
    module, _, last = name.rpartition(".")
    found: Any = getattr(sys.modules["__main__"], last, None)
    if getattr(found, "__module__", None) not in SCRIPTS or not hasattr(found, "__qualname__"):
        return None
    return found if module and qualified_name(found) == name else None
