"""Net-emissions statements, as GraphQL."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.accounting.exact import total
from nzc_api.accounting.factors import FACTOR_LISTS
from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, Phase
from nzc_api.inventories.model import Basis, CategoryTotal
from nzc_api.ledger import model as ledger
from nzc_api.ledger.model import WithdrawnTonnesKey
from nzc_api.ledger.programmes import PROGRAMMES, Mechanism, mechanism_of
from nzc_api.ledger.questions_model import WithdrawnFrom
from nzc_api.ledger.standing import WHY
from nzc_api.log.ids import POSITION_BITS
from nzc_api.pilots.errors import MOST_PILOTS
from nzc_api.refusal import LocalizedText as DomainText
from nzc_api.schema.credits.postings import LedgerPosting, posting_at
from nzc_api.schema.credits.types import CreditBatch, Project, Retirement, project_at
from nzc_api.schema.credits.warnings import MOST_WARNINGS, CreditWarning, shown
from nzc_api.schema.feed.types import Event, event_at
from nzc_api.schema.feed.words import WithdrawnReason
from nzc_api.schema.guide.types import MOST_CATEGORIES, Formula
from nzc_api.schema.inventories.types import Inventory
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    Trail,
    connection,
    counted,
    page_by_key,
    page_by_position,
    page_of,
    trail,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear, described_enum, short_list
from nzc_api.schema.kit.nodes import LocalizedText, text_attribute, texts_attribute
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.types import AccountingPeriod, Pilot, pilot_at, pilots_at
from nzc_api.schema.programmes.types import ProgrammeCode
from nzc_api.statements import model as domain
from nzc_api.statements import reasons
from nzc_api.statements.model import Assurance, CoverageStatus, StatementKey
from nzc_api.statements.reasons import CoverageReason, NoteCode, UnknownReason

# That nothing counts, and that potentials differ; every other reason stands alone.
MOST_UNKNOWN = 2
MOST_FAMILIES = len({listed.family for listed in FACTOR_LISTS})

# A cursor of what counts no more: since which position, and the batch.
WITHDRAWN = re.compile(r"([1-9][0-9]{0,18})\.([1-9][0-9]{0,18})")

CO2E = "t CO2e; null where the inventories use different warming potentials."

NOT_COUNTED = DomainText(
    "购买的减排量只计入运营实测的净排放，不计入历史摸查和投产后预估",
    "A purchase is of the operating account: it counts on the basis OPERATIONAL only",
)

described_enum(
    CoverageStatus,
    "How much of the period and of the scope a statement's inventories cover.",
    {
        "COMPLETE": "every day of operation, every category of sources in scope, nothing implausibly "
        "small",
        "PARTIAL": "some: the gaps and warnings say what is missing",
        "NONE": "there is no inventory that you see",
    },
)
described_enum(
    CoverageReason,
    "Why a reader should look at what a statement covers.",
    {
        "PARTLY_IN_OPERATION": "the pilot was not in operation on all days of the period",
        "BEFORE_OPERATION": "an inventory has days from before its operation began",
        "IMPLAUSIBLY_SMALL": "an inventory comes to less than any such pilot plausibly emits in so many "
        "days; the coverage is then partial",
    },
)
described_enum(
    UnknownReason,
    "Why a number is not known.",
    {
        "NO_PERIOD": "a portfolio's root has no accounting period of the year",
        "NOT_SHOWN": "you do not see what a portfolio's root states",
        "NO_INVENTORY": "there is no inventory for the period on the basis that you see",
        "NO_SOURCES": "no emission source counts, and not every category in scope is declared not to "
        "occur",
        "GWP_SETS_DIFFER": "the inventories use different warming potentials: their CO2e is not one sum",
        "LESS_THAN_INSIDE": "a portfolio's root states less than the pilots inside it do",
        "LINES_DO_NOT_FIT": "lines of an inventory cannot be accounted anew on another basis",
        "TOO_MANY_LINES": "an inventory has more lines than are accounted anew for one answer",
    },
)
described_enum(
    NoteCode,
    "What a reader of a statement should know, though its numbers stand.",
    {
        "FACTOR_LISTS_DIFFER": "the inventories use fuel factors of different sources",
        "PILOT_REGISTERED_TWICE": "another pilot is at the same site and seems to be the same one",
    },
)
described_enum(
    Assurance,
    "Whether the inventories that a statement rests on are verified. Who sees only what is verified has "
    "statements of that alone.",
    {
        "VERIFIED": "all of them",
        "MIXED": "some of them",
        "SUBMITTED": "none of them",
        "NONE": "there are none",
    },
)


@strawberry.type(
    description="Days of a phase that no inventory covers, or categories that one leaves out."
)
class CoverageGap:
    domain: strawberry.Private[domain.CoverageGap]

    phase = attribute(Phase, "phase", "The phase.")
    starts_on = attribute(date, "span.starts_on", "The first day.")
    ends_on = attribute(date, "span.ends_on", "The last day.")
    categories = attribute(
        list[Category],
        "categories",
        "The categories that are neither recorded nor declared not to occur.",
        at_most=MOST_CATEGORIES,
    )


@strawberry.type(description="Something about what is covered that a reader should look at.")
class CoverageWarning:
    domain: strawberry.Private[reasons.CoverageWarning]

    reason = attribute(CoverageReason, "reason", "What it is about; stable, for programs.")
    message = text_attribute("message", "The same for people.")
    days = attribute(
        int,
        "days",
        "How many days it is about: those in operation, those before it, or those of the inventories "
        "that come to so little.",
    )
    co2e = attribute(
        Decimal | None, "co2e", "What those inventories come to, t CO2e; null for other reasons."
    )
    least_co2e = attribute(
        Decimal | None,
        "least",
        "The least that is plausible in so many days, t CO2e (see `VariantTerms.plausibleSize`); null "
        "for other reasons.",
    )


@strawberry.type(description="How much of the period and of the scope is covered.")
class Coverage:
    domain: strawberry.Private[domain.Coverage]

    status = attribute(CoverageStatus, "status", "In one word.")
    days_in_period = attribute(int, "days_in_period", "The days of the accounting period.")
    days_in_operation = attribute(
        int | None,
        "days_in_operation",
        "Those of them on which the pilot was in operation; null where its start is not known, and all "
        "days are expected.",
    )
    days_covered = attribute(
        int,
        "days_covered",
        "Those of the days that are expected for which there is an inventory of the operation.",
    )
    categories_in_scope = attribute(
        list[Category],
        "categories_in_scope",
        "The categories of sources in scope; sinks are never expected.",
        at_most=MOST_CATEGORIES,
    )
    categories_covered = attribute(
        list[Category],
        "categories_covered",
        "Those of them that no inventory leaves out: recorded, or declared not to occur.",
        at_most=MOST_CATEGORIES,
    )

    @short_list("What a reader should look at.", len(CoverageReason))
    def warnings(self) -> list[CoverageWarning]:
        return [CoverageWarning(domain=item) for item in self.domain.warnings]

    @strawberry.field(description="What is missing, in the order of its days.")
    def gaps(self, first: First = DEFAULT_FIRST, after: After = None) -> Connection[CoverageGap]:
        page = page_by_position(first, after)
        rows = enumerate(self.domain.gaps, 1)
        return page_of(rows, page, lambda row: row[0], lambda row: CoverageGap(domain=row[1]))


@strawberry.type(description="Why numbers are not known, and so are null.")
class Unknown:
    domain: strawberry.Private[reasons.Unknown]

    reason = attribute(UnknownReason, "reason", "Why; stable, for programs.")
    message = text_attribute("message", "The same for people.")
    gwp_sets = attribute(
        list[GwpSet],
        "gwp_sets",
        "The warming potentials that differ; empty for other reasons.",
        at_most=len(GwpSet),
    )
    categories = attribute(
        list[Category],
        "categories",
        "The categories in scope that are not declared not to occur, where no source counts; empty for "
        "other reasons.",
        at_most=MOST_CATEGORIES,
    )


@strawberry.type(description="What a reader should know, though the numbers stand.")
class StatementNote:
    domain: strawberry.Private[reasons.Note]

    code = attribute(NoteCode, "code", "What it is about; stable, for programs.")
    message = text_attribute("message", "The same for people.")
    families = texts_attribute(
        "families", "The sources of fuel factors that are mixed.", at_most=MOST_FAMILIES
    )
    pilots = attribute(
        list[str],
        "pilots",
        "The codes of the pilots that seem to be the same.",
        at_most=MOST_PILOTS,
    )


@strawberry.type(description="What is emitted or removed of one gas.")
class GasTotal:
    gas: Gas = strawberry.field(description="The gas.")
    tonnes: Decimal = strawberry.field(description="Tonnes of the gas.")
    co2e: Decimal | None = strawberry.field(description=CO2E)


@strawberry.type(description="What is emitted or removed under one category.")
class CategoryShare:
    category: Category = strawberry.field(description="The category.")
    co2e: Decimal | None = strawberry.field(description=CO2E)
    gases: list[GasTotal] = short_list("By gas.", len(Gas))

    @strawberry.field(description="Its name in the guide.")
    def name(self) -> LocalizedText:
        return LocalizedText.of(GUIDE.category(self.category).name)


@strawberry.type(
    description="Emissions inside the boundary, less what is exported: the first term."
)
class GrossEmissions:
    domain: strawberry.Private[domain.NetEmissions]

    co2e = attribute(
        Decimal | None,
        "gross_co2e",
        "t CO2e; null where it is not known, see `unknown`. Below zero where exports exceed what is emitted.",
    )

    @short_list("By category; exports are below zero.", len(Category))
    def by_category(self) -> list[CategoryShare]:
        return by_category(self.domain.sources, self.domain)

    @short_list("By gas, less what is exported.", len(Gas))
    def by_gas(self) -> list[GasTotal]:
        return by_gas(self.domain.sources, self.domain)


@strawberry.type(description="Credits issued for an activity inside the boundary.")
class IssuedInside:
    domain: strawberry.Private[domain.IssuedInside]

    quantity = attribute(
        BigInt,
        "tonnes",
        "The whole tonnes of the batch that fall to the period, by days of production.",
    )

    @strawberry.field(description="The batch.")
    def batch(self) -> CreditBatch:
        return CreditBatch(domain=self.domain.batch)


@strawberry.type(
    description="Sinks inside the boundary: the second term. What was sold as credits is not also a sink."
)
class SinksTerm:
    domain: strawberry.Private[domain.NetEmissions]

    measured_co2e = attribute(
        Decimal, "measured_sinks_co2e", "Measured, t CO2e: what the inventories record."
    )
    sold_co2e = attribute(
        Decimal, "sinks_sold_co2e", "The part of it whose credits were issued, t CO2e."
    )
    co2e = attribute(Decimal, "usable_sinks_co2e", "Usable: measured less sold, t CO2e.")

    @short_list("Measured, by category.", len(Category))
    def by_category(self) -> list[CategoryShare]:
        return by_category(self.domain.sinks, self.domain)

    @strawberry.field(
        description="The credits issued for forestry inside the boundary, oldest batch first."
    )
    def issued(self, first: First = DEFAULT_FIRST, after: After = None) -> Connection[IssuedInside]:
        return _issued(self.domain, first, after, forestry=True)


@strawberry.type(description="Credits retired under one mechanism.")
class MechanismShare:
    mechanism: Mechanism = strawberry.field(description="The mechanism.")
    quantity: BigInt = strawberry.field(description="Tonnes.")


@strawberry.type(description="Credits retired of one programme.")
class ProgrammeShare:
    programme: ProgrammeCode = strawberry.field(description="The programme.")
    quantity: BigInt = strawberry.field(description="Tonnes.")


@strawberry.type(description="Credits retired of one batch.")
class BatchShare:
    domain: strawberry.Private[ledger.RetiredTonnes]

    quantity = attribute(BigInt, "tonnes", "Tonnes.")

    @strawberry.field(description="The batch.")
    def batch(self) -> CreditBatch:
        return CreditBatch(domain=self.domain.batch)


@strawberry.type(
    description="Credits that were retired for the period and count no more: of a batch, since a position, "
    "for one reason."
)
class WithdrawnShare:
    domain: strawberry.Private[ledger.WithdrawnTonnes]
    of: strawberry.Private[StatementKey]

    quantity = attribute(BigInt, "tonnes", "Tonnes.")
    reason = attribute(WithdrawnReason, "reason", "Why; stable, for programs.")
    position = attribute(BigInt, "position", "The position of the log since which they do not.")

    @strawberry.field(description="The same for people.")
    def message(self) -> LocalizedText:
        return LocalizedText.of(WHY[self.domain.reason])

    @strawberry.field(description="The batch.")
    def batch(self) -> CreditBatch:
        return CreditBatch(domain=self.domain.batch)

    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await project_at(info, self.domain.batch.project_id)

    @strawberry.field(
        description="The pilot that the project lies in, where that is why; else null."
    )
    async def pilot_inside(self, info: Info) -> Pilot | None:
        inside_id = self.domain.inside_id
        return None if inside_id is None else await pilot_at(info, inside_id)

    @dear("The entry of the log at that position: who did it, and to what.", statements=1)
    async def event(self, info: Info) -> Event:
        return await event_at(info, self.domain.position)

    @dear(
        "The retirements that have some of these tonnes, oldest first; each says which serials of it.",
        statements=3,
    )
    async def retirements(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Trail[Retirement]:
        page = page_by_position(first, after)
        of, item = self.of, self.domain
        key = WithdrawnFrom(of.pilot_id, of.period_id, item.batch.id, item.position, of.as_of)
        found = await info.context.loaders.withdrawn_retirements.load((key, page))
        rows = await info.context.loaders.retirement.load_many(found)
        known = [row for row in rows if row is not None]
        return trail(
            known, page, lambda row: row.id, lambda row: Retirement(domain=row, as_of=of.as_of)
        )


@strawberry.type(description="Credits that were retired for the period and invalidated since.")
class InvalidatedShare:
    domain: strawberry.Private[ledger.WithdrawnTonnes]

    quantity = attribute(BigInt, "tonnes", "Tonnes.")

    @strawberry.field(description="The batch.")
    def batch(self) -> CreditBatch:
        return CreditBatch(domain=self.domain.batch)

    @dear("What invalidated them, and why.", statements=2)
    async def posting(self, info: Info) -> LedgerPosting:
        return await posting_at(info, self.domain.position)


@strawberry.type(
    description="Reductions produced outside the boundary, bought and retired for the period: the third "
    "term."
)
class PurchasedReductions:
    domain: strawberry.Private[domain.NetEmissions]

    quantity = attribute(
        BigInt, "purchased_tonnes", "The tonnes that count: those retired, or none (see `counted`)."
    )
    counted = attribute(
        bool,
        "purchases_count",
        "Whether what was retired counts in this statement: a purchase is of the operating account, so "
        "it does on the basis OPERATIONAL only.",
    )
    retired_quantity = attribute(
        BigInt,
        "retired_tonnes",
        "The tonnes retired for the period that are in force, whether they count here or not: the "
        "`quantityInForce` of the `retirements`, together.",
    )

    @short_list(
        "What a reader should know of what was retired and is in force, as of the day of the statement's "
        "position.",
        MOST_WARNINGS,
        statements=1,
    )
    async def credit_warnings(self, info: Info) -> list[CreditWarning]:
        of = self.domain
        if not of.retired:
            return []
        return shown(of.retired, of.period.span, await info.context.loaders.day.load(of.key.as_of))

    @strawberry.field(description="Why they do not count; null where they do.")
    def not_counted(self) -> LocalizedText | None:
        return None if self.domain.purchases_count else LocalizedText.of(NOT_COUNTED)

    @short_list(
        "What was retired, by the guide's three mechanisms: each tonne under one.", len(Mechanism)
    )
    def by_mechanism(self) -> list[MechanismShare]:
        sums = dict.fromkeys(Mechanism, 0)
        for item in self.domain.retired:
            programme = PROGRAMMES[item.batch.programme]
            sums[mechanism_of(programme, forestry=item.batch.forestry)] += item.tonnes
        return [MechanismShare(mechanism=m, quantity=BigInt(n)) for m, n in sums.items()]

    @short_list("What was retired, by programme, forestry included.", len(ProgrammeCode))
    def by_programme(self) -> list[ProgrammeShare]:
        sums: dict[str, int] = defaultdict(int)
        for item in self.domain.retired:
            sums[item.batch.programme] += item.tonnes
        return [
            ProgrammeShare(programme=ProgrammeCode(p), quantity=BigInt(n)) for p, n in sums.items()
        ]

    @strawberry.field(description="What was retired of forestry, of whichever programme: tonnes.")
    def forestry_quantity(self) -> BigInt:
        return BigInt(sum(i.tonnes for i in self.domain.retired if i.batch.forestry))

    @strawberry.field(description="What was retired, by batch, oldest first.")
    def by_batch(self, first: First = DEFAULT_FIRST, after: After = None) -> Connection[BatchShare]:
        page = page_by_position(first, after)
        rows = self.domain.retired
        return page_of(rows, page, lambda row: row.batch.id, lambda row: BatchShare(domain=row))

    shortfall_quantity = attribute(
        BigInt,
        "shortfall_tonnes",
        "Tonnes retired for the period that count here no more: `withdrawn` says which, and why.",
    )

    @strawberry.field(
        description="What was retired for the period and counts no more, whether retirements count in this "
        "statement or not: invalidated, exported with a corresponding adjustment, or of a project that lies "
        "inside the pilot now. Each tonne once, by the position since which it does not count."
    )
    def withdrawn(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[WithdrawnShare]:
        page = page_by_key(first, after, _withdrawn_key)
        rows, of = self.domain.withdrawn, self.domain.key
        following = [row for row in rows if page.after is None or row.key > page.after]

        async def count() -> int:
            return len(rows)

        return connection(
            following[: page.first + 1],
            page,
            lambda row: ".".join(map(str, row.key)),
            lambda row: WithdrawnShare(domain=row, of=of),
            count,
        )

    @strawberry.field(
        description="What was retired for the period and invalidated since, oldest first."
    )
    def invalidated(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[InvalidatedShare]:
        page = page_by_position(first, after)
        rows = self.domain.invalidated
        # A posting invalidates serials of one batch.
        return page_of(
            rows, page, lambda row: row.position, lambda row: InvalidatedShare(domain=row)
        )

    @dear(
        "The retirements, oldest first, up to the statement's position, each with what of it was in force "
        "then; those that were corrected since, too.",
        statements=4,
    )
    async def retirements(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Retirement]:
        page = page_by_position(first, after)
        key = self.domain.key
        rows = await info.context.loaders.retirements.load(((key.pilot_id, key.period_id), page))
        known = [row for row in rows if row.id <= key.as_of]
        return connection(
            known,
            page,
            lambda row: row.id,
            lambda row: Retirement(domain=row, as_of=key.as_of),
            counted(
                info.context.loaders.retirements_count, ((key.pilot_id, key.period_id), key.as_of)
            ),
        )


def _withdrawn_key(text: str) -> WithdrawnTonnesKey | None:
    match = WITHDRAWN.fullmatch(text)
    if match is None:
        return None
    position, batch_id = map(int, match.groups())
    too_large = max(position, batch_id) >> POSITION_BITS
    return None if too_large else WithdrawnTonnesKey(position, batch_id)


@strawberry.type(description="Credits retired for a pilot inside.")
class RetiredInside:
    domain: strawberry.Private[domain.RetiredInside]
    as_of: strawberry.Private[int]

    quantity = attribute(BigInt, "tonnes", "Tonnes.")

    @strawberry.field(description="The pilot inside, which they offset.")
    async def pilot(self, info: Info) -> Pilot:
        [found] = await pilots_at(info, [self.domain.pilot_id], self.as_of)
        return found


@strawberry.interface(
    description="What a statement of net emissions says: the guide's formula (section 五), and every term "
    "of it."
)
class Statement:
    domain: strawberry.Private[domain.NetEmissions]

    basis = attribute(Basis, "key.basis", "Which inventories were used.")
    as_of_position = attribute(
        BigInt, "key.as_of", "The position of the log as of which everything here holds."
    )
    assurance = attribute(Assurance, "assurance", "Whether the inventories are verified.")
    net_co2e = attribute(
        Decimal | None,
        "net_co2e",
        "Gross − usable sinks − purchased reductions that count, t CO2e; negative below zero, never "
        "clamped; null where the gross is not known.",
    )
    credits_to_zero = attribute(
        BigInt | None,
        "credits_to_zero",
        "Tonnes of reductions that the period needs in all to reach zero; null where the gross is not "
        "known.",
    )
    further_credits_to_zero = attribute(
        BigInt | None,
        "further_credits_to_zero",
        "Tonnes of reductions still missing to zero; null where the gross is not known.",
    )
    surplus_co2e = attribute(
        Decimal | None,
        "surplus_co2e",
        "How far below zero, t CO2e; it does not carry forward; null where the gross is not known.",
    )

    @short_list(
        "Why the gross and what follows from it are not known, and null; empty where they are, if only "
        "in part (see `coverage`).",
        MOST_UNKNOWN,
    )
    def unknown(self) -> list[Unknown]:
        return [Unknown(domain=item) for item in self.domain.unknown]

    @short_list("What a reader should know, though the numbers stand.", len(NoteCode))
    def notes(self) -> list[StatementNote]:
        return [StatementNote(domain=item) for item in self.domain.notes]

    @strawberry.field(description="The pilot.")
    def pilot(self) -> Pilot:
        return Pilot(domain=self.domain.pilot)

    @strawberry.field(description="The accounting period.")
    def accounting_period(self) -> AccountingPeriod:
        return AccountingPeriod(domain=self.domain.period)

    @strawberry.field(description="The formula.")
    def formula(self) -> Formula:
        return Formula(domain=GUIDE.formula)

    @strawberry.field(description="How much of the period and of the scope is covered.")
    def coverage(self) -> Coverage:
        return Coverage(domain=self.domain.coverage)

    @strawberry.field(description="Emissions inside the boundary.")
    def gross(self) -> GrossEmissions:
        return GrossEmissions(domain=self.domain)

    @strawberry.field(description="Sinks inside the boundary.")
    def sinks(self) -> SinksTerm:
        return SinksTerm(domain=self.domain)

    @strawberry.field(description="Purchased reductions from outside the boundary.")
    def purchased_reductions(self) -> PurchasedReductions:
        return PurchasedReductions(domain=self.domain)

    @strawberry.field(
        description="The credits retired for pilots inside this one, at any depth, in their periods that "
        "share a day with this one. For information: each tonne has one beneficiary, so this "
        "pilot's net does not include them. In the order of the pilots' registration."
    )
    def retired_for_pilots_inside(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[RetiredInside]:
        page = page_by_position(first, after)
        rows, as_of = self.domain.retired_inside, self.domain.key.as_of
        return page_of(
            rows,
            page,
            lambda row: row.pilot_id,
            lambda row: RetiredInside(domain=row, as_of=as_of),
        )

    @short_list("Memo emission sources: recorded, and outside the net.", len(Category))
    def memo_sources(self) -> list[CategoryShare]:
        return by_category(self.domain.memo_sources, self.domain)

    @short_list("Memo sinks: recorded, and outside the net.", len(Category))
    def memo_sinks(self) -> list[CategoryShare]:
        return by_category(self.domain.memo_sinks, self.domain)

    @strawberry.field(
        description="Reductions inside the boundary, other than forestry, that were issued as credits: "
        "disclosed, outside the net. Oldest batch first."
    )
    def reductions_issued_inside(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[IssuedInside]:
        return _issued(self.domain, first, after, forestry=False)


@strawberry.type(description="A statement of net emissions, and what it rests on.")
class NetEmissions(Statement):
    domain: strawberry.Private[domain.NetEmissions]

    @strawberry.field(
        description="The inventories that it rests on, as they stood at its position; the series begun "
        "first before others."
    )
    def inventories(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Inventory]:
        page = page_by_position(first, after)
        rows = self.domain.inventories
        return page_of(rows, page, lambda row: row.series_id, lambda row: Inventory(domain=row))


def by_gas(rows: Iterable[CategoryTotal], of: domain.NetEmissions) -> list[GasTotal]:
    """The sums of each gas."""
    grouped: dict[Gas, list[CategoryTotal]] = defaultdict(list)
    for row in rows:
        grouped[row.gas].append(row)
    return [
        GasTotal(gas=gas, tonnes=total(row.tonnes for row in of_gas), co2e=_co2e(of_gas, of))
        for gas, of_gas in grouped.items()
    ]


def by_category(rows: Iterable[CategoryTotal], of: domain.NetEmissions) -> list[CategoryShare]:
    """The sums of each category, in the guide's order."""
    grouped: dict[Category, list[CategoryTotal]] = {category: [] for category in Category}
    for row in rows:
        grouped[row.category].append(row)
    return [
        CategoryShare(category=category, co2e=_co2e(found, of), gases=by_gas(found, of))
        for category, found in grouped.items()
        if found
    ]


def _co2e(rows: Iterable[CategoryTotal], of: domain.NetEmissions) -> Decimal | None:
    return total(row.co2e for row in rows) if of.one_gwp_set else None


def _issued(
    of: domain.NetEmissions, first: int, after: str | None, *, forestry: bool
) -> Connection[IssuedInside]:
    """A page of what was issued for activities inside."""
    page = page_by_position(first, after)
    rows = (item for item in of.issued_inside if item.batch.forestry == forestry)
    return page_of(rows, page, lambda row: row.batch.id, lambda row: IssuedInside(domain=row))
