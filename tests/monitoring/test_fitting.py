"""What explains use best: by hand, and beside a reference; and what is told of it is exact."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from nzc_api.accounting.exact import significant
from nzc_api.monitoring.baseline import Fit, Observed, RelevantVariable
from nzc_api.monitoring.fitting import collinear, fitted
from nzc_api.monitoring.model import DenominatorKind

COOLING = RelevantVariable(DenominatorKind.COOLING_DEGREE_DAYS)
OUTPUT = RelevantVariable(DenominatorKind.OUTPUT_VALUE)
OCCUPANTS = RelevantVariable(DenominatorKind.EMPLOYEES)
ALL = (COOLING, OUTPUT, OCCUPANTS)


def of(use: list[int], *amounts: list[int]) -> Observed:
    return Observed(
        "kWh", tuple(map(Fraction, use)), tuple(tuple(map(Fraction, x)) for x in amounts)
    )


def test_a_line_by_hand() -> None:
    """x 1 to 5, y 2 4 5 4 5: slope 6/10, intercept 4 − 0.6 × 3; 2.4 of 6 is left, and √(2.4 ÷ 3) ÷ 4."""
    fit = fitted(of([2, 4, 5, 4, 5], [1, 2, 3, 4, 5]), [COOLING])
    [found] = fit.variables
    assert (found.slope, fit.intercept, fit.points) == (Decimal("0.6"), Decimal("2.2"), 5)
    assert (fit.r_squared, fit.cv_rmse) == (Decimal("0.6"), Decimal("0.223607"))
    assert (found.least, found.most) == (Decimal(1), Decimal(5))
    assert fit.expected([Fraction(6)]) == Decimal("5.8")
    assert fit.is_beyond([Fraction(6)])
    assert not fit.is_beyond([Fraction(5)])


def test_what_is_explained_whole() -> None:
    """3 and 2 a unit of the one, 1 of the other."""
    cooling, output = [1, 2, 3, 4, 5], [0, 3, 1, 4, 10]
    use = [3 + 2 * x + z for x, z in zip(cooling, output, strict=True)]
    fit = fitted(of(use, cooling, output), ALL[:2])
    assert [v.slope for v in fit.variables] == [2, 1]
    assert [fit.intercept, fit.r_squared, fit.cv_rmse] == [3, 1, 0]


@pytest.mark.parametrize("seed", range(40))
def test_beside_a_reference(seed: int) -> None:
    """The normal equations, solved in fractions: the same to six digits, and R² and CV(RMSE) with it."""
    random = Random(seed)
    count = random.randrange(1, 4)
    points = random.randrange(count + 2, 40)
    amounts = [[random.randrange(1000) for _ in range(points)] for _ in range(count)]
    use = [
        10_000 + sum((n + 1) * x[step] for n, x in enumerate(amounts)) + random.randrange(-500, 500)
        for step in range(points)
    ]
    observed = of(use, *amounts)
    if collinear(observed.amounts) is not None or any(len(set(x)) == 1 for x in amounts):
        pytest.skip("nothing to fit")
    fit = fitted(observed, ALL[:count])
    intercept, *slopes = _reference(observed)
    for found, wanted in zip(fit.variables, slopes, strict=True):
        assert abs(Fraction(found.slope) - wanted) <= abs(wanted) / 10**5
    assert _quality(observed, fit) == (fit.r_squared, fit.cv_rmse)
    reckoned = fit.expected([x[0] for x in observed.amounts])
    exact = intercept + sum(s * x[0] for s, x in zip(slopes, observed.amounts, strict=True))
    assert abs(Fraction(reckoned) - exact) <= abs(exact) / 10**4


def _reference(observed: Observed) -> list[Fraction]:
    """The intercept and the slopes, by Gauss and in fractions."""
    rows = [[Fraction(1), *row] for row in zip(*observed.amounts, strict=True)]
    size = len(rows[0])
    matrix = [
        [sum((row[i] * row[j] for row in rows), Fraction()) for j in range(size)]
        + [sum((row[i] * y for row, y in zip(rows, observed.use, strict=True)), Fraction())]
        for i in range(size)
    ]
    for i in range(size):
        pivot = next(n for n in range(i, size) if matrix[n][i])
        matrix[i], matrix[pivot] = matrix[pivot], matrix[i]
        matrix[i] = [value / matrix[i][i] for value in matrix[i]]
        for n in range(size):
            if n != i:
                times = matrix[n][i]
                matrix[n] = [a - times * b for a, b in zip(matrix[n], matrix[i], strict=True)]
    return [row[-1] for row in matrix]


def _quality(observed: Observed, fit: Fit) -> tuple[Decimal, Decimal]:
    """R² and CV(RMSE) of what is kept, from their definitions."""
    slopes = [Fraction(v.slope) for v in fit.variables]
    rows = zip(*observed.amounts, strict=True)
    expected = [
        Fraction(fit.intercept) + sum(s * x for s, x in zip(slopes, row, strict=True))
        for row in rows
    ]
    mean = sum(observed.use, Fraction()) / len(observed.use)
    pairs = zip(observed.use, expected, strict=True)
    left = sum(((y - e) * (y - e) for y, e in pairs), Fraction())
    whole = sum(((y - mean) * (y - mean) for y in observed.use), Fraction())
    freedom = len(observed.use) - len(slopes) - 1
    cv = (Decimal(left.numerator) / Decimal(left.denominator) / freedom).sqrt() / (
        Decimal(mean.numerator) / Decimal(mean.denominator)
    )
    return significant(1 - left / whole), significant(Fraction(cv))


def test_the_same_in_another_order_and_unit() -> None:
    """What is kept does not hang on the order of steps; in a thousandth of the unit it is a thousand times as much."""
    use, cooling, output = [12, 25, 31, 44, 60], [1, 2, 3, 4, 5], [0, 3, 1, 4, 10]
    fit = fitted(of(use, cooling, output), ALL[:2])
    turned = fitted(of(use[::-1], cooling[::-1], output[::-1]), ALL[:2])
    assert turned == fit
    thousand = fitted(of([1000 * y for y in use], cooling, output), ALL[:2])
    assert [v.slope for v in thousand.variables] == [1000 * v.slope for v in fit.variables]
    assert (thousand.r_squared, thousand.cv_rmse) == (fit.r_squared, fit.cv_rmse)


@pytest.mark.parametrize(
    ("amounts", "found"),
    [
        (([1, 2, 3, 4], [4, 1, 3, 2]), None),
        (([1, 2, 3, 4], [2, 4, 6, 8]), 1),
        (([1, 2, 3, 4], [4, 1, 3, 2], [5, 3, 6, 6]), 2),
        (([1, 2, 3, 4], [10, 9, 8, 7]), 1),
        # Nearly: a ten thousandth apart.
        (([10_000, 20_000, 30_000, 40_000], [10_000, 20_001, 30_000, 40_000]), 1),
    ],
)
def test_variables_that_others_make(amounts: tuple[list[int], ...], found: int | None) -> None:
    assert collinear(of([1, 2, 3, 4], *amounts).amounts) == found
