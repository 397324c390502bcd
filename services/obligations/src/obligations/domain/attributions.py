"""What somebody has handed in beside the SBOM: licence texts, NOTICE contents, copyright notices, source addresses.

It fills what the SBOM leaves out and never takes anything away: the component's own texts from the SBOM come first.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal
from urllib.parse import unquote

from msgspec import Meta, Struct, structs

from shared.contracts.decisions import ComponentText, DecidedComponent, DecidedRelease

_LONGEST_TEXT = 8 * 1024 * 1024
_Text = Annotated[str, Meta(min_length=1, max_length=_LONGEST_TEXT)]


class AttributedText(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A licence text of a component; `license`: the SPDX id or LicenseRef it belongs to, if known."""

    text: _Text
    license: str | None = None


class Attribution(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is handed in for one component, which is named by `purl`, or by `name` and `version`.

    `copyright_status` "absent": its files were searched for copyright notices, and there are none.
    """

    purl: str | None = None
    name: str | None = None
    version: str | None = None
    license_texts: tuple[AttributedText, ...] = ()
    notices: tuple[_Text, ...] = ()
    notice_status: Literal["present", "absent"] | None = None
    copyright: tuple[str, ...] = ()
    copyright_status: Literal["absent"] | None = None
    source_url: str | None = None
    source_sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")] | None = None

    @property
    def is_named(self) -> bool:
        """Whether it says which component it is for."""
        return bool(self.purl or self.name)


def with_attributions(release: DecidedRelease, attributions: Iterable[Attribution]) -> DecidedRelease:
    """The release with what was handed in; of several for one component each adds what the others leave out."""
    by_component: dict[tuple[str | None, ...], list[Attribution]] = {}
    for each in attributions:
        by_component.setdefault(_key(each), []).append(each)
    if not by_component:
        return release
    texts = dict(release.texts)
    components = [_filled(component, by_component, texts) for component in release.components]
    return structs.replace(release, components=components, texts=texts)


def _key(attribution: Attribution) -> tuple[str | None, ...]:
    return (_plain(attribution.purl),) if attribution.purl else (attribution.name, attribution.version)


def _plain(purl: str) -> str:
    """A package URL in one way of writing it."""
    return unquote(purl)


def _filled(
    component: DecidedComponent, by_component: Mapping[tuple[str | None, ...], list[Attribution]], texts: dict[str, str]
) -> DecidedComponent:
    purls = dict.fromkeys((_plain(component.purl), _plain(_unqualified(component.purl)))) if component.purl else ()
    by_purl = [each for purl in purls for each in by_component.get((purl,), [])]
    for attribution in (*by_purl, *by_component.get((component.name, component.version), [])):
        component = _with(component, attribution, texts)
    return component


def _unqualified(purl: str) -> str:
    """The package URL without qualifiers and subpath: what is said of the package holds for each of its files."""
    return purl.partition("#")[0].partition("?")[0]


def _with(component: DecidedComponent, given: Attribution, texts: dict[str, str]) -> DecidedComponent:
    known = {texts[each.text] for each in component.texts}
    added = [
        ComponentText(_kept(each.text, texts), each.license) for each in given.license_texts if each.text not in known
    ]
    noted = [key for key in (_kept(each, texts) for each in given.notices) if key not in component.notices]
    lines = [each for each in given.copyright if each.strip() and each not in component.copyright]
    return structs.replace(
        component,
        texts=[*component.texts, *added],
        notices=[*component.notices, *noted],
        notice_status=component.notice_status or given.notice_status,
        copyright=[*component.copyright, *lines],
        copyright_status=component.copyright_status or given.copyright_status,
        source_url=component.source_url or given.source_url,
        source_sha256=component.source_sha256 or _digest_of_source(component, given),
    )


def _digest_of_source(component: DecidedComponent, given: Attribution) -> str | None:
    """The digest that was handed in, unless it is that of another place than the SBOM names."""
    is_of_it = component.source_url in (None, given.source_url) or given.source_url is None
    return given.source_sha256 if is_of_it else None


def _kept(text: str, texts: dict[str, str]) -> str:
    key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    texts.setdefault(key, text)
    return key
