"""What the monitoring room refuses."""

from dataclasses import dataclass

from nzc_api.monitoring.model import DenominatorKind
from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class DenominatorNotPositive(Refusal):
    """Nothing is stated per zero, or per less."""

    code = "DENOMINATOR_NOT_POSITIVE"
    malformed = True
    zh = "{kind}须大于0，而非{value}：强度不能除以0；如需撤回已登记的数值，请将value留空"
    en = (
        "The {kind} must be above 0, not {value}: nothing is stated per zero. To take back what was recorded, leave "
        "`value` out"
    )

    kind: DenominatorKind
    value: str


@dataclass(frozen=True, kw_only=True)
class DenominatorOverlaps(Refusal):
    """Of one day two amounts would count. Of the very same days another amount takes the place of the one before."""

    code = "DENOMINATOR_OVERLAPS"
    zh = (
        "{starts_on}至{ends_on}的{kind}与已登记的{other_starts_on}至{other_ends_on}有重叠日期；"
        "如需更正，请就后者的相同日期重新登记，或先将其撤回（value留空）"
    )
    en = (
        "The {kind} from {starts_on} to {ends_on} shares days with the one recorded from {other_starts_on} to "
        "{other_ends_on}; to correct that, record those very days again, or take it back first (without `value`)"
    )

    kind: DenominatorKind
    starts_on: str
    ends_on: str
    other_starts_on: str
    other_ends_on: str
