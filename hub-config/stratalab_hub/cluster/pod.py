"""What the pod of a workspace is: a pure function of who starts it, what was admitted, and the site."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..admission import Admitted, Profile
from ..refusal import WorkspaceRefused
from ..slugs import LONGEST, hashed, is_plain, slug
from .settings import ClusterSettings

PORT = 8888
CONTAINER = "notebook"
GRACE_SECONDS = 30
MIB = 1024 * 1024
# Labels and annotations of ours, as on the pods of jobs.
MANAGED, TENANT, WORKSPACE = "stratalab/managed", "stratalab/tenant", "stratalab/workspace"
QUEUE = "scheduling.volcano.sh/queue-name"


@dataclass(frozen=True)
class Workspace:
    """A workspace that was admitted."""

    user: str
    admitted: Admitted
    data_folder: Path
    image: str | None = None

    @property
    def name(self) -> str:
        """Name of the pod and its host name: at most 63 characters, another one for every person, with a dash pair only where it is hashed."""
        name = f"workspace-{self.user}"
        return name if is_plain(self.user) and len(name) <= LONGEST else hashed(self.user)


def pod_traits(workspace: Workspace, site: ClusterSettings) -> dict[str, Any]:
    """
    The traits of KubeSpawner that make the pod: in the tenant's namespace, of the admitted size, on the nodes the profile names, seeing the
    person's home and what the tenant published and nothing else of the data volume, without any privilege. Raises WorkspaceRefused.
    """
    profile = workspace.admitted.profile
    tenant = workspace.admitted.tenant
    memory_bytes = profile.memory_mib * MIB
    gpus = {profile.gpu_resource or site.gpu_resource: str(profile.gpu_count)} if profile.gpu_count else {}
    return {
        "namespace": site.namespace_of(tenant),
        "pod_name": workspace.name,
        "image": image_of(profile, workspace.image, site),
        # Guaranteed what it may use, so that a workspace neither starves its neighbours nor is the first to be evicted.
        "cpu_limit": profile.cpu,
        "cpu_guarantee": profile.cpu,
        "mem_limit": memory_bytes,
        "mem_guarantee": memory_bytes,
        "extra_resource_limits": gpus,
        "extra_resource_guarantees": gpus,
        # GPUs are given out by the tenant's queue, to jobs and workspaces alike; a workspace without one waits for nobody.
        "scheduler_name": "volcano" if gpus else None,
        "priority_class_name": site.priority_class,
        "extra_labels": {MANAGED: "true", TENANT: tenant, WORKSPACE: slug(workspace.user)},
        "extra_annotations": {QUEUE: site.namespace_of(tenant)} if gpus else {},
        "node_selector": {**site.additions.get("nodeSelector", {}), **profile.node_selector},
        "tolerations": [*site.additions.get("tolerations", []), *profile.tolerations],
        "image_pull_secrets": list(site.additions.get("imagePullSecrets", [])),
        "volumes": [*_volumes(workspace, site), *site.additions.get("volumes", [])],
        "volume_mounts": [*_mounts(workspace), *site.additions.get("volumeMounts", [])],
        "working_dir": str(_home(workspace)),
        "uid": site.user_id,
        "gid": site.group_id,
        "allow_privilege_escalation": False,
        "automount_service_account_token": False,
        "container_security_context": {"capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": True},
        "pod_security_context": {
            "seccompProfile": {"type": "RuntimeDefault"},
            **({} if site.user_id == 0 else {"runAsNonRoot": True}),
        },
        "extra_pod_config": {
            # A server that ended is over; the Hub starts a new one when its owner comes back.
            "restartPolicy": "Never",
            "enableServiceLinks": False,
            "terminationGracePeriodSeconds": GRACE_SECONDS,
        },
    }


def image_of(profile: Profile, chosen: str | None, site: ClusterSettings) -> str:
    """One of the images the profile allows, its first when none was chosen; that of the site when it names none. Raises WorkspaceRefused."""
    if chosen is None or not profile.images:
        return profile.images[0].image if profile.images else site.image
    for image in profile.images:
        if image.name == chosen:
            return image.image
    names = ", ".join(image.name for image in profile.images)
    raise WorkspaceRefused(
        {
            "title": "This image is not on offer",
            "status": 403,
            "code": "forbidden",
            "detail": f"The profile '{profile.name}' runs: {names}.",
            "hint": "Choose one of these.",
        }
    )


def _home(workspace: Workspace) -> Path:
    return workspace.data_folder / "home" / slug(workspace.user)


def _volumes(workspace: Workspace, site: ClusterSettings) -> list[dict[str, Any]]:
    shared_memory_mib = max(64, workspace.admitted.profile.memory_mib // 4)
    return [
        {"name": "homes", "persistentVolumeClaim": {"claimName": site.home_claim}},
        {"name": "data", "persistentVolumeClaim": {"claimName": site.data_claim}},
        {"name": "temporary", "emptyDir": {}},
        {"name": "shared-memory", "emptyDir": {"medium": "Memory", "sizeLimit": f"{shared_memory_mib}Mi"}},
    ]


def _mounts(workspace: Workspace) -> list[dict[str, Any]]:
    """The same absolute paths as in the platform, so that a mount of a dataset is the link the platform made in the home."""
    objects = workspace.data_folder / "tenants" / workspace.admitted.tenant / "objects"
    return [
        {"name": "homes", "mountPath": str(_home(workspace)), "subPath": slug(workspace.user)},
        {"name": "data", "mountPath": str(objects), "subPath": "objects", "readOnly": True},
        {"name": "temporary", "mountPath": "/tmp"},
        {"name": "shared-memory", "mountPath": "/dev/shm"},
    ]
