"""Headers of answers that are files: name, digest, media type."""

import base64
import hashlib
import re
from typing import Final
from urllib.parse import quote

NOTICE_MEDIA: Final = {
    "text": ("text/plain; charset=utf-8", "txt"),
    "markdown": ("text/markdown; charset=utf-8", "md"),
    "html": ("text/html; charset=utf-8", "html"),
    "json": ("application/json", "json"),
}
"""Media type and ending of the file name by format."""


def notice_headers(named: tuple[str, str], status: str, sha256: str, format_: str) -> dict[str, str]:
    """What is told of a NOTICE beside its bytes; `named`: project and version."""
    name = file_name(f"NOTICE-{named[0]}-{named[1]}.{NOTICE_MEDIA[format_][1]}")
    return name | identity(sha256) | {"X-Notice-Status": status}


def identity(sha256: str) -> dict[str, str]:
    """ETag and digest."""
    return {
        "ETag": f'"{sha256}"',
        "Digest": f"sha-256={base64.b64encode(bytes.fromhex(sha256)).decode()}",
        "Cache-Control": "private, no-cache",
    }


def file_name(name: str) -> dict[str, str]:
    """Under which name the answer is saved, whatever a project or version may be called."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    encoded = quote(name.encode("utf-8", "replace"), safe="")
    return {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"}


def sha256_of(content: bytes) -> str:
    """The digest in hex."""
    return hashlib.sha256(content).hexdigest()
