"""What refuses meters, readings and lines that are drafted from them, as GraphQL."""

from typing import Any

import nzc_api.metering.errors as metering
from nzc_api.metering.errors import MOST_METERS
from nzc_api.metering.model import Carrier, Flow, GapMethod, MeterKind
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute, dear
from nzc_api.schema.metering.types import Meter


def _meter(description: str) -> Any:
    """A field with the meter that a refusal is about, if whoever asks sees it."""

    async def resolve(root: Any, info: Info) -> Meter | None:
        return await Meter.seen(info, root.domain.meter_id)

    return dear(description, statements=3)(resolve)


THE_METER = "The meter; null where you do not see it."


@explains(metering.MeterCodeTaken)
class MeterCodeTaken(UserError):
    concerned_meter = _meter("The meter that has the code.")


@explains(metering.MeterNotAssigned)
class MeterNotAssigned(UserError):
    pass


@explains(metering.SupplyPointTaken)
class SupplyPointTaken(UserError):
    supply_point = attribute(str, "supply_point", "The supply point as it was given.")
    meter_code = attribute(str, "meter_code", "The code of the meter that has it.")
    pilot_code = attribute(str, "pilot_code", "The code of that meter's pilot.")
    starts_on = attribute(str, "starts_on", "That meter's first day.")
    valid_to = attribute(str | None, "ends_on", "Its last day; null where it is still there.")
    concerned_meter = _meter("The meter that has it; null where you do not see it.")


@explains(metering.MeterCycle)
class MeterCycle(UserError):
    more = attribute(int, "more", "How many more meters would be sub-meters of one another.")
    meter_codes = attribute(
        list[str],
        "chain",
        "The codes of the meters that would be sub-meters of one another, back to the first.",
        at_most=MOST_METERS + 2,
    )


@explains(metering.SubmeterDoesNotFit)
class SubmeterDoesNotFit(UserError):
    parent_unit = attribute(str, "parent_unit", "The unit of the parent.")
    parent_flow = attribute(Flow, "parent_flow", "Which way what the parent measures goes.")


@explains(metering.MeterKindMismatch)
class MeterKindMismatch(UserError):
    meter_kind = attribute(MeterKind, "kind", "The meter's kind.")
    needed_kinds = attribute(
        list[MeterKind], "needed", "The kinds that would do.", at_most=len(MeterKind)
    )
    concerned_meter = _meter(THE_METER)


@explains(metering.MeterEnded)
class MeterEnded(UserError):
    valid_to = attribute(str | None, "ends_on", "The meter's last day. Never null.")
    concerned_meter = _meter(THE_METER)


@explains(metering.MeterNotOfPilot)
class MeterNotOfPilot(UserError):
    concerned_meter = _meter(THE_METER)


@explains(metering.MeterDoesNotFitSource)
class MeterDoesNotFitSource(UserError):
    carrier = attribute(Carrier, "carrier", "What the meter measures.")
    flow = attribute(Flow, "flow", "Which way that goes.")
    value = attribute(str, "value", "The category or the factor that does not fit.")
    concerned_meter = _meter(THE_METER)


@explains(metering.MetersNotRead)
class MetersNotRead(UserError):
    meter_codes = attribute(
        list[str], "meter_codes", "The codes of the meters.", at_most=MOST_METERS + 1
    )
    starts_on = attribute(str, "starts_on", "The first of the days.")
    ends_on = attribute(str, "ends_on", "The last of the days.")


@explains(metering.ReadingsAfterEnd)
class ReadingsAfterEnd(UserError):
    valid_to = attribute(str | None, "ends_on", "The last day that was given. Never null.")
    last_day = attribute(str, "last", "The last day of which there is a reading or a bill.")
    concerned_meter = _meter(THE_METER)


@explains(metering.ReadingInFuture)
class ReadingInFuture(UserError):
    at = attribute(str, "at", "The moment or the day that was given, in China.")
    latest = attribute(str, "now", "The latest that would do.")


@explains(metering.ReadingOutsideMeter)
class ReadingOutsideMeter(UserError):
    at = attribute(str, "at", "The moment that was given, in China.")
    valid_from = attribute(str, "starts_on", "The meter's first day.")
    valid_to = attribute(str | None, "ends_on", "Its last day; null where it is still there.")
    concerned_meter = _meter(THE_METER)


@explains(metering.ReadingAlreadyRecorded)
class ReadingAlreadyRecorded(UserError):
    at = attribute(str, "at", "The moment, or the span, that was given, in China.")
    recorded = attribute(str, "recorded", "What is recorded of it, in the meter's unit.")
    recorded_as_estimated = attribute(
        bool | None,
        "estimated",
        "Whether that rests on an estimate; null of what an earlier release refused.",
    )
    recorded_cost = attribute(
        str | None,
        "cost",
        "Of a bill, its cost that is recorded, in yuan; null where there is none.",
    )
    concerned_meter = _meter(THE_METER)


@explains(metering.ReadingOutOfOrder)
class ReadingOutOfOrder(UserError):
    at = attribute(str, "at", "The moment that was given, in China.")
    later_at = attribute(str, "later", "The moment of the reading after it.")
    concerned_meter = _meter(THE_METER)


@explains(metering.ReadingRunsBackwards)
class ReadingRunsBackwards(UserError):
    earlier_at = attribute(str, "earlier_at", "The moment of the earlier reading, in China.")
    earlier = attribute(str, "earlier", "The earlier reading.")
    later_at = attribute(str, "later_at", "The moment of the later reading.")
    later_value = attribute(str, "later", "The later reading.")
    concerned_meter = _meter(THE_METER)


@explains(metering.ReadingImplausible)
class ReadingImplausible(UserError):
    would_be_used = attribute(str, "quantity", "What would have been used.")
    full_load = attribute(str, "most", "What passes at full load in the time.")
    unit = attribute(str, "unit", "The meter's unit.")
    concerned_meter = _meter(THE_METER)


@explains(metering.ReadingInAnotherUnit)
class ReadingInAnotherUnit(UserError):
    unit = attribute(str, "unit", "The unit that was given.")
    meter_unit = attribute(str, "meter_unit", "The meter's unit.")
    converted = attribute(
        str | None,
        "converted",
        "What it would be in the meter's unit; null where it does not convert.",
    )
    concerned_meter = _meter(THE_METER)


@explains(metering.ConsumptionOverlaps)
class ConsumptionOverlaps(UserError):
    other_starts_at = attribute(
        str, "other_starts_at", "The beginning, or the first day, of what is recorded."
    )
    other_ends_at = attribute(str, "other_ends_at", "Its end, or last day.")
    concerned_meter = _meter(THE_METER)


@explains(metering.GapNotThere)
class GapNotThere(UserError):
    starts_on = attribute(str, "starts_on", "The first of the days.")
    ends_on = attribute(str, "ends_on", "The last of the days.")
    concerned_meter = _meter(THE_METER)


@explains(metering.GapReferenceUnknown)
class GapReferenceUnknown(UserError):
    method = attribute(GapMethod, "method", "How it was to be reckoned.")
    starts_on = attribute(str, "starts_on", "The first of the days from which.")
    ends_on = attribute(str, "ends_on", "The last of them.")
    missing_days = attribute(str, "missing_days", "Of how many of them nothing is known.")
    concerned_meter = _meter(THE_METER)
