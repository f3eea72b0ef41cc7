"""Reproducible experiments as importable Python objects.

Public names live in the modules below and are loaded when they are first asked for.
"""

from __future__ import annotations

_HOMES = {
    "pconfig": "pconfigs.declare.pconfig",
    "pconfiged": "pconfigs.declare.pconfiged",
    "pdefaults": "pconfigs.build.defaults",
    "pinputs": "pconfigs.build.raw_inputs",
    "psmoke": "pconfigs.build.smoke",
    "PConfig": "pconfigs.build.base_class",
    "PCallable": "pconfigs.wrapping.calling",
    "penv": "pconfigs.declare.penv",
    "EnvVar": "pconfigs.declare.penv",
    "penum": "pconfigs.declare.penum",
    "psetter": "pconfigs.build.setter",
    "PEnum": "pconfigs.declare.penum",
    "NoneConfig": "pconfigs.build.optional",
    "OptionalConfig": "pconfigs.build.optional",
    "pproperty": "pconfigs.schema.properties",
    "pcheck": "pconfigs.schema.properties",
    "Pin": "pconfigs.markers",
    "Pinned": "pconfigs.markers",
    "Required": "pconfigs.markers",
    "Omitted": "pconfigs.markers",
    "Built": "pconfigs.markers",
    "Kwarg": "pconfigs.markers",
    "NotMock": "pconfigs.markers",
    "Secret": "pconfigs.markers",
    "NoEffect": "pconfigs.markers",
    "pexplain": "pconfigs.reports.explain",
    "pdiff": "pconfigs.tree.diff",
    "pmissing": "pconfigs.tree.missing",
    "pwalk": "pconfigs.tree.walk",
    "pselect": "pconfigs.tree.walk",
    "pget": "pconfigs.tree.walk",
    "pset": "pconfigs.tree.edit",
    "pmerge": "pconfigs.tree.merge",
    "pdump": "pconfigs.serialization.data_forms",
    "pload": "pconfigs.serialization.load",
    "psave": "pconfigs.serialization.save",
    "pload_file": "pconfigs.serialization.load",
    "pfingerprint": "pconfigs.serialization.fingerprint",
    "plabel": "pconfigs.serialization.labels",
    "pflat": "pconfigs.serialization.labels",
    "ptype": "pconfigs.validation.value_types",
    "pface": "pconfigs.wrapping.keyword_functions",
    "psweep": "pconfigs.sweeps.sweep",
    "psearch": "pconfigs.sweeps.search",
    "PArtifact": "pconfigs.artifacts.artifact",
    "pbroadcast": "pconfigs.tree.broadcast",
    "ptransform": "pconfigs.tree.broadcast",
    "prun": "pconfigs.runs.current",
    "pruns": "pconfigs.runs.results.sequence",
    "ScriptConfig": "pconfigs.launchers.scripts",
    "poverride": "pconfigs.overrides.override",
    "PConfigError": "pconfigs.errors.base",
    "TestSubdirs": "pconfigs.testing.marker_files",
    "TestManually": "pconfigs.testing.marker_files",
    "TestConfigs": "pconfigs.testing.marker_files",
}

# Names are loaded at first use; the stub next to this file has their types.
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
