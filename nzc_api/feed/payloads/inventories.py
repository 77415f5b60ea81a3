"""What events of inventories carry: of a draft which one it is, of what is handed in all of it. Pure.

What a draft's lines were between two changes is kept nowhere; from its submission on nothing of them changes.
"""

from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.accounting.line import Rounding
from nzc_api.feed.payloads.shapes import (
    BIG,
    DAY,
    EXACT,
    NUMBER,
    TEXT,
    WHOLE,
    Fact,
    Facts,
    Id,
    Listed,
    word,
)
from nzc_api.guide.terms import Category, Phase, Treatment
from nzc_api.inventories.model import Basis
from nzc_api.log.kinds import EntryKind

MEASUREMENT = Facts(
    {
        "value": Fact(NUMBER, "the value, exactly"),
        "unit": Fact(TEXT, "the unit in its one spelling"),
    }
)

GAS = Facts(
    {
        "gas": Fact(word(Gas), "the gas"),
        "tonnes": Fact(EXACT, "its mass, t"),
        "gwp": Fact(NUMBER, "its 100-year warming potential, kg CO2e/kg"),
        "co2e": Fact(EXACT, "what that comes to, t CO2e"),
    }
)


def line(kind: str) -> Facts:
    """A line of an inventory, which has ids of a ``kind``."""
    return Facts(
        {
            "id": Fact(Id(kind), "which one"),
            "category": Fact(word(Category), "what it is accounted under"),
            "label": Fact(TEXT, "what its operator calls it"),
            "activity": Fact(MEASUREMENT, "the activity data"),
            "density": Fact(MEASUREMENT, "the stated density, if one is needed", optional=True),
            "factor_code": Fact(TEXT, "the code of the factor that was used"),
            "factor_version": Fact(WHOLE, "its version"),
            "treatment": Fact(word(Treatment), "whether and how it counts"),
            "rounding": Fact(word(Rounding), "by which rule it was rounded"),
            "gases": Fact(Listed(GAS), "what it comes to, by gas"),
        }
    )


AMOUNT = Facts(
    {
        "category": Fact(word(Category), "what is accounted under it"),
        "treatment": Fact(word(Treatment), "whether and how that counts"),
        "gas": Fact(word(Gas), "the gas"),
        "tonnes": Fact(EXACT, "its mass, t"),
        "co2e": Fact(EXACT, "what that comes to, t CO2e"),
    }
)

WHICH = {
    "inventory": Fact(Id("Inventory"), "which one, that is, which version"),
    "pilot": Fact(Id("Pilot"), "whose it is"),
    "accounting_period": Fact(Id("AccountingPeriod"), "of which period"),
    "series": Fact(Id("Inventory"), "the first version of the same inventory"),
    "version": Fact(WHOLE, "which version it is, from 1"),
}

DRAFT = Facts(WHICH)

UNSEEN = "null where you do not see the pilot's lines"

HANDED_IN = {
    **WHICH,
    "phase": Fact(word(Phase), "of which phase of the pilot"),
    "basis": Fact(word(Basis), "what its figures rest on"),
    "starts_on": Fact(DAY, "its first day"),
    "ends_on": Fact(DAY, "its last day"),
    "gwp_set": Fact(word(GwpSet), "whose warming potentials it uses"),
    "factor_list": Fact(TEXT, "the code of the list that its factors are of"),
    "factor_list_version": Fact(WHOLE, "the version of that list"),
    "not_occurring": Fact(Listed(word(Category)), "the categories declared not to occur"),
    "emissions": Fact(Listed(AMOUNT), "what its emission sources come to"),
    "removals": Fact(Listed(AMOUNT), "what its sinks come to"),
    "emission_sources": Fact(
        Listed(line("EmissionSource")), f"its emission sources; {UNSEEN}", optional=True
    ),
    "sinks": Fact(Listed(line("Sink")), f"its sinks; {UNSEEN}", optional=True),
}

SUBMITTED = Facts(HANDED_IN)

VERIFIED = Facts(
    {
        **HANDED_IN,
        "submitted_position": Fact(BIG, "the position at which it was submitted"),
        "verifier": Fact(Id("Organisation"), "who verified it", source="verifier_id"),
    }
)

OF_DRAFTS = dict.fromkeys(
    (
        EntryKind.INVENTORY_CREATED,
        EntryKind.EMISSION_SOURCE_RECORDED,
        EntryKind.SINK_RECORDED,
        EntryKind.INVENTORY_LINE_AMENDED,
        EntryKind.INVENTORY_LINE_REMOVED,
        EntryKind.INVENTORY_AMENDED,
        EntryKind.INVENTORY_DISCARDED,
    ),
    DRAFT,
)

OF_INVENTORIES = {
    **OF_DRAFTS,
    EntryKind.INVENTORY_SUBMITTED: SUBMITTED,
    EntryKind.INVENTORY_VERIFIED: VERIFIED,
}
