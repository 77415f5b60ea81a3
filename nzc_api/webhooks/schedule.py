"""When an event that was not accepted is posted again, and when that ends: after Standard Webhooks. Pure."""

from datetime import datetime, timedelta

from nzc_api.ids import Position
from nzc_api.webhooks.model import Answer, Cursor, DeliveryOutcome, DisabledReason

_MINUTE = 60
_HOUR = 60 * _MINUTE

# After how many seconds the next attempt is made: after the first that failed, the second, … and every later one.
DELAYS = (5, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR)

# By which share of it a delay is longer at most, so that what failed together does not come back together.
JITTER = 0.1

# For how long an endpoint may fail.
LONGEST_FAILING = timedelta(days=5)

# What a receiver may ask for, in seconds.
SOONEST, LATEST = DELAYS[0], DELAYS[-1]

# The answers with which a receiver may say when it wants to be asked again: 429 and 503.
MAY_ASK_FOR = frozenset({429, 503})


def delay_after(failures: int, answer: Answer, luck: float) -> timedelta:
    """How long to wait after so many failures in a row; ``luck`` is from 0 to 1."""
    if answer.retry_after is not None and answer.status in MAY_ASK_FOR:
        return timedelta(seconds=min(max(answer.retry_after, SOONEST), LATEST))
    planned = DELAYS[min(failures, len(DELAYS)) - 1]
    return timedelta(seconds=planned * (1 + JITTER * luck))


def told(cursor: Cursor, position: Position, at: datetime) -> Cursor:
    """The cursor of an endpoint that accepted the event of a position."""
    return Cursor(position=position, previous=position, due_at=at, attempts=cursor.attempts + 1)


def failed(cursor: Cursor, answer: Answer, at: datetime, luck: float) -> Cursor:
    """The cursor of an endpoint that did not accept the event that it was posted."""
    failures = cursor.failures + 1
    return Cursor(
        position=cursor.position,
        previous=cursor.previous,
        due_at=at + delay_after(failures, answer, luck),
        attempts=cursor.attempts + 1,
        failures=failures,
        failing_since=cursor.failing_since or at,
    )


def why_disabled(cursor: Cursor, answer: Answer, at: datetime) -> DisabledReason | None:
    """Why nothing more is posted to an endpoint after this answer, if that is so."""
    if answer.outcome is DeliveryOutcome.GONE:
        return DisabledReason.GONE
    if cursor.failing_since is not None and at - cursor.failing_since >= LONGEST_FAILING:
        return DisabledReason.FAILING
    return None
