"""Inputs about meters and readings; and about webhooks."""

from typing import Any

from tests.metering import test_meters as metering
from tests.monitoring.explaining import explaining
from tests.right_inputs.lines import (
    PART,
    green_power,
)
from tests.right_inputs.stage import Stage
from tests.webhooks.registering import endpoint, hooked
from tests.world import World


def meters(world: World, stage: Stage) -> dict[str, dict[str, Any]]:
    """Meters, and inventories that are drafted from them."""
    return {
        "registerMeter": metering.meter_input(stage.pilot, "TEXT")
        | {"conditions": {"celsius": "20", "kilopascals": "101.325"}},
        "placeMeter": {"meter": stage.meters.metered, "parent": stage.meters.metered},
        "draftFromMeters": {
            "inventory": stage.inventories.draft, "sources": [{
                "meter": stage.meters.read, "category": "ENERGY_CONSUMPTION",
                "factor": "elec.guangdong.avg.2022", "label": "x",
            }],
        },
        "draftFromMeters density": {
            "inventory": stage.inventories.draft, "sources": [{
                "meter": stage.meters.gas, "category": "ENERGY_CONSUMPTION", "factor": "prov2025.diesel",
                "density": {"value": "0.84", "unit": "kg/L"},
            }],
        },
        "draftFromMeters own": {
            "inventory": stage.inventories.draft, "sources": [{
                "meter": stage.meters.read, "category": "ENERGY_CONSUMPTION",
                "ownFactor": {
                    "name": "自测", "source": "report",
                    "gases": [{"gas": "CO2", "parts": [PART | {"value": "0"}]}],
                },
                "zeroFactorBasis": green_power(3),
            }],
        },
        "assignGateway": {"meter": stage.meters.metered, "gateway": world.gateway.organisation},
        "endMeter": {"meter": stage.meters.billed, "validTo": "2024-12-31"},
        "replaceMeter": {
            "meter": stage.meters.metered, "at": "2024-03-01T00:00:00+08:00", "finalValue": "2", "firstValue": "0",
            "maximumPerHour": "315",
        },
    }  # fmt: skip


def readings(stage: Stage) -> dict[str, dict[str, Any]]:
    """Readings, and what is monitored by them."""
    return {
        "recordReadings": {
            "items": [{"meter": stage.meters.metered, "at": "2024-01-01T00:00:00+08:00", "value": "1", "unit": "kWh"}],
        },
        "recordBills": {
            "items": [{
                "meter": stage.meters.billed, "firstDay": "2024-01-01", "lastDay": "2024-01-31", "quantity": "1",
                "unit": "kWh",
            }],
        },
        "correctReading": {
            "meter": stage.meters.billed, "startsAt": "2024-01-01T00:00:00+08:00", "value": "2", "document": "通知1",
            "reason": "抄表有误",
        },
        "fillGap": {
            "meter": stage.meters.billed, "firstDay": "2024-02-01", "lastDay": "2024-02-29", "method": "STATED",
            "quantity": "1", "document": "说明1",
        },
        "recordDenominator": {
            "pilot": stage.pilot["id"], "denominatorKind": "PRODUCT", "product": "水泥 t", "firstDay": "2022-01-01",
            "lastDay": "2022-12-31", "value": "1", "source": "统计报表",
        },
        "recordEnergyBaseline": explaining(
            stage.pilot, variables=[{"denominatorKind": "PRODUCT", "product": "水泥 t"}],
        ),
    }  # fmt: skip


async def webhooks(world: World, stage: Stage) -> dict[str, dict[str, Any]]:
    """Webhook endpoints."""
    return {
        "createWebhookEndpoint": endpoint(filter={
            "kinds": ["PILOT_OVERLAP_RECORDED"], "pilots": [stage.pilot["id"]], "programmes": ["CCER"],
            "organisations": [world.holder.organisation],
        }),
        "updateWebhookEndpoint": {"webhookEndpoint": await hooked(world)} | endpoint(),
        "rotateWebhookSecret": {"webhookEndpoint": await hooked(world)},
        "replayWebhookEndpoint": {"webhookEndpoint": await hooked(world), "after": "0"},
    }  # fmt: skip
