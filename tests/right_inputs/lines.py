"""Right lines of an inventory, of each kind."""

from typing import Any

from tests.world import SINK_BASIS

BY_MARKET: dict[str, Any] = {"electricityMethod": "MARKET_BASED"}
PART = {"quantity": "factor", "value": "1", "unit": "kgCO2/kWh"}
LINE = {
    "category": "ENERGY_CONSUMPTION", "label": "电", "activity": {"value": "1", "unit": "kWh"},
}  # fmt: skip
GROWN = {
    "category": "FORESTRY_SINK", "label": "林", "activity": {"value": "1", "unit": "tCO2"},
    "factor": "measured.co2",
} | SINK_BASIS  # fmt: skip
OIL = {
    "category": "ENERGY_CONSUMPTION", "label": "油", "factor": "prov2025.diesel",
    "activity": {"value": "1", "unit": "L"}, "density": {"value": "0.84", "unit": "kg/L"},
    "dutyUnit": "U-1",
}  # fmt: skip


def green_power(number: int) -> dict[str, Any]:
    """Why a factor is zero: power of a certificate of its own."""
    basis = {"reason": "GREEN_POWER_CONTRACT", "evidence": "合同"}
    return basis | {"certificates": [certificate(number)]}


def certified(number: int) -> dict[str, Any]:
    """Power at a grid's factor, which a certificate of its own is of."""
    return {"factor": "elec.guangdong.avg.2022", "certificates": [certificate(number)]}


def certificate(number: int) -> dict[str, Any]:
    return {
        "prefix": "GEC-TEXT", "first": str(number), "last": str(number), "mwh": "1",
        "producedFrom": "2022-01-01", "producedTo": "2022-12-31", "plant": "PV-1",
    }  # fmt: skip


GREEN = LINE | {
    "ownFactor": {
        "name": "自测",
        "source": "report",
        "gases": [{"gas": "CO2", "parts": [PART | {"value": "0"}]}],
    },
    "zeroFactorBasis": green_power(1),
}
