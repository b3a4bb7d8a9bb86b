"""The notebook server of a workspace."""

import os
from pathlib import Path

c = get_config()  # noqa: F821

c.ServerApp.ip = "0.0.0.0"
c.ServerApp.port = int(os.environ["SP_RAY_NOTEBOOK_PORT"])
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.allow_remote_access = True
c.ServerApp.quit_button = False
c.ServerApp.root_dir = str(Path.home())
c.ServerApp.terminado_settings = {"shell_command": ["/bin/bash"]}
c.IdentityProvider.token = Path(os.environ["SP_RAY_TOKEN_FILE"]).read_text().strip()

# The pages of JupyterLab lie where its package does, not in the image's prefix.
import jupyterlab  # noqa: E402

pages = Path(jupyterlab.__file__).parent.parent / "share/jupyter/lab"
if pages.is_dir():
    c.LabApp.app_dir = str(pages)
# It asks nobody outside for news and extensions, and its user not whether it may.
c.LabApp.app_settings_dir = str(Path(__file__).parent / "settings")
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
