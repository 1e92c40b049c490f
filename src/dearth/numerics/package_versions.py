"""Versions that a result depends on, for every manifest. Imports none of the packages."""

import platform
from importlib.metadata import version

from dearth._version import __version__

PACKAGES = ("numpy", "scipy", "jax", "jaxlib")


def package_versions() -> dict[str, str]:
    """Return the versions of dearth, of Python and of the packages that compute, by name."""
    return {
        "dearth": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }
