"""When a row of the catalogue applies: delivery × modification × linkage × user product × medium × use (domain facts).

What is not known never removes a duty: an unknown linkage or modification holds for every row that depends on it.
"""

from dataclasses import dataclass
from typing import Literal

from shared.contracts.decisions import Delivery, Kind, Medium, Use
from shared.contracts.inventory import Linkage

Cause = Literal["source", "binary", "network", "any-sharing", "user-product", "always-passive"]


@dataclass(frozen=True, slots=True)
class Usage:
    """How one component is used and delivered. None = unknown."""

    delivery: frozenset[Delivery]
    modified: bool | None = False
    linkage: Linkage | None = "package"
    shipped: bool = True
    user_product: bool = False
    medium: Medium = "download"
    kind: Kind = "code"
    commercial: bool = True
    has_notice_file: bool | None = None
    use: Use = "whole"
    advertising: bool | None = None
    interactive_ui: bool | None = None

    @property
    def handed_over(self) -> frozenset[Delivery]:
        """The deliveries that reach others; none for what is not shipped and for tools of development."""
        return self.delivery if self.shipped and self.linkage != "dev-tool" else frozenset()

    @property
    def may_be_modified(self) -> bool:
        """Modified, copied into own code (which makes one work of both), or not known to be neither."""
        return self.modified is not False or self.linkage in ("copied", None)


@dataclass(frozen=True, slots=True)
class Trigger:
    """The conditions of a row; all must hold, and of `causes` at least one. None = any."""

    causes: tuple[Cause, ...]
    modified_only: bool = False
    linkage: tuple[Linkage, ...] | None = None
    medium: tuple[Medium, ...] | None = None
    kind: tuple[Kind, ...] | None = None
    commercial_only: bool = False
    if_notice_file: bool = False

    def causes_in(self, usage: Usage, lifted_from: frozenset[Delivery] = frozenset()) -> tuple[Cause, ...]:
        """The causes that bring the duty about in this usage, none if it is not triggered.

        `lifted_from`: deliveries that an exception has freed.
        """
        if not self._conditions_hold(usage):
            return ()
        handed_over = usage.handed_over - lifted_from
        return tuple(cause for cause in self.causes if _brings_about(cause, handed_over, usage.user_product))

    def _conditions_hold(self, usage: Usage) -> bool:
        return (
            (not self.modified_only or usage.may_be_modified)
            and (self.linkage is None or usage.linkage is None or usage.linkage in self.linkage)
            and (self.medium is None or usage.medium in self.medium)
            and (self.kind is None or usage.kind in self.kind)
            and (not self.commercial_only or usage.commercial)
            and (not self.if_notice_file or usage.has_notice_file is not False)
        )

    def describe(self, causes: tuple[Cause, ...] | None = None) -> str:
        """The conditions in words, of the given causes only if any are given."""
        words = [", ".join(causes or self.causes)]
        words += ["modified"] if self.modified_only else []
        words += [f"linkage {', '.join(self.linkage)}"] if self.linkage else []
        words += [f"medium {', '.join(self.medium)}"] if self.medium else []
        words += [f"kind {', '.join(self.kind)}"] if self.kind else []
        words += ["commercial"] if self.commercial_only else []
        words += ["upstream NOTICE file"] if self.if_notice_file else []
        return "; ".join(words)


def _brings_about(cause: Cause, handed_over: frozenset[Delivery], user_product: bool) -> bool:
    match cause:
        case "always-passive":
            return True
        case "any-sharing":
            return bool(handed_over)
        case "user-product":
            return user_product and "binary" in handed_over
        case delivery:
            return delivery in handed_over
