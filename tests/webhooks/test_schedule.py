"""When what was not accepted is posted again, and when that ends."""

from datetime import UTC, datetime, timedelta

import pytest

from nzc_api.ids import Position
from nzc_api.webhooks.model import Answer, Cursor, DeliveryOutcome, DisabledReason
from nzc_api.webhooks.schedule import (
    DELAYS,
    LATEST,
    LONGEST_FAILING,
    delay_after,
    failed,
    told,
    why_disabled,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FAILED = Answer(DeliveryOutcome.REJECTED, 500)
BEGUN = Cursor(Position(7), 5, NOW)


def asks(seconds: float | None, status: int = 503) -> Answer:
    return Answer(DeliveryOutcome.REJECTED, status, seconds)


def test_from_five_seconds_to_ten_hours() -> None:
    waited = [delay_after(n, FAILED, 0).total_seconds() for n in range(1, 9)]
    assert waited == [5, 300, 1800, 7200, 18000, 36000, 36000, 36000]
    # Longer by a tenth at most, so that what failed together does not come back together.
    assert delay_after(1, FAILED, 1).total_seconds() == pytest.approx(5.5)
    assert delay_after(99, FAILED, 0.5).total_seconds() == pytest.approx(37800)


@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_may_ask_for_a_time(status: int) -> None:
    assert delay_after(1, asks(90, status), 0) == timedelta(seconds=90)
    # Within bounds: not at once, and not never.
    assert delay_after(6, asks(0, status), 0) == timedelta(seconds=DELAYS[0])
    assert delay_after(6, asks(-5, status), 0) == timedelta(seconds=DELAYS[0])
    assert delay_after(1, asks(10**9, status), 0) == timedelta(seconds=LATEST)


def test_who_may_not_ask_is_not_heard() -> None:
    assert delay_after(1, asks(90, 500), 0) == timedelta(seconds=5)


def test_what_was_accepted_forgets_what_failed() -> None:
    once = failed(BEGUN, FAILED, NOW, 0)
    twice = failed(once, FAILED, NOW + timedelta(seconds=5), 0)
    assert (twice.position, twice.previous, twice.attempts, twice.failures) == (7, 5, 2, 2)
    assert twice.failing_since == NOW
    assert twice.due_at == NOW + timedelta(seconds=305)
    then = told(twice, Position(9), NOW)
    assert then == Cursor(Position(9), 9, NOW, attempts=3)


def test_after_five_days_nothing_more() -> None:
    failing = failed(BEGUN, FAILED, NOW, 0)
    assert why_disabled(failing, FAILED, NOW + LONGEST_FAILING - timedelta(seconds=1)) is None
    assert why_disabled(failing, FAILED, NOW + LONGEST_FAILING) is DisabledReason.FAILING


def test_a_receiver_that_wants_no_more() -> None:
    gone = Answer(DeliveryOutcome.GONE, 410)
    assert why_disabled(failed(BEGUN, gone, NOW, 0), gone, NOW) is DisabledReason.GONE
