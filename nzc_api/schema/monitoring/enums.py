"""The words of monitoring, each value described."""

from nzc_api.monitoring.alerts import AlertKind
from nzc_api.monitoring.intensities import UnknownIntensity
from nzc_api.monitoring.model import DenominatorKind, Numerator
from nzc_api.schema.kit.fields import described_enum

__all__ = ["AlertKind", "DenominatorKind", "Numerator", "UnknownIntensity"]

described_enum(
    AlertKind,
    "What monitoring warns of. The thresholds are NZC's own.",
    {
        "GAP": "nothing is known of a meter for longer than 35 days (a register), 2 days (intervals) or 75 (bills), or "
        "of some days since last year began that are as long ago",
        "BACKWARDS": "readings of a meter that run backwards were refused beside others since its last reading",
        "SPIKE": "on the last day of which all is known a meter used more than 3 times the median of the 28 such days "
        "before",
        "CEILING_BURN": "what was metered this year so far emits more than the target's ceiling has for these days",
    },
)
described_enum(
    DenominatorKind,
    "Per what a pilot's use and emissions are stated. What is there throughout is the mean over a step's days; "
    "what adds up "
    "is shared by days.",
    {
        "FLOOR_AREA": "floor area in use, m2; there throughout",
        "RESIDENTS": "people who live there; there throughout",
        "EMPLOYEES": "people who work there; there throughout",
        "OUTPUT_VALUE": "output value, 10^4 yuan; adds up",
        "PRODUCT": "a product, in its own unit; adds up",
        "PASSENGER_KM": "passenger-kilometres; add up",
        "VEHICLE_KM": "vehicle-kilometres; add up",
        "COAL_EQUIVALENT": "energy consumed, tce; adds up",
        "HEATING_DEGREE_DAYS": "heating degree days, degC*d; adds up, may be 0, and nothing is stated per it",
        "COOLING_DEGREE_DAYS": "cooling degree days, degC*d; adds up, may be 0, and nothing is stated per it",
    },
)
described_enum(
    Numerator,
    "What is stated per a denominator.",
    {
        "ELECTRICITY": "the electricity used inside: bought and generated, less sold",
        "CO2E": "emissions of what is metered, as inventories account it: a part of what the pilot emits "
        "(`Monitoring.meteredShare`)",
    },
)
described_enum(
    UnknownIntensity,
    "Why an intensity, or what a step has beside its baseline, is not known.",
    {
        "NOT_METERED": "of some of the step there is no meter of it, or none yet of a carrier that is bought",
        "USE_MISSING": "of some of the step no reading and no bill tells: it would be too small",
        "CO2E_UNKNOWN": "no inventory that was handed in has lines that were drafted from all meters of a series, or "
        "of power, gas, heat or steam that is bought",
        "DENOMINATOR_MISSING": "of some of the step no denominator was recorded, or no variable",
        "BELOW_ZERO": "it comes to less than nothing: more was sold than was bought and generated, or the line leads "
        "below zero beyond what the baseline saw",
    },
)
