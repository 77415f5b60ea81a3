"""Batches of credits, as GraphQL."""

from collections.abc import Awaitable
from datetime import date

import strawberry

from nzc_api.ids import BatchId, Position
from nzc_api.ledger import model as domain
from nzc_api.ledger.model import Project as DomainProject
from nzc_api.ledger.posting.rules.verified_as_said import MOST_LABELS
from nzc_api.ledger.programmes import PROGRAMMES, mechanism_of
from nzc_api.ledger.verifications import VerifiedReductions
from nzc_api.schema.credits.above import (
    BENEFICIARY,
    CREDIT_TILE,
    LEDGER_POSTING,
    LazyBeneficiary,
    LazyCreditTile,
    LazyLedgerPosting,
)
from nzc_api.schema.credits.enums import Finding, ProductionBasis
from nzc_api.schema.credits.loaders import CreditLoaders
from nzc_api.schema.credits.projects import FORESTRY, Enrolment, Project
from nzc_api.schema.credits.serials import SerialBlock, SerialBy, block_of
from nzc_api.schema.credits.verifications import CreditLabel, Verification, verification
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    Trail,
    connection,
    counted,
    page_by_position,
    trail,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear, short_list
from nzc_api.schema.kit.nodes import NodeThen, node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.programmes.enums import Mechanism
from nzc_api.schema.programmes.types import Programme


@strawberry.type(
    description="A registration of reductions (减排量登记) that is issued in several blocks."
)
class Issuance:
    domain: strawberry.Private[domain.Issuance]

    reference = attribute(str, "reference", "The registry's own number of the registration.")
    quantity = attribute(
        BigInt,
        "quantity",
        "All the tonnes that were registered: its blocks together never have more.",
    )


@strawberry.type(description="Another batch that seems to be issued for the same reductions.")
class SuspectedDouble:
    domain: strawberry.Private[domain.DoubleIssuance]
    batch_id: strawberry.Private[BatchId]
    as_of: strawberry.Private[Position | None]

    finding = attribute(
        Finding | None,
        "finding",
        "What an administrator found; null while both batches are blocked.",
    )
    position = attribute(
        BigInt,
        "position",
        "The position of the log at which it came up: of the later issuance, or of what put the two projects at one "
        "site after it.",
    )

    @strawberry.field(description="The other batch.")
    async def other(self, info: Info) -> "CreditBatch":
        return await CreditBatch.then(info, self.other_id, self.as_of)

    @property
    def other_id(self) -> int:
        double = self.domain
        return double.other_id if double.batch_id == self.batch_id else double.batch_id


@node(CreditLoaders.batch)
@strawberry.type(
    description="A serial block of a project in a programme: one issuance (减排量登记), or a part of one."
)
class CreditBatch(NodeThen):
    """Its state is told as of a position: that of what it is shown in, or else now."""

    domain: strawberry.Private[domain.CreditBatch]
    # Its project, where that was read along with it.
    of_project: strawberry.Private[DomainProject | None] = None

    vintage = attribute(int, "vintage", "The year in which the production of its reductions ended.")
    produced_from = attribute(date, "produced_from", "The first day of their production.")
    produced_to = attribute(date, "produced_to", "The last day of their production.")
    reductions_registered_on = attribute(
        date, "reductions_registered_on", "The day on which the reductions were registered."
    )
    reductions_applied_on = attribute(
        date | None,
        "reductions_applied_on",
        "The day on which that was applied for; null where the issuance did not say, or was before December 2026.",
    )
    forestry = attribute(bool, "forestry", FORESTRY)
    production_basis = attribute(
        ProductionBasis | None,
        "production_basis",
        "How the days of production are known; null for what was issued before that was kept.",
    )
    production_document = attribute(
        str | None,
        "production_document",
        "The authority's document that states that there is no monitoring period, where it is by one.",
    )
    quantity = attribute(BigInt, "serials.quantity", "Its tonnes.")
    position = attribute(BigInt, "id", "The position of the log at which it was issued.")
    by_certificate = attribute(
        bool,
        "by_certificate",
        "Whether the registry published no serials: the block is the certificate's number and "
        "quantity.",
    )

    @strawberry.field(
        description="The registration of reductions that it is a part of; null where it is a whole one."
    )
    def issuance(self) -> Issuance | None:
        part_of = self.domain.issuance
        return None if part_of is None else Issuance(domain=part_of)

    @dear(
        "Its project's registration in its programme, with what was stated of it by a position: the one given, else "
        "that of what the batch is shown in, else now. Null as of one before it.",
        statements=2,
    )
    async def enrolment(self, info: Info, as_of: AsOf = None) -> Enrolment | None:
        then = await (self.shown_as_of(info) if as_of is None else info.context.as_of(as_of))
        found = await info.context.loaders.enrolments_then.load((self.domain.project_id, then))
        own = (Enrolment(domain=row) for row in found if row.programme == self.domain.programme)
        return next(own, None)

    @strawberry.field(
        description="Who verified its reductions (核查), by which report; null where its issuance did not say."
    )
    async def verification(self, info: Info) -> Verification | None:
        return verification((await self._verified(info)).verification)

    @short_list("The labels that its credits go by, as its issuance said.", MOST_LABELS)
    async def labels(self, info: Info) -> list[CreditLabel]:
        return [CreditLabel(domain=label) for label in (await self._verified(info)).labels]

    @strawberry.field(description="Its serial block.")
    def serials(self) -> SerialBlock:
        return block_of(self.domain, self.domain.serials.lo, self.domain.serials.hi)

    @strawberry.field(description="The programme that issued it.")
    def programme(self) -> Programme:
        return Programme(domain=PROGRAMMES[self.domain.programme])

    @dear(
        "What froze all of it; null where it is not frozen as a whole. As of a position: then.",
        statements=4,
    )
    async def frozen(self, info: Info) -> LazyLedgerPosting | None:
        return await self._fact(info, "frozen")

    @dear(
        "What invalidated all of it; null where it is in force. As of a position: by then.",
        statements=4,
    )
    async def invalidated(self, info: Info) -> LazyLedgerPosting | None:
        return await self._fact(info, "invalidated")

    @dear("How many of its tonnes were invalidated, by serials or as a whole.", statements=3)
    async def invalidated_quantity(self, info: Info) -> BigInt:
        key = (self.domain.id, await self.shown_as_of(info))
        return BigInt(await info.context.loaders.invalidated_of_batch.load(key))

    @dear(
        "What recorded its export with a corresponding adjustment, if it was exported.",
        statements=4,
    )
    async def exported(self, info: Info) -> LazyLedgerPosting | None:
        return await self._fact(info, "exported")

    @dear(
        "What took its issuance back, which was wrong: since then it is as if there had been none, and its serials may "
        "be issued again. Null as a rule, and as of a position of before.",
        statements=4,
    )
    async def correction(self, info: Info) -> LazyLedgerPosting | None:
        position = self.domain.withdrawn_position
        if position is None or position > await self.shown_as_of(info):
            return None
        return await LEDGER_POSTING.type.then(info, position, self.as_of)

    @strawberry.field(
        description="The issuances that seem to be for the same reductions, by this programme or another, and what was "
        "found; in the order of those issuances. Of one issuance the first hundred are recorded at once: as it is "
        "issued, and as its project is found at another one's site. As of a position: by then."
    )
    async def suspected_doubles(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[SuspectedDouble]:
        page = page_by_position(first, after)
        as_of = await self.shown_as_of(info)
        found = await info.context.loaders.doubles.load((self.domain.id, (as_of, page)))
        rows = [
            SuspectedDouble(domain=double, batch_id=self.domain.id, as_of=self.as_of)
            for double in found
        ]
        return connection(
            rows,
            page,
            lambda row: row.other_id,
            lambda row: row,
            counted(info.context.loaders.doubles_count, (self.domain.id, as_of)),
        )

    @dear("The pilots and periods that its credits are retired for.", statements=4)
    async def beneficiaries(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Trail[LazyBeneficiary]:
        page = page_by_position(first, after)
        key = (self.domain.id, (await info.context.as_of(as_of), page))
        return BENEFICIARY.type.page(await info.context.loaders.batch_beneficiaries.load(key), page)

    @dear(
        "The runs of serials that it is in now and where each is, in order: together they "
        "are the batch, without gap or overlap.",
        statements=2,
    )
    async def tiling(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Trail[LazyCreditTile]:
        page = page_by_position(first, after)
        rows = await info.context.loaders.tiling.load((self.domain.id, page))
        return trail(rows, page, lambda row: row.hi - 1, lambda row: CREDIT_TILE.type(domain=row))

    async def _verified(self, info: Info) -> VerifiedReductions:
        return await info.context.loaders.verified.load(self.domain.id) or VerifiedReductions()

    async def _fact(self, info: Info, name: str) -> LazyLedgerPosting | None:
        as_of = await self.shown_as_of(info)
        facts = await info.context.loaders.batch_facts.load((self.domain.id, as_of))
        position = getattr(facts, name)
        if position is None:
            return None
        return await LEDGER_POSTING.type.then(info, position, self.as_of)

    @strawberry.field(description="The one mechanism of the guide that it counts under.")
    def mechanism(self) -> Mechanism:
        programme = PROGRAMMES[self.domain.programme]
        return mechanism_of(programme, forestry=self.domain.forestry)

    @dear("The project.", statements=1, shown_as=Project)
    def project(self, info: Info) -> Project | Awaitable[Project]:
        if self.of_project is not None:
            return Project(domain=self.of_project)
        return Project.at(info, self.domain.project_id)


@strawberry.input(description="Which batch is meant: exactly one of these.", one_of=True)
class CreditBatchBy:
    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Its id.")
    serial: SerialBy | None = strawberry.field(
        default=strawberry.UNSET, description="A serial that it has."
    )
