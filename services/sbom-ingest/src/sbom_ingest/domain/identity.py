"""A name for components that have no package URL, the same in every document that tells the same of them."""

from hashlib import sha256

import msgspec

from shared.contracts.inventory import Component

_PREFIX = "urn:licet:component:"
_DIGITS = 32
_encode = msgspec.json.Encoder().encode


def synthetic_identity(component: Component) -> str:
    """A URN of type, group, name, version and supplier, in no order of the document: 128 bits of their SHA-256."""
    told = (component.type, component.group, component.name, component.version, component.supplier)
    return _PREFIX + sha256(_encode(told)).hexdigest()[:_DIGITS]
