"""Numbers as they are written, many at once, as whole millionths. Pure; no floats."""

import re
from collections.abc import Sequence

import numpy as np

from nzc_api.metering.amounts import DECIMALS
from nzc_api.metering.columns import DIGITS, Numbers

# What is not plainly written: with a sign, an exponent, zeros in front, or too many digits.
NOT_PLAIN = -1

_VALUE = rf"(?:0|[1-9][0-9]{{0,{DIGITS - 1}}})(?:\.[0-9]{{1,{DECIMALS}}})?"
_ONE = re.compile(_VALUE)
_LINES = re.compile(rf"(?:{_VALUE}\n)*")


def millionths_of(texts: Sequence[str]) -> Numbers:
    """The millionths that each text says, from 0 to less than 10^14; or ``NOT_PLAIN``."""
    lines = "\n".join((*texts, ""))
    if lines.count("\n") != len(texts) or not _LINES.fullmatch(lines):
        return np.array([*map(_millionths, texts)], np.int64)
    found: Numbers = np.fromstring(lines.replace(".", ""), np.int64, sep="\n")
    characters = np.frombuffer(lines.encode(), np.uint8)
    ends, points = (np.flatnonzero(characters == ord(sign)) for sign in "\n.")
    decimals = np.zeros(len(texts), np.int64)
    which = np.searchsorted(ends, points)
    decimals[which] = ends[which] - points - 1
    return found * 10 ** (DECIMALS - decimals)


def _millionths(text: str) -> int:
    if not _ONE.fullmatch(text):
        return NOT_PLAIN
    whole, _, part = text.partition(".")
    return int(whole + part.ljust(DECIMALS, "0"))
