"""Decided components as they crossed from policy-eval, with the attributions that were handed in."""

from collections.abc import Iterable

import msgspec

from obligations.domain.attributions import Attribution, with_attributions
from shared.contracts.decisions import DecidedRelease


def decoded_release(body: bytes, bundles: Iterable[bytes]) -> DecidedRelease:
    """The release; `bundles` are lists of `Attribution` as JSON."""
    given = [each for content in bundles for each in msgspec.json.decode(content, type=list[Attribution])]
    return with_attributions(msgspec.json.decode(body, type=DecidedRelease), given)
