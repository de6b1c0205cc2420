"""Settings of workspaces on Kubernetes; read only when STRATALAB_SPAWNER is `kubernetes`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from ..errors import SettingsError

NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\Z")
PREFIX = re.compile(r"[a-z][a-z0-9-]{0,20}\Z")
ORIGIN = re.compile(r"https?://[^/\s{}]+\Z")
RESOURCE = re.compile(r"[a-z0-9.-]+/[A-Za-z0-9._-]+\Z")
# What an operator may add to every pod. Everything else of a pod is decided here, never by a user.
POD_ADDITIONS = ("nodeSelector", "tolerations", "imagePullSecrets", "volumes", "volumeMounts")
HIGHEST_ID = 4_294_967_294


@dataclass(frozen=True)
class ClusterSettings:
    """Where workspaces run on the cluster and what its nodes need."""

    image: str
    origin: str
    namespace_prefix: str = "tenant-"
    data_claim: str = "stratalab-data"
    home_claim: str = "stratalab-homes"
    gpu_resource: str = "nvidia.com/gpu"
    user_id: int = 1000
    group_id: int = 1000
    root: PurePosixPath = PurePosixPath("/opt/stratalab")
    environment: PurePosixPath = PurePosixPath("/opt/stratalab/.venv")
    start_seconds: int = 300
    # One kubeconfig; the service account of the Hub's own pod when there is one, else that of the machine when empty.
    kubeconfig: str = ""
    # Tenants get back what others hold over their share: pods may ask for that.
    is_reclaiming: bool = False
    additions: Mapping[str, Any] = field(default_factory=dict)

    @property
    def priority_class(self) -> str:
        """Of every workspace, above all jobs; the platform makes it with the first tenant."""
        return "stratalab-reclaiming-workspace" if self.is_reclaiming else "stratalab-workspace"

    def namespace_of(self, tenant: str) -> str:
        """Namespace of a tenant, and name of its leaf queue."""
        return f"{self.namespace_prefix}{tenant}"


def read_cluster(environ: Mapping[str, str], data: Path) -> ClusterSettings:
    """Reads and checks the settings. Raises SettingsError naming what is wrong."""
    if re.search(r"[{}]", str(data)):
        raise SettingsError("STRATALAB_DATA has a brace in its path, which workspaces on Kubernetes cannot have; move the data folder.")
    read = _Reader(environ)
    root = PurePosixPath(read.absolute("STRATALAB_WORKSPACE_ROOT", "/opt/stratalab"))
    return ClusterSettings(
        image=read.required("STRATALAB_WORKSPACE_IMAGE", "the image of workspaces, by digest"),
        origin=read.matching("STRATALAB_WORKSPACE_ORIGIN", "", ORIGIN, "an origin like http://stratalab.platform.svc:8000, at which pods reach the public port"),
        namespace_prefix=read.matching("STRATALAB_CLUSTER_NAMESPACE_PREFIX", "tenant-", PREFIX, "a name prefix in lower case"),
        data_claim=read.matching("STRATALAB_CLUSTER_CLAIM", "stratalab-data", NAME, "the name of a claim"),
        home_claim=read.matching("STRATALAB_CLUSTER_HOME_CLAIM", "stratalab-homes", NAME, "the name of a claim"),
        gpu_resource=read.matching("STRATALAB_CLUSTER_GPU_RESOURCE", "nvidia.com/gpu", RESOURCE, "a resource name like nvidia.com/gpu"),
        user_id=read.number("STRATALAB_WORKSPACE_USER_ID", 1000, (0, HIGHEST_ID)),
        group_id=read.number("STRATALAB_WORKSPACE_GROUP_ID", 1000, (0, HIGHEST_ID)),
        root=root,
        environment=PurePosixPath(read.absolute("STRATALAB_WORKSPACE_VENV", str(root / ".venv"))),
        start_seconds=read.number("STRATALAB_WORKSPACE_START_SECONDS", 300, (10, 3600)),
        kubeconfig=read.optional("STRATALAB_WORKSPACE_KUBECONFIG") or environ.get("KUBECONFIG", ""),
        is_reclaiming=read.optional("STRATALAB_CLUSTER_RECLAIM").lower() in ("true", "1"),
        additions=read.additions("STRATALAB_WORKSPACE_POD"),
    )


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def required(self, name: str, what: str) -> str:
        value = self._environ.get(name, "")
        if not value:
            raise SettingsError(f"{name} is not set; with STRATALAB_SPAWNER=kubernetes it must be {what}.")
        return value

    def optional(self, name: str) -> str:
        return self._environ.get(name, "")

    def matching(self, name: str, default: str, pattern: re.Pattern[str], what: str) -> str:
        value = self._environ.get(name) or default
        if not pattern.match(value):
            raise SettingsError(f"{name} is {value!r}; it must be {what}.")
        return value

    def absolute(self, name: str, default: str) -> str:
        value = self._environ.get(name) or default
        if not value.startswith("/") or re.search(r"[{}]", value):
            raise SettingsError(f"{name} is {value!r}; it must be an absolute path inside the image, without braces.")
        return value

    def number(self, name: str, default: int, limits: tuple[int, int]) -> int:
        text = self._environ.get(name) or str(default)
        lowest, highest = limits
        if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
            raise SettingsError(f"{name} is {text!r}; it must be a whole number between {lowest} and {highest}.")
        return int(text)

    def additions(self, name: str) -> Mapping[str, Any]:
        text = self._environ.get(name) or "{}"
        try:
            value = json.loads(text)
        except ValueError as error:
            raise SettingsError(f"{name} is not JSON ({error}).") from error
        if not isinstance(value, dict) or not set(value) <= set(POD_ADDITIONS):
            raise SettingsError(f"{name} must be a JSON object with some of: {', '.join(POD_ADDITIONS)}.")
        return value
