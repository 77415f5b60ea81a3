"""The words of log and ledger that several topics' types use, each value described."""

from nzc_api.ledger.model import Finding, Purpose, RequestOutcome
from nzc_api.ledger.standing import WithdrawnReason
from nzc_api.log.kinds import EntryKind
from nzc_api.schema.fields import described_enum

__all__ = ["EntryKind", "Finding", "Purpose", "RequestOutcome", "WithdrawnReason"]

described_enum(
    EntryKind,
    "What an entry of the log says happened.",
    {
        "ORGANISATION_REGISTERED": "an organisation was registered",
        "ORGANISATION_AMENDED": "what an organisation is called, or its code, was changed",
        "API_KEY_ISSUED": "a key was issued",
        "API_KEY_REVOKED": "a key was revoked",
        "API_KEY_EXPIRY_SET": "it was said when a key expires",
        "PILOT_REGISTERED": "a pilot was registered",
        "PILOT_AMENDED": "facts of a pilot were changed",
        "PILOT_PLACED": "it was said which pilot surrounds a pilot",
        "PILOT_OVERLAP_RECORDED": "it was said that two pilots share ground",
        "PILOT_SITE_STATED": "it was said where a pilot is",
        "PILOT_SITE_RESOLVED": "it was found whether two pilots at one site are the same",
        "ACCOUNTING_PERIOD_REGISTERED": "a pilot got an accounting period",
        "ACCOUNTING_PERIOD_WITHDRAWN": "an accounting period was taken back",
        "INVENTORY_CREATED": "an inventory was created, as a draft",
        "EMISSION_SOURCE_RECORDED": "an emission source was recorded in a draft",
        "SINK_RECORDED": "a sink was recorded in a draft",
        "INVENTORY_LINE_AMENDED": "a line of a draft was changed and accounted anew",
        "INVENTORY_LINE_REMOVED": "a line was taken out of a draft",
        "INVENTORY_AMENDED": "a draft's own terms were changed, and its lines accounted anew",
        "INVENTORY_DISCARDED": "a draft was given up",
        "INVENTORY_SUBMITTED": "an inventory was submitted and frozen",
        "INVENTORY_VERIFIED": "an inventory was verified",
        "METER_REGISTERED": "a meter was registered",
        "METER_PLACED": "it was said which meter a meter is a sub-meter of",
        "METER_REPLACED": "another device was built in at a meter",
        "METER_ENDED": "it was said which day is a meter's last",
        "GATEWAY_ASSIGNED": "it was said which gateway posts a meter's readings",
        "READINGS_RECORDED": "readings or bills of meters were recorded",
        "READING_CORRECTED": "a reading or a bill was corrected",
        "DOCUMENT_ATTACHED": "a document was attached to something",
        "TARGET_RECORDED": "a pilot's target was recorded",
        "TARGET_REVISED": "another version of a target was recorded",
        "PROJECT_REGISTERED": "a project was registered",
        "PROJECT_ENROLLED": "a project's registration in a programme was recorded",
        "PROJECT_AMENDED": "where a project is, which pilot it lies in, or what it is called, was amended",
        "PROJECT_SITE_RESOLVED": "it was found whether a project lies in the pilot at its site",
        "CREDITS_ISSUED": "a batch of credits was issued",
        "CREDITS_TRANSFERRED": "credits moved from one holder to another",
        "CREDITS_RETIRED": "credits were retired for a pilot",
        "RETIREMENT_REQUESTED": "credits were set aside for a retirement",
        "RETIREMENT_REQUEST_CANCELLED": "a requested retirement was cancelled",
        "RETIREMENT_REQUEST_EXPIRED": "the time of a requested retirement was over",
        "CREDITS_USED": "credits were used for something else than a pilot",
        "CREDITS_FROZEN": "credits were frozen",
        "CREDITS_UNFROZEN": "credits were unfrozen",
        "CREDITS_INVALIDATED": "credits were invalidated by their issuer",
        "BATCH_FROZEN": "a whole batch was frozen",
        "BATCH_UNFROZEN": "a whole batch was unfrozen",
        "BATCH_INVALIDATED": "a whole batch was invalidated by its issuer",
        "BATCH_EXPORTED": "a batch was exported with a corresponding adjustment",
        "POSTING_CORRECTED": "a clerical error was corrected",
        "ORDER_PROPOSED": "a correction or an invalidation was proposed, for another person to approve",
        "PROPOSAL_WITHDRAWN": "a proposal was withdrawn",
        "DOUBLE_ISSUANCE_RESOLVED": "a suspected double issuance was resolved",
    },
)
described_enum(
    Purpose,
    "What credits are used for other than offsetting a pilot: none of it counts in a net.",
    {
        "ETS_COMPLIANCE": "compliance in an emissions trading scheme (碳市场履约)",
        "EVENT": "a carbon-neutral event (大型活动碳中和)",
        "PUBLIC_GOOD": "the public good (公益注销)",
        "OWN_SINK": "giving a sink inside a pilot back to it: cancelled, so that the sink counts again",
    },
)
described_enum(
    RequestOutcome,
    "What became of a retirement request.",
    {
        "OPEN": "nothing yet: the credits are set aside",
        "CONFIRMED": "the registry confirmed it: the credits are retired",
        "CANCELLED": "it was cancelled: its holder has the credits again",
        "EXPIRED": "its time was over: its holder has the credits again",
    },
)
described_enum(
    Finding,
    "What was found of two batches that seemed to be one reduction issued twice.",
    {
        "DISTINCT": "they are distinct reductions: both are free",
        "DOUBLE": "they are one: the later batch stays blocked, the earlier one is free",
    },
)
described_enum(
    WithdrawnReason,
    "Why credits that were retired or used count no more.",
    {
        "CORRECTED": "the retirement or use was a clerical error, and was corrected",
        "INVALIDATED": "their issuer invalidated them, by serials or with their whole batch",
        "EXPORTED": "they were exported with a corresponding adjustment, and offset no pilot",
        "INSIDE_BOUNDARY": "their project lies inside the pilot that they were retired for, as far as "
        "pilots are placed: they count again where it does not any more",
    },
)
