"""What annotations and comments of SPDX 2 say of export control, where they begin with it.

No SBOM of FOSSology carries what its ECC agent finds: the SPDX and CycloneDX templates of its sources (`src/spdx/agent`,
`src/cyclonedx/agent`) have licences, copyrights, comments and acknowledgements only; ECC findings stand in its CLIXML
(`ExportRestrictions`) and unified reports. Who hands them on in SPDX does it as an annotation or comment.
"""

import re
from collections.abc import Iterator, Sequence

from sbom_ingest.adapters.readers.spdx_places import Place
from sbom_ingest.adapters.readers.spdx_structs import Annotation
from shared.contracts.inventory import Statement

NAME = "export-statement"
_MOST_CHARACTERS = 1000
# "ECC" alone may be the memory or the curves: a colon or a code has to follow.
_BEGINS = re.compile(
    r"\s*(?:ECCN?(?:\s+(?:statement|finding)s?)?\s*(?::|(?=\d[A-E]\d{3})|(?=EAR99))"
    r"|export[ -]?(?:control|restriction|classification|administration)s?\b)",
    re.IGNORECASE,
)


def export_statements(annotations: Sequence[Annotation], comment: str, place: Place) -> tuple[Statement, ...]:
    """Those that begin with `ECC:`, `ECCN`, `Export control`, `Export restriction` or the like, as written."""
    return tuple(_found(annotations, comment, place)) if annotations or comment else ()


def _found(annotations: Sequence[Annotation], comment: str, place: Place) -> Iterator[Statement]:
    for index, each in enumerate(annotations):
        if _BEGINS.match(each.comment):
            yield Statement(NAME, each.comment.strip()[:_MOST_CHARACTERS], place.field("annotations", index))
    if _BEGINS.match(comment):
        yield Statement(NAME, comment.strip()[:_MOST_CHARACTERS], place.field("comment"))
