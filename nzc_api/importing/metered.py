"""What rows of meters ask for: readings, intervals and bills, as utilities and building systems write them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from nzc_api.accounting.exact import decimal_of, plain
from nzc_api.accounting.units import LONGEST_UNIT, parse_unit
from nzc_api.china_time import shown_moment
from nzc_api.files.cells import amount, day, days, lacking, moment, unreadable, yes
from nzc_api.files.table import Needed
from nzc_api.files.vocabulary import columns_of, remark_of
from nzc_api.importing.named import Directory, Missing
from nzc_api.importing.sending import SentItem
from nzc_api.metering.model import Carrier, MeterKind
from nzc_api.metering.readings import MOST_INTERVALS
from nzc_api.metering.units import fits, unit_of

Cells = Mapping[str, str]

_METER: Needed = (("meter", "supply_point"),)
_TOLD: Needed = (
    ("reading", "used"), ("read_at", "date", "used_from", "bill_period"),
)  # fmt: skip
_PILOT: Needed = (("pilot",),)

# What is in yuan.
_YUAN = frozenset({"元", "人民币元", "yuan", "cny", "rmb"})


class MeterOf(NamedTuple):
    """The meters of a pilot by what they are called: ``by`` their code, or their supply point; and their devices, where
    they are wanted."""

    pilot: str
    by: str
    name: str
    with_devices: bool = False

    def query(self, alias: str) -> str:
        devices = "devices { since multiplier }" if self.with_devices else ""
        return (
            f"{alias}: pilot(by: {{code: {json.dumps(self.pilot)}}}) {{ metersNamed(by: {{{self.by}: ${alias}}}) "
            f"{{ id code carrier meterKind unit validFrom validTo {devices} }} }}"
        )

    def variable(self) -> str:
        return self.name

    def found_in(self, data: Any) -> Sequence[Any] | None:
        return (data or {}).get("metersNamed") or None

    def missing(self) -> Missing:
        zh, en = ("户号", "supply point") if self.by == "supplyPoint" else ("代码", "code")
        return Missing(
            f"试点“{self.pilot}”没有{zh}为“{self.name}”的计量点，或此密钥无权查看",
            f"The pilot “{self.pilot}” has no meter with the {en} “{self.name}”, or none that this key sees",
        )


def needed_of(pilot: str | None) -> Needed:
    """The columns that a file needs; ``pilot``: of which all rows are that say none."""
    return (*_METER, *_TOLD, *(() if pilot else _PILOT))


@dataclass(slots=True)
class MeterItem(SentItem):
    """What a row asks for, and by which mutation."""

    verb: str


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file's headings say of all its rows: what units stand in them, by column."""

    units: Mapping[str, str]

    @classmethod
    def of(cls, headings: Sequence[str]) -> "Layout":
        remarks = {name: remark_of(headings[place]) for name, place in columns_of(headings).items()}
        return cls({name: remark for name, remark in remarks.items() if remark})


def meter_of(cells: Cells, pilot: str | None) -> MeterOf:
    """The meter that a row names. Raises ``UnreadableCell``."""
    named = cells.get("pilot") or pilot, cells.get("meter"), cells.get("supply_point")
    return _meter_of(*named, "multiplier" in cells)


@lru_cache(4096)
def _meter_of(
    pilot: str | None, meter: str | None, supply_point: str | None, with_devices: bool
) -> MeterOf:
    if pilot is None:
        lacking("试点（pilot）", "pilot")
    if meter is not None:
        return MeterOf(pilot=pilot, by="code", name=meter, with_devices=with_devices)
    if supply_point is None:
        lacking("计量点（meter）或户号（supply_point）", "meter or supply_point")
    return MeterOf(pilot=pilot, by="supplyPoint", name=supply_point, with_devices=with_devices)


def item_of(cells: Cells, layout: Layout, named: MeterOf, directory: Directory) -> MeterItem:
    """What a row asks for, of the meter that it names. Raises ``UnreadableCell`` and ``Missing``."""
    meters: Sequence[Any] = directory.id_of(named)
    if all(meter["meterKind"] == MeterKind.REGISTER for meter in meters):
        return _reading(cells, layout, meters)
    first, last = _extent(cells)
    meter = _one(meters, first.date())
    value, unit, shown = _quantity(cells, "used", layout, meter)
    estimated = _is(cells, "estimated")
    if meter["meterKind"] == MeterKind.INTERVAL:
        (start, shown_start), (end, shown_end) = written(first), written(last)
        given = {
            "meter": meter["id"], "from": start, "at": end, "value": value, "unit": unit,
            "estimated": "true" if estimated else "",
        }  # fmt: skip
        text = f"{meter['code']} {shown_start} – {shown_end}: {shown}"
        return MeterItem(given, text, "recordIntervals")
    first_day, last_day = _days(cells)
    cost = _cost(cells)
    given = {
        "meter": meter["id"], "unit": unit, "estimated": estimated, "firstDay": str(first_day),
        "lastDay": str(last_day), "quantity": value, "cost": cost,
    }  # fmt: skip
    text = f"{meter['code']} {first_day} – {last_day}: {shown}"
    return MeterItem(given, text + (f", {cost} CNY" if cost else ""), "recordBills")


def _reading(cells: Cells, layout: Layout, meters: Sequence[Any]) -> MeterItem:
    """A register's reading. A file's rows may be in any order: each says when it is of."""
    text = cells.get("read_at") or cells.get("date")
    if text is None:
        lacking("抄表时间（read_at）", "read_at")
    at = moment(text)
    meter = _one(meters, at.date())
    _check_multiplier(cells, meter, at)
    value, unit, shown = _quantity(cells, "reading", layout, meter)
    given = {
        "meter": meter["id"], "at": at.isoformat(), "value": value, "unit": unit, "late": True,
        "estimated": _is(cells, "estimated"), "rolledOver": _is(cells, "rolled_over"),
    }  # fmt: skip
    return MeterItem(given, f"{meter['code']} {shown_moment(at)}: {shown}", "recordReadings")


def _check_multiplier(cells: Cells, meter: Mapping[str, Any], at: datetime) -> None:
    """Raise where a row's multiplier is not that of what is built in: all that was used would be wrong by it."""
    if "multiplier" not in cells:
        return
    devices = meter["devices"]
    there = [device for device in devices if datetime.fromisoformat(device["since"]) <= at]
    registered = Decimal((there or devices[:1])[-1]["multiplier"])
    value, unit = amount(cells["multiplier"])
    if value != registered or unit not in {None, "倍"}:
        unreadable(
            cells["multiplier"],
            f"计量点“{meter['code']}”登记的倍率为{plain(registered)}：请核对，换表的用replaceMeter登记",
            f"the meter “{meter['code']}” is registered with the multiplier {plain(registered)}: check which is right; "
            "if it was exchanged use `replaceMeter`",
        )


def _extent(cells: Cells) -> tuple[datetime, datetime]:
    """The moments from which to which something was used, as they are written."""
    if "used_from" in cells:
        return moment(cells["used_from"]), moment(cells.get("used_to", ""))
    first, last = _days(cells)
    return moment(str(first)), moment(str(last))


def _days(cells: Cells) -> tuple[date, date]:
    """A bill's first and last day."""
    if "used_from" in cells:
        return day(cells["used_from"]), day(cells.get("used_to", ""))
    if "bill_period" not in cells:
        lacking(
            "首日和末日（used_from、used_to）或账期（bill_period）",
            "used_from and used_to, or bill_period",
        )
    return days(cells["bill_period"])


@lru_cache(MOST_INTERVALS)
def written(at: datetime) -> tuple[str, str]:
    """A moment as the API reads it, and as people do."""
    return at.isoformat(), shown_moment(at)


def _one(meters: Sequence[Any], on: date) -> Any:
    """The meter that was there on a day, of those with one name."""
    if len(meters) == 1:
        return meters[0]
    there = [
        meter
        for meter in meters
        if meter["validFrom"] <= str(on) <= (meter["validTo"] or str(date.max))
    ]
    if len(there) == 1:
        return there[0]
    codes = ", ".join(meter["code"] for meter in there or meters)
    raise Missing(
        f"{on}该户号没有（唯一的）计量点（{codes}）：请在meter列写明计量点代码",
        f"On {on} the supply point has no meter, or several ({codes}): name it in a column meter",
    )


def _quantity(
    cells: Cells, column: str, layout: Layout, meter: Mapping[str, Any]
) -> tuple[str, str | None, str]:
    """What a row says of an amount, in the meter's unit where another converts exactly; and how that is shown."""
    if column not in cells:
        zh, en = ("示数", "reading") if column == "reading" else ("用量", "used")
        lacking(f"{zh}（{en}）", en)
    value, own = amount(cells[column])
    text = own or cells.get("unit") or layout.units.get(column)
    if text is None:
        return plain(value), None, f"{plain(value)} {meter['unit']}"
    factor = factor_of(text, meter["unit"], meter["carrier"])
    converted = _times(value, factor)
    if converted is None:
        # What is longer than any unit is none, and stays so.
        return plain(value), text[: LONGEST_UNIT + 1], f"{plain(value)} {text}"
    return converted, None, f"{converted} {meter['unit']}"


@lru_cache
def factor_of(text: str, of_meter: str, carrier: str) -> Fraction | None:
    """By what an amount in a unit is one in the meter's; None where it cannot be."""
    unit, own = parse_unit(text), unit_of(of_meter)
    if unit is None:
        unreadable(
            text,
            "不是可识别的单位，如kWh、万kWh、m³",
            "no unit that is known, such as kWh, 10^4kWh, m3",
        )
    same = unit.dimensions == own.dimensions and fits(unit, Carrier(carrier))
    return unit.size / own.size if same else None


def _times(value: Decimal, factor: Fraction | None) -> str | None:
    """The very product; None where no decimal is it."""
    if factor is None or factor == 1:
        return None if factor is None else plain(value)
    product = decimal_of(Fraction(value) * factor)
    return None if product is None else plain(product)


def _cost(cells: Cells) -> str | None:
    if "cost" not in cells:
        return None
    value, unit = amount(cells["cost"])
    if unit is not None and unit.casefold() not in _YUAN:
        unreadable(cells["cost"], "费用以元计，如1,234.50", "a cost is in yuan, such as 1,234.50")
    return plain(value)


def _is(cells: Cells, column: str) -> bool:
    return column in cells and yes(cells[column])
