"""The words of factors and gases, each value described."""

from nzc_api.accounting.cautions import Caution
from nzc_api.accounting.confidence import Confidence
from nzc_api.accounting.factors import FactorKind
from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.schema.kit.fields import described_enum

__all__ = ["Caution", "Confidence", "FactorKind", "Gas", "GwpSet"]

described_enum(
    Gas,
    "A greenhouse gas.",
    {
        "CO2": "carbon dioxide",
        "CH4": "methane",
        "N2O": "nitrous oxide",
        "SF6": "sulphur hexafluoride",
        "NF3": "nitrogen trifluoride",
        "HFC23": "HFC-23",
        "HFC32": "HFC-32 (R32)",
        "HFC125": "HFC-125 (R125)",
        "HFC134A": "HFC-134a (R134a)",
        "HFC143A": "HFC-143a (R143a)",
        "HFC152A": "HFC-152a (R152a)",
        "HFC227EA": "HFC-227ea (R227ea)",
        "CF4": "tetrafluoromethane",
        "C2F6": "hexafluoroethane",
        "HCFC22": "HCFC-22 (R22): an ozone-depleting substance, outside the Kyoto basket, a memo item",
        "HCFC123": "HCFC-123 (R123): outside the Kyoto basket, a memo item",
        "CO2E": "a mass that its source states only in CO2 equivalents",
    },
)
described_enum(
    GwpSet,
    "The IPCC assessment report whose 100-year potentials are used.",
    {
        "SAR": "the second report (1995)",
        "AR4": "the fourth report (2007)",
        "AR5": "the fifth report (2013)",
        "AR6": "the sixth report (2021)",
    },
)
described_enum(
    Confidence,
    "How a value was come by. None was read from an official text: check before you rely on one.",
    {
        "PACKAGE": "read from a published software package",
        "TRANSCRIPTION": "read from a public transcription of the document, not from the document",
        "COMPUTED": "computed here from other values or from a definition",
        "REPORTED": "read in a news item that does not say how it was measured: the least sure of all",
        "SUPPLIED": "supplied by the pilot",
    },
)
described_enum(
    FactorKind,
    "What a factor is about; it decides which categories may use it.",
    {
        "FUEL": "a fuel, by mass or volume",
        "FUEL_HEAT": "a fuel, by the heat it gives",
        "BIOMASS_FUEL": "a biomass fuel: its CH4 and N2O; its CO2 is a memo item",
        "ELECTRICITY": "electricity consumed",
        "ELECTRICITY_BASELINE": "a grid baseline for crediting projects; never for consumption",
        "HEAT": "heat consumed",
        "OWN_GENERATION": "power or heat of one's own generation: zero, with its reason",
        "VEHICLE_DISTANCE": "a distance driven (CH4 and N2O)",
        "EXHAUST_UREA": "urea used to purify exhaust",
        "INDUSTRIAL_PROCESS": "an industrial process",
        "REFRIGERANT_BLEND": "a blend of refrigerants that escaped, by its mass",
        "WASTE_INCINERATION": "waste burnt",
        "LANDFILL": "waste deposited in a landfill",
        "WASTEWATER": "wastewater treated or discharged, by its BOD, COD or nitrogen",
        "SLUDGE": "sludge deposited, composted, digested or burnt",
        "LIVESTOCK_ENTERIC": "enteric fermentation of livestock",
        "LIVESTOCK_MANURE": "manure of livestock",
        "RICE": "rice paddies",
        "SOIL": "agricultural soils: nitrogen, lime and urea added",
        "LAND_CONVERSION": "land converted to another use",
        "FORESTRY": "uptake by forests",
        "MEASURED_MASS": "a mass of the gas itself, measured",
        "OWN": "a factor that a pilot measured itself",
    },
)
described_enum(
    Caution,
    "Why a factor that may be used should be used with care.",
    {
        "FAR_ABOVE_OTHERS": "only a news item gives it, far above what else is published: prefer the "
        "change of measured stocks",
        "WHOLE_POTENTIAL_AT_ONCE": "it counts in one year what is given off over many, and takes off "
        "nothing that is recovered",
        "DOCUMENT_NOT_NAMED": "where it was seen, its document is not named",
    },
)
