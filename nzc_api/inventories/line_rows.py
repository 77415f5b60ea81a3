"""A line of an inventory as its row has it, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from nzc_api.accounting.gases import Gas
from nzc_api.accounting.line import Measurement, Rounding
from nzc_api.accounting.snapshot import freeze_days, freeze_factor, thaw_days, thaw_factor
from nzc_api.certificates.store import certificates_in
from nzc_api.guide.terms import Category, LifeCycleStage, Phase, Treatment
from nzc_api.ids import InventoryId, LineId
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.line_rules import AccountedLine
from nzc_api.inventories.model import (
    DataQuality,
    GasMass,
    Line,
    LineRole,
    MeterBasis,
    SinkBasis,
    ZeroFactorBasis,
    ZeroFactorReason,
)
from nzc_api.inventories.warnings import InventoryWarning, WarningCode, thaw_facts
from nzc_api.pilots.model import DateSpan

# What a line keeps of its meter beside its days.
_BASIS = (
    "meter_id", "as_of", "quantity", "estimated_quantity", "measured", "estimated", "missing",
)  # fmt: skip


def row_of(accounted: AccountedLine) -> dict[str, Any]:
    """What the row of a line has, its place in the log and its inventory apart."""
    line = accounted.line
    return {
        "role": accounted.role,
        "category": line.category,
        "label": line.label,
        "activity_value": accounted.activity.value,
        "activity_unit": accounted.activity.unit,
        "density_value": line.density and line.density.value,
        "density_unit": line.density and line.density.unit,
        "factor": freeze_factor(accounted.factor)
        | freeze_days(accounted.days_a_year)
        | _freeze_basis("sink_basis", line.sink_basis)
        | _freeze_zero_factor_basis(line.zero_factor_basis)
        | _freeze_word("data_quality", line.data_quality)
        | _freeze_word("life_cycle_stage", line.life_cycle_stage)
        | _freeze_word("duty_unit", line.duty_unit),
        "treatment": accounted.treatment,
        "rounding": accounted.rounding,
    }


def _gas(gas: str, tonnes: str, gwp: str, co2e: str) -> GasMass:
    return GasMass(gas=Gas(gas), tonnes=Decimal(tonnes), gwp=Decimal(gwp), co2e=Decimal(co2e))


def line_in(row: Any) -> Line:
    density = None
    if row.density_value is not None:
        density = Measurement(row.density_value, row.density_unit)
    zero = _zero_factor_basis(row.factor, row.certificates)
    return Line(
        id=row.id,
        inventory_id=row.inventory_id,
        role=LineRole(row.role),
        category=Category(row.category),
        label=row.label,
        activity=Measurement(row.activity_value, row.activity_unit),
        density=density,
        factor=thaw_factor(row.factor),
        treatment=Treatment(row.treatment),
        warnings=tuple(warning_in(warning | {"line_id": row.id}) for warning in row.warnings or ()),
        gases=tuple(_gas(*gas) for gas in row.gases or ()),
        days_a_year=thaw_days(row.factor),
        rounding=Rounding(row.rounding),
        position=row.position,
        sink_basis=_sink_basis(row.factor),
        zero_factor_basis=zero,
        meter_basis=_meter_basis(row.meter_basis),
        data_quality=data_quality_in(row.factor.get("data_quality")),
        life_cycle_stage=stage_in(row.factor.get("life_cycle_stage")),
        phase=Phase(row.phase),
        certificates=() if zero else tuple(map(certificates_in, row.certificates or ())),
        electricity_method=ElectricityMethod(row.electricity_method),
        duty_unit=row.factor.get("duty_unit"),
    )


def warning_in(row: Mapping[str, Any]) -> InventoryWarning:
    return InventoryWarning(
        code=WarningCode(row["code"]),
        facts=thaw_facts(row["facts"]),
        line_id=row["line_id"],
        other_line_id=row["other_line_id"],
        number=row["number"],
    )


def _freeze_basis(name: str, basis: SinkBasis | None) -> dict[str, Any]:
    """What a line rests on, to be kept beside its factor; a line without one has none there."""
    return {} if basis is None else {name: asdict(basis)}


def _freeze_zero_factor_basis(basis: ZeroFactorBasis | None) -> dict[str, Any]:
    """Its certificates have a table of their own."""
    if basis is None:
        return {}
    return {"zero_factor_basis": {"reason": basis.reason, "evidence": basis.evidence}}


def _sink_basis(frozen: dict[str, Any]) -> SinkBasis | None:
    kept = frozen.get("sink_basis")
    return None if kept is None else SinkBasis(**kept)


def _freeze_word(name: str, word: str | None) -> dict[str, Any]:
    return {} if word is None else {name: word}


def data_quality_in(kept: str | None) -> DataQuality | None:
    return None if kept is None else DataQuality(kept)


def stage_in(kept: str | None) -> LifeCycleStage | None:
    return None if kept is None else LifeCycleStage(kept)


def meter_row(inventory_id: InventoryId, line_id: LineId, basis: MeterBasis) -> dict[str, Any]:
    facts = {name: getattr(basis, name) for name in _BASIS}
    days = {"starts_on": basis.days.starts_on, "ends_on": basis.days.ends_on}
    return {"line_id": line_id, "inventory_id": inventory_id} | days | facts


def _meter_basis(kept: Mapping[str, Any] | None) -> MeterBasis | None:
    if kept is None:
        return None
    return MeterBasis(
        meter_id=kept["meter_id"],
        days=DateSpan(date.fromisoformat(kept["starts_on"]), date.fromisoformat(kept["ends_on"])),
        as_of=kept["as_of"],
        quantity=Decimal(kept["quantity"]),
        estimated_quantity=Decimal(kept["estimated_quantity"]),
        measured=kept["measured"],
        estimated=kept["estimated"],
        missing=kept["missing"],
    )


def _zero_factor_basis(
    frozen: dict[str, Any], certificates: Sequence[Mapping[str, Any]] | None
) -> ZeroFactorBasis | None:
    kept = frozen.get("zero_factor_basis")
    if kept is None:
        return None
    return ZeroFactorBasis(
        ZeroFactorReason(kept["reason"]),
        kept["evidence"],
        tuple(map(certificates_in, certificates or ())),
    )
