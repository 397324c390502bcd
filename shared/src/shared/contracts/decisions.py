"""The decided components of one evaluation: immutable, addressed by the SHA-256 of its JSON encoding.

policy-eval writes it, obligations works from exactly this record, so that verdict, duties and NOTICE never disagree.
"""

from typing import Final, Literal

from msgspec import Struct, field, structs

from shared.contracts.inventory import Linkage, Scope

Verdict = Literal["allow", "allow-with-conditions", "review-ospo", "review-legal", "deny"]
Delivery = Literal["network", "source", "binary"]
Kind = Literal["code", "data", "document", "font", "image", "sound", "model"]
Medium = Literal["download", "physical"]
Audience = Literal["own-organisation", "named-customers", "consumers", "public", "public-sector"]
Use = Literal["whole", "output", "interface"]
"""The component as such, only what it leaves in the product (a compiler's runtime, generated code), or only its
interface (system calls)."""


class ComponentText(Struct, frozen=True, omit_defaults=True):
    """A licence text that came with the component; `license` is the SPDX id or LicenseRef it belongs to, if told."""

    text: str
    license: str | None = None


NO_OUTBOUND: Final = "none"


class OwnContext(Struct, frozen=True, omit_defaults=True, gc=False):
    """What people say of the delivery of one component in place of what is said of its release; None = as the release.

    `outbound` is NO_OUTBOUND where the component goes out under no licence.
    """

    delivery: tuple[Delivery, ...] | None = None
    user_product: bool | None = None
    medium: Medium | None = None
    commercial: bool | None = None
    advertising: bool | None = None
    interactive_ui: bool | None = None
    outbound: str | None = None
    audience: Audience | None = None


# Nothing in it leads back to it: there is no cycle to search for.
class DecidedComponent(Struct, frozen=True, omit_defaults=True, gc=False):
    """One component of the release with its effective licence and the facts that duties depend on.

    `license` is the normalised expression, `effective_license` what remains after the choice among OR branches, and
    `chosen_from` the expression the choice was made in (None = nothing to choose). All three are None when unresolved.
    `texts[].text` and `notices` are keys of `DecidedRelease.texts`. `linkage` and `modified`: None = unknown.
    """

    name: str
    part: str
    verdict: Verdict
    category: str
    version: str | None = None
    purl: str | None = None
    group: str | None = None
    type: str = "library"
    kind: Kind = "code"
    scope: Scope = "runtime"
    shipped: bool = True
    declared: list[str] = field(default_factory=list)
    license: str | None = None
    effective_license: str | None = None
    chosen_from: str | None = None
    license_source: str | None = None
    linkage: Linkage | None = None
    modified: bool | None = None
    copyright: list[str] = field(default_factory=list)
    texts: list[ComponentText] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    notice_status: Literal["present", "absent"] | None = None
    source_url: str | None = None
    supplier: str | None = None
    occurrences: int = 1
    hashes: dict[str, str] = field(default_factory=dict)
    source_sha256: str | None = None
    """The digest of the archive at `source_url`, where somebody said it."""
    own_context: OwnContext | None = None
    """None = delivered as the release is."""
    copyright_status: Literal["absent"] | None = None
    """"absent": somebody looked for copyright notices and found none."""


class UsageContext(Struct, frozen=True):
    """How the release is used and delivered (domain.md §1).

    None = unknown: for whom it is, whether advertising mentions it, whether it is an interactive program.
    """

    name: str
    delivery: list[Delivery]
    outbound: str | None
    user_product: bool = False
    medium: Medium = "download"
    commercial: bool = True
    audience: Audience | None = None
    advertising: bool | None = None
    interactive_ui: bool | None = None

    def of(self, own: OwnContext | None) -> "UsageContext":
        """The context of a component with a context of its own."""
        if own is None:
            return self
        said = {name: value for name, value in structs.asdict(own).items() if value is not None}
        if own.delivery is not None:
            said["delivery"] = list(own.delivery)
        if own.outbound == NO_OUTBOUND:
            said["outbound"] = None
        return structs.replace(self, **said)


class OfferOfSource(Struct, frozen=True):
    """The organisation's standing offer to send source code on request."""

    address: str
    url: str | None = None
    years: int = 3


class OrganizationFacts(Struct, frozen=True, omit_defaults=True):
    """Who delivers the product, for notices."""

    name: str | None = None
    open_source_contact: str | None = None
    source_offer: OfferOfSource | None = None


class DecidedRelease(Struct, frozen=True, omit_defaults=True):
    """All decided components of a release, its parts in the order of their names, each in document order."""

    project: str
    version: str
    context: UsageContext
    components: list[DecidedComponent]
    texts: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    """Part name → SHA-256 of its document."""
    edges: list[tuple[int, int]] = field(default_factory=list)
    """(from, to) positions in `components`; -1 is the release itself."""
    organization: OrganizationFacts | None = None
    """None = nobody has told the API; a service may have it from its settings."""
    crypto_notice: str | None = None
    """The paragraph on cryptography for the NOTICE; None where there is none, or the policy does not look at export."""
