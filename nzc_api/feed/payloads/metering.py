"""What events of meters, of what is monitored, and of documents carry. Pure.

Readings themselves are not carried: an entry may be of 20,000. Its batch is named, and how many there are. Free text is
left out, and so are numbers of supply points: they may be of a person's home.
"""

from nzc_api.documents.model import EvidenceKind
from nzc_api.feed.payloads.shapes import (
    BIG,
    DAY,
    MOMENT,
    NUMBER,
    TEXT,
    TEXTS,
    WHOLE,
    Born,
    Fact,
    Facts,
    FactsRow,
    Id,
    Listed,
    word,
)
from nzc_api.log.kinds import EntryKind
from nzc_api.metering.model import Carrier, Flow, MeterKind

OF_PILOT = {"pilot": Fact(Id("Pilot"), "whose it is")}
DAYS = {"starts_on": Fact(DAY, "its first day"), "ends_on": Fact(DAY, "its last day")}
METER = {"meter": Fact(Id("Meter"), "which one", source="subject")}

REGISTERED = Facts(
    {
        **METER,
        **OF_PILOT,
        "code": Fact(TEXT, "its code"),
        "carrier": Fact(word(Carrier), "what it measures"),
        "flow": Fact(word(Flow), "which way that flows"),
        "meter_kind": Fact(word(MeterKind), "how it is read", source="kind"),
        "unit": Fact(TEXT, "the unit that it is read in"),
    }
)

PLACED = Facts(
    METER
    | {
        "parent": Fact(
            Id("Meter"), "the meter that it lies behind from here on; null: none", optional=True
        )
    }
)

REPLACED = Facts(
    METER
    | {
        "device": Fact(WHOLE, "the number of the device that was built in"),
        "since": Fact(MOMENT, "since when"),
    }
)

ENDED = Facts(METER | {"ends_on": Fact(DAY, "its last day")})

ASSIGNED = Facts(
    METER
    | {
        "gateway": Fact(
            Id("Organisation"), "who posts its readings besides; null: nobody", optional=True
        )
    }
)

BATCH = Facts(
    {
        "batch": Fact(Id("ReadingBatch"), "which one", source="position"),
        "size": Fact(WHOLE, "how many readings and bills"),
        "digest": Fact(TEXT, "the SHA-256 of all of them, in hex"),
    }
)

RAISED = Facts(
    {
        "alert": Fact(Id("MonitoringAlert"), "which one", source="position"),
        "alert_kind": Fact(TEXT, "of what it warns, a word of AlertKind", source="alert"),
        **OF_PILOT,
        "meter": Fact(Id("Meter"), "the meter that it is of, if of one", optional=True),
        "since": Fact(MOMENT, "since when", optional=True),
        "told": Fact(TEXTS, "what its message tells, by names", source="facts"),
    }
)

CLEARED = Facts({"alert": Fact(Id("MonitoringAlert"), "which one", source="subject")})

DENOMINATOR = Facts(
    {
        "denominator": Fact(Id("Denominator"), "which one", source="position"),
        **OF_PILOT,
        "denominator_kind": Fact(TEXT, "of what, a word of DenominatorKind", source="denominator"),
        "product": Fact(TEXT, "the product, where it is of one", optional=True),
        **DAYS,
        "value": Fact(NUMBER, "how much; null: what was said of these days holds no more", optional=True),
    }
)  # fmt: skip

VARIABLE = Facts(
    {
        "kind": Fact(TEXT, "what moves the use, a word of the API"),
        "product": Fact(TEXT, "the product, where it is one", optional=True),
        "slope": Fact(NUMBER, "by how much"),
        "least": Fact(NUMBER, "the least that was seen of it"),
        "most": Fact(NUMBER, "the most"),
    }
)

BASELINE = Facts(
    {
        "baseline": Fact(Id("EnergyBaseline"), "which one", source="position"),
        **OF_PILOT,
        "carrier": Fact(word(Carrier), "of what"),
        "unit": Fact(TEXT, "in which unit"),
        "step": Fact(TEXT, "by which steps, a word of the API"),
        **DAYS,
        "as_of": Fact(BIG, "the position as of which readings were looked at"),
        "points": Fact(WHOLE, "by how many steps it was found"),
        "intercept": Fact(NUMBER, "what is used whatever moves it"),
        "r_squared": Fact(NUMBER, "how much of it is explained, 0 to 1"),
        "cv_rmse": Fact(NUMBER, "how far it is off, relative to the mean"),
        "variables": Fact(Listed(FactsRow(VARIABLE)), "what moves it"),
    }
)

DOCUMENT = Facts(
    {
        "document": Fact(Id("Document"), "which one", source="position"),
        **OF_PILOT,
        "attached_to": Fact(Born(), "what it is evidence of"),
        "document_kind": Fact(word(EvidenceKind), "what it is", source="kind"),
        "media_type": Fact(TEXT, "its media type"),
        "size": Fact(BIG, "its bytes"),
        "sha256": Fact(TEXT, "their SHA-256, in hex"),
    }
)

OF_METERING = {
    EntryKind.METER_REGISTERED: REGISTERED,
    EntryKind.METER_PLACED: PLACED,
    EntryKind.METER_REPLACED: REPLACED,
    EntryKind.METER_ENDED: ENDED,
    EntryKind.GATEWAY_ASSIGNED: ASSIGNED,
    EntryKind.READINGS_RECORDED: BATCH,
    EntryKind.READING_CORRECTED: BATCH,
    EntryKind.GAP_FILLED: BATCH,
    EntryKind.MONITORING_ALERT_RAISED: RAISED,
    EntryKind.MONITORING_ALERT_CLEARED: CLEARED,
    EntryKind.DENOMINATOR_RECORDED: DENOMINATOR,
    EntryKind.ENERGY_BASELINE_RECORDED: BASELINE,
    EntryKind.DOCUMENT_ATTACHED: DOCUMENT,
}
