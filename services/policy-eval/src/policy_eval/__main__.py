"""`python -m policy_eval serve | migrate`."""

import sys

from policy_eval.bootstrap import create_app
from policy_eval.settings import Settings
from shared.web.serve import Command

if __name__ == "__main__":
    sys.exit(Command("policy_eval", Settings, create_app).run(sys.argv[1:]))
