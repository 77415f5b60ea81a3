"""What the access room refuses."""

from dataclasses import dataclass

from nzc_api.ids import OrganisationId
from nzc_api.refusal import NotFound, Refusal


@dataclass(frozen=True, kw_only=True)
class CreditCodeTaken(Refusal):
    """Another organisation has the unified social credit code."""

    code = "CREDIT_CODE_TAKEN"
    zh = "统一社会信用代码“{credit_code}”已属于另一组织"
    en = "The unified social credit code “{credit_code}” is another organisation's"

    credit_code: str
    organisation_id: OrganisationId


def organisation_not_found(organisation_id: OrganisationId, *path: str) -> NotFound:
    return NotFound.born_at(organisation_id, "组织", "organisation", *path)
