"""Services the Hub manages: the platform, and in tests one that may start servers and mint tokens."""

from __future__ import annotations

from typing import Any

from .roles import SERVICE
from .settings import Settings


def platform_service(settings: Settings) -> dict[str, Any]:
    """The platform as a managed service: started, watched and restarted by the Hub."""
    return {
        "name": SERVICE,
        "url": f"http://127.0.0.1:{settings.service_port}",
        "api_token": settings.secret("hub-service-token"),
        "command": [settings.node, "--disable-warning=ExperimentalWarning", "services/platform/src/main.ts"],
        "cwd": str(settings.root),
        "environment": {
            "DATABASE_URL": settings.database_url,
            "STRATALAB_DATA": str(settings.data),
            "STRATALAB_SECRETS": str(settings.secrets),
            "STRATALAB_VENV": str(settings.environment),
            "STRATALAB_NODE": settings.node,
            "STRATALAB_ORIGIN": settings.origin,
            "STRATALAB_METRICS_PORT": str(settings.metrics_port),
            "STRATALAB_ADMIN": settings.admin,
        },
        "oauth_no_confirm": True,
        "display": False,
    }


def test_service(settings: Settings) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """How browser tests get in; exists only when a test set its token."""
    if not settings.ops_token:
        return None
    scopes = ["admin:users", "admin:groups", "admin:servers", "tokens"]
    return {"name": "ops", "api_token": settings.ops_token}, {"name": "ops", "scopes": scopes, "services": ["ops"]}
