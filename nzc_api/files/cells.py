"""What cells say that people and spreadsheets wrote: numbers, days, spans of days, numbers of authorities."""

import re
import unicodedata
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn

from nzc_api.refusal import LocalizedText

# Spreadsheets count days from here (1900 is no leap year; they think it is).
EPOCH = date(1899, 12, 30)

# Days that they may mean by a number: 1954 to 2119.
DAY_NUMBERS = range(20_000, 80_000)

_WHOLE = re.compile(r"(?P<digits>[0-9]+|[0-9]{1,3}(?:[, '][0-9]{3})+)(?:\.0*)?\s*(?:T|TCO2E?|吨)?")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_YEAR = re.compile(r"(?P<year>[0-9]{4})(?:\.0*)?(?:年|年度)?")
_DAY = re.compile(
    r"(?P<y>[0-9]{4})(?:(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})"
    r"|年(?P<m2>[0-9]{1,2})月(?P<d2>[0-9]{1,2})日?|(?P<m3>[0-9]{2})(?P<d3>[0-9]{2}))"
    r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.0*)?)?)?"
)
_MONTH = re.compile(r"(?P<y>[0-9]{4})(?:[-/.](?P<m>[0-9]{1,2})|年(?P<m2>[0-9]{1,2})月)")
_DAY_NUMBER = re.compile(r"(?P<days>[0-9]{5})(?:\.0*)?")
# A hyphen stands between two only where it is not one of a day's own.
_BETWEEN_DAYS = re.compile(
    r"\s*(?:至|到|~|〜|——?|–|\bto\b)\s*|\s+-\s+|(?<=[0-9日月])-(?=[0-9]{4}[./年])", re.IGNORECASE
)
_MONTH_NUMBER = re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_AMOUNT = re.compile(
    r"(?P<sign>[-−]?)[¥￥]?(?P<digits>(?:[0-9]+|[0-9]{1,3}(?:[, '][0-9]{3})+)(?:\.[0-9]+)?)\s*(?P<unit>[^\W\d_].*)?"
)
_CLOCK = re.compile(
    r"(?P<day>.*?)(?:T|\s)\s*(?P<h>[0-9]{1,2})(?::(?P<min>[0-9]{2})(?::(?P<s>[0-9]{2})(?:\.0*)?)?"
    r"|[时点](?:(?P<min2>[0-9]{1,2})分)?(?:(?P<s2>[0-9]{1,2})秒)?)\s*(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_YES = frozenset({"是", "yes", "y", "true", "1", "估算", "估计", "估抄", "预估", "estimated", "e"})
_NO = frozenset(
    {"否", "no", "n", "false", "0", "实抄", "实际", "实测", "抄见", "actual", "a", "measured"}
)

# The time of the files' writers.
_CHINA_TIME = timezone(timedelta(hours=8))
_HOURS_A_DAY = 24

# What people type in full width that is half width in any number: letters, digits, - . / #.
_HALF_WIDTH = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B),
                 0xFF0D, 0xFF0E, 0xFF0F, 0xFF03)
}  # fmt: skip


class UnreadableCell(Exception):
    """A cell's text is not what its column asks for; ``why`` names it and says what would be right."""

    def __init__(self, why: LocalizedText) -> None:
        super().__init__(why.en)
        self.why = why


def unreadable(text: str, zh: str, en: str) -> NoReturn:
    """Raise that a cell's text is not what its column asks for."""
    raise UnreadableCell(
        LocalizedText(f"“{text}”不能用于此处：{zh}", f"“{text}” cannot be used here: {en}")
    )


def lacking(zh: str, en: str | None = None) -> NoReturn:
    """Raise that a row has no cell that it needs; one name is that of its column."""
    raise UnreadableCell(LocalizedText(f"该行缺少{zh}", f"the row has no {en or zh}"))


def whole(text: str) -> int:
    """A whole number, such as 1000, 1,000, 1000.00 or １０００吨."""
    check_digits(text)
    normal = unicodedata.normalize("NFKC", text).strip()
    match = _WHOLE.fullmatch(normal.upper())
    if match is None or len(digits := re.sub("[, ']", "", match["digits"])) > 19:  # noqa: PLR2004
        unreadable(text, "应为整数，如1000", "a whole number is needed, such as 1000")
    return int(digits)


def amount(text: str) -> tuple[Decimal, str | None]:
    """A number with its unit, if it has one: 1,234.5, 1.2万kWh, ¥80.50, -3.5元."""
    if _PLAIN.fullmatch(text):
        return Decimal(text), None
    normal = unicodedata.normalize("NFKC", text).strip()
    scientific = _SCIENTIFIC.match(normal)
    check_digits(scientific[0] if scientific else normal)
    match = _AMOUNT.fullmatch(normal)
    if match is None:
        unreadable(text, "应为数，如1,234.5", "a number is needed, such as 1,234.5")
    digits = re.sub("[, ']", "", match["digits"])
    return Decimal(f"{'-' if match['sign'] else ''}{digits}"), match["unit"]


def yes(text: str) -> bool:
    """Yes or no: 是, true, 估算; 否, false, 实抄."""
    word = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    if word in _YES or word in _NO:
        return word in _YES
    unreadable(text, "应为是或否（估算或实抄）", "yes or no is needed (or estimated, actual)")


def check_digits(text: str) -> None:
    """Raise ``UnreadableCell`` where a spreadsheet made a long number one of a few digits."""
    if _SCIENTIFIC.fullmatch(unicodedata.normalize("NFKC", text).strip()):
        unreadable(
            text,
            "电子表格已把编号变成科学记数法，丢失了数字；请把该列设为文本格式后重新导出",
            "a spreadsheet made the number one of a few digits and lost the others: make the column "
            "text, and export it again",
        )


def year(text: str) -> int:
    """A year, such as 2024, 2024.0 or 2024年."""
    match = _YEAR.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if match is None:
        unreadable(
            text,
            "应为年份，只写数字，如2024",
            "a year is needed: write its digits alone, such as 2024",
        )
    return int(match["year"])


def day(text: str) -> date:
    """A day, year first, such as 2024-08-15, 2024/8/15, 2024年8月15日, or a spreadsheet's number of it."""
    normal = unicodedata.normalize("NFKC", text).strip()
    match = _DAY.fullmatch(normal) or _DAY.fullmatch(normal.replace(" ", ""))
    if match is not None:
        parts = [match["y"], *(match["m"] or match["m2"] or match["m3"],),
                 *(match["d"] or match["d2"] or match["d3"],)]  # fmt: skip
        try:
            return date(*map(int, parts))
        except ValueError:
            unreadable(text, "没有这一天", "there is no such day")
    number = _DAY_NUMBER.fullmatch(normal)
    if number is not None and int(number["days"]) in DAY_NUMBERS:
        return EPOCH + timedelta(days=int(number["days"]))
    unreadable(
        text,
        "应为年在前的日期，如2024-08-15或2024年8月15日",
        "a day with its year first is needed, such as 2024-08-15",
    )


# A file says the same moments over and over, of each meter.
@lru_cache(20_000)
def moment(text: str) -> datetime:
    """A moment, year first, such as 2024-01-05 13:30 (in China, unless it says where) or 2024年1月5日13时30分; a day
    alone is its beginning, and 24:00 the beginning of the next."""
    normal = unicodedata.normalize("NFKC", text).strip()
    match = _CLOCK.fullmatch(normal.replace("日", "日 ").replace("  ", " "))
    if match is None:
        return datetime.combine(day(text), time(), _CHINA_TIME)
    on, hour = day(match["day"]), int(match["h"])
    minute, second = int(match["min"] or match["min2"] or 0), int(match["s"] or match["s2"] or 0)
    # Midnight is the end of a day, too.
    ends = (hour, minute, second) == (_HOURS_A_DAY, 0, 0)
    try:
        on += timedelta(days=ends)
        return datetime.combine(on, time(0 if ends else hour, minute, second), _zone(match["zone"]))
    except (ValueError, OverflowError):
        unreadable(text, "没有这一时刻", "there is no such moment")


def _zone(text: str | None) -> timezone:
    if text is None:
        return _CHINA_TIME
    sign, digits = text[0], text[1:].replace(":", "")
    if not digits:
        return UTC
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if sign == "-" else offset)


def days(text: str) -> tuple[date, date]:
    """The first and the last day of a bill: those of a month, as 2024年1月 or 202401, or two days."""
    normal = "".join(unicodedata.normalize("NFKC", text).split())
    number = _MONTH_NUMBER.fullmatch(normal)
    found = _month(normal) or (_month(f"{number['y']}-{number['m']}") if number else None)
    return found or span(text)


def span(text: str) -> tuple[date, date]:
    """The first and the last day of a time: two days, two months, or a calendar year."""
    normal = unicodedata.normalize("NFKC", text).strip()
    parts = _BETWEEN_DAYS.split(normal)
    if len(parts) == 1 and _YEAR.fullmatch(normal):
        return date(year(normal), 1, 1), date(year(normal), 12, 31)
    if len(parts) != 2:  # noqa: PLR2004  (the first and the last)
        unreadable(
            text,
            "应为首日和末日，如2023-07-01至2024-06-30",
            "a first and a last day are needed, such as 2023-07-01 to 2024-06-30",
        )
    first, last = _month(parts[0]), _month(parts[1])
    return first[0] if first else day(parts[0]), last[1] if last else day(parts[1])


def _month(text: str) -> tuple[date, date] | None:
    """The first and the last day of a month."""
    match = _MONTH.fullmatch("".join(text.split()))
    number = int(match["m"] or match["m2"]) if match else 0
    if match is None or not 1 <= number <= 12:  # noqa: PLR2004  (months)
        return None
    year = int(match["y"])
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def authority_number(text: str) -> str:
    """An authority's number, in half width, its brackets and Chinese characters as they are."""
    check_digits(text)
    return text.translate(_HALF_WIDTH).strip()
