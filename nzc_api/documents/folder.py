"""Bytes by their hash, in a folder: `ab/abcd…`; what arrives lies in `incoming` until all of it is there."""

import asyncio
import errno
import logging
import os
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from nzc_api.documents.objects import StoreFailed, StoreFull

T = TypeVar("T")

logger = logging.getLogger(__name__)

INCOMING = "incoming"

# How much is read at once: the memory that a download takes.
PART_BYTES = 256 * 1024

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


class Folder:
    """An object store in a folder of this machine, made when something first arrives."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @asynccontextmanager
    async def arriving(self) -> AsyncIterator["ArrivingFile"]:
        incoming = self._path / INCOMING / uuid4().hex
        descriptor = await _in_thread(lambda: _create(incoming))
        try:
            yield ArrivingFile(self, incoming, descriptor)
        finally:
            os.close(descriptor)
            with suppress(FileNotFoundError):  # It is there only where it was not kept.
                incoming.unlink()

    async def open(self, sha256: str) -> AsyncIterator[bytes]:
        file = await _in_thread(lambda: self.place_of(sha256).open("rb", buffering=0))
        try:
            while part := await _in_thread(lambda: file.read(PART_BYTES)):
                yield part
        finally:
            file.close()

    async def older(self, than: datetime) -> list[str]:
        return await _in_thread(lambda: self._older(than.timestamp()))

    async def remove(self, hashes: Collection[str]) -> None:
        def unlink() -> None:
            for sha256 in hashes:
                self.place_of(sha256).unlink(missing_ok=True)

        await _in_thread(unlink)

    def place_of(self, sha256: str) -> Path:
        """Where the bytes of a hash lie."""
        return self._path / sha256[:2] / sha256

    def _older(self, than: float) -> list[str]:
        found = []
        for path in self._path.glob("*/*"):
            with suppress(FileNotFoundError):  # Another process keeps or removes it.
                if path.stat().st_mtime >= than:
                    continue
                if path.parent.name == INCOMING:
                    path.unlink()
                else:
                    found.append(path.name)
        return found


class ArrivingFile:
    """A file that arrives in a folder."""

    def __init__(self, folder: Folder, path: Path, descriptor: int) -> None:
        self._folder = folder
        self._path = path
        self._descriptor = descriptor

    async def write(self, part: bytes) -> None:
        await _in_thread(lambda: _write(self._descriptor, part))

    async def keep(self, sha256: str) -> None:
        place = self._folder.place_of(sha256)

        def rename() -> None:
            os.fsync(self._descriptor)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            self._path.replace(place)
            for folder in (place.parent, place.parent.parent):
                _sync_folder(folder)

        await _in_thread(rename)


def _create(path: Path) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _write(descriptor: int, part: bytes) -> None:
    rest = memoryview(part)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _sync_folder(path: Path) -> None:
    """Let what was renamed into a folder be found after a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


async def _in_thread(work: Callable[[], T]) -> T:
    """What ``work`` returns. Who is cancelled meanwhile, however often, waits for its end: it is at a file that is
    closed then."""
    with _told():
        working = asyncio.ensure_future(asyncio.to_thread(work))
        try:
            return await asyncio.shield(working)
        finally:
            while not working.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait((working,))
            working.exception()  # Nobody else would ask for it.


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        logger.warning("documents_folder_failed", extra={"cause": str(error)})
        raise (StoreFull() if error.errno in _NO_ROOM else StoreFailed()) from error
