"""What a meter, its place and its end must be. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from nzc_api.metering.amounts import decimals
from nzc_api.metering.errors import (
    MeterCycle,
    MeterEnded,
    MeterKindMismatch,
    ReadingsAfterEnd,
    SubmeterDoesNotFit,
    SupplyPointTaken,
)
from nzc_api.metering.model import (
    Carrier,
    DeviceFacts,
    EndMeter,
    Flow,
    GasConditions,
    Meter,
    MeterKind,
    RegisterMeter,
    TakenSupplyPoint,
)
from nzc_api.metering.units import check_unit, takes_conditions, unit_of
from nzc_api.pilots.errors import DatesOutOfOrder
from nzc_api.pilots.rules import FIRST_DAY, LAST_DAY, PILOT_CODE
from nzc_api.refusal import InvalidInput, Refusal
from nzc_api.text import name_problem

LONGEST_SUPPLY_POINT = 40

# Orders of magnitude of our own: no metering point of a pilot lets more through in an hour, whatever the unit.
MOST_PER_HOUR = Decimal(10) ** 9
MOST_MULTIPLIER = Decimal(10) ** 6
DECIMALS_OF_A_FACT = 3
MOST_DIGITS = 12

# Degrees Celsius and kPa (absolute) that gas is sold at.
CELSIUS = (Decimal(-50), Decimal(60))
KILOPASCALS = (Decimal(50), Decimal(10_000))

# What crosses the boundary is somebody's bill.
_BILLED = frozenset({Flow.BOUGHT, Flow.SOLD})


def check_meter(command: RegisterMeter, today: date) -> Refusal | None:
    """Whether such a meter can be."""
    return (
        _check_code(command.code)
        or check_unit(command.unit, command.carrier, "unit")
        or _check_supply_point(command)
        or _check_life(command, today)
        or _check_conditions(command.conditions, command)
        or check_device(command.device, command.kind)
    )


def check_device(facts: DeviceFacts, kind: MeterKind) -> InvalidInput | None:
    """Whether such a device can be built in."""
    return (
        _check_amount(facts.maximum_per_hour, MOST_PER_HOUR, "maximum_per_hour")
        or _check_amount(facts.multiplier, MOST_MULTIPLIER, "multiplier")
        or _check_register(facts, kind)
    )


def check_supply_point(
    supply_point: str, taken: TakenSupplyPoint | None
) -> SupplyPointTaken | None:
    """Whether nobody else has the supply point in the meter's days."""
    if taken is None:
        return None
    return SupplyPointTaken(
        path=("supply_point",),
        supply_point=supply_point,
        meter_code=taken.meter_code,
        meter_id=taken.meter_id,
        pilot_code=taken.pilot_code,
        pilot_id=taken.pilot_id,
        starts_on=str(taken.starts_on),
        ends_on=None if taken.ends_on is None else str(taken.ends_on),
    )


def check_placement(
    meter: Meter | RegisterMeter, parent: Meter, surrounding: Sequence[Meter] = ()
) -> Refusal | None:
    """Whether a meter may be a sub-meter of ``parent``, which is one of the first of ``surrounding``, and so on."""
    ring = _check_no_cycle(meter, (parent, *surrounding)) if isinstance(meter, Meter) else None
    return ring or _check_a_part(meter, parent)


def check_kind(meter: Meter, needed: Sequence[MeterKind], *path: str) -> MeterKindMismatch | None:
    """Whether something may be asked of a meter that is for some kinds only."""
    if meter.kind in needed:
        return None
    return MeterKindMismatch(
        path=path,
        meter_code=meter.code,
        meter_id=meter.id,
        kind=meter.kind,
        needed=tuple(needed),
    )


def check_end(meter: Meter, command: EndMeter, last: date | None, today: date) -> Refusal | None:
    """Whether a meter whose readings go up to a day may have ended on one."""
    if meter.ends_on is not None:
        return MeterEnded(
            path=("meter",),
            meter_code=meter.code,
            meter_id=meter.id,
            ends_on=str(meter.ends_on),
        )
    if command.ends_on < meter.starts_on:
        return _out_of_order(meter.starts_on, command.ends_on)
    if command.ends_on > today:
        return _not_a_day(command.ends_on, meter.starts_on, today, "valid_to")
    if last is not None and command.ends_on < last:
        return ReadingsAfterEnd(
            path=("valid_to",),
            meter_code=meter.code,
            meter_id=meter.id,
            ends_on=str(command.ends_on),
            last=str(last),
        )
    return None


def _check_code(code: str) -> InvalidInput | None:
    if PILOT_CODE.fullmatch(code):
        return None
    return InvalidInput(
        path=("code",),
        value=code[:80],
        expected_zh="1至40个大写字母、数字或连字符，首尾不为连字符",
        expected_en="1 to 40 capital letters, digits or hyphens, no hyphen at the ends",
    )


def _check_supply_point(command: RegisterMeter) -> InvalidInput | None:
    if command.supply_point is not None:
        problem = name_problem(command.supply_point, "supply_point", longest=LONGEST_SUPPLY_POINT)
        if problem is None and not any(c.isalnum() for c in command.supply_point):
            return _no_supply_point(command.supply_point)
        return problem
    if command.parent_id is None and command.flow in _BILLED:
        return _no_supply_point("null")
    return None


def _no_supply_point(value: str) -> InvalidInput:
    return InvalidInput(
        path=("supply_point",),
        value=value,
        expected_zh="购入或售出的计量点（分表除外）须填写供应单位的户号或计量点编号，如“粤-0300-1234567”",
        expected_en="a meter of what is bought or sold, unless it is a sub-meter, needs the number that its "
        "supplier gave the supply point",
    )


def _check_life(command: RegisterMeter, today: date) -> Refusal | None:
    if not FIRST_DAY <= command.starts_on <= today:
        return _not_a_day(command.starts_on, FIRST_DAY, today, "valid_from")
    if command.ends_on is None:
        return None
    if command.ends_on > LAST_DAY:
        return _not_a_day(command.ends_on, command.starts_on, LAST_DAY, "valid_to")
    if command.ends_on < command.starts_on:
        return _out_of_order(command.starts_on, command.ends_on)
    return None


def _check_conditions(
    conditions: GasConditions | None, command: RegisterMeter
) -> InvalidInput | None:
    if conditions is None:
        return None
    if command.carrier is not Carrier.GAS or not takes_conditions(unit_of(command.unit)):
        return InvalidInput(
            path=("conditions",),
            value=command.unit,
            expected_zh="仅燃气表可填写计量条件，且单位须为未注明温度的体积，如m³",
            expected_en="only a gas meter has conditions, whose unit is a volume that does not say its own, such "
            "as m3",
        )
    for field, value, (least, most) in (
        ("celsius", conditions.celsius, CELSIUS),
        ("kilopascals", conditions.kilopascals, KILOPASCALS),
    ):
        if not least <= value <= most or decimals(value) > DECIMALS_OF_A_FACT:
            return InvalidInput(
                path=("conditions", field),
                value=str(value),
                expected_zh=f"{least}至{most}，至多{DECIMALS_OF_A_FACT}位小数（压力为绝对压力）",
                expected_en=f"from {least} to {most}, with at most {DECIMALS_OF_A_FACT} decimals; pressures are "
                "absolute",
            )
    return None


def _check_amount(value: Decimal, most: Decimal, field: str) -> InvalidInput | None:
    if 0 < value <= most and decimals(value) <= DECIMALS_OF_A_FACT:
        return None
    return InvalidInput(
        path=(field,),
        value=str(value),
        expected_zh=f"大于0且不超过{most:f}，至多{DECIMALS_OF_A_FACT}位小数",
        expected_en=f"more than 0 and at most {most:f}, with at most {DECIMALS_OF_A_FACT} decimals",
    )


def _check_register(facts: DeviceFacts, kind: MeterKind) -> InvalidInput | None:
    if kind is not MeterKind.REGISTER:
        if facts.multiplier == 1 and facts.digits is None:
            return None
        return InvalidInput(
            path=("multiplier" if facts.multiplier != 1 else "digits",),
            value=str(facts.multiplier if facts.multiplier != 1 else facts.digits),
            expected_zh="仅累计读数的表（REGISTER）有倍率和位数；区间用量和账单按实际用量填报，此处留空",
            expected_en="only a REGISTER has a multiplier and digits; intervals and bills state what was used, so "
            "leave it out",
        )
    if facts.digits is None or 1 <= facts.digits <= MOST_DIGITS:
        return None
    return InvalidInput(
        path=("digits",),
        value=str(facts.digits),
        expected_zh=f"计度器小数点前的位数，1至{MOST_DIGITS}",
        expected_en=f"how many digits the register has before the point, from 1 to {MOST_DIGITS}",
    )


def _check_a_part(meter: Meter | RegisterMeter, parent: Meter) -> SubmeterDoesNotFit | None:
    """Whether what a meter measures may be a part of what ``parent`` does."""
    same_quantity = unit_of(meter.unit).dimensions == unit_of(parent.unit).dimensions
    same_place = (meter.pilot_id, meter.carrier) == (parent.pilot_id, parent.carrier)
    if same_quantity and same_place and meter.flow in {parent.flow, Flow.INTERNAL}:
        return None
    return SubmeterDoesNotFit(
        path=("parent",),
        meter_code=meter.code,
        parent_code=parent.code,
        parent_unit=parent.unit,
        parent_flow=parent.flow,
        parent_id=parent.id,
    )


def _check_no_cycle(meter: Meter, surrounding: Sequence[Meter]) -> MeterCycle | None:
    ids = [outer.id for outer in surrounding]
    if meter.id not in ids:
        return None
    chain = [meter, *surrounding[: ids.index(meter.id) + 1]]
    return MeterCycle.of([(item.id, item.code) for item in chain], "parent")


def _out_of_order(starts_on: date, ends_on: date) -> DatesOutOfOrder:
    return DatesOutOfOrder(path=("valid_to",), starts_on=str(starts_on), ends_on=str(ends_on))


def _not_a_day(day: date, first: date, last: date, field: str) -> InvalidInput:
    return InvalidInput(
        path=(field,),
        value=str(day),
        expected_zh=f"{first}至{last}之间的日期",
        expected_en=f"a day from {first} to {last}",
    )
