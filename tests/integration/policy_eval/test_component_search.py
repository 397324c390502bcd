"""Which releases ship a package, a range of its versions, or a licence."""

import pytest

from shared.errors import InvalidInput
from tests.support.builders import a_component
from tests.support.evaluations import StoredEvaluations


async def _pads(evaluations: StoredEvaluations) -> None:
    """Releases r1 to r3 with left-pad in the versions 1.0.0, 1.5.0 and 2.0.0; r1 had 0.1.0 before."""
    await evaluations.store("r1", a_component("MIT", version="0.1.0"))
    for number, version in enumerate(("1.0.0", "1.5.0", "2.0.0"), 1):
        await evaluations.store(
            f"r{number}",
            a_component("MIT", version=version),
            a_component("MIT", name="left-pad-2", version="1.0.0"),
            a_component("MIT", name="other", version="1.0.0"),
        )


@pytest.mark.parametrize(
    ("purl", "releases"),
    [
        ("pkg:npm/left-pad@1.0.0", ["r1"]),
        ("pkg:npm/left-pad", ["r3", "r2", "r1"]),
        ("PKG:npm/Left-Pad", ["r3", "r2", "r1"]),
        ("pkg:npm/left-pad@0.1.0", []),
        ("pkg:npm/left-pad@1.0", []),
        ("pkg:npm/left", []),
        ("pkg:npm/left_pad", []),
        ("pkg:pypi/left-pad", []),
    ],
)
async def test_a_purl_finds_the_releases_that_ship_it_now(
    evaluations: StoredEvaluations, purl: str, releases: list[str]
) -> None:
    await _pads(evaluations)

    assert await evaluations.found(purl) == releases


@pytest.mark.parametrize(
    ("range_", "releases"),
    [
        ("vers:npm/>=1.0.0|<2.0.0", ["r2", "r1"]),
        ("vers:npm/>1.0.0", ["r3", "r2"]),
        ("vers:npm/*", ["r3", "r2", "r1"]),
        ("vers:npm/<1", []),
    ],
)
async def test_a_range_finds_the_releases_with_a_version_in_it(
    evaluations: StoredEvaluations, range_: str, releases: list[str]
) -> None:
    await _pads(evaluations)

    assert await evaluations.found("pkg:npm/left-pad", range_) == releases


async def test_a_purl_without_a_version_has_that_of_its_component(evaluations: StoredEvaluations) -> None:
    await evaluations.store("r1", a_component("MIT", purl="pkg:npm/left-pad", version="1.5.0"))
    await evaluations.store("r2", a_component("MIT", purl="pkg:npm/left-pad", version=None))

    assert await evaluations.found("pkg:npm/left-pad@1.5.0") == ["r1"]
    assert await evaluations.found("pkg:npm/left-pad", "vers:npm/>=1") == ["r1"]
    assert await evaluations.found("pkg:npm/left-pad") == ["r2", "r1"]


@pytest.mark.parametrize(
    ("purl", "range_"),
    [
        ("left-pad", None),
        ("", None),
        (None, "vers:npm/>=1"),
        ("pkg:npm/left-pad@1", "vers:npm/>=1"),
        ("pkg:npm/left-pad", "vers:pypi/>=1"),
        ("pkg:npm/left-pad", ">=1"),
    ],
)
async def test_what_is_no_question_is_refused(
    evaluations: StoredEvaluations, purl: str | None, range_: str | None
) -> None:
    with pytest.raises(InvalidInput):
        await evaluations.found(purl, range_)


async def test_a_licence_finds_the_releases_where_it_is_in_effect(evaluations: StoredEvaluations) -> None:
    await evaluations.store("r1", a_component("MIT AND Zlib"), a_component("MIT"))
    await evaluations.store("r2", a_component("Zlib"), a_component())
    await evaluations.store("r3", a_component("GPL-2.0-only WITH Classpath-exception-2.0"))
    await evaluations.store("r4", a_component("MIT"))
    await evaluations.store("r4", a_component("0BSD"))

    assert await evaluations.found(license_="MIT") == ["r1"]
    assert await evaluations.found(license_="Zlib") == ["r2", "r1"]
    assert await evaluations.found(license_="MIT AND Zlib") == ["r1"]
    assert await evaluations.found(license_="GPL-2.0-only WITH Classpath-exception-2.0") == ["r3"]
    assert await evaluations.found(license_="GPL-2.0-only") == []


async def test_package_and_licence_must_be_of_one_component(evaluations: StoredEvaluations) -> None:
    await evaluations.store("r1", a_component("MIT"), a_component("Zlib", name="other"))
    await evaluations.store("r2", a_component("Zlib"), a_component(name="other"))

    assert await evaluations.found("pkg:npm/left-pad", license_="Zlib") == ["r2"]
    assert await evaluations.found("pkg:npm/other", license_="Zlib") == ["r1"]


async def test_a_name_or_licence_of_any_length_is_stored_and_found(evaluations: StoredEvaluations) -> None:
    name = "x" * 5_000
    license_ = " AND ".join(f"LicenseRef-{'y' * 40}-{number:03}" for number in range(100))
    await evaluations.store("r1", a_component(license_, name=name))

    assert await evaluations.found(f"pkg:npm/{name}") == ["r1"]
    assert await evaluations.found(license_=f"LicenseRef-{'y' * 40}-007") == ["r1"]


async def test_the_paths_of_one_package_are_shown(evaluations: StoredEvaluations) -> None:
    parts = [a_component("MIT", name="app"), a_component("MIT"), a_component("MIT", version="2.0.0")]
    await evaluations.store("r1", *parts, edges=[(-1, 0), (0, 1), (-1, 2)])

    one = await evaluations.look_up.components("r1", None, -1, 10, "pkg:npm/left-pad@1.3.0")
    any_version = await evaluations.look_up.components("r1", None, -1, 10, "pkg:npm/left-pad")
    rest = await evaluations.look_up.components("r1", None, any_version[0]["position"], 10, "pkg:npm/left-pad")

    assert [each["paths"] for each in one] == [[["app", "left-pad"]]]
    assert [each["version"] for each in any_version] == ["1.3.0", "2.0.0"]
    assert [each["version"] for each in rest] == ["2.0.0"]
    assert await evaluations.look_up.components("r1", None, -1, 10, "pkg:npm/right-pad") == []
