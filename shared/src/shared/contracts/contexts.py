"""The usage contexts that are shipped (domain.md §3.2), by the names that `context=` takes."""

SHIPPED_CONTEXTS = ("internal-saas", "proprietary-distributed", "public-oss-eupl")
DEFAULT_CONTEXT = "proprietary-distributed"
DEFAULT_POLICY = "default"
