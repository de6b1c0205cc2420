"""Scopes and roles: what people, their workspaces and the platform may do at the Hub."""

from __future__ import annotations

from typing import Any

SERVICE = "stratalab"
ADMINISTRATORS = "stratalab-admins"
ACCESS = f"access:services!service={SERVICE}"
READ = "custom:stratalab:read"
WRITE = "custom:stratalab:write"
ADMINISTER = "custom:stratalab:admin"

CUSTOM_SCOPES = {
    READ: {"description": "Read objects of one's tenants"},
    WRITE: {"description": "Change objects of one's tenants", "subscopes": [READ]},
    ADMINISTER: {"description": "Administer the installation", "subscopes": [WRITE]},
}

# What the platform needs of the Hub, and nothing more: look people up, add and invite them, put them into
# groups, see which workspaces run, and stop the workspace of somebody who was taken out of a tenant.
PLATFORM_SCOPES = ["list:users", "read:users", "admin:users", "admin:groups", "read:servers", "delete:servers"]

# How browser tests get in (8.4 of the design): start servers and mint tokens for any user.
TEST_SCOPES = ["admin:users", "admin:groups", "admin:servers", "tokens"]

# In the browser page: the token can do what its user can do in the platform, nothing else at the Hub.
PAGE_TOKEN_SCOPES = [ACCESS, READ, WRITE, ADMINISTER]
# In kernels: the same without administration. The first two are what every single-user server needs.
KERNEL_TOKEN_SCOPES = ["users:activity!user", "access:servers!server", ACCESS, READ, WRITE]


def load_roles() -> list[dict[str, Any]]:
    """Everybody who may sign in reaches the platform; what one may do there is decided by tenant groups."""
    return [
        {"name": "user", "scopes": ["self", ACCESS, WRITE]},
        {"name": "stratalab-admin", "scopes": [ACCESS, ADMINISTER], "groups": [ADMINISTRATORS]},
        {"name": "stratalab-service", "scopes": PLATFORM_SCOPES, "services": [SERVICE]},
    ]


def tenants_of(groups: list[str]) -> list[str]:
    """Tenants that Hub groups named `<tenant>:<role>` speak of, sorted, each once."""
    return sorted({group.partition(":")[0] for group in groups if ":" in group})
