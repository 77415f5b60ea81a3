"""An evaluation of the demo: a pilot that is built and runs stably was evaluated, and passed. All made up."""

from collections.abc import Mapping
from datetime import date

from nzc_api.access.principals import Principal
from nzc_api.demo_kit import done
from nzc_api.evaluation.model import (
    AppointPanel,
    DecideEvaluation,
    EvaluationVerdict,
    Expert,
    FindingSeverity,
    OpenEvaluation,
    RecordFinding,
    RecordSiteVisit,
    SelfEvaluate,
)
from nzc_api.ids import EvaluationId, PilotId
from nzc_api.pilots.model import DateSpan
from nzc_api.services import Services

# The last day by which the demo's finding is to be settled: it is to be answered by whoever tries the demo.
DUE = date(2099, 12, 31)

DOCUMENT = "示例，虚构 / demo, made up"

EXPERTS = tuple(
    Expert(f"示例专家{number}（虚构）", f"示例单位{number}（虚构） / Demo body {number} (made up)")
    for number in range(1, 6)
)


async def evaluate(
    services: Services, people: Mapping[str, Principal], pilot: PilotId, year: int
) -> None:
    """An evaluation of a pilot's year, which passed."""
    operator, regulator, rooms = people["PILOT_OPERATOR"], people["REGULATOR"], services.evaluation
    days = DateSpan(date(year, 1, 1), date(year, 12, 31))
    opening = OpenEvaluation(
        pilot_id=pilot,
        scheme="GD_TRIAL",
        pilots=(),
        categories=None,
        span=days,
        on=date(year + 1, 3, 1),
    )
    made = await rooms.open(regulator, "demo-evaluation-open", opening)
    evaluation = EvaluationId(done(made))
    said = SelfEvaluate(evaluation, f"各项措施均已投运（{DOCUMENT}）", DOCUMENT)
    done(await rooms.self_evaluate(operator, "demo-evaluation-self", said))
    done(await rooms.appoint(regulator, "demo-evaluation-panel", AppointPanel(evaluation, EXPERTS)))
    visit = RecordSiteVisit(
        evaluation_id=evaluation,
        on=date(year + 1, 3, 15),
        notes=f"光伏在用（{DOCUMENT}）",
        document=DOCUMENT,
    )
    done(await rooms.record_visit(regulator, "demo-evaluation-visit", visit))
    advice = RecordFinding(
        evaluation_id=evaluation,
        severity=FindingSeverity.ADVICE,
        text=f"可再装储能（{DOCUMENT}）",
        due=DUE,
    )
    done(await rooms.find(regulator, "demo-evaluation-advice", advice))
    decided = DecideEvaluation(
        evaluation_id=evaluation,
        verdict=EvaluationVerdict.PASSED,
        reason=f"实施效果良好（{DOCUMENT}）",
        as_of=None,
    )
    done(await rooms.decide(regulator, "demo-evaluation-decide", decided))
