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
    return GasMass(Gas(gas), Decimal(tonnes), Decimal(gwp), Decimal(co2e))


def line_in(row: Any) -> Line:
    density = None
    if row.density_value is not None:
        density = Measurement(row.density_value, row.density_unit)
    zero = _zero_factor_basis(row.factor, row.certificates)
    return Line(
        row.id,
        row.inventory_id,
        LineRole(row.role),
        Category(row.category),
        row.label,
        Measurement(row.activity_value, row.activity_unit),
        density,
        thaw_factor(row.factor),
        Treatment(row.treatment),
        tuple(warning_in(warning | {"line_id": row.id}) for warning in row.warnings or ()),
        tuple(_gas(*gas) for gas in row.gases or ()),
        thaw_days(row.factor),
        Rounding(row.rounding),
        row.position,
        _sink_basis(row.factor),
        zero,
        _meter_basis(row.meter_basis),
        data_quality_in(row.factor.get("data_quality")),
        stage_in(row.factor.get("life_cycle_stage")),
        Phase(row.phase),
        () if zero else tuple(map(certificates_in, row.certificates or ())),
        ElectricityMethod(row.electricity_method),
        row.factor.get("duty_unit"),
    )


def warning_in(row: Mapping[str, Any]) -> InventoryWarning:
    return InventoryWarning(
        WarningCode(row["code"]),
        thaw_facts(row["facts"]),
        row["line_id"],
        row["other_line_id"],
        row["number"],
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
        kept["meter_id"],
        DateSpan(date.fromisoformat(kept["starts_on"]), date.fromisoformat(kept["ends_on"])),
        kept["as_of"],
        Decimal(kept["quantity"]),
        Decimal(kept["estimated_quantity"]),
        kept["measured"],
        kept["estimated"],
        kept["missing"],
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
