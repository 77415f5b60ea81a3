"""What can be done with evaluations: open them, evaluate oneself, appoint a panel, visit, score, find, answer, close,
decide and follow up; see what the formula gives for their ranges, and what has disturbed that since."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access import store as access_store
from nzc_api.access.principals import Action, Principal, authorise, authorise_owner
from nzc_api.accounting.exact import plain
from nzc_api.china_time import china_day
from nzc_api.evaluation import store
from nzc_api.evaluation.indicators import RangeFacts
from nzc_api.evaluation.model import (
    AnswerFinding,
    AppointPanel,
    CloseFinding,
    DecideEvaluation,
    Decision,
    EraseExpertName,
    EvaluatedRange,
    Evaluation,
    EvaluationFinding,
    EvaluationStep,
    FindingState,
    FindingStep,
    FollowedUp,
    FollowUp,
    OpenEvaluation,
    Panel,
    RecordFinding,
    RecordSiteVisit,
    ResultKey,
    Score,
    ScoreItem,
    SelfEvaluate,
    SelfEvaluation,
    SiteVisit,
)
from nzc_api.evaluation.opening import check_world
from nzc_api.evaluation.opening_rules import check_opening
from nzc_api.evaluation.result import Result
from nzc_api.evaluation.results import Results
from nzc_api.evaluation.rules import (
    ANSWERED,
    CLOSED,
    MOST_FINDINGS,
    MOST_FOLLOW_UPS,
    MOST_PANELS,
    MOST_SELF_EVALUATIONS,
    MOST_STEPS,
    MOST_VISITS,
    check_answer,
    check_finding,
    check_finding_state,
    check_measure_of,
    check_panel,
    check_passing,
    check_reason,
    check_room,
    check_said,
    check_score,
    check_since,
    check_statement,
    check_steps,
    check_undecided,
    check_visit,
)
from nzc_api.evaluation.scoring import score_of
from nzc_api.ids import EvaluationId, FindingId, MeasureId, PanelId, PilotId, Position
from nzc_api.inventories.visibility import Sight
from nzc_api.ledger.reading.trace import Trace
from nzc_api.log.asked import LATEST, position_asked
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.measures import store as measures_store
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import DateSpan, Pilot
from nzc_api.refusal import NotFound, Refused, refuse
from nzc_api.statements.service import StatementService

# What is decided on the head's lock of an evaluation and its pilot; the position of what is done is what it returns.
Done = Callable[[Transaction, Evaluation, Pilot], Awaitable[None]]


class EvaluationService:
    """What the evaluation room can do."""

    def __init__(self, log: Log, statements: StatementService, trace: Trace) -> None:
        self._log = log
        self._results = Results(log.database, statements, trace)

    async def open(self, principal: Principal | None, key: str, command: OpenEvaluation) -> Outcome:
        """Open an evaluation of a pilot's range and whole accounting periods, by a scheme, on a day. Section 五 of the
        guide.

        Refused: a pilot that is not built (`PilotNotCompleted`) or has not run stably for long enough (`NotYetStable`);
        a
        scheme of other kinds (`SchemeNotForKind`), or tried as often as it may be (`RetriesExhausted`); a range outside
        the pilot (`RangeOutsidePilot`), that counts twice (`RangeCountsTwice`), cuts a period (`RangeCutsPeriod`) or
        lacks one (`RangeWithoutPeriod`), or whose retirements are of another range (`RangeTaken`).
        """
        caller = authorise(principal, Action.EVALUATE)

        async def work(transaction: Transaction) -> int:
            refuse(check_opening(command, china_day(transaction.head.at)))
            await check_world(transaction.connection, command, transaction.position)
            item = Evaluation(
                id=EvaluationId(transaction.next_position),
                pilot_id=command.pilot_id,
                scheme_code=command.scheme,
                range=command.range,
                span=command.span,
                opened_on=command.on,
            )
            transaction.append(caller.actor, EntryKind.EVALUATION_OPENED, _opened(item))
            await store.insert_evaluation(transaction.connection, item)
            return item.id

        return await self._log.once(caller.actor, Request.of(key, "openEvaluation", command), work)

    async def self_evaluate(
        self, principal: Principal | None, key: str, command: SelfEvaluate
    ) -> Outcome:
        """Say of one's own pilot how it did; what was said before stays. Refused once it is decided
        (`EvaluationDecided`), as of all that follow. Section 五 of the guide."""
        caller = authorise(principal, Action.ANSWER_EVALUATION)

        async def done(transaction: Transaction, evaluation: Evaluation, pilot: Pilot) -> None:
            authorise_owner(caller, pilot.operator_id)
            refuse(check_statement(command.statement, command.document))
            refuse(check_undecided(evaluation))
            there = evaluation.self_evaluations
            refuse(check_room(there, MOST_SELF_EVALUATIONS, "份自评", "self-evaluations"))
            kind = EntryKind.EVALUATION_SELF_EVALUATED
            position = transaction.append(caller.actor, kind, {}, evaluation.id)
            item = SelfEvaluation(position, command.statement, command.document)
            await store.insert_self_evaluation(transaction.connection, evaluation.id, item)

        return await self._once(caller, Request.of(key, "selfEvaluate", command), command, done)

    async def appoint(
        self, principal: Principal | None, key: str, command: AppointPanel
    ) -> Outcome:
        """Appoint the panel; one that is appointed later takes its place, and scores anew. Section 五 of the guide.

        Refused: a panel too small, or even (`PanelSizeRefused`); an expert of the operator's (`ExpertOfOperator`);
        before the pilot evaluated itself (`EvaluationStepMissing`).
        """
        caller = authorise(principal, Action.EVALUATE)

        async def done(transaction: Transaction, evaluation: Evaluation, pilot: Pilot) -> None:
            connection = transaction.connection
            ids = {pilot.operator_id, *(e.organisation_id for e in command.experts)} - {None}
            found = await access_store.read_organisations(connection, [i for i in ids if i])
            for number, expert in enumerate(command.experts):
                if expert.organisation_id is not None and expert.organisation_id not in found:
                    path = ("experts", str(number), "organisation")
                    missing = (expert.organisation_id, "单位", "organisation")
                    raise Refused(NotFound.born_at(*missing, *path))
            refuse(check_panel(pilot, found[pilot.operator_id].name, command.experts))
            refuse(check_undecided(evaluation))
            refuse(check_steps(evaluation, EvaluationStep.SELF_EVALUATION))
            refuse(check_room(evaluation.panels, MOST_PANELS, "个专家组", "panels"))
            # Who they are is not said: names lie beside the log.
            body = {"organisations": [e.organisation_id for e in command.experts]}
            kind = EntryKind.EVALUATION_PANEL_APPOINTED
            position = transaction.append(caller.actor, kind, body, evaluation.id)
            panel = Panel(PanelId(position), command.experts)
            await store.insert_panel(connection, evaluation.id, panel)

        return await self._once(caller, Request.of(key, "appointPanel", command), command, done)

    async def erase_name(
        self, principal: Principal | None, key: str, command: EraseExpertName
    ) -> Outcome:
        """Erase the name of a panel's member; all else of it stays. Refused: whoever does not evaluate; an evaluation,
        a panel or a member of it that there is not."""
        caller = authorise(principal, Action.EVALUATE)

        async def done(transaction: Transaction, evaluation: Evaluation, pilot: Pilot) -> None:
            panel = next((p for p in evaluation.panels if p.id == command.panel_id), None)
            if panel is None:
                raise Refused(NotFound.born_at(command.panel_id, "专家组", "panel", "panel"))
            if not 1 <= command.expert <= len(panel.experts):
                raise Refused(NotFound.born_at(command.expert, "专家", "expert", "expert"))
            body = {"panel": panel.id, "expert": command.expert}
            transaction.append(caller.actor, EntryKind.EXPERT_NAME_ERASED, body, evaluation.id)
            await store.erase_name(transaction.connection, panel.id, command.expert)

        return await self._once(caller, Request.of(key, "eraseExpertName", command), command, done)

    async def record_visit(
        self, principal: Principal | None, key: str, command: RecordSiteVisit
    ) -> Outcome:
        """Record what the panel saw at the site; refused without a panel (`EvaluationStepMissing`)."""
        caller = authorise(principal, Action.EVALUATE)

        async def done(transaction: Transaction, evaluation: Evaluation, pilot: Pilot) -> None:
            refuse(check_visit(evaluation, command, china_day(transaction.head.at)))
            refuse(check_undecided(evaluation))
            refuse(check_steps(evaluation, EvaluationStep.PANEL))
            refuse(check_room(evaluation.visits, MOST_VISITS, "次现场核查", "visits"))
            kind, body = EntryKind.EVALUATION_SITE_VISITED, {"on": str(command.on)}
            position = transaction.append(caller.actor, kind, body, evaluation.id)
            item = SiteVisit(
                id=position, on=command.on, notes=command.notes, document=command.document
            )
            await store.insert_visit(transaction.connection, evaluation.id, item)

        return await self._once(caller, Request.of(key, "recordSiteVisit", command), command, done)

    async def score(self, principal: Principal | None, key: str, command: ScoreItem) -> Outcome:
        """Record what an expert gave for an item: points of 100, or whether it is met; it stays. Section 五 of the
        guide.

        Refused: an item of another scheme (`ItemNotOfScheme`), nobody of the panel (`ExpertNotOfPanel`), what the
        expert scored before (`ItemAlreadyScored`); without a panel, and a visit (`EvaluationStepMissing`).
        """
        caller = authorise(principal, Action.EVALUATE)

        async def done(transaction: Transaction, evaluation: Evaluation, pilot: Pilot) -> None:
            refuse(check_undecided(evaluation))
            refuse(check_steps(evaluation, EvaluationStep.PANEL, EvaluationStep.SITE_VISIT))
            refuse(check_score(evaluation, command))
            panel = evaluation.panel
            assert panel is not None
            body = {
                "panel": panel.id,
                "expert": command.expert,
                "item": command.item,
                "points": None if command.points is None else plain(command.points),
                "met": command.met,
            }
            kind = EntryKind.EVALUATION_ITEM_SCORED
            position = transaction.append(caller.actor, kind, body, evaluation.id)
            item = Score(
                id=position,
                panel_id=panel.id,
                expert=command.expert,
                item=command.item,
                points=command.points,
                met=command.met,
                reason=command.reason,
            )
            await store.insert_score(transaction.connection, evaluation.id, item)

        return await self._once(caller, Request.of(key, "scoreItem", command), command, done)

    async def find(self, principal: Principal | None, key: str, command: RecordFinding) -> Outcome:
        """Record what is to be put right, or better, by when; refused without a panel (`EvaluationStepMissing`)."""
        caller = authorise(principal, Action.EVALUATE)

        async def work(transaction: Transaction) -> int:
            evaluation, _ = await _evaluation(transaction.connection, command.evaluation_id)
            refuse(check_finding(command, china_day(transaction.head.at)))
            refuse(check_undecided(evaluation))
            refuse(check_steps(evaluation, EvaluationStep.PANEL))
            refuse(check_room(evaluation.findings, MOST_FINDINGS, "项问题", "findings"))
            body = {
                "evaluation": evaluation.id,
                "severity": command.severity,
                "due": str(command.due),
            }
            position = transaction.append(caller.actor, EntryKind.FINDING_RECORDED, body)
            item = EvaluationFinding(
                id=FindingId(position),
                evaluation_id=evaluation.id,
                severity=command.severity,
                text=command.text,
                due=command.due,
            )
            await store.insert_finding(transaction.connection, item)
            return position

        return await self._log.once(caller.actor, Request.of(key, "recordFinding", command), work)

    async def answer(
        self, principal: Principal | None, key: str, command: AnswerFinding
    ) -> Outcome:
        """Say of a finding of one's own pilot what was done; refused once it is closed (`FindingNotInState`)."""
        caller = authorise(principal, Action.ANSWER_EVALUATION)

        async def work(transaction: Transaction) -> int:
            item, pilot = await _finding(transaction.connection, command.finding_id)
            authorise_owner(caller, pilot.operator_id)
            refuse(check_answer(command))
            refuse(check_finding_state(item, ANSWERED))
            refuse(check_room(item.steps, MOST_STEPS, "次答复", "answers"))
            step = (FindingState.ANSWERED, command.text, command.document)
            return await _step(transaction, caller, item, *step)

        return await self._log.once(caller.actor, Request.of(key, "answerFinding", command), work)

    async def close(self, principal: Principal | None, key: str, command: CloseFinding) -> Outcome:
        """Close a finding that was answered (`FindingNotInState`); it ends there. Refused besides: whoever does not
        evaluate; a finding that there is not."""
        caller = authorise(principal, Action.EVALUATE)

        async def work(transaction: Transaction) -> int:
            item, _ = await _finding(transaction.connection, command.finding_id)
            refuse(check_said(command.text))
            refuse(check_finding_state(item, CLOSED))
            return await _step(transaction, caller, item, FindingState.CLOSED, command.text, None)

        return await self._log.once(caller.actor, Request.of(key, "closeFinding", command), work)

    async def decide(
        self, principal: Principal | None, key: str, command: DecideEvaluation
    ) -> Outcome:
        """Decide an evaluation on the numbers as of a position, t CO2e, which stay; it ends there. Section 五 of the
        guide.

        Refused: before all is there (`EvaluationStepMissing`), twice (`EvaluationDecided`); that it passes with a major
        finding that is not closed (`MajorFindingsOpen`), a failed veto (`VetoFailed`), too low a score
        (`ScoreBelowPassMark`), or a result that is not known (`EvaluationResultUnknown`).
        """
        caller = authorise(principal, Action.EVALUATE)
        now = (await self._log.head()).position
        at = position_asked(command.as_of, now, "as_of")
        # As of a position nothing changes, so it is read before the head is locked.
        before = (await self.evaluations([command.evaluation_id])).get(command.evaluation_id)
        keys = [] if before is None else [before.result_key(at)]
        found = await self._results.read(keys)

        async def done(transaction: Transaction, evaluation: Evaluation, pilot: Pilot) -> None:
            result = found[evaluation.result_key(at)]
            refuse(check_reason(command.reason))
            refuse(check_since(evaluation, at, now))
            refuse(check_undecided(evaluation))
            refuse(check_steps(evaluation, *EvaluationStep))
            refuse(check_passing(evaluation, command.verdict, result))
            item = Decision(
                id=transaction.next_position,
                verdict=command.verdict,
                reason=command.reason,
                as_of=at,
                score=score_of(evaluation.scheme, evaluation.scores),
                terms=result.terms,
            )
            transaction.append(
                caller.actor, EntryKind.EVALUATION_DECIDED, _decided(item), evaluation.id
            )
            await store.insert_decision(transaction.connection, evaluation.id, item)

        request = Request.of(key, "decideEvaluation", command)
        return await self._once(caller, request, command, done)

    async def follow_up(self, principal: Principal | None, key: str, command: FollowUp) -> Outcome:
        """Say that a measure follows from an evaluation of one's own pilot, or from a finding of it. Section 五 of the
        guide.

        Refused: a measure of another pilot (`FollowUpNotOfPilot`).
        """
        caller = authorise(principal, Action.ANSWER_EVALUATION)

        async def done(transaction: Transaction, evaluation: Evaluation, pilot: Pilot) -> None:
            connection, measure_id = transaction.connection, command.measure_id
            authorise_owner(caller, pilot.operator_id)
            measures = await measures_store.read_measures(connection, [measure_id])
            if measure_id not in measures:
                raise Refused(NotFound.born_at(measure_id, "措施", "measure", "measure"))
            if command.finding_id is not None:
                _in_evaluation(evaluation, command.finding_id)
            refuse(check_measure_of(evaluation, pilot, measure_id, measures[measure_id].pilot_id))
            refuse(check_room(evaluation.follow_ups, MOST_FOLLOW_UPS, "项后续措施", "follow-ups"))
            body = {"finding": command.finding_id, "measure": measure_id}
            kind = EntryKind.EVALUATION_FOLLOWED_UP
            position = transaction.append(caller.actor, kind, body, evaluation.id)
            item = FollowedUp(position, command.finding_id, MeasureId(measure_id))
            await store.insert_follow_up(connection, evaluation.id, item)

        return await self._once(caller, Request.of(key, "followUp", command), command, done)

    async def evaluations(
        self, ids: Sequence[EvaluationId], as_of: Position = LATEST
    ) -> dict[EvaluationId, Evaluation]:
        """The evaluations of these ids as they stood at a position; what was not opened by then is left out."""
        async with self._log.database.read() as connection:
            return await store.read_evaluations(connection, ids, as_of)

    async def evaluations_of(
        self, pilots: Sequence[PilotId], as_of: Position = LATEST
    ) -> dict[PilotId, list[Evaluation]]:
        """All evaluations of each pilot, as they stood."""
        async with self._log.database.read() as connection:
            return await store.read_evaluations_of(connection, pilots, as_of)

    async def evaluation_ids(self, findings: Sequence[int]) -> dict[int, EvaluationId]:
        """Of which evaluation each finding is."""
        async with self._log.database.read() as connection:
            return await store.read_evaluation_ids(connection, findings)

    async def results(self, asked: Sequence[ResultKey], sight: Sight) -> dict[ResultKey, Result]:
        """What the formula gives for each range, as whoever has the sight sees it."""
        return await self._results.read(asked, sight)

    async def facts(
        self, asked: Sequence[tuple[EvaluatedRange, DateSpan]], at: tuple[Position, Sight]
    ) -> dict[tuple[EvaluatedRange, DateSpan], RangeFacts]:
        """What is known of what limits are of, as of a position and as whoever has the sight sees it."""
        return await self._results.facts_of(asked, *at)

    async def disturbed_by(
        self, asked: Sequence[tuple[ResultKey, Position]], sight: Sight
    ) -> dict[tuple[ResultKey, Position], list[Position]]:
        """The positions of entries after a position that changed what is seen of the numbers of each range."""
        return {one: await self._results.changed_since(*one, sight) for one in asked}

    async def _once(
        self, caller: Principal, request: Request, command: "_OfEvaluation", done: Done
    ) -> Outcome:
        """Do something to an evaluation under a request's key."""

        async def work(transaction: Transaction) -> int:
            evaluation, pilot = await _evaluation(transaction.connection, command.evaluation_id)
            await done(transaction, evaluation, pilot)
            return evaluation.id

        return await self._log.once(caller.actor, request, work)


class _OfEvaluation(Protocol):
    """A command about an evaluation."""

    @property
    def evaluation_id(self) -> EvaluationId: ...


async def _evaluation(
    connection: AsyncConnection, evaluation_id: EvaluationId
) -> tuple[Evaluation, Pilot]:
    found = (await store.read_evaluations(connection, [evaluation_id])).get(evaluation_id)
    if found is None:
        raise Refused(NotFound.born_at(evaluation_id, "评价", "evaluation", "evaluation"))
    return found, (await pilots_store.read_pilots(connection, [found.pilot_id]))[found.pilot_id]


async def _finding(
    connection: AsyncConnection, finding_id: FindingId
) -> tuple[EvaluationFinding, Pilot]:
    evaluations = await store.read_evaluation_ids(connection, [finding_id])
    if finding_id not in evaluations:
        raise Refused(_no_finding(finding_id))
    evaluation, pilot = await _evaluation(connection, evaluations[finding_id])
    return _in_evaluation(evaluation, finding_id), pilot


def _in_evaluation(evaluation: Evaluation, finding_id: FindingId) -> EvaluationFinding:
    found = next((item for item in evaluation.findings if item.id == finding_id), None)
    if found is None:
        raise Refused(_no_finding(finding_id))
    return found


def _no_finding(finding_id: FindingId) -> NotFound:
    return NotFound.born_at(finding_id, "问题", "finding", "finding")


async def _step(
    transaction: Transaction,
    caller: Principal,
    finding: EvaluationFinding,
    state: FindingState,
    text: str,
    document: str | None,
) -> int:
    """Let a finding come into a state."""
    body = {"state": state}
    kind = EntryKind.FINDING_CLOSED if state is FindingState.CLOSED else EntryKind.FINDING_ANSWERED
    position = transaction.append(caller.actor, kind, body, finding.id)
    step = FindingStep(id=position, state=state, text=text, document=document)
    await store.insert_finding_step(transaction.connection, finding.id, step)
    return finding.id


def _opened(item: Evaluation) -> Mapping[str, Any]:
    """What the log says of an evaluation that is opened."""
    categories = item.range.categories
    return {
        "pilot": item.pilot_id,
        "scheme": item.scheme_code,
        "stable_months": item.scheme.stable_months,
        "retries": item.scheme.retries,
        "pilots": list(item.range.pilots),
        "categories": None if categories is None else list(categories),
        "starts_on": str(item.span.starts_on),
        "ends_on": str(item.span.ends_on),
        "opened_on": str(item.opened_on),
    }


def _decided(item: Decision) -> Mapping[str, Any]:
    """What the log says of a decision: all but the reason. Numbers are texts, so that they stay exact."""
    terms = item.terms
    numbers = {
        "score": item.score,
        "gross": terms.gross,
        "sinks": terms.sinks,
        "result": terms.result,
    }
    said = {name: None if value is None else plain(value) for name, value in numbers.items()}
    return {
        "verdict": item.verdict,
        "as_of": item.as_of,
        "purchased": terms.purchased,
    } | said
