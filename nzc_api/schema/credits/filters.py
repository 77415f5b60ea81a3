"""What lists of the ledger's things are narrowed to, as GraphQL."""

from collections.abc import Sequence
from datetime import date, datetime

import strawberry

from nzc_api.ids import PilotId
from nzc_api.ledger.reading.lists_model import BatchFilter, RequestFilter, RetirementFilter
from nzc_api.schema.credits.enums import BatchStatus, RequestOutcome
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import ACCOUNTING_PERIOD, ORGANISATION, PILOT, PROJECT
from nzc_api.schema.kit.searching import SEARCHED, too_many
from nzc_api.schema.programmes.types import ProgrammeCode

MOST_PILOTS = 100

ALL = "all that is given must hold."


@strawberry.input(description=f"What a list of projects is narrowed to: {ALL}")
class ProjectFilterInput:
    text: str | None = strawberry.field(default=None, description=SEARCHED)


@strawberry.input(description=f"What a list of batches is narrowed to: {ALL}")
class CreditBatchFilterInput:
    programme: ProgrammeCode | None = strawberry.field(
        default=None, description="Issued by this programme."
    )
    project: strawberry.ID | None = strawberry.field(default=None, description="Of this project.")
    vintage: int | None = strawberry.field(default=None, description="Of this vintage.")
    holder: strawberry.ID | None = strawberry.field(
        default=None, description="This organisation holds some of it now."
    )
    status: BatchStatus | None = strawberry.field(
        default=None, description="This holds of it as a whole, now."
    )

    def narrowed(self, ids: Ids) -> BatchFilter:
        return BatchFilter(
            programme=self.programme,
            project_id=ids.optional(self.project, "filter", "project", kind=PROJECT),
            vintage=self.vintage,
            holder_id=ids.optional(self.holder, "filter", "holder", kind=ORGANISATION),
            status=self.status,
        )


@strawberry.input(description="Days from the first to the last, both included; either may be open.")
class DaysInput:
    from_: date | None = strawberry.field(name="from", default=None, description="The first day.")
    to: date | None = strawberry.field(default=None, description="The last day.")


@strawberry.input(
    description="Times from the first to the last, both included; either may be open."
)
class TimesInput:
    from_: datetime | None = strawberry.field(
        name="from", default=None, description="The first time."
    )
    to: datetime | None = strawberry.field(default=None, description="The last time.")


@strawberry.input(description=f"What a list of retirements is narrowed to: {ALL}")
class RetirementFilterInput:
    pilots: list[strawberry.ID] | None = strawberry.field(
        default=None, description="For one of these pilots: at most 100."
    )
    programmes: list[ProgrammeCode] | None = strawberry.field(
        default=None, description="Of credits of one of these programmes."
    )
    retired_on: DaysInput | None = strawberry.field(
        default=None, description="The day of the retirement in the registry."
    )
    posted_at: TimesInput | None = strawberry.field(
        default=None, description="When it was posted here."
    )
    registry_reference: str | None = strawberry.field(
        default=None, description="The registry's own number for it, exactly."
    )
    holder: strawberry.ID | None = strawberry.field(
        default=None, description="Of credits that this organisation held."
    )
    vintage: int | None = strawberry.field(
        default=None, description="Some of its credits are of this vintage."
    )
    project: strawberry.ID | None = strawberry.field(
        default=None, description="Some of its credits are of this project."
    )

    def narrowed(self, ids: Ids) -> RetirementFilter:
        days, times = self.retired_on or DaysInput(), self.posted_at or TimesInput()
        return RetirementFilter(
            pilot_ids=_pilots(ids, self.pilots),
            programmes=None if self.programmes is None else tuple(self.programmes),
            retired_from=days.from_,
            retired_to=days.to,
            posted_from=times.from_,
            posted_to=times.to,
            reference=self.registry_reference,
            holder_id=ids.optional(self.holder, "filter", "holder", kind=ORGANISATION),
            vintage=self.vintage,
            project_id=ids.optional(self.project, "filter", "project", kind=PROJECT),
        )


@strawberry.input(description=f"What a list of retirement requests is narrowed to: {ALL}")
class RetirementRequestFilterInput:
    pilots: list[strawberry.ID] | None = strawberry.field(
        default=None, description="For one of these pilots: at most 100."
    )
    programmes: list[ProgrammeCode] | None = strawberry.field(
        default=None, description="Of credits of one of these programmes."
    )
    holder: strawberry.ID | None = strawberry.field(
        default=None, description="Of credits of this organisation."
    )
    outcome: RequestOutcome | None = strawberry.field(
        default=None, description="This became of it."
    )
    accounting_period: strawberry.ID | None = strawberry.field(
        default=None, description="For this accounting period."
    )

    def narrowed(self, ids: Ids) -> RequestFilter:
        return RequestFilter(
            pilot_ids=_pilots(ids, self.pilots),
            programmes=None if self.programmes is None else tuple(self.programmes),
            holder_id=ids.optional(self.holder, "filter", "holder", kind=ORGANISATION),
            outcome=self.outcome,
            period_id=ids.optional(
                self.accounting_period, "filter", "accountingPeriod", kind=ACCOUNTING_PERIOD
            ),
        )


def _pilots(ids: Ids, given: Sequence[str] | None) -> tuple[PilotId, ...] | None:
    if given is None:
        return None
    if len(given) > MOST_PILOTS:
        raise too_many("pilots", MOST_PILOTS)
    return tuple(
        ids.read(text, "filter", "pilots", str(number), kind=PILOT)
        for number, text in enumerate(given)
    )
