"""Readings and bills to record and to correct: the mutations' inputs."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.metering.gap_rules import FillGap
from nzc_api.metering.readings import (
    Bill,
    CorrectReading,
    Item,
    Mode,
    Reading,
    RecordReadings,
)
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import Refusal, Refused
from nzc_api.schema.credits.bulk import BulkMode
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import METER
from nzc_api.schema.metering.enums import GapMethod
from nzc_api.schema.metering.inputs import meter_given


@strawberry.input(
    description="What a register showed at a moment; or, with `from`, what was used in an interval."
)
class ReadingInput:
    meter: strawberry.ID = strawberry.field(description="The meter: a REGISTER or an INTERVAL.")
    at: datetime = strawberry.field(
        description="The moment of the reading, or the end of the interval, in whole seconds."
    )
    from_moment: datetime | None = strawberry.field(
        default=None,
        name="from",
        description="The beginning of the interval, a day before its end at most. An INTERVAL has it, a REGISTER "
        "has none.",
    )
    value: Decimal = strawberry.field(
        description="What the register showed, with at most 3 decimals; or what was used, with at most 6."
    )
    unit: str | None = strawberry.field(
        default=None, description="Its unit, which must be the meter's. Default: that."
    )
    estimated: bool = strawberry.field(default=False, description="Whether it was estimated.")
    rolled_over: bool = strawberry.field(
        default=False,
        description="Whether the register went through all its digits since the reading before.",
    )
    late: bool = strawberry.field(
        default=False,
        description="Whether it may be of a register's moment before the latest one: between the two beside it.",
    )

    def item(self, ids: Ids, *path: str) -> Reading:
        return Reading(
            meter_id=ids.read(self.meter, *path, "meter", kind=METER),
            at=self.at,
            value=self.value,
            unit=self.unit,
            estimated=self.estimated,
            starts_at=self.from_moment,
            rolled_over=self.rolled_over,
            late=self.late,
        )


@strawberry.input(description="A bill of a meter: what was used from its first day to its last.")
class BillInput:
    meter: strawberry.ID = strawberry.field(description="The meter: a BILL.")
    first_day: date = strawberry.field(description="Its first day.")
    last_day: date = strawberry.field(
        description="Its last day, which counts: not after today. Bills of one meter share no day."
    )
    quantity: Decimal = strawberry.field(
        description="What was used, as billed, with at most 6 decimals."
    )
    unit: str | None = strawberry.field(
        default=None, description="Its unit, which must be the meter's. Default: that."
    )
    estimated: bool = strawberry.field(
        default=False, description="Whether the supplier estimated it."
    )
    cost: Decimal | None = strawberry.field(default=None, description="What it cost, in yuan.")

    def item(self, ids: Ids, *path: str) -> Bill:
        return Bill(
            meter_id=ids.read(self.meter, *path, "meter", kind=METER),
            days=DateSpan(self.first_day, self.last_day),
            quantity=self.quantity,
            unit=self.unit,
            estimated=self.estimated,
            cost=self.cost,
        )


def items_of(given: Sequence[ReadingInput | BillInput], ids: Ids, mode: Mode) -> RecordReadings:
    """The command that items stand for, each by itself: of one that cannot be read, why."""
    return RecordReadings(tuple(_item(one, ids, n) for n, one in enumerate(given)), mode)


def _item(given: ReadingInput | BillInput, ids: Ids, index: int) -> Item | Refusal:
    try:
        return given.item(ids, "input", "items", str(index))
    except Refused as refused:
        return refused.refusal


@strawberry.input(description="What a reading, an interval or a bill should have been.")
class CorrectReadingInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    meter: strawberry.ID = strawberry.field(description="The meter.")
    starts_at: datetime = strawberry.field(
        description="Which one: its `startsAt`, as `Meter.readings` has it."
    )
    device: int | None = strawberry.field(
        default=None,
        description="Of which device, where two have a reading of one moment. Default: the later one.",
    )
    value: Decimal | None = strawberry.field(
        description="What it should have been, in the meter's unit; null: there was none."
    )
    estimated: bool | None = strawberry.field(
        default=None,
        description="Whether that is estimated: to be said where it was until now. Default: it is not.",
    )
    rolled_over: bool = strawberry.field(
        default=False,
        description="Whether the register went through all its digits since the reading before.",
    )
    cost: Decimal | None = strawberry.field(
        default=strawberry.UNSET,
        description="What it cost, in yuan: of a BILL only. Left out, what it cost stays; null: that is not known.",
    )
    document: str = strawberry.field(description="What this rests on: 2 to 200 characters.")
    reason: str = strawberry.field(description="Why it was wrong: 2 to 200 characters.")

    def command(self, ids: Ids, caller: Principal) -> CorrectReading:
        return CorrectReading(
            meter_id=meter_given(ids, self.meter),
            at=self.starts_at,
            value=self.value,
            document=self.document,
            reason=self.reason,
            estimated=bool(self.estimated),
            rolled_over=self.rolled_over,
            cost=None if self.cost is strawberry.UNSET else self.cost,
            device=self.device,
            without_cost=self.cost is None,
            measured=self.estimated is False,
        )


@strawberry.input(
    description="Days of a meter with intervals or bills of which something is not known, and how that is estimated."
)
class FillGapInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    meter: strawberry.ID = strawberry.field(description="The meter.")
    first_day: date = strawberry.field(description="The first day.")
    last_day: date = strawberry.field(description="The last day: at most 366 days.")
    method: GapMethod = strawberry.field(description="How it is reckoned.")
    quantity: Decimal | None = strawberry.field(
        default=None,
        description="What was used in all of the gap, in the meter's unit: where the method is STATED, only.",
    )
    document: str = strawberry.field(description="What this rests on: 2 to 200 characters.")

    def command(self, ids: Ids, caller: Principal) -> FillGap:
        days = DateSpan(self.first_day, self.last_day)
        meter = meter_given(ids, self.meter)
        return FillGap(
            meter_id=meter,
            days=days,
            method=self.method,
            document=self.document,
            quantity=self.quantity,
        )


MODE = "How the items stand to each other."
DRY_RUN = (
    "Only find out what would be, item after item, as if those before it were recorded: one that would be is READY. "
    "Nothing is written, and the key is not used."
)


@strawberry.input(description="Up to 1,000 readings, of one meter or of several.")
class RecordReadingsInput:
    idempotency_key: str = strawberry.field(
        description="See `Mutation`. It is that of the whole request."
    )
    mode: BulkMode = strawberry.field(default=BulkMode.ALL_OR_NOTHING, description=MODE)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    items: list[ReadingInput] = strawberry.field(description="1 to 1,000 items, in order.")


@strawberry.input(description="Up to 1,000 bills, of one meter or of several.")
class RecordBillsInput:
    idempotency_key: str = strawberry.field(
        description="See `Mutation`. It is that of the whole request."
    )
    mode: BulkMode = strawberry.field(default=BulkMode.ALL_OR_NOTHING, description=MODE)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    items: list[BillInput] = strawberry.field(description="1 to 1,000 items, in order.")
