"""Why something is put right, or ordered. Pure."""

from dataclasses import dataclass

from nzc_api.refusal import Refusal
from nzc_api.text import name_problem

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why: the document that orders or shows it, and the reason in words."""

    document: str
    reason: str


def check_grounds(grounds: Grounds) -> Refusal | None:
    """Refuse grounds without a document or a reason."""
    return name_problem(grounds.document, "document") or name_problem(
        grounds.reason, "reason", longest=LONGEST_REASON
    )
