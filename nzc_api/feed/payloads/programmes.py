"""What events carry that are for the registries of a programme and for who oversees them: proposals, and registries'
lists that were compared. Pure.

Why an order is proposed is left out: it is free text. What came of each row of a list is in the report.
"""

from nzc_api.feed.payloads.credits import POSTING
from nzc_api.feed.payloads.shapes import BIG, MOMENT, TEXT, WHOLE, Fact, Facts, FactsRow, Id, word
from nzc_api.ledger.reconciling.reconcile import ReconciliationOutcome
from nzc_api.log.kinds import EntryKind

PROPOSED = Facts(
    {
        "proposal": Fact(Id("Proposal"), "which one", source="position"),
        **POSTING,
        "order": Fact(word(EntryKind), "the kind of event that the order would be"),
        "corrects": Fact(BIG, "the position of the posting to correct, if of one", optional=True),
        "batch": Fact(Id("CreditBatch"), "the batch that it is of, if of one", optional=True),
        "first": Fact(BIG, "the first serial number; null: not of exact serials", optional=True),
        "last": Fact(BIG, "the last one", optional=True),
        "expires_at": Fact(MOMENT, "when its time is over"),
    }
)

WITHDRAWN = Facts(
    {
        "proposal": Fact(Id("Proposal"), "which one", source="subject"),
        "programme": POSTING["programme"],
    }
)

SUM = Facts({"rows": Fact(WHOLE, "how many rows"), "quantity": Fact(BIG, "of how many tonnes")})

RECONCILED = Facts(
    {
        "reconciliation": Fact(Id("Reconciliation"), "which one", source="position"),
        "programme": POSTING["programme"],
        "as_of": Fact(BIG, "the position as of which the ledger was compared"),
        "list_sha256": Fact(TEXT, "the SHA-256 of the registry's list, in hex", source="list"),
        "list_size": Fact(BIG, "its bytes", source="size"),
        "report_sha256": Fact(TEXT, "the SHA-256 of the report, in hex", source="report"),
        "outcomes": Fact(
            Facts(
                {
                    outcome.lower(): Fact(
                        FactsRow(SUM), f"rows that are {outcome}, if any", optional=True, source=outcome
                    )
                    for outcome in ReconciliationOutcome
                }
            ),
            "what came of comparing",
        ),
    }
)  # fmt: skip

OF_PROGRAMMES = {
    EntryKind.ORDER_PROPOSED: PROPOSED,
    EntryKind.PROPOSAL_WITHDRAWN: WITHDRAWN,
    EntryKind.REGISTRY_LIST_RECONCILED: RECONCILED,
}
