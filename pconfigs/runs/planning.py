"""Planning: a config and what led to it, as the files of a run's folder."""

from __future__ import annotations

import time

from pconfigs import serialization
from pconfigs.runs.folder import ATTEMPTS, CONFIG, FILES, RUN, STATUS, RunFolder, encoded
from pconfigs.runs.masking import Masker, secrets_of
from pconfigs.runs.status import QUEUED
from pconfigs.schema.build_record import bases_of
from pconfigs.serialization.conversion.scalar_codecs import qualified_name
from pconfigs.serialization.dump import plain
from pconfigs.serialization.fingerprint import pfingerprint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from pconfigs.runs.store import Store

LONGEST_OVERRIDES = 120
LONGEST_NAME = 80
DIGITS = 8
DEFAULT_ATTRIBUTE = "config"
_ANCESTORS = 16
"""Fingerprints of bases that are recorded; each costs as much as that of the run."""


class Plan:
    """A run that is to be.

    Attributes:
        config: What is run.
        name: See `run_name`.
        target: Dotted path of the experiment, or None.
        overrides: The words that were applied to it, without values of secrets.
        arguments: Words for `main`.
        options: Words that the class declares.
        smoke: Whether it is the small variant.
        facts: More for run.json, by names of their own: `rerun_of`, `sweep`, `needs`.
        words: What the folder's name shows after the name; the overrides by default.
        again: Whether a launch runs it in a new folder, whatever the store knows about it.
    """

    __slots__ = (
        "_masker", "again", "arguments", "config", "facts", "name", "options", "overrides",
        "smoke", "target", "words",
    )  # fmt: skip

    def __init__(
        self,
        config: Any,
        name: str,
        target: str | None = None,
        overrides: Sequence[str] = (),
        arguments: Sequence[str] = (),
        options: Sequence[str] = (),
        smoke: bool = False,
        facts: Mapping[str, Any] | None = None,
        words: Sequence[str] | None = None,
        again: bool = False,
    ) -> None:
        self.config, self.name, self.target = config, name, target
        self.overrides, self.arguments = list(overrides), list(arguments)
        self.options, self.smoke, self.facts = list(options), smoke, dict(facts or {})
        self.words = self.overrides if words is None else list(words)
        self.again = again
        self._masker: Masker | None = None

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the config."""
        return pfingerprint(self.config)

    @property
    def masker(self) -> Masker:
        """Masks the secrets of the config, which are looked for once the run is claimed."""
        if self._masker is None:
            self._masker = Masker(secrets_of(self.config))
        return self._masker

    @property
    def stem(self) -> str:
        """The name of the run's folder but for its number."""
        name = _safe(self.name)[:LONGEST_NAME]
        words = _safe(",".join(map(self.masker.text, self.words)))[:LONGEST_OVERRIDES]
        return f"{name}{',' if words else ''}{words}-{self.fingerprint[:DIGITS]}"

    def files(self) -> dict[str, bytes]:
        """Return run.json and config.json; folders that are filled later end in a slash.

        Raises:
            UnsavableError: Values of the config cannot be saved.
        """
        mask = self.masker.text
        run = {
            "name": self.name,
            "target": self.target,
            "overrides": list(map(mask, self.overrides)),
            "options": list(map(mask, self.options)),
            "arguments": list(map(mask, self.arguments)),
            "class": qualified_name(type(self.config)),
            "fingerprint": self.fingerprint,
            "bases": _ancestors(self.config),
            "smoke": self.smoke,
            "planned": round(time.time(), 3),
            **self.facts,
        }
        folders = {f"{ATTEMPTS}/": b"", f"{FILES}/": b""}
        return {RUN: encoded(run), CONFIG: self._encoded_config(), **folders}

    def _encoded_config(self) -> bytes:
        data = plain(self.config)
        try:
            return encoded(data)
        except ValueError as error:
            raise serialization.save.unwritable(
                type(self.config), data, "JSON", encoded, error
            ) from error


def run_name(target: str) -> str:
    """Return the name of an experiment's runs.

    It is the module's last part where the attribute is `config`, else `module.attribute`.
    """
    module = target.partition("[")[0].rpartition(".")[0]
    rest = target[len(module) + 1 :] if module else target
    last = module.rpartition(".")[2]
    return last if rest == DEFAULT_ATTRIBUTE and last else f"{last}.{rest}".strip(".")


def plan_run(
    store: Store,
    plan: Plan,
    number: int | None = None,
    more: Mapping[str, bytes] | None = None,
) -> RunFolder | None:
    """Claim a folder for a run that is started later; its state is `queued`.

    Args:
        store: Where it is claimed.
        plan: What is to run.
        number: Claim this number only; None is returned where it is taken.
        more: Further files of the folder.
    """
    status = {STATUS: encoded({"state": QUEUED, "attempt": 0, "queued": round(time.time(), 3)})}
    files = {**plan.files(), **status, **(more or {})}
    path = store.claim(plan.stem, files, number=number, smoke=plan.smoke)
    return None if path is None else RunFolder(path)


def _safe(text: str) -> str:
    """Return `text` in characters that file names, shells and addresses leave alone."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "=.,_+-") else "_" for c in text)


def _ancestors(config: Any) -> list[str]:
    """Return the fingerprints of what a config inherits from, nearest first."""
    found: list[str] = []
    while len(found) < _ANCESTORS:
        bases = bases_of(config)
        if not bases:
            break
        config = bases[0]
        try:
            found.append(pfingerprint(config))
        except Exception:  # a base may be open, or hold what cannot be saved
            break
    return found
