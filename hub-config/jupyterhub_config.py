"""JupyterHub as Stratalab runs it; everything is decided in the package beside this file."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from stratalab_hub.configure import configure  # noqa: E402
from stratalab_hub.settings import SettingsError, forget_secrets, read_settings  # noqa: E402

try:
    settings = read_settings()
    forget_secrets()
    configure(get_config(), settings)  # noqa: F821
except SettingsError as error:
    sys.exit(f"The Hub cannot start: {error}")
