"""Inventories, as GraphQL."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

import strawberry

from nzc_api.ids import InventoryId
from nzc_api.inventories import model as domain
from nzc_api.inventories.electricity import NO_ELECTRICITY
from nzc_api.inventories.model import QualityOfData, Shares
from nzc_api.inventories.rules import list_of
from nzc_api.schema.documents.types import Document, documents_of
from nzc_api.schema.factors.enums import GwpSet
from nzc_api.schema.factors.types import FactorList
from nzc_api.schema.guide.enums import Category, LifeCycleStage, Phase
from nzc_api.schema.guide.types import MOST_CATEGORIES
from nzc_api.schema.inventories.above import INVENTORY_REPORT, LazyInventoryReport
from nzc_api.schema.inventories.electricity import Electricity
from nzc_api.schema.inventories.enums import (
    DataQuality,
    ElectricityMethod,
    InventoryStatus,
    LineRole,
    ReportLanguage,
    Scope,
)
from nzc_api.schema.inventories.lines import EmissionSource, Sink
from nzc_api.schema.inventories.warnings import InventoryWarning, VerificationOpinion
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Before,
    Connection,
    First,
    Last,
    connection,
    counted,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import MUCH_COMPUTED, argument, attribute, dear, short_list
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.pilots.enums import Basis
from nzc_api.schema.pilots.periods import AccountingPeriod
from nzc_api.schema.pilots.types import Pilot


@strawberry.type(description="What emissions come to that rest on one quality of data.")
class DataQualityShare:
    domain: strawberry.Private[domain.QualityShare]

    data_quality = attribute(
        DataQuality | None, "quality", "The quality; null: of lines of which none was stated."
    )
    co2e = attribute(Decimal, "co2e", "What they come to: t CO2e.")


@strawberry.type(
    description="What the emissions of an inventory rest on: of its emission sources that count, without what is "
    "deducted and without memo items."
)
class InventoryDataQuality:
    domain: strawberry.Private[QualityOfData]

    co2e_without_evidence = attribute(
        Decimal,
        "unshown_co2e",
        "What the lines come to that neither a document (`evidence`) nor a meter shows: t CO2e.",
    )
    lines_without_evidence = attribute(int, "unshown_lines", "How many lines they are.")

    @short_list(
        "By quality, the best first; they are the whole. Of a line that was drafted from a meter the part that rests "
        "on estimated readings or bills is ESTIMATED, by their share of its quantity, to a gram.",
        len(DataQuality) + 1,
    )
    def shares(self) -> list[DataQualityShare]:
        return [DataQualityShare(domain=share) for share in self.domain.shares]


@strawberry.type(description="What emissions come to of one scope.")
class ScopeShare:
    domain: strawberry.Private[domain.ScopeShare]

    scope = attribute(
        Scope | None, "scope", "The scope; null: of lines of which it does not follow."
    )
    co2e = attribute(Decimal, "co2e", "What they come to: t CO2e.")


@strawberry.type(description="What emissions come to of one stage of the pilot's life.")
class LifeCycleStageShare:
    domain: strawberry.Private[domain.StageShare]

    life_cycle_stage = attribute(LifeCycleStage, "stage", "The stage.")
    co2e = attribute(Decimal, "co2e", "What they come to: t CO2e.")


@strawberry.type(
    description="What the emissions of an inventory come to by scope and by stage: of its emission sources that "
    "count, without what is deducted and without memo items. Each list is the whole."
)
class EmissionShares:
    domain: strawberry.Private[Shares]

    @short_list("By scope, in order; what is of none that follows comes last.", len(Scope) + 1)
    def scopes(self) -> list[ScopeShare]:
        return [ScopeShare(domain=share) for share in self.domain.scopes]

    @short_list("By stage, in order.", len(LifeCycleStage))
    def life_cycle_stages(self) -> list[LifeCycleStageShare]:
        return [LifeCycleStageShare(domain=share) for share in self.domain.stages]


@node()
@strawberry.type(
    description="A GHG inventory of a pilot's phase, on one basis, over days of one accounting period. "
    "Its versions are a series; the latest verified one, else the latest submitted one, counts."
)
class Inventory(Node):
    domain: strawberry.Private[domain.Inventory]

    phase = attribute(Phase, "phase", "The phase that it accounts for.")
    basis = attribute(Basis, "basis", "What its figures rest on.")
    status = attribute(InventoryStatus, "status", "Where it stands.")
    gwp_set = attribute(GwpSet, "gwp_set", "Whose warming potentials it uses.")
    electricity_method = attribute(
        ElectricityMethod,
        "electricity_method",
        "By which method its bought electricity counts; `electricity` has both.",
    )
    version = attribute(int, "version", "Its number in the series, from 1.")
    starts_on = attribute(date, "span.starts_on", "The first day that it covers.")
    ends_on = attribute(date, "span.ends_on", "The last day that it covers.")
    not_occurring = attribute(
        list[Category],
        "not_occurring",
        "Categories in scope declared not to occur (NO).",
        at_most=MOST_CATEGORIES,
    )
    submitted_position = attribute(
        BigInt | None, "submitted_position", "The position of the log at which it was submitted."
    )
    verified_position = attribute(
        BigInt | None, "verified_position", "The position of the log at which it was verified."
    )
    discarded_position = attribute(
        BigInt | None,
        "discarded_position",
        "The position of the log at which the draft was given up.",
    )

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    @strawberry.field(description="The accounting period that it reports into. Never null.")
    async def accounting_period(self, info: Info) -> AccountingPeriod | None:
        found = await info.context.loaders.period.load(self.domain.period_id)
        assert found is not None
        return AccountingPeriod(domain=found)

    @strawberry.field(description="The curated list whose factors it uses.")
    def factor_list(self) -> FactorList:
        return FactorList(domain=list_of(self.domain))

    @strawberry.field(description="Who verified it.")
    async def verifier(self, info: Info) -> Organisation | None:
        if self.domain.verifier_id is None:
            return None
        found = await info.context.loaders.organisation.load(self.domain.verifier_id)
        assert found is not None
        return Organisation(domain=found)

    @strawberry.field(
        description="The documents that are attached to it as a whole, oldest first; lines have their own."
    )
    async def documents(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Document]:
        return await documents_of(info, self.domain.id, first, after)

    @dear(
        "The report that section 三 of the guide asks of its kind of pilot, as of a position. Null while it is a "
        "draft, whose lines change.",
        statements=MUCH_COMPUTED,
    )
    async def report(
        self,
        info: Info,
        language: Annotated[ReportLanguage, argument("What it is to be written in.")],
        as_of: AsOf = None,
    ) -> LazyInventoryReport | None:
        return await INVENTORY_REPORT.type.of_inventory(info, self.domain, language, as_of)

    @dear("What the verifier said of it; null where it said nothing more.", statements=1)
    async def opinion(self, info: Info) -> VerificationOpinion | None:
        found = await info.context.loaders.opinion.load(self.domain.id)
        return None if found is None else VerificationOpinion(domain=found)

    @dear(
        "What there is to know of it and of its lines, in the order in which it was found: of lines where "
        "you see them; of the whole once it is submitted.",
        statements=3,
    )
    async def all_warnings(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[InventoryWarning]:
        page = page_by_position(first, after, last=last, before=before)
        sight = await info.context.sight()
        rows = await info.context.loaders.warnings.load((self.domain.id, (sight, page)))
        return connection(
            rows,
            page,
            lambda row: row.number,
            lambda row: InventoryWarning(domain=row, inventory_id=self.domain.id),
            counted(info.context.loaders.warnings_count, (self.domain.id, sight)),
        )

    @dear(
        "Whether you see its lines: those of a verified inventory as the pilot's `lineVisibility` says. "
        "Where not, its lists of lines are empty.",
        statements=2,
    )
    async def viewer_sees_lines(self, info: Info) -> bool:
        return await self._sees_lines(info)

    @dear(
        "What its emissions rest on, and what of them nothing shows; null where you do not see its lines.",
        statements=3,
    )
    async def quality_of_data(self, info: Info) -> InventoryDataQuality | None:
        if not await self._sees_lines(info):
            return None
        found = await info.context.loaders.quality.load(self.domain.id)
        return InventoryDataQuality(domain=found or QualityOfData())

    @dear(
        "What its emissions come to by scope and by stage of the pilot's life; null where you do not see its lines.",
        statements=3,
    )
    async def emission_shares(self, info: Info) -> EmissionShares | None:
        if not await self._sees_lines(info):
            return None
        found = await info.context.loaders.emission_shares.load(self.domain.id)
        return EmissionShares(domain=found or Shares())

    @dear(
        "What its bought electricity comes to by location and by market; null where you do not see its lines.",
        statements=5,
    )
    async def electricity(self, info: Info) -> Electricity | None:
        if not await self._sees_lines(info):
            return None
        found = await info.context.loaders.electricity.load(self.domain.id)
        return Electricity(domain=found or NO_ELECTRICITY)

    async def _sees_lines(self, info: Info) -> bool:
        sight = await info.context.sight()
        pilot = await Pilot.at(info, self.domain.pilot_id)
        return sight.sees(pilot.domain, self.domain.status, lines=True)

    @dear("The versions of the series that you see, in order.", statements=2)
    async def versions(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection["Inventory"]:
        page = page_by_position(first, after, last=last, before=before)
        sight = await info.context.sight()
        rows = await info.context.loaders.versions.load((self.domain.series_id, (sight, page)))
        return connection(
            rows,
            page,
            lambda row: row.version,
            lambda row: Inventory(domain=row),
            counted(info.context.loaders.versions_count, (self.domain.series_id, sight)),
        )

    @dear(
        "Its emission sources, in the order of their recording; none where you do not see its lines.",
        statements=3,
    )
    async def emission_sources(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[EmissionSource]:
        page = page_by_position(first, after, last=last, before=before)
        sight = await info.context.sight()
        key = (self.domain.id, (LineRole.SOURCE, sight, page))
        rows = await info.context.loaders.lines.load(key)
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: EmissionSource(domain=row),
            counted(info.context.loaders.lines_count, (self.domain.id, (LineRole.SOURCE, sight))),
        )

    @dear(
        "Its sinks, in the order of their recording; none where you do not see its lines.",
        statements=3,
    )
    async def sinks(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Sink]:
        page = page_by_position(first, after, last=last, before=before)
        sight = await info.context.sight()
        key = (self.domain.id, (LineRole.SINK, sight, page))
        rows = await info.context.loaders.lines.load(key)
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: Sink(domain=row),
            counted(info.context.loaders.lines_count, (self.domain.id, (LineRole.SINK, sight))),
        )

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.inventory.load(
            (InventoryId(position), await info.context.sight())
        )
        return None if found is None else cls(domain=found)

    @classmethod
    async def at(cls, info: Info, position: int) -> Self:
        """An inventory that whoever asks was shown something of already."""
        found = await cls.seen(info, position)
        assert found is not None
        return found
