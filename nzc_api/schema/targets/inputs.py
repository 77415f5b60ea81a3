"""Targets to record and to revise: the mutations' inputs."""

from decimal import Decimal

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import ACCOUNTING_PERIOD, PILOT, TARGET
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.enums import Basis
from nzc_api.schema.targets.enums import TargetRevisionReason, TargetRoute
from nzc_api.targets.model import BaselineTerms, Ceiling, RecordTarget, ReviseTarget, TargetTerms
from nzc_api.targets.rules import MOST_CEILINGS


@strawberry.input(description="What a target begins with: what the pilot states of a whole year.")
class TargetBaselineInput:
    accounting_period: strawberry.ID = strawberry.field(
        description="An accounting period of the pilot that is exactly a year, all of it in operation."
    )
    basis: Basis = strawberry.field(
        description="HISTORICAL or PROJECTED: a survey of the past or a projection (section 一 of the guide)."
    )
    as_of: BigInt | None = strawberry.field(
        default=None, description="The position as of which it is stated. Default: now."
    )

    def terms(self, ids: Ids) -> BaselineTerms:
        path = ("input", "baseline", "accountingPeriod")
        period = ids.read(self.accounting_period, *path, kind=ACCOUNTING_PERIOD)
        return BaselineTerms(period, self.basis, self.as_of)


@strawberry.input(description="What a calendar year may come to at most.")
class TargetCeilingInput:
    year: int = strawberry.field(description="The calendar year, from 1990 to 2100.")
    net_co2e: Decimal = strawberry.field(
        description="Of the net emissions, t CO2e: from 0, with at most 6 decimals."
    )
    gross_co2e: Decimal | None = strawberry.field(
        default=None,
        description="Of the emissions inside the boundary, t CO2e: not below the net's.",
    )
    credits_quantity: BigInt | None = strawberry.field(
        default=None, description="Of the credits retired for the year, whole tonnes from 0."
    )

    def ceiling(self) -> Ceiling:
        return Ceiling(
            year=self.year, net=self.net_co2e, gross=self.gross_co2e, credits=self.credits_quantity
        )


CEILINGS = (
    f"1 to {MOST_CEILINGS} years, rising, after the baseline's; neither net nor gross ever rises, and the last "
    "net is 0."
)

ROUTES = "How it is to be reached: at least one way, each once."


@strawberry.input(description="A pilot's first target.")
class RecordTargetInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    baseline: TargetBaselineInput = strawberry.field(description="Where it begins.")
    ceilings: list[TargetCeilingInput] = strawberry.field(description=CEILINGS)
    routes: list[TargetRoute] = strawberry.field(description=ROUTES)

    def command(self, ids: Ids, caller: Principal) -> RecordTarget:
        pilot = ids.read(self.pilot, "input", "pilot", kind=PILOT)
        return RecordTarget(pilot, _terms(self, ids))


@strawberry.input(description="The next version of a target, whole.")
class ReviseTargetInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    target: strawberry.ID = strawberry.field(description="The version that stands.")
    revision_reason: TargetRevisionReason = strawberry.field(
        description="Why there is another version."
    )
    baseline: TargetBaselineInput = strawberry.field(description="Where it begins.")
    ceilings: list[TargetCeilingInput] = strawberry.field(description=CEILINGS)
    routes: list[TargetRoute] = strawberry.field(description=ROUTES)

    def command(self, ids: Ids, caller: Principal) -> ReviseTarget:
        target = ids.read(self.target, "input", "target", kind=TARGET)
        return ReviseTarget(target, _terms(self, ids), self.revision_reason)


def _terms(given: RecordTargetInput | ReviseTargetInput, ids: Ids) -> TargetTerms:
    ceilings = tuple(ceiling.ceiling() for ceiling in given.ceilings)
    return TargetTerms(given.baseline.terms(ids), ceilings, tuple(given.routes))
