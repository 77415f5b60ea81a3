"""Answers that would be others for other headers of the request, which whoever keeps them must know."""

from collections.abc import Iterable

from starlette.types import Message, Send


def varied(send: Send, header: bytes) -> Send:
    """Sends an answer as it is, and says that it depends on a header."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = _with(message.get("headers", ()), header)
        await send(message)

    return sent


def _with(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[tuple[bytes, bytes]]:
    vary = b", ".join(value for header, value in headers if header == b"vary")
    if name in vary.split(b", "):
        return [*headers]
    others = (header for header in headers if header[0] != b"vary")
    return [*others, (b"vary", b", ".join(filter(None, (vary, name))))]
