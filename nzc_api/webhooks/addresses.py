"""To which addresses events may be sent. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# A cloud's own server at an address that looks public: Azure's.
METADATA: Sequence[Network] = (ip_network("168.63.129.16/32"),)

# IPv6 addresses in which an IPv4 address is wrapped that a translator would send to (RFC 6052, RFC 8215, RFC 4291).
TRANSLATED = (
    ip_network("64:ff9b::/96"),
    ip_network("64:ff9b:1::/48"),
    ip_network("::/96"),
)


def check_addresses(
    addresses: Iterable[Address], networks: Sequence[Network], *, public: bool
) -> Address | None:
    """The first of a host's addresses that nothing is sent to, if there is one. Something is sent to the ``networks``
    that the operator named, and, where they may be ``public``, to public ones."""
    return next((one for one in addresses if not _is_allowed(one, networks, public=public)), None)


def _is_allowed(address: Address, networks: Sequence[Network], *, public: bool) -> bool:
    if _is_in(address, networks):
        return True
    return public and all(_is_public(one) for one in (address, *_wrapped(address)))


def _is_public(address: Address) -> bool:
    site_local = isinstance(address, IPv6Address) and address.is_site_local
    odd = address.is_multicast or address.is_reserved or site_local
    return address.is_global and not odd and not _is_in(address, METADATA)


def _wrapped(address: Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for, by whichever way."""
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if _is_in(address, TRANSLATED):
        yield IPv4Address(int(address) & 0xFFFFFFFF)


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    # An address of IPv4 may be met as one of IPv6, as sockets of both write it.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any(one in network for one in (address, mapped) if one for network in networks)
