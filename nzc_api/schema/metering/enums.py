"""The words of meters, each value described."""

from nzc_api.metering.model import Carrier, Flow, GapMethod, MeterKind
from nzc_api.schema.kit.fields import described_enum
from nzc_api.schema.pilots.enums import Step

__all__ = ["Carrier", "Flow", "GapMethod", "MeterKind", "Step"]

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
    GapMethod,
    "How what was used in a gap is reckoned.",
    {
        "DAYS_BEFORE": "at the rate of as many days just before the gap's first, of which everything is known",
        "YEAR_BEFORE": "at the rate of the same days a year before, of which everything is known",
        "STATED": "it is stated, as the document has it",
    },
)
