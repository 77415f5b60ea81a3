"""A ZIP that is the same bytes for the same parts, and a manifest of them in its end. It is taken as it is made."""

import asyncio
import hashlib
import zipfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from nzc_api.refusal import LocalizedText

# A ZIP has no time before it.
FIRST_TIME = (1980, 1, 1, 0, 0, 0)

MANIFEST = "manifest.json"

_JSON = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


@dataclass(frozen=True, slots=True)
class ArchivedPart:
    """A part as it is in the ZIP."""

    path: str
    sha256: str
    size: int


class Archive:
    """A ZIP that is written, part by part, and taken as it is: what was taken is held no longer."""

    def __init__(self) -> None:
        self.entries: list[ArchivedPart] = []
        self.missing: list[tuple[str, LocalizedText]] = []
        self._made = _Made()
        self._zip = zipfile.ZipFile(self._made, "w")

    def take(self) -> bytes:
        """What was written since it was taken last."""
        return self._made.take()

    async def add(self, path: str, make: Callable[[], bytes]) -> None:
        """Write what ``make`` makes; it is made and packed in a thread, as both may take a while."""
        await asyncio.to_thread(self._add, path, make)

    async def add_json(self, path: str, content: Any) -> None:
        await self.add(path, partial(orjson.dumps, content, option=_JSON))

    async def adding(self, path: str, parts: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        """Write bytes as they come, and take them: no more of them is held than one part."""
        with self._writing(path, zipfile.ZIP_STORED) as write:
            async for part in parts:
                await asyncio.to_thread(write, part)
                yield self.take()

    def lack(self, part: str, zh: str, en: str) -> None:
        """Say that a part is not there, and why."""
        self.missing.append((part, LocalizedText(zh, en)))

    async def close(self, about: dict[str, Any]) -> None:
        """Write the manifest: what the pack is ``about``, its parts, and what is missing. Then the ZIP ends."""
        manifest = about | {
            "complete": not self.missing,
            "parts": [
                {"path": entry.path, "sha256": entry.sha256, "size": entry.size}
                for entry in self.entries
            ],
            "missing": [
                {"part": part, "why": {"zh": why.zh, "en": why.en}} for part, why in self.missing
            ],
        }
        await self.add_json(MANIFEST, manifest)
        self._zip.close()

    def _add(self, path: str, make: Callable[[], bytes]) -> None:
        with self._writing(path, zipfile.ZIP_DEFLATED) as write:
            write(make())

    @contextmanager
    def _writing(self, path: str, compression: int) -> Iterator[Callable[[bytes], None]]:
        info = zipfile.ZipInfo(path, FIRST_TIME)
        info.compress_type = compression
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w") as file:

            def write(part: bytes) -> None:
                nonlocal size
                file.write(part)
                digest.update(part)
                size += len(part)

            yield write
        self.entries.append(ArchivedPart(path, digest.hexdigest(), size))


class _Made:
    """What a ZIP is written to: it goes forward only, so that it is the same bytes in a file and on its way."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes, /) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken
