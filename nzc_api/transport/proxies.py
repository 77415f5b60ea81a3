"""Behind a proxy: who asks, by which scheme, of which host and under which prefix, as it says."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

Network = IPv4Network | IPv6Network

# A proxy that is trusted may pass on what anyone wrote: so much of it is read.
LONGEST_HEADER = 2000

PREFIX = re.compile(r"(/[\w.~-]+)+", re.ASCII)
_HOST = re.compile(r"[\w.\[\]:-]{1,255}", re.ASCII)
_QUOTED = r'"(?:\\.|[^"\\])*"'
_HOP = re.compile(rf'(?:[^,"]|{_QUOTED})+')
_PARAMETER = re.compile(rf'([\w-]+)=({_QUOTED}|[^;,"\s]+)', re.ASCII)
_ADDRESS = re.compile(r"\[([^\]]+)\](?::\w+)?|([^:]+)(?::\w+)?|(.+)")


@dataclass(frozen=True, slots=True)
class _Hop:
    """What one proxy says of the request that it got; None where it does not say, or nothing readable."""

    address: str | None
    scheme: str | None
    host: str | None


class Proxies:
    """Puts right the scope of requests that come through ``trusted`` proxies, and puts all requests
    under ``prefix``, where the proxy names no other. Nobody else's word is taken."""

    def __init__(self, app: ASGIApp, trusted: Sequence[Network], prefix: str) -> None:
        self._app = app
        self._trusted = trusted
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            prefix = self._prefix
            client = scope.get("client")
            if client is not None and self._trusts(client[0]):
                headers = Headers(scope=scope)
                _put_right(scope, _first_from_outside(_hops(headers), self._trusts))
                prefix = _prefix(headers) or prefix
            if prefix:
                _put_under(scope, prefix)
        await self._app(scope, receive, send)

    def _trusts(self, address: str | None) -> bool:
        if address is None:
            return False
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._trusted)


def _put_right(scope: Scope, hop: _Hop) -> None:
    if hop.address is not None:
        scope["client"] = (hop.address, 0)
    if hop.scheme is not None:
        scope["scheme"] = hop.scheme.replace(
            "http", "ws" if scope["type"] == "websocket" else "http"
        )
    if hop.host is not None:
        MutableHeaders(scope=scope)["host"] = hop.host


def _put_under(scope: Scope, prefix: str) -> None:
    """The scope under a prefix, which the proxy may have taken off the path or left there."""
    path = scope["path"]
    if path != prefix and not path.startswith(prefix + "/"):
        scope["path"] = prefix + path
    scope["root_path"] = prefix


def _first_from_outside(hops: list[_Hop], trusts: Callable[[str | None], bool]) -> _Hop:
    """What the outermost proxy that is trusted says; what is said before it, anyone may have said."""
    from_near = list(reversed(hops))
    return next((hop for hop in from_near if not trusts(hop.address)), from_near[-1])


def _hops(headers: Headers) -> list[_Hop]:
    """The way of a request, the nearest proxy last; ``X-Forwarded-…`` before ``Forwarded``."""
    names = ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host")
    addresses, schemes, hosts = (_list(headers, name) for name in names)
    if not (addresses or schemes or hosts):
        said = [dict(_PARAMETER.findall(hop)) for hop in _HOP.findall(_text(headers, "forwarded"))]
        said = [{name.lower(): _bare(value) for name, value in hop.items()} for hop in said]
        return [_hop(one.get("for"), one.get("proto"), one.get("host")) for one in said or [{}]]
    count = max(len(addresses), 1)
    return [
        _hop(_at(addresses, i, count), _at(schemes, i, count), _at(hosts, i, count))
        for i in range(count)
    ]


def _hop(address: str | None, scheme: str | None, host: str | None) -> _Hop:
    scheme = (scheme or "").lower()
    return _Hop(
        _address(address or ""),
        scheme if scheme in ("http", "https") else None,
        host if host and _HOST.fullmatch(host) else None,
    )


def _address(text: str) -> str | None:
    """An address without its port; None for what is none, such as ``unknown``."""
    found = _ADDRESS.fullmatch(text)
    try:
        return str(ip_address(found[1] or found[2] or found[3])) if found else None
    except ValueError:
        return None


def _prefix(headers: Headers) -> str | None:
    said = _list(headers, "x-forwarded-prefix")
    prefix = said[-1].rstrip("/") if said else ""
    return prefix if PREFIX.fullmatch(prefix) else None


def _at(values: list[str], index: int, count: int) -> str | None:
    """The value of a hop; where each has none of its own, what the nearest proxy says."""
    if not values:
        return None
    return values[index] if len(values) == count else values[-1]


def _list(headers: Headers, name: str) -> list[str]:
    return [part.strip() for part in _text(headers, name).split(",") if part.strip()]


def _text(headers: Headers, name: str) -> str:
    text = ", ".join(headers.getlist(name))
    return text if len(text) <= LONGEST_HEADER else ""


def _bare(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
