"""What measures cost a tonne, how they add up, and what they leave: as worked out by hand."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.accounting.exact import total
from nzc_api.guide.terms import LifeCycleStage
from nzc_api.ids import MeasureId, OrganisationId, PeriodId, PilotId
from nzc_api.inventories.model import Basis
from nzc_api.measures.abatement import (
    LeftOutReason,
    abatement_cost,
    curve_of,
    largest,
    recovery_factor,
)
from nzc_api.measures.errors import MeasuresFull
from nzc_api.measures.model import (
    Effect,
    EffectMethod,
    EffectTerms,
    EffectWarning,
    Measure,
    MeasurePlan,
    MeasureState,
    Period,
    PotentialTerms,
    Saving,
)
from nzc_api.measures.potential import Potential
from nzc_api.measures.rules import MOST_MEASURES, check_effect, check_room
from nzc_api.metering.model import Carrier
from nzc_api.pilots.model import DateSpan, Pilot
from nzc_api.refusal import InvalidInput, LocalizedText
from nzc_api.statements.model import NetEmissions
from nzc_api.targets.model import TargetRoute

HERE = Path(__file__).parent


def table(name: str) -> dict[str, list[str]]:
    """The rows of a page, by their first cells."""
    lines = (HERE / f"{name}.md").read_text("utf-8").splitlines()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("| ")
    ]
    return {row[0]: row[1:] for row in rows[1:]}


def measure(
    number: int = 1,
    expected: str = "50",
    capex: str = "0",
    opex: str = "0",
    saving: tuple[str, str] = ("0", "0"),
    life: int = 10,
    excluded: Collection[int] = (),
    route: TargetRoute = TargetRoute.EFFICIENCY,
    **given: Any,
) -> Measure:
    savings = (
        Saving(
            carrier=Carrier.ELECTRICITY,
            quantity=Decimal(saving[0]),
            unit="kWh",
            price=Decimal(saving[1]),
        ),
    )
    plan = MeasurePlan(
        name=LocalizedText(f"措施{number}", f"Measure {number}"),
        technology=None,
        catalogue=None,
        catalogue_item=None,
        route=route,
        stage=LifeCycleStage.OPERATION,
        capex=Decimal(capex),
        opex_change=Decimal(opex),
        life_years=life,
        starts_on=date(2024, 1, 1),
        expected=Decimal(expected),
        savings=savings,
        excludes=(),
    )
    other = frozenset(map(MeasureId, excluded))
    return Measure(id=MeasureId(number), pilot_id=PilotId(1), plan=plan, excluded=other, **given)


def found(yearly: str) -> Effect:
    """An effect of a whole year that was verified."""
    before = Period(DateSpan(date(2023, 1, 1), date(2023, 12, 31)), Decimal(yearly))
    after = Period(DateSpan(date(2024, 1, 1), date(2024, 12, 31)), Decimal(0))
    zero = Decimal(0)
    return Effect(
        id=9,
        measure_id=MeasureId(1),
        verifier_id=OrganisationId(2),
        terms=EffectTerms(
            method=EffectMethod.IPMVP_B,
            baseline=before,
            routine=zero,
            non_routine=zero,
            reporting=after,
            r_squared=None,
            cv_rmse=None,
            document="x",
        ),
    )


COSTS = table("措施成本")


@pytest.mark.parametrize("what", COSTS)
def test_what_a_tonne_costs(what: str) -> None:
    capex, opex, saved, price, life, rate, tonnes, yearly, cost = COSTS[what]
    item = measure(1, tonnes, capex, opex, (saved, price), int(life))
    assert Fraction(capex) * recovery_factor(Fraction(rate), int(life)) == Fraction(yearly)
    [step] = curve_of([item], 2024, Decimal(rate)).steps
    assert str(step.cost) == cost


@given(st.fractions(0, 1, max_denominator=1000), st.integers(1, 100))
def test_what_is_paid_back_is_what_was_lent(rate: Fraction, years: int) -> None:
    """A loan is paid back by equal payments: the reference is the balance, year by year."""
    balance = Fraction(1)
    for _ in range(years):
        balance = balance * (1 + rate) - recovery_factor(rate, years)
    assert balance == 0


def test_the_cheapest_first_and_cumulative() -> None:
    """Costs at a rate of 0 over 10 years: 100, −20, 100 and 40 a tonne."""
    every = [
        measure(1, "10", "10000"), measure(2, "5", "0", "-100"), measure(3, "1", "1000"),
        measure(4, "2.5", "1000"),
    ]  # fmt: skip
    curve = curve_of(every, 2024, Decimal(0))
    told = [(s.measure.id, str(s.cost), str(s.start), str(s.end)) for s in curve.steps]
    assert told == [
        (2, "-20.00", "0.000000", "5.000000"),
        (4, "40.00", "5.000000", "7.500000"),
        (1, "100.00", "7.500000", "17.500000"),
        (3, "100.00", "17.500000", "18.500000"),
    ]
    assert curve.left_out == ()


def test_measures_that_exclude_one_another_are_not_summed() -> None:
    """Of a cheap one and a large one the curve has the cheap one, the potential the large one."""
    cheap, large = measure(1, "10", "100"), measure(2, "30", "90000", excluded={1})
    cheap = measure(1, "10", "100", excluded={2})
    other = measure(3, "5", "50000")
    curve = curve_of([cheap, large, other], 2024, Decimal("0.05"))
    assert [s.measure.id for s in curve.steps] == [1, 3]
    [left] = curve.left_out
    assert (left.measure.id, left.reason) == (2, LeftOutReason.EXCLUDED)
    assert left.by is not None
    assert left.by.id == 1
    chosen = largest([cheap, large, other], 2024, date(2022, 12, 31))
    assert ([m.id for m in chosen.measures], chosen.co2e) == ([2, 3], Decimal(35))


LEFT_OUT = {
    "before it starts": (measure(), 2023, LeftOutReason.NOT_IN_YEAR),
    "after its life": (measure(), 2034, LeftOutReason.NOT_IN_YEAR),
    "stopped": (measure(state=MeasureState.STOPPED), 2024, LeftOutReason.STOPPED),
    "without a verified effect": (measure(effect=found("0")), 2024, LeftOutReason.NO_EFFECT),
    "bought": (measure(route=TargetRoute.PURCHASE), 2024, LeftOutReason.PURCHASE),
}


@pytest.mark.parametrize("what", LEFT_OUT)
def test_what_is_not_summed_says_why(what: str) -> None:
    item, year, reason = LEFT_OUT[what]
    curve = curve_of([item], year, Decimal(0))
    assert (curve.steps, [left.reason for left in curve.left_out]) == ((), [reason])
    assert largest([item], year, date(2022, 12, 31)).co2e == 0


@pytest.mark.parametrize(
    ("since", "expected", "why"),
    [
        ("2022-06-01", 5, {1: "IN_BASELINE", 2: "EXCLUDED"}),
        ("2022-12-31", 5, {1: "IN_BASELINE", 2: "EXCLUDED"}),
        ("2023-01-01", 35, {2: "EXCLUDED"}),
    ],
)
def test_what_ran_in_the_period_is_not_subtracted_again(
    since: str, expected: int, why: dict[int, str]
) -> None:
    """What it excludes is not done beside it, whether it is summed or runs."""
    ran = replace(measure(1, "30", excluded={2}), running_since=date.fromisoformat(since))
    chosen = largest(
        [measure(2, "20", excluded={1}), ran, measure(3, "5")], 2024, date(2022, 12, 31)
    )
    assert chosen.co2e == expected
    assert {left.measure.id: left.reason for left in chosen.left_out} == why
    assert all(left.by is ran for left in chosen.left_out if left.reason == "EXCLUDED")


@pytest.mark.parametrize("what", LEFT_OUT)
def test_what_ran_and_does_not_any_more_stands_in_nobodys_way(what: str) -> None:
    """Of a heat pump that ran in the period and stopped, the one that replaces it is summed."""
    item, year, reason = LEFT_OUT[what]
    ran = replace(item, running_since=date(2020, 1, 1))
    other = replace(measure(2, "20"), excluded=frozenset({ran.id}))
    other = replace(other, plan=replace(other.plan, starts_on=date(year, 1, 1)))
    chosen = largest([ran, other], year, date(2022, 12, 31))
    assert chosen.co2e == 20
    assert [(left.measure.id, left.reason) for left in chosen.left_out] == [(ran.id, reason)]


@pytest.mark.parametrize("year", [2024, 2033])
def test_the_first_and_the_last_year_of_its_life(year: int) -> None:
    assert curve_of([measure()], year, Decimal(0)).left_out == ()


def test_what_was_verified_counts_and_what_was_expected_stays() -> None:
    item = measure(1, "50", "10000", effect=found("40"))
    assert (item.yearly, item.plan.expected) == (Decimal(40), Decimal(50))
    assert abatement_cost(item, Fraction(0)) == 25


@given(
    st.lists(st.tuples(st.integers(1, 99), st.integers(-999, 999)), max_size=7),
    st.sets(st.tuples(st.integers(1, 7), st.integers(1, 7)), max_size=9),
)
def test_a_curve_rises_and_sums_each_tonne_once(
    made: list[tuple[int, int]], pairs: set[tuple[int, int]]
) -> None:
    both = {(a, b) for a, b in pairs if a != b} | {(b, a) for a, b in pairs if a != b}
    every = [
        measure(n, str(t), "0", str(o), excluded={b for a, b in both if a == n})
        for n, (t, o) in enumerate(made, 1)
    ]
    curve = curve_of(every, 2025, Decimal("0.03"))
    costs = [step.cost for step in curve.steps]
    assert costs == sorted(costs)
    assert all(before.end == after.start for before, after in pairwise(curve.steps))
    ids = {step.measure.id for step in curve.steps}
    assert not any((a, b) in both for a in ids for b in ids)
    assert ids | {left.measure.id for left in curve.left_out} == set(range(1, len(made) + 1))
    if curve.steps:
        assert curve.steps[-1].end == total(m.yearly for m in every if m.id in ids)
    for left in curve.left_out:
        assert left.by is not None
        assert left.by.id in left.measure.excluded & ids


POTENTIALS = table("减排潜力")


@pytest.mark.parametrize("what", POTENTIALS)
def test_what_is_left(what: str) -> None:
    gross, growth, years, expected, sinks, usual, remaining, tonnes = POTENTIALS[what]
    period = SimpleNamespace(span=DateSpan(date(2022, 1, 1), date(2022, 12, 31)))
    stated = SimpleNamespace(
        gross_co2e=Decimal(gross), usable_sinks_co2e=Decimal(sinks), period=period
    )
    terms = PotentialTerms(
        period_id=PeriodId(1),
        basis=Basis.HISTORICAL,
        year=2022 + int(years),
        growth=Decimal(growth),
    )
    measures = [measure(1, expected, life=20)] if Decimal(expected) else []
    if measures and terms.year < 2024:
        plan = measures[0].plan
        object.__setattr__(plan, "starts_on", date(2022, 1, 1))
    made = Potential.of(terms, cast(NetEmissions, stated), measures)
    assert made.business_as_usual == Decimal(usual)
    assert (made.expected, made.sinks) == (Decimal(expected), Decimal(sinks))
    assert (made.remaining, made.credits_to_zero) == (Decimal(remaining), int(tonnes))


def test_what_is_not_known_is_null() -> None:
    period = SimpleNamespace(span=DateSpan(date(2022, 1, 1), date(2022, 12, 31)))
    stated = SimpleNamespace(gross_co2e=None, usable_sinks_co2e=Decimal(0), period=period)
    terms = PotentialTerms(
        period_id=PeriodId(1), basis=Basis.HISTORICAL, year=2025, growth=Decimal(0)
    )
    made = Potential.of(terms, cast(NetEmissions, stated), [])
    assert (made.business_as_usual, made.remaining, made.credits_to_zero) == (None, None, None)


def regression(days: int, r_squared: str, cv_rmse: str, method: str = "IPMVP_C") -> EffectTerms:
    last = date(2023, 12, 31)
    first = date.fromordinal(last.toordinal() - days + 1)
    zero = Decimal(0)
    return EffectTerms(
        method=EffectMethod(method),
        baseline=Period(DateSpan(first, last), Decimal(9)),
        routine=zero,
        non_routine=zero,
        reporting=Period(DateSpan(date(2024, 1, 1), date(2024, 3, 31)), Decimal(1)),
        r_squared=Decimal(r_squared),
        cv_rmse=Decimal(cv_rmse),
        document="x",
    )


SHORT, POOR, SCATTER = EffectWarning
WARNED = {
    "12 months, good": (regression(365, "0.70", "0.20"), ()),
    "a day less": (regression(364, "0.70", "0.20"), (SHORT,)),
    "a poor fit": (regression(365, "0.6999", "0.20"), (POOR,)),
    "much scatter": (regression(365, "0.70", "0.2001"), (SCATTER,)),
    "all of it": (regression(31, "0.1", "0.9"), (SHORT, POOR, SCATTER)),
    "another method": (regression(31, "0.1", "0.9", "IPMVP_D"), ()),
}


@pytest.mark.parametrize("what", WARNED)
def test_what_a_regression_is_warned_of(what: str) -> None:
    terms, warnings = WARNED[what]
    assert terms.warnings == warnings


def test_what_is_told_of_a_regression_is_what_was_given() -> None:
    """A zero is not nothing."""
    terms = replace(regression(365, "0", "0.1", "IPMVP_D"), document="核查报告7")
    refused = check_effect(measure(), terms, date(2024, 6, 1))
    assert isinstance(refused, InvalidInput)
    assert (refused.path, refused.value) == (("r_squared",), "0")


def test_other_days_than_a_year_are_scaled() -> None:
    """8 t over the 91 days from January to March of 2024: × 365 ÷ 91."""
    assert regression(365, "1", "0").yearly == Decimal("32.087912")
    assert found("40").terms.yearly == Decimal(40)


def test_a_pilot_has_so_many_measures_and_no_more() -> None:
    pilot = cast(Pilot, SimpleNamespace(code="P-1"))
    assert check_room(pilot, MOST_MEASURES - 1) is None
    refused = check_room(pilot, MOST_MEASURES)
    assert isinstance(refused, MeasuresFull)
    assert (refused.path, refused.most) == (("pilot",), 200)
