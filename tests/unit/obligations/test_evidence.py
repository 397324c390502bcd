"""Evidence has a type that is checked, who gave it and who verified it; what older versions kept stays readable."""

from typing import Any

import pytest

from obligations.domain.evidence import MOST_ITEMS, Malformed, collected, given, shown, verified

_SHA256 = "a" * 64
_BY = {"added_by": "key:1", "added_at": "2026-11-28T10:00:00Z"}


def _one(item: Any) -> dict[str, Any]:
    (kept,) = given([item], (), "key:1", "2026-11-28T10:00:00Z")
    return kept


@pytest.mark.parametrize(
    ("item", "kept"),
    [
        ({"type": "file-hash", "value": _SHA256.upper()}, {"type": "file-hash", "value": f"sha256:{_SHA256}"}),
        ({"type": "file-hash", "value": f"sha1:{'b' * 40}"}, {"type": "file-hash", "value": f"sha1:{'b' * 40}"}),
        (
            {"type": "url-snapshot", "value": "https://example.org/a", "sha256": f"sha256:{_SHA256}"},
            {"type": "url-snapshot", "value": "https://example.org/a", "sha256": _SHA256},
        ),
        ({"type": "url", "value": "https://example.org/a"}, {"type": "url-snapshot", "value": "https://example.org/a"}),
        ({"type": "ticket", "value": "OSS-7", "note": "x"}, {"type": "ticket", "value": "OSS-7", "note": "x"}),
        ({"type": "mail", "value": "<1@example.org>"}, {"type": "mail", "value": "<1@example.org>"}),
        ({"type": "screenshot", "value": "about box"}, {"type": "screenshot", "value": "about box"}),
        ("archive 7", {"type": "other", "value": "archive 7"}),
        ({"type": "fax", "value": "page 2"}, {"type": "other", "note": "fax", "value": "page 2"}),
        ({"link": "https://example.org/a"}, {"type": "other", "link": "https://example.org/a"}),
        (
            {"type": "ticket", "value": "OSS-7", "verified_by": "key:1", "added_by": "key:9", "obligation_ids": []},
            {"type": "ticket", "value": "OSS-7"},
        ),
    ],
)
def test_an_item_is_kept_with_its_type_and_who_gave_it(item: Any, kept: dict[str, Any]) -> None:
    assert _one(item) == kept | _BY
    assert _one(shown(_one(item))) == _one(item)


@pytest.mark.parametrize(
    ("item", "pointer"),
    [
        ({"type": "file-hash", "value": "readline.tar.gz"}, "/1/value"),
        ({"type": "file-hash", "value": f"sha512:{_SHA256}"}, "/1/value"),
        ({"type": "file-hash"}, "/1/value"),
        ({"type": "url-snapshot", "value": "readline"}, "/1/value"),
        ({"type": "url-snapshot", "value": "https://example.org/a", "sha256": "no"}, "/1/sha256"),
        ({"type": "ticket", "value": " "}, "/1/value"),
        ({"type": "mail"}, "/1/value"),
        ({"type": "screenshot", "value": 7}, "/1/value"),
    ],
)
def test_what_is_no_evidence_of_its_type_is_refused_with_its_place(item: Any, pointer: str) -> None:
    with pytest.raises(Malformed) as refused:
        given(["ticket 7", item], (), "key:1", "2026-11-28T10:00:00Z")

    assert refused.value.pointer == pointer


def test_there_is_a_limit() -> None:
    with pytest.raises(Malformed, match=str(MOST_ITEMS)):
        given([str(number) for number in range(MOST_ITEMS + 1)], (), "key:1", "2026-11-28T10:00:00Z")


@pytest.mark.parametrize("older", [{"value": "ticket 7"}, {"type": "file-hash", "value": "of readline"}, {"seen": 1}])
def test_what_an_older_version_kept_is_shown_and_stays_when_it_is_sent_again(older: dict[str, Any]) -> None:
    known = older | {"added_by": "key:9", "added_at": "2025-01-01T00:00:00Z"}

    assert given([shown(known)], (known,), "key:1", "2026-11-28T10:00:00Z") == (known,)
    assert shown(known).items() >= known.items()


def test_evidence_of_several_obligations_is_listed_once_with_all_of_them() -> None:
    early, late = (given(["archive 7"], (), "key:1", f"2026-11-{day}T10:00:00Z") for day in ("27", "28"))
    checked = verified(late, "key:2", "2026-11-29T10:00:00Z")
    other = given([{"type": "ticket", "value": "OSS-7"}], (), "key:2", "2026-11-26T10:00:00Z")

    listed = collected({"o1": late, "o2": (*early, *other), "o3": checked, "o4": ()})

    assert [(each["type"], each["obligation_ids"], each["added_at"], each["verified_by"]) for each in listed] == [
        ("ticket", ["o2"], "2026-11-26T10:00:00Z", None),
        ("other", ["o1", "o2"], "2026-11-27T10:00:00Z", None),
        ("other", ["o3"], "2026-11-28T10:00:00Z", "key:2"),
    ]
