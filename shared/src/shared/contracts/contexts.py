"""The usage contexts that are shipped (domain.md §3.2), by the names that `context=` takes, and the names of policies."""

import re

SHIPPED_CONTEXTS = ("internal-saas", "proprietary-distributed", "public-oss-eupl")
DEFAULT_CONTEXT = "proprietary-distributed"
DEFAULT_POLICY = "default"
POLICY_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
