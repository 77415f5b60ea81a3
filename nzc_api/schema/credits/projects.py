"""Projects and their registrations in programmes, as GraphQL."""

from datetime import date

import strawberry

from nzc_api.guide.guide import GUIDE
from nzc_api.ledger import model as domain
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.pilots.model import DateSpan
from nzc_api.schema.credits.above import BENEFICIARY, CREDIT_BATCH, LazyBeneficiary, LazyCreditBatch
from nzc_api.schema.credits.loaders import CreditLoaders
from nzc_api.schema.credits.verifications import Verification, verification
from nzc_api.schema.guide.types import AdministrativeDivision
from nzc_api.schema.kit.as_of import AsOf
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
from nzc_api.schema.kit.fields import attribute, dear, number, short_list
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.texts import text_attribute
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.programmes.types import Programme, ProgrammeCode
from nzc_api.schema.sites.types import AtSite, at_site

FORESTRY = (
    "Whether the activity is forestry or another carbon sink (林业和其他碳汇: forests, mangroves, "
    "grassland, wetlands, the sea). It follows from the methodology."
)


@strawberry.type(description="For which days the reductions of a project are credited (计入期).")
class CreditingPeriod:
    domain: strawberry.Private[DateSpan]

    starts_on = attribute(date, "starts_on", "The first day.")
    ends_on = attribute(date, "ends_on", "The last day.")


@strawberry.type(description="A project's registration (项目登记) in a programme.")
class Enrolment:
    domain: strawberry.Private[domain.Enrolment]

    number = attribute(str, "number", "Its number in the programme.")
    methodology = attribute(
        str | None,
        "methodology",
        "The number or name of its methodology; null where it was not recorded.",
    )
    methodology_version = attribute(
        str | None, "methodology_version", "Which version of it; null where that was not recorded."
    )
    rule = attribute(str, "rule", "The code of the programme's rule that it was registered under.")
    registered_on = attribute(date, "registered_on", "The day of the registration.")

    @strawberry.field(description="The programme.")
    def programme(self) -> Programme:
        return Programme(domain=PROGRAMMES[self.domain.programme])

    @strawberry.field(
        description="For which days its reductions are credited (计入期), with renewals that were stated; null where "
        "that was not recorded."
    )
    def crediting_period(self) -> CreditingPeriod | None:
        days = self.domain.crediting_period
        return None if days is None else CreditingPeriod(domain=days)

    @strawberry.field(
        description="Who validated the project (审定), by which report; null where that was not recorded."
    )
    def validation(self) -> Verification | None:
        return verification(self.domain.validation)


@node(CreditLoaders.project)
@strawberry.type(description="The physical activity behind credits.")
class Project(Node):
    domain: strawberry.Private[domain.Project]

    code = attribute(str, "code", "Its code: unique, never changed.")
    name = text_attribute("name", "Its name.")
    forestry = attribute(bool, "forestry", FORESTRY)
    site = attribute(str, "site", "Where it is.")
    latitude = number("latitude", "Decimal degrees north.", optional=True)
    longitude = number("longitude", "Decimal degrees east.", optional=True)
    site_code = attribute(str | None, "site_code", "What its site is known by elsewhere.")

    @strawberry.field(description="The city of Guangdong that it lies in; null elsewhere.")
    def administrative_division(self) -> AdministrativeDivision | None:
        code = self.domain.division_code
        division = None if code is None else GUIDE.division(code)
        return None if division is None else AdministrativeDivision(domain=division)

    @strawberry.field(
        description="The pilot whose boundary it lies in, if any: its credits never offset that pilot, "
        "nor a pilot around it."
    )
    async def pilot(self, info: Info) -> Pilot | None:
        inside = self.domain.pilot_id
        return None if inside is None else await Pilot.at(info, inside)

    @strawberry.field(
        description="The pilots and projects at its site, in the order of their registration. It may lie inside such a "
        "pilot: until an administrator resolves that, its credits do not offset that pilot, nor one around it."
    )
    async def at_site(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[AtSite]:
        return await at_site(info, self.domain.id, first, after)

    @short_list("Its registrations in programmes, one in each.", len(ProgrammeCode))
    async def enrolments(self, info: Info) -> list[Enrolment]:
        found = await info.context.loaders.enrolments.load(self.domain.id)
        return [Enrolment(domain=enrolment) for enrolment in found]

    @strawberry.field(description="Its issuances, oldest first.")
    async def batches(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyCreditBatch]:
        page = page_by_position(first, after, last=last, before=before)
        rows = await info.context.loaders.batches.load((self.domain.id, page))
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: CREDIT_BATCH.type(domain=row),
            counted(info.context.loaders.batches_count, self.domain.id),
        )

    @dear(
        "The pilots and periods that its credits are retired for, all its batches together.",
        statements=4,
    )
    async def beneficiaries(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Trail[LazyBeneficiary]:
        page = page_by_position(first, after)
        key = (self.domain.id, (await info.context.as_of(as_of), page))
        return BENEFICIARY.type.page(
            await info.context.loaders.project_beneficiaries.load(key), page
        )
