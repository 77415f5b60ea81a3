"""What the metering room refuses of meters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nzc_api.accounting.errors import UnitName
from nzc_api.china_time import CHINA_TIME
from nzc_api.ids import MeterId, PilotId
from nzc_api.metering.model import A_DAY, Carrier, Flow, GapMethod, Meter, MeterKind
from nzc_api.refusal import Refusal

# How many meters of a chain a refusal names; it says how many more there are.
MOST_METERS = 20


@dataclass(frozen=True, kw_only=True)
class MeterCodeTaken(Refusal):
    """Another meter of the pilot has the code."""

    code = "METER_CODE_TAKEN"
    zh = "该试点已有计量点使用代码“{meter_code}”"
    en = "The pilot has a meter with the code “{meter_code}”"

    meter_code: str
    meter_id: MeterId


@dataclass(frozen=True, kw_only=True)
class SupplyPointTaken(Refusal):
    """A supply point (户号) is one meter's at a time, over all pilots: else one bill would be in two
    inventories. It is compared without regard to case, width, spaces and hyphens. A pilot that surrounds
    another uses the meters of that one."""

    code = "SUPPLY_POINT_TAKEN"
    zh = (
        "户号“{supply_point}”自{starts_on}至{ends_on}已属于试点“{pilot_code}”的计量点“{meter_code}”；"
        "同一户号同一时间只属于一个计量点，请核对户号，或先登记该计量点的最后一日"
    )
    en = (
        "From {starts_on} to {ends_on} the supply point “{supply_point}” is that of the meter “{meter_code}” of "
        "the pilot “{pilot_code}”; it is one meter's at a time: check it, or say first which day was that "
        "meter's last"
    )

    supply_point: str
    meter_code: str
    meter_id: MeterId
    pilot_code: str
    pilot_id: PilotId
    starts_on: str
    # None: until further notice.
    ends_on: str | None


@dataclass(frozen=True, kw_only=True)
class MeterCycle(Refusal):
    """A meter cannot be a sub-meter of itself, or of one of its own sub-meters."""

    code = "METER_CYCLE"
    most_told = MOST_METERS + 1
    zh = "计量点不能是其自身的分表：{chain}"
    en = "A meter cannot be a sub-meter of itself: {chain}"

    chain: tuple[str, ...]
    meter_ids: tuple[MeterId, ...]
    more: int = 0

    @classmethod
    def of(cls, meters: Sequence[tuple[MeterId, str]], *path: str) -> "MeterCycle":
        """The refusal of a chain of meters (id, code), however long."""
        named, more = meters[:MOST_METERS], max(len(meters) - MOST_METERS, 0)
        chain = tuple(code for _, code in named) + ("…",) * bool(more)
        return cls(
            path=path, chain=chain, meter_ids=tuple(meter_id for meter_id, _ in named), more=more
        )


@dataclass(frozen=True, kw_only=True)
class SubmeterDoesNotFit(Refusal):
    """A sub-meter measures a part of what its parent does: of the same pilot, carrier and quantity, that goes the same
    way or stays inside."""

    code = "SUBMETER_DOES_NOT_FIT"
    zh = (
        "“{meter_code}”不能是“{parent_code}”的分表：分表与总表须属同一试点、计量同一种能源或水，"
        "且单位可以换算（总表单位为“{parent_unit}”），"
        "流向须与总表相同或为INTERNAL（总表为{parent_flow}）：自产、售出的电力不是购入电力的一部分，不作其分表"
    )
    en = (
        "“{meter_code}” cannot be a sub-meter of “{parent_code}”: both have to be of one pilot and measure the "
        "same carrier in units that convert (the parent's is {parent_unit}), going the same way or INTERNAL (the "
        "parent's is {parent_flow}): what is generated or sold is no part of what is bought"
    )

    meter_code: str
    parent_code: str
    parent_unit: UnitName
    parent_flow: Flow
    parent_id: MeterId


@dataclass(frozen=True, kw_only=True)
class MeterKindMismatch(Refusal):
    """What is asked of a meter is for another kind of meter."""

    code = "METER_KIND_MISMATCH"
    zh = "计量点“{meter_code}”的类型是{kind}；此项须为：{needed}"
    en = "The meter “{meter_code}” is of the kind {kind}; this needs: {needed}"

    meter_code: str
    meter_id: MeterId
    kind: MeterKind
    needed: tuple[MeterKind, ...]


@dataclass(frozen=True, kw_only=True)
class MeterNotAssigned(Refusal):
    """A gateway posts readings of the meters that are assigned to it, and of no others."""

    code = "METER_NOT_ASSIGNED"
    zh = "该计量点未指定由此网关录入；须由试点的运营单位用assignGateway指定，或改用已指定给此网关的计量点"
    en = (
        "The meter is not assigned to this gateway: its pilot's operator has to say so by `assignGateway`, or "
        "it is another meter that is meant"
    )

    meter_id: MeterId


@dataclass(frozen=True, kw_only=True)
class MeterEnded(Refusal):
    """It was said before which day is the meter's last."""

    code = "METER_ENDED"
    zh = "计量点“{meter_code}”的最后一日已登记为{ends_on}"
    en = "The last day of the meter “{meter_code}” is {ends_on} already"

    meter_code: str
    meter_id: MeterId
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class ReadingsAfterEnd(Refusal):
    """A meter cannot have ended before its last reading."""

    code = "READINGS_AFTER_END"
    zh = "计量点“{meter_code}”在{ends_on}之后仍有读数或账单（至{last}）；最后一日不得早于该时间"
    en = (
        "The meter “{meter_code}” has readings or bills after {ends_on} (up to {last}): its last day is not "
        "before that"
    )

    meter_code: str
    meter_id: MeterId
    ends_on: str
    last: str


@dataclass(frozen=True, kw_only=True)
class ReadingInFuture(Refusal):
    """A reading, or the end of what was used, that lies after now; a bill may end today."""

    code = "READING_IN_FUTURE"
    zh = "“{at}”尚未到来：读数时间或用量的结束时间不得晚于{now}"
    en = "“{at}” has not come yet: a reading, or the end of what was used, is not after {now}"

    at: str
    now: str


@dataclass(frozen=True, kw_only=True)
class ReadingOutsideMeter(Refusal):
    """A reading or a bill of days on which the meter was not there."""

    code = "READING_OUTSIDE_METER"
    zh = "计量点“{meter_code}”的首日为{starts_on}，末日为{ends_on}；{at}不在其间"
    en = "The meter “{meter_code}” has {starts_on} as its first day and {ends_on} as its last; {at} is not within that"

    meter_code: str
    meter_id: MeterId
    starts_on: str
    # None: it is still there.
    ends_on: str | None
    at: str


@dataclass(frozen=True, kw_only=True)
class ReadingAlreadyRecorded(Refusal):
    """There is a reading of that very moment, or a bill of those very days. One that is wrong is corrected."""

    code = "READING_ALREADY_RECORDED"
    zh = "计量点“{meter_code}”{at}的读数或用量已经记录，为{recorded} {unit}；如有误请用correctReading更正"
    en = (
        "Of {at} the meter “{meter_code}” has {recorded} {unit} recorded already; if that is wrong, correct it by "
        "`correctReading`"
    )

    meter_code: str
    meter_id: MeterId
    at: str
    recorded: str
    unit: UnitName
    # None of what an earlier release refused, which did not keep it.
    estimated: bool | None = None
    cost: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReadingOutOfOrder(Refusal):
    """A reading of a register from before its latest one: as it changes how what was used in between is split,
    it is taken only where it says that it is late."""

    code = "READING_OUT_OF_ORDER"
    zh = "{at}早于计量点“{meter_code}”已记录的{later}；确为补录的，请注明late，读数须介于前后两次之间"
    en = (
        "{at} lies before {later}, of which the meter “{meter_code}” has a reading; if it comes late, say `late`: "
        "it has to lie between the two beside it"
    )

    meter_code: str
    meter_id: MeterId
    at: str
    later: str


@dataclass(frozen=True, kw_only=True)
class ReadingRunsBackwards(Refusal):
    """A register counts on: an earlier reading is never above a later one, unless it went through all its
    digits in between, which the later one has to say."""

    code = "READING_RUNS_BACKWARDS"
    zh = (
        "计量点“{meter_code}”的累计读数不能倒退：{earlier_at}为{earlier}，{later_at}为{later}；"
        "计度器过零的请注明rolledOver，换表的请用replaceMeter"
    )
    en = (
        "The register of the meter “{meter_code}” cannot run backwards: {earlier} at {earlier_at}, {later} at "
        "{later_at}; if it went through all its digits say `rolledOver`, if it was exchanged use `replaceMeter`"
    )

    meter_code: str
    meter_id: MeterId
    earlier_at: str
    earlier: str
    later_at: str
    later: str


@dataclass(frozen=True, kw_only=True)
class ReadingImplausible(Refusal):
    """More than passes through what is built in at full load."""

    code = "READING_IMPLAUSIBLE"
    zh = (
        "计量点“{meter_code}”自{starts_at}至{ends_at}的用量为{quantity} {unit}，"
        "超过满负荷运行时的{most} {unit}；请核对读数、单位和倍率，或用replaceMeter登记更大的容量"
    )
    en = (
        "From {starts_at} to {ends_at} the meter “{meter_code}” would have measured {quantity} {unit}, more than "
        "the {most} {unit} that pass at full load: check the reading, its unit and the multiplier, or register "
        "a larger capacity by `replaceMeter`"
    )

    meter_code: str
    meter_id: MeterId
    starts_at: str
    ends_at: str
    quantity: str
    most: str
    unit: UnitName


@dataclass(frozen=True, kw_only=True)
class ReadingInAnotherUnit(Refusal):
    """A reading in another unit than the meter's, though it may convert: nothing is converted silently."""

    code = "READING_IN_ANOTHER_UNIT"
    malformed = True
    zh = "计量点“{meter_code}”的单位是{meter_unit}，而非“{unit}”；换算后应填：{converted}"
    en = (
        "The meter “{meter_code}” measures in {meter_unit}, not in “{unit}”; what would be right, converted: "
        "{converted}"
    )

    meter_code: str
    meter_id: MeterId
    meter_unit: UnitName
    unit: str
    # None: it does not convert.
    converted: str | None


@dataclass(frozen=True, kw_only=True)
class ConsumptionOverlaps(Refusal):
    """What was used in an hour or a day is told once: bills and intervals of one meter share no day."""

    code = "CONSUMPTION_OVERLAPS"
    zh = (
        "计量点“{meter_code}”自{starts_at}至{ends_at}的用量与已记录的{other_starts_at}至{other_ends_at}重叠；"
        "如账单首日即上一账单末日，请从次日起填"
    )
    en = (
        "From {starts_at} to {ends_at} shares time with what the meter “{meter_code}” has recorded from "
        "{other_starts_at} to {other_ends_at}; if a bill's first day is the last of the one before, state it from "
        "the day after"
    )

    meter_code: str
    meter_id: MeterId
    starts_at: str
    ends_at: str
    other_starts_at: str
    other_ends_at: str


@dataclass(frozen=True, kw_only=True)
class GapNotThere(Refusal):
    """Of all the days something is known already: there is nothing to fill."""

    code = "GAP_NOT_THERE"
    zh = "计量点“{meter_code}”自{starts_on}至{ends_on}的用量均已知，没有缺口；如有误请用correctReading更正"
    en = (
        "Of the meter “{meter_code}” everything is known from {starts_on} to {ends_on}: there is no gap. What is wrong "
        "is corrected by `correctReading`"
    )

    meter_code: str
    meter_id: MeterId
    starts_on: str
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class GapReferenceUnknown(Refusal):
    """A gap is reckoned from days of which everything is known."""

    code = "GAP_REFERENCE_UNKNOWN"
    zh = (
        "不能按“{method}”推算：计量点“{meter_code}”自{starts_on}至{ends_on}有{missing_days}天的用量未知；"
        "请改用其他方法，或以STATED给出用量"
    )
    en = (
        "It cannot be reckoned from {method}: from {starts_on} to {ends_on} {missing_days} days of the meter "
        "“{meter_code}” are not known. Use another method, or state the quantity (STATED)"
    )

    meter_code: str
    meter_id: MeterId
    method: GapMethod
    starts_on: str
    ends_on: str
    missing_days: str


@dataclass(frozen=True, kw_only=True)
class MeterNotOfPilot(Refusal):
    """An inventory rests on meters of its pilot, or of one that lies in it."""

    code = "METER_NOT_OF_PILOT"
    zh = "计量点“{meter_code}”不属于该清单的试点，也不属于位于其中的试点"
    en = "The meter “{meter_code}” is not one of the inventory's pilot, nor of one that lies in it"

    meter_code: str
    meter_id: MeterId


@dataclass(frozen=True, kw_only=True)
class MeterDoesNotFitSource(Refusal):
    """What is sold is deducted, what is generated inside has its own category, and a factor is about what the
    meter measures."""

    code = "METER_DOES_NOT_FIT_SOURCE"
    zh = (
        "计量点“{meter_code}”计量的是{flow}的{carrier}，不能用“{value}”：购入和内部使用的按用途分类，"
        "售出的用EXPORTED_ELECTRICITY或EXPORTED_HEAT，自产的用OWN_GENERATION；因子须为该能源的因子，或自有因子"
    )
    en = (
        "The meter “{meter_code}” measures {carrier} that is {flow}: not for “{value}”. What is bought or used "
        "inside has the category of its use, what is sold EXPORTED_ELECTRICITY or EXPORTED_HEAT, what is generated "
        "OWN_GENERATION; a factor is one of that carrier, or one's own"
    )

    meter_code: str
    meter_id: MeterId
    carrier: Carrier
    flow: Flow
    value: str


@dataclass(frozen=True, kw_only=True)
class MetersNotRead(Refusal):
    """Of some meters nothing is known on the inventory's days: no reading and no bill. That is not zero."""

    code = "METERS_NOT_READ"
    most_told = MOST_METERS + 1
    zh = "以下计量点自{starts_on}至{ends_on}没有读数或账单：{meter_codes}；不等于零，请先录入，或不列入"
    en = (
        "Of these meters there is no reading and no bill from {starts_on} to {ends_on}: {meter_codes}; that is not "
        "zero, so record what they used, or leave them out"
    )

    meter_codes: tuple[str, ...]
    starts_on: str
    ends_on: str

    @classmethod
    def of(cls, meters: Sequence[Meter], starts_at: datetime, ends_at: datetime) -> "MetersNotRead":
        """The refusal of meters, however many."""
        more = ("…",) * (len(meters) > MOST_METERS)
        return cls(
            path=("sources",),
            meter_codes=tuple(meter.code for meter in meters[:MOST_METERS]) + more,
            starts_on=str(starts_at.astimezone(CHINA_TIME).date()),
            ends_on=str((ends_at - A_DAY).astimezone(CHINA_TIME).date()),
        )
