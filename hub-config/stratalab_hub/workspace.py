"""What a workspace's process gets: its environment and its command line."""

from __future__ import annotations

import os
from pathlib import Path

from .admission import Admitted
from .culling import culling_arguments
from .roles import SERVICE
from .settings import Settings

# All that a workspace inherits from the Hub's environment; everything else it gets is set here or by the Hub.
KEPT_VARIABLES = ["LANG", "LC_ALL", "TZ", "TMPDIR"]
# Thread pools of the usual numeric libraries follow the profile, not the machine.
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_MAX_THREADS")


def workspace_environment(settings: Settings) -> dict[str, str]:
    """The same for every workspace: the product's Python and extension, and where the platform answers."""
    path = [str(settings.environment / "bin"), str(Path(settings.node).parent), os.environ.get("PATH", os.defpath)]
    return product_environment(settings.root, path, f"http://127.0.0.1:{settings.port}")


def product_environment(root: Path, path: list[str], origin: str) -> dict[str, str]:
    """The same for a product that lies at `root` where the workspace runs and is reached at `origin` from there."""
    return {
        "PATH": os.pathsep.join(path),
        "JUPYTER_PATH": str(root / "share/jupyter"),
        "JUPYTER_CONFIG_PATH": str(root / "hub-config/lab"),
        # `import stratalab` in kernels; lab_policy in the server
        "PYTHONPATH": os.pathsep.join([str(root / "extensions/python/src"), str(root / "hub-config")]),
        "STRATALAB_URL": f"{origin}/services/{SERVICE}/",
    }


def admitted_environment(admitted: Admitted, platform_url: str, token: str) -> dict[str, str]:
    """What depends on the admission: tenant, threads, and the address and credential of stock MLflow clients."""
    threads = str(max(1, int(admitted.profile.cpu)))
    return {
        "STRATALAB_TENANT": admitted.tenant,
        "STRATALAB_PROFILE": admitted.profile.name,
        "MLFLOW_TRACKING_URI": f"{platform_url}mlflow/{admitted.tenant}",
        "MLFLOW_TRACKING_TOKEN": token,
        # The address MLflow would print leads to its own pages, which are not here.
        "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
        **dict.fromkeys(THREAD_VARIABLES, threads),
    }


def lab_arguments(settings: Settings, *, is_root: bool) -> list[str]:
    """Command line of a single-user server, which may run as root; it wins over anything in the user's own configuration."""
    arguments = [*culling_arguments(settings.idle_seconds), "--LabApp.extension_manager=readonly", "--LabApp.news_url=None"]
    if is_root:
        arguments.append("--allow-root")
    if settings.ui_test:
        arguments += galata_arguments()
    return arguments


def galata_arguments() -> list[str]:
    """Browser tests need `window.jupyterapp` and Galata's helper extension."""
    import jupyterlab

    helper = Path(jupyterlab.__file__).parent / "galata"
    return ["--LabApp.expose_app_in_browser=True", f"--LabServerApp.extra_labextensions_path={helper}"]
