"""`python -m obligations serve | migrate`."""

import sys

from obligations.bootstrap import create_app
from obligations.settings import Settings
from shared.web.serve import Command

if __name__ == "__main__":
    sys.exit(Command("obligations", Settings, create_app).run(sys.argv[1:]))
