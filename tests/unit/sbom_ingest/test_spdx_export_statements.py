"""Annotations and comments of SPDX 2 that begin with a statement on export reach the inventory.

The texts are of the form of what FOSSology's ECC agent finds (`src/copyright/agent/ecc.conf`), with the label under which
CLIXML reports have them; no SBOM that FOSSology writes carries them, so that whoever hands them on writes an annotation.
"""

import pytest

from shared.contracts.inventory import Statement
from tests.support.small_sboms import only_component, spdx

_ECC = "ECC: subject to the export administration regulations, ECCN 5D002"
_ANNOTATED = f"""SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: d
DocumentNamespace: https://example.org/d
Creator: Tool: t
Created: 2026-01-01T00:00:00Z
PackageName: a
SPDXID: SPDXRef-a
PackageDownloadLocation: NOASSERTION
PackageComment: <text>Export restrictions: encryption</text>
Annotator: Tool: FOSSology
AnnotationDate: 2026-01-01T00:00:00Z
AnnotationType: REVIEW
SPDXREF: SPDXRef-a
AnnotationComment: <text>{_ECC}</text>
"""


def test_an_annotation_and_a_comment_are_statements_with_their_places() -> None:
    annotations = [{"comment": "looked at"}, {"comment": _ECC}]

    component = only_component(spdx({"name": "a", "annotations": annotations, "comment": "Export control: crypto"}))

    assert component.statements == (
        Statement("export-statement", _ECC, f"{component.pointer}/annotations/1"),
        Statement("export-statement", "Export control: crypto", f"{component.pointer}/comment"),
    )


def test_tag_value_has_them_too() -> None:
    assert only_component(_ANNOTATED.encode()).statements == (
        Statement("export-statement", _ECC, "line 8"),
        Statement("export-statement", "Export restrictions: encryption", "line 11"),
    )


def test_a_long_statement_is_cut() -> None:
    [statement] = only_component(spdx({"name": "a", "comment": f"ECC: {'a' * 2000}"})).statements

    assert len(statement.value) == 1000


@pytest.mark.parametrize(
    "comment", ["ECC memory is needed", "eccentric", "Exports a function", "we export control", ""]
)
def test_other_words_are_none(comment: str) -> None:
    assert only_component(spdx({"name": "a", "comment": comment})).statements == ()


@pytest.mark.parametrize("comment", ["ECCN 5D002", "eccn: EAR99", "ECC statement: customs", "export controls apply"])
def test_forms_that_are_taken(comment: str) -> None:
    assert [each.value for each in only_component(spdx({"name": "a", "comment": comment})).statements] == [comment]
