"""Where settings and saved walks live on this system.

The engine's session brings DNS, TLS and the lab along; it is imported when a folder of walks is looked
at, not when the first screen is drawn.
"""

from pathlib import Path

import platformdirs


def settings_file() -> Path:
    """Return the path of the settings file, which need not exist."""
    return platformdirs.user_config_path("mxwalk", appauthor=False) / "settings.toml"


def recent_traces(limit: int = 8) -> list[Path]:
    """Return the latest saved walks, newest first; empty where none can be read."""
    from mxwalk.saved import saved_walks

    return list(saved_walks()[:limit])
