"""The bytes of documents: handed in, served, and deleted where they are attached to nothing."""

import hashlib
from collections.abc import AsyncIterator

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.documents import upload_store as store
from nzc_api.documents.model import NewUpload, Upload
from nzc_api.documents.objects import Arriving, ObjectStore
from nzc_api.documents.upload_rules import (
    KEPT_UNATTACHED,
    MOST_UNATTACHED,
    check_body_size,
    check_bytes,
    check_unattached,
    check_upload,
)
from nzc_api.log.service import Log
from nzc_api.refusal import refuse

# How often it is looked for what waits no longer.
CLEAN_SECONDS = 3600

# How many files are looked at in one statement.
MOST_AT_ONCE = 1_000


class UploadService:
    """What can be done with the bytes of documents, which lie in ``objects``."""

    def __init__(self, log: Log, objects: ObjectStore) -> None:
        self._log = log
        self._objects = objects

    async def check(self, principal: Principal | None, given: NewUpload) -> Principal:
        """Who uploads, before a byte of it is read. Raises where that may not be."""
        caller = authorise(principal, Action.WRITE_DOCUMENT)
        refuse(check_upload(given))
        await self._log.recent()
        async with self._log.database.read() as connection:
            check_unattached(
                await store.count_unattached(connection, caller.organisation_id, MOST_UNATTACHED)
            )
        return caller

    async def receive(self, caller: Principal, sha256: str, parts: AsyncIterator[bytes]) -> Upload:
        """Keep the bytes that arrive, 50 MB at most; else nothing of them stays. Raises ``Refused`` where they are more
        (`DocumentTooLarge`) or not those of the hash (`InvalidInput`)."""
        async with self._objects.arriving() as arriving:
            size = await _write(arriving, sha256, parts)
            async with self._log.database.write() as connection:
                await store.lock_for_keeping(connection)
                await arriving.keep(sha256)
                return await store.insert_upload(connection, caller.organisation_id, sha256, size)

    def open(self, sha256: str) -> AsyncIterator[bytes]:
        """The bytes of a hash, part by part."""
        return self._objects.open(sha256)

    async def clean(self) -> None:
        """Delete what was handed in and attached to nothing in time, and what nobody handed in to the end."""
        async with self._log.write() as transaction:  # While nothing can be attached.
            await store.expire_uploads(transaction.connection, KEPT_UNATTACHED)
            since = transaction.head.at - KEPT_UNATTACHED
        old = await self._objects.older(since)
        for first in range(0, len(old), MOST_AT_ONCE):
            hashes = old[first : first + MOST_AT_ONCE]
            async with self._log.database.write() as connection:
                await store.lock_for_removing(connection)
                await self._objects.remove(await store.read_unknown(connection, hashes))


async def _write(arriving: Arriving, sha256: str, parts: AsyncIterator[bytes]) -> int:
    """Write bytes as they arrive: how many. Raises where they are too many, or not those of the hash."""
    digest, size = hashlib.sha256(), 0
    async for part in parts:
        size += len(part)
        refuse(check_body_size(size))
        digest.update(part)
        await arriving.write(part)
    refuse(check_bytes(sha256, digest.hexdigest(), size))
    return size
