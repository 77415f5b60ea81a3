"""Inputs about inventories and their lines."""

from typing import Any

from tests.right_inputs.lines import (
    BY_MARKET,
    GREEN,
    GROWN,
    LINE,
    OIL,
    PART,
    certified,
    green_power,
)
from tests.right_inputs.stage import Stage
from tests.world import SINK_BASIS


def inventories(stage: Stage) -> dict[str, dict[str, Any]]:
    """Inventories as a whole."""
    created = {
        "pilot": stage.pilot["id"], "accountingPeriod": stage.pilot["periods"][2022],
        "phase": "OPERATION_MAINTENANCE", "factorList": "prov2025-gd-2022",
        "covers": {"startsOn": "2022-01-01", "endsOn": "2022-12-31"},
    }  # fmt: skip
    return {
        "createInventory": created,
        "createInventory lines": created | {
            "sources": [LINE | {"factor": "elec.guangdong.avg.2022"}], "sinks": [GROWN],
        },
        "createInventory density": created | {"sources": [OIL]},
        "createInventory own": created | {"sources": [GREEN]} | BY_MARKET,
        "createInventory certified": created | {"sources": [LINE | certified(6)]},
        "reviseInventory": {"inventory": stage.inventories.submitted, "factorList": "prov2025-gd-2023"},
        "amendInventory": {
            "inventory": stage.inventories.draft, "factorList": "prov2025-gd-2022",
            "covers": {"startsOn": "2022-01-01", "endsOn": "2022-12-31"},
        },
        "verifyInventory": {
            "inventory": stage.inventories.doubtful,
            "opinion": {
                "level": "LIMITED", "findings": ["两行数据相同"], "reportHash": "0" * 64,
                "acknowledged": [{"code": "RECORDED_TWICE", "reason": "两台设备"}],
            },
        },
    }  # fmt: skip


def inventory_lines(stage: Stage) -> dict[str, dict[str, Any]]:
    """Lines of an inventory."""
    return {
        "recordEmissionSources": {
            "inventory": stage.inventories.draft, "sources": [LINE | {"factor": "elec.guangdong.avg.2022"}],
        },
        "recordEmissionSources certified": {
            "inventory": stage.inventories.draft, "sources": [LINE | certified(4)],
        },
        "recordEmissionSources density": {
            "inventory": stage.inventories.draft,
            "sources": [OIL],
        },
        "recordEmissionSources own": {
            "inventory": stage.inventories.draft,
            "sources": [LINE | {"ownFactor": {
                "name": "自测", "source": "report", "gases": [{"gas": "CO2", "parts": [PART]}],
            }}],
        },
        "recordEmissionSources zero": {
            "inventory": stage.inventories.draft,
            "sources": [GREEN],
        },
        "amendInventoryLine": {"line": stage.inventories.line, "factor": "elec.guangdong.avg.2022"} | LINE,
        "amendInventoryLine certified": {"line": stage.inventories.line} | LINE | certified(5),
        "amendInventoryLine density": {
            "line": stage.inventories.line, "factor": "prov2025.diesel",
            "activity": {"value": "1", "unit": "L"}, "density": {"value": "0.84", "unit": "kg/L"},
            "dutyUnit": "U-1",
        },
        "amendInventoryLine own": {
            "line": stage.inventories.line, "ownFactor": {
                "name": "自测", "source": "report",
                "gases": [{"gas": "CO2", "parts": [PART | {"value": "0"}]}],
            },
            "zeroFactorBasis": green_power(2),
        },
        "amendInventoryLine sink": {"line": stage.inventories.sink} | SINK_BASIS,
    }  # fmt: skip
