"""What a financing, its allocations and its pledges must be. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from nzc_api.accounting.exact import plain
from nzc_api.finance.errors import (
    AllocationsExceedCapex,
    AllocationsExceedFinancing,
    FinancingEnded,
    FinancingsFull,
    PledgeOutsideFinancing,
    ProductPledgesNothing,
    SavingsPledgedAlready,
)
from nzc_api.finance.model import (
    PLEDGING,
    Allocation,
    EndFinancing,
    Financing,
    FinancingTerms,
    Pledge,
)
from nzc_api.finance.sums import allocated, allocated_to, fullest_day, pledged_of
from nzc_api.guide.terms import FinanceProduct
from nzc_api.ids import MeasureId
from nzc_api.measures.errors import MeasureNotOfPilot
from nzc_api.measures.model import Measure
from nzc_api.pilots.model import DateSpan, Pilot
from nzc_api.pilots.rules import check_order
from nzc_api.refusal import InvalidInput, Refusal, first_refused
from nzc_api.text import saying_problem

MOST_FINANCINGS = 200
MOST_ALLOCATIONS = 50
MOST_PLEDGES = 50

# CNY: more than any pilot has; the database holds the same.
MOST_MONEY = 10**12
ALL = 100
DECIMALS = 2


def check_terms(terms: FinancingTerms) -> Refusal | None:
    """Whether it can be agreed, whatever the pilot is."""
    return (
        _check_name(terms)
        or saying_problem(terms.financier, "financier")
        or _check_number("amount", terms.amount, MOST_MONEY)
        or check_order(terms.span)
        or _check_allocations(terms)
        or _check_pledges(terms)
    )


def check_room(pilot: Pilot, count: int) -> Refusal | None:
    """Whether a pilot with so many financings may have one more."""
    if count < MOST_FINANCINGS:
        return None
    return FinancingsFull(path=("pilot",), pilot_code=pilot.code, most=MOST_FINANCINGS)


def check_measures(
    pilot: Pilot, terms: FinancingTerms, measures: Collection[MeasureId]
) -> Refusal | None:
    """Whether what is paid for, and whose savings are pledged, are measures of the pilot."""
    for path, measure_id in _named(terms):
        if measure_id not in measures:
            return MeasureNotOfPilot(path=path, pilot_code=pilot.code, measure_id=measure_id)
    return None


def check_capex(
    terms: FinancingTerms, measures: Mapping[MeasureId, Measure], others: Sequence[Financing]
) -> Refusal | None:
    """Whether no measure is paid for more than it costs, with what the pilot's other financings pay."""
    for number, given in enumerate(terms.allocations):
        measure = measures[given.measure_id]
        left = measure.plan.capex - allocated_to(others, measure.id)
        if given.amount > left:
            return AllocationsExceedCapex(
                path=("allocations", str(number), "amount"),
                measure_id=measure.id,
                measure_zh=measure.plan.name.zh,
                measure_en=measure.plan.name.en,
                capex=plain(measure.plan.capex),
                allocated=plain(measure.plan.capex - left),
                given=plain(given.amount),
                left=plain(left),
            )
    return None


def check_pledged(
    terms: FinancingTerms, measures: Mapping[MeasureId, Measure], others: Sequence[Financing]
) -> Refusal | None:
    """Whether on no day more than all that a measure saves is pledged, with what is for other financings."""
    for number, given in enumerate(terms.pledges):
        measure = measures[given.measure_id]
        so_far = [p for p in terms.pledges[: number + 1] if p.measure_id == measure.id]
        fullest = fullest_day([*pledged_of(others, measure.id), *so_far])
        if fullest is not None and fullest[1] > ALL:
            problem = _pledged_already(measure, given, *fullest)
            return problem.under("pledges", str(number))
    return None


def check_end(financing: Financing, command: EndFinancing, today: date) -> Refusal | None:
    """Whether it can have ended on that day."""
    return (
        saying_problem(command.document, "document")
        or _check_runs(financing)
        or _check_end_day(financing.terms.span, command.on, today)
    )


def _check_name(terms: FinancingTerms) -> Refusal | None:
    """Another product than the guide's has a name of its own."""
    if (terms.product is FinanceProduct.OTHER) is (terms.name is None):
        return InvalidInput(
            path=("product_name",),
            value=str(terms.name)[:80],
            expected_zh="产品为OTHER时填写其名称，其余产品不填",
            expected_en="what a product that is OTHER is called, and none of the guide's products",
        )
    return None if terms.name is None else saying_problem(terms.name, "product_name")


def _check_number(field: str, value: Decimal, most: int) -> Refusal | None:
    if 0 < value <= most and value == round(value, DECIMALS):
        return None
    return InvalidInput(
        path=(field,),
        value=plain(value)[:80],
        expected_zh=f"大于0、至多{most}，至多{DECIMALS}位小数",
        expected_en=f"above 0, at most {most}, with at most {DECIMALS} decimals",
    )


def _check_allocations(terms: FinancingTerms) -> Refusal | None:
    paid = [allocation.measure_id for allocation in terms.allocations]
    if len(paid) > MOST_ALLOCATIONS or len(set(paid)) < len(paid):
        return InvalidInput(
            path=("allocations",),
            value=str(len(paid)),
            expected_zh=f"至多{MOST_ALLOCATIONS}项措施，每项一次",
            expected_en=f"at most {MOST_ALLOCATIONS} measures, each once",
        )
    return first_refused("allocations", terms.allocations, _check_allocation) or _check_sum(terms)


def _check_allocation(allocation: Allocation) -> Refusal | None:
    return _check_number("amount", allocation.amount, MOST_MONEY)


def _check_sum(terms: FinancingTerms) -> Refusal | None:
    together = allocated(terms.allocations)
    if together <= terms.amount:
        return None
    return AllocationsExceedFinancing(
        path=("allocations",), allocated=plain(together), amount=plain(terms.amount)
    )


def _check_pledges(terms: FinancingTerms) -> Refusal | None:
    if len(terms.pledges) > MOST_PLEDGES:
        return InvalidInput(
            path=("pledges",),
            value=str(len(terms.pledges)),
            expected_zh=f"至多{MOST_PLEDGES}项",
            expected_en=f"at most {MOST_PLEDGES}",
        )
    if terms.pledges and terms.product not in PLEDGING:
        accepted = tuple(sorted(PLEDGING))
        return ProductPledgesNothing(path=("pledges",), product=terms.product, accepted=accepted)
    return first_refused("pledges", terms.pledges, lambda pledge: _check_pledge(terms.span, pledge))


def _check_pledge(span: DateSpan, pledge: Pledge) -> Refusal | None:
    return (
        _check_number("share", pledge.share, ALL)
        or check_order(pledge.span)
        or _check_within(span, pledge.span)
    )


def _check_within(span: DateSpan, pledged: DateSpan) -> Refusal | None:
    if span.contains(pledged):
        return None
    return PledgeOutsideFinancing(
        path=("starts_on" if pledged.starts_on < span.starts_on else "ends_on",),
        starts_on=str(pledged.starts_on),
        ends_on=str(pledged.ends_on),
        financing_starts_on=str(span.starts_on),
        financing_ends_on=str(span.ends_on),
    )


def _named(terms: FinancingTerms) -> Iterator[tuple[tuple[str, ...], MeasureId]]:
    """Where measures are named, and which."""
    for number, allocation in enumerate(terms.allocations):
        yield ("allocations", str(number), "measure"), allocation.measure_id
    for number, pledge in enumerate(terms.pledges):
        yield ("pledges", str(number), "measure"), pledge.measure_id


def _pledged_already(
    measure: Measure, given: Pledge, day: date, share: Decimal
) -> SavingsPledgedAlready:
    """On the fullest day, which the pledge that is given is on: without it there was room."""
    pledged = share - given.share
    return SavingsPledgedAlready(
        path=("share",),
        measure_id=measure.id,
        measure_zh=measure.plan.name.zh,
        measure_en=measure.plan.name.en,
        day=str(day),
        share=plain(share),
        pledged=plain(pledged),
        left=plain(ALL - pledged),
    )


def _check_runs(financing: Financing) -> Refusal | None:
    if financing.end is None:
        return None
    return FinancingEnded(
        path=("financing",), financing_id=financing.id, ended_on=str(financing.end.on)
    )


def _check_end_day(span: DateSpan, on: date, today: date) -> Refusal | None:
    last = min(span.ends_on, today)
    if span.starts_on <= on <= last:
        return None
    return InvalidInput(
        path=("on",),
        value=str(on),
        expected_zh=f"融资期内且不晚于今天（{today}）的日期：{span.starts_on}至{last}",
        expected_en=f"a day on which it runs, not after today ({today}): from {span.starts_on} to {last}",
    )
