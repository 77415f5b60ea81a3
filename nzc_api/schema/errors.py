"""Expected failures, as GraphQL: one type a refusal, carrying its facts."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from inspect import cleandoc
from typing import Annotated, Any, TypeVar

import strawberry

import nzc_api.access.errors as access
import nzc_api.accounting.errors as accounting
import nzc_api.documents.errors as documents
import nzc_api.inventories.errors as inventories
import nzc_api.ledger.errors as ledger
import nzc_api.log.errors as log
import nzc_api.metering.errors as metering
import nzc_api.pilots.errors as pilots
import nzc_api.targets.errors as targets
from nzc_api import refusal
from nzc_api.accounting.factors import Confidence, FactorKind
from nzc_api.accounting.gases import Gas
from nzc_api.documents.rules import MEDIA_TYPES
from nzc_api.guide.terms import Category, Phase
from nzc_api.inventories.categories import SINK_GASES
from nzc_api.inventories.errors import MOST_INVENTORIES, MOST_LINES_NAMED
from nzc_api.inventories.line_rules import MOST_SHOWN
from nzc_api.inventories.model import InventoryStatus, ZeroFactorReason
from nzc_api.inventories.warnings import WarningCode
from nzc_api.ledger.errors import MOST_BATCHES
from nzc_api.ledger.proposals import ProposalState
from nzc_api.metering.errors import MOST_METERS
from nzc_api.metering.model import Carrier, Flow, MeterKind
from nzc_api.pilots.errors import MOST_PERIODS, MOST_PILOTS, MOST_RESTING
from nzc_api.pilots.sites import SiteFinding
from nzc_api.refusal import Refusal
from nzc_api.schema.context import Info
from nzc_api.schema.credits import (
    CreditBatch,
    Project,
    Retirement,
    batch_at,
    organisation_at,
)
from nzc_api.schema.documents import Document, document_seen
from nzc_api.schema.factors import MOST_UNITS
from nzc_api.schema.fields import attribute, dear, number, short_list
from nzc_api.schema.ids import Ids
from nzc_api.schema.inventories import (
    Inventory,
    InventoryLine,
    inventory_at,
    line_node,
)
from nzc_api.schema.metering import Meter, meter_seen
from nzc_api.schema.nodes import LocalizedText, Node
from nzc_api.schema.organisations import Organisation
from nzc_api.schema.pilots import AccountingPeriod, Pilot, pilot_at, pilots_at
from nzc_api.schema.postings import (
    CreditUse,
    LedgerPosting,
    RetirementRequest,
    posting_at,
    request_at,
)
from nzc_api.schema.proposals import Proposal, proposal_at
from nzc_api.schema.scalars import BigInt
from nzc_api.schema.statements import MOST_UNKNOWN
from nzc_api.schema.targets import Target, target_seen
from nzc_api.schema.warnings import line_seen
from nzc_api.schema.words import Finding
from nzc_api.statements.model import Assurance, CoverageStatus
from nzc_api.statements.reasons import UnknownReason
from nzc_api.targets.model import TargetMeasure

T = TypeVar("T")

REPLAYED = (
    "Whether this answers an earlier request with the same key: it was decided then, not now. What would be decided "
    "now, `dryRun` with a new key tells."
)
AS_OF = (
    "The position of the log as of which it was decided; null where it follows from the input alone, or was decided "
    "before December 2026."
)

# How deep arguments are, so how long a path is; tests count this and what follows.
DEEPEST_PATH = 9
MOST_UNITS_OF_A_CATEGORY = 54
MOST_CODES = 250

_TYPES: dict[type[Refusal], Any] = {}


@strawberry.interface(description="An expected failure: nothing was changed.")
class UserError:
    domain: strawberry.Private[Any]

    replayed: bool = strawberry.field(default=False, description=REPLAYED)
    as_of_position: BigInt | None = strawberry.field(default=None, description=AS_OF)

    code = attribute(str, "code", "What kind of failure it is; stable, for programs.")

    @strawberry.field(description="What went wrong and what would be right, for people.")
    def message(self) -> LocalizedText:
        return LocalizedText.of(self.domain.message)

    @short_list("Where in the arguments it is: field names and list indexes.", DEEPEST_PATH)
    def path(self) -> list[str]:
        return list(self.domain.path)


def explains(refused: type[Refusal]) -> Callable[[type[T]], type[T]]:
    """Make a class the GraphQL type of a refusal; the refusal's docstring describes it."""

    def register(cls: type[T]) -> type[T]:
        made = strawberry.type(cls, description=cleandoc(refused.__doc__ or ""))
        _TYPES[refused] = made
        return made

    return register


def as_error(
    refused: Refusal, ids: Ids, *, replayed: bool = False, as_of: int | None = None
) -> Any:
    """The GraphQL error of a refusal, which names what it is about by the id that the caller gave."""
    named = refusal.NotFound | refusal.InvalidInput
    if isinstance(refused, named) and refused.position is not None:
        refused = replace(refused, value=ids.given(refused.position) or refused.value)
    at = None if as_of is None else BigInt(as_of)
    return _TYPES[type(refused)](domain=refused, replayed=replayed, as_of_position=at)


@explains(refusal.InvalidInput)
class InvalidInput(UserError):
    value = attribute(str, "value", "The value as it was given, shortened.")

    @strawberry.field(description="What would be right.")
    def expected(self) -> LocalizedText:
        return LocalizedText(zh=self.domain.expected_zh, en=self.domain.expected_en)


@explains(refusal.NotFound)
class NotFound(UserError):
    value = attribute(str, "value", "The id, code or position that names nothing.")


@explains(log.IdempotencyKeyReused)
class IdempotencyKeyReused(UserError):
    key = attribute(str, "key", "The key.")


@explains(access.CreditCodeTaken)
class CreditCodeTaken(UserError):
    @strawberry.field(description="The organisation that has the code.")
    async def organisation(self, info: Info) -> Organisation:
        found = await organisation_at(info, self.domain.organisation_id)
        assert found is not None
        return found


@explains(pilots.PilotCodeTaken)
class PilotCodeTaken(UserError):
    @strawberry.field(description="The pilot that has the code.")
    async def pilot(self, info: Info) -> Pilot:
        return await pilot_at(info, self.domain.pilot_id)


@explains(pilots.ApplicantNotEligible)
class ApplicantNotEligible(UserError):
    section = attribute(str, "section", "The guide's section.")
    accepted = attribute(list[str], "accepted", "Who may apply.", at_most=4)


@explains(pilots.DatesOutOfOrder)
class DatesOutOfOrder(UserError):
    starts_on = attribute(str, "starts_on", "The start.")
    ends_on = attribute(str, "ends_on", "The end.")


@explains(pilots.AccountingPeriodOverlap)
class AccountingPeriodOverlap(UserError):
    @strawberry.field(description="The registered period; null where both are in the same request.")
    async def registered_period(self, info: Info) -> AccountingPeriod | None:
        if self.domain.period_id is None:
            return None
        found = await info.context.loaders.period.load(self.domain.period_id)
        return None if found is None else AccountingPeriod(domain=found)


@explains(pilots.AccountingPeriodWithdrawn)
class AccountingPeriodWithdrawn(UserError):
    withdrawn_position = attribute(
        BigInt, "withdrawn_position", "The position of the log at which it was."
    )


@explains(pilots.AccountingPeriodInUse)
class AccountingPeriodInUse(UserError):
    inventory_count = attribute(int, "inventory_count", "How many inventories there are.")
    posting_count = attribute(int, "posting_count", "How many postings of credits there are.")
    target_count = attribute(int, "target_count", "How many versions of targets there are.")

    @short_list("The first inventories.", MOST_RESTING, statements=2)
    async def inventories(self, info: Info) -> list[Inventory]:
        found = [inventory_at(info, inventory_id) for inventory_id in self.domain.inventory_ids]
        return list(await asyncio.gather(*found))

    @short_list(
        "The first postings of credits: retirements, requests for some, uses.",
        MOST_RESTING,
        statements=3,
    )
    async def postings(self, info: Info) -> list[Node]:
        loaders, ids = info.context.loaders, self.domain.posting_ids
        retired, requested, used = await asyncio.gather(
            loaders.retirement.load_many(ids),
            loaders.request.load_many(ids),
            loaders.use.load_many(ids),
        )
        found: list[Node] = [Retirement(domain=of) for of in retired if of is not None]
        found += [RetirementRequest(domain=of) for of in requested if of is not None]
        found += [CreditUse(domain=of) for of in used if of is not None]
        return sorted(found, key=lambda node: int(node.domain.id))

    @short_list("The first versions of targets that you see.", MOST_RESTING, statements=2)
    async def targets(self, info: Info) -> list[Target]:
        found = [target_seen(info, target_id) for target_id in self.domain.target_ids]
        return [target for target in await asyncio.gather(*found) if target is not None]


@explains(pilots.SurroundingPilotCycle)
class SurroundingPilotCycle(UserError):
    more = attribute(int, "more", "How many more pilots would lie in one another.")

    @short_list(
        "The pilots that would lie in one another, back to the first; or the first of them.",
        MOST_PILOTS,
    )
    async def pilots(self, info: Info) -> list[Pilot]:
        return await pilots_at(info, self.domain.pilot_ids)


@explains(pilots.PilotClosed)
class PilotClosed(UserError):
    closed_on = attribute(str, "closed_on", "The pilot's last day of operation.")

    @strawberry.field(description="The pilot.")
    async def pilot(self, info: Info) -> Pilot:
        return await pilot_at(info, self.domain.pilot_id)


@explains(pilots.PeriodNotOfPilot)
class PeriodNotOfPilot(UserError):
    more = attribute(int, "more", "How many more periods the pilot has.")
    periods = attribute(
        list[str], "periods", "The pilot's periods, or the last of them.", at_most=MOST_PERIODS
    )


@explains(inventories.InventoryOutsidePeriod)
class InventoryOutsidePeriod(UserError):
    period_starts_on = attribute(str, "period_starts_on", "The period's first day.")
    period_ends_on = attribute(str, "period_ends_on", "The period's last day.")


@explains(inventories.BeforeOperation)
class BeforeOperation(UserError):
    starts_on = attribute(str, "starts_on", "The inventory's first day.")
    operation_starts_on = attribute(
        str, "operation_starts_on", "The first day of the pilot's operation."
    )


@explains(inventories.InventoriesOutsideOperation)
class InventoriesOutsideOperation(UserError):
    count = attribute(int, "count", "How many inventories there are.")

    @short_list("The first of them.", MOST_INVENTORIES, statements=2)
    async def inventories(self, info: Info) -> list[Inventory]:
        found = [inventory_at(info, inventory_id) for inventory_id in self.domain.inventory_ids]
        return list(await asyncio.gather(*found))


@explains(inventories.PhaseNotOfVariant)
class PhaseNotOfVariant(UserError):
    section = attribute(str, "section", "The guide's section.")
    accepted = attribute(
        list[str], "accepted", "The phases that the guide has.", at_most=len(Phase)
    )


@explains(inventories.InventoryOverlap)
class InventoryOverlap(UserError):
    @dear("The inventory that covers these days already.", statements=2)
    async def other(self, info: Info) -> Inventory:
        return await inventory_at(info, self.domain.other_id)


@explains(inventories.InventoryStatusConflict)
class InventoryStatusConflict(UserError):
    status = attribute(InventoryStatus, "status", "The inventory's state.")
    needed = attribute(
        list[InventoryStatus], "needed", "The states that would do.", at_most=len(InventoryStatus)
    )


@explains(inventories.InventorySuperseded)
class InventorySuperseded(UserError):
    @dear("The later version.", statements=2)
    async def later(self, info: Info) -> Inventory:
        return await inventory_at(info, self.domain.later_id)


@explains(inventories.InventoryEmpty)
class InventoryEmpty(UserError):
    pass


@explains(inventories.InventoryFull)
class InventoryFull(UserError):
    line_count = attribute(int, "lines", "How many lines the inventory has.")
    most = attribute(int, "most", "How many it takes.")


@explains(inventories.CategoryRoleMismatch)
class CategoryRoleMismatch(UserError):
    accepted = attribute(
        list[str], "accepted", "The categories that take such a line.", at_most=len(Category)
    )


@explains(inventories.CategoryDeclaredNotOccurring)
class CategoryDeclaredNotOccurring(UserError):
    declared = attribute(Category, "declared", "The category that is declared not to occur.")


@explains(inventories.FactorNotInList)
class FactorNotInList(UserError):
    factor_list = attribute(str, "factor_list", "The inventory's list.")
    accepted = attribute(
        list[str], "accepted", "The list's factors for the category.", at_most=MOST_CODES
    )
    lists = attribute(list[str], "lists", "The lists that have the factor.", at_most=MOST_CODES)


@explains(inventories.FactorDoesNotFitCategory)
class FactorDoesNotFitCategory(UserError):
    factor_kind = attribute(FactorKind, "kind", "What the factor is about.")
    accepted = attribute(
        list[str], "accepted", "What a factor of such a line is about.", at_most=len(FactorKind)
    )


@explains(inventories.SinkGasRefused)
class SinkGasRefused(UserError):
    gas = attribute(str, "gas", "The gas.")
    accepted = attribute(
        list[str], "accepted", "The gases that a sink may take up.", at_most=len(SINK_GASES)
    )


@explains(inventories.SinkBasisRequired)
class SinkBasisRequired(UserError):
    pass


@explains(inventories.NotASink)
class NotASink(UserError):
    word = attribute(str, "word", "The word that speaks of something else.")

    @strawberry.field(description="Where that belongs.")
    def belongs(self) -> LocalizedText:
        return LocalizedText(zh=self.domain.belongs_zh, en=self.domain.belongs_en)


@explains(inventories.SinkImplausible)
class SinkImplausible(UserError):
    amount = number("amount", "What it comes to.")
    bound = number("bound", "The bound: our own order of magnitude.")
    unit = attribute(str, "unit", "The unit of both: tCO2 or tCO2/ha/yr.")


@explains(inventories.ZeroFactorUnexplained)
class ZeroFactorUnexplained(UserError):
    value = attribute(str, "value", "What the factor comes to.")
    least = attribute(str, "least", "What it is above as a rule: our own order of magnitude.")
    unit = attribute(str, "unit", "The unit of both: kgCO2e/kWh or tCO2e/GJ.")
    accepted = attribute(
        list[str], "accepted", "The reasons that there are.", at_most=len(ZeroFactorReason)
    )


@explains(inventories.MemoGasMixed)
class MemoGasMixed(UserError):
    counted = attribute(list[Gas], "counted", "The gases that count.", at_most=len(Gas))
    memo = attribute(
        list[Gas], "memo", "The others: record them in a line of their own.", at_most=len(Gas)
    )


@explains(inventories.WarningsNotAcknowledged)
class WarningsNotAcknowledged(UserError):
    count = attribute(int, "count", "How many warnings are to be acknowledged.")
    codes = attribute(
        list[WarningCode], "codes", "Their codes, each once.", at_most=len(WarningCode)
    )

    @short_list("The first lines that they are about.", MOST_LINES_NAMED, statements=3)
    async def lines(self, info: Info) -> list[InventoryLine]:
        sight = await info.context.sight()
        keys = [(line_id, sight) for line_id in self.domain.line_ids]
        found = await info.context.loaders.line.load_many(keys)
        return [line_node(line) for line in found if line is not None]


@strawberry.type(description="A line of the version before that does not fit the next one.")
class UnfitLine:
    line_id: strawberry.Private[int]
    reason: LocalizedText = strawberry.field(description="Why it does not.")

    @dear("The line.", statements=3)
    async def line(self, info: Info) -> InventoryLine:
        found = await info.context.loaders.line.load((self.line_id, await info.context.sight()))
        assert found is not None
        return line_node(found)


def _unfit_lines(root: Any) -> list[UnfitLine]:
    of = root.domain
    rows = zip(of.line_ids, of.reasons_zh, of.reasons_en, strict=True)
    return [UnfitLine(line_id=id_, reason=LocalizedText(zh=zh, en=en)) for id_, zh, en in rows]


UNFIT_LINES = "The first of them, in the order of their recording."


@explains(inventories.LinesDoNotFitRevision)
class LinesDoNotFitRevision(UserError):
    count = attribute(int, "count", "How many lines do not fit.")
    lines = short_list(UNFIT_LINES, MOST_SHOWN)(_unfit_lines)


@explains(inventories.LinesDoNotFitTerms)
class LinesDoNotFitTerms(UserError):
    count = attribute(int, "count", "How many lines do not fit.")
    lines = short_list(UNFIT_LINES, MOST_SHOWN)(_unfit_lines)


@explains(accounting.ActivityOutOfRange)
class ActivityOutOfRange(UserError):
    limit = attribute(int, "limit", "The most that a line may come to, t CO2e.")


def _hint(description: str) -> Any:
    """A field with what a refusal adds for people, null where it adds nothing."""

    def resolve(root: Any) -> LocalizedText | None:
        zh, en = root.domain.hint_zh, root.domain.hint_en
        return LocalizedText(zh=zh, en=en) if zh else None

    return strawberry.field(resolver=resolve, description=description)


@explains(accounting.UnitUnknown)
class UnitUnknown(UserError):
    unit = attribute(str, "unit", "The unit as it was given.")
    accepted = attribute(
        list[str], "accepted", "The units that are accepted here.", at_most=MOST_UNITS
    )
    hint = _hint("What to write where it can be meant in several ways.")


@explains(accounting.UnitDoesNotFit)
class UnitDoesNotFit(UserError):
    unit = attribute(str, "unit", "The unit.")
    accepted = attribute(
        list[str], "accepted", "The units that are accepted here.", at_most=MOST_UNITS_OF_A_CATEGORY
    )
    hint = _hint("Why, where that is not plain from what the unit measures.")


@explains(accounting.DensityRequired)
class DensityRequired(UserError):
    unit = attribute(str, "unit", "The unit.")
    accepted = attribute(list[str], "accepted", "Units that a density may be stated in.", at_most=2)


@explains(accounting.ConversionImplausible)
class ConversionImplausible(UserError):
    value = attribute(str, "value", "The density, load or heating value as it was given.")
    unit = attribute(str, "unit", "Its unit.")
    subject = attribute(str, "subject", "The factor's code, or the name of a factor of one's own.")
    least_plausible = attribute(str, "least", "The least that is plausible, in `rangeUnit`.")
    most_plausible = attribute(str, "most", "The most that is plausible, in `rangeUnit`.")
    typical = attribute(str, "typical", "What is usual, in `rangeUnit`.")
    range_unit = attribute(
        str, "range_unit", "The unit of `leastPlausible`, `mostPlausible` and `typical`."
    )
    meant = attribute(
        str | None, "meant", "A unit with which the value would be plausible, where there is one."
    )
    locator = attribute(str, "locator", "Where that was seen.")
    confidence = attribute(
        Confidence, "confidence", "How sure NZC is of it: `COMPUTED` is an estimate of NZC's own."
    )

    @strawberry.field(description="What the range comes from.")
    def source(self) -> LocalizedText:
        return LocalizedText(zh=self.domain.source_zh, en=self.domain.source_en)


@explains(accounting.GridBaselineRefused)
class GridBaselineRefused(UserError):
    factor = attribute(str, "factor", "The factor's code.")


@explains(accounting.GwpMissing)
class GwpMissing(UserError):
    gas = attribute(str, "gas", "The gas.")
    accepted = attribute(list[str], "accepted", "The gases that the set has.", at_most=len(Gas))


@explains(ledger.ProjectCodeTaken)
class ProjectCodeTaken(UserError):
    @strawberry.field(description="The project that has the code.")
    async def project(self, info: Info) -> Project:
        return await project_at(info, self.domain.project_id)


@explains(ledger.EnrolmentTaken)
class EnrolmentTaken(UserError):
    @strawberry.field(description="The project that is registered so.")
    async def project(self, info: Info) -> Project:
        return await project_at(info, self.domain.project_id)


@explains(ledger.SerialRangeInvalid)
class SerialRangeInvalid(UserError):
    first = attribute(BigInt, "first", "The first serial as it was given.")
    last = attribute(BigInt, "last", "The last serial as it was given.")


@explains(ledger.QuantityMismatch)
class QuantityMismatch(UserError):
    stated = attribute(BigInt, "stated", "The stated tonnes.")
    computed = attribute(BigInt, "computed", "last − first + 1.")


@explains(ledger.SerialBlockOverlap)
class SerialBlockOverlap(UserError):
    @strawberry.field(description="The batch that has some of the serials.")
    async def batch(self, info: Info) -> CreditBatch:
        return await batch_at(info, self.domain.batch_id)


@explains(ledger.ProjectNotEnrolled)
class ProjectNotEnrolled(UserError):
    programme = attribute(str, "programme", "The programme.")

    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await project_at(info, self.domain.project_id)


@explains(ledger.ReductionsNotRegistered)
class ReductionsNotRegistered(UserError):
    enrolled_on = attribute(str, "enrolled_on", "The day of the project's registration.")
    produced_to = attribute(str, "produced_to", "The last day of production.")


@explains(ledger.ReductionsNotAppliedFor)
class ReductionsNotAppliedFor(UserError):
    produced_to = attribute(str, "produced_to", "The last day of production.")
    registered_on = attribute(str, "registered_on", "The day of the registration.")


@explains(ledger.RefusedByProgrammeRule)
class RefusedByProgrammeRule(UserError):
    rule = attribute(str, "rule", "The rule's code.")

    @strawberry.field(description="What the rule demands.")
    def reason(self) -> LocalizedText:
        return LocalizedText(zh=self.domain.reason_zh, en=self.domain.reason_en)

    @strawberry.field(description="The text that sets the rule.")
    def citation(self) -> LocalizedText:
        return LocalizedText(zh=self.domain.citation_zh, en=self.domain.citation_en)


@explains(ledger.ForestryMislabelled)
class ForestryMislabelled(UserError):
    said = attribute(
        str, "said", "What says what the activity is: the methodology, or the project's name."
    )

    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await project_at(info, self.domain.project_id)


@explains(ledger.MethodologyRequired)
class MethodologyRequired(UserError):
    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await project_at(info, self.domain.project_id)


@explains(ledger.MonitoringPeriodRequired)
class MonitoringPeriodRequired(UserError):
    vintage = attribute(str, "vintage", "The year that was given instead.")

    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await project_at(info, self.domain.project_id)


@explains(ledger.NotOwnSink)
class NotOwnSink(UserError):
    serials = attribute(str, "serials", "The serials.")

    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await project_at(info, self.domain.project_id)

    @strawberry.field(description="The pilot that it lies in.")
    async def inside(self, info: Info) -> Pilot:
        return await pilot_at(info, self.domain.inside_id)


@explains(ledger.ReferenceTaken)
class ReferenceTaken(UserError):
    programme = attribute(str, "programme", "The programme.")
    reference = attribute(str, "reference", "The registry's number, as it was given.")
    position = attribute(BigInt, "posting_id", "The position of the log of what it names.")


@explains(ledger.VintageAfterRetirement)
class VintageAfterRetirement(UserError):
    registered_on = attribute(str, "registered_on", "When the reductions were registered.")

    @strawberry.field(description="The batch.")
    async def batch(self, info: Info) -> CreditBatch:
        return await batch_at(info, self.domain.batch_id)


@explains(ledger.SerialsNotIssued)
class SerialsNotIssued(UserError):
    serials = attribute(str, "serials", "The range as it was given.")
    programme = attribute(str, "programme", "The programme.")


@explains(ledger.SerialRangeSpansBatches)
class SerialRangeSpansBatches(UserError):
    more = attribute(int, "more", "How many more batches it spans.")

    @short_list("The batches, or the first of them.", MOST_BATCHES)
    async def batches(self, info: Info) -> list[CreditBatch]:
        found = await info.context.loaders.batch.load_many(self.domain.batch_ids)
        return [CreditBatch(domain=batch) for batch in found if batch is not None]


@explains(ledger.SerialsAlreadyRetired)
class SerialsAlreadyRetired(UserError):
    serials = attribute(str, "serials", "The serials of the request that are retired.")

    @dear("The retirement that has them.", statements=2)
    async def retirement(self, info: Info) -> Retirement:
        found = await info.context.loaders.retirement.load(self.domain.retirement_id)
        assert found is not None
        return Retirement(domain=found)


@explains(ledger.SerialsNotHeld)
class SerialsNotHeld(UserError):
    serials = attribute(str, "serials", "The serials of the request that somebody else holds.")

    @strawberry.field(description="Who holds them.")
    async def holder(self, info: Info) -> Organisation:
        found = await organisation_at(info, self.domain.holder_id)
        assert found is not None
        return found


@explains(ledger.InsufficientCredits)
class InsufficientCredits(UserError):
    requested = attribute(BigInt, "requested", "The tonnes asked for.")
    available = attribute(BigInt, "available", "The tonnes that could be retired.")
    excluded = attribute(BigInt, "excluded", "Tonnes held that a rule keeps from this pilot.")


@explains(ledger.CreditFromInsideBoundary)
class CreditFromInsideBoundary(UserError):
    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await project_at(info, self.domain.project_id)

    @strawberry.field(description="The pilot that the project lies in.")
    async def inside(self, info: Info) -> Pilot:
        return await pilot_at(info, self.domain.inside_id)


@explains(ledger.TooFragmented)
class TooFragmented(UserError):
    most = attribute(int, "most", "The most lots that one command may touch.")


@explains(ledger.SerialsAlreadyUsed)
class SerialsAlreadyUsed(UserError):
    serials = attribute(str, "serials", "The serials of the request that are used.")
    purpose = attribute(str, "purpose", "What for.")

    @strawberry.field(description="The use that has them.")
    async def use(self, info: Info) -> CreditUse:
        found = await info.context.loaders.use.load(self.domain.use_id)
        assert found is not None
        return CreditUse(domain=found)


@explains(ledger.SerialsPending)
class SerialsPending(UserError):
    serials = attribute(str, "serials", "The serials of the request that are set aside.")

    @strawberry.field(description="The request that has them.")
    async def request(self, info: Info) -> RetirementRequest:
        return await request_at(info, self.domain.request_id)


@explains(ledger.CreditsFrozen)
class CreditsFrozen(UserError):
    serials = attribute(str, "serials", "What is frozen.")

    @dear("What froze it.", statements=2)
    async def posting(self, info: Info) -> LedgerPosting:
        return await posting_at(info, self.domain.position)


@explains(ledger.CreditsNotFrozen)
class CreditsNotFrozen(UserError):
    serials = attribute(str, "serials", "What is not frozen.")


@explains(ledger.CreditsInvalidated)
class CreditsInvalidated(UserError):
    serials = attribute(str, "serials", "What is invalidated.")

    @dear("What invalidated it.", statements=2)
    async def posting(self, info: Info) -> LedgerPosting:
        return await posting_at(info, self.domain.position)


@explains(ledger.BatchWithdrawn)
class BatchWithdrawn(UserError):
    serials = attribute(str, "serials", "Its serials.")

    @dear("What took its issuance back.", statements=2)
    async def posting(self, info: Info) -> LedgerPosting:
        return await posting_at(info, self.domain.position)


@explains(ledger.CreditsExported)
class CreditsExported(UserError):
    serials = attribute(str, "serials", "What was exported.")

    @dear("What recorded the export.", statements=2)
    async def posting(self, info: Info) -> LedgerPosting:
        return await posting_at(info, self.domain.position)


@explains(ledger.CreditFromInsideSuspected)
class CreditFromInsideSuspected(UserError):
    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await project_at(info, self.domain.project_id)

    @strawberry.field(description="The pilot that it may lie in.")
    async def inside(self, info: Info) -> Pilot:
        return await pilot_at(info, self.domain.inside_id)


@explains(ledger.SameSiteResolved)
class SameSiteResolved(UserError):
    found = attribute(SiteFinding, "finding", "What was found.")


@explains(ledger.IssuanceExceeded)
class IssuanceExceeded(UserError):
    reference = attribute(str, "reference", "The registry's number of the registration.")
    registered = attribute(BigInt, "registered", "All the tonnes that were registered.")
    issued = attribute(BigInt, "issued", "How many of them are issued.")
    stated = attribute(BigInt, "stated", "How many more were to be issued.")


@explains(ledger.DoubleIssuanceSuspected)
class DoubleIssuanceSuspected(UserError):
    @strawberry.field(description="The batch that was asked for.")
    async def batch(self, info: Info) -> CreditBatch:
        return await batch_at(info, self.domain.batch_id)

    @strawberry.field(description="The batch that was issued for the same site and days.")
    async def other(self, info: Info) -> CreditBatch:
        return await batch_at(info, self.domain.other_id)


@explains(ledger.DoubleIssuanceResolved)
class DoubleIssuanceResolved(UserError):
    finding = attribute(Finding, "finding", "What was found.")

    @strawberry.field(description="The later batch.")
    async def batch(self, info: Info) -> CreditBatch:
        return await batch_at(info, self.domain.batch_id)


@explains(ledger.IssuedInAnotherForm)
class IssuedInAnotherForm(UserError):
    @strawberry.field(description="The batch that was issued.")
    async def batch(self, info: Info) -> CreditBatch:
        return await batch_at(info, self.domain.batch_id)


@explains(ledger.ItemsConflict)
class ItemsConflict(UserError):
    item = attribute(int, "item", "The number of the earlier item in the request, from 0.")
    refused_with = attribute(
        str,
        "refused_with",
        "The code of what this item would be refused with once that one were done.",
    )


@explains(ledger.RequestEnded)
class RequestEnded(UserError):
    position = attribute(BigInt, "position", "The position at which it ended.")

    @strawberry.field(description="The request.")
    async def request(self, info: Info) -> RetirementRequest:
        return await request_at(info, self.domain.request_id)


@explains(ledger.SecondPersonNeeded)
class SecondPersonNeeded(UserError):
    ordered_quantity = attribute(
        BigInt,
        "ordered_quantity",
        "How many tonnes the order corrects or invalidates, with what else the request orders alone.",
    )
    limit_quantity = attribute(
        BigInt, "limit_quantity", "How many one person may order alone, in tonnes."
    )


@explains(ledger.OwnProposal)
class OwnProposal(UserError):
    @strawberry.field(description="The proposal.")
    async def proposal(self, info: Info) -> Proposal:
        return await proposal_at(info, self.domain.proposal_id)


@explains(ledger.ProposerKeyRevoked)
class ProposerKeyRevoked(UserError):
    position = attribute(
        BigInt, "position", "The position of the log at which the key was revoked."
    )

    @strawberry.field(description="The proposal.")
    async def proposal(self, info: Info) -> Proposal:
        return await proposal_at(info, self.domain.proposal_id)


@explains(ledger.ProposalEnded)
class ProposalEnded(UserError):
    state = attribute(ProposalState, "state", "What has become of it.")
    ended_position = attribute(
        BigInt | None,
        "ended_position",
        "The position of the log at which it ended; null where its time is over.",
    )

    @strawberry.field(description="The proposal.")
    async def proposal(self, info: Info) -> Proposal:
        return await proposal_at(info, self.domain.proposal_id)


@explains(ledger.SerialsNotSetAside)
class SerialsNotSetAside(UserError):
    serials = attribute(str, "serials", "The range as it was given.")

    @strawberry.field(description="The request.")
    async def request(self, info: Info) -> RetirementRequest:
        return await request_at(info, self.domain.request_id)


@explains(ledger.TooManyParts)
class TooManyParts(UserError):
    most = attribute(int, "most", "In how many parts a request is confirmed at most.")

    @strawberry.field(description="The request.")
    async def request(self, info: Info) -> RetirementRequest:
        return await request_at(info, self.domain.request_id)


@explains(ledger.NotCorrectable)
class NotCorrectable(UserError):
    kind = attribute(str, "kind", "What the entry is.")


@explains(ledger.InvalidatedInUse)
class InvalidatedInUse(UserError):
    serials = attribute(str, "serials", "The serials that had been retired or used.")


@explains(ledger.AlreadyCorrected)
class AlreadyCorrected(UserError):
    @dear("The correction.", statements=2)
    async def correction(self, info: Info) -> LedgerPosting:
        return await posting_at(info, self.domain.correction_id)


@explains(ledger.RetiredAfterClosure)
class RetiredAfterClosure(UserError):
    closed_on = attribute(str, "closed_on", "The last day of operation as it was given.")
    tonnes = attribute(BigInt, "tonnes", "Tonnes of credits.")
    count = attribute(int, "count", "How many accounting periods there are.")

    @short_list("The first of them.", MOST_PERIODS)
    async def accounting_periods(self, info: Info) -> list[AccountingPeriod]:
        found = await info.context.loaders.period.load_many(self.domain.period_ids)
        return [AccountingPeriod(domain=period) for period in found if period is not None]


@explains(ledger.MovedSince)
class MovedSince(UserError):
    serials = attribute(str, "serials", "The serials that moved again.")
    later_position = attribute(BigInt, "later_id", "The position at which they did.")


@explains(documents.DocumentTooLarge)
class DocumentTooLarge(UserError):
    size = attribute(BigInt, "size", "Its bytes.")
    most_bytes = attribute(BigInt, "most", "How many it may have.")


@explains(documents.DocumentTypeNotAccepted)
class DocumentTypeNotAccepted(UserError):
    accepted = attribute(
        list[str], "accepted", "The media types that are.", at_most=len(MEDIA_TYPES)
    )


@explains(documents.DocumentAlreadyAttached)
class DocumentAlreadyAttached(UserError):
    @dear("The document.", statements=4)
    async def attached_document(self, info: Info) -> Document | None:
        return await document_seen(info, self.domain.document_id)


@explains(targets.TargetAlreadyRecorded)
class TargetAlreadyRecorded(UserError):
    @dear("The version that stands.", statements=2)
    async def recorded_target(self, info: Info) -> Target | None:
        return await target_seen(info, self.domain.target_id)


@explains(targets.TargetSuperseded)
class TargetSuperseded(UserError):
    @dear("The version that stands.", statements=2)
    async def latest_target(self, info: Info) -> Target | None:
        return await target_seen(info, self.domain.latest_id)


@explains(targets.TargetBaselineUnknown)
class TargetBaselineUnknown(UserError):
    reasons = attribute(
        list[UnknownReason], "reasons", "Why it is not known.", at_most=MOST_UNKNOWN
    )


@explains(targets.TargetBaselineIncomplete)
class TargetBaselineIncomplete(UserError):
    assurance = attribute(Assurance, "assurance", "Whether its inventories are verified.")
    coverage = attribute(CoverageStatus, "coverage", "How much they cover.")


@explains(targets.TargetBaselineNotPositive)
class TargetBaselineNotPositive(UserError):
    gross = attribute(str, "gross", "The emissions inside the boundary, t CO2e.")
    net = attribute(str, "net", "The net emissions, t CO2e.")


@explains(targets.TargetYearsDoNotRise)
class TargetYearsDoNotRise(UserError):
    year = attribute(int, "year", "The year.")
    previous_year = attribute(int, "previous_year", "The year that stands before it.")


@explains(targets.TargetBeforeBaseline)
class TargetBeforeBaseline(UserError):
    year = attribute(int, "year", "The target's first year.")
    baseline_year = attribute(int, "baseline_year", "The baseline's year.")


@explains(targets.TargetRises)
class TargetRises(UserError):
    measure = attribute(TargetMeasure, "measure", "What the ceiling is of.")
    year = attribute(int, "year", "The year.")
    value = attribute(str, "value", "Its ceiling, t CO2e.")
    previous_year = attribute(
        int, "previous_year", "The year before, of the target or its baseline."
    )
    previous_value = attribute(str, "previous_value", "What that one has, t CO2e.")


@explains(targets.TargetDoesNotEndAtZero)
class TargetDoesNotEndAtZero(UserError):
    year = attribute(int, "year", "The last year.")
    net = attribute(str, "net", "Its ceiling, t CO2e.")


async def project_at(info: Info, project_id: int) -> Project:
    found = await info.context.loaders.project.load(project_id)
    assert found is not None
    return Project(domain=found)


def _meter(description: str) -> Any:
    """A field with the meter that a refusal is about, if whoever asks sees it."""

    async def resolve(root: Any, info: Info) -> Meter | None:
        return await meter_seen(info, root.domain.meter_id)

    return dear(description, statements=3)(resolve)


THE_METER = "The meter; null where you do not see it."


@explains(metering.MeterCodeTaken)
class MeterCodeTaken(UserError):
    concerned_meter = _meter("The meter that has the code.")


@explains(metering.MeterNotAssigned)
class MeterNotAssigned(UserError):
    pass


@explains(metering.SupplyPointTaken)
class SupplyPointTaken(UserError):
    supply_point = attribute(str, "supply_point", "The supply point as it was given.")
    meter_code = attribute(str, "meter_code", "The code of the meter that has it.")
    pilot_code = attribute(str, "pilot_code", "The code of that meter's pilot.")
    starts_on = attribute(str, "starts_on", "That meter's first day.")
    valid_to = attribute(str | None, "ends_on", "Its last day; null where it is still there.")
    concerned_meter = _meter("The meter that has it; null where you do not see it.")


@explains(metering.MeterCycle)
class MeterCycle(UserError):
    more = attribute(int, "more", "How many more meters would be sub-meters of one another.")
    meter_codes = attribute(
        list[str],
        "chain",
        "The codes of the meters that would be sub-meters of one another, back to the first.",
        at_most=MOST_METERS + 2,
    )


@explains(metering.SubmeterDoesNotFit)
class SubmeterDoesNotFit(UserError):
    parent_unit = attribute(str, "parent_unit", "The unit of the parent.")


@explains(metering.MeterKindMismatch)
class MeterKindMismatch(UserError):
    meter_kind = attribute(MeterKind, "kind", "The meter's kind.")
    needed_kinds = attribute(
        list[MeterKind], "needed", "The kinds that would do.", at_most=len(MeterKind)
    )
    concerned_meter = _meter(THE_METER)


@explains(metering.MeterEnded)
class MeterEnded(UserError):
    valid_to = attribute(str | None, "ends_on", "The meter's last day. Never null.")
    concerned_meter = _meter(THE_METER)


@explains(metering.MeterNotOfPilot)
class MeterNotOfPilot(UserError):
    concerned_meter = _meter(THE_METER)


@explains(metering.MeterDoesNotFitSource)
class MeterDoesNotFitSource(UserError):
    carrier = attribute(Carrier, "carrier", "What the meter measures.")
    flow = attribute(Flow, "flow", "Which way that goes.")
    value = attribute(str, "value", "The category or the factor that does not fit.")
    concerned_meter = _meter(THE_METER)


@explains(metering.MetersNotRead)
class MetersNotRead(UserError):
    meter_codes = attribute(
        list[str], "meter_codes", "The codes of the meters.", at_most=MOST_METERS + 1
    )
    starts_on = attribute(str, "starts_on", "The first of the days.")
    ends_on = attribute(str, "ends_on", "The last of the days.")


@explains(inventories.MeterAlreadyAccounted)
class MeterAlreadyAccounted(UserError):
    label = attribute(str, "label", "The line, or the source to draft.")
    other_label = attribute(str, "other_label", "The one that it is accounted in already.")

    @dear(
        "That line; null where it is a source of the same request, or you do not see it.",
        statements=2,
    )
    async def other_line(
        self, info: Info
    ) -> Annotated["InventoryLine", strawberry.lazy("nzc_api.schema.inventories")] | None:
        return await line_seen(info, self.domain.line_id)


@explains(metering.ReadingsAfterEnd)
class ReadingsAfterEnd(UserError):
    valid_to = attribute(str | None, "ends_on", "The last day that was given. Never null.")
    last_day = attribute(str, "last", "The last day of which there is a reading or a bill.")
    concerned_meter = _meter(THE_METER)


@explains(metering.ReadingInFuture)
class ReadingInFuture(UserError):
    at = attribute(str, "at", "The moment or the day that was given, in China.")
    latest = attribute(str, "now", "The latest that would do.")


@explains(metering.ReadingOutsideMeter)
class ReadingOutsideMeter(UserError):
    at = attribute(str, "at", "The moment that was given, in China.")
    valid_from = attribute(str, "starts_on", "The meter's first day.")
    valid_to = attribute(str | None, "ends_on", "Its last day; null where it is still there.")
    concerned_meter = _meter(THE_METER)


@explains(metering.ReadingAlreadyRecorded)
class ReadingAlreadyRecorded(UserError):
    at = attribute(str, "at", "The moment, or the span, that was given, in China.")
    recorded = attribute(str, "recorded", "What is recorded of it, in the meter's unit.")
    concerned_meter = _meter(THE_METER)


@explains(metering.ReadingOutOfOrder)
class ReadingOutOfOrder(UserError):
    at = attribute(str, "at", "The moment that was given, in China.")
    later_at = attribute(str, "later", "The moment of the reading after it.")
    concerned_meter = _meter(THE_METER)


@explains(metering.ReadingRunsBackwards)
class ReadingRunsBackwards(UserError):
    earlier_at = attribute(str, "earlier_at", "The moment of the earlier reading, in China.")
    earlier = attribute(str, "earlier", "The earlier reading.")
    later_at = attribute(str, "later_at", "The moment of the later reading.")
    later_value = attribute(str, "later", "The later reading.")
    concerned_meter = _meter(THE_METER)


@explains(metering.ReadingImplausible)
class ReadingImplausible(UserError):
    would_be_used = attribute(str, "quantity", "What would have been used.")
    full_load = attribute(str, "most", "What passes at full load in the time.")
    unit = attribute(str, "unit", "The meter's unit.")
    concerned_meter = _meter(THE_METER)


@explains(metering.ReadingInAnotherUnit)
class ReadingInAnotherUnit(UserError):
    unit = attribute(str, "unit", "The unit that was given.")
    meter_unit = attribute(str, "meter_unit", "The meter's unit.")
    converted = attribute(
        str | None,
        "converted",
        "What it would be in the meter's unit; null where it does not convert.",
    )
    concerned_meter = _meter(THE_METER)


@explains(metering.ConsumptionOverlaps)
class ConsumptionOverlaps(UserError):
    other_starts_at = attribute(
        str, "other_starts_at", "The beginning, or the first day, of what is recorded."
    )
    other_ends_at = attribute(str, "other_ends_at", "Its end, or last day.")
    concerned_meter = _meter(THE_METER)
