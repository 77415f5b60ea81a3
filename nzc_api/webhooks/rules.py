"""What an endpoint must be. Pure."""

import re
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from nzc_api.outbound.addresses import Address, Network, check_addresses
from nzc_api.refusal import InvalidInput, Refusal
from nzc_api.text import name_problem
from nzc_api.webhooks.errors import WebhookEndpointsFull, WebhookSecretsFull
from nzc_api.webhooks.model import EndpointTerms

MOST_ENDPOINTS = 10
LONGEST_URL = 1_000
MOST_OVERLAP_HOURS = 168

# With how many secrets that were replaced messages are signed, beside the one in use.
MOST_FORMER_SECRETS = 5

# What an address on the web is made of (RFC 3986), and a host as it is looked up: labels of up to 63 characters (RFC
# 1035), other alphabets in Punycode; or an address of IPv6.
_URL = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]+")
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"({_LABEL}\.)*{_LABEL}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*")
# A host whose last part is a number is an IPv4 address (WHATWG URL, 3.5): systems take `2130706433`, `0x7f.1` and
# `017700000001` for 127.0.0.1.
_NUMBER = re.compile(r"(.*\.)?([0-9]+|0[xX][0-9A-Fa-f]*)")


def check_terms(terms: EndpointTerms, networks: Sequence[Network]) -> Refusal | None:
    """That a label is a name, and a URL one that events may be sent to; ``networks``: what the operator allows beside
    public addresses."""
    return name_problem(terms.label, "label") or check_url(terms.url, networks)


def check_url(url: str, networks: Sequence[Network]) -> Refusal | None:
    """That a URL is `https`, or, where the operator allows addresses of its own, `http`; without a login or a fragment,
    and not of an address that nothing is sent to. Where a name leads is seen at each delivery."""
    parts = _parts(url)
    schemes = ("https", "http") if networks else ("https",)
    if parts is None or parts.scheme not in schemes:
        return _no_url(url, schemes)
    addresses = _addresses(parts)
    if not addresses and _NUMBER.fullmatch(parts.hostname or ""):
        return _no_plain_address(url)
    public = parts.scheme == "https"
    refused = check_addresses(addresses, networks, public=public)
    return None if refused is None else _no_address(url)


def check_room(endpoints: int) -> Refusal | None:
    """That an organisation may have another endpoint beside those it has."""
    return WebhookEndpointsFull(most=MOST_ENDPOINTS) if endpoints >= MOST_ENDPOINTS else None


def check_overlap(hours: int) -> Refusal | None:
    """That a secret that is replaced stays good for a time that is bounded."""
    if 0 <= hours <= MOST_OVERLAP_HOURS:
        return None
    return InvalidInput(
        path=("overlap_hours",),
        value=str(hours),
        expected_zh=f"0至{MOST_OVERLAP_HOURS}的小时数",
        expected_en=f"hours, from 0 to {MOST_OVERLAP_HOURS}",
    )


def check_former(former: int, hours: int) -> Refusal | None:
    """That messages are not signed with ever more secrets; without an overlap no other stays good."""
    full = hours > 0 and former >= MOST_FORMER_SECRETS
    return WebhookSecretsFull(path=("overlap_hours",), most=MOST_FORMER_SECRETS) if full else None


def _parts(url: str) -> SplitResult | None:
    if len(url) > LONGEST_URL or not _URL.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    fit = host is not None and _HOST.fullmatch(host) and "@" not in parts.netloc and port != 0
    return parts if fit else None


def _addresses(parts: SplitResult) -> Sequence[Address]:
    """The address that a URL says itself; where a name leads is seen when something is sent."""
    assert parts.hostname is not None
    try:
        return (ip_address(parts.hostname),)
    except ValueError:
        return ()


def _no_url(url: str, schemes: Sequence[str]) -> InvalidInput:
    starts = " / ".join(f"{scheme}://" for scheme in schemes)
    return InvalidInput(
        path=("url",),
        value=url[:80],
        expected_zh=f"以{starts}开头的网址，不含用户名、密码和#，最多{LONGEST_URL}个ASCII字符（其他文字的域名用Punycode）",
        expected_en=f"a URL that begins with {starts}, without login, password or #, of at most {LONGEST_URL} ASCII "
        "characters (a domain in another alphabet in Punycode)",
    )


def _no_plain_address(url: str) -> InvalidInput:
    return InvalidInput(
        path=("url",),
        value=url[:80],
        expected_zh="IPv4地址须写成四个十进制数，例如203.0.113.7，或使用域名",
        expected_en="an IPv4 address is written as four decimal numbers, such as 203.0.113.7; or a domain",
    )


def _no_address(url: str) -> InvalidInput:
    return InvalidInput(
        path=("url",),
        value=url[:80],
        expected_zh="公网地址：私有、本机、链路本地、组播和云元数据地址不予发送",
        expected_en="a public address: nothing is sent to private, loopback, link-local, multicast or metadata "
        "addresses",
    )
