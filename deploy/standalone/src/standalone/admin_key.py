"""The first administrator's key of a standalone."""

import os
import secrets
from pathlib import Path


def admin_key(configured: str | None, data_dir: Path) -> tuple[str, str]:
    """Return the key and where it comes from: the environment, or `admin.key` (mode 0600), made on first start."""
    if configured:
        return configured, "LICET_ADMIN_KEY"
    file = data_dir / "admin.key"
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as new:
            new.write(f"licet_{secrets.token_urlsafe(32)}\n")
    return file.read_text().strip(), str(file)
