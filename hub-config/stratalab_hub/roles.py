"""Scopes and roles: what people, their workspaces and the platform may do at the Hub."""

from __future__ import annotations

from typing import Any

SERVICE = "stratalab"
ACCESS = f"access:services!service={SERVICE}"
READ = "custom:stratalab:read"
WRITE = "custom:stratalab:write"
ADMINISTER = "custom:stratalab:admin"

CUSTOM_SCOPES = {
    READ: {"description": "Read objects of one's tenants"},
    WRITE: {"description": "Change objects of one's tenants", "subscopes": [READ]},
    ADMINISTER: {"description": "Administer the installation", "subscopes": [WRITE]},
}

# What the platform needs of the Hub: look people up, add them, put them into groups, invite them.
PLATFORM_SCOPES = ["list:users", "read:users", "admin:users", "admin:groups", "read:groups", "list:groups"]


def roles() -> list[dict[str, Any]]:
    """Everybody who may sign in reaches the platform; what one may do there is decided by tenant groups."""
    return [
        {"name": "user", "scopes": ["self", ACCESS, WRITE]},
        {"name": "stratalab-admin", "scopes": [ACCESS, ADMINISTER], "groups": ["stratalab-admins"]},
        {"name": "stratalab-service", "scopes": PLATFORM_SCOPES, "services": [SERVICE]},
    ]


# In the browser page: the token can do what its user can do in the platform, nothing else at the Hub.
PAGE_TOKEN_SCOPES = [ACCESS, READ, WRITE, ADMINISTER]
# In kernels: the same without administration.
KERNEL_TOKEN_SCOPES = ["users:activity!user", "access:servers!server", ACCESS, READ, WRITE]
