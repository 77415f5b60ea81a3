"""Delivering: the events that endpoints follow are posted to them, in order, at least once, by one process of all.

How far an endpoint was told is committed together with what came of it, after the receiver has answered: whoever is
killed in between posts the event once more.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.service import AccessService
from nzc_api.database.alone import alone
from nzc_api.database.engine import DatabaseUnavailable, UnfitDatabase
from nzc_api.feed.facts import PayloadAbsence
from nzc_api.feed.model import ToldEntry
from nzc_api.feed.payloads.shapes import NameOf
from nzc_api.feed.service import Feed
from nzc_api.feed.viewers import Viewer, viewer_of
from nzc_api.log.ids import log_name
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry
from nzc_api.log.service import Log
from nzc_api.overload import Overloaded
from nzc_api.webhooks import delivery_store
from nzc_api.webhooks.messages import CONTENT_TYPE, EventNaming, message_id, message_of
from nzc_api.webhooks.model import Backlog, Cursor, Delivery, DisabledReason, Due, Endpoint
from nzc_api.webhooks.schedule import failed, told, why_disabled
from nzc_api.webhooks.sending import Sender
from nzc_api.webhooks.service import WebhookService
from nzc_api.webhooks.signing import signed

logger = logging.getLogger(__name__)

# How soon after an entry it is posted.
DELIVER_SECONDS = 0.5

# How many endpoints are posted to side by side, and how many events of one are read at once.
SIDE_BY_SIDE = 16
AT_ONCE = 10

# Among how many entries these are looked for at once.
LOOKED_AT = 500

# For how long what was read of an endpoint's events is good: who may see what is asked anew then.
FRESH_SECONDS = 5

# For how long an event waits where commands are posted to the ledger: they go first, and not for ever.
GIVE_WAY_SECONDS = 2.0

# How soon an endpoint is looked at again for which NZC itself failed.
OWN_FAULT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class EventNamings:
    """How events name things, of whichever log."""

    name_of: Callable[[int], NameOf]
    subjects: Mapping[EntryKind, str]
    address: str

    def in_log(self, log_id: int) -> EventNaming:
        return EventNaming(
            log=log_name(log_id),
            name_of=self.name_of(log_id),
            subjects=self.subjects,
            address=self.address,
        )


HEADERS = {"content-type": CONTENT_TYPE, "user-agent": "NZC"}


def _now() -> datetime:
    return datetime.now(UTC)


class DeliveryService:
    """What posts events to endpoints. ``busy`` says whether the process has something that goes first."""

    def __init__(
        self,
        log: Log,
        feed: Feed,
        access: AccessService,
        webhooks: WebhookService,
        sender: Sender,
        named: EventNamings,
        now: Callable[[], datetime] = _now,
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        self._log = log
        self._feed = feed
        self._access = access
        self._webhooks = webhooks
        self._sender = sender
        self._named = named
        self._now = now
        self._busy = busy
        # What there was to deliver at the last look.
        self.backlog = Backlog(0, 0, 0)

    async def deliver(self) -> None:
        """Post what is due, for as long as anything is. Nothing where another process does."""
        async with self._log.database.read() as connection:
            await self._look(connection)
        if not self.backlog.due:
            return
        async with (
            self._log.database.read() as connection,
            alone(connection, "nzc webhooks") as is_alone,
        ):
            if is_alone:
                await self._deliver(connection)

    async def _deliver(self, connection: AsyncConnection) -> None:
        """Serve endpoints side by side while any is due. It is asked by the connection that holds the lock: where that
        is lost, another process may deliver."""
        naming = self._named.in_log((await self._log.head_by(connection)).log_id)
        serving: dict[int, asyncio.Task[None]] = {}
        try:
            while True:
                free = SIDE_BY_SIDE - len(serving)
                for due in await delivery_store.read_due(connection, self._now(), serving, free):
                    serving[due.endpoint.id] = asyncio.create_task(self._serve(due, naming))
                if not serving:
                    return
                await asyncio.wait(
                    serving.values(), timeout=DELIVER_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                for id_ in [id_ for id_, task in serving.items() if task.done()]:
                    serving.pop(id_).result()
                await self._look(connection)
        finally:
            for task in serving.values():
                task.cancel()
            await asyncio.gather(*serving.values(), return_exceptions=True)

    async def _look(self, connection: AsyncConnection) -> None:
        self.backlog = await delivery_store.read_backlog(connection, self._now())

    async def _serve(self, due: Due, naming: EventNaming) -> None:
        """Tell an endpoint what is next. What goes wrong of it keeps no other waiting."""
        try:
            await self._tell(due, naming)
        except (DatabaseUnavailable, UnfitDatabase, Overloaded):
            raise
        except Exception:
            item = due.endpoint
            logger.exception("webhook_failed", extra={"endpoint": item.id})
            later = replace(item.cursor, due_at=self._now() + OWN_FAULT)
            await self._move(item, item.cursor, later)

    async def _tell(self, due: Due, naming: EventNaming) -> None:
        item, cursor = due.endpoint, due.endpoint.cursor
        viewer = await self._viewer(item)
        if viewer is None:
            await self._end(item, DisabledReason.KEY_ENDED, cursor)
            return
        wanted = item.terms.wanted
        stretch = await self._feed.stretch(cursor.position, AT_ONCE, wanted, viewer, LOOKED_AT)
        facts = await self._feed.facts([(one.entry, viewer) for one in stretch.told])
        until = monotonic() + FRESH_SECONDS
        for one, found in zip(stretch.told, facts, strict=True):
            if self._busy():
                await asyncio.sleep(GIVE_WAY_SECONDS)
            moved = await self._post(due, cursor, one.entry, found, naming)
            if moved is None or monotonic() > until:
                return
            cursor = moved
        if stretch.scanned > cursor.position:
            await self._move(item, cursor, replace(cursor, position=stretch.scanned))

    async def _post(
        self,
        due: Due,
        cursor: Cursor,
        entry: Entry,
        found: Mapping[str, Any] | PayloadAbsence,
        naming: EventNaming,
    ) -> Cursor | None:
        """Post an event once; how far the endpoint was told then, or None where it did not accept it, or is to be read
        anew: it was disabled, changed or given another secret meanwhile."""
        item, position = due.endpoint, entry.position
        # An inventory may have thousands of lines.
        told_now = ToldEntry(entry, cursor.previous)
        body = await asyncio.to_thread(message_of, told_now, found, naming)
        at = self._now()
        id_ = message_id(naming, item.id, position)
        headers = {**HEADERS, **signed(id_, at, body, due.secrets)}
        answer = await self._sender.send(item.terms.url, headers, body)
        moved = (
            told(cursor, position, self._now())
            if answer.accepted
            else failed(cursor, answer, self._now(), random.random())  # noqa: S311  (jitter)
        )
        made = Delivery(
            number=moved.attempts,
            position=position,
            at=at,
            attempt=cursor.failures + 1,
            answer=answer,
        )
        async with self._log.database.write() as connection:
            kept = await delivery_store.record(connection, due, cursor, moved, made)
        if kept is None:
            return None
        if answer.accepted:
            return moved if kept.same else None
        await self._not_accepted(item, moved, made)
        return None

    async def _not_accepted(self, item: Endpoint, cursor: Cursor, made: Delivery) -> None:
        answer = made.answer
        logger.warning(
            "webhook_not_accepted",
            extra={
                "endpoint": item.id,
                "position": made.position,
                "attempt": made.attempt,
                "outcome": answer.outcome,
                "status": answer.status,
            },
        )
        reason = why_disabled(cursor, answer, self._now())
        if reason is not None:
            await self._end(item, reason, cursor)

    async def _end(self, item: Endpoint, reason: DisabledReason, cursor: Cursor) -> None:
        if await self._webhooks.end(item, reason, cursor):
            logger.warning("webhook_disabled", extra={"endpoint": item.id, "reason": reason})

    async def _viewer(self, item: Endpoint) -> Viewer | None:
        """What an endpoint may be told, by the key that it acts for; None where that is not in force any more."""
        key_id = item.terms.key_id
        holder = (await self._access.holders([key_id])).get(key_id)
        return None if holder is None else viewer_of(holder)

    async def _move(self, item: Endpoint, was: Cursor, now: Cursor) -> None:
        async with self._log.database.write() as connection:
            await delivery_store.move(connection, item.id, was, now)
