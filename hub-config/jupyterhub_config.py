"""JupyterHub as Stratalab runs it; everything is decided in the package beside this file."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from stratalab_hub.configure import configure  # noqa: E402
from stratalab_hub.settings import read_settings  # noqa: E402

configure(get_config(), read_settings())  # noqa: F821
