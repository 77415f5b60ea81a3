"""What the monitoring room refuses."""

from dataclasses import dataclass

from nzc_api.metering.model import Carrier
from nzc_api.monitoring.intensities import UnknownIntensity
from nzc_api.monitoring.model import DenominatorKind
from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class DenominatorNotPositive(Refusal):
    """Nothing is stated per zero, or per less."""

    code = "DENOMINATOR_NOT_POSITIVE"
    malformed = True
    zh = "{kind}须大于0，而非{value}：强度不能除以0；如需撤回已登记的数值，请将value留空"
    en = (
        "The {kind} must be above 0, not {value}: nothing is stated per zero. To take back what was recorded, leave "
        "`value` out"
    )

    kind: DenominatorKind
    value: str


@dataclass(frozen=True, kw_only=True)
class DenominatorOverlaps(Refusal):
    """Of one day two amounts would count. Of the very same days another amount takes the place of the one before."""

    code = "DENOMINATOR_OVERLAPS"
    zh = (
        "{starts_on}至{ends_on}的{kind}与已登记的{other_starts_on}至{other_ends_on}有重叠日期；"
        "如需更正，请就后者的相同日期重新登记，或先将其撤回（value留空）"
    )
    en = (
        "The {kind} from {starts_on} to {ends_on} shares days with the one recorded from {other_starts_on} to "
        "{other_ends_on}; to correct that, record those very days again, or take it back first (without `value`)"
    )

    kind: DenominatorKind
    starts_on: str
    ends_on: str
    other_starts_on: str
    other_ends_on: str


@dataclass(frozen=True, kw_only=True)
class BaselineUseUnknown(Refusal):
    """What was used in a step of a baseline is not known whole: a gap is no use of zero, and what is below zero none at
    all."""

    code = "BASELINE_USE_UNKNOWN"
    zh = (
        "{starts_on}至{ends_on}的{carrier}用量未全部可知（{reason}）：请补登或更正读数或账单，或以fillGap补缺，"
        "或另选用量完整的日期"
    )
    en = (
        "The use of {carrier} from {starts_on} to {ends_on} is not known whole ({reason}): record or correct readings "
        "or bills, fill the gap (`fillGap`), or take days of which it is"
    )

    carrier: Carrier
    reason: UnknownIntensity
    starts_on: str
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class BaselineVariableUnknown(Refusal):
    """Of some of a baseline's step nothing was recorded of a variable."""

    code = "BASELINE_VARIABLE_UNKNOWN"
    zh = "{starts_on}至{ends_on}未登记{variable_zh}：请以recordDenominator登记这些日期，或不采用该变量"
    en = (
        "Of {starts_on} to {ends_on} no {variable_en} were recorded: record those days (`recordDenominator`), or leave "
        "the variable out"
    )

    variable_zh: str
    variable_en: str
    starts_on: str
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class TooFewBaselinePoints(Refusal):
    """A baseline of fewer steps than its variables and two: it would explain whatever there was."""

    code = "TOO_FEW_BASELINE_POINTS"
    malformed = True
    zh = "基准期只有{points}个步长，{variables}个变量至少需要{needed}个：请延长基准期、改用按日步长或减少变量"
    en = (
        "The baseline has {points} steps, and for {variables} variables it needs {needed}: take more days, steps of a "
        "day, or fewer variables"
    )

    points: int
    variables: int
    needed: int


@dataclass(frozen=True, kw_only=True)
class BaselineConstant(Refusal):
    """What is the same in every step explains nothing, and is not explained by anything."""

    code = "BASELINE_CONSTANT"
    zh = "基准期各步长的{what_zh}都相同，无从拟合：请去掉该变量，或另选有变化的日期"
    en = (
        "In each step of the baseline {what_en}: the same, which explains nothing. Leave it out, or take days on which "
        "it varies"
    )

    what_zh: str
    what_en: str


@dataclass(frozen=True, kw_only=True)
class BaselineVariablesCollinear(Refusal):
    """A variable that is, or nearly is, what others make: which of them moves the use cannot be told."""

    code = "BASELINE_VARIABLES_COLLINEAR"
    zh = "{variable_zh}与列在其前的变量（近乎）线性相关，无法分辨各自的影响：请去掉其中一个"
    en = (
        "The {variable_en} vary as the variables before them make, or nearly so: what each of them moves cannot be "
        "told. Leave one out"
    )

    variable_zh: str
    variable_en: str
