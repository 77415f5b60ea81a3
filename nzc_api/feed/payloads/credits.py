"""What events of projects and credits carry: batches, and every movement of their serials. Pure.

Free text is left out: why an order was given, and whom another use was for.
"""

from nzc_api.feed.payloads.pilots import NAME, STATED, site_resolved
from nzc_api.feed.payloads.shapes import (
    BIG,
    DAY,
    MOMENT,
    TEXT,
    TRUTH,
    WHOLE,
    Fact,
    Facts,
    FactsRow,
    Id,
    Listed,
    Repeated,
    word,
)
from nzc_api.ledger.model import AccountKind, Finding, ProductionBasis, Purpose
from nzc_api.log.kinds import EntryKind

DOUBLES = Fact(
    Listed(
        Facts(
            {
                "batch": Fact(Id("CreditBatch"), "the later batch"),
                "other": Fact(Id("CreditBatch"), "the earlier one"),
            }
        )
    ),
    "the issuances that from here on seem to be for the same reductions; neither is retired until that is resolved",
)

LIES_IN = Fact(Id("Pilot"), "the pilot whose boundary it lies in from here on", optional=True)

PROJECT = {
    "project": Fact(Id("Project"), "which one", source="subject"),
    **NAME,
    "code": Fact(TEXT, "its code"),
    "forestry": Fact(TRUTH, "whether its activity is a carbon sink"),
    "pilot": LIES_IN,
    "site": STATED,
}

AMENDED = {
    **PROJECT,
    "methodology": Fact(TEXT, "the methodology of enrolments that had named none", optional=True),
    "suspected_doubles": DOUBLES,
}

ENROLMENT = {
    "project": Fact(Id("Project"), "which project"),
    "programme": Fact(TEXT, "the programme's code"),
    "rule": Fact(TEXT, "the rule of the programme that it is registered by"),
    "number": Fact(TEXT, "its number there"),
    "registered_on": Fact(DAY, "the day of its registration"),
    "methodology": Fact(TEXT, "its methodology, where that was said", optional=True),
}

VERIFICATION = Facts(
    {
        "body": Fact(
            Facts(
                {
                    "name": Fact(TEXT, "what it is called", optional=True),
                    "credit_code": Fact(TEXT, "its unified social credit code", optional=True),
                }
            ),
            "who did",
        ),
        "report": Fact(
            Facts(
                {
                    "number": Fact(TEXT, "its number"),
                    "dated": Fact(DAY, "the day that it is of"),
                    "sha256": Fact(TEXT, "the SHA-256 of its file, in hex", optional=True),
                }
            ),
            "its report, where that was said",
            optional=True,
        ),
    }
)

LABEL = Facts(
    {
        "code": Fact(TEXT, "its code"),
        **NAME,
        "issued_by": Fact(TEXT, "who gave it"),
        "valid_from": Fact(DAY, "the first day on which it holds"),
        "expires_on": Fact(DAY, "the last one; null: no end was stated", optional=True),
    }
)

DAYS = {
    "starts_on": Fact(DAY, "its first day"),
    "ends_on": Fact(DAY, "its last day"),
}
VERSION = Fact(TEXT, "which version of the methodology, where that was said", optional=True)
CREDITING = "for which days its reductions are credited, where that was said"

# What was said of projects and issuances since December 2026.
ENROLMENT_2 = ENROLMENT | {
    "methodology_version": VERSION,
    "crediting_period": Fact(Facts(DAYS), CREDITING, optional=True),
    "validation": Fact(VERIFICATION, "who validated the project, if that was said", optional=True),
}
OF_PROGRAMME = Facts({"programme": Fact(TEXT, "the programme's code"), **DAYS})
AMENDED_2 = AMENDED | {
    "methodology_version": VERSION,
    "crediting_period": Fact(OF_PROGRAMME, f"{CREDITING} from here on", optional=True),
}

# Of many movements they are the same few.
ACCOUNT = Repeated(
    FactsRow(
        Facts(
            {
                "kind": Fact(word(AccountKind), "what it means that credits are there"),
                "programme": Fact(
                    TEXT, "of which programme; null for what is retired", optional=True
                ),
                "organisation": Fact(Id("Organisation"), "whose they are", optional=True),
                "pilot": Fact(Id("Pilot"), "the pilot that they are for", optional=True),
                "accounting_period": Fact(
                    Id("AccountingPeriod"), "the period that they are for", optional=True
                ),
                "purpose": Fact(word(Purpose), "what else they are used for", optional=True),
            }
        )
    )
)

MOVEMENT = FactsRow(
    Facts(
        {
            "batch": Fact(Id("CreditBatch"), "whose serials move"),
            "first": Fact(BIG, "the first serial number"),
            "last": Fact(BIG, "the last one; each is a tonne"),
            "from": Fact(ACCOUNT, "where they were"),
            "to": Fact(ACCOUNT, "where they are from here on"),
        }
    )
)

POSTING = {
    "programme": Fact(TEXT, "the programme's code"),
    "quantity": Fact(BIG, "how many tonnes"),
}

MOVED = {
    **POSTING,
    "movements": Fact(Listed(MOVEMENT), "each range of serials that moves, in order"),
}

PART = Facts(
    {
        "reference": Fact(TEXT, "the number of the registration of reductions"),
        "quantity": Fact(BIG, "all of its tonnes"),
    }
)

ISSUED = {
    "batch": Fact(Id("CreditBatch"), "which one", source="subject"),
    "project": Fact(Id("Project"), "whose reductions they are"),
    "holder": Fact(Id("Organisation"), "who holds them first"),
    **MOVED,
    "forestry": Fact(TRUTH, "whether the activity is a carbon sink"),
    "vintage": Fact(WHOLE, "the year of the last day of production"),
    "produced_from": Fact(DAY, "the first day of production"),
    "produced_to": Fact(DAY, "the last day of production"),
    "production_basis": Fact(word(ProductionBasis), "how these days are known", optional=True),
    "reductions_registered_on": Fact(DAY, "the day on which the reductions were registered"),
    "reductions_applied_on": Fact(DAY, "the day on which that was applied for", optional=True),
    "registry": Fact(TEXT, "the registry that names the serials"),
    "prefix": Fact(TEXT, "what its serials begin with"),
    "first": Fact(BIG, "the first serial number"),
    "last": Fact(BIG, "the last one"),
    "by_certificate": Fact(TRUTH, "whether the registry published no serials"),
    "part_of": Fact(PART, "the registration that it is a part of, if it is not all", optional=True),
    "suspected_doubles": DOUBLES,
}

ISSUED_2 = ISSUED | {
    "verification": Fact(
        VERIFICATION, "who verified the reductions, where that was said", optional=True
    ),
    "labels": Fact(
        Listed(LABEL), "the labels that the credits go by, where there are any", optional=True
    ),
}

FOR_PILOT = {
    "pilot": Fact(Id("Pilot"), "for which pilot"),
    "accounting_period": Fact(Id("AccountingPeriod"), "for which period of it"),
    "holder": Fact(Id("Organisation"), "who held them"),
}

RETIRED = {
    "retirement": Fact(Id("Retirement"), "which one", source="position"),
    **MOVED,
    **FOR_PILOT,
    "retired_on": Fact(DAY, "the day of the retirement, by the registry"),
    "reference": Fact(TEXT, "the registry's number of it", optional=True),
    "request": Fact(Id("RetirementRequest"), "the request that it confirms", optional=True),
}

REQUESTED = {
    "request": Fact(Id("RetirementRequest"), "which one", source="position"),
    **MOVED,
    **FOR_PILOT,
    "expires_at": Fact(MOMENT, "when its time is over"),
}

ENDED = {"request": Fact(Id("RetirementRequest"), "which request ends"), **MOVED}

TRANSFERRED = {
    "transfer": Fact(Id("CreditTransfer"), "which one", source="position"),
    **MOVED,
    "from": Fact(Id("Organisation"), "who held them"),
    "to": Fact(Id("Organisation"), "who holds them from here on"),
}

USED = {
    "use": Fact(Id("CreditUse"), "which one", source="position"),
    **MOVED,
    "purpose": Fact(word(Purpose), "what for"),
    "holder": Fact(Id("Organisation"), "who held them"),
    "used_on": Fact(DAY, "the day of the use, by the registry"),
    "reference": Fact(TEXT, "the registry's number of it", optional=True),
    "pilot": Fact(Id("Pilot"), "the pilot whose sink is given back", optional=True),
    "accounting_period": Fact(Id("AccountingPeriod"), "and the period of it", optional=True),
}

CORRECTED = {
    "corrects": Fact(BIG, "the position of the posting that is as if it had not been from here on"),
    **MOVED,
    "batch": Fact(
        Id("CreditBatch"),
        "the batch whose issuance is taken back, or an order about all of which; null for all others",
        optional=True,
    ),
}

ORDERED = {"batch": Fact(Id("CreditBatch"), "the whole batch", source="subject"), **POSTING}

# What a second person may have approved.
APPROVED = {
    "proposal": Fact(
        Id("Proposal"),
        "the proposal that it carries out; null: of none, or of one that you do not see",
        optional=True,
    )
}

RESOLVED = {
    "batch": Fact(Id("CreditBatch"), "the later batch"),
    "other": Fact(Id("CreditBatch"), "the earlier one"),
    "finding": Fact(word(Finding), "whether they are for the same reductions"),
}

OF_CREDITS = {
    EntryKind.PROJECT_REGISTERED: Facts(PROJECT),
    EntryKind.PROJECT_AMENDED: Facts(AMENDED_2),
    EntryKind.PROJECT_ENROLLED: Facts(ENROLMENT_2),
    EntryKind.PROJECT_SITE_RESOLVED: site_resolved("Project"),
    EntryKind.CREDITS_ISSUED: Facts(ISSUED_2),
    EntryKind.CREDITS_TRANSFERRED: Facts(TRANSFERRED),
    EntryKind.CREDITS_RETIRED: Facts(RETIRED),
    EntryKind.RETIREMENT_REQUESTED: Facts(REQUESTED),
    EntryKind.RETIREMENT_REQUEST_CANCELLED: Facts(ENDED),
    EntryKind.RETIREMENT_REQUEST_EXPIRED: Facts(ENDED),
    EntryKind.CREDITS_USED: Facts(USED),
    EntryKind.CREDITS_FROZEN: Facts(MOVED),
    EntryKind.CREDITS_UNFROZEN: Facts(MOVED),
    EntryKind.CREDITS_INVALIDATED: Facts(MOVED | APPROVED),
    EntryKind.BATCH_FROZEN: Facts(ORDERED),
    EntryKind.BATCH_UNFROZEN: Facts(ORDERED),
    EntryKind.BATCH_INVALIDATED: Facts(ORDERED | APPROVED),
    EntryKind.BATCH_EXPORTED: Facts(ORDERED),
    EntryKind.POSTING_CORRECTED: Facts(CORRECTED | APPROVED),
    EntryKind.DOUBLE_ISSUANCE_RESOLVED: Facts(RESOLVED),
}

# What they carried before, by versions, from the first: their schemas stay published.
FORMERLY = {
    EntryKind.PROJECT_AMENDED: (Facts(AMENDED),),
    EntryKind.PROJECT_ENROLLED: (Facts(ENROLMENT),),
    EntryKind.CREDITS_ISSUED: (Facts(ISSUED),),
    EntryKind.CREDITS_INVALIDATED: (Facts(MOVED),),
    EntryKind.BATCH_INVALIDATED: (Facts(ORDERED),),
    EntryKind.POSTING_CORRECTED: (Facts(CORRECTED),),
}
