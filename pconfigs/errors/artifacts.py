"""Errors of artifacts: references, versions, metadata and paths that cannot be used."""

from __future__ import annotations

from collections.abc import Sequence

from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import counted, did_you_mean, listed, shorten

_SHOWN = 8


class ArtifactError(PConfigError):
    """An artifact that cannot be found, read or written."""


class ArtifactReferenceError(ArtifactError, ValueError):
    """A string that is not a reference to an artifact.

    Attributes:
        text: The string.
    """

    def __init__(self, text: str, problem: str, hint: str) -> None:
        self.text = text
        super().__init__(f"{text!r} {problem}", hint)


class ArtifactNotFoundError(ArtifactError, LookupError):
    """No such artifact, version or alias.

    Attributes:
        reference: The reference, as it was given.
    """

    def __init__(self, reference: str, problem: str, hint: str) -> None:
        self.reference = reference
        super().__init__(f"{reference}: {problem}", hint)


class DigestError(ArtifactError):
    """The files of an artifact are not those that were logged."""

    def __init__(
        self,
        reference: str,
        path: str,
        recorded: str,
        found: str,
        hint: str = "restore the files, or log them as a new version",
    ) -> None:
        super().__init__(
            f"{reference}: the files at {path} must have the digest {recorded[:19]}, got"
            f" {found[:19]}",
            hint,
        )


class MetadataError(ArtifactError, ValueError):
    """Metadata of an artifact that does not fit the class that declares it."""


class UnresolvedArtifactsError(ArtifactError):
    """Artifacts of a config that cannot be resolved, all of them together.

    Attributes:
        problems: (path in the config, error) of each.
    """

    def __init__(self, problems: Sequence[tuple[str, ArtifactError]]) -> None:
        self.problems = list(problems)
        lines = [f"{path}: {error!s}".replace("\n", "\n    ") for path, error in problems]
        super().__init__(f"{counted(len(lines), 'artifact')} cannot be resolved", *lines)


def unknown_artifact(reference: str, name: str, known: Sequence[str], where: str) -> ArtifactError:
    """Return the error for a name that has no versions."""
    if not known:
        return ArtifactNotFoundError(
            reference, f"no artifact has been logged in {where}", "log one: prun.log_artifact(...)"
        )
    hint = did_you_mean(name, known, otherwise=f"there are {_some(known)}")
    return ArtifactNotFoundError(reference, f"no artifact is named {name!r} in {where}", hint)


def unknown_version(reference: str, version: str, known: Sequence[str]) -> ArtifactError:
    """Return the error for a version that an artifact does not have."""
    verb = "is" if len(known) == 1 else "are"
    hint = f"there {verb} {_some(known)}" if known else "log one: prun.log_artifact(...)"
    return ArtifactNotFoundError(reference, f"there is no version {version!r}", hint)


def unknown_alias(reference: str, alias: str, known: Sequence[str]) -> ArtifactError:
    """Return the error for an alias that an artifact does not have."""
    if not known:
        hint = "it has no aliases: name a version, or set one: runs artifacts NAME:vN --alias ALIAS"
    else:
        hint = did_you_mean(alias, known, "@{}", f"its aliases are {_some(known)}")
    return ArtifactNotFoundError(reference, f"there is no alias {alias!r}", hint)


def no_run_done(
    name: str, experiment: str, target: str | None, run: str | None, state: str
) -> ArtifactError:
    """Return the error for an experiment that no run of has ended well.

    Args:
        name: The artifact that is wanted of it.
        experiment: Its title.
        target: Its dotted path; None for one that only other configs hold.
        run: Its newest run, or None.
        state: Of that run.
    """
    problem = "no run of it is done"
    hint = "run it first: add --with-deps"
    if target is not None:
        hint += f", or python -m pconfigs.run {target}"
    if run is not None:
        problem += f"; {run} is {state}" if state != "failed" else f"; {run} has failed"
        log = f"python -m pconfigs.runs log @{run}"
        hint = f"read why ({log}), then {hint.removeprefix('run it first: ')}"
        if state in ("queued", "running"):
            hint = f"wait until it has ended: {log} -f"
    return ArtifactNotFoundError(f"{name} of {experiment}", problem, hint)


def produced_nothing(name: str, experiment: str, run: str, others: Sequence[str]) -> ArtifactError:
    """Return the error for an experiment whose run has not logged an artifact."""
    wanted = f"{name} of {experiment}"
    logged = f"it logged {listed(others)}" if others else "it logged no artifact"
    log_it = f"log it: prun.log_artifact({name!r}, ...)"
    hint = did_you_mean(name, others, "name={!r}", log_it)
    return ArtifactNotFoundError(wanted, f"run {run} has not logged it; {logged}", hint)


def changed_meanwhile(name: str, place: str) -> ArtifactError:
    """Return the error for files that were written to while they were copied."""
    return ArtifactError(
        f"{name}: the files at {place} must not change while they are copied",
        "log them when all of them are written",
    )


def missing_files(name: str, place: str, missing: str) -> ArtifactError:
    """Return the error for files that cannot be logged, because one is not there.

    Args:
        name: Of the artifact.
        place: What is logged.
        missing: What is not there: the place, or a file in it that a link leads to.
    """
    if missing == place:
        return ArtifactError(
            f"{name}: its path must be a file or a folder, got {place}, which does not exist",
            "write the files before they are logged",
        )
    return ArtifactError(
        f"{name}: {missing} must be a file, got a link to nothing, or one that was removed",
        "write the file, or remove the link, before they are logged",
    )


def unreadable_files(name: str, error: Exception) -> ArtifactError:
    """Return the error for files that cannot be logged, because one cannot be read."""
    return ArtifactError(
        f"{name}: its files cannot be read: {error}\n"
        "    log files, and folders of files, that this user can read"
    )


def missing_metadata(reference: str, names: Sequence[str], known: Sequence[str]) -> MetadataError:
    """Return the error for fields that the metadata of a version does not have."""
    has = _some(known) if known else "none"
    return MetadataError(
        f"{reference}: metadata {listed([repr(name) for name in names])} must have been logged,"
        f" got {has}",
        f"log it: prun.log_artifact(name, path, {names[0]}=...)",
    )


def other_metadata(reference: str, name: str, given: object, logged: object) -> MetadataError:
    """Return the error for metadata that was given by hand and differs from what was logged."""
    return MetadataError(
        f"{reference}: {name} must be what was logged, {shorten(logged)}, got {shorten(given)}",
        f"leave {name} out, or name a version that has it",
    )


def _some(names: Sequence[str]) -> str:
    """Return the last of some names, which are the newest versions, with commas between."""
    more = [f"... {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    return listed([*more, *names[-_SHOWN:]])
