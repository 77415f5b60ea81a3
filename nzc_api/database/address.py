"""Whether a database's address names a host: asked before anything waits for it."""

import socket
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from nzc_api.refusal import Failed

# A resolver that is away may take two minutes to say so, and nothing can interrupt it.
PATIENCE_SECONDS = 3


class WrongAddress(Failed):
    """No host of the address is known; the text says which and what to do."""


def check_address(url: str) -> None:
    """Raise ``WrongAddress`` unless a host of the URL is known, or is a socket of this machine."""
    hosts = _hosts(url)
    found: set[str] = set()
    # Left behind where they get no answer: the process may end without them.
    threads = [Thread(target=_look_up, args=(host, found), daemon=True) for host in hosts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
        if found:
            return
    if hosts:
        names = ", ".join(hosts)
        raise WrongAddress(
            f"找不到数据库所在的主机{names}，请检查NZC_DATABASE_URL。",
            f"The database's host is not known: {names}. Check NZC_DATABASE_URL.",
        )


def _hosts(url: str) -> list[str]:
    """The hosts of a URL, as libpq has it; none where a folder of sockets is among them."""
    parts = urlsplit(url)
    given = ",".join(parse_qs(parts.query).get("host", ())) or parts.netloc.rpartition("@")[2]
    hosts = [host for host in given.split(",") if host]
    if any(host.startswith(("/", "%2F", "%2f")) for host in hosts):
        return []
    names = [urlsplit(f"//{host}").hostname for host in hosts]
    return [name for name in names if name]


def _look_up(host: str, found: set[str]) -> None:
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        return
    found.add(host)
