"""The tokens that are taken here: those of the issuers in a file, or none where there is no file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gateway.application.ports import Tokens
from gateway.domain.tokens import Issuer
from shared.clock import Clock


class NoTokens:
    """No issuer is trusted, so that no token opens anything."""

    async def claims(self, _token: str) -> tuple[Issuer, Mapping[str, Any]] | None:
        return None

    async def close(self) -> None:
        pass


def trusted_tokens(issuers_file: Path | None, clock: Clock) -> Tokens:
    """Return what checks tokens by the file of issuers; raises WrongIssuers."""
    if issuers_file is None:
        return NoTokens()
    # What tells signatures takes 0.2 s to load, for which a gateway without issuers would be away longer.
    from gateway.adapters.issuers_file import read_issuers  # noqa: PLC0415 - loads slowly
    from gateway.adapters.key_sets import KeySets  # noqa: PLC0415 - loads slowly
    from gateway.adapters.tokens import JsonWebTokens  # noqa: PLC0415 - loads slowly

    issuers = {each.url: each for each in read_issuers(issuers_file)}
    return JsonWebTokens(issuers, KeySets(clock), clock)
