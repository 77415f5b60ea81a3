"""Evaluations to open and decide, and what is said, given and found in between: the mutations' inputs."""

from datetime import date
from decimal import Decimal

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.evaluation.model import (
    AnswerFinding,
    AppointPanel,
    CloseFinding,
    DecideEvaluation,
    EraseExpertName,
    Expert,
    FollowUp,
    OpenEvaluation,
    RecordFinding,
    RecordSiteVisit,
    ScoreItem,
    SelfEvaluate,
)
from nzc_api.ids import EvaluationId, FindingId, PanelId
from nzc_api.pilots.model import DateSpan
from nzc_api.schema.evaluation.enums import EvaluationVerdict, FindingSeverity
from nzc_api.schema.guide.enums import Category
from nzc_api.schema.kit.fields import simplest_if
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import EVALUATION, FINDING, MEASURE, ORGANISATION, PILOT
from nzc_api.schema.kit.scalars import BigInt

UNDECIDED = "The evaluation: one that is not decided."
TEXT = "1 to 1,000 characters."


@strawberry.input(description="What is evaluated (指定评价范围).")
class EvaluationRangeInput:
    pilots: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="The pilot itself, which is what none stands for, or some inside it that share no ground: at most "
        "20, each once.",
    )
    categories: list[Category] | None = strawberry.field(
        default=None,
        description="Of which categories emissions and sinks are evaluated, each once; what lies in one counts with "
        "it. Default: all.",
    )


@strawberry.input(description="An evaluation to open.")
class OpenEvaluationInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    pilot: strawberry.ID = strawberry.field(
        description="The pilot: one that is built, and has run stably for as long as the scheme asks."
    )
    scheme: str = strawberry.field(description="The code of one of `evaluationSchemes`.")
    range: EvaluationRangeInput | None = strawberry.field(
        default=None,
        description="Default: the pilot, of all categories. What is retired for a pilot and days is of one range: of "
        "evaluations that did not fail, another range that shares them is refused (our reading).",
    )
    starts_on: date = strawberry.field(
        description="The first day that is evaluated: an accounting period's."
    )
    ends_on: date = strawberry.field(
        description="The last day: an accounting period's; at most 10 years are evaluated at once."
    )
    on: date = strawberry.field(
        description="On which day it is opened: after those that are evaluated, and not after today."
    )

    def command(self, ids: Ids, caller: Principal) -> OpenEvaluation:
        wanted = self.range or EvaluationRangeInput()
        return OpenEvaluation(
            pilot_id=ids.read(self.pilot, "input", "pilot", kind=PILOT),
            scheme=self.scheme,
            pilots=tuple(
                ids.read(given, "input", "range", "pilots", str(number), kind=PILOT)
                for number, given in enumerate(wanted.pilots)
            ),
            categories=None if wanted.categories is None else tuple(wanted.categories),
            span=DateSpan(self.starts_on, self.ends_on),
            on=self.on,
        )


@strawberry.input(description="What an operator says of its pilot.")
class SelfEvaluateInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    evaluation: strawberry.ID = strawberry.field(description=UNDECIDED)
    statement: str = strawberry.field(description=f"What is said: {TEXT}")
    document: str = strawberry.field(
        description="The document that says it at length: 1 to 200 characters."
    )

    def command(self, ids: Ids, caller: Principal) -> SelfEvaluate:
        return SelfEvaluate(_evaluation(self.evaluation, ids), self.statement, self.document)


@strawberry.input(description="A member of a panel.")
class PanelExpertInput:
    name: str = strawberry.field(
        description="What the expert is called: 1 to 200 characters. It lies beside the log, and can be erased."
    )
    employer: str = strawberry.field(
        description="By whom the expert is employed: neither who runs the pilot nor who applied for it."
    )
    organisation: strawberry.ID | None = strawberry.field(
        default=None, description="Which organisation of NZC that is, if it is one."
    )

    def expert(self, ids: Ids, number: int) -> Expert:
        path = ("input", "experts", str(number), "organisation")
        organisation = ids.optional(self.organisation, *path, kind=ORGANISATION)
        return Expert(self.name, self.employer, organisation)


@strawberry.input(description="A panel to appoint.")
class AppointPanelInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    evaluation: strawberry.ID = strawberry.field(description=UNDECIDED)
    experts: list[PanelExpertInput] = strawberry.field(
        description="Its members, who are numbered from 1: an odd number from 5 to 25 (our reading of 专家团队), each "
        "once."
    )

    def command(self, ids: Ids, caller: Principal) -> AppointPanel:
        experts = tuple(given.expert(ids, number) for number, given in enumerate(self.experts))
        return AppointPanel(_evaluation(self.evaluation, ids), experts)


@strawberry.input(description="A name to erase.")
class EraseExpertNameInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    evaluation: strawberry.ID = strawberry.field(description="The evaluation.")
    panel: BigInt = strawberry.field(description="The position at which the panel was appointed.")
    expert: int = strawberry.field(description="The number of the expert in it.")

    def command(self, ids: Ids, caller: Principal) -> EraseExpertName:
        return EraseExpertName(_evaluation(self.evaluation, ids), PanelId(self.panel), self.expert)


@strawberry.input(description="A visit to the site.")
class RecordSiteVisitInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    evaluation: strawberry.ID = strawberry.field(description=UNDECIDED)
    on: date = strawberry.field(
        description="On which day: not before the evaluation was opened, nor after today."
    )
    notes: str = strawberry.field(description=f"What was seen: {TEXT}")
    document: str = strawberry.field(description="The record of it: 1 to 200 characters.")

    def command(self, ids: Ids, caller: Principal) -> RecordSiteVisit:
        evaluation = _evaluation(self.evaluation, ids)
        return RecordSiteVisit(
            evaluation_id=evaluation, on=self.on, notes=self.notes, document=self.document
        )


@strawberry.input(description="What an expert gives for an item.")
class ScoreItemInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    evaluation: strawberry.ID = strawberry.field(description=UNDECIDED)
    expert: int = strawberry.field(description="The number of the expert in the latest panel.")
    item: str = strawberry.field(description="The code of an item of the evaluation's scheme.")
    points: Decimal | None = strawberry.field(
        default=None,
        description="For an item of the kind SCORE, and only there: 0 to 100, with at most 2 decimals.",
    )
    met: bool | None = strawberry.field(
        default=None, description="For an item of another kind, and only there: whether it is met."
    )
    reason: str = strawberry.field(description=f"Why: {TEXT}")

    def command(self, ids: Ids, caller: Principal) -> ScoreItem:
        return ScoreItem(
            evaluation_id=_evaluation(self.evaluation, ids),
            expert=self.expert,
            item=self.item,
            points=simplest_if(self.points),
            met=self.met,
            reason=self.reason,
        )


@strawberry.input(description="What is found.")
class RecordFindingInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    evaluation: strawberry.ID = strawberry.field(description=UNDECIDED)
    severity: FindingSeverity = strawberry.field(description="How much it weighs.")
    text: str = strawberry.field(description=f"What was found: {TEXT}")
    due: date = strawberry.field(description="By when it is to be settled: not before today.")

    def command(self, ids: Ids, caller: Principal) -> RecordFinding:
        return RecordFinding(
            evaluation_id=_evaluation(self.evaluation, ids),
            severity=self.severity,
            text=self.text,
            due=self.due,
        )


@strawberry.input(description="What was done about a finding.")
class AnswerFindingInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    finding: strawberry.ID = strawberry.field(description="The finding: one that is not closed.")
    text: str = strawberry.field(description=f"What was done: {TEXT}")
    document: str = strawberry.field(description="The document that shows it: 1 to 200 characters.")

    def command(self, ids: Ids, caller: Principal) -> AnswerFinding:
        return AnswerFinding(_finding(self.finding, ids), self.text, self.document)


@strawberry.input(description="A finding that is settled.")
class CloseFindingInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    finding: strawberry.ID = strawberry.field(description="The finding: one that was answered.")
    text: str = strawberry.field(description=f"Why it is settled: {TEXT}")

    def command(self, ids: Ids, caller: Principal) -> CloseFinding:
        return CloseFinding(_finding(self.finding, ids), self.text)


@strawberry.input(description="What is decided of an evaluation.")
class DecideEvaluationInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    evaluation: strawberry.ID = strawberry.field(
        description="The evaluation: one with all that `EvaluationStep` names, and not decided."
    )
    verdict: EvaluationVerdict = strawberry.field(description="What is decided.")
    reason: str = strawberry.field(description=f"Why: {TEXT}")
    as_of: BigInt | None = strawberry.field(
        default=None,
        description="The position whose numbers it rests on, since the evaluation was opened. Default: the latest.",
    )

    def command(self, ids: Ids, caller: Principal) -> DecideEvaluation:
        evaluation = _evaluation(self.evaluation, ids)
        return DecideEvaluation(
            evaluation_id=evaluation, verdict=self.verdict, reason=self.reason, as_of=self.as_of
        )


@strawberry.input(description="A measure that follows from an evaluation.")
class FollowUpInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    evaluation: strawberry.ID = strawberry.field(description="The evaluation, decided or not.")
    finding: strawberry.ID | None = strawberry.field(
        default=None, description="From which finding of it, if from one."
    )
    measure: strawberry.ID = strawberry.field(
        description="The measure: one of the pilot, or of a pilot in the range."
    )

    def command(self, ids: Ids, caller: Principal) -> FollowUp:
        return FollowUp(
            _evaluation(self.evaluation, ids),
            None if self.finding is None else _finding(self.finding, ids),
            ids.read(self.measure, "input", "measure", kind=MEASURE),
        )


def _evaluation(given: strawberry.ID, ids: Ids) -> EvaluationId:
    return ids.read(given, "input", "evaluation", kind=EVALUATION)


def _finding(given: strawberry.ID, ids: Ids) -> FindingId:
    return ids.read(given, "input", "finding", kind=FINDING)
