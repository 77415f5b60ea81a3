"""What an energy baseline must be, and whether what was observed can be fitted. Pure."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from nzc_api.china_time import china_day
from nzc_api.metering.model import A_DAY
from nzc_api.metering.usage import Step, check_steps
from nzc_api.monitoring.baseline import (
    Observed,
    RecordEnergyBaseline,
    RelevantVariable,
    inside_of,
    variable_parts,
)
from nzc_api.monitoring.errors import (
    BaselineConstant,
    BaselineUseUnknown,
    BaselineVariableUnknown,
    TooFewBaselinePoints,
)
from nzc_api.monitoring.intensities import Below, UnknownIntensity, amount_in, used_inside
from nzc_api.monitoring.model import Denominator, DenominatorKind
from nzc_api.monitoring.rules import LONGEST_PRODUCT
from nzc_api.monitoring.series import Series
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import InvalidInput, LocalizedText, Refusal, words_of
from nzc_api.text import name_problem

MOST_VARIABLES = 6

# What variables are recorded by: days. So a step is one, or a month of them.
STEPS = (Step.DAY, Step.MONTH)

# As many steps as there are numbers to find, and one more: else every use is explained by itself.
_MORE_POINTS = 2

_USE = LocalizedText("用量", "what was used")


def check_baseline(command: RecordEnergyBaseline) -> Refusal | None:
    """Whether such a baseline can be: whole steps, in order, and variables that are different ones."""
    return (
        _check_step(command.step)
        or check_steps(command.days, command.step)
        or check_whole(command.days, command.step, "days")
        or _check_variables(command.variables)
    )


def observed(
    command: RecordEnergyBaseline,
    series: Sequence[Series],
    recorded: Sequence[Denominator],
    moments: Sequence[datetime],
) -> Observed | Refusal:
    """What was used in each step and how much there was of each variable, or why it cannot be fitted."""
    steps = list(pairwise(moments))
    inside = inside_of(series, command.carrier)
    problem = _check_points(len(steps), len(command.variables)) or _check_units(command, inside)
    use = problem or _use(command, inside, steps)
    if isinstance(use, Refusal):
        return use
    amounts = []
    for number, variable in enumerate(command.variables):
        found = _amounts(variable, variable_parts(variable, recorded), steps)
        if isinstance(found, Refusal):
            return found.under("variables", str(number))
        amounts.append(found)
    return Observed(inside[0].unit.name, use, tuple(amounts))


def named(variable: RelevantVariable) -> LocalizedText:
    """What a variable is called."""
    name = words_of(DenominatorKind)[variable.kind]
    if variable.product is None:
        return name
    return LocalizedText(f"{name.zh}（{variable.product}）", f"{name.en} ({variable.product})")


def _check_step(step: Step) -> InvalidInput | None:
    if step in STEPS:
        return None
    return InvalidInput(
        path=("step",),
        value=step,
        expected_zh="DAY或MONTH：相关变量按日期登记",
        expected_en="DAY or MONTH: variables are recorded by days",
    )


def check_whole(days: DateSpan, step: Step, *path: str) -> InvalidInput | None:
    """Whether the first and the last step are as long as the others: a part of a month is no month."""
    ends = days.ends_on + A_DAY
    if step is Step.DAY or (days.starts_on.day == 1 and ends.day == 1):
        return None
    return InvalidInput(
        path=path,
        value=f"{days.starts_on} – {days.ends_on}",
        expected_zh="整月：首日为某月1日，末日为某月最后一天",
        expected_en="whole months: the first day of one to the last day of one",
    )


def _check_variables(variables: Sequence[RelevantVariable]) -> Refusal | None:
    if not 1 <= len(variables) <= MOST_VARIABLES:
        return InvalidInput(
            path=("variables",),
            value=str(len(variables)),
            expected_zh=f"1至{MOST_VARIABLES}个相关变量",
            expected_en=f"1 to {MOST_VARIABLES} variables",
        )
    for number, variable in enumerate(variables):
        problem = _check_product(variable) or _check_once(variable, variables[:number])
        if problem is not None:
            return problem.under("variables", str(number))
    return None


def _check_product(variable: RelevantVariable) -> InvalidInput | None:
    if (variable.kind is DenominatorKind.PRODUCT) == (variable.product is not None):
        if variable.product is None:
            return None
        return name_problem(variable.product, "product", longest=LONGEST_PRODUCT)
    return InvalidInput(
        path=("product",),
        value=(variable.product or "null")[:LONGEST_PRODUCT],
        expected_zh="产品产量（PRODUCT）填写其名称和单位，其余不填",
        expected_en="of a PRODUCT its name with its unit, and of nothing else",
    )


def _check_once(
    variable: RelevantVariable, before: Sequence[RelevantVariable]
) -> InvalidInput | None:
    if variable not in before:
        return None
    return InvalidInput(
        path=("denominator_kind",),
        value=variable.kind,
        expected_zh="每个相关变量只列一次",
        expected_en="each variable once",
    )


def _check_points(points: int, variables: int) -> TooFewBaselinePoints | None:
    needed = variables + _MORE_POINTS
    if points >= needed:
        return None
    return TooFewBaselinePoints(path=("days",), points=points, variables=variables, needed=needed)


def _check_units(
    command: RecordEnergyBaseline, inside: Sequence[Series]
) -> InvalidInput | BaselineUseUnknown | None:
    units = {series.unit.name for series in inside}
    if len(units) == 1:
        return None
    if not units:
        return BaselineUseUnknown(
            path=("carrier",),
            carrier=command.carrier,
            reason=UnknownIntensity.NOT_METERED,
            starts_on=str(command.days.starts_on),
            ends_on=str(command.days.ends_on),
        )
    return InvalidInput(
        path=("carrier",),
        value=", ".join(sorted(units)),
        expected_zh="计量单位可以相互换算的一种能源",
        expected_en="a carrier whose meters have units that convert into each other",
    )


def _use(
    command: RecordEnergyBaseline,
    inside: Sequence[Series],
    steps: Sequence[tuple[datetime, datetime]],
) -> tuple[Fraction, ...] | Refusal:
    found = []
    for nth, step in enumerate(steps):
        used = used_inside(inside, nth)
        if not isinstance(used, UnknownIntensity) and used < 0:
            # More was sold than was bought and generated: that is no use.
            used = UnknownIntensity.BELOW_ZERO
        if isinstance(used, UnknownIntensity):
            days = _days(step)
            return BaselineUseUnknown(
                path=("carrier",),
                carrier=command.carrier,
                reason=used,
                starts_on=str(days.starts_on),
                ends_on=str(days.ends_on),
            )
        found.append(used)
    if len(set(found)) == 1:
        return BaselineConstant(path=("carrier",), what_zh=_USE.zh, what_en=_USE.en)
    return tuple(found)


def _amounts(
    variable: RelevantVariable, below: Below, steps: Sequence[tuple[datetime, datetime]]
) -> tuple[Fraction, ...] | Refusal:
    found, name = [], named(variable)
    for step in steps:
        amount = amount_in(below, *step)
        if amount is None:
            days = _days(step)
            return BaselineVariableUnknown(
                path=("denominator_kind",),
                variable_zh=name.zh,
                variable_en=name.en,
                starts_on=str(days.starts_on),
                ends_on=str(days.ends_on),
            )
        found.append(amount)
    if len(set(found)) == 1:
        return BaselineConstant(path=("denominator_kind",), what_zh=name.zh, what_en=name.en)
    return tuple(found)


def _days(step: tuple[datetime, datetime]) -> DateSpan:
    return DateSpan(china_day(step[0]), china_day(step[1]) - A_DAY)
