"""What a target allows in years and days: exact, and shared exactly by spans that follow one another."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.pilots.model import DateSpan
from nzc_api.targets.curve import DAY, Points, in_year, over_days
from nzc_api.targets.rules import weakens
from tests.targets.stating import VERIFIED_YEAR, ceilings, recorded, stated
from tests.world import World

TABLE = Path(__file__).parent / "年度上限.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.read_text("utf-8").splitlines()
    if line.startswith("| 2")
]
SPANS = [{"startsOn": row[0], "endsOn": row[1]} for row in ROWS]

CEILING = """query ($id: ID!, $day: Date!) { pilot(by: {id: $id}) {
    targetStatus(period: {containing: $day}) { ceilingCo2e } } }"""


async def test_the_table(shared_world: World) -> None:
    """As a regulator works it out."""
    pilot = await shared_world.pilot(accountingPeriods=SPANS)
    await stated(shared_world, pilot, VERIFIED_YEAR, "1000", "HISTORICAL")
    await recorded(shared_world, pilot, ceilings(("2026", "600"), ("2030", "0")))
    for first, _, ceiling, *_ in ROWS:
        found = await shared_world.anyone.ask(CEILING, id=pilot["id"], day=first)
        assert found["pilot"]["targetStatus"] == {"ceilingCo2e": ceiling}, first


amounts = st.decimals(0, 10**6, places=6)


@st.composite
def falling(draw: st.DrawFn) -> Points:
    years = sorted(draw(st.sets(st.integers(1990, 2060), min_size=2, max_size=6)))
    values = sorted(draw(st.lists(amounts, min_size=len(years), max_size=len(years))), reverse=True)
    return tuple(zip(years, values, strict=True))


@given(falling(), st.lists(st.dates(date(2000, 1, 1), date(2070, 1, 1)), min_size=3, max_size=6))
def test_neighbouring_spans_share_it_exactly(points: Points, days: list[date]) -> None:
    points = ((1990, points[0][1]), *(p for p in points if p[0] > 1990))
    edges = sorted({*days, date(2000, 1, 1), date(2071, 1, 1)})
    spans = [DateSpan(a, b - DAY) for a, b in pairwise(edges)]
    parts = [over_days(points, span) for span in spans]
    assert None not in parts
    assert sum(part for part in parts if part is not None) == over_days(
        points, DateSpan(edges[0], edges[-1] - DAY)
    )


@given(falling())
def test_a_year_that_is_said_has_what_is_said_and_none_has_more_than_one_before(
    points: Points,
) -> None:
    for year, said in points:
        whole = DateSpan(date(year, 1, 1), date(year, 12, 31))
        assert over_days(points, whole) == said
    years = range(points[0][0], points[-1][0] + 2)
    found = [in_year(points, year) for year in years]
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("days", [1, 400])
def test_there_is_nothing_before_the_first_year(days: int) -> None:
    first = date(2022, 1, 1)
    span = DateSpan(first - timedelta(1), first + timedelta(days))
    assert over_days(((2022, Decimal(5)), (2023, Decimal(0))), span) is None


OLD = ((2022, Decimal(1000)), (2030, Decimal(0)))
REVISED = {
    "the same": (OLD, False),
    "less in between": (((2022, Decimal(1000)), (2025, Decimal(100)), (2030, Decimal(0))), False),
    "more in between": (((2022, Decimal(1000)), (2025, Decimal(700)), (2030, Decimal(0))), True),
    "zero a year later": (((2022, Decimal(1000)), (2031, Decimal(0))), True),
    "a baseline of the next year, below its ceiling": (
        ((2023, Decimal(875)), (2030, Decimal(0))),
        False,
    ),
    "a baseline of the next year, above its ceiling": (
        ((2023, Decimal(876)), (2029, Decimal(0))),
        True,
    ),
    "a year that is limited no longer": (((2024, Decimal(10)), (2025, Decimal(0))), True),
    "a baseline of seven years later": (((2029, Decimal(1)), (2030, Decimal(0))), True),
    "an earlier baseline": (((2020, Decimal(1000)), (2030, Decimal(0))), False),
}


@pytest.mark.parametrize(("revised", "weaker"), REVISED.values(), ids=REVISED)
def test_what_allows_more_or_limits_less_is_weaker(revised: Points, weaker: bool) -> None:
    assert weakens(OLD, revised) is weaker
