"""Errors: everything that can be refused, in words.

An exception carries the facts as attributes; the words are made here and nowhere else. Each
module is loaded with the first of its errors that is needed.

    PConfigError
    ├── DeclarationError (TypeError)         a decorator used wrongly
    │   ├── AnnotationError                  an annotation that would check nothing
    │   └── ParameterError                   parameters that cannot become fields by themselves
    │       └── UnresolvedParameterError (NameError)
    ├── CallError (TypeError)                a call that does not fit a configured function or class
    ├── InheritanceError (ValueError)        a derived config class without what it constructs
    ├── ReservedNameError (ValueError)       a field whose name or type cannot be
    ├── CycleError (ValueError)              properties that need each other
    ├── BuildError                           problems of one construction, all of them together
    │   ├── BuildTypeError (TypeError)
    │   ├── BuildValueError (ValueError)
    │   └── BuildTypeValueError (both)
    ├── CheckError (ValueError)              failed `@pcheck` methods of one config
    ├── NestingError (ValueError)            configs nested more than 100 deep
    ├── DefaultError (ValueError)            a second default for a class
    ├── NotADefaultError (TypeError)         an object other than a config, registered as default
    ├── DeferredError (TypeError)            working with Required or Pinned as if it were a value
    ├── SecretNotHeldError (AttributeError)  reading a secret in a config that was pickled
    ├── OpenConfigError (ValueError)         using a config that still has Required in it
    ├── NotConfiguredError (TypeError)       making a configured class without its config
    ├── NoSuchAttributeError (AttributeError)  a property read a name that is not there
    ├── FrozenError (AttributeError)         setting or deleting an attribute
    ├── FrozenContainerError (TypeError)     changing a list, dict or set of a config
    ├── UnhashableError (TypeError)          hashing what holds something that cannot be hashed
    ├── UnknownNameError (NameError)         an annotation that names nothing
    ├── EnvironmentReadError (RuntimeError)  an environment variable that cannot be read
    │   ├── UnsetVariableError               it is not set, and has no default
    │   └── VariableValueError (ValueError)  its text is not what it may be
    ├── ConventionError (ValueError)         an unknown convention of `@penv`
    ├── NoMemberError (ValueError)           a value that no member of an enum has
    ├── SmokeError (ValueError)              a second `psmoke` for a class
    ├── NotASmokeError (TypeError)           an object other than a config, added to `psmoke`
    ├── SetterUseError (TypeError)           `psetter` called in a way that means nothing
    ├── NoSuchFieldError (AttributeError, TypeError)  a name that a `psetter` view does not have
    ├── SettingsError (ValueError)           settings in pyproject.toml that cannot be read
    ├── StoreError (OSError)                 a store of runs that cannot be read or written
    ├── RunUseError (RuntimeError)           a run that cannot be resumed, rerun or loaded
    ├── LogError (TypeError)                 a value that cannot be logged as a metric
    ├── RankError (RuntimeError)             ranks of one run that differ, or are missing
    ├── TargetError                          a target that leads nowhere
    │   ├── ImportFailedError                its module is there, and raises when it is imported
    │   ├── RunNotFoundError                 a reference `@...` to a run that names none, or several
    │   ├── NotRunnableError                 it leads to something that `run` cannot run
    │   └── PinInExperimentError             its module names `Pin`
    ├── UsageError                           words of a command line that are not understood
    ├── NoMainError (NotImplementedError)    a runnable class without `main`
    ├── PathError (LookupError)              a path that leads nowhere in a config
    ├── UnsavableError (TypeError)           values of a config that have no plain form
    ├── LoadError (ValueError)               data that does not fit the requested class
    │   ├── FormatError                      a file that is not of its format
    │   └── DriftError                       code computes other values than were saved
    ├── MergeError (ValueError)              variants that set one thing to different values
    ├── EditError (ValueError)               a change of a config that cannot be made
    ├── SweepError (ValueError)              a sweep whose arguments or points are wrong
    ├── SearchError (ValueError)             a search whose arguments or space are wrong
    ├── DistributionError (ValueError)       an argument of a distribution that is wrong
    ├── TrackerError (ValueError)            a tracker that does not exist or cannot be sent to
    ├── ArtifactError                        an artifact that cannot be found, read or written
    │   ├── ArtifactReferenceError (ValueError)   a string that is not a reference
    │   ├── ArtifactNotFoundError (LookupError)   no such artifact, version or alias
    │   ├── DigestError                      files that are not those that were logged
    │   ├── MetadataError (ValueError)       metadata that does not fit its class
    │   └── UnresolvedArtifactsError         all artifacts of a config that cannot be resolved
    ├── EngineError (RuntimeError)           an engine that refuses, or does not answer
    ├── LaunchError (ValueError)             points or options with which nothing can be started
    ├── ProfileError (ValueError)            a profile that is wrong
    ├── SnapshotError (ValueError)           code that cannot be copied for a launch
    ├── ScriptError (FileNotFoundError)      a script, its interpreter or its folder is not there
    ├── OverrideError (ValueError)           `name=value` words that cannot be applied
    ├── AdoptError (ValueError)              a source of another tool that cannot be read
    ├── NoCodeError (ValueError)             a config that no file of code would make again
    └── MissingExtraError (ImportError)      something optional that is not installed

Besides: DefaultChangedWarning (UserWarning)  a default is another one than a file was saved with
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.errors import (
        access as access,
        annotation as annotation,
        serialization as serialization,
        tracebacks as tracebacks,
        wrapping as wrapping,
    )
    from pconfigs.errors.access import (
        DeferredError as DeferredError,
        FrozenContainerError as FrozenContainerError,
        FrozenError as FrozenError,
        NoSuchAttributeError as NoSuchAttributeError,
        OpenConfigError as OpenConfigError,
        SecretNotHeldError as SecretNotHeldError,
        UnhashableError as UnhashableError,
    )
    from pconfigs.errors.annotation import AnnotationError as AnnotationError
    from pconfigs.errors.artifacts import (
        ArtifactError as ArtifactError,
        ArtifactNotFoundError as ArtifactNotFoundError,
        ArtifactReferenceError as ArtifactReferenceError,
        DigestError as DigestError,
        MetadataError as MetadataError,
        UnresolvedArtifactsError as UnresolvedArtifactsError,
    )
    from pconfigs.errors.base import (
        MissingExtraError as MissingExtraError,
        PConfigError as PConfigError,
    )
    from pconfigs.errors.build import (
        BuildError as BuildError,
        BuildTypeError as BuildTypeError,
        BuildTypeValueError as BuildTypeValueError,
        BuildValueError as BuildValueError,
        CheckError as CheckError,
        NestingError as NestingError,
    )
    from pconfigs.errors.declare import (
        CycleError as CycleError,
        DeclarationError as DeclarationError,
        DefaultError as DefaultError,
        InheritanceError as InheritanceError,
        NotADefaultError as NotADefaultError,
        NotConfiguredError as NotConfiguredError,
        ReservedNameError as ReservedNameError,
        UnknownNameError as UnknownNameError,
    )
    from pconfigs.errors.environment import (
        ConventionError as ConventionError,
        EnvironmentReadError as EnvironmentReadError,
        NoMemberError as NoMemberError,
        UnsetVariableError as UnsetVariableError,
        VariableValueError as VariableValueError,
    )
    from pconfigs.errors.paths import (
        EditError as EditError,
        MergeError as MergeError,
        NoSuchFieldError as NoSuchFieldError,
        OverrideError as OverrideError,
        PathError as PathError,
        SetterUseError as SetterUseError,
    )
    from pconfigs.errors.runs import (
        DistributionError as DistributionError,
        EngineError as EngineError,
        LaunchError as LaunchError,
        LogError as LogError,
        ProfileError as ProfileError,
        RankError as RankError,
        RunNotFoundError as RunNotFoundError,
        RunUseError as RunUseError,
        ScriptError as ScriptError,
        SearchError as SearchError,
        SettingsError as SettingsError,
        SnapshotError as SnapshotError,
        StoreError as StoreError,
        SweepError as SweepError,
        TrackerError as TrackerError,
    )
    from pconfigs.errors.serialization import (
        AdoptError as AdoptError,
        DefaultChangedWarning as DefaultChangedWarning,
        DriftError as DriftError,
        FormatError as FormatError,
        LoadError as LoadError,
        NoCodeError as NoCodeError,
        UnsavableError as UnsavableError,
    )
    from pconfigs.errors.targets import (
        ImportFailedError as ImportFailedError,
        NoMainError as NoMainError,
        NotRunnableError as NotRunnableError,
        PinInExperimentError as PinInExperimentError,
        TargetError as TargetError,
        UsageError as UsageError,
    )
    from pconfigs.errors.testing import NotASmokeError as NotASmokeError, SmokeError as SmokeError
    from pconfigs.errors.wrapping import (
        CallError as CallError,
        ParameterError as ParameterError,
        UnresolvedParameterError as UnresolvedParameterError,
    )

_NAMES = {
    "access": (
        "DeferredError FrozenContainerError FrozenError NoSuchAttributeError OpenConfigError "
        "SecretNotHeldError UnhashableError"
    ),
    "annotation": "AnnotationError",
    "artifacts": (
        "ArtifactError ArtifactNotFoundError ArtifactReferenceError DigestError MetadataError "
        "UnresolvedArtifactsError"
    ),
    "base": "MissingExtraError PConfigError",
    "build": (
        "BuildError BuildTypeError BuildTypeValueError BuildValueError CheckError NestingError"
    ),
    "declare": (
        "CycleError DeclarationError DefaultError InheritanceError NotADefaultError "
        "NotConfiguredError ReservedNameError UnknownNameError"
    ),
    "environment": (
        "ConventionError EnvironmentReadError NoMemberError UnsetVariableError VariableValueError"
    ),
    "paths": ("EditError MergeError NoSuchFieldError OverrideError PathError SetterUseError"),
    "runs": (
        "DistributionError EngineError LaunchError LogError ProfileError RankError "
        "RunNotFoundError RunUseError ScriptError SearchError SettingsError SnapshotError "
        "StoreError SweepError TrackerError"
    ),
    "serialization": (
        "AdoptError DefaultChangedWarning DriftError FormatError LoadError NoCodeError "
        "UnsavableError"
    ),
    "targets": (
        "ImportFailedError NoMainError NotRunnableError PinInExperimentError TargetError UsageError"
    ),
    "testing": "NotASmokeError SmokeError",
    "wrapping": "CallError ParameterError UnresolvedParameterError",
}
# The module of each error.
_HOMES = {name: home for home, names in _NAMES.items() for name in names.split()}


# Modules whose functions word what is rarely refused: `errors.access.frozen_config(...)`. Modules
# that every program loads take them from here, and pay for none that is not needed.
_MODULES = {
    "access": "pconfigs.errors.access",
    "annotation": "pconfigs.errors.annotation",
    "serialization": "pconfigs.errors.serialization",
}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return __import__(_MODULES[name], fromlist=[name])
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = __import__(f"{__name__}.{_HOMES[name]}", fromlist=[name])
    found = globals()[name] = getattr(module, name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, *_MODULES})
