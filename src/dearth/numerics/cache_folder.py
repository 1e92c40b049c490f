"""Where a user's caches are. Imports no JAX."""

import os
import sys
from pathlib import Path


def user_cache() -> Path:
    """Return where this platform keeps a user's caches, for this package."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "dearth" / "Cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "dearth"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "dearth"


def cache_folder() -> Path | None:
    """Return `$DEARTH_CACHE`, else the user's cache folder; None where it is ``off``."""
    given = os.environ.get("DEARTH_CACHE", "")
    if given.lower() == "off":
        return None
    return Path(given).expanduser() if given else user_cache()
