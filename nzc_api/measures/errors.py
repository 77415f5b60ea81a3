"""What the measures room refuses."""

from dataclasses import dataclass

from nzc_api.ids import MeasureId
from nzc_api.measures.model import MeasureState
from nzc_api.metering.model import Carrier
from nzc_api.refusal import Refusal
from nzc_api.statements.reasons import UnknownReason


@dataclass(frozen=True, kw_only=True)
class MeasureWithoutEffect(Refusal):
    """A measure that is to reduce nothing, or to emit more."""

    code = "MEASURE_WITHOUT_EFFECT"
    malformed = True
    zh = "预期减排量为{expected} t CO2e/年，须大于0：不减排的事项不是措施"
    en = "The expected effect is {expected} t CO2e a year; it must be above 0: what reduces nothing is no measure"

    expected: str


@dataclass(frozen=True, kw_only=True)
class SavingNotMetered(Refusal):
    """A saving in a carrier of which the pilot has no meter: nobody could ever see it."""

    code = "SAVING_NOT_METERED"
    zh = (
        "试点“{pilot_code}”没有{carrier}的计量点，其节约量无从核实；有计量点的为：{metered}。"
        "请先用registerMeter登记计量点"
    )
    en = (
        "The pilot “{pilot_code}” has no meter of {carrier}, so nobody could see what is saved; it has meters of: "
        "{metered}. Register one with `registerMeter` first"
    )

    pilot_code: str
    carrier: Carrier
    metered: tuple[Carrier, ...]


@dataclass(frozen=True, kw_only=True)
class MeasureNotOfPilot(Refusal):
    """A measure of another pilot is named beside a pilot's own: as one that is excluded,
    paid for, or carried out by a plan."""

    code = "MEASURE_NOT_OF_PILOT"
    zh = "该措施不属于试点“{pilot_code}”"
    en = "The measure is not one of the pilot “{pilot_code}”"

    pilot_code: str
    measure_id: MeasureId


@dataclass(frozen=True, kw_only=True)
class MeasuresFull(Refusal):
    """A pilot has as many measures as it may have."""

    code = "MEASURES_FULL"
    zh = "试点“{pilot_code}”已有{most}项措施，不能再增加：请把小项合并为一项"
    en = (
        "The pilot “{pilot_code}” has {most} measures, and may have no more: plan small ones as one"
    )

    pilot_code: str
    most: int


@dataclass(frozen=True, kw_only=True)
class MeasureProgressRefused(Refusal):
    """A measure does not come back to where it was, but for one that stopped, which may run again."""

    code = "MEASURE_PROGRESS_REFUSED"
    zh = "措施“{measure_zh}”的状态为{state}，不能变为{given}；此后可为：{accepted}"
    en = "The measure “{measure_en}” is {state}, and does not become {given}; it may become: {accepted}"

    measure_id: MeasureId
    measure_zh: str
    measure_en: str
    state: MeasureState
    given: MeasureState
    accepted: tuple[MeasureState, ...]


@dataclass(frozen=True, kw_only=True)
class EffectBeforeRunning(Refusal):
    """An effect of days on which the measure did not run yet."""

    code = "EFFECT_BEFORE_RUNNING"
    zh = "报告期自{starts_on}起，而措施“{measure_zh}”的运行日期为{running_since}：只能核实运行之后的效果"
    en = (
        "The reporting days begin on {starts_on}, and the measure “{measure_en}” runs since {running_since}: only what "
        "came of it since then can be verified"
    )

    measure_id: MeasureId
    measure_zh: str
    measure_en: str
    starts_on: str
    running_since: str | None


@dataclass(frozen=True, kw_only=True)
class PotentialBaselineUnknown(Refusal):
    """What the pilot emitted in the period is not known, so nothing can be projected from it."""

    code = "POTENTIAL_BASELINE_UNKNOWN"
    zh = "该核算期的边界内排放量未知（{reasons}），无从分析潜力：请先提交该核算期的清单"
    en = (
        "The period's emissions are not known ({reasons}), so there is nothing to analyse: submit an inventory of it "
        "first"
    )

    reasons: tuple[UnknownReason, ...]
