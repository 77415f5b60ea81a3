"""To which addresses events may be sent. Pure."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# What looks public and is not, beside what the standard library knows to be private: protocol assignments and a
# cloud's own server (Oracle's and Azure's metadata), and every way to wrap an IPv4 address into one of IPv6, which a
# translator could send anywhere (mapped, compatible, NAT64, Teredo, 6to4: RFC 4291, 6052, 8215, 4380, 3056).
NEVER: Sequence[Network] = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",
            "168.63.129.16/32",
            "::/8",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2001::/32",
            "2002::/16",
        ),
    )
)


def check_addresses(
    addresses: Iterable[Address], networks: Sequence[Network], *, public: bool
) -> Address | None:
    """The first of a host's addresses that nothing is sent to, if there is one. Something is sent to the ``networks``
    that the operator named, and, where they may be ``public``, to public ones."""
    return next(
        (
            address
            for address in addresses
            if not (_is_in(address, networks) or (public and _is_public(address)))
        ),
        None,
    )


def _is_public(address: Address) -> bool:
    site_local = isinstance(address, IPv6Address) and address.is_site_local
    odd = address.is_multicast or address.is_reserved or site_local
    return address.is_global and not odd and not _is_in(address, NEVER)


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
