"""`python -m policy_eval serve | migrate`."""

import gc
import sys

gc.disable()  # all that is loaded stays; looking through it meanwhile takes a fifth of a start

from policy_eval.bootstrap import create_app
from policy_eval.settings import Settings
from shared.web.serve import Command

gc.enable()

if __name__ == "__main__":
    sys.exit(Command("policy_eval", Settings, create_app).run(sys.argv[1:]))
