"""MLflow: runs, metrics, inputs and files through its client; models of its registry.

The server is `MLFLOW_TRACKING_URI`, the experiment `MLFLOW_EXPERIMENT_NAME`, else the project's
name, as everywhere with MLflow.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from tempfile import TemporaryDirectory
from typing import Any

from pconfigs.clients import imported
from pconfigs.clients.tracking import Row, TrackedArtifact, TrackedRun
from pconfigs.errors.artifacts import ArtifactNotFoundError

RUN_TAG = "pconfigs.run"
_BATCH = 1000  # metrics in a request: the limit of the service
_PARAMS = 100  # params in a request: the limit of the service
_LONGEST_PARAM = 6000  # characters of a param: the limit of the service
_LONGEST_DIGEST = 36  # characters of the digest of a dataset: the limit of the service
_STATES = {"done": "FINISHED", "failed": "FAILED", "lost": "FAILED"}


class MLflowClient:
    """One run of MLflow."""

    restarts, buffers = False, False

    def __init__(self) -> None:
        # By default a server that is gone holds a request for two minutes.
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
        os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        self._mlflow = _imported()
        self._client = self._mlflow.MlflowClient()
        self._run_id = ""

    def open(self, run: TrackedRun, remembered: Mapping[str, Any]) -> Mapping[str, Any]:
        """Create the run, or find the one that was created; send its config."""
        name = os.environ.get("MLFLOW_EXPERIMENT_NAME") or run.project
        self._run_id = str(remembered.get("run_id") or self._found_or_created(name, run))
        if not remembered.get("config_sent"):
            self._send_config(run)
        return {"run_id": self._run_id, "config_sent": True}

    def send_rows(self, rows: Sequence[Row]) -> None:
        """Send numbers as metrics, the last of each string as a tag.

        MLflow keeps a metric with the same time, step and value once.
        """
        metrics: list[Any] = []
        tags: dict[str, str] = {}
        for row in rows:
            step = row.step if row.step is not None else row.number
            for name, value in row.values.items():
                if isinstance(value, str):
                    tags[f"metric.{encoded(name)}"] = value
                else:
                    metrics.append(
                        self._mlflow.entities.Metric(
                            encoded(name), float(value), round(row.time * 1000), step
                        )
                    )
        for start in range(0, len(metrics), _BATCH):
            self._client.log_batch(self._run_id, metrics=metrics[start : start + _BATCH])
        for name, text in tags.items():
            self._client.set_tag(self._run_id, name, text)

    def send_artifact(self, artifact: TrackedArtifact, *, consumed: bool) -> None:
        """Send a consumed version as a dataset input, a produced one as a tag and a file."""
        entities = self._mlflow.entities
        if consumed:
            digest = artifact.digest.removeprefix("sha256:")[:_LONGEST_DIGEST] or artifact.version
            source = json.dumps({"ref": artifact.ref, "path": artifact.path})
            dataset = entities.Dataset(artifact.ref, digest, "pconfigs", source)
            tag = entities.InputTag("mlflow.data.context", "consumed")
            self._client.log_inputs(self._run_id, [entities.DatasetInput(dataset, [tag])])
            return
        self._client.set_tag(self._run_id, f"produced.{encoded(artifact.name)}", artifact.ref)
        facts = {
            "ref": artifact.ref,
            "path": artifact.path,
            "digest": artifact.digest,
            "metadata": dict(artifact.metadata),
        }
        file = f"produced/{encoded(artifact.name)}-{artifact.version}.json"
        self._client.log_dict(self._run_id, facts, file)

    def close(self, state: str, exit_code: int | None, log: str | None) -> None:
        """Send the end of the run, and what it printed as a file."""
        if log is not None:
            self._client.log_artifact(self._run_id, log)
        self._client.set_tag(self._run_id, "exit_code", str(exit_code))
        self._client.set_terminated(self._run_id, _STATES.get(state, "KILLED"))

    def _found_or_created(self, experiment: str, run: TrackedRun) -> str:
        found = self._client.get_experiment_by_name(experiment)
        number = found.experiment_id if found is not None else self._made_experiment(experiment)
        known = self._client.search_runs([number], f"tags.`{RUN_TAG}` = '{run.key}'", max_results=1)
        if known:
            return str(known[0].info.run_id)
        made = self._client.create_run(
            number, start_time=round(run.started * 1000), tags={RUN_TAG: run.key}, run_name=run.id
        )
        return str(made.info.run_id)

    def _made_experiment(self, name: str) -> str:
        try:
            return str(self._client.create_experiment(name))
        except self._mlflow.exceptions.MlflowException:
            # Another follower was faster.
            found = self._client.get_experiment_by_name(name)
            if found is None:
                raise
            return str(found.experiment_id)

    def _send_config(self, run: TrackedRun) -> None:
        texts = {encoded(path): _text(value) for path, value in run.config.items()}
        short = [
            self._mlflow.entities.Param(name, text)
            for name, text in texts.items()
            if len(text) <= _LONGEST_PARAM
        ]
        for start in range(0, len(short), _PARAMS):
            self._client.log_batch(self._run_id, params=short[start : start + _PARAMS])
        # Whole, with its types, and with what is too long for a param.
        self._client.log_dict(self._run_id, dict(run.config), "config.json")
        for name, text in run.tags.items():
            self._client.set_tag(self._run_id, f"pconfigs.{name}", text)


def encoded(name: str) -> str:
    """Return a name in the characters that MLflow takes: letters, digits, `_ - . : /` and space.

    `model.hidden[0]` is `model.hidden:0`. Other characters are `/HEX/`, and no two names become
    the same.
    """
    # A colon before a digit is an index, and nothing else is: `val:accuracy` stays as it is.
    pieces = re.split(r"\[(-?(?:0|[1-9][0-9]*))\](?![0-9])", name)
    safe = [_escaped(piece) if at % 2 == 0 else f":{piece}" for at, piece in enumerate(pieces)]
    return "".join(safe)


def _escaped(text: str) -> str:
    pattern = r"[^A-Za-z0-9_\-. :]|:(?=[-0-9])"
    return re.sub(pattern, lambda match: f"/{ord(match[0]):x}/", text)


def registered_version(uri: str, into: str) -> tuple[str, str, Mapping[str, Any], str]:
    """Return version, path and metadata of `models:/NAME/N`, `models:/NAME@ALIAS` or `runs:/...`.

    Last comes the URI with the number of the version that an alias, or `latest`, means today.

    The files are downloaded into a folder of their own below `into`, whole or not at all, and
    once for each server.

    Raises:
        ArtifactNotFoundError: The registry has no such model, version or alias.
    """
    mlflow = _imported()
    client = mlflow.MlflowClient()
    found = re.fullmatch(r"models:/([^/@]+)(?:/([\w.-]+)|@([\w.-]+))", uri)
    version, metadata = "", {}
    try:
        if found is not None:
            name, number, alias = found.groups()
            if alias:
                held = client.get_model_version_by_alias(name, alias)
            elif number == "latest":
                versions = client.search_model_versions(f"name = '{name}'")
                if not versions:
                    raise ValueError(f"{name} has no version")
                held = max(versions, key=lambda v: int(v.version))
            else:
                held = client.get_model_version(name, number)
            version, metadata = f"v{held.version}", dict(held.tags)
            uri = f"models:/{name}/{held.version}"
        servers = f"{mlflow.get_tracking_uri()}\0{mlflow.get_registry_uri()}"
        path = _downloaded(uri, into, servers)
    except Exception as error:  # a reply that is malformed makes its client raise anything
        raise ArtifactNotFoundError(
            f"mlflow:{uri}", f"it cannot be read: {error}", "name a version or alias that exists"
        ) from error
    return version, path, metadata, uri


def _downloaded(uri: str, into: str, servers: str) -> str:
    """Return where the files of a URI are below `into`, downloaded if they are not there."""
    identity = hashlib.sha256(f"{servers}\0{uri}".encode()).hexdigest()[:16]
    final = os.path.join(into, identity + re.sub(r"[^\w.-]", "_", f"-{uri}"))
    if os.path.exists(final):
        return final
    os.makedirs(into, exist_ok=True)
    with TemporaryDirectory(prefix=".draft-", dir=into, ignore_cleanup_errors=True) as draft:
        files = os.path.join(draft, "files")
        os.mkdir(files)  # unlike the draft, open to whom the store is open
        path = _imported().artifacts.download_artifacts(uri, dst_path=files)
        try:
            os.rename(path, final)
        except OSError:
            if not os.path.exists(final):  # where it does, another process was faster
                raise
    return final


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _imported() -> Any:
    return imported("mlflow", "mlflow", "mlflow", "the tracker")
