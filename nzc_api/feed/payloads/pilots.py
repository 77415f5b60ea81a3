"""What events of organisations, pilots, their sites and accounting periods carry. Pure."""

from nzc_api.access.principals import Role
from nzc_api.feed.payloads.shapes import DAY, NUMBER, TEXT, Fact, Facts, Id, Listed, word
from nzc_api.guide.terms import ApplicantKind, Establishment, PilotVariant
from nzc_api.log.kinds import EntryKind
from nzc_api.pilots.model import Visibility
from nzc_api.pilots.sites import SiteFinding

NAME = {
    "name_zh": Fact(TEXT, "what it is called in Chinese"),
    "name_en": Fact(TEXT, "what it is called in English"),
}

ORGANISATION = Facts(
    {
        "organisation": Fact(Id("Organisation"), "which one", source="subject"),
        **NAME,
        "role": Fact(word(Role), "what it may do"),
        "credit_code": Fact(TEXT, "its unified social credit code", optional=True),
        "programmes": Fact(Listed(TEXT), "the programmes that a registry posts for"),
    }
)

SITE = Facts(
    {
        "address": Fact(TEXT, "its address", optional=True),
        "division_code": Fact(TEXT, "the code of its administrative division", optional=True),
        "latitude": Fact(NUMBER, "degrees north", optional=True),
        "longitude": Fact(NUMBER, "degrees east", optional=True),
        "code": Fact(TEXT, "its site's code", optional=True),
    }
)
STATED = Fact(SITE, "where it is, as it was stated here; null where nothing was", optional=True)

PILOT = Facts(
    {
        "pilot": Fact(Id("Pilot"), "which one", source="subject"),
        "code": Fact(TEXT, "its code"),
        "variant": Fact(word(PilotVariant), "what kind of pilot it is"),
        **NAME,
        "applicant_kind": Fact(word(ApplicantKind), "what its applicant is"),
        "applicant_name_zh": Fact(TEXT, "what its applicant is called in Chinese"),
        "applicant_name_en": Fact(TEXT, "what its applicant is called in English"),
        "division_code": Fact(TEXT, "the code of its administrative division"),
        "establishment": Fact(word(Establishment), "whether it is new"),
        "operation_starts_on": Fact(DAY, "its first day of operation", optional=True),
        "closed_on": Fact(DAY, "its last day of operation", optional=True),
        "operator": Fact(Id("Organisation"), "who runs it", source="operator_id"),
        "statement_visibility": Fact(word(Visibility), "who sees what it states"),
        "line_visibility": Fact(word(Visibility), "who sees the lines of its inventories"),
        "site": STATED,
    }
)

PLACED = Facts(
    {
        "pilot": Fact(Id("Pilot"), "which one", source="subject"),
        "surrounding_pilot": Fact(
            Id("Pilot"), "in which it lies from here on; null: in none", optional=True
        ),
    }
)

OVERLAP = Facts(
    {
        "pilot": Fact(Id("Pilot"), "which one", source="subject"),
        "other": Fact(Id("Pilot"), "the one that it shares ground with"),
    }
)

SITE_STATED = Facts(
    {"pilot": Fact(Id("Pilot"), "which one", source="subject"), "site": Fact(SITE, "where it is")}
)

PERIOD = Facts(
    {
        "accounting_period": Fact(Id("AccountingPeriod"), "which one", source="subject"),
        "pilot": Fact(Id("Pilot"), "whose it is"),
        "starts_on": Fact(DAY, "its first day"),
        "ends_on": Fact(DAY, "its last day"),
    }
)


def site_resolved(kind: str) -> Facts:
    """What was found of a thing and a pilot at one site."""
    return Facts(
        {
            "subject": Fact(Id(kind), "what was looked at"),
            "pilot": Fact(Id("Pilot"), "the pilot at its site"),
            "finding": Fact(word(SiteFinding), "what was found of the two"),
        }
    )


OF_PILOTS = {
    EntryKind.ORGANISATION_REGISTERED: ORGANISATION,
    EntryKind.ORGANISATION_AMENDED: ORGANISATION,
    EntryKind.PILOT_REGISTERED: PILOT,
    EntryKind.PILOT_AMENDED: PILOT,
    EntryKind.PILOT_PLACED: PLACED,
    EntryKind.PILOT_OVERLAP_RECORDED: OVERLAP,
    EntryKind.PILOT_SITE_STATED: SITE_STATED,
    EntryKind.PILOT_SITE_RESOLVED: site_resolved("Pilot"),
    EntryKind.ACCOUNTING_PERIOD_REGISTERED: PERIOD,
    EntryKind.ACCOUNTING_PERIOD_WITHDRAWN: PERIOD,
}
