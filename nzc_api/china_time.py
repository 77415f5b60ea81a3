"""The time of Guangdong, by which days begin and end."""

from datetime import UTC, date, datetime, timedelta, timezone

CHINA_TIME = timezone(timedelta(hours=8))


def china_day(at: datetime) -> date:
    """The day in Guangdong: rules about “today” mean that one."""
    return at.astimezone(UTC).astimezone(CHINA_TIME).date()
