"""`python -m sbom_ingest serve | migrate`."""

import sys

from sbom_ingest.bootstrap import create_app
from sbom_ingest.settings import Settings
from shared.web.serve import Command

if __name__ == "__main__":
    sys.exit(Command("sbom_ingest", Settings, create_app).run(sys.argv[1:]))
