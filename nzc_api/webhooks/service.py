"""What can be done with webhook endpoints: register them, change them, end and resume them, and see what was posted."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.database.paging import Page
from nzc_api.ids import OrganisationId, WebhookEndpointId
from nzc_api.log.asked import position_asked
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Actor, Request
from nzc_api.log.service import Log, Transaction
from nzc_api.outbound.addresses import Network
from nzc_api.refusal import NotFound, Refused, refuse
from nzc_api.webhooks import delivery_store, store
from nzc_api.webhooks.model import (
    CreateEndpoint,
    Cursor,
    Delivery,
    DisabledReason,
    Endpoint,
    EndpointState,
    EndpointTerms,
    ReplayEndpoint,
    RotateSecret,
    UpdateEndpoint,
)
from nzc_api.webhooks.rules import check_former, check_overlap, check_room, check_terms
from nzc_api.webhooks.signing import shown
from nzc_api.webhooks.wanted import kept

# As many as the HMAC (SHA-256) of a message takes in.
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class WithSecret:
    """The outcome of making a secret; it is known only to the answer that made it."""

    outcome: Outcome
    secret: str | None


class WebhookService:
    """What the webhooks room can do. ``networks``: what the operator allows beside public addresses."""

    def __init__(self, log: Log, networks: Sequence[Network] = ()) -> None:
        self._log = log
        self._networks = tuple(networks)

    async def create(
        self, principal: Principal | None, key: str, command: CreateEndpoint
    ) -> WithSecret:
        """Register an endpoint of the caller's organisation: it is told what the caller's key sees.

        Refused: a URL that nothing may be sent to, a position that the log does not have (`InvalidInput`); the 11th
        (`WebhookEndpointsFull`).
        """
        caller = authorise(principal, Action.WRITE_WEBHOOK)
        secret = secrets.token_bytes(SECRET_BYTES)

        async def work(transaction: Transaction) -> int:
            connection, head = transaction.connection, transaction.head
            terms = EndpointTerms(
                url=command.url,
                label=command.label,
                wanted=command.wanted,
                key_id=caller.api_key_id,
            )
            refuse(check_terms(terms, self._networks))
            after = position_asked(command.after, head.position, "after")
            others = await store.read_endpoints_of(connection, [caller.organisation_id])
            refuse(check_room(len(others.get(caller.organisation_id, ()))))
            position = transaction.next_position
            item = Endpoint(
                id=WebhookEndpointId(position),
                organisation_id=caller.organisation_id,
                changed=position,
                terms=terms,
                cursor=Cursor(after, after, head.at),
            )
            transaction.append(caller.actor, EntryKind.WEBHOOK_CREATED, said(terms))
            await store.insert_endpoint(connection, item, secret)
            return item.id

        outcome = await self._log.once(
            caller.actor, Request.of(key, "createWebhookEndpoint", command), work
        )
        return _with_secret(outcome, secret)

    async def update(
        self, principal: Principal | None, key: str, command: UpdateEndpoint
    ) -> Outcome:
        """Change terms of an endpoint; from now on it is told what the caller's key sees. Another URL is tried at
        once. Refused: another's endpoint, terms as at its making."""
        caller = authorise(principal, Action.WRITE_WEBHOOK)

        async def work(transaction: Transaction) -> int:
            item = await _own(transaction.connection, caller, command.endpoint_id)
            terms = replace(item.terms, key_id=caller.api_key_id, **command.changes)
            refuse(check_terms(terms, self._networks))
            await _change(transaction, caller.actor, EntryKind.WEBHOOK_UPDATED, item, terms)
            if terms.url != item.terms.url:
                await delivery_store.retry(transaction.connection, item.id, transaction.head.at)
            return item.id

        request = Request.of(key, "updateWebhookEndpoint", command)
        return await self._log.once(caller.actor, request, work)

    async def enable(
        self, principal: Principal | None, key: str, endpoint_id: WebhookEndpointId
    ) -> Outcome:
        """Let an endpoint be told where it stopped, at once, what the caller's key sees; one that is enabled already
        is tried at once. Refused: another's endpoint."""
        caller = authorise(principal, Action.WRITE_WEBHOOK)

        async def work(transaction: Transaction) -> int:
            item = await _own(transaction.connection, caller, endpoint_id)
            terms = replace(
                item.terms, key_id=caller.api_key_id, state=EndpointState.ENABLED, reason=None
            )
            await _change(transaction, caller.actor, EntryKind.WEBHOOK_ENABLED, item, terms)
            await delivery_store.retry(transaction.connection, item.id, transaction.head.at)
            return item.id

        request = Request.of(key, "enableWebhookEndpoint", endpoint_id)
        return await self._log.once(caller.actor, request, work)

    async def disable(
        self, principal: Principal | None, key: str, endpoint_id: WebhookEndpointId
    ) -> Outcome:
        """Let an endpoint be told nothing more for now; one that is disabled already stays so, for its own reason.
        Refused: another's endpoint."""
        caller = authorise(principal, Action.WRITE_WEBHOOK)

        async def work(transaction: Transaction) -> int:
            item = await _own(transaction.connection, caller, endpoint_id)
            if item.terms.state is EndpointState.ENABLED:
                terms = disabled(item.terms, DisabledReason.ORDERED)
                await _change(transaction, caller.actor, EntryKind.WEBHOOK_DISABLED, item, terms)
            return item.id

        request = Request.of(key, "disableWebhookEndpoint", endpoint_id)
        return await self._log.once(caller.actor, request, work)

    async def delete(
        self, principal: Principal | None, key: str, endpoint_id: WebhookEndpointId
    ) -> Outcome:
        """Delete an endpoint for good, with its secret and its attempts. Refused: another's endpoint."""
        caller = authorise(principal, Action.WRITE_WEBHOOK)

        async def work(transaction: Transaction) -> int:
            item = await _own(transaction.connection, caller, endpoint_id)
            terms = replace(item.terms, state=EndpointState.DELETED, reason=None)
            await _change(transaction, caller.actor, EntryKind.WEBHOOK_DELETED, item, terms)
            await store.forget(transaction.connection, item.id)
            return item.id

        request = Request.of(key, "deleteWebhookEndpoint", endpoint_id)
        return await self._log.once(caller.actor, request, work)

    async def rotate(
        self, principal: Principal | None, key: str, command: RotateSecret
    ) -> WithSecret:
        """Give an endpoint another secret; messages are signed with the one before, too, until the overlap is over, and
        with those before that until theirs are. Without an overlap all of them end at once.

        Refused: an overlap beyond 168 hours (`InvalidInput`); a sixth secret beside the new one (`WebhookSecretsFull`).
        """
        caller = authorise(principal, Action.WRITE_WEBHOOK)
        secret = secrets.token_bytes(SECRET_BYTES)

        async def work(transaction: Transaction) -> int:
            refuse(check_overlap(command.overlap_hours))
            connection, now = transaction.connection, transaction.head.at
            item = await _own(connection, caller, command.endpoint_id)
            former = await store.count_former(connection, item.id, now)
            refuse(check_former(former, command.overlap_hours))
            kind = EntryKind.WEBHOOK_SECRET_ROTATED
            position = transaction.append(caller.actor, kind, {}, item.id)
            until = now + timedelta(hours=command.overlap_hours)
            await store.rotate_secret(connection, item.id, position, secret, now, until)
            return item.id

        outcome = await self._log.once(
            caller.actor, Request.of(key, "rotateWebhookSecret", command), work
        )
        return _with_secret(outcome, secret)

    async def replay(
        self, principal: Principal | None, key: str, command: ReplayEndpoint
    ) -> Outcome:
        """Tell an endpoint once more what it follows after a position. Refused: another's endpoint, a position that
        the log has not."""
        caller = authorise(principal, Action.WRITE_WEBHOOK)

        async def work(transaction: Transaction) -> int:
            head = transaction.head
            after = position_asked(command.after, head.position, "after")
            item = await _own(transaction.connection, caller, command.endpoint_id)
            kind = EntryKind.WEBHOOK_REPLAYED
            at = transaction.append(caller.actor, kind, {"after": after}, item.id)
            await delivery_store.replay(transaction.connection, item.id, after, at, head.at)
            return item.id

        request = Request.of(key, "replayWebhookEndpoint", command)
        return await self._log.once(caller.actor, request, work)

    async def end(self, item: Endpoint, reason: DisabledReason, was: Cursor) -> bool:
        """Disable an endpoint for what came of posting to it; whether it is still what it was then."""
        async with self._log.write() as transaction:
            found = (await store.read_endpoints(transaction.connection, [item.id]))[item.id]
            if (found.changed, found.cursor) != (item.changed, was):
                return False
            terms = disabled(found.terms, reason)
            await _change(transaction, Actor(), EntryKind.WEBHOOK_DISABLED, found, terms)
        return True

    async def endpoints(
        self, ids: Sequence[WebhookEndpointId]
    ) -> dict[WebhookEndpointId, Endpoint]:
        """The endpoints of these ids, without their secrets; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_endpoints(connection, ids)

    async def endpoints_of(
        self, organisations: Sequence[OrganisationId]
    ) -> dict[OrganisationId, list[Endpoint]]:
        """All endpoints of each organisation that were not deleted."""
        async with self._log.database.read() as connection:
            return await store.read_endpoints_of(connection, organisations)

    async def page_deliveries_of(
        self, endpoints: Sequence[int], page: Page
    ) -> dict[int, list[Delivery]]:
        """For each endpoint a page of the attempts that are kept, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_deliveries_of(connection, endpoints, page)

    async def count_deliveries_of(self, endpoints: Sequence[int]) -> dict[int, int]:
        """How many attempts of each endpoint are kept."""
        async with self._log.database.read() as connection:
            return await store.count_deliveries_of(connection, endpoints)


def said(terms: EndpointTerms) -> dict[str, Any]:
    """What the log says of terms: not the label, and of the URL, which may hold a receiver's own secret, the
    SHA-256."""
    return {
        "url": hashlib.sha256(terms.url.encode()).hexdigest(),
        "wanted": kept(terms.wanted),
        "key": terms.key_id,
        "state": terms.state,
        "reason": terms.reason,
    }


def disabled(terms: EndpointTerms, reason: DisabledReason) -> EndpointTerms:
    return replace(terms, state=EndpointState.DISABLED, reason=reason)


async def _own(
    connection: AsyncConnection, caller: Principal, endpoint_id: WebhookEndpointId
) -> Endpoint:
    """An endpoint of the caller's organisation; nobody learns of another's."""
    found = (await store.read_endpoints(connection, [endpoint_id])).get(endpoint_id)
    if (
        found is None
        or found.organisation_id != caller.organisation_id
        or found.terms.state is EndpointState.DELETED
    ):
        raise Refused(
            NotFound.born_at(endpoint_id, "webhook端点", "webhook endpoint", "webhook_endpoint")
        )
    return found


async def _change(
    transaction: Transaction, actor: Actor, kind: EntryKind, item: Endpoint, terms: EndpointTerms
) -> None:
    """Say an endpoint's terms anew; where they are so already, nothing changes."""
    if terms != item.terms:
        position = transaction.append(actor, kind, said(terms), item.id)
        await store.insert_terms(
            transaction.connection, replace(item, changed=position, terms=terms)
        )


def _with_secret(outcome: Outcome, secret: bytes) -> WithSecret:
    made_now = outcome.position is not None and not outcome.replayed
    return WithSecret(outcome, shown(secret) if made_now else None)
