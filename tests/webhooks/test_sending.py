"""Posting once: whatever a receiver does is an answer, in bounded time, from an address that was checked."""

import asyncio
import os
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from nzc_api.outbound import names
from nzc_api.outbound.addresses import Address
from nzc_api.outbound.posting import Outbound
from nzc_api.webhooks.model import Answer, DeliveryOutcome
from nzc_api.webhooks.sending import Sender
from tests.webhooks.certificates import certified
from tests.webhooks.receiving import LOOPBACK, OK, Got, Receiver, answer, receiving

BODY = b'{"a": 1}'


def sender_by(*given: Any, **named: Any) -> Sender:
    """A sender that posts by an ``Outbound`` that is made of these."""
    return Sender(Outbound(*given, **named))


async def sent(url: str, sender: Sender | None = None) -> Answer:
    """What came of posting, by a sender that waits a second."""
    sender = sender or sender_by(LOOPBACK, whole_seconds=1)
    return await sender.send(url, {"content-type": "application/json"}, BODY)


async def outcome(url: str, sender: Sender | None = None) -> tuple[DeliveryOutcome, int | None]:
    found = await sent(url, sender)
    return found.outcome, found.status


@asynccontextmanager
async def serving(serve: object, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """What answers connections by itself."""
    server = await asyncio.start_server(serve, "127.0.0.1", ssl=tls)  # type: ignore[arg-type]
    scheme = "https" if tls else "http"
    try:
        yield f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


async def test_what_a_receiver_gets(receiver: Receiver) -> None:
    assert await outcome(f"{receiver.url}?token=x") == (DeliveryOutcome.ACCEPTED, 204)
    [got] = receiver.got
    assert got.body == BODY
    assert got.headers["host"] == receiver.url.split("/")[2]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, "ACCEPTED"), (202, "ACCEPTED"), (301, "REDIRECTED"), (307, "REDIRECTED"), (400, "REJECTED"),
        (410, "GONE"), (429, "REJECTED"), (500, "REJECTED"), (503, "REJECTED"),
    ],
)  # fmt: skip
async def test_statuses(receiver: Receiver, status: int, said: str) -> None:
    receiver.planned = [answer(status, "Location: http://169.254.169.254/latest")]
    assert await outcome(receiver.url) == (DeliveryOutcome(said), status)
    assert len(receiver.got) == 1, "a redirect was followed"


async def test_an_answer_that_never_ends_is_cut_off(receiver: Receiver) -> None:
    receiver.planned = [answer(200, body=b"x" * 10_000_000)]
    assert await outcome(receiver.url) == (DeliveryOutcome.ACCEPTED, 200)


async def test_a_receiver_that_hangs(receiver: Receiver) -> None:
    async def hang(_got: Got) -> bytes:
        await asyncio.sleep(60)
        return b""

    receiver.answering = hang
    assert await outcome(receiver.url, sender_by(LOOPBACK, whole_seconds=0.2)) == (
        DeliveryOutcome.TIMED_OUT, None,
    )  # fmt: skip


async def test_an_answer_drop_by_drop() -> None:
    """Each drop in time, and all of them not."""

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        try:
            while True:
                writer.write(b"X-More: 1\r\n")
                await writer.drain()
                await asyncio.sleep(0.05)
        except ConnectionError:
            writer.close()

    async with serving(drip) as url:
        sender = sender_by(LOOPBACK, whole_seconds=0.3)
        assert await outcome(url, sender) == (DeliveryOutcome.TIMED_OUT, None)


async def until_end(writer: asyncio.StreamWriter, said: bytes) -> None:
    """Say something again and again, until nobody listens any more."""
    with suppress(ConnectionError):
        while True:
            writer.write(said)
            await writer.drain()
    writer.close()


@pytest.mark.parametrize(
    "said", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000]
)
@pytest.mark.parametrize("tls", [False, True])
async def test_what_comes_before_an_answer_is_bounded(
    tmp_path: Path, said: bytes, tls: bool
) -> None:
    """Else who says nothing to the point as fast as he can would keep all others waiting until time is up."""

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await until_end(writer, said)

    async def resolve(_host: str, _port: int) -> Sequence[Address]:
        return [ip_address("127.0.0.1")]

    trusted, served = certified(tmp_path, "hooks.example")
    async with serving(serve, served if tls else None) as url:
        named = url.replace("127.0.0.1", "hooks.example")
        sender = sender_by(LOOPBACK, resolve, trusted, whole_seconds=30)
        assert await outcome(named, sender) == (DeliveryOutcome.BROKEN, None)


async def test_one_answer_is_not_taken_for_another() -> None:
    """What a receiver says after its answer is no answer to what is posted next, there or to another endpoint."""

    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await reader.readuntil(BODY)
                writer.write(b"HTTP/1.1 204 X\r\n\r\nHTTP/1.1 410 X\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
        writer.close()

    async with serving(twice) as url:
        sender = sender_by(LOOPBACK)
        assert [await outcome(url, sender) for _ in range(3)] == [
            (DeliveryOutcome.ACCEPTED, 204)
        ] * 3


@pytest.mark.slow
async def test_an_answer_may_take_as_long_as_all_of_it(receiver: Receiver) -> None:
    async def slowly(_got: Got) -> bytes:
        await asyncio.sleep(11)
        return OK

    receiver.answering = slowly
    assert await outcome(receiver.url, sender_by(LOOPBACK)) == (DeliveryOutcome.ACCEPTED, 204)


async def test_names_whose_servers_are_silent_keep_no_threads_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoken = threading.Event()

    def silent(*_: object, **__: object) -> list[Any]:
        spoken.wait()
        return [(None, None, None, None, ("10.0.0.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    asked = [asyncio.create_task(names.look_up("x", 443)) for _ in range(names.MOST_LOOK_UPS)]
    try:
        await asyncio.sleep(0)
        assert await asyncio.to_thread(lambda: "done") == "done"
        # One more is refused at once, and does not wait for the others.
        sender = sender_by()
        assert await outcome("https://x/", sender) == (DeliveryOutcome.UNREACHED, None)
    finally:
        spoken.set()
    assert await asyncio.gather(*asked) == [[ip_address("10.0.0.1")]] * names.MOST_LOOK_UPS
    assert await outcome("https://x/", sender) == (DeliveryOutcome.ADDRESS_REFUSED, None)


async def test_what_is_not_http() -> None:
    async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(BODY)
        writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        writer.close()

    async with serving(shout) as url:
        assert await outcome(url) == (DeliveryOutcome.BROKEN, None)


async def test_nobody_there(receiver: Receiver) -> None:
    async with serving(receiver.serve) as url:
        pass
    assert await outcome(url) == (DeliveryOutcome.UNREACHED, None)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"]
)
async def test_addresses_that_nothing_is_sent_to(receiver: Receiver, host: str) -> None:
    """However they are written."""
    url = receiver.url.replace("127.0.0.1", host)
    refused = DeliveryOutcome.ADDRESS_REFUSED, None
    assert await outcome(url, sender_by()) == refused
    assert await outcome(url.replace("http:", "https:"), sender_by()) == refused
    assert receiver.got == []


async def test_a_name_that_leads_elsewhere_at_the_second_look_up(receiver: Receiver) -> None:
    """What is connected to is what was looked up and checked: there is no other look-up."""
    looked: list[str] = []

    async def resolve(host: str, _port: int) -> Sequence[Address]:
        looked.append(host)
        return [ip_address("127.0.0.1" if len(looked) == 1 else "169.254.169.254")]

    url = receiver.url.replace("127.0.0.1", "hooks.example")
    sender = sender_by(LOOPBACK, resolve)
    assert (await sender.send(url, {}, BODY)).accepted
    assert receiver.got[0].headers["host"].startswith("hooks.example:")
    # The connection was closed; for the next one it is looked up anew.
    assert await outcome(url, sender) == (DeliveryOutcome.ADDRESS_REFUSED, None)
    assert (looked, len(receiver.got)) == (["hooks.example"] * 2, 1)


async def test_a_name_of_which_one_address_is_private(receiver: Receiver) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[Address]:
        return [ip_address("127.0.0.1"), ip_address("10.0.0.1")]

    url = receiver.url.replace("127.0.0.1", "hooks.example")
    assert await outcome(url, sender_by(LOOPBACK, resolve)) == (
        DeliveryOutcome.ADDRESS_REFUSED,
        None,
    )


async def test_a_name_that_leads_nowhere() -> None:
    async def resolve(_host: str, _port: int) -> Sequence[Address]:
        raise OSError("no such name")

    sender = sender_by(LOOPBACK, resolve)
    assert await outcome("https://hooks.example/", sender) == (DeliveryOutcome.UNREACHED, None)


@pytest.mark.parametrize("host", ["hooks..example", "x" * 64 + ".example", "..."])
async def test_what_is_no_name_leads_nowhere(host: str) -> None:
    url = f"https://{host}/"
    assert await outcome(url, sender_by(LOOPBACK)) == (DeliveryOutcome.UNREACHED, None)


async def test_the_next_address_where_one_is_not_there(receiver: Receiver) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[Address]:
        return [ip_address("127.0.0.2"), ip_address("127.0.0.1")]

    url = receiver.url.replace("127.0.0.1", "hooks.example")
    assert await outcome(url, sender_by(LOOPBACK, resolve)) == (DeliveryOutcome.ACCEPTED, 204)


async def test_public_addresses_are_told_nothing_in_plain() -> None:
    async def resolve(_host: str, _port: int) -> Sequence[Address]:
        return [ip_address("8.8.8.8")]

    sender = sender_by((ip_network("10.0.0.0/8"),), resolve)
    assert await outcome("http://hooks.example/", sender) == (DeliveryOutcome.ADDRESS_REFUSED, None)


async def test_ipv6() -> None:
    async with receiving("::1") as receiver:
        assert await outcome(receiver.url) == (DeliveryOutcome.ACCEPTED, 204)


async def test_the_name_is_verified_though_the_address_is_pinned(tmp_path: Path) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[Address]:
        return [ip_address("127.0.0.1")]

    authority, served = certified(tmp_path, "hooks.example")
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", ssl=served)
    port = server.sockets[0].getsockname()[1]
    try:
        for host, trusted, said in (
            ("hooks.example", authority, DeliveryOutcome.ACCEPTED),
            ("other.example", authority, DeliveryOutcome.UNREACHED),
            ("hooks.example", ssl.create_default_context(), DeliveryOutcome.UNREACHED),
        ):
            sender = sender_by(LOOPBACK, resolve, trusted)
            assert (await sent(f"https://{host}:{port}/", sender)).outcome is said
    finally:
        server.close()
    assert len(receiver.got) == 1


async def test_what_breaks_off_its_tls(tmp_path: Path) -> None:
    """Once it has shaken hands, what it sends is none that anybody could decrypt."""
    authority, served = certified(tmp_path, "hooks.example")

    async def resolve(_host: str, _port: int) -> Sequence[Address]:
        return [ip_address("127.0.0.1")]

    def serve(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with served.wrap_socket(connection, server_side=True) as shaken:
            shaken.recv(1)
            os.write(shaken.fileno(), b"\x17\x03\x03\x00\x20" + bytes(32))
            while connection_is_open(shaken):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"https://hooks.example:{listening.getsockname()[1]}/"
        sender = sender_by(LOOPBACK, resolve, authority)
        found, _ = await asyncio.gather(outcome(url, sender), asyncio.to_thread(serve, listening))
    assert found == (DeliveryOutcome.BROKEN, None)


def connection_is_open(shaken: ssl.SSLSocket) -> bool:
    try:
        return shaken.recv(1024) != b""
    except OSError:
        return False


async def test_when_a_receiver_asks_to_be_asked_again(receiver: Receiver) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    for said, at_least, at_most in (("120", 120, 120), (soon, 3500, 3600)):
        receiver.planned = [answer(503, f"Retry-After: {said}")]
        found = (await sent(receiver.url)).retry_after
        assert found is not None
        assert at_least <= found <= at_most
    far = (f"Mon, 30 Nov {'9' * 30} 09:00:00 GMT", f"Mon, 30 Nov 2026 09:00:00 +{'9' * 20}")
    for said in ("soon", "", "-5", "1e9", "9" * 40, "Tue, 99 Foo", *far):
        receiver.planned = [answer(503, f"Retry-After: {said}")]
        assert (await sent(receiver.url)).retry_after is None
