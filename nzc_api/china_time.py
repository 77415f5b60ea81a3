"""The time of Guangdong, by which days begin and end."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

CHINA_TIME = timezone(timedelta(hours=8))

# Of every day there: no clock is changed in summer.
SECONDS_A_DAY = 86_400


def china_day(at: datetime) -> date:
    """The day in Guangdong: rules about “today” mean that one."""
    return at.astimezone(UTC).astimezone(CHINA_TIME).date()


def today_in_china() -> date:
    """The day that it is in Guangdong."""
    return datetime.now(CHINA_TIME).date()


def shown_moment(moment: datetime) -> str:
    """A moment as it is in China; as it was given, where the calendar ends before."""
    with suppress(OverflowError):
        moment = moment.astimezone(CHINA_TIME).replace(tzinfo=None)
    return moment.isoformat(" ", "seconds")
