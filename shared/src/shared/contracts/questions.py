"""A question about a licence without a stored release, and what policy-eval says to it."""

from msgspec import Struct

from shared.contracts.decisions import Kind, Medium, Use, Verdict
from shared.contracts.inventory import Linkage


class LicenseQuestion(Struct, frozen=True, kw_only=True):
    """What a licence would be judged by. `license` is any string; `modified`, `linkage`: None = unknown."""

    license: str
    modified: bool | None = False
    linkage: Linkage | None = "package"
    shipped: bool = True
    user_product: bool = False
    medium: Medium = "download"
    kind: Kind = "code"
    commercial: bool = True
    use: Use = "whole"


class LicenseVerdicts(Struct, frozen=True):
    """How the policy judges it. `expression`: the string as an SPDX expression, None where it names none.

    `chosen` and `remaining` follow the default context: the branch that it takes of an OR (None = nothing to choose,
    or left to people), and the expression after the choice. `category` is that of the operand that decides there.
    """

    expression: str | None
    chosen: str | None
    remaining: str | None
    category: str
    verdicts: dict[str, Verdict]
