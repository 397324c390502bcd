"""`python -m sbom_ingest serve | migrate`."""

import gc
import sys

gc.disable()  # all that is loaded stays; looking through it meanwhile takes a fifth of a start

from sbom_ingest.bootstrap import create_app
from sbom_ingest.settings import Settings
from shared.web.serve import Command

gc.enable()

if __name__ == "__main__":
    sys.exit(Command("sbom_ingest", Settings, create_app).run(sys.argv[1:]))
