"""Evaluations, as GraphQL."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Self

import strawberry

from nzc_api.accounting.exact import rounded
from nzc_api.china_time import china_day
from nzc_api.evaluation import model as domain
from nzc_api.evaluation import schemes
from nzc_api.evaluation.calendar import months_after
from nzc_api.evaluation.disturbing import MOST_NAMED
from nzc_api.evaluation.indicators import Suggestion, indicator_of
from nzc_api.evaluation.model import Evaluation as DomainEvaluation
from nzc_api.evaluation.model import Score
from nzc_api.evaluation.opening_rules import MOST_PILOTS
from nzc_api.evaluation.result import Result
from nzc_api.evaluation.rules import (
    MOST_EXPERTS,
    MOST_FINDINGS,
    MOST_FOLLOW_UPS,
    MOST_PANELS,
    MOST_SELF_EVALUATIONS,
    MOST_STEPS,
    MOST_VISITS,
)
from nzc_api.evaluation.scoring import is_met, mean, score_of
from nzc_api.evaluation.visibility import sees_evaluations
from nzc_api.guide.terms import Category as DomainCategory
from nzc_api.ids import EvaluationId
from nzc_api.inventories.model import InventoryStatus
from nzc_api.schema.documents.types import Documented
from nzc_api.schema.evaluation.enums import (
    EvaluationState,
    EvaluationVerdict,
    FindingSeverity,
    FindingState,
    UnknownIndicator,
)
from nzc_api.schema.evaluation.schemes import MOST_ITEMS, EvaluationScheme, SchemeItem
from nzc_api.schema.feed.types import Event, event_at
from nzc_api.schema.guide.enums import Category
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.connections import (
    Connection,
    page_by_position,
    page_of,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import (
    MUCH_COMPUTED,
    argument,
    attribute,
    dear,
    number,
    short_list,
    simplest_if,
)
from nzc_api.schema.kit.nodes import node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import LocalizedText
from nzc_api.schema.measures.types import Measure
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.pilots.types import Pilot, pilots_at
from nzc_api.schema.statements.enums import UnknownReason
from nzc_api.schema.statements.reasons import MOST_UNKNOWN

# Each of seven rounds takes as many as a result: there are 16⁶ entries, or fewer.
DISTURBING = 7 * 24

POSITION = "The position; its event says when, and by whom."


@strawberry.type(description="What a pilot's operator says of it.")
class SelfEvaluation:
    domain: strawberry.Private[domain.SelfEvaluation]

    position = attribute(BigInt, "id", POSITION)
    statement = attribute(str, "statement", "What is said.")
    document = attribute(str, "document", "The document that says it at length.")


@strawberry.type(description="A member of a panel.")
class PanelExpert:
    domain: strawberry.Private[domain.Expert]

    number: int = strawberry.field(description="Its number in the panel, from 1.")
    name = attribute(
        str | None, "name", "What the expert is called; null since the name was erased."
    )
    employer = attribute(str, "employer", "By whom the expert is employed.")

    @strawberry.field(description="Which organisation of NZC that is, if it is one.")
    async def organisation(self, info: Info) -> Organisation | None:
        organisation_id = self.domain.organisation_id
        if organisation_id is None:
            return None
        found = await info.context.loaders.organisation.load(organisation_id)
        return None if found is None else Organisation(domain=found)


@strawberry.type(description="The experts of an evaluation.")
class EvaluationPanel:
    domain: strawberry.Private[domain.Panel]

    position = attribute(BigInt, "id", POSITION)

    @short_list("Its members, in the order of their numbers.", MOST_EXPERTS)
    def experts(self) -> list[PanelExpert]:
        return [PanelExpert(domain=e, number=n) for n, e in enumerate(self.domain.experts, 1)]


@strawberry.type(description="A visit of a panel to the site.")
class SiteVisit:
    domain: strawberry.Private[domain.SiteVisit]

    position = attribute(BigInt, "id", POSITION)
    on = attribute(date, "on", "On which day.")
    notes = attribute(str, "notes", "What was seen.")
    document = attribute(str, "document", "The record of it.")


@strawberry.type(description="What an expert of the panel gave for an item.")
class ItemScore:
    domain: strawberry.Private[domain.Score]

    position = attribute(BigInt, "id", POSITION)
    expert = attribute(int, "expert", "The number of the expert.")
    points = number("points", "The points; null where the item is met or not.", optional=True)
    met = attribute(bool | None, "met", "Whether it is met; null where it has points.")
    reason = attribute(str, "reason", "Why.")


@strawberry.type(
    description="What recorded facts say of an item: a suggestion to the panel, never a score. Energy is what was "
    "recorded as COAL_EQUIVALENT, carbon the emissions of the range before sinks and purchases (both our reading); of "
    "several years their mean."
)
class ItemSuggestion:
    domain: strawberry.Private[Suggestion]

    unit = attribute(str, "unit", "The unit of value and limit.")
    value = number("value", "What the facts come to; null where that is not known.", optional=True)
    limit = number(
        "limit", "The scheme's limit for so much energy; null where none is known.", optional=True
    )
    met = attribute(bool | None, "met", "Whether it is kept; null where that is not known.")
    working = attribute(str | None, "working", "How the value was made, to be made again.")
    unknown = attribute(
        UnknownIndicator | None, "unknown", "Why it is not known; null where it is."
    )


@strawberry.type(description="An item of the scheme beside what the panel gave for it.")
class ScoredItem:
    domain: strawberry.Private[schemes.SchemeItem]
    given: strawberry.Private[Sequence[Score]]
    evaluation: strawberry.Private[DomainEvaluation]

    @dear(
        "What recorded facts say of it, now or as of a position; null where the scheme has no limit that is computed.",
        statements=MUCH_COMPUTED,
    )
    async def suggestion(self, info: Info, as_of: AsOf = None) -> ItemSuggestion | None:
        at = await info.context.as_of(as_of)
        suggest = indicator_of(self.evaluation.scheme_code, self.domain.code)
        if suggest is None:
            return None
        key = (self.evaluation.range, self.evaluation.span), (at, await info.context.sight())
        facts = await info.context.loaders.indicator_facts.load(key)
        assert facts is not None
        return ItemSuggestion(domain=suggest(facts))

    @strawberry.field(description="The item.")
    def item(self) -> SchemeItem:
        return SchemeItem(domain=self.domain)

    @short_list("What each expert gave for it, in the order of giving.", MOST_EXPERTS)
    def scores(self) -> list[ItemScore]:
        return [ItemScore(domain=score) for score in self.given]

    @strawberry.field(
        description="The mean of its points so far, rounded half-even to 12 decimals for showing; the score is of the "
        "exact mean. Null where it has none."
    )
    def mean_points(self) -> Decimal | None:
        found = mean(self.domain, self.given)
        return None if found is None else rounded(found)

    @strawberry.field(
        description="Whether most of those who said so find it met; null where it has points, and before anybody said."
    )
    def met(self) -> bool | None:
        said = any(score.met is not None for score in self.given)
        return is_met(self.domain, self.given) if said else None


@strawberry.type(description="That a finding was answered, or closed.")
class FindingStep:
    domain: strawberry.Private[domain.FindingStep]

    position = attribute(BigInt, "id", POSITION)
    finding_state = attribute(FindingState, "state", "Where it stood from then on.")
    text = attribute(str, "text", "What was said.")
    document = attribute(
        str | None, "document", "The document that shows it; null where it was closed."
    )


@node()
@strawberry.type(description="Something that an evaluation found, to be put right, or better.")
class EvaluationFinding(Documented):
    domain: strawberry.Private[domain.EvaluationFinding]

    position = attribute(BigInt, "id", POSITION)
    severity = attribute(FindingSeverity, "severity", "How much it weighs.")
    text = attribute(str, "text", "What was found.")
    due = attribute(date, "due", "By when it is to be settled.")
    finding_state = attribute(FindingState, "state", "Where it stands.")

    @strawberry.field(description="Whether it is not closed though its day is over.")
    def overdue(self, on: Annotated[date, argument("As of which day.")]) -> bool:
        return self.domain.overdue(on)

    @short_list("Its answers and its closing, oldest first.", MOST_STEPS + 1)
    def finding_steps(self) -> list[FindingStep]:
        return [FindingStep(domain=step) for step in self.domain.steps]

    @dear("The evaluation. Never null.", statements=2)
    async def evaluation(self, info: Info) -> "Evaluation | None":
        return await Evaluation.seen(info, self.domain.evaluation_id)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        evaluation_id = await info.context.loaders.evaluation_of_finding.load(position)
        evaluation = None if evaluation_id is None else await Evaluation.seen(info, evaluation_id)
        found = (
            [item for item in evaluation.domain.findings if item.id == position]
            if evaluation
            else []
        )
        return cls(domain=found[0]) if found else None


@strawberry.type(
    description="What the guide's formula gives for the range, t CO2e: emissions inside the boundary − sinks inside "
    "it − reductions bought. What is not known is null, and `unknown` says why."
)
class EvaluationResult:
    domain: strawberry.Private[Result]

    @strawberry.field(description="Emissions of the range, t CO2e.")
    def gross_co2e(self) -> Decimal | None:
        return simplest_if(self.domain.terms.gross)

    @strawberry.field(description="Sinks of the range that were not sold as credits, t CO2e.")
    def sinks_co2e(self) -> Decimal | None:
        return simplest_if(self.domain.terms.sinks)

    @strawberry.field(description="Reductions retired for its pilots and accounting periods, t.")
    def purchased_tonnes(self) -> BigInt | None:
        purchased = self.domain.terms.purchased
        return None if purchased is None else BigInt(purchased)

    @strawberry.field(
        description="What remains, t CO2e; below zero where more was taken up or bought."
    )
    def result_co2e(self) -> Decimal | None:
        return simplest_if(self.domain.terms.result)

    unknown = attribute(
        list[UnknownReason],
        "unknown",
        "Why it is not known; empty where it is.",
        at_most=MOST_UNKNOWN,
    )


@strawberry.type(
    description="What was decided, with the numbers that it rests on: they stay, and can be made again as of its "
    "position to the last digit."
)
class EvaluationDecision:
    domain: strawberry.Private[domain.Decision]
    evaluation: strawberry.Private[DomainEvaluation]

    position = attribute(BigInt, "id", POSITION)
    verdict = attribute(EvaluationVerdict, "verdict", "What was decided.")
    reason = attribute(str, "reason", "Why.")
    as_of_position = attribute(BigInt, "as_of", "The position as of which its numbers are.")
    score = number("score", "The score, of 100; null where the scheme has none.", optional=True)
    gross_co2e = number("terms.gross", "Emissions of the range, t CO2e.", optional=True)
    sinks_co2e = number("terms.sinks", "Usable sinks of the range, t CO2e.", optional=True)
    purchased_tonnes = attribute(
        BigInt | None, "terms.purchased", "Reductions retired for its periods, t."
    )
    result_co2e = number(
        "terms.result", "What remains, t CO2e; null where it was not known.", optional=True
    )

    @strawberry.field(description="What the scheme calls such a score; null where it has no score.")
    def band(self) -> LocalizedText | None:
        score = self.domain.score
        found = None if score is None else self.evaluation.scheme.band(score)
        return None if found is None else LocalizedText.of(found.name)


@strawberry.type(description="That a measure follows from an evaluation.")
class EvaluationFollowUp:
    domain: strawberry.Private[domain.FollowedUp]
    evaluation: strawberry.Private[DomainEvaluation]

    position = attribute(BigInt, "id", POSITION)

    @dear("The measure. Never null.", statements=2)
    async def measure(self, info: Info) -> Measure | None:
        return await Measure.seen(info, self.domain.measure_id)

    @strawberry.field(description="From which finding, if from one.")
    def finding(self) -> EvaluationFinding | None:
        found = [f for f in self.evaluation.findings if f.id == self.domain.finding_id]
        return EvaluationFinding(domain=found[0]) if found else None


@strawberry.type(description="Where an evaluation's pack is had: a ZIP.")
class EvaluationPack:
    url: str = strawberry.field(
        description="Where it is, relative to this API's address: GET it with your key. It is the same bytes each "
        "time, but for documents whose bytes are uploaded later."
    )
    as_of_position: BigInt = strawberry.field(description="The position as of which it is.")


@node()
@strawberry.type(
    description="An evaluation of a pilot that is built and runs stably (section 五 of the guide). Its operator sees "
    "it, and the roles that see of every pilot what was submitted."
)
class Evaluation(Documented):
    domain: strawberry.Private[domain.Evaluation]

    position = attribute(BigInt, "id", "The position at which it was opened.")
    evaluation_state = attribute(EvaluationState, "state", "Where it stands.")
    starts_on = attribute(date, "span.starts_on", "The first day that is evaluated.")
    ends_on = attribute(date, "span.ends_on", "The last one; all are of whole accounting periods.")
    opened_on = attribute(date, "opened_on", "On which day it was opened.")
    range_categories = attribute(
        list[Category] | None,
        "range.categories",
        "Of which categories emissions and sinks are evaluated; null: of all.",
        at_most=len(DomainCategory),
    )

    @strawberry.field(description="The scheme.")
    def scheme(self) -> EvaluationScheme:
        return EvaluationScheme(domain=self.domain.scheme)

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    @short_list("The pilots that are evaluated: itself, or some inside it.", MOST_PILOTS)
    async def range_pilots(self, info: Info) -> list[Pilot]:
        return await pilots_at(info, self.domain.range.pilots)

    @short_list(
        "What its operator says of it, oldest first; the latest counts.", MOST_SELF_EVALUATIONS
    )
    def self_evaluations(self) -> list[SelfEvaluation]:
        return [SelfEvaluation(domain=item) for item in self.domain.self_evaluations]

    @short_list("The panels that were appointed, oldest first; the latest scores.", MOST_PANELS)
    def panels(self) -> list[EvaluationPanel]:
        return [EvaluationPanel(domain=panel) for panel in self.domain.panels]

    @short_list("The visits to the site, oldest first.", MOST_VISITS)
    def site_visits(self) -> list[SiteVisit]:
        return [SiteVisit(domain=visit) for visit in self.domain.visits]

    @short_list("The items of its scheme, each with what the latest panel gave for it.", MOST_ITEMS)
    def items(self) -> list[ScoredItem]:
        scores = self.domain.scores
        return [
            ScoredItem(
                domain=item,
                given=[s for s in scores if s.item == item.code],
                evaluation=self.domain,
            )
            for item in self.domain.scheme.items
        ]

    @strawberry.field(
        description="The score so far, of 100: Σ weight · mean of the points, rounded half-even to 2 decimals; null "
        "where the scheme has none, and before each item has points."
    )
    def score(self) -> Decimal | None:
        return simplest_if(score_of(self.domain.scheme, self.domain.scores))

    @short_list("What was found, oldest first.", MOST_FINDINGS)
    def findings(self) -> list[EvaluationFinding]:
        return [EvaluationFinding(domain=item) for item in self.domain.findings]

    @short_list("The measures that follow from it, oldest first.", MOST_FOLLOW_UPS)
    def follow_ups(self) -> list[EvaluationFollowUp]:
        return [
            EvaluationFollowUp(domain=item, evaluation=self.domain)
            for item in self.domain.follow_ups
        ]

    @dear(
        "What was decided; null before that. Without its tonnes where a pilot of the range is another operator's and "
        "you do not see what that handed in: `result` as of its position has what you see.",
        statements=1,
    )
    async def decision(self, info: Info) -> EvaluationDecision | None:
        decision = self.domain.decision
        if decision is None:
            return None
        sight = await info.context.sight()
        pilots = await info.context.loaders.pilot.load_many(self.domain.range.pilots)
        if not all(pilot and sight.sees(pilot, InventoryStatus.SUBMITTED) for pilot in pilots):
            decision = replace(
                decision,
                terms=domain.RangeTerms(gross=None, sinks=None, purchased=None, result=None),
            )
        return EvaluationDecision(domain=decision, evaluation=self.domain)

    @dear(
        "By when what did not pass is to be improved, as its scheme says; null where it passed, is open, or the "
        "scheme says nothing of that.",
        statements=2,
    )
    async def improve_by(self, info: Info) -> date | None:
        decision, months = self.domain.decision, self.domain.scheme.improvement_months
        if self.domain.state is not EvaluationState.FAILED or months is None or decision is None:
            return None
        event = await event_at(info, decision.id)
        return months_after(china_day(event.domain.at), months)

    @dear(
        "What the formula gives for its range, now or as of a position, of what you see: pilots inside may be another "
        "operator's.",
        statements=MUCH_COMPUTED,
    )
    async def result(self, info: Info, as_of: AsOf = None) -> EvaluationResult:
        key = self.domain.result_key(await info.context.as_of(as_of))
        found = await info.context.loaders.range_result.load((key, await info.context.sight()))
        assert found is not None
        return EvaluationResult(domain=found)

    @short_list(
        "The first entries since the decision, up to now or a position, that changed the numbers it rests on, where "
        "these are others now; none where they are as they were. Only of numbers that you see: a pilot of the range "
        "may be another operator's. The decision and its numbers stay.",
        MOST_NAMED,
        statements=DISTURBING,
    )
    async def disturbed_by(self, info: Info, as_of: AsOf = None) -> list[Event]:
        decision = self.domain.decision
        if decision is None:
            return []
        key = self.domain.result_key(await info.context.as_of(as_of))
        asked = (key, decision.as_of), await info.context.sight()
        positions = await info.context.loaders.disturbed_by.load(asked)
        return list(await asyncio.gather(*(event_at(info, position) for position in positions)))

    @strawberry.field(
        description="All that is known of it in one file (材料包), now or as of a position: itself, and of its pilot "
        "and each of its range application, plan, measures, money, statements, inventories with their workings, "
        "retirements and documents, each with its SHA-256; what you do not see, or is not there, is said to be missing."
    )
    async def pack(self, info: Info, as_of: AsOf = None) -> EvaluationPack:
        position = await info.context.as_of(as_of)
        return EvaluationPack(
            url=f"evaluations/{self.id(info)}/pack.zip?asOf={position}",
            as_of_position=BigInt(position),
        )

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.evaluation.load(EvaluationId(position))
        if found is None or not await _seen_of(info, await Pilot.at(info, found.pilot_id)):
            return None
        return cls(domain=found)

    @classmethod
    async def of_pilot(
        cls, info: Info, pilot: Pilot, first: int, after: str | None, as_of: int | None
    ) -> Connection[Self]:
        """The evaluations of a pilot, for those who see them; for others there are none."""
        page = page_by_position(first, after)
        key = pilot.domain.id, await info.context.as_of(as_of)
        seen = await _seen_of(info, pilot)
        rows = await info.context.loaders.evaluations_of.load(key) if seen else []
        return page_of(rows, page, lambda row: row.id, lambda row: cls(domain=row))


async def _seen_of(info: Info, pilot: Pilot) -> bool:
    """Whether whoever asks sees a pilot's evaluations."""
    return sees_evaluations(await info.context.sight(), pilot.domain.operator_id)
