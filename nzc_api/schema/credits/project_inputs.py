"""What is registered and changed of projects: the mutations' inputs."""

from datetime import date

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.grounds import Grounds
from nzc_api.ids import PilotId
from nzc_api.ledger.commands import AmendProject, EnrolProject, RegisterProject, ResolveSameSite
from nzc_api.schema.credits.inputs import DRY_RUN
from nzc_api.schema.credits.projects import FORESTRY
from nzc_api.schema.credits.verification_inputs import (
    VERSION,
    CreditingPeriodInput,
    VerificationInput,
)
from nzc_api.schema.kit.changes import said
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import PILOT, PROJECT
from nzc_api.schema.kit.texts import LocalizedTextInput
from nzc_api.schema.pilots.inputs import DateSpanInput
from nzc_api.schema.programmes.types import ProgrammeCode
from nzc_api.schema.sites.enums import SiteFinding
from nzc_api.schema.sites.inputs import CoordinatesInput, said_of_site


@strawberry.input(description="Where a project is from now on: what is left out stays as it is.")
class AmendProjectInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    project: strawberry.ID = strawberry.field(description="The project.")
    site: str | None = strawberry.field(default=strawberry.UNSET, description="Where it is.")
    administrative_division: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The GB/T 2260 code of its city; null where it is not in Guangdong.",
    )
    coordinates: CoordinatesInput | None = strawberry.field(
        default=strawberry.UNSET, description="Where it is, exactly; null where that is not known."
    )
    site_code: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What its site is known by elsewhere; null where it is not.",
    )
    pilot: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The pilot whose boundary it lies in; null: none. Only an administrator takes a project out of a "
        "pilot.",
    )
    name: LocalizedTextInput | None = strawberry.field(
        default=strawberry.UNSET, description="What it is called."
    )
    methodology: str | None = strawberry.field(
        default=None,
        description="The number or name of the methodology of its enrolments that named none. Where it is placed in a "
        "pilot and is no forestry, every enrolment has one. A registry states it for its own programmes.",
    )
    methodology_version: str | None = strawberry.field(
        default=None, description=f"{VERSION} Only beside `methodology`."
    )
    crediting_period: CreditingPeriodInput | None = strawberry.field(
        default=None,
        description="For which days its reductions are credited in a programme, such as after a renewal. A registry "
        "states it for its own programmes.",
    )
    document: str = strawberry.field(description="The document that shows it.")
    reason: str = strawberry.field(description="Why.")

    def command(self, ids: Ids, caller: Principal) -> AmendProject:
        said(self, ("site", "name"), no_values=())
        placed: tuple[PilotId | None] | None = None
        if self.pilot is None:
            placed = (None,)
        elif self.pilot is not strawberry.UNSET:
            placed = (ids.read(self.pilot, "input", "pilot", kind=PILOT),)
        return AmendProject(
            project_id=ids.read(self.project, "input", "project", kind=PROJECT),
            site=said_of_site(self, "site", "administrative_division", "site_code"),
            placed=placed,
            grounds=Grounds(self.document, self.reason),
            name=self.name.text() if self.name else None,
            methodology=self.methodology,
            methodology_version=self.methodology_version,
            credited=None if self.crediting_period is None else self.crediting_period.credited(),
        )


@strawberry.input(description="What was found of a pilot and of something else at its site.")
class ResolveSameSiteInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    subject: strawberry.ID = strawberry.field(
        description="The project, or the other pilot, at the pilot's site."
    )
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    finding: SiteFinding = strawberry.field(description="What was found.")
    document: str = strawberry.field(description="The document that shows it.")
    reason: str = strawberry.field(description="Why.")

    def command(self, ids: Ids, caller: Principal) -> ResolveSameSite:
        return ResolveSameSite(
            subject_id=ids.position(self.subject, "input", "subject", kinds=("Project", "Pilot")),
            pilot_id=ids.read(self.pilot, "input", "pilot", kind=PILOT),
            finding=self.finding,
            grounds=Grounds(self.document, self.reason),
        )


@strawberry.input(description="A new project.")
class RegisterProjectInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    code: str = strawberry.field(
        description="A unique code: 1 to 40 capital letters, digits or hyphens."
    )
    name: LocalizedTextInput = strawberry.field(description="Its name.")
    forestry: bool = strawberry.field(description=FORESTRY)
    site: str = strawberry.field(description="Where it is: 1 to 200 characters.")
    administrative_division: str | None = strawberry.field(
        default=None, description="The GB/T 2260 code of its city, if it is in Guangdong."
    )
    coordinates: CoordinatesInput | None = strawberry.field(
        default=None, description="Where it is, exactly."
    )
    site_code: str | None = strawberry.field(
        default=None,
        description="What its site is known by elsewhere, such as a registry's id of it: two projects "
        "with one code are at one site.",
    )
    pilot: strawberry.ID | None = strawberry.field(
        default=None, description="The pilot whose boundary it lies in, if any."
    )

    def command(self, ids: Ids, caller: Principal) -> RegisterProject:
        pilot = ids.optional(self.pilot, "input", "pilot", kind=PILOT)
        at = self.coordinates
        return RegisterProject(
            code=self.code,
            name=self.name.text(),
            forestry=self.forestry,
            site=self.site,
            division_code=self.administrative_division,
            latitude=None if at is None else at.latitude,
            longitude=None if at is None else at.longitude,
            pilot_id=pilot,
            site_code=self.site_code,
        )


@strawberry.input(description="A project's registration in a programme, to record.")
class EnrolProjectInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    project: strawberry.ID = strawberry.field(description="The project.")
    programme: ProgrammeCode = strawberry.field(description="The programme.")
    rule: str = strawberry.field(
        description="The code of the programme's rule that it is registered under, such as CCER_2023."
    )
    number: str = strawberry.field(description="Its number in the programme.")
    registered_on: date = strawberry.field(description="The day of the registration.")
    methodology: str | None = strawberry.field(
        default=None,
        description="The number or name of its methodology, such as CCER-14-001-V01: it says whether the "
        "activity is forestry or another carbon sink. Needed of a project inside a pilot that is said to be "
        "none. 1 to 200 characters.",
    )
    methodology_version: str | None = strawberry.field(
        default=None, description=f"{VERSION} Only beside `methodology`."
    )
    crediting_period: DateSpanInput | None = strawberry.field(
        default=None,
        description="For which days its reductions are credited (计入期): monitoring periods of what is issued lie in "
        "them.",
    )
    validation: VerificationInput | None = strawberry.field(
        default=None, description="Who validated the project (审定), by which report."
    )

    def command(self, ids: Ids, caller: Principal) -> EnrolProject:
        return EnrolProject(
            project_id=ids.read(self.project, "input", "project", kind=PROJECT),
            programme=self.programme,
            rule=self.rule,
            number=self.number,
            registered_on=self.registered_on,
            methodology=self.methodology,
            methodology_version=self.methodology_version,
            crediting_period=None
            if self.crediting_period is None
            else self.crediting_period.span(),
            validation=None if self.validation is None else self.validation.verification(),
        )
