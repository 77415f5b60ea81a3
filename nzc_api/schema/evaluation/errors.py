"""What refuses evaluations, as GraphQL."""

import asyncio

import nzc_api.evaluation.errors as evaluation
from nzc_api.evaluation.rules import MOST_FINDINGS
from nzc_api.evaluation.schemes import SCHEMES
from nzc_api.schema.evaluation.enums import EvaluationState, EvaluationStep, FindingState
from nzc_api.schema.evaluation.schemes import MOST_ITEMS
from nzc_api.schema.evaluation.types import Evaluation, EvaluationFinding
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute, dear, short_list
from nzc_api.schema.measures.types import Measure
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.statements.enums import UnknownReason
from nzc_api.schema.statements.reasons import MOST_UNKNOWN


@explains(evaluation.SchemeNotForKind)
class SchemeNotForKind(UserError):
    scheme = attribute(str, "scheme", "The code of the scheme.")
    accepted_schemes = attribute(
        list[str], "accepted", "The codes of those for its kind.", at_most=len(SCHEMES)
    )


@explains(evaluation.PilotNotCompleted)
class PilotNotCompleted(UserError):
    @dear("The pilot.", statements=2)
    async def unfinished_pilot(self, info: Info) -> Pilot | None:
        return await Pilot.seen(info, self.domain.pilot_id)


@explains(evaluation.NotYetStable)
class NotYetStable(UserError):
    stable_from = attribute(str, "stable_from", "Since which day it runs stably.")
    months = attribute(int, "months", "How many calendar months of that the scheme asks for.")
    first_day = attribute(str, "first_day", "The first day on which it can be opened.")


@explains(evaluation.RangeCutsPeriod)
class RangeCutsPeriod(UserError):
    period_starts_on = attribute(
        str, "period_starts_on", "The first day of the period that is cut."
    )
    period_ends_on = attribute(str, "period_ends_on", "Its last day.")


@explains(evaluation.RangeWithoutPeriod)
class RangeWithoutPeriod(UserError):
    first_day = attribute(str, "first_day", "The first day that no period has.")


@explains(evaluation.RangeOutsidePilot)
class RangeOutsidePilot(UserError):
    @dear("The pilot outside.", statements=2)
    async def other_pilot(self, info: Info) -> Pilot | None:
        return await Pilot.seen(info, self.domain.other_id)


@explains(evaluation.RangeCountsTwice)
class RangeCountsTwice(UserError):
    @dear("The other of the two.", statements=2)
    async def other_pilot(self, info: Info) -> Pilot | None:
        return await Pilot.seen(info, self.domain.other_id)


@explains(evaluation.RangeTaken)
class RangeTaken(UserError):
    @dear("The evaluation whose range it is of.", statements=2)
    async def other_evaluation(self, info: Info) -> Evaluation | None:
        return await Evaluation.seen(info, self.domain.evaluation_id)


@explains(evaluation.RetriesExhausted)
class RetriesExhausted(UserError):
    failed = attribute(int, "failed", "How many times it failed.")
    retries = attribute(int, "retries", "How many more times after the first it could be tried.")


@explains(evaluation.EvaluationsFull)
class EvaluationsFull(UserError):
    most = attribute(int, "most", "How many there may be.")


@explains(evaluation.EvaluationDecided)
class EvaluationDecided(UserError):
    evaluation_state = attribute(EvaluationState, "state", "What was decided.")

    @dear("The evaluation.", statements=2)
    async def decided_evaluation(self, info: Info) -> Evaluation | None:
        return await Evaluation.seen(info, self.domain.evaluation_id)


@explains(evaluation.EvaluationStepMissing)
class EvaluationStepMissing(UserError):
    missing = attribute(
        list[EvaluationStep], "missing", "What is missing.", at_most=len(EvaluationStep)
    )

    @dear("The evaluation.", statements=2)
    async def open_evaluation(self, info: Info) -> Evaluation | None:
        return await Evaluation.seen(info, self.domain.evaluation_id)


@explains(evaluation.PanelSizeRefused)
class PanelSizeRefused(UserError):
    panel_size = attribute(int, "size", "How many were given.")
    fewest = attribute(int, "fewest", "How many there must be at least; an odd number.")
    most = attribute(int, "most", "How many there may be.")


@explains(evaluation.ExpertOfOperator)
class ExpertOfOperator(UserError):
    employer = attribute(str, "employer", "By whom the expert is employed.")


@explains(evaluation.ExpertNotOfPanel)
class ExpertNotOfPanel(UserError):
    expert = attribute(int, "expert", "The number that was given.")
    panel_size = attribute(int, "size", "How many the panel has.")


@explains(evaluation.ItemNotOfScheme)
class ItemNotOfScheme(UserError):
    item_code = attribute(str, "item", "The code as it was given, shortened.")
    accepted_items = attribute(
        list[str], "accepted", "The codes of the scheme's items.", at_most=MOST_ITEMS
    )


@explains(evaluation.ItemAlreadyScored)
class ItemAlreadyScored(UserError):
    expert = attribute(int, "expert", "The number of the expert.")
    item_code = attribute(str, "item", "The code of the item.")


@explains(evaluation.MajorFindingsOpen)
class MajorFindingsOpen(UserError):
    @short_list("The findings that are not closed.", MOST_FINDINGS, statements=3)
    async def open_findings(self, info: Info) -> list[EvaluationFinding]:
        found = [EvaluationFinding.seen(info, finding_id) for finding_id in self.domain.finding_ids]
        return [item for item in await asyncio.gather(*found) if item is not None]


@explains(evaluation.VetoFailed)
class VetoFailed(UserError):
    failed_items = attribute(
        list[str], "items", "The codes of the items that are not met.", at_most=MOST_ITEMS
    )


@explains(evaluation.ScoreBelowPassMark)
class ScoreBelowPassMark(UserError):
    score = attribute(str, "score", "The score.")
    pass_mark = attribute(str, "pass_mark", "The least that passes.")


@explains(evaluation.EvaluationResultUnknown)
class EvaluationResultUnknown(UserError):
    reasons = attribute(
        list[UnknownReason], "reasons", "Why it is not known.", at_most=MOST_UNKNOWN
    )


@explains(evaluation.FindingNotInState)
class FindingNotInState(UserError):
    finding_state = attribute(FindingState, "state", "Where the finding stands.")
    accepted_finding_states = attribute(
        list[FindingState], "accepted", "Where it would have to.", at_most=len(FindingState)
    )

    @dear("The finding.", statements=3)
    async def standing_finding(self, info: Info) -> EvaluationFinding | None:
        return await EvaluationFinding.seen(info, self.domain.finding_id)


@explains(evaluation.FollowUpNotOfPilot)
class FollowUpNotOfPilot(UserError):
    @dear("The measure; null where there is none, or none that you see.", statements=3)
    async def other_measure(self, info: Info) -> Measure | None:
        return await Measure.seen(info, self.domain.measure_id)
