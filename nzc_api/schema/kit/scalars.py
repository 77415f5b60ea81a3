"""Strict scalars: one way to write each value, and a typed bilingual error for every other."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from nzc_api.accounting.exact import written
from nzc_api.invisible import shown
from nzc_api.refusal import LocalizedText
from nzc_api.schema.kit import meant
from nzc_api.schema.kit.given import as_given

BigInt = NewType("BigInt", int)

EventFacts = NewType("EventFacts", dict[str, Any])

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,12})?")
_BIG_INT = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)

INT64 = 1 << 63

# What conversions raise: a moment may lie beyond the calendar in UTC.
NONE_SUCH = (ValueError, OverflowError)


def _malformed(scalar: str, value: object, right: LocalizedText) -> GraphQLError:
    given = as_given(value)
    said = shown(given)
    return GraphQLError(
        f"{scalar} cannot represent “{said}”: {right.en}",
        extensions={
            "code": "INVALID_INPUT",
            "localizedMessage": {
                "zh": f"“{said}”不是有效的{scalar}：{right.zh}",
                "en": f"“{said}” is not a {scalar}: {right.en}",
            },
            "value": given,
        },
    )


def _parser(
    scalar: str,
    pattern: re.Pattern[str],
    convert: Callable[[str], Any],
    guess: Callable[[object], meant.Meant],
    right: LocalizedText,
) -> Callable[[object], Any]:
    """Reads a scalar. The error of what is none says what would be right: for this very value where one
    can ``guess`` what was meant, else in general."""

    def read(value: object) -> Any:
        if isinstance(value, str) and pattern.fullmatch(value):
            return convert(value)
        raise ValueError(value)

    def better(value: object) -> LocalizedText:
        guessed = guess(value)
        if isinstance(guessed, LocalizedText):
            return guessed
        try:
            read(guessed)
        except NONE_SUCH:
            return right
        return LocalizedText(f'请写作"{guessed}"', f'write it as "{guessed}"')

    def parse(value: object) -> Any:
        try:
            return read(value)
        except NONE_SUCH:
            raise _malformed(scalar, value, better(value)) from None

    return parse


def _big_int(text: str) -> int:
    number = int(text)
    if not -INT64 <= number < INT64:
        raise ValueError(text)
    return number


def _decimal(text: str) -> Decimal:
    # A zero has no sign.
    return abs(Decimal(text)) if Decimal(text) == 0 else Decimal(text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    moment.astimezone(UTC)  # Raises where UTC's calendar does not have it.
    return moment


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


SCALARS: dict[object, ScalarDefinition] = {
    EventFacts: strawberry.scalar(
        name="EventFacts",
        description=(
            "The facts of an event as a JSON object, which a published JSON Schema describes. Numbers that are not "
            "small and whole are texts, as Decimal and BigInt are."
        ),
        serialize=dict,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description=(
            "A whole number as a string, from -2^63 to 2^63 - 1: ASCII digits, no leading zeros. "
            "Credits (tonnes), serial numbers and positions of the log are BigInts."
        ),
        serialize=str,
        parse_value=_parser(
            "BigInt", _BIG_INT, _big_int, meant.number,
            LocalizedText(
                '以字符串表示的整数，如"1000"（ASCII数字，无前导零，−2^63至2^63−1）',
                'a whole number as a string, such as "1000" (ASCII digits, no leading zeros, from -2^63 '
                "to 2^63 - 1)",
            ),
        ),
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description=(
            "An exact decimal number as a string: at most 18 digits before and 12 after the point, "
            "ASCII digits, no exponent. It is never a float. Tonnes of a gas and t CO2e have the 6 "
            "decimals of a gram at least; other numbers without trailing zeros."
        ),
        serialize=written,
        parse_value=_parser(
            "Decimal", _DECIMAL, _decimal, meant.number,
            LocalizedText(
                '以字符串表示的十进制数，如"12.5"（ASCII数字，小数点前至多18位、后至多12位，无前导零、无指数）',
                'a decimal number as a string, such as "12.5" (ASCII digits, at most 18 before and 12 '
                "after the point, no leading zeros, no exponent)",
            ),
        ),
    ),
    date: strawberry.scalar(
        name="Date",
        description=(
            "A day as YYYY-MM-DD (ISO 8601). Days are China's (UTC+8): “today” is the day it is there, "
            "whatever the offset of a DateTime beside it."
        ),
        serialize=date.isoformat,
        parse_value=_parser(
            "Date", _DATE, date.fromisoformat, meant.day,
            LocalizedText(
                "YYYY-MM-DD格式的日期，如2024-12-31", "a day as YYYY-MM-DD, such as 2024-12-31"
            ),
        ),
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description=(
            "A moment with its offset (ISO 8601), such as 2024-12-31T08:00:00+08:00, which is not before "
            "0001-01-01T00:00:00Z nor after 9999-12-31T23:59:59.999999Z."
        ),
        serialize=_utc,
        parse_value=_parser(
            "DateTime", _DATE_TIME, _moment, meant.moment,
            LocalizedText(
                "带时区偏移的时间，如2024-12-31T08:00:00+08:00（时00至23，分、秒00至59，按UTC在0001年至9999年之间）",
                "a moment with its offset, such as 2024-12-31T08:00:00+08:00 (hours 00 to 23, minutes and "
                "seconds 00 to 59, in a year from 0001 to 9999 of UTC)",
            ),
        ),
    ),
}  # fmt: skip
