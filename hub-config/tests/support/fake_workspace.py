"""Stands in for a single-user server where a test is not about Lab: up at once, answers everything, says what it was given."""

from __future__ import annotations

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

SLOW_SECONDS = 1.5


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = json.dumps({"argv": sys.argv, "environment": dict(os.environ), "cwd": os.getcwd()}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


if __name__ == "__main__":
    if os.environ["JUPYTERHUB_USER"].startswith("real"):
        os.execv(os.environ["REAL_COMMAND"], [os.environ["REAL_COMMAND"], *sys.argv[1:]])
    if os.environ["JUPYTERHUB_USER"].startswith("storm"):
        time.sleep(SLOW_SECONDS)
    print(f"printed by {os.environ['JUPYTERHUB_USER']}", flush=True)
    address = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    ThreadingHTTPServer((str(address.hostname), int(address.port or 0)), Handler).serve_forever()
