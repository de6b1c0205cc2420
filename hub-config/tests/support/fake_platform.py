"""Stands in for the platform: answers the three routes the Hub uses, as the contract says, and notes what it was asked."""

from __future__ import annotations

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "/services/stratalab/api/control/v1"
SMALL = {"name": "small", "displayName": "Small", "description": "A notebook <b>&</b> a terminal", "cpu": 1, "memoryMiB": 2048, "gpuCount": 0, "isDefault": True}
LARGE = {"name": "large", "displayName": "Large", "description": "More of both", "cpu": 8, "memoryMiB": 16384, "gpuCount": 1, "isDefault": False}
PROFILES = {profile["name"]: profile for profile in (SMALL, LARGE)}
OVER_QUOTA = {
    "type": "urn:strata:problem:quota-exceeded", "title": "The quota does not allow this", "status": 409, "code": "quota-exceeded", "retryable": False,
    "detail": "This needs 8 cores; 6 of 12 are in use by <i>demo</i>.", "hint": "Ask for at most 6 cores.", "limit": 12, "used": 6, "requested": 8, "resource": "cpu",
}


class Handler(BaseHTTPRequestHandler):
    """`over…` asks for too much; for `unlucky…` the platform fails without a word."""

    def do_GET(self) -> None:
        self._answer(200, {})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if urlsplit(self.path).path == f"{PREFIX}/admissions/profiles":
            self._answer(200, {"items": list(PROFILES.values()) if "demo:editor" in body["groups"] else [SMALL]})
            return
        self._note(body)
        if body["subject"].startswith("over"):
            self._answer(409, OVER_QUOTA)
        elif body["subject"].startswith("unlucky"):
            self._answer(503, None)
        else:
            profile = PROFILES[body.get("profile", "small")]
            self._answer(200, {"subject": body["subject"], "tenant": "demo", "profile": profile})

    def do_DELETE(self) -> None:
        self._note(None)
        self._answer(204, None)

    def _note(self, body: object) -> None:
        line = {"method": self.command, "path": self.path, "authorization": self.headers["Authorization"], "body": body}
        with (Path(os.environ["STRATALAB_DATA"]) / "asked.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")

    def _answer(self, status: int, body: object) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the Hub's log is under test."""


if __name__ == "__main__":
    (Path(os.environ["STRATALAB_DATA"]) / "platform-environment.json").write_text(json.dumps(dict(os.environ)))
    address = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    if address.port is None:
        sys.exit("JUPYTERHUB_SERVICE_URL has no port")
    ThreadingHTTPServer.request_queue_size = 64
    ThreadingHTTPServer((str(address.hostname), address.port), Handler).serve_forever()
