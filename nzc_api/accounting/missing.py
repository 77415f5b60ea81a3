"""Factors that are wanted and were not found in a citable place: none is invented in their stead."""

import json
from dataclasses import dataclass

from nzc_api.accounting.factors import DATA
from nzc_api.refusal import LocalizedText


@dataclass(frozen=True, slots=True)
class MissingFactor:
    """What is missing, the guide's category it would be for, where it would be found, and why it is
    not here."""

    code: str
    category: str
    name: LocalizedText
    would_be_in: LocalizedText
    reason: LocalizedText


MISSING_FACTORS = tuple(
    MissingFactor(
        code=row["code"],
        category=row["category"],
        name=LocalizedText(**row["name"]),
        would_be_in=LocalizedText(**row["would_be_in"]),
        reason=LocalizedText(**row["reason"]),
    )
    for row in json.loads((DATA / "missing_factors.json").read_text("utf-8"))
)
