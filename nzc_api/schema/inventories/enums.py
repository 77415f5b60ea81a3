"""The words of inventories and their lines, each value described."""

from nzc_api.accounting.line import Rounding
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.model import (
    AssuranceLevel,
    DataQuality,
    InventoryStatus,
    LineRole,
    Scope,
    ZeroFactorReason,
)
from nzc_api.inventories.warnings import WarningCode
from nzc_api.refusal import words_of
from nzc_api.reports.model import ReportLanguage
from nzc_api.schema.kit.fields import described_enum

__all__ = [
    "AssuranceLevel",
    "DataQuality",
    "ElectricityMethod",
    "InventoryStatus",
    "LineRole",
    "ReportLanguage",
    "Rounding",
    "Scope",
    "WarningCode",
    "ZeroFactorReason",
]

described_enum(
    InventoryStatus,
    "Where an inventory stands on its way.",
    {
        "DRAFT": "may be changed by its operator",
        "SUBMITTED": "frozen, and counted in statements as submitted",
        "VERIFIED": "verified by a verifier",
        "DISCARDED": "given up by its operator before it was submitted: it counts for nothing",
    },
)
described_enum(
    ElectricityMethod,
    "By which method of the GHG Protocol's Scope 2 Guidance bought electricity counts. The guide says nothing of it.",
    {
        "LOCATION_BASED": "at the average of the grid, whatever was contracted for",
        "MARKET_BASED": "by what was contracted for: zero where it has green certificates",
    },
)
described_enum(
    ZeroFactorReason,
    "Why nothing, or next to nothing, was emitted for power or heat that is bought.",
    {
        "RENEWABLE_POWER_SUPPLY": "renewable power supplied directly, not through the public grid",
        "GREEN_POWER_CONTRACT": "renewable power bought through the grid under a contract, with its "
        "certificates",
        "RENEWABLE_HEAT_SUPPLY": "solar, geothermal or other renewable heat",
        "WASTE_HEAT_SUPPLY": "waste heat of a process outside the boundary",
        "NUCLEAR_SUPPLY": "power or heat supplied directly by a nuclear plant",
        "BIOMASS_SUPPLY": "power or heat of biomass, whose CO2 is a memo item",
        "COUNTED_HERE": "its fuel or power is another line of the same inventory",
    },
)
described_enum(
    DataQuality,
    "What a line's activity rests on.",
    {
        "MEASURED": "on the pilot's own meters or other measurements",
        "BILLED": "on bills or other documents of a supplier",
        "ESTIMATED": "on an estimate from data of the pilot",
        "DEFAULT": "on a default or a typical value that is none of the pilot's",
    },
)
described_enum(
    Scope,
    "Whose emissions they are, as the GHG Protocol and ISO 14064-1 have it. The guide says nothing of scopes.",
    {
        "SCOPE_1": "emitted inside the boundary (直接排放)",
        "SCOPE_2": "emitted for power and heat that are bought (外购电力、热力的间接排放)",
        "SCOPE_3": "emitted elsewhere for what the pilot does (其他间接排放); none of the guide's categories is",
    },
)
described_enum(
    Rounding,
    "What was rounded half-even to a gram, once a line and gas.",
    {
        "CO2E": "the CO2e, from the unrounded product of activity, factor and potential",
        "MASS": "the mass, before it was multiplied by the potential: lines of before December 2026",
    },
)
described_enum(
    LineRole, "What a line is.", {"SOURCE": "an emission source", "SINK": "a sink in the boundary"}
)
described_enum(
    WarningCode,
    "What there is to know of a line or an inventory. None of these refuses anything; which of them a "
    "verifier must acknowledge, `InventoryWarning.mustBeAcknowledged` says.",
    {code: words_of(WarningCode)[code].en for code in WarningCode},
)
described_enum(
    AssuranceLevel,
    "How sure a verifier says to be (ISO 14064-3:2019).",
    {"LIMITED": "limited assurance (有限保证)", "REASONABLE": "reasonable assurance (合理保证)"},
)
described_enum(
    ReportLanguage, "What a report is written in.", {"ZH": "Chinese (中文)", "EN": "English"}
)
