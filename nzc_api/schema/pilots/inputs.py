"""What is registered and changed of pilots and periods: the mutations' inputs."""

from datetime import date

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.ids import PeriodId
from nzc_api.pilots.model import (
    DAYS,
    FACTS,
    AmendPilot,
    DateSpan,
    PlacePilot,
    RecordOverlap,
    RegisterAccountingPeriod,
    RegisterPilot,
)
from nzc_api.pilots.sites import Site
from nzc_api.schema.guide.enums import ApplicantKind, Establishment, PilotVariant
from nzc_api.schema.kit.changes import said
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import ACCOUNTING_PERIOD, ORGANISATION, PILOT
from nzc_api.schema.kit.texts import LocalizedTextInput
from nzc_api.schema.pilots.enums import Visibility
from nzc_api.schema.sites.inputs import CoordinatesInput, said_of_site


@strawberry.input(description="Days from the first to the last, both included.")
class DateSpanInput:
    starts_on: date = strawberry.field(description="The first day.")
    ends_on: date = strawberry.field(description="The last day.")

    def span(self) -> DateSpan:
        return DateSpan(self.starts_on, self.ends_on)


@strawberry.input(description="A new pilot.")
class RegisterPilotInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    code: str = strawberry.field(
        description="A unique code: 1 to 40 capital letters, digits or hyphens."
    )
    variant: PilotVariant = strawberry.field(description="Its kind, with the guide's distinctions.")
    name: LocalizedTextInput = strawberry.field(description="Its name.")
    applicant_kind: ApplicantKind = strawberry.field(
        description="What kind of body applies; the guide says which may (section 二)."
    )
    applicant_name: LocalizedTextInput = strawberry.field(description="Who applies.")
    administrative_division: str = strawberry.field(
        description="The GB/T 2260 code of its prefecture-level city, such as 440100."
    )
    establishment: Establishment = strawberry.field(description="Newly built or existing.")
    operation_starts_on: date | None = strawberry.field(
        default=None, description="Its first day of operation; an existing pilot must have one."
    )
    operator: strawberry.ID | None = strawberry.field(
        default=None,
        description="The organisation that will write it. Default: the caller; an administrator "
        "must name one.",
    )
    surrounding_pilot: strawberry.ID | None = strawberry.field(
        default=None, description="The pilot that it lies in, if any."
    )
    accounting_periods: list[DateSpanInput] = strawberry.field(
        default_factory=list,
        description="Its accounting periods, as a rule calendar years; more can be added later.",
    )
    statement_visibility: Visibility = strawberry.field(
        default=Visibility.PUBLIC, description="Who will see what it states."
    )
    line_visibility: Visibility = strawberry.field(
        default=Visibility.ROLES,
        description="Who will see the lines of its verified inventories, where these are seen.",
    )
    site: str | None = strawberry.field(
        default=None, description="Where it is: an address of 1 to 200 characters."
    )
    coordinates: CoordinatesInput | None = strawberry.field(
        default=None, description="Where it is, exactly."
    )
    site_code: str | None = strawberry.field(
        default=None,
        description="What its site is known by elsewhere, such as the number of a building: two pilots with one code "
        "are at one site.",
    )

    def command(self, ids: Ids, caller: Principal) -> RegisterPilot:
        operator = caller.organisation_id
        if self.operator is not None:
            operator = ids.read(self.operator, "input", "operator", kind=ORGANISATION)
        surrounding = ids.optional(self.surrounding_pilot, "input", "surroundingPilot", kind=PILOT)
        return RegisterPilot(
            code=self.code,
            variant=self.variant,
            name=self.name.text(),
            applicant_kind=self.applicant_kind,
            applicant_name=self.applicant_name.text(),
            division_code=self.administrative_division,
            establishment=self.establishment,
            operation_starts_on=self.operation_starts_on,
            operator_id=operator,
            surrounding_id=surrounding,
            periods=tuple(period.span() for period in self.accounting_periods),
            statement_visibility=self.statement_visibility,
            line_visibility=self.line_visibility,
            site=self._site(),
        )

    def _site(self) -> Site | None:
        stated = {n: v for n, v in said_of_site(self, "site", "site_code").items() if v is not None}
        return Site(division_code=self.administrative_division, **stated) if stated else None


@strawberry.input(
    description="What a pilot's facts are from now on: those that are left out stay as they are, and null "
    "says that there is no such day."
)
class AmendPilotInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    name: LocalizedTextInput | None = strawberry.field(
        default=strawberry.UNSET, description="Its name."
    )
    applicant_name: LocalizedTextInput | None = strawberry.field(
        default=strawberry.UNSET, description="Who applied."
    )
    operation_starts_on: date | None = strawberry.field(
        default=strawberry.UNSET,
        description="Its first day of operation; an existing pilot must have one.",
    )
    closed_on: date | None = strawberry.field(
        default=strawberry.UNSET,
        description="Its last day of operation; null where it is not closed, or is open again.",
    )
    statement_visibility: Visibility | None = strawberry.field(
        default=strawberry.UNSET, description="Who sees what it states."
    )
    line_visibility: Visibility | None = strawberry.field(
        default=strawberry.UNSET, description="Who sees the lines of its verified inventories."
    )
    site: str | None = strawberry.field(
        default=strawberry.UNSET, description="Where it is; null where that is not known."
    )
    coordinates: CoordinatesInput | None = strawberry.field(
        default=strawberry.UNSET, description="Where it is, exactly; null where that is not known."
    )
    site_code: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What its site is known by elsewhere; null where it is not.",
    )

    def command(self, ids: Ids, caller: Principal) -> AmendPilot:
        pilot = ids.read(self.pilot, "input", "pilot", kind=PILOT)
        changes = said(self, FACTS, no_values=DAYS)
        facts = {name: _fact(value) for name, value in changes.items()}
        return AmendPilot(pilot, facts, said_of_site(self, "site", "site_code") or None)


def _fact(value: object) -> object:
    return value.text() if isinstance(value, LocalizedTextInput) else value


@strawberry.input(description="Where a pilot lies from now on.")
class PlacePilotInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    surrounding_pilot: strawberry.ID | None = strawberry.field(
        default=None, description="The pilot that surrounds it; null or left out: none does."
    )

    def command(self, ids: Ids, caller: Principal) -> PlacePilot:
        surrounding = ids.optional(self.surrounding_pilot, "input", "surroundingPilot", kind=PILOT)
        return PlacePilot(ids.read(self.pilot, "input", "pilot", kind=PILOT), surrounding)


@strawberry.input(description="Two pilots that share ground, and neither lies in the other.")
class RecordPilotOverlapInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="One of them, whose operator says it.")
    other: strawberry.ID = strawberry.field(description="The other one.")

    def command(self, ids: Ids, caller: Principal) -> RecordOverlap:
        return RecordOverlap(
            ids.read(self.pilot, "input", "pilot", kind=PILOT),
            ids.read(self.other, "input", "other", kind=PILOT),
        )


@strawberry.input(description="A new accounting period of a pilot.")
class RegisterAccountingPeriodInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    starts_on: date = strawberry.field(description="Its first day.")
    ends_on: date = strawberry.field(description="Its last day; as a rule the end of the year.")

    def command(self, ids: Ids, caller: Principal) -> RegisterAccountingPeriod:
        pilot = ids.read(self.pilot, "input", "pilot", kind=PILOT)
        return RegisterAccountingPeriod(pilot, DateSpan(self.starts_on, self.ends_on))


@strawberry.input(description="An accounting period that was registered wrongly.")
class WithdrawAccountingPeriodInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    accounting_period: strawberry.ID = strawberry.field(description="The period.")

    def command(self, ids: Ids, caller: Principal) -> PeriodId:
        path = ("input", "accountingPeriod")
        return ids.read(self.accounting_period, *path, kind=ACCOUNTING_PERIOD)
