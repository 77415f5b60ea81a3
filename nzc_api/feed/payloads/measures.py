"""What events of targets, measures, money and plans carry. Pure.

Their words are those of rooms above the feed: they are shown as texts. Free text is left out: reasons, names,
documents.
"""

from nzc_api.feed.payloads.metering import DAYS, OF_PILOT
from nzc_api.feed.payloads.shapes import (
    BIG,
    DAY,
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    Fact,
    Facts,
    FactsRow,
    Id,
    Listed,
    word,
)
from nzc_api.inventories.model import Basis
from nzc_api.log.kinds import EntryKind

ON = {"on": Fact(DAY, "on which day")}

BASE = Facts(
    {
        "accounting_period": Fact(Id("AccountingPeriod"), "the period that it starts from"),
        "basis": Fact(word(Basis), "by which inventories"),
        "position": Fact(BIG, "as of which position"),
        "year": Fact(WHOLE, "its year"),
        "gross": Fact(NUMBER, "what was emitted, t CO2e"),
        "net": Fact(NUMBER, "net emissions, t CO2e"),
    }
)

CEILING = Facts(
    {
        "year": Fact(WHOLE, "of which year"),
        "net": Fact(NUMBER, "the most net emissions, t CO2e"),
        "gross": Fact(NUMBER, "the most that is emitted, t CO2e", optional=True),
        "credits": Fact(BIG, "the most tonnes of credits", optional=True),
    }
)

TARGET = Facts(
    {
        "target": Fact(Id("Target"), "which one", source="position"),
        **OF_PILOT,
        "version": Fact(WHOLE, "its version"),
        "weakened": Fact(TRUTH, "whether it asks less than the one before"),
        "routes": Fact(Listed(TEXT), "the ways there, words of the API"),
        "baseline": Fact(BASE, "what it starts from"),
        "ceilings": Fact(Listed(FactsRow(CEILING)), "the years"),
    }
)

MEASURE = {"measure": Fact(Id("Measure"), "which one", source="subject")}

SAVING = Facts(
    {
        "carrier": Fact(TEXT, "of which energy, a word of Carrier"),
        "quantity": Fact(NUMBER, "how much a year"),
        "unit": Fact(TEXT, "in which unit"),
        "price": Fact(NUMBER, "the price of a unit, CNY"),
    }
)

PLANNED = Facts(
    {
        **MEASURE,
        **OF_PILOT,
        "technology": Fact(
            TEXT, "the guide's code of its technology; null: another", optional=True
        ),
        "catalogue": Fact(TEXT, "in which catalogue it is, a word of the API", optional=True),
        "route": Fact(TEXT, "which way to zero it is, a word of the API"),
        "stage": Fact(TEXT, "in which stage, a word of the API"),
        "capex": Fact(NUMBER, "what it costs, CNY"),
        "opex_change": Fact(NUMBER, "by how much a year's costs change, CNY"),
        "life_years": Fact(WHOLE, "for how many years"),
        "starts_on": Fact(DAY, "from which day on"),
        "expected": Fact(NUMBER, "what is expected of it, t CO2e a year"),
        "savings": Fact(Listed(FactsRow(SAVING)), "which energy it saves"),
        "excludes": Fact(Listed(Id("Measure")), "the measures that it excludes"),
    }
)

PROGRESSED = Facts(MEASURE | {"state": Fact(TEXT, "how far it came, a word of MeasureState")} | ON)

PERIOD = Facts(DAYS | {"co2e": Fact(NUMBER, "what was emitted in it, t CO2e")})

EFFECT = Facts(
    {
        **MEASURE,
        "method": Fact(TEXT, "by which method, a word of the API"),
        "baseline": Fact(FactsRow(PERIOD), "the days before"),
        "routine": Fact(NUMBER, "what is adjusted by routine, t CO2e"),
        "non_routine": Fact(NUMBER, "what is adjusted besides, t CO2e"),
        "reporting": Fact(FactsRow(PERIOD), "the days afterwards"),
        "r_squared": Fact(NUMBER, "how much is explained, where it is a regression", optional=True),
        "cv_rmse": Fact(NUMBER, "how far it is off, where it is a regression", optional=True),
    }
)

POTENTIAL = Facts(
    {
        "analysis": Fact(Id("PotentialAnalysis"), "which one", source="position"),
        **OF_PILOT,
        "accounting_period": Fact(Id("AccountingPeriod"), "the period that it starts from"),
        "basis": Fact(word(Basis), "by which inventories"),
        "as_of": Fact(BIG, "as of which position"),
        "year": Fact(WHOLE, "for which year"),
        "growth": Fact(NUMBER, "how activity grows a year"),
        "gross": Fact(NUMBER, "what is emitted in the period, t CO2e"),
        "business_as_usual": Fact(NUMBER, "what would be emitted without measures, t CO2e"),
        "expected": Fact(NUMBER, "what measures save of that, t CO2e"),
        "sinks": Fact(NUMBER, "what sinks remove, t CO2e"),
        "remaining": Fact(NUMBER, "what is left, t CO2e"),
    }
)

FINANCING = {"financing": Fact(Id("Financing"), "which one", source="subject")}

ALLOCATION = Facts(
    {
        "measure": Fact(Id("Measure"), "for which measure"),
        "amount": Fact(NUMBER, "how much, CNY"),
    }
)

PLEDGE = Facts(
    {
        "measure": Fact(Id("Measure"), "of which measure"),
        "share": Fact(NUMBER, "which share of what it saves, per cent"),
        **DAYS,
    }
)

FINANCED = Facts(
    {
        **FINANCING,
        **OF_PILOT,
        "product": Fact(TEXT, "by which product, a word of FinanceProduct"),
        "amount": Fact(NUMBER, "how much, CNY"),
        **DAYS,
        "allocations": Fact(Listed(FactsRow(ALLOCATION)), "what it is spent on"),
        "pledges": Fact(Listed(FactsRow(PLEDGE)), "what is pledged for it"),
    }
)

PLAN = {"plan": Fact(Id("Plan"), "which version", source="subject")}

PACKAGE = Facts(
    {
        "stage": Fact(TEXT, "in which stage, a word of the API"),
        "measures": Fact(Listed(Id("Measure")), "the measures in it"),
    }
)

MILESTONE = Facts(
    {
        "code": Fact(TEXT, "its code"),
        "due_on": Fact(DAY, "when it is due"),
        "building": Fact(TRUTH, "whether it is of what is built"),
    }
)

MATERIAL = Facts(
    {
        "unit": Fact(TEXT, "the unit of its quantity"),
        "quantity": Fact(NUMBER, "how much"),
        "factor": Fact(NUMBER, "what making a unit of it emits, kg CO2e"),
        "mass": Fact(
            NUMBER, "how much of it is hauled; null: how it comes is not known", optional=True
        ),
        "distance": Fact(NUMBER, "how far", optional=True),
        "haul_factor": Fact(NUMBER, "the factor of hauling", optional=True),
    }
)

DRAFTED = Facts(
    {
        **PLAN,
        **OF_PILOT,
        "version": Fact(WHOLE, "its number"),
        **DAYS,
        "construction_budget": Fact(NUMBER, "what is built for, t CO2e", optional=True),
        "packages": Fact(Listed(FactsRow(PACKAGE)), "its work packages"),
        "milestones": Fact(Listed(FactsRow(MILESTONE)), "its milestones"),
        "materials": Fact(Listed(FactsRow(MATERIAL)), "its materials"),
    }
)

STEPPED = Facts(PLAN | {"state": Fact(TEXT, "what it is from here on, a word of PlanState")})

REACHED = Facts(PLAN | {"milestone": Fact(TEXT, "the code of the milestone")} | ON)

COMPLETED = Facts(
    {
        **PLAN,
        "built_on": Fact(DAY, "when all was built"),
        "stable_from": Fact(DAY, "from when on it runs stably"),
    }
)

OF_MEASURES = {
    EntryKind.TARGET_RECORDED: TARGET,
    EntryKind.TARGET_REVISED: TARGET,
    EntryKind.MEASURE_PLANNED: PLANNED,
    EntryKind.MEASURE_PROGRESS_RECORDED: PROGRESSED,
    EntryKind.MEASURE_EFFECT_VERIFIED: EFFECT,
    EntryKind.POTENTIAL_ANALYSED: POTENTIAL,
    EntryKind.FINANCING_RECORDED: FINANCED,
    EntryKind.FINANCING_ENDED: Facts(FINANCING | ON),
    EntryKind.PLAN_DRAFTED: DRAFTED,
    EntryKind.PLAN_REVISED: DRAFTED,
    EntryKind.PLAN_SUBMITTED: STEPPED,
    EntryKind.PLAN_APPROVED: STEPPED,
    EntryKind.PLAN_RETURNED: STEPPED,
    EntryKind.MILESTONE_REACHED: REACHED,
    EntryKind.COMPLETION_RECORDED: COMPLETED,
}
