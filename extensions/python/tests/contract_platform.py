"""A platform for tests: a real HTTP server that answers from a script and checks both directions against the OpenAPI documents."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from jsonschema import Draft202012Validator

OPENAPI = Path(__file__).resolve().parents[3] / "services/contracts/openapi"
TOKEN = "canary-token"


@dataclass(frozen=True)
class Asked:
    """One request as the platform understood it."""

    operation: str
    params: dict[str, str]
    query: dict[str, str]
    body: Any
    headers: dict[str, str]


class Refused(Exception):
    """Answers a problem instead of a body."""

    def __init__(self, status: int, code: str, **fields: Any) -> None:
        super().__init__(code)
        self.status = status
        self.document = {"type": f"urn:strata:problem:{code}", "title": code, "status": status, "code": code, "retryable": False, "instance": "request-1", **fields}


Answer = Callable[[Asked], Any]


class Contract:
    """Every route of every service, with the schemas of its parameters and bodies."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], dict[str, Any], dict[str, Any]]] = []
        for path in sorted(OPENAPI.glob("*.json")):
            document = json.loads(path.read_text())
            for template, methods in document["paths"].items():
                pattern = re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template)) + r"\Z")
                for method, operation in methods.items():
                    self._routes.append((method.upper(), pattern, operation, document.get("components", {})))

    def find(self, method: str, path: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
        for known, pattern, operation, components in self._routes:
            match = pattern.match(path)
            if known == method and match is not None:
                return operation, components, {name: unquote(value) for name, value in match.groupdict().items()}
        raise AssertionError(f"no contract has {method} {path}")


def check(schema: dict[str, Any], components: dict[str, Any], value: Any, what: str) -> None:
    """Raises AssertionError when the value is not what the contract says."""
    errors = [f"{what} {error.json_path}: {error.message}" for error in Draft202012Validator({**schema, "components": components}).iter_errors(value)]
    assert not errors, "; ".join(errors)


@cache
def every_contract() -> Contract:
    return Contract()


@dataclass
class Platform:
    """Set `answers[operationId]` to a body or a function; what was asked is in `asked`, what broke a contract in `broken`."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    contract: Contract = field(default_factory=every_contract)
    url: str = ""

    def last(self, operation: str) -> Asked:
        return [asked for asked in self.asked if asked.operation == operation][-1]

    def answer(self, method: str, target: str, headers: dict[str, str], raw: bytes) -> tuple[int, Any]:
        try:
            parts = urlsplit(target)
            operation, components, params = self.contract.find(method, parts.path.removeprefix("/services/stratalab"))
            query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            body = json.loads(raw) if raw else None
            self._check_request(operation, components, {**params, **query}, body)
            asked = Asked(operation["operationId"], params, query, body, headers)
            self.asked.append(asked)
            assert headers.get("authorization") == f"token {TOKEN}", "the credential is missing"
            scripted = self.answers[asked.operation]
            answer = scripted(asked) if callable(scripted) else scripted
            status, success = next((int(code), response) for code, response in operation["responses"].items() if code.startswith("2"))
            if answer is not None:
                check(success["content"]["application/json"]["schema"], components, answer, f"answer of {asked.operation}")
            return status, answer
        except Refused as refused:
            return refused.status, refused.document
        except (AssertionError, KeyError, StopIteration) as error:
            self.broken.append(f"{method} {target}: {error!r}")
            return 500, None

    def _check_request(self, operation: dict[str, Any], components: dict[str, Any], given: dict[str, str], body: Any) -> None:
        declared = {parameter["name"]: parameter for parameter in operation["parameters"]}
        assert not given.keys() - declared.keys(), f"undeclared parameters {sorted(given.keys() - declared.keys())}"
        for name, value in given.items():
            schema = declared[name]["schema"]
            check(schema, components, int(value) if schema.get("type") == "integer" else value, f"parameter {name}")
        expected = operation.get("requestBody")
        assert (expected is None) == (body is None), "a body where none belongs, or none where one does"
        if expected is not None:
            check(expected["content"]["application/json"]["schema"], components, body, "body")


class _Handler(BaseHTTPRequestHandler):
    platform: Platform

    def _serve(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        status, answer = self.platform.answer(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, raw)
        body = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def log_message(self, *_arguments: Any) -> None:
        """Quiet."""


def start_platform() -> tuple[Platform, ThreadingHTTPServer]:
    """A platform that listens on loopback; shut the server down afterwards."""
    platform = Platform()
    handler = type("Handler", (_Handler,), {"platform": platform})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    platform.url = f"http://127.0.0.1:{server.server_port}/services/stratalab/"
    return platform, server
