"""Case 6: a sink whose credits were sold is not also its pilot's sink. What is forestry follows from the
methodology, and its production from the monitoring period."""

from collections.abc import Collection, Iterable

from nzc_api.ids import PeriodId, PilotId
from nzc_api.ledger.errors.issuing import (
    ForestryMislabelled,
    MethodologyRequired,
    MonitoringPeriodRequired,
)
from nzc_api.ledger.errors.retiring import NotOwnSink
from nzc_api.ledger.methodologies import is_of_sink
from nzc_api.ledger.model import CreditBatch, Enrolment, ProductionBasis, Project, Purpose
from nzc_api.ledger.posting.rules.kept_back import check_not_exported
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.serials import SerialRange
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import InvalidInput, LocalizedText, Refusal
from nzc_api.text import saying_problem


def check_forestry(project: Project, methodology: str | None) -> Refusal | None:
    """Refuse a flag that contradicts the methodology, or the project's name where no methodology says it;
    and inside a pilot one that nothing shows."""
    if methodology is None and project.inside and not project.forestry:
        return MethodologyRequired(
            path=("methodology",), project_code=project.code, project_id=project.id
        )
    return check_label(project, methodology)


def check_amended(
    after: Project, methodologies: Iterable[str | None], *, placed: bool
) -> Refusal | None:
    """Refuse what a project is amended to, as it would be refused at its enrolments: placed in a pilot, they name their
    methodologies."""
    check = check_forestry if placed else check_label
    return next((r for m in methodologies if (r := check(after, m)) is not None), None)


def check_stated(methodology: str, enrolments: Collection[Enrolment]) -> Refusal | None:
    """Refuse to state a methodology where every enrolment (those given are those that do not) names its own."""
    if enrolments:
        return saying_problem(methodology, "methodology")
    return InvalidInput(
        path=("methodology",),
        value=methodology[:80],
        expected_zh="不填：该项目没有未写明方法学的项目登记",
        expected_en="nothing: the project has no enrolment that names no methodology",
    )


def check_label(project: Project, methodology: str | None) -> ForestryMislabelled | None:
    """Refuse a flag that contradicts the methodology, or the project's name where no methodology says it."""
    of_sink = None if methodology is None else is_of_sink(methodology)
    if methodology is not None and of_sink is not None:
        return None if of_sink is project.forestry else _mislabelled(project, methodology)
    if project.forestry:
        return None
    named = next((n for n in (project.name.zh, project.name.en) if is_of_sink(n)), None)
    return None if named is None else _mislabelled(project, named)


def check_production(batch: CreditBatch, project: Project) -> MonitoringPeriodRequired | None:
    """Refuse forestry whose production is a calendar year, and nobody says why."""
    if not project.forestry or batch.production_basis is not ProductionBasis.VINTAGE:
        return None
    return MonitoringPeriodRequired(
        path=("production", "vintage"),
        vintage=str(batch.produced_to.year),
        project_code=project.code,
        project_id=project.id,
    )


def check_own_sink(
    purpose: Purpose,
    whose: tuple[PilotId, PeriodId] | None,
    serials: SerialRange,
    batch: CreditBatch,
    state: State,
) -> Refusal | None:
    """Refuse to give a sink back that is not the pilot's own, or not of the period's days, or that another
    country counts."""
    if purpose is not Purpose.OWN_SINK:
        return None
    project = state.projects[batch.project_id]
    if project.pilot_id is None or not batch.forestry:
        return InvalidInput(
            path=("purpose",),
            value=purpose,
            expected_zh="仅位于试点边界内的林业项目签发的减排量可为恢复自身碳汇而注销",
            expected_en="only credits of forestry inside a pilot give its sink back",
        )
    assert whose is not None
    pilot_id, period_id = whose
    pilot, inside = state.pilots[pilot_id], state.pilots[project.pilot_id]
    days = DateSpan(batch.produced_from, batch.produced_to)
    if pilot.id not in (inside.id, *state.surrounding[inside.id]):
        reason = SINK_ELSEWHERE
    elif not state.periods[period_id].span.overlaps(days):
        reason = SINK_OF_OTHER_DAYS
    else:
        return check_not_exported(batch, state)
    facts = {"project": project.code, "inside": inside.code, "pilot": pilot.code,
             "first": days.starts_on, "last": days.ends_on}  # fmt: skip
    return NotOwnSink(
        path=("pilot",) if reason is SINK_ELSEWHERE else ("accounting_period",),
        serials=str(serials),
        reason_zh=reason.zh.format(**facts),
        reason_en=reason.en.format(**facts),
        project_id=project.id,
        inside_id=inside.id,
    )


SINK_ELSEWHERE = LocalizedText(
    "项目“{project}”位于试点“{inside}”，不在试点“{pilot}”边界内；请填写碳汇所在的试点或其外围试点",
    "the project “{project}” lies in “{inside}”, not in “{pilot}”: name the pilot that the sink lies in, "
    "or one around it",
)
SINK_OF_OTHER_DAYS = LocalizedText(
    "其碳汇产生于{first}至{last}，所填核算期与之没有共同的日期",
    "the sink grew from {first} to {last}, and the accounting period has no day of that",
)


def _mislabelled(project: Project, said: str) -> ForestryMislabelled:
    forestry = project.forestry
    return ForestryMislabelled(
        path=("methodology",),
        said=said,
        of_zh="不是林业或其他碳汇" if forestry else "是林业或其他碳汇",
        of_en="is of no carbon sink" if forestry else "is of a carbon sink",
        project_code=project.code,
        project_id=project.id,
        forestry=_WRITTEN[forestry],
        right=_WRITTEN[not forestry],
    )


_WRITTEN = {True: "true", False: "false"}
