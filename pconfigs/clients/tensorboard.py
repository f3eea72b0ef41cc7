"""TensorBoard: event files in the run's folder, which `tensorboard --logdir runs` shows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from typing import Any

from pconfigs.clients import imported
from pconfigs.clients.tracking import Row, TrackedArtifact, TrackedRun

FOLDER = os.path.join("trackers", "tensorboard")
_LARGEST = 1 << 1023  # a whole number that no float holds
_LONGEST_LOG = 1 << 20  # characters of a log that a page shows; the file has the rest


class TensorBoardClient:
    """Writes event files; they are written anew when a run is opened again.

    What was written before a crash is not known, and rows may not come twice.
    """

    restarts, buffers = True, False

    def __init__(self) -> None:
        self._event = _module("compat.proto.event_pb2").Event
        self._summary = _module("compat.proto.summary_pb2")
        self._tensor = _module("compat.proto.tensor_pb2")
        self._types = _module("compat.proto.types_pb2")
        self._hparams = _module("plugins.hparams.summary_v2")
        self._make_writer = _module("summary.writer.event_file_writer").EventFileWriter
        self._writer: Any = None
        self._step = 0

    def open(self, run: TrackedRun, remembered: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write the config as hyper-parameters and as a table."""
        folder = os.path.join(run.folder, FOLDER)
        if os.path.realpath(folder) == os.path.join(os.path.realpath(run.folder), FOLDER):
            shutil.rmtree(folder, ignore_errors=True)
        self._writer = self._make_writer(folder)
        values = {
            path: value if _is_scalar(value) else str(value) for path, value in run.config.items()
        }
        hparams = self._hparams.hparams_pb(values, trial_id=run.id, start_time_secs=run.started)
        self._add(hparams, 0, run.started)
        self._text("config", _table("field", run.config), run.started)
        self._text("run", _table("fact", run.tags), run.started)
        return {}

    def send_rows(self, rows: Sequence[Row]) -> None:
        """Write numbers as scalars, and strings as text; a row without a step counts on."""
        for row in rows:
            self._step = row.step if row.step is not None else row.number
            summary = self._summary.Summary()
            for name, value in row.values.items():
                if isinstance(value, str):
                    self._text(name, value, row.time, self._step)
                else:
                    summary.value.add(tag=name, simple_value=float(value))
            if summary.value:
                self._add(summary, self._step, row.time)
        self._writer.flush()

    def send_artifact(self, artifact: TrackedArtifact, *, consumed: bool) -> None:
        """Write a version as text."""
        kind = "consumed" if consumed else "produced"
        words = f"{artifact.ref}  \n`{artifact.path}`  \n`{artifact.digest}`"
        self._text(f"{kind}/{artifact.name}", words, 0.0, self._step)

    def close(self, state: str, exit_code: int | None, log: str | None) -> None:
        """Write how the run ended, and what it printed."""
        self._text("state", f"{state}, exit code {exit_code}", 0.0, self._step)
        if log is not None:
            with open(log, encoding="utf-8", errors="replace") as file:
                text = file.read(_LONGEST_LOG)
                rest = os.path.getsize(log) - len(text.encode())
            more = f"\n... {rest} bytes more in {log}" if rest > 0 else ""
            indented = "\n".join(f"    {line}" for line in f"{text}{more}".splitlines())
            self._text("log", indented, 0.0, self._step)
        self._writer.flush()
        self._writer.close()

    def _text(self, tag: str, text: str, time: float, step: int = 0) -> None:
        plugin = self._summary.SummaryMetadata(
            plugin_data=self._summary.SummaryMetadata.PluginData(plugin_name="text"),
            data_class=self._summary.DATA_CLASS_TENSOR,
        )
        tensor = self._tensor.TensorProto(
            dtype=self._types.DT_STRING, string_val=[text.encode("utf-8", "backslashreplace")]
        )
        summary = self._summary.Summary()
        summary.value.add(tag=tag, metadata=plugin, tensor=tensor)
        self._add(summary, step, time)

    def _add(self, summary: Any, step: int, time: float) -> None:
        self._writer.add_event(self._event(step=step, wall_time=time, summary=summary))


def _module(name: str) -> Any:
    return imported(f"tensorboard.{name}", "tensorboard", "tensorboard", "the tracker")


def _table(head: str, values: Mapping[str, Any]) -> str:
    lines = [f"| {_cell(name)} | {_cell(value)} |" for name, value in values.items()]
    return "\n".join([f"| {head} | value |", "|---|---|", *lines])


def _is_scalar(value: object) -> bool:
    """Return whether a value is one of a hyper-parameter, where whole numbers are floats."""
    if isinstance(value, int):
        return -_LARGEST < value < _LARGEST
    return isinstance(value, (float, str))


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
