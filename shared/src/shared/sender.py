"""Who sends, as far as an address tells."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address


@lru_cache(10_000)
def sender_of(address: str) -> str:
    """Return what one sender has: an IPv4 address, or the 64 bits before an IPv6 interface."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)
