"""Case 9: reductions that are not issued, or not usable under their programme's dated rules."""

from datetime import date

from nzc_api.ledger.commands import EnrolProject
from nzc_api.ledger.errors.issuing import (
    OutsideCreditingPeriod,
    ReductionsNotAppliedFor,
    ReductionsNotRegistered,
)
from nzc_api.ledger.errors.projects import ProjectNotEnrolled
from nzc_api.ledger.errors.retiring import RefusedByProgrammeRule, VintageAfterRetirement
from nzc_api.ledger.model import CreditBatch, Enrolment, ProductionBasis, Project
from nzc_api.ledger.posting.kit.dates import EARLIEST
from nzc_api.ledger.programmes import ProgrammeRule
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import InvalidInput, Refusal

# Later than any crediting period ends: forests are credited for up to a hundred years.
LAST_CREDITED = date(2200, 12, 31)


def check_enrolment(command: EnrolProject, rule: ProgrammeRule) -> RefusedByProgrammeRule | None:
    """Refuse a registration dated when the rule that it names was not in force."""
    until = rule.enrolled_until
    if rule.enrolled_from <= command.registered_on and (
        until is None or command.registered_on <= until
    ):
        return None
    span_zh = f"{rule.enrolled_from}起" + (f"至{until}" if until else "")
    span_en = f"from {rule.enrolled_from}" + (f" to {until}" if until else "")
    return _refused(
        rule,
        f"项目登记日期{command.registered_on}不在该规则的登记期（{span_zh}）内",
        f"the registration on {command.registered_on} is outside the time it was in force ({span_en})",
        "registered_on",
    )


def check_reductions(
    batch: CreditBatch, project: Project, enrolment: Enrolment | None, today: date
) -> Refusal | None:
    """Refuse reductions without a project registration, or registered at an impossible time."""
    if enrolment is None:
        return ProjectNotEnrolled(
            path=("project",),
            project_code=project.code,
            project_id=project.id,
            programme=batch.programme,
        )
    earliest = max(enrolment.registered_on, batch.produced_to)
    if earliest <= batch.reductions_registered_on <= today:
        return check_applied(batch)
    return ReductionsNotRegistered(
        path=("reductions_registered_on",),
        registered_on=str(batch.reductions_registered_on),
        enrolled_on=str(enrolment.registered_on),
        produced_to=str(batch.produced_to),
        today=str(today),
    )


def check_applied(batch: CreditBatch) -> ReductionsNotAppliedFor | None:
    """Refuse an application from before all was produced, or from after the registration."""
    applied, registered = batch.reductions_applied_on, batch.reductions_registered_on
    if applied is None or batch.produced_to <= applied <= registered:
        return None
    return ReductionsNotAppliedFor(
        path=("reductions_applied_on",),
        applied_on=str(applied),
        produced_to=str(batch.produced_to),
        registered_on=str(registered),
    )


def check_credited(batch: CreditBatch, credited: DateSpan | None) -> OutsideCreditingPeriod | None:
    """Refuse a monitoring period that does not lie in the crediting period, where both are known."""
    monitored = DateSpan(batch.produced_from, batch.produced_to)
    if (
        credited is None
        or batch.production_basis is not ProductionBasis.MONITORING_PERIOD
        or (credited.starts_on <= monitored.starts_on and monitored.ends_on <= credited.ends_on)
    ):
        return None
    return outside(monitored, credited, "production", "monitoring_period")


def outside(monitored: DateSpan, credited: DateSpan, *path: str) -> OutsideCreditingPeriod:
    """That a monitoring period lies outside a crediting period."""
    return OutsideCreditingPeriod(
        path=path,
        produced_from=str(monitored.starts_on),
        produced_to=str(monitored.ends_on),
        credited_from=str(credited.starts_on),
        credited_to=str(credited.ends_on),
    )


def check_crediting_period(credited: DateSpan | None) -> InvalidInput | None:
    """Refuse a crediting period that ends before it starts, or that no programme grants."""
    if credited is None or EARLIEST <= credited.starts_on <= credited.ends_on <= LAST_CREDITED:
        return None
    return InvalidInput(
        path=("crediting_period",),
        value=f"{credited.starts_on} – {credited.ends_on}",
        expected_zh=f"自{EARLIEST}起、至{LAST_CREDITED}止、首日不晚于末日的计入期",
        expected_en=f"a crediting period from {EARLIEST} to {LAST_CREDITED} whose first day is not after its last",
    )


def check_rule(batch: CreditBatch, rule: ProgrammeRule) -> RefusedByProgrammeRule | None:
    """Refuse what the dated rule of this kind of registration does not let be issued."""
    after = rule.produced_after
    if after is not None and batch.produced_from <= after:
        return _refused(
            rule,
            f"减排量须产生于{after}之后，本批产生期始于{batch.produced_from}",
            f"reductions must be produced after {after}, these are from {batch.produced_from}",
            "production",
        )
    applied = batch.reductions_applied_on or batch.reductions_registered_on
    years = rule.applied_within_years
    if years is not None and applied > years_later(batch.produced_from, years):
        return _refused(
            rule,
            f"减排量须在产生后{years}年内申请登记，本批产生期始于{batch.produced_from}，申请于{applied}",
            f"reductions must be applied for within {years} years of their production, these are "
            f"from {batch.produced_from} and were applied for on {applied}",
            "reductions_applied_on",
        )
    return None


def check_vintage(batch: CreditBatch, day: date, field: str) -> VintageAfterRetirement | None:
    """Refuse to retire or use what was not yet produced and registered."""
    if day >= batch.reductions_registered_on:
        return None
    return VintageAfterRetirement(
        path=(field,),
        serials=str(batch.serials),
        retired_on=str(day),
        registered_on=str(batch.reductions_registered_on),
        produced_to=str(batch.produced_to),
        batch_id=batch.id,
    )


def years_later(day: date, years: int) -> date:
    """The same day so many years later, or earlier; the last of February for a leap day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _refused(rule: ProgrammeRule, zh: str, en: str, field: str) -> RefusedByProgrammeRule:
    return RefusedByProgrammeRule(
        path=(field,),
        rule=rule.code,
        reason_zh=zh,
        reason_en=en,
        citation_zh=rule.citation.zh,
        citation_en=rule.citation.en,
    )
