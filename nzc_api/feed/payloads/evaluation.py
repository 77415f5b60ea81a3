"""What events of evaluations carry. Pure.

Experts are carried by their numbers in a panel and by their organisations, never by name. What was found, and why, is
left out: it is free text.
"""

from nzc_api.feed.payloads.measures import ON
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
    Id,
    Listed,
    OrNull,
)
from nzc_api.log.kinds import EntryKind

EVALUATION = {"evaluation": Fact(Id("Evaluation"), "which one", source="subject")}

EXPERT = {
    "panel": Fact(BIG, "the position at which the panel was appointed"),
    "expert": Fact(WHOLE, "the number of the expert"),
}

OPENED = Facts(
    {
        **EVALUATION,
        **OF_PILOT,
        "scheme": Fact(TEXT, "by which scheme, its code"),
        "stable_months": Fact(WHOLE, "how many months it runs stably before"),
        "retries": Fact(WHOLE, "how often it may be tried again; null: it is not", optional=True),
        "pilots": Fact(Listed(Id("Pilot")), "the pilots in its range"),
        "categories": Fact(
            Listed(TEXT), "the categories in it, words of the API; null: all", optional=True
        ),
        **DAYS,
        "opened_on": Fact(DAY, "when it was opened"),
    }
)

PANEL = Facts(
    EVALUATION
    | {
        "organisations": Fact(
            Listed(OrNull(Id("Organisation"))), "of whom its experts are, in order; null: of nobody"
        )
    }
)

ERASED = Facts(EVALUATION | EXPERT)

SCORED = Facts(
    {
        **EVALUATION,
        **EXPERT,
        "item": Fact(TEXT, "which item, its code"),
        "points": Fact(NUMBER, "points of 100, where it is scored", optional=True),
        "met": Fact(TRUTH, "whether it is met, where that is asked", optional=True),
    }
)

FOUND = Facts(
    {
        "finding": Fact(Id("EvaluationFinding"), "which one", source="position"),
        "evaluation": Fact(Id("Evaluation"), "of which evaluation"),
        "severity": Fact(TEXT, "how grave it is, a word of FindingSeverity"),
        "due": Fact(DAY, "until when it is to be answered"),
    }
)

STEPPED = Facts(
    {
        "finding": Fact(Id("EvaluationFinding"), "which one", source="subject"),
        "state": Fact(TEXT, "what it is from here on, a word of FindingState"),
    }
)

DECIDED = Facts(
    {
        **EVALUATION,
        "verdict": Fact(TEXT, "the verdict, a word of the API"),
        "as_of": Fact(BIG, "as of which position"),
        "score": Fact(NUMBER, "its score, where it is scored", optional=True),
        "gross": Fact(NUMBER, "what the range emitted, t CO2e", optional=True),
        "sinks": Fact(NUMBER, "what its sinks removed, t CO2e", optional=True),
        "purchased": Fact(BIG, "tonnes of credits that were retired for it", optional=True),
        "result": Fact(NUMBER, "what that comes to, t CO2e", optional=True),
    }
)

FOLLOWED = Facts(
    {
        **EVALUATION,
        "finding": Fact(Id("EvaluationFinding"), "the finding that it follows", optional=True),
        "measure": Fact(Id("Measure"), "the measure that was planned for it"),
    }
)

OF_EVALUATIONS = {
    EntryKind.EVALUATION_OPENED: OPENED,
    EntryKind.EVALUATION_SELF_EVALUATED: Facts(EVALUATION),
    EntryKind.EVALUATION_PANEL_APPOINTED: PANEL,
    EntryKind.EXPERT_NAME_ERASED: ERASED,
    EntryKind.EVALUATION_SITE_VISITED: Facts(EVALUATION | ON),
    EntryKind.EVALUATION_ITEM_SCORED: SCORED,
    EntryKind.FINDING_RECORDED: FOUND,
    EntryKind.FINDING_ANSWERED: STEPPED,
    EntryKind.FINDING_CLOSED: STEPPED,
    EntryKind.EVALUATION_DECIDED: DECIDED,
    EntryKind.EVALUATION_FOLLOWED_UP: FOLLOWED,
}
