"""A stand-in for the server of W&B, on loopback: the calls that its real client makes.

It proves what the client of a pinned version sends, not what the service does with it. Calls that
it does not know are listed in `unknown`, and a test requires that list to be empty.
"""

from __future__ import annotations

import gzip
import itertools
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def _project(entity: str, name: str) -> dict[str, Any]:
    owner = {"__typename": "Entity", "id": "E", "name": entity}
    return {"__typename": "Project", "id": f"P-{name}", "internalId": "1", "name": name,
            "entity": owner}  # fmt: skip


class State:
    """What the server has been sent."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.runs: dict[str, dict[str, Any]] = {}
        self.artifacts: dict[str, dict[str, Any]] = {}
        self.collections: dict[tuple[str, str, str], list[str]] = {}
        self.blobs: dict[str, bytes] = {}
        self.used: list[tuple[str, str]] = []
        self.history: dict[str, list[dict[str, Any]]] = {}
        self.operations: list[str] = []
        self.unknown: list[str] = []
        self.requests: list[bytes] = []
        self.away = False
        self._ids = itertools.count(1)

    def new_id(self, kind: str) -> str:
        return f"{kind}{next(self._ids)}"

    def find(self, entity: str, project: str, name: str) -> dict[str, Any] | None:
        base, _, alias = name.partition(":")
        for known in self.collections.get((entity, project, base), []):
            artifact = self.artifacts[known]
            aliases = [*artifact["aliases"], f"v{artifact['index']}"]
            if artifact["state"] == "COMMITTED" and (alias or "latest") in aliases:
                return artifact
        return None


class Operations:
    """The operations of the service's GraphQL interface, by name."""

    def __init__(self, state: State, url: str) -> None:
        self.state, self.url = state, url

    def answer(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        found = getattr(self, name, None)
        if found is None:
            self.state.unknown.append(name)
            return {}
        answer: dict[str, Any] = found(given)
        return answer

    def Viewer(self, given):
        return {"viewer": {"id": "U", "entity": "me", "username": "me", "email": "me@example.com",
                           "flags": "{}", "admin": False, "name": "me", "teams": {"edges": []},
                           "apiKeys": {"edges": []}}}  # fmt: skip

    def GetDefaultEntity(self, given):
        return {"viewer": {"id": "U", "entity": "me"}}

    def OrganizationCoreWeaveOrganizationID(self, given):
        return {"entity": {"organization": None}}

    def ClientIDMapping(self, given):
        return {"clientIDMapping": None}

    def ServerFeaturesQuery(self, given):
        return {"serverInfo": {"features": []}}

    def RunResumeStatus(self, given):
        run = self.state.runs.get(given.get("name"))
        bucket = None
        if run is not None:
            rows = self.state.history.get(run["name"], [])
            tail = json.dumps([json.dumps(row) for row in rows[-1:]])
            bucket = {"id": f"R-{run['name']}", "name": run["name"], "summaryMetrics": "{}",
                      "displayName": run["name"], "logLineCount": 0, "historyLineCount": len(rows),
                      "eventsLineCount": 0, "historyTail": tail, "eventsTail": "[]",
                      "config": "{}", "tags": [], "wandbConfig": "{\"t\": 1}"}  # fmt: skip
        return {"model": {"id": "P", "name": given.get("project"), "bucket": bucket,
                          "entity": {"id": "E", "name": given.get("entity")}}}  # fmt: skip

    def UpsertBucket(self, given):
        name = given["name"]
        is_new = name not in self.state.runs
        run = self.state.runs.setdefault(name, {"name": name})
        run["entity"] = given.get("entity") or run.get("entity") or "me"
        run["project"] = given.get("project") or run.get("project") or "uncategorized"
        for key in ("displayName", "config", "summaryMetrics", "state"):
            if given.get(key) is not None:
                run[key] = given[key]
        rows = len(self.state.history.get(name, []))
        bucket = {"id": f"R-{name}", "name": name, "displayName": run.get("displayName") or name,
                  "description": None, "config": run.get("config") or "{}", "sweepName": None,
                  "project": _project(run["entity"], run["project"]),
                  "historyLineCount": rows}  # fmt: skip
        return {"upsertBucket": {"bucket": bucket, "inserted": is_new}}

    def CreateArtifact(self, given):
        given = given.get("input", given)
        names = given.get("artifactCollectionNames") or [given.get("artifactCollectionName")]
        key = (given["entityName"], given["projectName"], names[0])
        for known in self.state.collections.get(key, []):
            artifact = self.state.artifacts[known]
            if artifact["digest"] == given["digest"] and artifact["state"] == "COMMITTED":
                break
        else:
            made = self.state.new_id("A")
            artifact = {
                "id": made, "entity": key[0], "project": key[1], "name": key[2],
                "type": given["artifactTypeName"], "digest": given["digest"],
                "metadata": given.get("metadata"), "state": "PENDING", "files": {},
                "index": len(self.state.collections.get(key, [])), "run": given.get("runName"),
                "aliases": [one["alias"] for one in given.get("aliases") or []],
            }  # fmt: skip
            self.state.artifacts[made] = artifact
            self.state.collections.setdefault(key, []).append(made)
        shown = {"id": artifact["id"], "state": artifact["state"],
                 "artifactSequence": {"id": "S", "latestArtifact": None}}  # fmt: skip
        return {"createArtifact": {"artifact": shown}}

    def CreateArtifactManifest(self, given):
        return {"createArtifactManifest": self._manifest(given.get("input", given)["artifactID"])}

    def UpdateArtifactManifest(self, given):
        manifest = given.get("input", given)["artifactManifestID"]
        return {"updateArtifactManifest": self._manifest(manifest.removeprefix("M-"))}

    def _manifest(self, artifact):
        address = f"{self.url}/storage/manifest/M-{artifact}"
        file = {"id": f"M-{artifact}", "uploadUrl": address, "uploadHeaders": [],
                "name": "wandb_manifest.json", "displayName": "x"}  # fmt: skip
        return {"artifactManifest": {"id": f"M-{artifact}", "file": file}}

    def CreateArtifactFiles(self, given):
        edges = []
        for file in given.get("input", given)["artifactFiles"]:
            artifact = self.state.artifacts[file["artifactID"]]
            address = f"{self.url}/storage/file/{artifact['id']}/{file['name']}"
            artifact["files"][file["name"]] = address
            node = {"id": self.state.new_id("F"), "name": file["name"], "uploadUrl": address,
                    "displayName": file["name"], "storagePath": file["name"], "uploadHeaders": [],
                    "uploadMultipartUrls": None, "artifact": {"id": artifact["id"]}}  # fmt: skip
            edges.append({"node": node})
        return {"createArtifactFiles": {"files": {"edges": edges}}}

    def CommitArtifact(self, given):
        artifact = self.state.artifacts[given["artifactID"]]
        artifact["state"] = "COMMITTED"
        key = (artifact["entity"], artifact["project"], artifact["name"])
        for other in self.state.collections[key]:
            if other != artifact["id"]:
                held = self.state.artifacts[other]
                taken = {*artifact["aliases"], "latest"}
                held["aliases"] = [alias for alias in held["aliases"] if alias not in taken]
        artifact["aliases"] = list(dict.fromkeys([*artifact["aliases"], "latest"]))
        shown = {"id": artifact["id"], "digest": artifact["digest"]}
        return {"commitArtifact": {"artifact": shown}}

    def UseArtifact(self, given):
        given = given.get("input", given)
        artifact = self.state.artifacts[given["artifactID"]]
        self.state.used.append((given["runName"], f"{artifact['name']}:v{artifact['index']}"))
        return {"useArtifact": {"artifact": {"id": artifact["id"]}}}

    def ArtifactType(self, given):
        found = self.state.find(given["entity"], given["project"], given["name"])
        shown = found and {"artifactType": {"name": found["type"]}}
        return {"project": {"artifact": shown}}

    def ArtifactMembershipByName(self, given):
        found = self.state.find(given["entity"], given["project"], given["name"])
        shown = None
        if found is not None:
            shown = {"__typename": "ArtifactCollectionMembership", "id": f"AM-{found['id']}",
                     "versionIndex": found["index"], "createdAt": "2026-01-01T00:00:00Z",
                     "aliases": self._aliases(found), "artifactCollection": self._collection(found),
                     "artifact": self._artifact(found)}  # fmt: skip
        return {"project": {"artifactCollectionMembership": shown}}

    def ArtifactByID(self, given):
        found = self.state.artifacts.get(given["id"])
        return {"artifact": found and self._artifact(found)}

    def FetchArtifactManifest(self, given):
        found = given.get("id") or given.get("artifact_id")
        address = f"{self.url}/storage/manifest/M-{found}"
        return {"artifact": {"currentManifest": {"file": {"directUrl": address}}}}

    ArtifactManifest = FetchArtifactManifest

    def GetArtifactMembershipFileUrls(self, given):
        name = f"{given['collection']}:{given['alias']}"
        found = self.state.find(given["entity"], given["project"], name)
        nodes = [
            {"node": {"__typename": "File", "name": file, "directUrl": address}}
            for file, address in (found["files"] if found else {}).items()
        ]
        page = {"__typename": "PageInfo", "endCursor": None, "hasNextPage": False}
        files = {"pageInfo": page, "edges": nodes}
        collection = {"__typename": "ArtifactSequence", "artifactMembership": {"files": files}}
        return {"project": {"artifactCollection": collection}}

    def CreateRunFiles(self, given):
        files = [
            {"name": file, "uploadUrl": f"{self.url}/storage/run/{given['run']}/{file}"}
            for file in given["files"]
        ]
        made = {"runID": f"R-{given['run']}", "uploadHeaders": [], "files": files}
        return {"createRunFiles": made}

    def _collection(self, artifact):
        return {"__typename": "ArtifactSequence", "id": f"C-{artifact['name']}",
                "name": artifact["name"],
                "project": _project(artifact["entity"], artifact["project"])}  # fmt: skip

    def _aliases(self, artifact):
        return [
            {"__typename": "ArtifactAlias", "id": alias, "alias": alias,
             "artifactCollection": self._collection(artifact)}
            for alias in artifact["aliases"]
        ]  # fmt: skip

    def _artifact(self, artifact):
        return {"__typename": "Artifact", "id": artifact["id"], "historyStep": None, "size": 0,
                "artifactSequence": self._collection(artifact), "versionIndex": artifact["index"],
                "artifactType": {"id": "T", "name": artifact["type"]}, "description": None,
                "metadata": artifact["metadata"], "ttlDurationSeconds": -2, "tags": [],
                "ttlIsInherited": True, "state": artifact["state"], "digest": artifact["digest"],
                "digestAlgorithm": "MANIFEST_MD5", "commitHash": artifact["id"],
                "fileCount": len(artifact["files"]), "createdAt": "2026-01-01T00:00:00Z",
                "updatedAt": None, "aliases": self._aliases(artifact)}  # fmt: skip


def serve() -> tuple[ThreadingHTTPServer, State, str]:
    """Start a server on a free port; return it, what it is sent, and its address."""
    state = State()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *given: object) -> None:
            pass

        def do_GET(self) -> None:
            with state.lock:
                held = state.blobs.get(self.path)
            self._answer(404 if held is None else 200, held or b"{}")

        def do_PUT(self) -> None:
            content = self._content()
            with state.lock:
                state.blobs[self.path] = content
            self._answer(200, b"{}")

        def do_POST(self) -> None:
            content = self._content()
            if self.headers.get("Content-Encoding") == "gzip":
                content = gzip.decompress(content)
            if state.away:
                self._answer(503, b"{}")
                return
            with state.lock:
                state.requests.append(content)
                self._answer(200, json.dumps(self._reply(json.loads(content or b"{}"))).encode())

        def _reply(self, data: dict[str, Any]) -> dict[str, Any]:
            if self.path == "/graphql":
                head = data["query"].split("{")[0].split("(")[0].split()
                name = data.get("operationName") or (head[-1] if head[1:] else "Viewer")
                state.operations.append(name)
                return {"data": operations.answer(name, data.get("variables") or {})}
            if self.path.endswith("/file_stream"):
                run = self.path.split("/")[-2]
                for file, chunk in (data.get("files") or {}).items():
                    if "history" in file:
                        rows = map(json.loads, chunk["content"])
                        state.history.setdefault(run, []).extend(rows)
                if data.get("complete"):
                    state.runs.setdefault(run, {"name": run})["exit_code"] = data.get("exitcode")
                return {"limits": {}}
            return {}

        def _content(self) -> bytes:
            length = self.headers.get("Content-Length")
            if length is not None:
                return self.rfile.read(int(length))
            found = b""
            while "chunked" in (self.headers.get("Transfer-Encoding") or ""):
                size = int(self.rfile.readline(), 16)
                found += self.rfile.read(size)
                self.rfile.readline()
                if not size:
                    break
            return found

        def _answer(self, code: int, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client: object) -> None:
            """Ignore a client that closes a connection which it keeps for more requests."""
            if not isinstance(sys.exc_info()[1], ConnectionError):
                super().handle_error(request, client)  # type: ignore[arg-type]

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    url = f"http://127.0.0.1:{server.server_address[1]}"
    operations = Operations(state, url)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, state, url
