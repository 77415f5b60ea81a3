"""The SQL of endpoints: what was said of each, and their secrets."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import Page, count_for_each, paged_for_each
from nzc_api.ids import OrganisationId, Position, WebhookEndpointId
from nzc_api.webhooks.model import (
    Answer,
    Cursor,
    Delivery,
    DeliveryOutcome,
    DisabledReason,
    Endpoint,
    EndpointState,
    EndpointTerms,
)
from nzc_api.webhooks.tables import (
    webhook_cursor,
    webhook_delivery,
    webhook_endpoint,
    webhook_secret,
    webhook_terms,
)
from nzc_api.webhooks.wanted import kept, thawed

# Endpoints as they stand: what was said of them last, and how far they were told.
STANDING = f"""
    SELECT e.id, e.organisation_id, t.position AS changed, t.url, t.label, t.wanted, t.key_id, t.state, t.reason,
           c.position, c.previous, c.due_at, c.attempts, c.failures, c.failing_since
      FROM webhook_endpoint AS e
      JOIN webhook_cursor AS c ON c.endpoint_id = e.id
      JOIN LATERAL (SELECT {columns_of(webhook_terms, "w")} FROM webhook_terms AS w
                     WHERE w.endpoint_id = e.id ORDER BY w.position DESC LIMIT 1) AS t ON true
"""  # noqa: S608  (our own names)

ENDPOINTS = text(f"""{STANDING}
     WHERE e.id = ANY(CAST(:ids AS bigint[]))
        OR e.organisation_id = ANY(CAST(:organisations AS bigint[])) AND t.state <> 'DELETED'
     ORDER BY e.id
""")

ROTATE = text("""
    WITH times (now, until) AS (SELECT CAST(:now AS timestamptz), CAST(:until AS timestamptz)),
    before AS (DELETE FROM webhook_secret WHERE endpoint_id = :endpoint RETURNING secret), kept AS (
        INSERT INTO webhook_former_secret (endpoint_id, position, secret, good_until)
        SELECT :endpoint, :position, secret, t.until FROM before, times AS t WHERE t.until > t.now
    ), gone AS (
        DELETE FROM webhook_former_secret AS f USING times AS t
         WHERE f.endpoint_id = :endpoint AND (f.good_until <= t.now OR t.until = t.now)
    )
    INSERT INTO webhook_secret (endpoint_id, position, secret) SELECT :endpoint, :position, :secret FROM before
""")

FORMER = text("""
    SELECT count(*) FROM webhook_former_secret WHERE endpoint_id = :endpoint AND good_until > :now
""")


FORGET = text("""
    WITH secrets AS (DELETE FROM webhook_secret WHERE endpoint_id = :endpoint),
         former AS (DELETE FROM webhook_former_secret WHERE endpoint_id = :endpoint)
    DELETE FROM webhook_delivery WHERE endpoint_id = :endpoint
""")


async def insert_endpoint(connection: AsyncConnection, item: Endpoint, secret: bytes) -> None:
    await connection.execute(
        insert(webhook_endpoint).values(id=item.id, organisation_id=item.organisation_id)
    )
    await insert_terms(connection, item)
    cursor = item.cursor
    await connection.execute(
        insert(webhook_cursor).values(
            endpoint_id=item.id,
            position=cursor.position,
            previous=cursor.previous,
            due_at=cursor.due_at,
            attempts=cursor.attempts,
            failures=cursor.failures,
        )
    )
    await connection.execute(
        insert(webhook_secret).values(endpoint_id=item.id, position=item.id, secret=secret)
    )


async def insert_terms(connection: AsyncConnection, item: Endpoint) -> None:
    """What is said of an endpoint at the position at which it was changed."""
    terms = item.terms
    await connection.execute(
        insert(webhook_terms).values(
            position=item.changed,
            endpoint_id=item.id,
            url=terms.url,
            label=terms.label,
            wanted=kept(terms.wanted),
            key_id=terms.key_id,
            state=terms.state,
            reason=terms.reason,
        )
    )


async def rotate_secret(
    connection: AsyncConnection,
    endpoint_id: WebhookEndpointId,
    position: Position,
    secret: bytes,
    now: datetime,
    until: datetime,
) -> None:
    """Put a secret in the place of another, which stays good until then; none does where that is now."""
    given = {
        "endpoint": endpoint_id,
        "position": position,
        "secret": secret,
        "now": now,
        "until": until,
    }
    await connection.execute(ROTATE, given)


async def count_former(
    connection: AsyncConnection, endpoint_id: WebhookEndpointId, now: datetime
) -> int:
    """With how many secrets that were replaced messages are still signed."""
    found = await connection.execute(FORMER, {"endpoint": endpoint_id, "now": now})
    return int(found.scalar_one())


async def forget(connection: AsyncConnection, endpoint_id: WebhookEndpointId) -> None:
    """Delete the secrets and the attempts of an endpoint."""
    await connection.execute(FORGET, {"endpoint": endpoint_id})


async def read_endpoints(
    connection: AsyncConnection, ids: Collection[WebhookEndpointId]
) -> dict[WebhookEndpointId, Endpoint]:
    """The endpoints with these ids, deleted ones too."""
    given = {"ids": list(ids), "organisations": []}
    return {row.id: endpoint_in(row) for row in await connection.execute(ENDPOINTS, given)}


async def read_endpoints_of(
    connection: AsyncConnection, organisations: Collection[OrganisationId]
) -> dict[OrganisationId, list[Endpoint]]:
    """All endpoints of each organisation that were not deleted, oldest first."""
    found: dict[OrganisationId, list[Endpoint]] = defaultdict(list)
    given = {"ids": [], "organisations": list(organisations)}
    for row in await connection.execute(ENDPOINTS, given):
        found[row.organisation_id].append(endpoint_in(row))
    return found


async def page_deliveries_of(
    connection: AsyncConnection, endpoints: Sequence[int], page: Page
) -> dict[int, list[Delivery]]:
    """For each endpoint a page of the attempts that are kept and one more."""
    parent, key = webhook_delivery.c.endpoint_id, webhook_delivery.c.number
    found: dict[int, list[Delivery]] = defaultdict(list)
    query = paged_for_each(select(webhook_delivery), parent, key, endpoints, page)
    for row in await connection.execute(query):
        answer = Answer(DeliveryOutcome(row.outcome), row.status, milliseconds=row.milliseconds)
        found[row.parent].append(
            Delivery(
                number=row.number,
                position=row.position,
                at=row.at,
                attempt=row.attempt,
                answer=answer,
            )
        )
    return found


async def count_deliveries_of(
    connection: AsyncConnection, endpoints: Sequence[int]
) -> dict[int, int]:
    query, parent = select(webhook_delivery), webhook_delivery.c.endpoint_id
    return await count_for_each(connection, query, parent, endpoints)


def endpoint_in(row: Any) -> Endpoint:
    """The endpoint of a row of ``STANDING``."""
    wanted = thawed(row.wanted)
    state, reason = EndpointState(row.state), row.reason and DisabledReason(row.reason)
    return Endpoint(
        id=row.id,
        organisation_id=row.organisation_id,
        changed=row.changed,
        terms=EndpointTerms(
            url=row.url,
            label=row.label,
            wanted=wanted,
            key_id=row.key_id,
            state=state,
            reason=reason,
        ),
        cursor=Cursor(
            position=row.position,
            previous=row.previous,
            due_at=row.due_at,
            attempts=row.attempts,
            failures=row.failures,
            failing_since=row.failing_since,
        ),
    )
