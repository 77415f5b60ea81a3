"""Which days and times can be meant."""

from datetime import date, datetime, timedelta

from nzc_api.refusal import InvalidInput

EARLIEST = date(1990, 1, 1)

# How long something may be open: a registry may take its time.
LONGEST_WAIT = timedelta(days=366)


def check_past_day(day: date, today: date, field: str) -> InvalidInput | None:
    """Refuse a day that is still to come, or too long ago to be meant."""
    if EARLIEST <= day <= today:
        return None
    return InvalidInput(
        path=(field,),
        value=str(day),
        expected_zh=f"{EARLIEST}至今天（{today}）之间的日期",
        expected_en=f"a day from {EARLIEST} to today ({today})",
    )


def check_expiry(expires_at: datetime, now: datetime) -> InvalidInput | None:
    """Refuse a time until which nothing can be open, or too much time."""
    if now < expires_at <= now + LONGEST_WAIT:
        return None
    return InvalidInput(
        path=("expires_at",),
        value=expires_at.isoformat(),
        expected_zh=f"今后{LONGEST_WAIT.days}天之内的时间",
        expected_en=f"a time within the next {LONGEST_WAIT.days} days",
    )
