"""The product's Hub configuration, with the far sides of its network replaced."""

import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parents[1]))

from stratalab_hub.lifetime import ending_with_the_hub  # noqa: E402

load_subconfig(str(here.parents[1] / "jupyterhub_config.py"))  # noqa: F821
c = get_config()  # noqa: F821

c.JupyterHub.services[0]["command"] = ending_with_the_hub([sys.executable, str(here / "fake_platform.py")])
real = c.WorkspaceSpawner.command[0]
c.WorkspaceSpawner.command = [sys.executable, str(here / "fake_workspace.py")]
c.WorkspaceSpawner.environment["REAL_COMMAND"] = real
