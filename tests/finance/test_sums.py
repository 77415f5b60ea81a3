"""What is pledged on a day, against a count of every day; and what has an end."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from nzc_api.finance.errors import FinancingsFull
from nzc_api.finance.model import Financing, FinancingEnd, FinancingTerms, Pledge
from nzc_api.finance.rules import MOST_FINANCINGS, check_room
from nzc_api.finance.sums import fullest_day, pledged_of, share_on, sums_by_product
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import FinanceProduct
from nzc_api.ids import FinancingId, MeasureId, PilotId, Position
from nzc_api.pilots.model import DateSpan, Pilot

FIRST = date(2024, 1, 1)
DAYS = 40
SPANS = st.tuples(st.integers(0, DAYS - 1), st.integers(0, DAYS - 1)).map(sorted)
PLEDGES = st.lists(st.tuples(SPANS, st.integers(1, 10000)), max_size=8)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def pledge(span: list[int], hundredths: int, measure: int = 1) -> Pledge:
    days = DateSpan(day(span[0]), day(span[1]))
    return Pledge(MeasureId(measure), Decimal(hundredths).scaleb(-2), days)


def financing(*pledges: Pledge, amount: str = "9", ended_on: date | None = None) -> Financing:
    terms = FinancingTerms(
        product=FinanceProduct.SAVINGS_PLEDGE_LOAN,
        name=None,
        financier="某银行",
        amount=Decimal(amount),
        span=DateSpan(FIRST, day(DAYS)),
        allocations=(),
        pledges=pledges,
    )
    end = None if ended_on is None else FinancingEnd(Position(9), ended_on, "凭证")
    return Financing(id=FinancingId(1), pilot_id=PilotId(1), terms=terms, end=end)


@given(PLEDGES)
def test_the_fullest_day_is_that_of_a_count_of_every_day(made: list[tuple[list[int], int]]) -> None:
    pledges = [pledge(*each) for each in made]
    counted = [
        (
            sum(
                (p.share for p in pledges if p.span.starts_on <= day(n) <= p.span.ends_on),
                Decimal(0),
            ),
            -n,
        )
        for n in range(DAYS)
    ]
    share, first = max(counted)
    found = fullest_day(pledges)
    assert found == ((day(-first), share) if pledges else None)
    for n in range(DAYS):
        assert share_on(pledges, day(n)) == counted[n][0]


@given(PLEDGES, st.integers(0, DAYS - 1))
def test_an_early_end_ends_what_is_pledged(made: list[tuple[list[int], int]], on: int) -> None:
    pledges = [pledge(*each) for each in made]
    whole, ended = financing(*pledges), financing(*pledges, ended_on=day(on))
    for n in range(DAYS):
        left = share_on(pledged_of([ended], MeasureId(1)), day(n))
        assert left == (share_on(pledged_of([whole], MeasureId(1)), day(n)) if n <= on else 0)


def test_pledges_of_other_measures_are_not_summed() -> None:
    both = financing(pledge([0, 9], 6000), pledge([0, 9], 5000, measure=2))
    assert [p.share for p in pledged_of([both], MeasureId(2))] == [Decimal(50)]


def test_sums_are_by_product_in_the_order_of_the_guide() -> None:
    [found] = sums_by_product([financing(amount="9.5"), financing(amount="0.5")])
    assert (found.product, found.count, found.amount) == (
        FinanceProduct.SAVINGS_PLEDGE_LOAN, 2, Decimal("10.0"),
    )  # fmt: skip


def test_the_products_are_those_of_the_guide() -> None:
    assert [product.value for product in GUIDE.finance_products] == [
        "SAVINGS_PLEDGE_LOAN", "GREEN_BUYER_CREDIT", "GREEN_FINANCE_LEASE",
    ]  # fmt: skip
    [asked] = [r.text.zh for r in GUIDE.requirements if r.code == "GREEN_FINANCE"]
    assert asked == "、".join(name.zh for name in GUIDE.finance_products.values())


def test_a_pilot_has_so_many_financings_and_no_more() -> None:
    pilot = cast(Pilot, SimpleNamespace(code="P-1"))
    assert check_room(pilot, MOST_FINANCINGS - 1) is None
    refused = check_room(pilot, MOST_FINANCINGS)
    assert isinstance(refused, FinancingsFull)
    assert (refused.path, refused.most) == (("pilot",), 200)
