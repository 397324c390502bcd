"""Reads addresses of licences: the stewards' pages, SPDX and OSI pages, and those that the SPDX list names beside an id."""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import unquote

from shared.licensing.alias_file import Alias
from shared.licensing.catalogue import load_catalogue

_ADDRESS = re.compile(
    r"(?:https?:/{1,2})?(?:www\.)?((?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?::\d+)?(?:[/?#]\S*)?)", re.IGNORECASE
)
_END = re.compile(r"(?:\.html?|\.txt|\.php|\.md|\.json|\.en|/legalcode(?:\.[a-z-]+)?|/deed(?:\.[\w-]+)?|/)$")
_GNU = re.compile(
    r"gnu\.org/(?:(?:licenses|copyleft)/)(?:old-licenses/)?(gpl|lgpl|agpl|fdl|lesser|library)(?:-(\d\.\d))?(?:-standalone)?"
)
_CC = re.compile(r"creativecommons\.org/licenses/(by(?:-(?:nc|nd|sa)){0,2})/(\d\.\d)(?:/([a-z]{2,3}))?")
_PAGE = re.compile(
    r"(?:spdx\.org/licenses?|opensource\.org/licenses?|choosealicense\.com/licenses"
    r"|dejacode\.com/licenses|scancode-licensedb\.aboutcode\.org)/([\w.+-]+)"
)
_SCANCODE_FILE = re.compile(
    r"github\.com/(?:nexb|aboutcode-org)/scancode-toolkit/blob/[\w.-]+/src/licensedcode/data/licenses/"
    r"([\w.+-]+)\.(?:yml|license)"
)
_JOINED = re.compile(r"\+(AND|OR|WITH)\+")
_NUGET = re.compile(r"licenses\.nuget\.org/(.+)", re.IGNORECASE)
_GNU_FAMILIES = {"gpl": "GPL", "lgpl": "LGPL", "lesser": "LGPL", "library": "LGPL", "agpl": "AGPL", "fdl": "GFDL"}
_FILE_OF_GNU = re.compile(r"(gpl|lgpl|agpl|fdl)-(\d\.\d)\.(?:txt|html?)")
_MIT_PAGE = re.compile(r"https?://(?:[\w-]{1,63}\.)?mit-license\.org/?(?:license(?:\.html|\.txt)?)?", re.IGNORECASE)
_SOURCE = "steward"


def address_of(value: str) -> str | None:
    """The comparable form of an address - no scheme, no `www.`, no ending - or None for what is none."""
    found = _ADDRESS.fullmatch(value)
    if not found or ("/" not in found[1] and "://" not in value):
        return None
    address = re.sub(r":(?:80|443)(?=/|$)", "", found[1].lower()).rstrip("/")
    while shorter := _END.search(address):
        address = address[: shorter.start()]
    return address


def at_address(value: str) -> Alias | None:
    """What a licence's address means, beyond the table of aliases. Ids of the GNU family that do not say "only" or
    "or later" are left open, since the text behind them does not say it either."""
    if _MIT_PAGE.fullmatch(value):
        return Alias("MIT", (), _SOURCE)
    if file := _FILE_OF_GNU.fullmatch(value.lower()):
        return _gnu(_GNU_FAMILIES[file[1]], file[2])
    address = address_of(value)
    if address is None:
        return None
    for read in (_gnu_page, _creative_commons, _page, _scancode_file, _named_by_list):
        if found := read(address):
            return found
    return None


def nuget_expression(value: str) -> str | None:
    """The SPDX expression in an address of licenses.nuget.org, or None."""
    found = _NUGET.search(value) if "licenses.nuget.org/" in value.lower() else None
    # A plus is a blank only where it joins words: `MIT+OR+ISC`, and not `Apache-2.0+`.
    return unquote(_JOINED.sub(r" \1 ", found[1])) if found else None


def _gnu_page(address: str) -> Alias | None:
    found = _GNU.fullmatch(address)
    return _gnu(_GNU_FAMILIES[found[1]], found[2]) if found else None


def _gnu(family: str, version: str | None) -> Alias | None:
    known = [each.id for each in load_catalogue().licenses if not each.deprecated]
    start = f"{family}-{version or ''}"
    ids = tuple(id_ for id_ in known if id_.startswith(start) and id_.endswith(("-only", "-or-later")))
    plain = tuple(id_ for id_ in ids if "invariants" not in id_)
    return Alias(None, plain, _SOURCE) if plain else None


def _creative_commons(address: str) -> Alias | None:
    """The page of one licence; a port that the list has no id for leaves the unported licence as a candidate."""
    found = _CC.fullmatch(address)
    if found is None:
        return None
    base = f"CC-{found[1].upper()}-{found[2]}"
    known = load_catalogue().license(f"{base}-{found[3].upper()}" if found[3] else base)
    if known:
        return Alias(known.id, (), _SOURCE)
    return Alias(None, (base,), _SOURCE) if load_catalogue().license(base) else None


def _page(address: str) -> Alias | None:
    found = _PAGE.fullmatch(address)
    id_ = _by_slug().get(_slug(found[1])) if found else None
    if id_ is None:
        return None
    known = load_catalogue().license(id_)
    if known and known.deprecated and "spdx.org" not in address:
        family, _, version = id_.removesuffix("+").partition("-")
        return _gnu(family, version)
    return Alias(known.replaced_by or id_ if known else id_, (), "spdx")


def _scancode_file(address: str) -> Alias | None:
    """The file of a licence that only ScanCode's LicenseDB has: its key is in the name."""
    found = _SCANCODE_FILE.fullmatch(address)
    known = load_catalogue().license(f"LicenseRef-scancode-{found[1]}") if found else None
    return Alias(known.id, (), "scancode") if known else None


def with_slug(value: str) -> Alias | None:
    """The id that a page name of the OSI or a key such as `apache-2-0` stands for."""
    id_ = _by_slug().get(_slug(value)) if "-" in value or "_" in value else None
    known = load_catalogue().license(id_) if id_ else None
    return Alias(known.replaced_by or known.id, (), "spdx") if known else None


def _named_by_list(address: str) -> Alias | None:
    ids = load_catalogue().licenses_at(address)
    if not ids:
        return None
    return Alias(ids[0], (), "spdx") if len(ids) == 1 else Alias(None, ids, "spdx")


def _slug(id_: str) -> str:
    return id_.lower().replace(".", "-").replace("_", "-")


@lru_cache(maxsize=1)
def _by_slug() -> Mapping[str, str]:
    """Page name → id; ids of which two have one page name are left out."""
    found: dict[str, list[str]] = {}
    for known in load_catalogue().licenses:
        found.setdefault(_slug(known.id), []).append(known.id)
    return {slug: ids[0] for slug, ids in found.items() if len(ids) == 1}
