"""Strict scalars: one way to write each value, and a typed bilingual error for every other."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

BigInt = NewType("BigInt", int)

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,12})?")
_BIG_INT = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)

INT64 = 1 << 63

LONGEST_SHOWN = 80


def _malformed(scalar: str, value: object, zh: str, en: str) -> GraphQLError:
    shown = str(value)[:LONGEST_SHOWN]
    return GraphQLError(
        f"{scalar} cannot represent “{shown}”: {en}",
        extensions={
            "code": "INVALID_INPUT",
            "localizedMessage": {
                "zh": f"“{shown}”不是有效的{scalar}：{zh}",
                "en": f"“{shown}” is not a {scalar}: {en}",
            },
            "value": shown,
        },
    )


def _parser(
    scalar: str, pattern: re.Pattern[str], convert: Callable[[str], Any], zh: str, en: str
) -> Callable[[object], Any]:
    def parse(value: object) -> Any:
        if isinstance(value, str) and pattern.fullmatch(value):
            try:
                return convert(value)
            except ValueError:
                pass
        raise _malformed(scalar, value, zh, en)

    return parse


def _big_int(text: str) -> int:
    number = int(text)
    if not -INT64 <= number < INT64:
        raise ValueError(text)
    return number


def _decimal(text: str) -> Decimal:
    # A zero has no sign.
    return abs(Decimal(text)) if Decimal(text) == 0 else Decimal(text)


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(value: Decimal) -> str:
    return format(value, "f")


SCALARS: dict[object, ScalarDefinition] = {
    BigInt: strawberry.scalar(
        name="BigInt",
        description=(
            "A whole number as a string, from -2^63 to 2^63 - 1: ASCII digits, no leading zeros. "
            "Credits (tonnes), serial numbers and positions of the log are BigInts."
        ),
        serialize=str,
        parse_value=_parser(
            "BigInt", _BIG_INT, _big_int,
            '以字符串表示的整数，如"1000"（ASCII数字，无前导零）',
            'a whole number as a string, such as "1000" (ASCII digits, no leading zeros)',
        ),
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description=(
            "An exact decimal number as a string: at most 18 digits before and 12 after the point, "
            "ASCII digits, no exponent. It is never a float."
        ),
        serialize=_plain,
        parse_value=_parser(
            "Decimal", _DECIMAL, _decimal,
            '以字符串表示的十进制数，如"12.5"（ASCII数字，小数点前至多18位、后至多12位，无指数）',
            'a decimal number as a string, such as "12.5" (ASCII digits, at most 18 before and 12 '
            "after the point, no exponent)",
        ),
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day as YYYY-MM-DD (ISO 8601).",
        serialize=date.isoformat,
        parse_value=_parser(
            "Date", _DATE, date.fromisoformat,
            "YYYY-MM-DD格式的日期，如2024-12-31", "a day as YYYY-MM-DD, such as 2024-12-31",
        ),
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment with its offset (ISO 8601), such as 2024-12-31T08:00:00+08:00.",
        serialize=_utc,
        parse_value=_parser(
            "DateTime", _DATE_TIME, datetime.fromisoformat,
            "带时区偏移的时间，如2024-12-31T08:00:00+08:00",
            "a moment with its offset, such as 2024-12-31T08:00:00+08:00",
        ),
    ),
}  # fmt: skip
