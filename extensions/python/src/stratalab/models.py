"""Models: what is registered, and serving one until it answers."""

from __future__ import annotations

import re
from typing import Any

from .arguments import Words, read_reference
from .connection import Connection, quote
from .problem import Problem, usage
from .show import Card, Display, Table, ago

OPTIONS = ("replicas", "name")
SHOWN_AT_MOST = 50
POLL_SECONDS = 1.0


def find(connection: Connection, words: str) -> Table:
    """Registered models, last changed first."""
    rows = list(connection.pages("models", "/models", query={"search": words or None}, limit=SHOWN_AT_MOST))
    return Table(
        rows,
        {
            "model": lambda row: row["name"],
            "newest": lambda row: row["latestVersion"],
            "aliases": lambda row: ", ".join(f"@{alias['alias']} = {alias['version']}" for alias in row["aliases"]),
            "format": lambda row: row["format"],
            "by": lambda row: row["createdBy"],
            "changed": lambda row: ago(row["updatedAt"]),
        },
        "There are no models yet. Register one with mlflow, or from a job: %%job model=name",
    )


def deploy(connection: Connection, words: Words) -> None:
    """Serves a model version and waits until a real request was answered; an interrupt detaches. Raises Problem."""
    if len(words.plain) != 1:
        raise usage("Name one model.", "%deploy model, %deploy model@3 or %deploy model@champion")
    model, version = read_reference(words.plain[0])
    name = words.options.get("name") or endpoint_name(model)
    change: dict[str, Any] = {"replicas": words.number("replicas", 1, 1, 8), **_version(version)}
    try:
        deployment = connection.call("serving", "POST", "/deployments", body={"name": name, "model": model, **change})
    except Problem as problem:
        if problem.code != "already-exists":
            raise
        deployment = _update(connection, name, model, change)
    _wait(connection, deployment)


def endpoint_name(model: str) -> str:
    """Name of the endpoint of a model: its own in small letters, with dashes for other marks."""
    return re.sub(r"[^a-z0-9]+", "-", model.lower())[:63].strip("-") or "model"


def _version(version: str | None) -> dict[str, Any]:
    if version is None:
        return {}
    return {"version": int(version)} if re.fullmatch(r"[1-9]\d{0,8}", version) else {"alias": version}


def _update(connection: Connection, name: str, model: str, change: dict[str, Any]) -> dict[str, Any]:
    known = connection.call("serving", "GET", f"/deployments/{quote(name)}")
    if known["model"]["name"] != model:
        raise usage(f"The endpoint '{name}' serves another model, '{known['model']['name']}'.", f"Choose another name: %deploy {model} name=…")
    return connection.call("serving", "PATCH", f"/deployments/{quote(name)}", body=change)


def _wait(connection: Connection, deployment: dict[str, Any]) -> None:
    display = Display()
    name = deployment["name"]
    try:
        while True:
            display.show(_card(deployment))
            is_current = deployment["observedGeneration"] >= deployment["generation"]
            if is_current and deployment["state"] == "ready":
                return
            if is_current and deployment["state"] in ("failed", "stopped"):
                raise Problem("invalid-state", f"The endpoint '{name}' is not ready", detail=deployment["message"], hint="Its page shows the log of each replica.")
            connection.pause(POLL_SECONDS)
            deployment = connection.call("serving", "GET", f"/deployments/{quote(name)}")
    except KeyboardInterrupt:
        print(f"Detached; '{name}' goes on starting. See it again with  %deploy {deployment['model']['name']} name={name}")


def _card(deployment: dict[str, Any]) -> Card:
    model = deployment["model"]
    card = Card(deployment["urn"], f"Endpoint {deployment['name']}")
    card.lines = [
        deployment["message"] or deployment["state"],
        f"{model['name']} version {model['version']} · {deployment['readyReplicas']} of {deployment['wantedReplicas']} replicas answer",
    ]
    if deployment["state"] != "ready" and deployment["wantedReplicas"] > 0:
        card.fraction = deployment["readyReplicas"] / deployment["wantedReplicas"]
    return card
