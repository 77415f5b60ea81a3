"""Cells of intervals, as the API takes them by the ten thousand: what they say, or why they cannot be read. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from nzc_api.ids import MeterId
from nzc_api.metering.numerals import NOT_PLAIN
from nzc_api.metering.readings import Reading, seconds
from nzc_api.refusal import InvalidInput, Refusal, Refused

# Characters of a cell that a refusal shows.
MOST_SHOWN = 80

T = TypeVar("T")

# Which meter a text names; raises ``Refused``.
MeterOf = Callable[[str], MeterId]

_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?")
_TRUTHS = {"": False, "false": False, "true": True}

# Whole seconds that a column has: since 1970 began, within the calendar.
SECONDS = range(253_000_000_000)


def plain_meter(text: str, meter_of: MeterOf) -> int:
    """The meter that a text names, or ``NOT_PLAIN``."""
    try:
        return meter_of(text)
    except Refused:
        return NOT_PLAIN


def plain_second(text: str) -> int:
    """The second since 1970 that a text says, or ``NOT_PLAIN``."""
    try:
        at = _moment(text)
    except ValueError:
        return NOT_PLAIN
    second = seconds(at)
    return second if not at.microsecond and second in SECONDS else NOT_PLAIN


def plain_truth(text: str) -> int:
    """Yes (1) or no (0), or ``NOT_PLAIN``."""
    return _TRUTHS.get(text, NOT_PLAIN)


def told_of(cells: Mapping[str, str], meter_of: MeterOf, number: int) -> Reading | Refusal:
    """What a row says, or why it cannot be read."""
    try:
        return Reading(
            meter_of(cells["meter"]),
            _read(cells, "at", _moment, "2024-01-01T01:00:00+08:00"),
            _read(cells, "value", _number, "1234.5"),
            cells.get("unit") or None,
            _read(cells, "estimated", _TRUTHS.__getitem__, "true, false"),
            _read(cells, "from", _moment, "2024-01-01T00:00:00+08:00"),
            late=True,
        )
    except Refused as refused:
        return refused.refusal.under("items", str(number))


def _read(cells: Mapping[str, str], name: str, read: Callable[[str], T], example: str) -> T:
    text = cells.get(name, "")
    try:
        return read(text)
    except (ValueError, KeyError, ArithmeticError):
        problem = InvalidInput(
            path=(name,),
            value=text[:MOST_SHOWN],
            expected_zh=f"该列应形如{example}",
            expected_en=f"the column is written as {example}",
        )
        raise Refused(problem) from None


def _moment(text: str) -> datetime:
    """A moment that says where it is."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)
