"""How long a service may take to begin its answer, and for each piece of it."""

from typing import Final

USUAL_SECONDS: Final = 30.0
_SECONDS: Final = (
    ("POST", "/sboms", 120.0),  # ten for a free reader, and the 66 s that reading 256 MiB may take
    ("GET", "/notice", 90.0),
    ("GET", "/sbom", 90.0),
    ("POST", "/notices", 90.0),
    ("POST", "/dry-run", 120.0),
    ("POST", "/export/classify", 120.0),  # it reads a document too
    ("GET", "/export-reports/self-classification", 90.0),
)
"""What takes longer than usual: a method and the end of a path."""


def seconds_for(method: str, path: str) -> float:
    """Return the seconds that the service has which answers the path."""
    for each, end, seconds in _SECONDS:
        if each == method and path.endswith(end):
            return seconds
    return USUAL_SECONDS
