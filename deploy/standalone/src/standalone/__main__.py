"""`python -m standalone`: run Licet on this machine, without any server to install."""

import gc
import sys

gc.disable()  # all that is loaded stays; looking through it meanwhile takes a fifth of a start

from shared.observability import configure_logging
from shared.web.guarded_protocol import bounded
from shared.web.serve import serve
from standalone.admin_key import admin_key
from standalone.bootstrap import create_app, migrate_all
from standalone.settings import Settings

gc.enable()

_WELCOME = """
Licet answers at {url} (data in {data}).
The administrator's key ({source}): {key}

  export LICET_API_KEY="{export}"
  curl -H "X-Api-Key: $LICET_API_KEY" --data-binary @sbom.json "{url}/api/v1/sboms?project=shop&version=1.0&wait=60"
  curl -H "X-Api-Key: $LICET_API_KEY" "{url}/api/v1/releases"
  curl -H "X-Api-Key: $LICET_API_KEY" "{url}/api/v1/projects/shop/releases/1.0/notice?format=text"

Ctrl-C ends it.
"""


def main() -> int:
    """Migrate, say how to use it, serve until a signal comes."""
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    configure_logging()
    key, source = admin_key(settings.admin_key, settings.data_dir)
    migrate_all(settings.data_dir)
    url = settings.public_url or f"http://{settings.host}:{settings.port}"
    shown, export = ("as set", "$LICET_ADMIN_KEY") if settings.admin_key else (key, key)
    welcome = _WELCOME.format(url=url, data=settings.data_dir, source=source, key=shown, export=export)
    print(welcome, flush=True)  # noqa: T201 - the key is shown to the person at the terminal, never logged
    protocol = bounded(settings.connections_per_address)
    serve(create_app(settings, key), settings.host, settings.port, protocol)
    return 0


if __name__ == "__main__":
    sys.exit(main())
