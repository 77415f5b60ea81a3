"""The SQL of delivering: which endpoints are due, how far each was told, and in which attempts."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.arrays import array, sent
from nzc_api.database.driver import DriverStatement
from nzc_api.ids import Position, WebhookEndpointId
from nzc_api.webhooks.model import Backlog, Cursor, Delivery, Due, RecordedAttempt
from nzc_api.webhooks.store import STANDING, endpoint_in

# How many attempts of each endpoint are kept.
MOST_KEPT = 1_000

# Where the log is, before any endpoint is looked at: most were told all of it, and nothing more is read of those.
HEAD = "(SELECT position FROM log_head)"

# How many endpoints are due, which entries the one that is furthest behind has not been told, and how many fail.
BACKLOG = DriverStatement(f"""
    SELECT count(*) FILTER (WHERE c.position < {HEAD} AND c.due_at <= :now) AS due,
           coalesce(max({HEAD} - c.position), 0) AS pending,
           count(*) FILTER (WHERE c.failures > 0) AS failing
      FROM webhook_cursor AS c
      JOIN LATERAL (SELECT state FROM webhook_terms WHERE endpoint_id = c.endpoint_id
                     ORDER BY position DESC LIMIT 1) AS t ON t.state = 'ENABLED'
     WHERE c.position < {HEAD} OR c.failures > 0
""")  # noqa: S608  (our own text)

DUE = DriverStatement(f"""
    SELECT due.*, s.secret, s.position AS rotated, ARRAY(SELECT f.secret FROM webhook_former_secret AS f
                                   WHERE f.endpoint_id = due.id AND f.good_until > :now
                                   ORDER BY f.position DESC) AS former
      FROM ({STANDING}) AS due
      JOIN webhook_secret AS s ON s.endpoint_id = due.id
     WHERE due.position < {HEAD} AND due.state = 'ENABLED' AND due.due_at <= :now AND due.id <> ALL({sent("busy")})
     ORDER BY due.due_at, due.id LIMIT :most
""")  # noqa: S608  (our own text)

# Only from where it was: who was overtaken by another, or by a replay, writes nothing; nor of an endpoint that was
# deleted, which has no secret.
MOVE = """
    UPDATE webhook_cursor
       SET position = :position, previous = :previous, due_at = :due_at, attempts = :attempts,
           failures = :failures, failing_since = :failing_since
     WHERE endpoint_id = :endpoint AND (position, previous, attempts) = (:was_at, :was_previous, :was_attempts)
       AND EXISTS (SELECT FROM webhook_secret AS s WHERE s.endpoint_id = :endpoint)
    RETURNING endpoint_id
"""

MOVED = text(MOVE)

# With the attempt, in one statement; what is beyond the kept ones goes.
RECORDED = text(f"""
    WITH moved AS ({MOVE}), gone AS (
        DELETE FROM webhook_delivery AS d USING moved
         WHERE d.endpoint_id = moved.endpoint_id AND d.number <= :attempts - {MOST_KEPT}
    )
    INSERT INTO webhook_delivery (endpoint_id, number, position, at, attempt, outcome, status, milliseconds)
    SELECT endpoint_id, :attempts, :told, :at, :attempt, :outcome, :status, :milliseconds FROM moved
    RETURNING (SELECT max(t.position) FROM webhook_terms AS t WHERE t.endpoint_id = :endpoint) AS changed,
              (SELECT s.position FROM webhook_secret AS s WHERE s.endpoint_id = :endpoint) AS rotated,
              (SELECT k.revoked_position IS NULL FROM api_key AS k WHERE k.id = :key) AS in_force
""")  # noqa: S608  (our own text)

REPLAYED = text("""
    UPDATE webhook_cursor SET position = :after, previous = :after, replayed = :at_position, due_at = :now,
                              failures = 0, failing_since = NULL
     WHERE endpoint_id = :endpoint
""")

RETRIED = text("""
    UPDATE webhook_cursor SET due_at = :now, failures = 0, failing_since = NULL WHERE endpoint_id = :endpoint
""")


async def read_backlog(connection: AsyncConnection, now: datetime) -> Backlog:
    """What there is to deliver."""
    ((due, pending, failing),) = await BACKLOG.rows(connection, {"now": now})
    return Backlog(due, pending, failing)


async def read_due(
    connection: AsyncConnection, now: datetime, busy: Collection[int], most: int
) -> list[Due]:
    """Endpoints that are due and not ``busy``, those first that have waited longest."""
    given = {"now": now, "busy": array(busy), "most": most}
    return [
        Due(endpoint_in(row), [row.secret, *row.former], row.rotated)
        for row in await DUE.rows(connection, given)
    ]


async def move(
    connection: AsyncConnection, endpoint_id: WebhookEndpointId, was: Cursor, now: Cursor
) -> bool:
    """Move a cursor on from where it was; whether it was there."""
    found = await connection.execute(MOVED, _move(endpoint_id, was, now))
    return found.first() is not None


async def record(
    connection: AsyncConnection, due: Due, was: Cursor, now: Cursor, made: Delivery
) -> RecordedAttempt | None:
    """Keep an attempt, and move the cursor from where it was; None where it was not there."""
    given = _move(due.endpoint.id, was, now) | {
        "key": due.endpoint.terms.key_id,
        "told": made.position,
        "at": made.at,
        "attempt": made.attempt,
        "outcome": made.answer.outcome,
        "status": made.answer.status,
        "milliseconds": made.answer.milliseconds,
    }
    found = await connection.execute(RECORDED, given)
    row = found.first()
    if row is None:
        return None
    same = (row.changed, row.rotated) == (due.endpoint.changed, due.rotated)
    return RecordedAttempt(same=same and row.in_force)


async def replay(
    connection: AsyncConnection,
    endpoint_id: WebhookEndpointId,
    after: int,
    at_position: Position,
    now: datetime,
) -> None:
    """Put a cursor to a position, as the entry at another says."""
    given = {"endpoint": endpoint_id, "after": after, "at_position": at_position, "now": now}
    await connection.execute(REPLAYED, given)


async def retry(connection: AsyncConnection, endpoint_id: WebhookEndpointId, now: datetime) -> None:
    """Let an endpoint be due at once, as if nothing had failed."""
    await connection.execute(RETRIED, {"endpoint": endpoint_id, "now": now})


def _move(endpoint_id: WebhookEndpointId, was: Cursor, now: Cursor) -> dict[str, object]:
    return {
        "endpoint": endpoint_id,
        "position": now.position,
        "previous": now.previous,
        "due_at": now.due_at,
        "attempts": now.attempts,
        "failures": now.failures,
        "failing_since": now.failing_since,
        "was_at": was.position,
        "was_previous": was.previous,
        "was_attempts": was.attempts,
    }
