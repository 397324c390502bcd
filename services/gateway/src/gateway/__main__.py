"""`python -m gateway serve | migrate | audit verify`."""

import sys

from gateway.bootstrap import audit_command, create_app
from gateway.settings import Settings
from shared.web.serve import Command

if __name__ == "__main__":
    if sys.argv[1:2] == ["audit"]:
        sys.exit(audit_command().run(sys.argv[2:]))
    sys.exit(Command("gateway", Settings, create_app).run(sys.argv[1:]))
