"""Fitting a baseline: ordinary least squares, by numpy. Pure.

The slopes are float arithmetic, kept to six significant digits: what two machines reckon alike. What follows from them
(the intercept, R², CV(RMSE)) is exact, and rounded once. Whoever has the numbers can redo it.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from nzc_api.accounting.exact import rounded, significant
from nzc_api.monitoring.baseline import Fit, FittedVariable, Observed, RelevantVariable

Floats = NDArray[np.float64]

# How near variables may come to being each other's sums: the ratio of the largest and the least singular value of
# what they vary by, each brought to one length. Our own bound: beyond it slopes say nothing, and digits are lost.
MOST_ALIKE = 1000.0


def collinear(amounts: Sequence[Sequence[Fraction]]) -> int | None:
    """The first variable that is, or nearly is, what those before it make; None where each varies by itself."""
    varied = _varied(amounts)
    for count in range(2, varied.shape[1] + 1):
        sizes = np.linalg.svd(varied[:, :count], compute_uv=False)
        if sizes[-1] * MOST_ALIKE < sizes[0]:
            return count - 1
    return None


def fitted(observed: Observed, variables: Sequence[RelevantVariable]) -> Fit:
    """What explains the use best, of variables that vary, each by itself."""
    mean = _mean(observed.use)
    slopes = _slopes(observed)
    intercept = rounded(
        mean - sum(Fraction(s) * _mean(x) for s, x in zip(slopes, observed.amounts, strict=True))
    )
    left = [
        used - Fraction(intercept) - sum(Fraction(s) * x for s, x in zip(slopes, row, strict=True))
        for used, row in zip(observed.use, zip(*observed.amounts, strict=True), strict=True)
    ]
    unexplained = sum((of_step**2 for of_step in left), Fraction())
    varied = sum(((used - mean) ** 2 for used in observed.use), Fraction())
    freedom = len(observed.use) - len(variables) - 1
    return Fit(
        points=len(observed.use),
        intercept=intercept,
        r_squared=significant(max(1 - unexplained / varied, Fraction(0))),
        cv_rmse=significant(Fraction(_root(unexplained / freedom)) / abs(mean)),
        variables=tuple(
            FittedVariable(
                variable=variable, slope=slope, least=rounded(min(x)), most=rounded(max(x))
            )
            for variable, slope, x in zip(variables, slopes, observed.amounts, strict=True)
        ),
    )


def _slopes(observed: Observed) -> list[Decimal]:
    lengths = [_length(x) for x in observed.amounts]
    found = np.linalg.lstsq(_varied(observed.amounts), _column(observed.use), rcond=None)[0]
    return [
        significant(Fraction(float(slope)) / length)
        for slope, length in zip(found, lengths, strict=True)
    ]


def _varied(amounts: Sequence[Sequence[Fraction]]) -> Floats:
    """How each variable varies about its mean, in a column whose length is one."""
    columns = [_column(x) / float(_length(x)) for x in amounts]
    return np.column_stack(columns)


def _column(values: Sequence[Fraction]) -> Floats:
    # The mean is taken away before anything is a float: so no digit is lost by it.
    mean = _mean(values)
    return np.array([float(value - mean) for value in values])


def _length(values: Sequence[Fraction]) -> Fraction:
    mean = _mean(values)
    return Fraction(_root(sum(((value - mean) ** 2 for value in values), Fraction())))


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def _root(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).sqrt()
