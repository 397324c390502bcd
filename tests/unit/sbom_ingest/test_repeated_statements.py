"""What a document says once of many elements is kept with each of them, within a bound."""

import json

from sbom_ingest.domain.limits import Limits
from tests.support.small_sboms import refusal_of, result_of

LIMITS = Limits(inventory_base_bytes=1_000_000, inventory_factor=8)


def scan(packages: int, statement: str) -> bytes:
    """A ScanCode result in which one file with a statement of copyright belongs to all packages."""
    ids = [f"uid-{number}" for number in range(packages)]
    file = {"path": "f", "type": "file", "for_packages": ids, "copyrights": [{"copyright": statement}]}
    listed = [{"package_uid": each, "name": each, "type": "npm"} for each in ids]
    head = {"tool_name": "scancode-toolkit", "tool_version": "32.1.0"}
    return json.dumps({"headers": [head], "packages": listed, "files": [file]}).encode()


def test_a_long_statement_of_very_many_packages_is_refused() -> None:
    refused = refusal_of(scan(500, "(c) " + "x" * 10_000), LIMITS)

    assert (refused.kind, refused.limit) == ("over-limit", "inventory")


def test_a_long_statement_of_a_few_packages_is_taken() -> None:
    result = result_of(scan(20, "(c) " + "x" * 10_000), LIMITS)

    assert result.facts.buckets.components == 20
