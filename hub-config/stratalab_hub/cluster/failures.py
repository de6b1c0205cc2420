"""Starts that failed on the cluster, told to the owner of the workspace in plain words with the cluster's own reason."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

from kubernetes_asyncio.client.rest import ApiException

from ..refusal import WorkspaceRefused

LONGEST_LOG = 4_000


class WorkspaceFailed(WorkspaceRefused):
    """A start that failed after it was admitted; the Hub stops the pod and gives the quota back."""

    def __init__(self, title: str, reason: str, *, hint: str, log: str = "", status: int = 500) -> None:
        problem: Mapping[str, Any] = {"title": title, "detail": reason, "hint": hint, "status": status, "code": "workspace-failed"}
        super().__init__(problem)
        tail = log.strip()[-LONGEST_LOG:]
        if tail:
            self.message = f"{self.message} Last lines of its log: {tail}"
            self.message_html = f'{self.message_html}<br>Last lines of its log:<pre class="text-start">{html.escape(tail)}</pre>'
        # What the program printed is its owner's, not the operator's: the Hub's log gets the reason only.
        self.log_message = f"{title} {reason}"
        self.jupyterhub_message = self.message
        self.jupyterhub_html_message = self.message_html

    def __str__(self) -> str:
        return self.log_message


def refused_by_cluster(error: ApiException, namespace: str) -> WorkspaceFailed:
    """What the API server answered to the pod, explained."""
    words = _words(error)
    if error.status == 404:
        hint = "It is made within a minute of its tenant; try again then. If this stays, tell an administrator."
        return WorkspaceFailed(f"The cluster has no namespace {namespace} yet", words, hint=hint, status=503)
    if error.status == 403 and "exceeded quota" in words:
        hint = "Stop what you do not need, choose a smaller size, or ask an administrator for more."
        return WorkspaceFailed("The cluster has no room left for this tenant", words, hint=hint, status=409)
    if error.status == 403 and "status unknown for quota" in words:
        hint = "That takes moments in a new tenant. Try again in a minute; if this stays, tell an administrator."
        return WorkspaceFailed("The cluster has not counted yet what this tenant uses", words, hint=hint, status=503)
    return WorkspaceFailed("The cluster refused the workspace", words, hint="Tell an administrator; trying again will not help.", status=502)


def _words(error: ApiException) -> str:
    try:
        return str(json.loads(error.body)["message"])
    except (TypeError, ValueError, KeyError):
        return f"{error.status} {error.reason}"
