"""`python -m gateway serve | migrate`."""

import sys

from gateway.bootstrap import create_app
from gateway.settings import Settings
from shared.web.serve import Command

if __name__ == "__main__":
    sys.exit(Command("gateway", Settings, create_app).run(sys.argv[1:]))
