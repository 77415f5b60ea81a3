"""Ids of different things are different types: each mistake here must be one to the type checker.

A mistake that it took for right would be an ignored error that is none, which it reports too.
"""

from datetime import date

from nzc_api.ids import BatchId, MeterId, OrganisationId, PeriodId, PilotId
from nzc_api.ledger.commands import EnrolProject
from nzc_api.ledger.model import AccountKey, AccountKind
from nzc_api.ledger.posting.verbs.retiring import RetireSerials
from nzc_api.ledger.serials import SerialRange
from nzc_api.metering.model import PlaceMeter
from nzc_api.pilots.model import AccountingPeriod, DateSpan, PlacePilot, RegisterAccountingPeriod

YEAR = DateSpan(date(2024, 1, 1), date(2024, 12, 31))

SERIALS = SerialRange("CCER", "A", 1, 9)

PILOT, PERIOD, METER = PilotId(1), PeriodId(2), MeterId(3)


def test_a_thing_is_not_taken_for_another() -> None:
    PlacePilot(PILOT, PERIOD)  # type: ignore[arg-type]
    PlaceMeter(PILOT, METER)  # type: ignore[arg-type]
    RegisterAccountingPeriod(OrganisationId(4), YEAR)  # type: ignore[arg-type]
    AccountingPeriod(PILOT, PILOT, YEAR)  # type: ignore[arg-type]


def test_credits_are_not_retired_for_another_thing() -> None:
    AccountKey(AccountKind.RETIREMENT, pilot_id=PERIOD, period_id=PILOT)  # type: ignore[arg-type]
    AccountKey(AccountKind.HOLDING, "CCER", PILOT)  # type: ignore[arg-type]
    RetireSerials(
        serials=SERIALS,
        programme="CCER",
        holder_id=None,
        quantity=None,
        pilot_id=PERIOD,  # type: ignore[arg-type]
        period_id=PILOT,  # type: ignore[arg-type]
        retired_on=YEAR.ends_on,
        reference=None,
    )
    EnrolProject(
        project_id=BatchId(5),  # type: ignore[arg-type]
        programme="CCER",
        rule="CCER_2023",
        number="J",
        registered_on=YEAR.starts_on,
    )


def test_a_number_is_not_taken_for_a_thing() -> None:
    PlacePilot(1, None)  # type: ignore[arg-type]


def test_an_id_costs_nothing() -> None:
    assert type(PilotId(1)) is int
