"""Connections to addresses that users name: only to public ones, and to the very address that was checked."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

import httpcore

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


class RefusedAddress(ValueError):
    """An address that must not be connected to; the text says why."""


@dataclass(frozen=True, slots=True)
class SafeAddresses:
    """Says where a name leads. `allowed` are private networks that may be reached all the same."""

    allowed: tuple[Network, ...]
    resolve: Resolve

    async def of(self, host: str, port: int) -> list[str]:
        """Return the addresses of the host, all of them checked; raises RefusedAddress."""
        try:
            found = list(await self.resolve(host, port))
        except OSError as error:
            raise RefusedAddress(f"{host} cannot be resolved: {error}") from error
        for each in found:
            if not self._may_be_reached(each):
                raise RefusedAddress(f"{host} leads to {each}, which is no public address")
        if not found:
            raise RefusedAddress(f"{host} has no address")
        return found

    async def is_inside(self, host: str, port: int) -> bool:
        """Whether all addresses of the host are in allowed networks."""
        return all(self._is_allowed(_plain(each)) for each in await self.of(host, port))

    def _may_be_reached(self, text: str) -> bool:
        address = _plain(text)
        return self._is_allowed(address) or (address.is_global and not address.is_multicast)

    def _is_allowed(self, address: Address) -> bool:
        return any(address in network for network in self.allowed if network.version == address.version)


def networks(text: str) -> tuple[Network, ...]:
    """Return the networks of a list with commas; raises ValueError."""
    return tuple(ipaddress.ip_network(each.strip()) for each in text.split(",") if each.strip())


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses that the system's resolver gives; raises OSError."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that is too long, or no text for a name
        raise OSError(f"no name: {error}") from error
    return sorted({str(each[4][0]).partition("%")[0] for each in found})


def _plain(text: str) -> Address:
    """The address that is meant, where IPv6 holds an IPv4 one."""
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inside = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if address in _NAT64:
        inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inside or address


class SafeBackend(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore to checked addresses only; a name is looked up and checked for each anew."""

    def __init__(self, addresses: SafeAddresses) -> None:
        self._addresses = addresses
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in await self._addresses.of(host, port):
            try:
                return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(self, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        raise RefusedAddress("no sockets of this machine")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)
