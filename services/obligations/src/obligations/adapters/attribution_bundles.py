"""Reads an attribution bundle: in the API's own form, or a result of ScanCode Toolkit."""

import msgspec

from obligations.adapters.scancode_bundle import attributions_of_scan, is_scancode
from obligations.application.give_attributions import AttributionBundle


def read_bundle(content: bytes) -> AttributionBundle:
    """The bundle; raises msgspec.ValidationError or DecodeError for what is neither."""
    if is_scancode(content):
        return AttributionBundle(components=attributions_of_scan(content))
    return msgspec.json.decode(content, type=AttributionBundle)
