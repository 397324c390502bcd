"""The quality score of real documents is stable, and its reasons explain it.

The corpus is not part of this repository: `LICET_CORPUS` names its folder.
"""

import os
from pathlib import Path

import pytest

from shared.contracts.documents import Quality
from tests.support.small_sboms import result_of

CORPUS = Path(os.environ.get("LICET_CORPUS", Path(__file__).parents[4] / "shared" / "corpus")) / "valid"
SCORES = {
    "cdx14-fossa-sample.json": 0.83,
    "cdx14-saasbom-services-only.json": 0.0,
    "cdx15-cdxgen-java.json": 0.73,
    "cdx16-php-composer-symfony.xml": 0.56,
    "gen-node-syft.cdx16.json": 0.49,
    "gen-node-syft.spdx23.spdx": 0.63,
    "spdx22-scancode-nexb-time.tag": 0.51,
    "spdx301-cavil-perl-mojolicious.json": 0.76,
    "ort-analyzer-discoverer.yml": 0.66,
}
SAME = ("json", "tag", "yaml", "rdf.xml")


def quality_of(name: str) -> Quality:
    if not (CORPUS / name).exists():
        pytest.skip(f"the corpus does not have {name}; set LICET_CORPUS")
    return result_of((CORPUS / name).read_bytes()).facts.quality


@pytest.mark.parametrize("name", SCORES)
def test_a_real_documents_score_follows_from_its_reasons(name: str) -> None:
    quality = quality_of(name)

    assert quality.score == SCORES[name]
    shares = [reason.have / reason.of if reason.of else 0.0 for reason in quality.reasons]
    components = quality.reasons[0].of
    assert quality.score == (round((sum(shares[:7]) / 7 + sum(shares[7:]) / 5) / 2, 2) if components else 0.0)


def test_the_same_document_has_the_same_quality_in_every_serialization() -> None:
    first, *others = (quality_of(f"spdx22-sourceauditor-time.{suffix}") for suffix in SAME)

    assert others == [first] * 3
