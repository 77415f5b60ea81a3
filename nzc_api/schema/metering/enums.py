"""The words of meters, each value described."""

from nzc_api.metering.model import Carrier, Flow, MeterKind
from nzc_api.metering.usage import Step
from nzc_api.schema.kit.fields import described_enum

__all__ = ["Carrier", "Flow", "MeterKind", "Step"]

described_enum(
    Carrier,
    "What a meter measures (section 四(三) of the guide: water, power, gas and heat).",
    {
        "ELECTRICITY": "electricity, in watt-hours",
        "WATER": "water, as a volume",
        "GAS": "gas, as a volume or as heat",
        "HEAT": "heat",
        "COOLING": "cooling",
        "STEAM": "steam, as a mass or as heat",
    },
)

described_enum(
    Flow,
    "Which way what a meter measures goes.",
    {
        "BOUGHT": "into the boundary, from a supplier",
        "SOLD": "out of the boundary",
        "GENERATED": "made inside",
        "INTERNAL": "inside the boundary",
    },
)

described_enum(
    MeterKind,
    "How a meter tells what was used.",
    {
        "REGISTER": "by readings of a register that counts on: what was used is the difference of two",
        "INTERVAL": "by what was used in intervals, as a load profile has it",
        "BILL": "by bills, from a first to a last day",
    },
)

described_enum(
    Step,
    "How long each part of a series is.",
    {
        "HOUR": "an hour",
        "DAY": "a day of China's",
        "MONTH": "a month of the calendar",
        "YEAR": "a year of the calendar",
    },
)
