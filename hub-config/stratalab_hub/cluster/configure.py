"""Applies the settings of workspaces on Kubernetes to JupyterHub's configuration object."""

from __future__ import annotations

from typing import Any

from kubernetes_asyncio.config import kube_config

from ..roles import SERVICE
from ..settings import Settings
from ..workspace import lab_arguments, product_environment
from .pod import PORT
from .settings import ClusterSettings
from .spawner import SPARE_SECONDS, ClusterWorkspaceSpawner

# Where programs of an image lie, after the product's own.
IMAGE_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]


def configure_cluster(c: Any, settings: Settings, site: ClusterSettings) -> None:
    """Workspaces are pods. They reach the Hub and the platform through the public port; the Hub itself stays on loopback."""
    spawner = c.ClusterWorkspaceSpawner
    c.JupyterHub.spawner_class = ClusterWorkspaceSpawner
    # Workspaces outlive the Hub: a new version of the platform finds them again.
    c.JupyterHub.cleanup_servers = False
    spawner.site = site
    if site.kubeconfig:
        # KubeSpawner reads the default place only; the Hub has rights of its own, fewer than the platform that it starts.
        kube_config.KUBE_CONFIG_DEFAULT_LOCATION = site.kubeconfig
    spawner.platform_public_url = f"{site.origin}/services/{SERVICE}/"
    spawner.hub_connect_url = site.origin
    spawner.cmd = [str(site.environment / "bin/jupyterhub-singleuser")]
    spawner.args = lab_arguments(settings, is_root=site.user_id == 0)
    spawner.env_keep = []
    spawner.environment = product_environment(site.root, [str(site.environment / "bin"), *IMAGE_PATH], site.origin)
    spawner.environment["LANG"] = "C.UTF-8"
    spawner.port = PORT
    spawner.image_pull_policy = "IfNotPresent"
    spawner.start_timeout = site.start_seconds + SPARE_SECONDS
    spawner.http_timeout = 60
    # Watching events of every namespace costs the API server more than it tells; the pod's own state says why it waits.
    spawner.events_enabled = False
    spawner.storage_pvc_ensure = False
    spawner.delete_stopped_pods = True
    spawner.common_labels = {"app.kubernetes.io/managed-by": "stratalab"}
