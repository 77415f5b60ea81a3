"""What a line that is drafted from a meter is, and why a meter gives none. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nzc_api.accounting.exact import rounded
from nzc_api.accounting.factors import FactorKind
from nzc_api.accounting.line import Measurement
from nzc_api.guide.terms import Category
from nzc_api.ids import InventoryId, MeterId, PilotId, Position
from nzc_api.inventories.errors import MeterAlreadyAccounted
from nzc_api.inventories.line_rules import AccountedLine
from nzc_api.inventories.model import (
    AccountedMeter,
    DataQuality,
    MeterBasis,
    NewLine,
    OwnFactor,
    ZeroFactorBasis,
)
from nzc_api.metering.errors import MeterDoesNotFitSource, MeterNotOfPilot, MetersNotRead
from nzc_api.metering.model import Carrier, Flow, Meter, MeterKind
from nzc_api.metering.units import unit_of
from nzc_api.metering.usage import Usage, at_standard_conditions
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import InvalidInput

MOST_SOURCES = 100

# A m3 of gas at 0 °C and 101.325 kPa.
STANDARD_VOLUME = "Nm3"

_SOLD = frozenset({Category.EXPORTED_ELECTRICITY, Category.EXPORTED_HEAT})
_GENERATED = frozenset({Category.OWN_GENERATION})
_USED = frozenset(Category) - _SOLD - _GENERATED
_CATEGORIES = {
    Flow.BOUGHT: _USED,
    Flow.INTERNAL: _USED,
    Flow.SOLD: _SOLD,
    Flow.GENERATED: _GENERATED,
}

# What published factors are about that go with what a meter measures; of water and cooling there are none.
_HEAT = frozenset({FactorKind.HEAT, FactorKind.OWN_GENERATION})
KINDS: Mapping[Carrier, frozenset[FactorKind]] = {
    Carrier.ELECTRICITY: frozenset({FactorKind.ELECTRICITY, FactorKind.OWN_GENERATION}),
    Carrier.WATER: frozenset(),
    Carrier.GAS: frozenset({FactorKind.FUEL, FactorKind.FUEL_HEAT, FactorKind.BIOMASS_FUEL}),
    Carrier.HEAT: _HEAT,
    Carrier.COOLING: frozenset(),
    Carrier.STEAM: _HEAT,
}


@dataclass(frozen=True, slots=True)
class MeteredSource:
    """A line to draft from a meter; without a ``label`` it has the meter's code."""

    meter_id: MeterId
    category: Category
    label: str | None
    factor: str | OwnFactor
    density: Measurement | None = None
    zero_factor_basis: ZeroFactorBasis | None = None


@dataclass(frozen=True, slots=True)
class DraftFromMeters:
    """Draft emission sources of an inventory from what meters used on its days: all of them, or none."""

    inventory_id: InventoryId
    sources: tuple[MeteredSource, ...]


def check_sources(sources: Sequence[MeteredSource]) -> InvalidInput | None:
    """Whether so many may be drafted at once."""
    if 1 <= len(sources) <= MOST_SOURCES:
        return None
    return InvalidInput(
        path=("sources",),
        value=str(len(sources)),
        expected_zh=f"每次1至{MOST_SOURCES}个计量点",
        expected_en=f"1 to {MOST_SOURCES} meters at once",
    )


def check_pilot(
    meter: Meter, pilot_id: PilotId, surrounding: Sequence[int]
) -> MeterNotOfPilot | None:
    """Whether a meter is one of a pilot, or of one that lies in it: ``around`` are those around the meter's."""
    if pilot_id in (meter.pilot_id, *surrounding):
        return None
    return MeterNotOfPilot(path=("meter",), meter_code=meter.code, meter_id=meter.id)


def check_flow(source: MeteredSource, meter: Meter) -> MeterDoesNotFitSource | None:
    """Whether what a meter measures may be accounted under a category, by which way it goes."""
    fits = source.category in _CATEGORIES[meter.flow]
    return None if fits else _does_not_fit(meter, "category", source.category)


def check_carrier(line: AccountedLine, meter: Meter) -> MeterDoesNotFitSource | None:
    """Whether a line's factor is about what the meter measures; one of the pilot's own may be about anything."""
    own = line.factor.kind is FactorKind.OWN
    fits = own or line.factor.kind in KINDS[meter.carrier]
    return None if fits else _does_not_fit(meter, "factor", line.factor.code)


def check_read(meters: Sequence[Meter], usages: Mapping[MeterId, Usage]) -> MetersNotRead | None:
    """Whether something is known of every meter: what is not known is not zero."""
    unread = [meter for meter in meters if not usages[meter.id].known]
    if not unread:
        return None
    first = usages[unread[0].id]
    return MetersNotRead.of(unread, first.starts_at, first.ends_at)


def check_counts_once(
    sources: Sequence[MeteredSource],
    labels: Sequence[str],
    relatives: Mapping[MeterId, frozenset[MeterId]],
    accounted: Sequence[AccountedMeter],
) -> MeterAlreadyAccounted | None:
    """Whether no meter of the sources, nor one around or inside it, is accounted already, or by one before it."""
    found = {meter.meter_id: meter for meter in reversed(accounted)}
    for number, (source, label) in enumerate(zip(sources, labels, strict=True)):
        other = next((found[one] for one in relatives[source.meter_id] if one in found), None)
        if other is not None:
            return MeterAlreadyAccounted(
                path=("sources", str(number), "meter"),
                label=label,
                other_label=other.label,
                line_id=other.line_id,
            )
        # It has no line yet.
        found[source.meter_id] = AccountedMeter(source.meter_id, None, label)
    return None


def new_line(
    source: MeteredSource, meter: Meter, usage: Usage, days: DateSpan, as_of: Position
) -> NewLine:
    """The line of what a meter used: gas whose conditions are known is brought to standard ones."""
    quantity, estimated = usage.quantity, usage.estimated_quantity
    assert quantity is not None
    assert estimated is not None
    activity = Measurement(quantity, meter.unit)
    if meter.conditions is not None:
        volume = at_standard_conditions(quantity, unit_of(meter.unit), meter.conditions)
        activity = Measurement(rounded(volume), STANDARD_VOLUME)
    basis = MeterBasis(
        meter_id=meter.id,
        days=days,
        as_of=as_of,
        quantity=quantity,
        estimated_quantity=estimated,
        measured=usage.measured,
        estimated=usage.estimated,
        missing=usage.missing,
    )
    return NewLine(
        category=source.category,
        label=label_of(source, meter),
        activity=activity,
        density=source.density,
        factor=source.factor,
        zero_factor_basis=source.zero_factor_basis,
        meter_basis=basis,
        data_quality=DataQuality.BILLED if meter.kind is MeterKind.BILL else DataQuality.MEASURED,
    )


def label_of(source: MeteredSource, meter: Meter) -> str:
    return meter.code if source.label is None else source.label


def _does_not_fit(meter: Meter, field: str, value: str) -> MeterDoesNotFitSource:
    return MeterDoesNotFitSource(
        path=(field,),
        meter_code=meter.code,
        meter_id=meter.id,
        carrier=meter.carrier,
        flow=meter.flow,
        value=value,
    )
