"""What events of applications carry. Pure.

Free text is left out: what would lie inside, what is claimed and why it was decided so. An outline is not copied: an
application never changes, so it may be asked for.
"""

from nzc_api.feed.payloads.pilots import NAME
from nzc_api.feed.payloads.shapes import DAY, NUMBER, TEXT, Fact, Facts, Id, Listed, word
from nzc_api.guide.terms import ApplicantKind, Establishment, PilotVariant
from nzc_api.log.kinds import EntryKind
from nzc_api.selection.model import ApplicationState, Verdict

APPLICATION = {"application": Fact(Id("Application"), "which one", source="subject")}

OPENED = Facts(
    {
        **APPLICATION,
        "operator": Fact(Id("Organisation"), "who applies"),
        "variant": Fact(word(PilotVariant), "for what kind of pilot"),
        **NAME,
        "applicant_kind": Fact(word(ApplicantKind), "what the applicant is"),
        "applicant_name_zh": Fact(TEXT, "what the applicant is called in Chinese"),
        "applicant_name_en": Fact(TEXT, "what the applicant is called in English"),
        "division_code": Fact(TEXT, "the code of its administrative division"),
        "establishment": Fact(word(Establishment), "whether it is new"),
        "operation_starts_on": Fact(DAY, "its first day of operation", optional=True),
        "hectares": Fact(NUMBER, "how much ground it would have", optional=True),
    }
)

CRITERION = {"criterion": Fact(TEXT, "what the guide asks for, its code")}

CLAIMED = Facts(
    {
        **APPLICATION,
        **CRITERION,
        "documents": Fact(Listed(TEXT), "the SHA-256 of each document that shows it, in hex"),
    }
)

JUDGED = Facts(
    {**APPLICATION, **CRITERION, "verdict": Fact(word(Verdict), "what was found; the latest counts")}
)  # fmt: skip

STEPPED = Facts(
    {
        **APPLICATION,
        "state": Fact(word(ApplicationState), "where it stands from here on"),
        "pilot": Fact(Id("Pilot"), "the pilot that it became, where it was selected", optional=True),
    }
)  # fmt: skip

OF_APPLICATIONS = {
    EntryKind.APPLICATION_OPENED: OPENED,
    EntryKind.CRITERION_CLAIMED: CLAIMED,
    EntryKind.APPLICATION_SUBMITTED: STEPPED,
    EntryKind.APPLICATION_WITHDRAWN: STEPPED,
    EntryKind.CRITERION_JUDGED: JUDGED,
    EntryKind.APPLICATION_DECIDED: STEPPED,
}
