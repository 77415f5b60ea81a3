"""Applications, as GraphQL."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Self

import strawberry

from nzc_api.guide.guide import GUIDE, PriorityPart
from nzc_api.ids import ApplicationId
from nzc_api.schema.documents.enums import EvidenceKind
from nzc_api.schema.guide.enums import ApplicantKind, Establishment, PilotVariant
from nzc_api.schema.guide.types import (
    MOST_CRITERIA,
    MOST_JUDGED,
    AdministrativeDivision,
    PriorityCriterion,
)
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    connection,
    counted,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, number, short_list
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import text_attribute
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.selection.enums import ApplicationState, Verdict
from nzc_api.selection import model as domain
from nzc_api.selection.criteria import CriterionStanding, standings
from nzc_api.selection.rules import MOST_CORNERS, MOST_DOCUMENTS
from nzc_api.selection.visibility import application_sight_of


@strawberry.type(description="A corner of an outline, in decimal degrees.")
class BoundaryCorner:
    domain: strawberry.Private[domain.Corner]

    @strawberry.field(description="Degrees north.")
    def latitude(self) -> Decimal:
        return self.domain[0]

    @strawberry.field(description="Degrees east.")
    def longitude(self) -> Decimal:
        return self.domain[1]


@strawberry.type(description="What would lie inside the pilot.")
class ApplicationBoundary:
    domain: strawberry.Private[domain.Boundary]

    words = attribute(str, "words", "In words.")
    hectares = number("hectares", "Its area, in hectares; null where not said.", optional=True)

    @short_list(
        "Its outline, corner by corner, the last one joined to the first; empty where not said.",
        MOST_CORNERS,
    )
    def outline(self) -> list[BoundaryCorner]:
        return [BoundaryCorner(domain=corner) for corner in self.domain.outline or ()]


@strawberry.type(
    description="A file that shows what is claimed; the file itself is kept elsewhere."
)
class ClaimDocument:
    domain: strawberry.Private[domain.ClaimDocument]

    document_kind = attribute(EvidenceKind, "kind", "What it is.")
    file_name = attribute(str, "name", "The file's name.")
    media_type = attribute(str, "media_type", "Its media type, such as application/pdf.")
    size = attribute(BigInt, "size", "Its bytes.")
    sha256 = attribute(str, "sha256", "The SHA-256 of its bytes, in hex.")


@strawberry.type(
    description="That an application meets something that the guide asks, and by what."
)
class CriterionClaim:
    domain: strawberry.Private[domain.Claim]

    position = attribute(BigInt, "id", "The position at which it was claimed.")
    criterion = attribute(str, "criterion", "The code of what is claimed, such as TOWN-3.c.")
    statement = attribute(str, "statement", "What is said of it.")

    @short_list("The documents that show it.", MOST_DOCUMENTS)
    def documents(self) -> list[ClaimDocument]:
        return [ClaimDocument(domain=document) for document in self.domain.documents]


@strawberry.type(description="What a regulator found of something that the guide asks.")
class CriterionJudgement:
    domain: strawberry.Private[domain.Judgement]

    position = attribute(BigInt, "id", "The position at which it was found.")
    criterion = attribute(str, "criterion", "The code of what was judged.")
    verdict = attribute(Verdict, "verdict", "What was found.")
    reason = attribute(str, "reason", "Why.")


@strawberry.type(description="That an application came to stand elsewhere.")
class ApplicationStep:
    domain: strawberry.Private[domain.ApplicationStep]

    position = attribute(BigInt, "id", "The position; its event says when and by whom.")
    application_state = attribute(ApplicationState, "state", "Where it stood from then on.")
    reason = attribute(str | None, "reason", "Why; null where it was submitted.")


@strawberry.type(description="Something that is judged by itself, and what was found of it last.")
class JudgedPart:
    domain: strawberry.Private[PriorityPart]
    verdicts: strawberry.Private[Mapping[str, Verdict]]

    code = attribute(str, "code", "Its code.")
    text = text_attribute("text", "What it asks.")

    @strawberry.field(description="What was found last; null where it was not judged.")
    def verdict(self) -> Verdict | None:
        return self.verdicts.get(self.domain.code)


@strawberry.type(description="A criterion of the guide beside an application.")
class ApplicationCriterion:
    domain: strawberry.Private[CriterionStanding]

    met = attribute(
        bool,
        "met",
        "Whether it is met: with parts, whether all of them are; with schemes, whether one is shown.",
    )

    @strawberry.field(description="The criterion.")
    def criterion(self) -> PriorityCriterion:
        return PriorityCriterion(domain=self.domain.criterion)

    @short_list("What is judged of it.", MOST_JUDGED)
    def parts(self) -> list[JudgedPart]:
        return [
            JudgedPart(domain=part, verdicts=self.domain.verdicts)
            for part in self.domain.criterion.judged
        ]


@node()
@strawberry.type(
    description="An application for a pilot (section 二 of the guide). The guide prefers and does not demand (优先): "
    "a criterion that is not met refuses nothing. Its applicant sees it; who decides and who audits, from when it "
    "was submitted."
)
class Application(Node):
    domain: strawberry.Private[domain.Application]

    position = attribute(BigInt, "id", "The position at which it was opened.")
    application_state = attribute(ApplicationState, "state", "Where it stands.")
    criteria_met = attribute(
        int,
        "criteria_met",
        "How many criteria of the guide it meets, by what was found last; applications are ranked by that.",
    )
    variant = attribute(
        PilotVariant, "variant", "The kind of pilot, with the guide's distinctions."
    )
    name = text_attribute("name", "The pilot's name.")
    applicant_kind = attribute(ApplicantKind, "applicant_kind", "What kind of body applies.")
    applicant_name = text_attribute("applicant_name", "Who applies.")
    establishment = attribute(Establishment, "establishment", "Newly built or existing.")
    operation_starts_on = attribute(
        date | None, "operation_starts_on", "Its first day of operation, if known."
    )

    @strawberry.field(description="What would lie inside the pilot.")
    def boundary(self) -> ApplicationBoundary:
        return ApplicationBoundary(domain=self.domain.boundary)

    @strawberry.field(description="The prefecture-level city that it lies in. Never null.")
    def administrative_division(self) -> AdministrativeDivision | None:
        division = GUIDE.division(self.domain.division_code)
        assert division is not None
        return AdministrativeDivision(domain=division)

    @strawberry.field(description="The organisation that applies, and would write the pilot.")
    async def operator(self, info: Info) -> Organisation:
        found = await info.context.loaders.organisation.load(self.domain.operator_id)
        assert found is not None
        return Organisation(domain=found)

    @strawberry.field(description="The pilot that was registered of it; null where there is none.")
    async def pilot(self, info: Info) -> Pilot | None:
        pilot_id = self.domain.pilot_id
        return None if pilot_id is None else await Pilot.at(info, pilot_id)

    @short_list(
        "The guide's criteria of its kind, each with what was found last, now or as of a position.",
        MOST_CRITERIA,
        statements=2,
    )
    async def criteria(self, info: Info, as_of: AsOf = None) -> list[ApplicationCriterion]:
        position = await info.context.as_of(as_of)
        verdicts = await info.context.loaders.verdicts.load((self.domain.id, position))
        found = standings(self.domain.variant, verdicts)
        return [ApplicationCriterion(domain=standing) for standing in found]

    @strawberry.field(description="What it claims, oldest first.")
    async def claims(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[CriterionClaim]:
        page = page_by_position(first, after)
        return connection(
            await info.context.loaders.claims.load((self.domain.id, page)),
            page,
            lambda row: row.id,
            lambda row: CriterionClaim(domain=row),
            counted(info.context.loaders.claims_count, self.domain.id),
        )

    @strawberry.field(
        description="What was found of it, oldest first; of one criterion the latest counts."
    )
    async def judgements(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[CriterionJudgement]:
        page = page_by_position(first, after)
        return connection(
            await info.context.loaders.judgements.load((self.domain.id, page)),
            page,
            lambda row: row.id,
            lambda row: CriterionJudgement(domain=row),
            counted(info.context.loaders.judgements_count, self.domain.id),
        )

    @strawberry.field(description="What became of it, oldest first.")
    async def steps(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[ApplicationStep]:
        page = page_by_position(first, after)
        return connection(
            await info.context.loaders.steps.load((self.domain.id, page)),
            page,
            lambda row: row.id,
            lambda row: ApplicationStep(domain=row),
            counted(info.context.loaders.steps_count, self.domain.id),
        )

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        sight = application_sight_of(await info.context.principal())
        found = await info.context.loaders.application.load((ApplicationId(position), sight))
        return None if found is None else cls(domain=found)
