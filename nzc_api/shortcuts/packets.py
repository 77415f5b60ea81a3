"""An answer goes out in one packet, and so do the messages that a WebSocket is sent at once."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class _Gathering(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, which hands an answer's head and its body to the system one by one:
    each costs as much as a small answer's making."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(GatheringTransport(transport))  # type: ignore[arg-type]


def gathering(protocol: type[HttpToolsProtocol]) -> type[HttpToolsProtocol]:
    """``protocol``, whose answers go out in one packet."""
    return type(protocol.__name__, (_Gathering, protocol), {})


class GatheringTransport:
    """A transport that writes at once what is written in one go."""

    def __init__(self, beneath: asyncio.Transport) -> None:
        self.beneath = beneath
        self._loop = asyncio.get_running_loop()
        self._parts: list[bytes] = []
        self.is_closing = beneath.is_closing  # It is asked all the time.

    def write(self, data: bytes) -> None:
        if not self._parts:
            self._loop.call_soon(self.flush)
        self._parts.append(data)

    def close(self) -> None:
        self.flush()
        self.beneath.close()

    def flush(self) -> None:
        parts, self._parts = self._parts, []
        # Whoever went away meanwhile is sent nothing: uvloop would raise.
        if parts and not self.beneath.is_closing():
            self.beneath.write(b"".join(parts))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.beneath, name)
