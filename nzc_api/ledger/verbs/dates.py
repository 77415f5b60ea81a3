"""Which days can be meant."""

from datetime import date

from nzc_api.refusal import InvalidInput

EARLIEST = date(1990, 1, 1)


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
