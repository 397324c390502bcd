"""The recall of cryptography over real package lists is what the last review left it at, and not less."""

import pytest

from tools.export_recall import FOLDER, measured


@pytest.mark.parametrize(
    ("name", "confidentiality", "other"),
    [("debian", 1.0, 1.0), ("java", 1.0, 1.0), ("node", 1.0, 1.0), ("server", 1.0, 1.0)],
)
def test_the_cryptography_of_a_real_package_list_is_found(name: str, confidentiality: float, other: float) -> None:
    recall = measured(FOLDER / f"{name}.cdx.json")

    assert recall.share("confidentiality") >= confidentiality, recall.missed["confidentiality"]
    assert recall.share("other") >= other, recall.missed["other"]


def test_what_is_not_in_the_truth_is_named_where_an_entry_says_confidentiality() -> None:
    recall = measured(FOLDER / "debian.cdx.json")

    assert recall.packages == 88
    assert recall.beside == frozenset()
