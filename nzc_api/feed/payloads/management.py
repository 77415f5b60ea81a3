"""What events of posts, duties, rules and upkeep carry. Pure.

Who holds a post is not carried: the log itself has no more than a commitment to the name.
"""

from nzc_api.feed.payloads.measures import ON
from nzc_api.feed.payloads.metering import OF_PILOT
from nzc_api.feed.payloads.shapes import DAY, NUMBER, TEXT, WHOLE, Fact, Facts, Id
from nzc_api.log.kinds import EntryKind

POST = Facts(
    {
        "post": Fact(Id("Post"), "which one", source="position"),
        **OF_PILOT,
        "code": Fact(TEXT, "its code"),
        "post_kind": Fact(TEXT, "what it is, a word of PostKind", source="kind"),
    }
)

APPOINTMENT = {"appointment": Fact(Id("Appointment"), "which one", source="subject")}

APPOINTED = Facts(
    {
        **APPOINTMENT,
        "post": Fact(Id("Post"), "to which post"),
        "starts_on": Fact(DAY, "from which day on"),
    }
)

DUTY = Facts(
    {
        "duty": Fact(Id("Duty"), "which one", source="position"),
        **OF_PILOT,
        "unit": Fact(TEXT, "the code of the unit that has it"),
        "year": Fact(WHOLE, "for which year"),
        "ceiling": Fact(NUMBER, "the most that it may emit, t CO2e"),
    }
)

RULE = {"rule": Fact(Id("ManagementRule"), "which one", source="subject")}

PUBLISHED = Facts(
    {
        **RULE,
        **OF_PILOT,
        "starts_on": Fact(DAY, "its first day"),
        "ends_on": Fact(DAY, "its last day, if it has one", optional=True),
    }
)

UPKEEP = Facts(
    {
        "upkeep": Fact(Id("Upkeep"), "which one", source="position"),
        **OF_PILOT,
        "system": Fact(TEXT, "of which system, a word of the API"),
        **ON,
    }
)

OF_MANAGEMENT = {
    EntryKind.POST_ESTABLISHED: POST,
    EntryKind.HOLDER_APPOINTED: APPOINTED,
    EntryKind.HOLDER_NAME_ERASED: Facts(APPOINTMENT),
    EntryKind.DUTY_ASSIGNED: DUTY,
    EntryKind.RULE_PUBLISHED: PUBLISHED,
    EntryKind.RULE_REPEALED: Facts(RULE | ON),
    EntryKind.UPKEEP_RECORDED: UPKEEP,
}
