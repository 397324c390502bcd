"""`python -m obligations serve | migrate`."""

import gc
import sys

gc.disable()  # all that is loaded stays; looking through it meanwhile takes a fifth of a start

from obligations.bootstrap import create_app
from obligations.settings import Settings
from shared.web.serve import Command

gc.enable()

if __name__ == "__main__":
    sys.exit(Command("obligations", Settings, create_app).run(sys.argv[1:]))
