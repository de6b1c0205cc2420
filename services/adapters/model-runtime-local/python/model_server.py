"""One replica of a Python model saved by MLflow: `python model_server.py FOLDER`.

Reads FOLDER/spec.json, loads the model, and answers MLflow's scoring requests on loopback for who knows the secret.
Runs as a process of its own: loading a pickle runs code of whoever made the model.
"""

from __future__ import annotations

import hmac
import json
import math
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HIGHEST_BODY_BYTES = 16 * 1024 * 1024
SAMPLES = {"string": "", "boolean": False, "long": 0, "integer": 0, "datetime": "2000-01-01T00:00:00"}


class BadRequest(Exception):
    """The caller's rows cannot be scored."""


def log(event: str, **fields: Any) -> None:
    print(json.dumps({"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "event": event, **fields}), flush=True)


class Replica:
    """The model with what the platform wants to know about it."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec
        self.phase = "loading"
        self.model: Any = None
        self.sample: dict[str, Any] | None = None
        self.last_health = time.monotonic()
        self.slots = threading.BoundedSemaphore(spec["parallel"])

    def load(self) -> None:
        import mlflow.pyfunc

        began = time.monotonic()
        log("loading")
        self.model = mlflow.pyfunc.load_model(self.spec["modelFolder"])
        self.sample = sample_of(self.spec["modelFolder"], self.model)
        self.phase = "loaded"
        log("loaded", ms=round((time.monotonic() - began) * 1000))

    def score(self, payload: Any) -> Any:
        rows = rows_of(payload)
        with self.slots:
            try:
                result = self.model.predict(rows)
            except Exception as error:
                # What the model says about its input is for the caller: it is the caller's model.
                raise BadRequest(f"{type(error).__name__}: {error}"[:2000]) from error
        return plain(result)


def sample_of(folder: str, model: Any) -> dict[str, Any] | None:
    """A payload the model should be able to score: its own example, else a row of its signature, else none."""
    example = Path(folder) / "serving_input_example.json"
    if example.is_file() and example.stat().st_size < 1_000_000:
        return json.loads(example.read_text())
    schema = model.metadata.get_input_schema()
    if schema is None or schema.is_tensor_spec() or not schema.has_input_names():
        return None
    types = [str(column.type).removeprefix("DataType.") for column in schema.inputs]
    return {"dataframe_split": {"columns": schema.input_names(), "data": [[SAMPLES.get(name, 0.0) for name in types]]}}


def rows_of(payload: Any) -> Any:
    import numpy
    import pandas

    kinds = ("dataframe_split", "dataframe_records", "instances", "inputs")
    given = [kind for kind in kinds if isinstance(payload, dict) and payload.get(kind) is not None]
    if len(given) != 1:
        raise BadRequest(f"The body must hold exactly one of {', '.join(kinds)}.")
    value = payload[given[0]]
    try:
        if given[0] == "dataframe_split":
            return pandas.DataFrame(data=value["data"], columns=value.get("columns"), index=value.get("index"))
        if given[0] == "dataframe_records":
            return pandas.DataFrame(value)
        if isinstance(value, dict):
            return {name: numpy.asarray(column) for name, column in value.items()}
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return pandas.DataFrame(value)
        return numpy.asarray(value)
    except (ValueError, TypeError, KeyError) as error:
        raise BadRequest(f"The rows cannot be read: {error}"[:2000]) from error


def plain(value: Any) -> Any:
    """Arrays, frames and scalars as JSON knows them; NaN and infinities become null."""
    import numpy
    import pandas

    if isinstance(value, pandas.DataFrame):
        return [plain(row) for row in value.to_dict(orient="records")]
    if isinstance(value, (pandas.Series, numpy.ndarray)):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, numpy.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    replica: Replica

    def do_GET(self) -> None:
        if not self.is_known():
            return
        if self.path != "/health":
            return self.send(404, {"error": {"message": "There is nothing here.", "type": "invalid_request_error"}})
        self.replica.last_health = time.monotonic()
        self.send(200, {"phase": self.replica.phase, "kind": "predict", "parallel": self.replica.spec["parallel"], "sample": self.replica.sample})

    def do_POST(self) -> None:
        if not self.is_known():
            return
        size = int(self.headers.get("content-length", "0"))
        if size > HIGHEST_BODY_BYTES:
            self.close_connection = True
            return self.refuse(413, "The body is too large.")
        body = self.rfile.read(size)
        if self.path != "/invocations":
            return self.refuse(404, "There is nothing here.")
        if self.replica.phase != "loaded":
            return self.refuse(503, "The model is being loaded.")
        try:
            self.send(200, {"predictions": self.replica.score(json.loads(body))})
        except BadRequest as error:
            self.refuse(400, str(error))
        except ValueError:
            self.refuse(400, "The body is not valid JSON.")

    def is_known(self) -> bool:
        given = self.headers.get("authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {self.replica.spec['secret']}".encode()):
            return True
        self.close_connection = True
        self.refuse(401, "No.")
        return False

    def refuse(self, status: int, message: str) -> None:
        self.send(status, {"error": {"message": message, "type": "invalid_request_error" if status < 500 else "server_error", "param": None, "code": None}})

    def send(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments: Any) -> None:
        """Calls are counted by the gateway."""


def watch_lifeline(replica: Replica) -> None:
    """Ends a replica whose platform never came back."""
    patience = replica.spec["orphanMs"] / 1000
    while time.monotonic() - replica.last_health < patience:
        time.sleep(min(patience, 10))
    log("orphaned", forMs=replica.spec["orphanMs"])
    os._exit(0)


def main(folder: Path) -> None:
    replica = Replica(json.loads((folder / "spec.json").read_text()))
    handler = type("ReplicaHandler", (Handler,), {"replica": replica})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = False
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch_lifeline, args=(replica,), daemon=True).start()
    new = folder / "port.json.new"
    new.write_text(json.dumps({"port": server.server_address[1]}))
    new.rename(folder / "port.json")
    threading.Thread(target=load_or_end, args=(replica,), daemon=True).start()
    server.serve_forever(poll_interval=0.1)
    # Calls that were being answered when the signal came are finished; idle connections keep nobody.
    with_deadline(replica)


def with_deadline(replica: Replica) -> None:
    for _ in range(replica.spec["parallel"]):
        replica.slots.acquire(timeout=30)
    os._exit(0)


def load_or_end(replica: Replica) -> None:
    try:
        replica.load()
    except BaseException as error:  # noqa: BLE001: whatever the model's code raises ends the replica with its reason in the log
        import traceback

        traceback.print_exc()
        log("failed", error=f"{type(error).__name__}: {error}"[:500])
        os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
