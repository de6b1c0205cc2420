"""Services the Hub knows: the platform, and in tests one that may start servers and mint tokens."""

from __future__ import annotations

import os
from typing import Any

from .lifetime import ending_with_the_hub
from .roles import PAGE_TOKEN_SCOPES, SERVICE, TEST_SCOPES
from .settings import Settings

# MiB for young objects: lists of a large cluster would let that space grow to a multiple, and it is never given back.
YOUNG_SPACE = "--max-semi-space-size=16"
# How the platform reaches its cluster: a kubeconfig, or inside a pod where Kubernetes says.
CLUSTER_VARIABLES = ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT")

# Keys of its bucket, or the role of its pod, where they are given as to any AWS program.
BUCKET_VARIABLES = "AWS_"


def platform_service(settings: Settings) -> dict[str, Any]:
    """The platform as a managed service: started before the proxy's routes exist, restarted by the Hub after a crash."""
    return {
        "name": SERVICE,
        "url": f"http://127.0.0.1:{settings.service_port}",
        "api_token": settings.secret("hub-service-token"),
        "command": ending_with_the_hub([settings.node, "--disable-warning=ExperimentalWarning", YOUNG_SPACE, "services/platform/src/main.ts"]),
        "cwd": str(settings.root),
        "environment": {
            **settings.passed_on,
            **{name: value for name, value in os.environ.items() if name in CLUSTER_VARIABLES or name.startswith(BUCKET_VARIABLES)},
            "DATABASE_URL": settings.database_url,
            "STRATALAB_ROOT": str(settings.root),
            "STRATALAB_DATA": str(settings.data),
            "STRATALAB_SECRETS": str(settings.secrets),
            "STRATALAB_VENV": str(settings.environment),
            "STRATALAB_NODE": settings.node,
            "STRATALAB_ORIGIN": settings.origin,
            "STRATALAB_METRICS_PORT": str(settings.metrics_port),
            "STRATALAB_ADMIN": settings.admin,
        },
        # A busy machine or a far cluster makes its start slow, not wrong; the supervisor waits a little longer than this.
        "timeout": 80,
        "oauth_no_confirm": True,
        "oauth_client_allowed_scopes": PAGE_TOKEN_SCOPES,
        # The administration page has its own entry in the navigation (templates/page.html), for those who may open it.
        "display": False,
    }


def test_service(settings: Settings) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """How browser tests get in, with its role; exists only when a test set its token."""
    if not settings.ops_token:
        return None
    return {"name": "ops", "api_token": settings.ops_token}, {"name": "ops", "scopes": TEST_SCOPES, "services": ["ops"]}
