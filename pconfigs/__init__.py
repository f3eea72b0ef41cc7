"""Reproducible experiments as importable Python objects.

Public names live in the modules below and are loaded when they are first asked for.
"""

from __future__ import annotations

_HOMES = {
    "pconfig": "pconfigs.config.decorators",
    "pconfiged": "pconfigs.config.configured",
    "pdefaults": "pconfigs.config.defaults",
    "pinputs": "pconfigs.config.inputs",
    "psmoke": "pconfigs.config.smoke",
    "PConfig": "pconfigs.config.members",
    "PCallable": "pconfigs.config.calls",
    "penv": "pconfigs.config.environment",
    "EnvVar": "pconfigs.config.environment",
    "penum": "pconfigs.config.enums",
    "psetter": "pconfigs.config.setter",
    "PEnum": "pconfigs.config.enums",
    "NoneConfig": "pconfigs.config.optional",
    "OptionalConfig": "pconfigs.config.optional",
    "pproperty": "pconfigs.schema.properties",
    "pcheck": "pconfigs.schema.properties",
    "Pin": "pconfigs.markers",
    "Pinned": "pconfigs.markers",
    "Required": "pconfigs.markers",
    "Omitted": "pconfigs.markers",
    "Kwarg": "pconfigs.markers",
    "NotMock": "pconfigs.markers",
    "Secret": "pconfigs.markers",
    "NoEffect": "pconfigs.markers",
    "pexplain": "pconfigs.text.explain",
    "pdiff": "pconfigs.tree.diff",
    "pwalk": "pconfigs.tree.walk",
    "pselect": "pconfigs.tree.walk",
    "pget": "pconfigs.tree.walk",
    "pset": "pconfigs.tree.edit",
    "pdump": "pconfigs.text.data",
    "pload": "pconfigs.config.loading",
    "psave": "pconfigs.text.saving",
    "pload_file": "pconfigs.config.loading",
    "pfingerprint": "pconfigs.tree.fingerprint",
    "plabel": "pconfigs.text.labels",
    "pflat": "pconfigs.text.labels",
    "pface": "pconfigs.config.face",
    "pbroadcast": "pconfigs.tree.broadcast",
    "ptransform": "pconfigs.tree.broadcast",
    "ScriptConfig": "pconfigs.launchers.scripts",
    "poverride": "pconfigs.config.overrides",
    "PConfigError": "pconfigs.errors.base",
    "TestSubdirs": "pconfigs.testing.marking",
    "TestManually": "pconfigs.testing.marking",
    "TestConfigs": "pconfigs.testing.marking",
}

# Names are found when they are asked for; the stub beside this file says what they are.
__all__ = ["__version__", *_HOMES]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        module = __import__(_HOMES[name], fromlist=[name])
        found = globals()[name] = getattr(module, name)
        return found
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("pconfigs")
        except PackageNotFoundError:
            return "0.0.0"
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
