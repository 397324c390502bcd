"""Which releases ship a package, a range of its versions, or a licence."""

import pytest

from policy_eval.adapters import release_search
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


@pytest.mark.parametrize(
    ("purl", "range_", "license_"),
    [
        ("pkg:npm/left-pad", None, None),
        ("pkg:npm/left-pad@1.0.0", None, None),
        ("pkg:npm/left-pad@1.0.0?arch=x86", None, None),
        ("pkg:npm/left-pad", "vers:npm/<2", None),
        ("pkg:npm/left-pad", None, "MIT"),
        (None, None, "MIT"),
    ],
)
async def test_a_search_gives_page_after_page_and_nothing_twice(
    evaluations: StoredEvaluations, monkeypatch: pytest.MonkeyPatch, purl: str, range_: str | None, license_: str | None
) -> None:
    monkeypatch.setattr(release_search, "_MOST_AT_A_TIME", 2)
    written = "pkg:npm/left-pad@1.0.0?arch=x86"
    for number in range(7):
        wanted = [a_component("MIT", version="1.0.0", purl=written, name=name) for name in ("a", "b")]
        others = [a_component("Zlib", version="2.0.0"), a_component("0BSD", name="other")]
        await evaluations.store(f"r{number}", *wanted, *others)
        await evaluations.store(f"s{number}", *others)
    search = evaluations.look_up.search(purl, range_, license_)

    pages = [await evaluations.found_among(search, limit=3)]
    while len(pages[-1]) == 3:
        pages.append(await evaluations.found_among(search, limit=3, before=pages[-1][-1]))
    found = [each for page in pages for each in page]

    expected = [f"r{number}" for number in range(7)]
    if (purl, range_, license_) == ("pkg:npm/left-pad", None, None):
        expected += [f"s{number}" for number in range(7)]
    assert found == sorted(expected, reverse=True)


async def test_a_search_may_go_through_some_releases_only(evaluations: StoredEvaluations) -> None:
    await _pads(evaluations)
    search = evaluations.look_up.search("pkg:npm/left-pad", None, "MIT")

    assert await evaluations.found_among(search, ("r1", "r3", "unknown")) == ["r3", "r1"]
    assert await evaluations.found_among(evaluations.look_up.search(None, None, "MIT"), ("r2", "r4")) == ["r2"]
    assert await evaluations.found_among(search, ()) == []


async def test_more_versions_than_a_statement_may_name_are_found(
    evaluations: StoredEvaluations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_search, "_MOST_VERSIONS", 1)
    await _pads(evaluations)

    assert await evaluations.found("pkg:npm/left-pad", "vers:npm/>=1.0.0|<2.0.0") == ["r2", "r1"]


async def test_a_version_of_any_length_is_stored_and_found(evaluations: StoredEvaluations) -> None:
    version = "1." + "9" * 5_000
    await evaluations.store("r1", a_component("MIT", version=version))

    assert await evaluations.found(f"pkg:npm/left-pad@{version}") == ["r1"]
    assert await evaluations.found(f"pkg:npm/left-pad@{version}9") == []


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
