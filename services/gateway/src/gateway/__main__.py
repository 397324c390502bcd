"""`python -m gateway serve | migrate | audit verify`."""

import gc
import sys

gc.disable()  # all that is loaded stays; looking through it meanwhile takes a fifth of a start

from gateway.bootstrap import audit_command, create_app
from gateway.settings import Settings
from shared.web.guarded_protocol import GuardedProtocol, bounded
from shared.web.serve import Command

gc.enable()


def protocol_of(settings: Settings) -> type[GuardedProtocol]:
    """Return how connections are spoken to: so many of one address at once, but of the proxies as many as come."""
    return bounded(settings.connections_per_address, settings.trusted_proxies)


if __name__ == "__main__":
    if sys.argv[1:2] == ["audit"]:
        sys.exit(audit_command().run(sys.argv[2:]))
    sys.exit(Command("gateway", Settings, create_app, protocol_of).run(sys.argv[1:]))
