"""A document with very many faults: what is told of them stays small."""

from sbom_ingest.domain.limits import Limits
from tests.support.small_sboms import cyclonedx, result_of

MALFORMED = cyclonedx(*({"name": f"a{number}", "purl": "none"} for number in range(30)))


def warnings_of(document: bytes, most: int) -> list[tuple[str, str]]:
    return [(each.code, each.pointer) for each in result_of(document, Limits(warnings=most)).warnings]


def test_warnings_beyond_the_limit_are_counted_and_told_in_one() -> None:
    codes = warnings_of(MALFORMED, 10)

    assert len(codes) == 11
    assert codes[-1] == ("warnings-left-out", "")
    assert codes[9] == ("malformed-purl", "/components/9/purl")


def test_as_many_warnings_as_may_be_are_all_listed() -> None:
    codes = warnings_of(MALFORMED, 30)

    assert [code for code, _ in codes] == ["malformed-purl"] * 30
