"""Pilots and their accounting periods, as GraphQL."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.database.paging import Direction
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import ApplicantKind, Establishment, PilotKind, PilotVariant
from nzc_api.inventories.model import Basis
from nzc_api.ledger.questions_model import StatementOf
from nzc_api.metering.model import MOST_NAMED
from nzc_api.pilots import model as domain
from nzc_api.pilots.model import (
    DAYS,
    FACTS,
    AmendPilot,
    DateSpan,
    PilotFilter,
    PilotOrderField,
    PlacePilot,
    RecordOverlap,
    RegisterAccountingPeriod,
    RegisterPilot,
    Visibility,
)
from nzc_api.pilots.sites import Site
from nzc_api.schema.guide.types import AdministrativeDivision, KindTerms, VariantTerms
from nzc_api.schema.kit.changes import said
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Before,
    Connection,
    First,
    Last,
    Trail,
    connection,
    counted,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import (
    argument,
    attribute,
    dear,
    described_enum,
    short_list,
    simplest_if,
)
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.nodes import LocalizedTextInput, Node, text_attribute
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.searching import SEARCHED, searched_for, too_many
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.sites.types import AtSite, CoordinatesInput, at_site, said_of_site
from nzc_api.statements.model import StatementKey
from nzc_api.targets.service import AssessmentKey

if TYPE_CHECKING:
    from nzc_api.schema.auditing.types import CreditStatementLine
    from nzc_api.schema.credits.types import Retirement
    from nzc_api.schema.documents.types import Document
    from nzc_api.schema.inventories.types import Inventory
    from nzc_api.schema.metering.types import Meter, MeterBy
    from nzc_api.schema.statements.types import NetEmissions
    from nzc_api.schema.targets.types import Target, TargetAssessment, Trajectory

X = TypeVar("X")

# As of now, whatever is posted meanwhile.
LATEST = (1 << 63) - 1

AsOf = Annotated[
    BigInt | None,
    argument(
        "A position of the log: the answer is what it was then, to the last digit. Default: now."
    ),
]

described_enum(
    Basis,
    "What an inventory's figures rest on (section 三 of the guide).",
    {
        "HISTORICAL": "a survey of past emissions (历史碳排放摸查)",
        "PROJECTED": "a projection of emissions after commissioning (投产后碳排放预估)",
        "OPERATIONAL": "what was measured in operation: what an evaluation is about",
    },
)


described_enum(
    Visibility,
    "Who sees something of a pilot that was verified. Its operator, verifiers and administrators see its "
    "drafts, too; auditors and regulators what was submitted.",
    {
        "PUBLIC": "everybody, without a key",
        "ROLES": "its operator, verifiers, administrators, auditors and regulators",
    },
)


@strawberry.input(
    description="Which accounting period of a pilot is meant: exactly one of these.", one_of=True
)
class AccountingPeriodBy:
    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Its id.")
    year: int | None = strawberry.field(
        default=strawberry.UNSET, description="The calendar year that it is."
    )
    containing: date | None = strawberry.field(
        default=strawberry.UNSET, description="A day that it contains."
    )


@strawberry.type(
    description="A span of days that a pilot accounts for; those of one pilot that stand never overlap."
)
class AccountingPeriod(Node):
    domain: strawberry.Private[domain.AccountingPeriod]

    starts_on = attribute(date, "span.starts_on", "Its first day.")
    ends_on = attribute(date, "span.ends_on", "Its last day.")
    withdrawn_position = attribute(
        BigInt | None,
        "withdrawn_position",
        "The position of the log at which it was taken back: since then nothing is accounted in it. Null "
        "where it stands.",
    )

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> "Pilot | None":
        return await pilot_at(info, self.domain.pilot_id)

    @dear(
        "The net emissions of the pilot in this period, of the inventories that you see. Null as of a "
        "position at which the period was not registered yet, or withdrawn, and where you do not see what "
        "the pilot states.",
        statements=18,
    )
    async def net_emissions(
        self,
        info: Info,
        basis: Annotated[Basis, argument("Which inventories to use.")] = Basis.OPERATIONAL,
        as_of: AsOf = None,
    ) -> Annotated["NetEmissions", strawberry.lazy("nzc_api.schema.statements.types")] | None:
        return await statement_of(info, self.domain, basis, as_of)

    @dear(
        "The credits retired for the pilot and this period, oldest first; what of them is in force, each "
        "says.",
        statements=4,
    )
    async def retirements(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Annotated["Retirement", strawberry.lazy("nzc_api.schema.credits.types")]]:
        from nzc_api.schema.credits.types import Retirement  # noqa: PLC0415  (they name each other)

        page = page_by_position(first, after, last=last, before=before)
        key = (self.domain.pilot_id, self.domain.id)
        rows = await info.context.loaders.retirements.load((key, page))
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: Retirement(domain=row),
            counted(info.context.loaders.retirements_count, (key, LATEST)),
        )


class PilotFact(StrEnum):
    """What can be amended of a pilot."""

    NAME = "NAME"
    APPLICANT_NAME = "APPLICANT_NAME"
    OPERATION_STARTS_ON = "OPERATION_STARTS_ON"
    CLOSED_ON = "CLOSED_ON"
    STATEMENT_VISIBILITY = "STATEMENT_VISIBILITY"
    LINE_VISIBILITY = "LINE_VISIBILITY"


described_enum(
    PilotFact,
    "What can be amended of a pilot.",
    {
        "NAME": "its name",
        "APPLICANT_NAME": "who applied",
        "OPERATION_STARTS_ON": "its first day of operation",
        "CLOSED_ON": "its last day of operation",
        "STATEMENT_VISIBILITY": "who sees what it states",
        "LINE_VISIBILITY": "who sees the lines of its verified inventories",
    },
)


@strawberry.type(description="What can be amended of a pilot, as it was at some time.")
class PilotFacts:
    domain: strawberry.Private[domain.PilotFacts]

    name = text_attribute("name", "Its name.")
    applicant_name = text_attribute("applicant_name", "Who applied.")
    operation_starts_on = attribute(
        date | None, "operation_starts_on", "Its first day of operation, if known."
    )
    closed_on = attribute(
        date | None, "closed_on", "Its last day of operation; null where it was not closed."
    )
    statement_visibility = attribute(Visibility, "statement_visibility", "Who sees what it states.")
    line_visibility = attribute(
        Visibility, "line_visibility", "Who sees the lines of its verified inventories."
    )


@strawberry.type(
    description="A change of a pilot's facts. As of a position before its own they are what they were."
)
class PilotAmendment:
    domain: strawberry.Private[domain.PilotAmendment]

    position = attribute(
        BigInt,
        "id",
        "The position of the log at which it was made; its event says when and by whom.",
    )

    @short_list("What it changed.", len(PilotFact))
    def changed(self) -> list[PilotFact]:
        return [PilotFact[name.upper()] for name in self.domain.changed]

    @strawberry.field(description="What the facts were before.")
    def before(self) -> PilotFacts:
        return PilotFacts(domain=self.domain.before)

    @strawberry.field(description="What they were from then on.")
    def after(self) -> PilotFacts:
        return PilotFacts(domain=self.domain.after)


@strawberry.type(description="A pilot (试点): what is accounted, reduced and offset.")
class Pilot(Node):
    domain: strawberry.Private[domain.Pilot]

    code = attribute(str, "code", "Its code: unique, never changed.")
    variant = attribute(PilotVariant, "variant", "Its kind, with the guide's distinctions.")
    name = text_attribute("name", "Its name.")
    applicant_kind = attribute(ApplicantKind, "applicant_kind", "What kind of body applied.")
    applicant_name = text_attribute("applicant_name", "Who applied.")
    establishment = attribute(Establishment, "establishment", "Newly built or existing.")
    operation_starts_on = attribute(
        date | None, "operation_starts_on", "Its first day of operation, if known."
    )
    closed_on = attribute(
        date | None,
        "closed_on",
        "Its last day of operation: it accounts for no day after it. Null where it is not closed.",
    )

    statement_visibility = attribute(
        Visibility,
        "statement_visibility",
        "Who sees what it states: its net emissions, and the verified inventories that they rest on.",
    )
    line_visibility = attribute(
        Visibility,
        "line_visibility",
        "Who sees the lines of those inventories: their activity data, factors and working.",
    )

    @dear("Whether you see what it states; where not, its net emissions are null.", statements=2)
    async def viewer_sees_statements(self, info: Info) -> bool:
        # As it says now, of whatever position this pilot is shown.
        now = await pilot_at(info, self.domain.id)
        return (await info.context.sight()).sees_statements(now.domain)

    @strawberry.field(description="The changes of its facts, oldest first.")
    async def amendments(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PilotAmendment]:
        page = page_by_position(first, after, last=last, before=before)
        rows = await info.context.loaders.amendments.load((self.domain.id, page))
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: PilotAmendment(domain=row),
            counted(info.context.loaders.amendments_count, self.domain.id),
        )

    @strawberry.field(description="Its kind.")
    def kind(self) -> PilotKind:
        return GUIDE.kind_of(self.domain.variant).kind

    @strawberry.field(description="What the guide asks of its kind.")
    def kind_terms(self) -> KindTerms:
        return KindTerms(domain=GUIDE.kind_of(self.domain.variant))

    @strawberry.field(description="What the guide asks of its variant: scope and phases.")
    def variant_terms(self) -> VariantTerms:
        return VariantTerms(domain=GUIDE.variant(self.domain.variant))

    @strawberry.field(description="The prefecture-level city that it lies in. Never null.")
    def administrative_division(self) -> AdministrativeDivision | None:
        division = GUIDE.division(self.domain.division_code)
        assert division is not None
        return AdministrativeDivision(domain=division)

    @strawberry.field(description="The organisation that writes it.")
    async def operator(self, info: Info) -> Organisation:
        found = await info.context.loaders.organisation.load(self.domain.operator_id)
        assert found is not None
        return Organisation(domain=found)

    @strawberry.field(
        description="Where it is, as its operator said last; null where that was not said."
    )
    async def site_address(self, info: Info) -> str | None:
        return (await self._site(info)).address

    @strawberry.field(description="Decimal degrees north.")
    async def latitude(self, info: Info) -> Decimal | None:
        return simplest_if((await self._site(info)).latitude)

    @strawberry.field(description="Decimal degrees east.")
    async def longitude(self, info: Info) -> Decimal | None:
        return simplest_if((await self._site(info)).longitude)

    @strawberry.field(description="What its site is known by elsewhere.")
    async def site_code(self, info: Info) -> str | None:
        return (await self._site(info)).code

    async def _site(self, info: Info) -> Site:
        return await info.context.loaders.site.load(self.domain.id) or Site()

    @strawberry.field(
        description="The pilots and projects at its site, in the order of their registration: a pilot may be the same, "
        "registered twice, and a project may lie inside it."
    )
    async def at_site(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[AtSite]:
        return await at_site(info, self.domain.id, first, after)

    @dear("The pilots around it, innermost first.", statements=3)
    async def surrounding_pilots(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection["Pilot"]:
        page = page_by_position(first, after)
        at = await info.context.as_of(as_of)
        around = await info.context.loaders.around.load((self.domain.id, (at, page)))
        found = await pilots_at(info, [pilot_id for _, pilot_id in around], at)
        rows = [(depth, pilot) for (depth, _), pilot in zip(around, found, strict=True)]
        return connection(
            rows,
            page,
            lambda row: row[0],
            lambda row: row[1],
            counted(info.context.loaders.around_count, (self.domain.id, at)),
        )

    @dear("The pilots directly inside it, in the order of their registration.", statements=3)
    async def pilots_inside(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection["Pilot"]:
        page = page_by_position(first, after)
        at = await info.context.as_of(as_of)
        inside = await info.context.loaders.within.load((self.domain.id, (at, page)))
        rows = await pilots_at(info, inside, at)
        return connection(
            rows,
            page,
            lambda row: row.domain.id,
            lambda row: row,
            counted(info.context.loaders.within_count, (self.domain.id, at)),
        )

    @dear(
        "Its accounting periods, in the order of their registration; not those that were withdrawn.",
        statements=2,
    )
    async def accounting_periods(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
        as_of: AsOf = None,
    ) -> Connection[AccountingPeriod]:
        page = page_by_position(first, after, last=last, before=before)
        at = await _position(info, as_of)
        rows = await info.context.loaders.periods.load((self.domain.id, (at, page)))
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: AccountingPeriod(domain=row),
            counted(info.context.loaders.periods_count, (self.domain.id, at)),
        )

    @dear("One of its accounting periods; null where it has no such period.", statements=2)
    async def accounting_period(
        self,
        info: Info,
        by: Annotated[AccountingPeriodBy, argument("Which one.")],
        as_of: AsOf = None,
    ) -> AccountingPeriod | None:
        found = await period_of(info, self.domain.id, by, as_of)
        return None if found is None else AccountingPeriod(domain=found)

    @strawberry.field(
        description="The accounting period with its latest days; null where it has none."
    )
    async def latest_period(self, info: Info) -> AccountingPeriod | None:
        every = await info.context.loaders.all_periods.load(self.domain.id)
        found = [period for period in every if period.stands()]
        return AccountingPeriod(domain=found[-1]) if found else None

    @dear("Its inventories that you see, oldest first.", statements=2)
    async def inventories(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Annotated["Inventory", strawberry.lazy("nzc_api.schema.inventories.types")]]:
        from nzc_api.schema.inventories.types import Inventory  # noqa: PLC0415  (they name each other)

        page = page_by_position(first, after, last=last, before=before)
        sight = await info.context.sight()
        rows = await info.context.loaders.inventories.load((self.domain.id, (sight, page)))
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: Inventory(domain=row),
            counted(info.context.loaders.inventories_count, (self.domain.id, sight)),
        )

    @short_list(
        "Its meters that have a code, or that have or had a supply point, by their first days; none where you do not "
        "see them.",
        MOST_NAMED,
        statements=3,
    )
    async def meters_named(
        self,
        info: Info,
        by: Annotated[
            Annotated["MeterBy", strawberry.lazy("nzc_api.schema.metering.types")],
            argument("What they are called."),
        ],
    ) -> list[Annotated["Meter", strawberry.lazy("nzc_api.schema.metering.types")]]:
        from nzc_api.schema.metering.types import meters_named  # noqa: PLC0415  (they name each other)

        return await meters_named(info, self, by)

    @dear(
        "Its meters, in the order of their registration; none where you do not see them.",
        statements=4,
    )
    async def meters(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Connection[Annotated["Meter", strawberry.lazy("nzc_api.schema.metering.types")]]:
        from nzc_api.schema.metering.types import meters_of  # noqa: PLC0415  (they name each other)

        return await meters_of(info, self, first, after, as_of)

    @dear(
        "The credits that offset it, of all its periods, movement by movement: what was "
        "retired for it and what was taken back, with the balance after each, and how much of that was "
        "invalidated with its whole batch.",
        statements=5,
    )
    async def credit_statement(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Trail[Annotated["CreditStatementLine", strawberry.lazy("nzc_api.schema.auditing.types")]]:
        from nzc_api.schema.auditing.types import statement  # noqa: PLC0415  (it is built on this)

        of = StatementOf(await info.context.as_of(as_of), pilot_id=self.domain.id)
        return await statement(info, of, first, after)

    @dear(
        "Its net emissions in a period by the guide's formula (section 五): emissions "
        "inside the boundary − sinks inside it − purchased reductions from outside; of the inventories "
        "that you see. Null where it has no such period, or had none as of the position, and where you "
        "do not see what it states: see `viewerSeesStatements`.",
        statements=19,
    )
    async def net_emissions(
        self,
        info: Info,
        period: Annotated[AccountingPeriodBy, argument("Which accounting period.")],
        basis: Annotated[Basis, argument("Which inventories to use.")] = Basis.OPERATIONAL,
        as_of: AsOf = None,
    ) -> Annotated["NetEmissions", strawberry.lazy("nzc_api.schema.statements.types")] | None:
        found = await period_of(info, self.domain.id, period, as_of)
        return None if found is None else await statement_of(info, found, basis, as_of)

    @dear(
        "The documents that are attached to it, oldest first; none where you do not see what it states.",
        statements=3,
    )
    async def documents(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Annotated["Document", strawberry.lazy("nzc_api.schema.documents.types")]]:
        from nzc_api.schema.documents.types import documents_of  # noqa: PLC0415  (its subjects are pilots, too)

        now = await pilot_at(info, self.domain.id)
        shown = (await info.context.sight()).sees_statements(now.domain)
        return await documents_of(info, self.domain.id, first, after, shown=shown)

    @dear(
        "The version of its target that stands, or stood as of a position; null where there is none, and where "
        "you do not see what it states.",
        statements=3,
    )
    async def target(
        self, info: Info, as_of: AsOf = None
    ) -> Annotated["Target", strawberry.lazy("nzc_api.schema.targets.types")] | None:
        from nzc_api.schema.targets.types import Target  # noqa: PLC0415  (they name each other)

        key = (self.domain.id, await info.context.as_of(as_of))
        found = await info.context.loaders.target_stood.load((key, await info.context.sight()))
        return None if found is None else Target(domain=found)

    @dear("The versions of its target that you see, oldest first.", statements=2)
    async def targets(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Annotated["Target", strawberry.lazy("nzc_api.schema.targets.types")]]:
        from nzc_api.schema.targets.types import Target  # noqa: PLC0415  (they name each other)

        page = page_by_position(first, after, last=last, before=before)
        sight = await info.context.sight()
        rows = await info.context.loaders.targets.load((self.domain.id, (sight, page)))
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: Target(domain=row),
            counted(info.context.loaders.targets_count, (self.domain.id, sight)),
        )

    @dear(
        "How a period stands beside the target: its ceiling, the gap, and whether it is on track; where that is "
        "not known, why.",
        statements=25,
    )
    async def target_status(
        self,
        info: Info,
        period: Annotated[AccountingPeriodBy, argument("Which accounting period.")],
        as_of: AsOf = None,
    ) -> Annotated["TargetAssessment", strawberry.lazy("nzc_api.schema.targets.types")]:
        from nzc_api.schema.targets.types import TargetAssessment  # noqa: PLC0415  (they name each other)

        found = await period_of(info, self.domain.id, period, as_of)
        position = await info.context.as_of(as_of)
        key = AssessmentKey(self.domain.id, None if found is None else found.id, position)
        loaded = await info.context.loaders.assessment.load((key, await info.context.sight()))
        return TargetAssessment(domain=loaded)

    @dear(
        "Its way to zero, for a chart: baseline, ceilings, what is stated of its periods, and projections.",
        statements=23,
    )
    async def trajectory(
        self, info: Info, as_of: AsOf = None
    ) -> Annotated["Trajectory", strawberry.lazy("nzc_api.schema.targets.types")]:
        from nzc_api.schema.targets.types import Trajectory  # noqa: PLC0415  (they name each other)

        key = (self.domain.id, await info.context.as_of(as_of))
        found = await info.context.loaders.trajectory.load((key, await info.context.sight()))
        assert found is not None
        return Trajectory(domain=found)


async def pilot_at(info: Info, pilot_id: int) -> Pilot:
    found = await info.context.loaders.pilot.load(pilot_id)
    assert found is not None
    return Pilot(domain=found)


async def pilots_at(info: Info, ids: Sequence[int], as_of: int | None = None) -> list[Pilot]:
    """The pilots as they stood at a position, or as they are."""
    if as_of is None:
        found = await info.context.loaders.pilot.load_many(ids)
    else:
        found = await info.context.loaders.pilot_then.load_many([(id_, as_of) for id_ in ids])
    return [Pilot(domain=pilot) for pilot in found if pilot is not None]


async def _position(info: Info, as_of: int | None) -> int:
    """The position asked for, or whatever is now, which nobody has to be asked."""
    return LATEST if as_of is None else await info.context.as_of(as_of)


async def period_of(
    info: Info, pilot_id: int, by: AccountingPeriodBy, as_of: int | None
) -> domain.AccountingPeriod | None:
    """The period of the pilot that is meant, of those that it has, or had as of a position."""
    position = await _position(info, as_of)
    every = await info.context.loaders.all_periods.load(pilot_id)
    periods = [period for period in every if period.stands(position)]
    if by.id:
        wanted = info.context.ids.position(by.id, "period", "id", kinds=("AccountingPeriod",))
        return next((period for period in periods if period.id == wanted), None)
    if by.containing:
        day = by.containing
        return next((p for p in periods if p.span.starts_on <= day <= p.span.ends_on), None)
    return next((p for p in periods if p.span.is_calendar_year(by.year or 0)), None)


async def statement_of(
    info: Info, period: domain.AccountingPeriod, basis: Basis, as_of: int | None
) -> "NetEmissions | None":
    """The statement of a pilot's period."""
    from nzc_api.schema.statements.types import NetEmissions  # noqa: PLC0415  (they name each other)

    position = await info.context.as_of(as_of)
    key = StatementKey(period.pilot_id, period.id, basis, position)
    found = await info.context.loaders.statement.load((key, await info.context.sight()))
    return None if found is None else NetEmissions(domain=found)


described_enum(
    PilotOrderField,
    "What pilots are ordered by; by their net, see `pilotRanking`.",
    {
        "CODE": "their code",
        "REGISTERED": "when they were registered",
        "NAME_ZH": "their name in Chinese, by its characters' numbers in Unicode",
        "NAME_EN": "their name in English, by its characters' numbers in Unicode",
    },
)
described_enum(Direction, "Which end comes first.", {"ASC": "the least", "DESC": "the greatest"})


@strawberry.input(description="The order of a list of pilots.")
class PilotOrder:
    field: PilotOrderField = strawberry.field(
        default=PilotOrderField.CODE, description="What they are ordered by."
    )
    direction: Direction = strawberry.field(
        default=Direction.ASC, description="Which end comes first."
    )


@strawberry.input(description="What a list of pilots is narrowed to: all that is given must hold.")
class PilotFilterInput:
    text: str | None = strawberry.field(default=None, description=SEARCHED)
    kind: PilotKind | None = strawberry.field(default=None, description="Of this kind.")
    kinds: list[PilotKind] | None = strawberry.field(
        default=None, description="Of one of these kinds."
    )
    variant: PilotVariant | None = strawberry.field(default=None, description="Of this variant.")
    variants: list[PilotVariant] | None = strawberry.field(
        default=None, description="Of one of these variants."
    )
    administrative_division: str | None = strawberry.field(
        default=None, description="In the city with this GB/T 2260 code."
    )
    administrative_divisions: list[str] | None = strawberry.field(
        default=None, description="In one of the cities with these GB/T 2260 codes: at most 21."
    )
    operator: strawberry.ID | None = strawberry.field(
        default=None, description="Written by this organisation."
    )
    surrounding_pilot: strawberry.ID | None = strawberry.field(
        default=None, description="Directly inside this pilot."
    )

    def narrowed(self, ids: Ids) -> PilotFilter:
        if len(self.administrative_divisions or ()) > len(GUIDE.divisions):
            raise too_many("administrativeDivisions", len(GUIDE.divisions))
        cities = _within(_only(self.administrative_division), self.administrative_divisions)
        return PilotFilter(
            self._variants(),
            cities,
            searched_for(self.text),
            _optional(ids, self.operator, "operator", "Organisation"),
            _optional(ids, self.surrounding_pilot, "surroundingPilot", "Pilot"),
        )

    def _variants(self) -> frozenset[PilotVariant] | None:
        kinds = _within(_only(self.kind), self.kinds)
        variants = _within(_only(self.variant), self.variants)
        if kinds is None:
            return variants
        return _within(
            frozenset(v.variant for k in GUIDE.kinds if k.kind in kinds for v in k.variants),
            variants,
        )


def _only(value: X | None) -> frozenset[X] | None:
    return None if value is None else frozenset({value})


def _within(some: frozenset[X] | None, others: Iterable[X] | None) -> frozenset[X] | None:
    """What is in both, where either may be left open."""
    if others is None:
        return some
    return frozenset(others) if some is None else some & frozenset(others)


def _optional(ids: Ids, text: str | None, field: str, kind: str) -> int | None:
    return None if text is None else ids.position(text, "filter", field, kinds=(kind,))


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
            operator = ids.position(self.operator, "input", "operator", kinds=("Organisation",))
        surrounding = None
        if self.surrounding_pilot is not None:
            surrounding = ids.position(
                self.surrounding_pilot, "input", "surroundingPilot", kinds=("Pilot",)
            )
        return RegisterPilot(
            self.code,
            self.variant,
            self.name.text(),
            self.applicant_kind,
            self.applicant_name.text(),
            self.administrative_division,
            self.establishment,
            self.operation_starts_on,
            operator,
            surrounding,
            tuple(period.span() for period in self.accounting_periods),
            self.statement_visibility,
            self.line_visibility,
            self._site(),
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
        pilot = ids.position(self.pilot, "input", "pilot", kinds=("Pilot",))
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
        surrounding = None
        if self.surrounding_pilot is not None:
            surrounding = ids.position(
                self.surrounding_pilot, "input", "surroundingPilot", kinds=("Pilot",)
            )
        return PlacePilot(ids.position(self.pilot, "input", "pilot", kinds=("Pilot",)), surrounding)


@strawberry.input(description="Two pilots that share ground, and neither lies in the other.")
class RecordPilotOverlapInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="One of them, whose operator says it.")
    other: strawberry.ID = strawberry.field(description="The other one.")

    def command(self, ids: Ids, caller: Principal) -> RecordOverlap:
        return RecordOverlap(
            ids.position(self.pilot, "input", "pilot", kinds=("Pilot",)),
            ids.position(self.other, "input", "other", kinds=("Pilot",)),
        )


@strawberry.input(description="A new accounting period of a pilot.")
class RegisterAccountingPeriodInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    starts_on: date = strawberry.field(description="Its first day.")
    ends_on: date = strawberry.field(description="Its last day; as a rule the end of the year.")

    def command(self, ids: Ids, caller: Principal) -> RegisterAccountingPeriod:
        pilot = ids.position(self.pilot, "input", "pilot", kinds=("Pilot",))
        return RegisterAccountingPeriod(pilot, DateSpan(self.starts_on, self.ends_on))


@strawberry.input(description="An accounting period that was registered wrongly.")
class WithdrawAccountingPeriodInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    accounting_period: strawberry.ID = strawberry.field(description="The period.")

    def command(self, ids: Ids, caller: Principal) -> int:
        kinds = ("AccountingPeriod",)
        return ids.position(self.accounting_period, "input", "accountingPeriod", kinds=kinds)
