"""What a measure, its progress, a verified effect and an analysis must be. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from nzc_api.accounting.exact import GRAM, plain
from nzc_api.grounds import LONGEST_REASON
from nzc_api.guide.guide import GUIDE
from nzc_api.measures.errors import (
    EffectBeforeRunning,
    MeasureNotOfPilot,
    MeasureProgressRefused,
    MeasuresFull,
    MeasureWithoutEffect,
    PotentialBaselineUnknown,
    SavingNotMetered,
)
from nzc_api.measures.model import (
    EffectMethod,
    EffectTerms,
    Measure,
    MeasurePlan,
    MeasureState,
    PotentialTerms,
    RecordProgress,
    Saving,
    WritePotentialAnalysis,
)
from nzc_api.metering.model import Carrier
from nzc_api.metering.units import check_unit
from nzc_api.pilots.model import Pilot
from nzc_api.pilots.rules import FIRST_DAY, LAST_DAY, check_order
from nzc_api.ranges import check_range, out_of_range
from nzc_api.refusal import InvalidInput, Refusal, first_refused
from nzc_api.statements.model import NetEmissions, why_unknown
from nzc_api.text import name_problem, saying_problem

MOST_MEASURES = 200
MOST_EXCLUDED = 20
LONGEST_LIFE = 100
MOST_PARAGRAPHS = 50

# CNY, t CO2e, and units of energy: more than any pilot has; the database holds the same.
MOST_MONEY = 10**12
MOST_TONNES = 10**9
MOST_SAVED = 10**12
# t CO2e that a pilot may be projected to emit in a year: more than the world does.
MOST_PROJECTED = 10**12
MONEY_DECIMALS, PRICE_DECIMALS, RATE_DECIMALS = 2, 6, 6

# To which states a measure comes from each.
FOLLOWING: Mapping[MeasureState, tuple[MeasureState, ...]] = {
    MeasureState.PROPOSED: tuple(MeasureState)[1:],
    MeasureState.CONTRACTED: tuple(MeasureState)[2:],
    MeasureState.BUILT: tuple(MeasureState)[3:],
    MeasureState.RUNNING: (MeasureState.STOPPED,),
    MeasureState.STOPPED: (MeasureState.RUNNING,),
}


def check_plan(plan: MeasurePlan) -> Refusal | None:
    """Whether it can be planned, whatever the pilot is."""
    return (
        name_problem(plan.name.zh, "name", "zh")
        or name_problem(plan.name.en, "name", "en")
        or _check_technology(plan.technology)
        or _check_catalogue(plan)
        or check_range("capex", plan.capex, 0, MOST_MONEY, MONEY_DECIMALS)
        or check_range("opex_change", plan.opex_change, -MOST_MONEY, MOST_MONEY, MONEY_DECIMALS)
        or _check_life(plan.life_years)
        or _check_day("starts_on", plan.starts_on)
        or _check_effect(plan.expected)
        or _check_savings(plan.savings)
        or _check_excludes(plan.excludes)
    )


def check_metered(pilot: Pilot, plan: MeasurePlan, metered: Collection[Carrier]) -> Refusal | None:
    """Whether the pilot has a meter of each carrier that is saved."""
    for number, saving in enumerate(plan.savings):
        if saving.carrier not in metered:
            return SavingNotMetered(
                path=("savings", str(number), "carrier"),
                pilot_code=pilot.code,
                carrier=saving.carrier,
                metered=tuple(sorted(metered)),
            )
    return None


def check_excluded(pilot: Pilot, plan: MeasurePlan, others: Collection[int]) -> Refusal | None:
    """Whether what it excludes are measures of the pilot."""
    for number, measure_id in enumerate(plan.excludes):
        if measure_id not in others:
            return MeasureNotOfPilot(
                path=("excludes", str(number)), pilot_code=pilot.code, measure_id=measure_id
            )
    return None


def check_room(pilot: Pilot, count: int) -> Refusal | None:
    """Whether a pilot with so many measures may have one more."""
    if count < MOST_MEASURES:
        return None
    return MeasuresFull(path=("pilot",), pilot_code=pilot.code, most=MOST_MEASURES)


def check_progress(measure: Measure, progress: RecordProgress, today: date) -> Refusal | None:
    """Whether a measure can have come there by that day."""
    return (
        saying_problem(progress.document, "document")
        or _check_following(measure, progress.state)
        or _check_since(measure, progress.on, today)
    )


def check_effect(measure: Measure, terms: EffectTerms, today: date) -> Refusal | None:
    """Whether an effect can have been found of a measure."""
    return (
        saying_problem(terms.document, "document")
        or _check_periods(terms, today)
        or _check_amounts(terms)
        or _check_regression(terms)
        or _check_running(measure, terms)
    )


def check_potential(terms: PotentialTerms, period_year: int) -> Refusal | None:
    """Whether something can be projected to a year."""
    return check_growth(terms.growth) or _check_later(terms.year, period_year)


def check_analysis(command: WritePotentialAnalysis) -> Refusal | None:
    """Whether it says something."""
    return saying_problem(command.growth_source, "growth_source") or _check_text(command.paragraphs)


def check_known(statement: NetEmissions | None) -> Refusal | None:
    """Whether what an analysis starts from is known."""
    unknown = why_unknown(statement)
    if not unknown:
        return None
    return PotentialBaselineUnknown(path=("accounting_period",), reasons=unknown)


def check_projected(growth: Decimal, business_as_usual: Decimal | None) -> Refusal | None:
    """Whether what emissions grow to can be: a growth that is doubled every year comes to more than any number has
    digits for."""
    if business_as_usual is None or business_as_usual <= MOST_PROJECTED:
        return None
    return InvalidInput(
        path=("growth",),
        value=plain(growth),
        expected_zh=f"使该年排放量不超过{MOST_PROJECTED} t CO2e的年增长率",
        expected_en=f"a growth with which no more than {MOST_PROJECTED} t CO2e are emitted in that year",
    )


def check_rate(rate: Decimal) -> Refusal | None:
    """Whether it is a discount rate a year: 0.05 is 5 %."""
    return check_range("rate", rate, 0, 1, RATE_DECIMALS)


def check_growth(growth: Decimal) -> Refusal | None:
    """Whether it is a growth a year: 0.03 is 3 %; below zero, emissions fall by themselves."""
    if growth > -1:
        return check_range("growth", growth, -1, 1, RATE_DECIMALS)
    return out_of_range("growth", growth, -1, 1, RATE_DECIMALS)


def _check_technology(code: str | None) -> Refusal | None:
    if code is None or GUIDE.technology(code) is not None:
        return None
    return InvalidInput(
        path=("technology",),
        value=code[:80],
        expected_zh="指南四（二）所列36项技术之一的代码，如BUILDING_05；指南未列的不填，以名称说明",
        expected_en="the code of one of the guide's 36 technologies (section 四（二）), such as BUILDING_05; of "
        "another one none, its name says which",
    )


def _check_catalogue(plan: MeasurePlan) -> Refusal | None:
    if (plan.catalogue is None) is not (plan.catalogue_item is None):
        return InvalidInput(
            path=("catalogue_item",),
            value=str(plan.catalogue_item or "null")[:80],
            expected_zh="目录和其中的条目须同时给出或同时不填",
            expected_en="the catalogue together with its item, or neither",
        )
    item = plan.catalogue_item
    return None if item is None else saying_problem(item, "catalogue_item")


def _check_life(years: int) -> Refusal | None:
    if 1 <= years <= LONGEST_LIFE:
        return None
    return InvalidInput(
        path=("life_years",),
        value=str(years),
        expected_zh=f"1至{LONGEST_LIFE}年",
        expected_en=f"1 to {LONGEST_LIFE} years",
    )


def _check_day(field: str, day: date) -> Refusal | None:
    if FIRST_DAY <= day <= LAST_DAY:
        return None
    return InvalidInput(
        path=(field,),
        value=str(day),
        expected_zh=f"{FIRST_DAY}至{LAST_DAY}之间的日期",
        expected_en=f"a day from {FIRST_DAY} to {LAST_DAY}",
    )


def _check_effect(expected: Decimal) -> Refusal | None:
    if expected <= 0:
        return MeasureWithoutEffect(path=("expected",), expected=plain(expected))
    return check_range("expected", expected, 0, MOST_TONNES, GRAM)


def _check_savings(savings: Sequence[Saving]) -> Refusal | None:
    if len({saving.carrier for saving in savings}) < len(savings):
        return InvalidInput(
            path=("savings",),
            value=", ".join(saving.carrier for saving in savings)[:80],
            expected_zh="每种能源品种一次",
            expected_en="each carrier once",
        )
    return first_refused("savings", savings, _check_saving)


def _check_saving(saving: Saving) -> Refusal | None:
    if saving.quantity == 0:
        return InvalidInput(
            path=("quantity",),
            value="0",
            expected_zh="不为0的年节约量；负数表示用量增加",
            expected_en="what is saved a year, not 0; below zero, more is used",
        )
    return (
        check_unit(saving.unit, saving.carrier, "unit")
        or check_range("quantity", saving.quantity, -MOST_SAVED, MOST_SAVED, GRAM)
        or check_range("price", saving.price, 0, MOST_MONEY, PRICE_DECIMALS)
    )


def _check_excludes(excludes: Sequence[int]) -> Refusal | None:
    if len(excludes) <= MOST_EXCLUDED and len(set(excludes)) == len(excludes):
        return None
    return InvalidInput(
        path=("excludes",),
        value=str(len(excludes)),
        expected_zh=f"至多{MOST_EXCLUDED}项措施，每项一次",
        expected_en=f"at most {MOST_EXCLUDED} measures, each once",
    )


def _check_following(measure: Measure, state: MeasureState) -> Refusal | None:
    if state in FOLLOWING[measure.state]:
        return None
    return MeasureProgressRefused(
        path=("state",),
        measure_id=measure.id,
        measure_zh=measure.plan.name.zh,
        measure_en=measure.plan.name.en,
        state=measure.state,
        given=state,
        accepted=FOLLOWING[measure.state],
    )


def _check_since(measure: Measure, on: date, today: date) -> Refusal | None:
    since = measure.since or FIRST_DAY
    if since <= on <= today:
        return None
    return InvalidInput(
        path=("on",),
        value=str(on),
        expected_zh=f"{since}（上一进展之日）至今天（{today}）之间的日期",
        expected_en=f"a day from {since}, that of the progress before, to today ({today})",
    )


def _check_periods(terms: EffectTerms, today: date) -> Refusal | None:
    for field, period in (("baseline", terms.baseline), ("reporting", terms.reporting)):
        problem = check_order(period.span)
        if problem is not None:
            return problem.under(field)
    span = terms.reporting.span
    if terms.baseline.span.ends_on < span.starts_on and span.ends_on <= today:
        return None
    return InvalidInput(
        path=("reporting", "starts_on"),
        value=f"{span.starts_on} – {span.ends_on}",
        expected_zh=f"报告期在基期之后，且不晚于今天（{today}）",
        expected_en=f"reporting days after the baseline's, none after today ({today})",
    )


def _check_amounts(terms: EffectTerms) -> Refusal | None:
    return (
        check_range("baseline.co2e", terms.baseline.co2e, 0, MOST_TONNES, GRAM)
        or check_range("reporting.co2e", terms.reporting.co2e, 0, MOST_TONNES, GRAM)
        or check_range("routine", terms.routine, -MOST_TONNES, MOST_TONNES, GRAM)
        or check_range("non_routine", terms.non_routine, -MOST_TONNES, MOST_TONNES, GRAM)
    )


def _check_regression(terms: EffectTerms) -> Refusal | None:
    """Option C rests on a regression, whose quality is told; nothing else does."""
    regression = terms.method is EffectMethod.IPMVP_C
    for field, value in (("r_squared", terms.r_squared), ("cv_rmse", terms.cv_rmse)):
        if regression is (value is None):
            return InvalidInput(
                path=(field,),
                value="null" if value is None else plain(value),
                expected_zh="方法为IPMVP_C时须填R²和CV(RMSE)，其他方法不填",
                expected_en="R² and CV(RMSE) where the method is IPMVP_C, and else neither",
            )
    if terms.r_squared is None or terms.cv_rmse is None:
        return None
    return check_range("r_squared", terms.r_squared, 0, 1, RATE_DECIMALS) or check_range(
        "cv_rmse", terms.cv_rmse, 0, 10, RATE_DECIMALS
    )


def _check_running(measure: Measure, terms: EffectTerms) -> Refusal | None:
    starts_on, since = terms.reporting.span.starts_on, measure.running_since
    if since is not None and since <= starts_on:
        return None
    return EffectBeforeRunning(
        path=("reporting", "starts_on"),
        measure_id=measure.id,
        measure_zh=measure.plan.name.zh,
        measure_en=measure.plan.name.en,
        starts_on=str(starts_on),
        running_since=None if since is None else str(since),
    )


def _check_later(year: int, period_year: int) -> Refusal | None:
    if period_year <= year <= LAST_DAY.year:
        return None
    return InvalidInput(
        path=("year",),
        value=str(year),
        expected_zh=f"{period_year}（核算期所在年份）至{LAST_DAY.year}之间的年份",
        expected_en=f"a year from {period_year}, the one in which the period ends, to {LAST_DAY.year}",
    )


def _check_text(paragraphs: Sequence[str]) -> Refusal | None:
    if not 1 <= len(paragraphs) <= MOST_PARAGRAPHS:
        return InvalidInput(
            path=("paragraphs",),
            value=str(len(paragraphs)),
            expected_zh=f"1至{MOST_PARAGRAPHS}段",
            expected_en=f"1 to {MOST_PARAGRAPHS} paragraphs",
        )
    for number, text in enumerate(paragraphs):
        problem = saying_problem(text, "paragraphs", str(number), longest=LONGEST_REASON)
        if problem is not None:
            return problem
    return None
