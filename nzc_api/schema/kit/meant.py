"""What was most likely meant by a scalar that is written in another way than ours: how it would be
written, or why there is none such. None where that cannot be told."""

import re
import unicodedata
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date

from nzc_api.refusal import LocalizedText

MONTHS = 12

# What is longer is no number and no day.
LONGEST = 80

_DAY = r"([0-9]{4}) ?(?:([-/.年]) ?)?([0-9]{1,2}) ?(?:[-/.月] ?)?([0-9]{1,2}) ?日?"
_DATE = re.compile(_DAY)
_YEAR = re.compile(r"[0-9]{4} ?年?")
_MOMENT = re.compile(
    _DAY
    + r"[T ]+([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:\.[0-9]{1,6})?)? ?(?:(Z)|([+-][0-9]{2}):?([0-9]{2})?)?",
    re.IGNORECASE,
)

Meant = str | LocalizedText | None


def number(value: object) -> Meant:
    """A number in half width, without separators and leading zeros."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = _plain(value)
    sign = "-" if text.startswith("-") else ""
    whole, point, fraction = re.sub("[,_' ]", "", text).lstrip("+-").partition(".")
    if not re.fullmatch("[0-9]*", whole + fraction) or not whole + fraction:
        return None
    return f"{sign}{whole.lstrip('0') or '0'}{point if fraction else ''}{fraction}"


def day(value: object) -> Meant:
    """A day as YYYY-MM-DD."""
    text = _plain(value)
    if _YEAR.fullmatch(text):
        return LocalizedText(
            "仅有年份，须为具体日期，如2024-12-31", "a year is no day: one is, such as 2024-12-31"
        )
    found = _DATE.fullmatch(text)
    return None if found is None else _day_of(*found.groups())


def moment(value: object) -> Meant:
    """A moment with its offset: China's, where there is none."""
    text = _plain(value)
    found = _MOMENT.fullmatch(text)
    if found is None:
        is_day = _DATE.fullmatch(text) or _YEAR.fullmatch(text)
        return is_day and LocalizedText(
            "须含时刻和时区偏移，如2024-12-31T08:00:00+08:00",
            "a time of day and its offset are needed too, such as 2024-12-31T08:00:00+08:00",
        )
    *parts, time, seconds, zulu, hours, minutes = found.groups()
    meant = _day_of(*parts)
    if not isinstance(meant, str):
        return meant
    offset = "Z" if zulu else f"{hours or '+08'}:{minutes or '00'}"
    return f"{meant}T{time}{seconds or ':00'}{offset}"


def _day_of(year: str, separator: str | None, month: str, of_month: str) -> Meant:
    y, m, d = int(year), int(month), int(of_month)
    if separator is None and len(month + of_month) != 4:  # noqa: PLR2004  (MMDD)
        return None
    if not MINYEAR <= y <= MAXYEAR or not 1 <= m <= MONTHS:
        return LocalizedText(
            "年份为0001至9999，月份为01至12", "years are 0001 to 9999, months 01 to 12"
        )
    days = monthrange(y, m)[1]
    if not 1 <= d <= days:
        return LocalizedText(
            f"没有这一天：{year}年{m}月有{days}天",
            f"there is no such day: {year}-{m:02} has {days} days",
        )
    return f"{date(y, m, d)}"


def _plain(value: object) -> str:
    return unicodedata.normalize("NFKC", str(value)[:LONGEST]).strip()
