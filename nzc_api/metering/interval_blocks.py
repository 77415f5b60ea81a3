"""Blocks of intervals, as they are kept: a block is what is told of a meter by intervals of one length that follow one
another, begin on one day, are alike estimated or measured, and are numbered evenly in the request. Pure; whole numbers
only.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nzc_api.metering.columns import Columns, Numbers, Truths, pieces
from nzc_api.metering.rollups import day_of

# In seconds: of shorter ones each is a block by itself, for a day has so many that none of them is found by its day.
SHORTEST_OF_SEVERAL = 300


@dataclass(frozen=True, slots=True)
class IntervalBlocks:
    """Blocks of as many intervals each: their meters, from which second on they are, how many seconds each interval is,
    the number of the first and what is added to it for each next one, whether they are estimated (1) or not (0), and, a
    row each block, how much was used in millionths of the meter's unit."""

    meters: Numbers
    starts: Numbers
    lengths: Numbers
    numbers: Numbers
    strides: Numbers
    estimated: Numbers
    millionths: Numbers


def blocks_of(columns: Columns) -> Iterator[IntervalBlocks]:
    """The blocks of columns that are by meter and time, those of each size together."""
    begins, ends = pieces(_goes_on(columns))
    sizes = ends - begins + 1
    for size in np.unique(sizes).tolist():
        first = begins[sizes == size]
        numbers = columns.numbers[first]
        yield IntervalBlocks(
            meters=columns.meters[first],
            starts=columns.starts[first],
            lengths=columns.ends[first] - columns.starts[first],
            numbers=numbers,
            strides=columns.numbers[first + 1] - numbers
            if size > 1
            else np.zeros(len(first), np.int64),
            estimated=columns.estimated[first],
            millionths=columns.millionths[first[:, None] + np.arange(size)],
        )


def _goes_on(columns: Columns) -> Truths:
    """Of each row whether it is of the block of the one before it."""
    lengths, days = columns.ends - columns.starts, day_of(columns.starts)
    follows = (columns.ends[:-1] == columns.starts[1:]) & (lengths[1:] >= SHORTEST_OF_SEVERAL)
    for column in (columns.meters, lengths, days, columns.estimated):
        follows &= column[1:] == column[:-1]
    # Of a block's second row the stride is any; of those after it, the one before.
    strides = np.diff(columns.numbers)
    evenly = ~follows[:-1] | (strides[1:] == strides[:-1])
    found = np.zeros(len(columns), np.bool_)
    found[1:] = follows
    found[2:] &= evenly
    return found
