"""The lines of intervals that a digest covers (`readings.line_of`), of whole columns at once: each digit of a column is
one more array of characters, of which those in front of a number are left out. Pure; whole numbers only.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nzc_api.metering.amounts import DECIMALS
from nzc_api.metering.columns import Columns, Numbers, Truths

Characters: TypeAlias = NDArray[np.uint8]

_ZERO = ord("0")


class _Place(NamedTuple):
    """A character of each line, and of which lines it is written."""

    characters: Characters
    written: Truths


def lines_of(columns: Columns) -> bytes:
    """The lines, by the numbers of their rows, without an end after the last."""
    if not len(columns):
        return b""
    rows = columns.take(np.argsort(columns.numbers))
    quality = np.where(rows.estimated, ord("E"), ord("A")).astype(np.uint8)
    units, part = np.divmod(rows.millionths, 10**DECIMALS)
    every = np.ones(len(rows), np.bool_)

    def each(text: str, where: Truths = every) -> Iterable[_Place]:
        return [_Place(np.full(len(rows), ord(character), np.uint8), where) for character in text]

    places = [
        place
        for number in (rows.numbers, rows.meters, rows.starts, rows.ends)
        for place in (*_digits(number), *each(" "))
    ]
    places += [_Place(quality, every), *each(" "), *_digits(units)]
    places += [*each(".", part > 0), *_decimals(part), *each(" -\n")]
    characters, written = zip(*places, strict=True)
    lines: bytes = np.stack(characters, 1)[np.stack(written, 1)].tobytes()
    return lines[:-1]


def _digits(numbers: Numbers) -> list[_Place]:
    """The digits of whole numbers, from 0, without zeros in front."""
    places, rest, written = list[_Place](), numbers, np.ones(len(numbers), np.bool_)
    for _ in str(numbers.max()):
        rest, digit = _last_digit(rest)
        places.append(_Place(digit, written))
        written = rest > 0
    return places[::-1]


def _decimals(millionths: Numbers) -> list[_Place]:
    """The digits of a part of one, without zeros at the end."""
    places, rest, written = list[_Place](), millionths, np.zeros(len(millionths), np.bool_)
    for _ in range(DECIMALS):
        rest, digit = _last_digit(rest)
        written = written | (digit > _ZERO)
        places.append(_Place(digit, written))
    return places[::-1]


def _last_digit(numbers: Numbers) -> tuple[Numbers, Characters]:
    """What is before the last digit, and that digit."""
    rest = numbers // 10
    return rest, (numbers - rest * 10 + _ZERO).astype(np.uint8)
