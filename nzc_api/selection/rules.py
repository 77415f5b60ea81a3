"""What an application, a claim, a judgement and a decision must be. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from nzc_api.accounting.exact import plain
from nzc_api.documents.rules import check_document
from nzc_api.grounds import LONGEST_REASON
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import PilotVariant
from nzc_api.refusal import InvalidInput, Refusal, first_refused
from nzc_api.selection.criteria import judged_of
from nzc_api.selection.errors import ApplicationDecided, ApplicationNotInState, CriterionNotOfKind
from nzc_api.selection.model import (
    Application,
    ApplicationDecision,
    ApplicationState,
    Boundary,
    ClaimCriterion,
    ClaimDocument,
    Corner,
    DecideApplication,
    JudgeCriterion,
)
from nzc_api.text import saying_problem

LONGEST_TEXT = LONGEST_REASON
MOST_DOCUMENTS = 20
FEWEST_CORNERS, MOST_CORNERS = 3, 500

# All of Guangdong has 17.98 million hectares; a square metre is the finest that is asked.
MOST_HECTARES: Final = 18_000_000
HECTARE_DECIMALS: Final = 4

# What may be done to an application, by where it stands.
WRITTEN = (ApplicationState.OPEN, ApplicationState.RETURNED)
WITHDRAWABLE = (*WRITTEN, ApplicationState.SUBMITTED)
JUDGED = (ApplicationState.SUBMITTED,)

_DECIDED = (ApplicationState.SELECTED, ApplicationState.NOT_SELECTED)


def check_boundary(boundary: Boundary) -> Refusal | None:
    """Whether it can be a pilot's boundary: words that say something, an area and an outline that can be."""
    return (
        saying_problem(boundary.words, "words", longest=LONGEST_TEXT)
        or _check_hectares(boundary.hectares)
        or _check_outline(boundary.outline)
    )


def check_state(application: Application, accepted: tuple[ApplicationState, ...]) -> Refusal | None:
    """Whether an application stands where what is done to it needs it."""
    return _check_undecided(application) or _check_accepted(application, accepted)


def check_claim(variant: PilotVariant, claim: ClaimCriterion) -> Refusal | None:
    """Whether something can be claimed of a variant."""
    return (
        check_criterion(variant, claim.criterion)
        or saying_problem(claim.statement, "statement", longest=LONGEST_TEXT)
        or _check_documents(claim.documents)
    )


def check_judgement(variant: PilotVariant, judgement: JudgeCriterion) -> Refusal | None:
    """Whether something can be found of a variant's application."""
    return check_criterion(variant, judgement.criterion) or check_reason(judgement.reason)


def check_decision(decision: DecideApplication) -> Refusal | None:
    """Whether it can be decided so."""
    return check_reason(decision.reason) or _check_pilot_code(decision)


def check_reason(reason: str) -> Refusal | None:
    return saying_problem(reason, "reason", longest=LONGEST_TEXT)


def check_criterion(variant: PilotVariant, criterion: str) -> Refusal | None:
    """Whether it is claimed and judged of a variant's kind."""
    accepted = judged_of(variant)
    if criterion in accepted:
        return None
    kind = GUIDE.kind_of(variant)
    return CriterionNotOfKind(
        path=("criterion",),
        criterion=criterion[:80],
        kind_zh=kind.name.zh,
        kind_en=kind.name.en,
        section=kind.section_applicants,
        accepted=accepted,
    )


def _check_undecided(application: Application) -> Refusal | None:
    if application.state not in _DECIDED:
        return None
    return ApplicationDecided(
        path=("application",),
        application_id=application.id,
        application_zh=application.name.zh,
        application_en=application.name.en,
        state=application.state,
        pilot_id=application.pilot_id,
    )


def _check_accepted(
    application: Application, accepted: tuple[ApplicationState, ...]
) -> Refusal | None:
    if application.state in accepted:
        return None
    return ApplicationNotInState(
        path=("application",),
        application_id=application.id,
        application_zh=application.name.zh,
        application_en=application.name.en,
        state=application.state,
        accepted=accepted,
    )


def _check_pilot_code(decision: DecideApplication) -> Refusal | None:
    selected = decision.decision is ApplicationDecision.SELECTED
    if selected is (decision.pilot_code is not None):
        return None
    return InvalidInput(
        path=("pilot_code",),
        value=str(decision.pilot_code or "null")[:80],
        expected_zh="决定为SELECTED时须给出所登记试点的代码，其他决定不填",
        expected_en="the code of the pilot to register where the decision is SELECTED, and else none",
    )


def _check_hectares(hectares: Decimal | None) -> Refusal | None:
    if hectares is None or (
        0 < hectares <= MOST_HECTARES and hectares == round(hectares, HECTARE_DECIMALS)
    ):
        return None
    return InvalidInput(
        path=("hectares",),
        value=plain(hectares),
        expected_zh=f"大于0、不超过{MOST_HECTARES}公顷，至多{HECTARE_DECIMALS}位小数（1平方米）",
        expected_en=f"above 0, to {MOST_HECTARES} hectares, with at most {HECTARE_DECIMALS} decimals (a square metre)",
    )


def _check_outline(outline: Sequence[Corner] | None) -> Refusal | None:
    if outline is None:
        return None
    if not FEWEST_CORNERS <= len(outline) <= MOST_CORNERS or len(set(outline)) < len(outline):
        return InvalidInput(
            path=("outline",),
            value=str(len(outline)),
            expected_zh=f"{FEWEST_CORNERS}至{MOST_CORNERS}个互不相同的拐点，不重复首点",
            expected_en=f"{FEWEST_CORNERS} to {MOST_CORNERS} corners, each once, the first one not repeated",
        )
    return next(filter(None, map(_check_corner, range(len(outline)), outline)), None)


def _check_corner(number: int, corner: Corner) -> Refusal | None:
    for field, value, limit in zip(("latitude", "longitude"), corner, (90, 180), strict=True):
        if not -limit <= value <= limit:
            return InvalidInput(
                path=("outline", str(number), field),
                value=plain(value),
                expected_zh=f"−{limit}至{limit}之间的十进制度数",
                expected_en=f"decimal degrees from −{limit} to {limit}",
            )
    return None


def _check_documents(documents: Sequence[ClaimDocument]) -> Refusal | None:
    if len(documents) > MOST_DOCUMENTS or len({d.sha256 for d in documents}) < len(documents):
        return InvalidInput(
            path=("documents",),
            value=str(len(documents)),
            expected_zh=f"至多{MOST_DOCUMENTS}个文件，同一文件一次",
            expected_en=f"at most {MOST_DOCUMENTS} documents, each file once",
        )
    return first_refused("documents", documents, check_document)
