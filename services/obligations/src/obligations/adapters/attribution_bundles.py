"""Reads an attribution bundle: in the API's own form, a result of ScanCode Toolkit, or an archive of licence files."""

import msgspec

from obligations.adapters.archives import is_archive
from obligations.adapters.license_files import attributions_of_archive
from obligations.adapters.scancode_bundle import attributions_of_scan, is_scancode
from obligations.application.give_attributions import AttributionBundle, BundleToGive


def read_bundle(content: bytes, purl: str | None) -> BundleToGive:
    """The bundle; `purl`: the package that an archive is all about.

    Raises msgspec.ValidationError or DecodeError for what is none of them, InvalidInput and OverLimit for archives.
    """
    if is_archive(content):
        attributions, unused = attributions_of_archive(content, purl)
        return BundleToGive(attributions, [(each.file, each.reason) for each in unused])
    if is_scancode(content):
        return BundleToGive(attributions_of_scan(content))
    return BundleToGive(msgspec.json.decode(content, type=AttributionBundle).components)
