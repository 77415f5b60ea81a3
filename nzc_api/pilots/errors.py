"""What the pilots room refuses."""

from collections.abc import Sequence
from dataclasses import dataclass

from nzc_api.guide.terms import ApplicantKind
from nzc_api.ids import PeriodId, PilotId, Position
from nzc_api.pilots.model import AccountingPeriod, DateSpan, Resting
from nzc_api.refusal import NotFound, Refusal

# How many of what can be many a refusal names; it says how many more there are.
MOST_PILOTS = 20
MOST_PERIODS = 20
MOST_RESTING = 20


@dataclass(frozen=True, kw_only=True)
class PilotCodeTaken(Refusal):
    """Another pilot has the code."""

    code = "PILOT_CODE_TAKEN"
    zh = "试点代码“{pilot_code}”已被使用"
    en = "The pilot code “{pilot_code}” is taken"

    pilot_code: str
    pilot_id: PilotId


@dataclass(frozen=True, kw_only=True)
class ApplicantNotEligible(Refusal):
    """The guide (section 二) does not name this applicant for the kind of pilot."""

    code = "APPLICANT_NOT_ELIGIBLE"
    zh = "指南{section}规定的{kind_zh}申报主体不包括“{applicant}”；可为：{accepted}"
    en = (
        "Section {section} of the guide does not let “{applicant}” apply for pilots of the kind "
        "“{kind_en}”; it names: {accepted}"
    )

    applicant: ApplicantKind
    kind_zh: str
    kind_en: str
    section: str
    accepted: tuple[ApplicantKind, ...]


@dataclass(frozen=True, kw_only=True)
class DatesOutOfOrder(Refusal):
    """A span whose end lies before its start."""

    code = "DATES_OUT_OF_ORDER"
    malformed = True
    zh = "结束日期{ends_on}早于开始日期{starts_on}"
    en = "The end {ends_on} lies before the start {starts_on}"

    starts_on: str
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class AccountingPeriodOverlap(Refusal):
    """The period shares days with another of the same pilot."""

    code = "ACCOUNTING_PERIOD_OVERLAP"
    zh = "核算期{starts_on}至{ends_on}与已登记的{other_starts_on}至{other_ends_on}重叠"
    en = (
        "The period {starts_on} to {ends_on} overlaps the registered one from {other_starts_on} "
        "to {other_ends_on}"
    )

    starts_on: str
    ends_on: str
    other_starts_on: str
    other_ends_on: str
    period_id: PeriodId | None


@dataclass(frozen=True, kw_only=True)
class SurroundingPilotCycle(Refusal):
    """Placing the pilot there would make it lie inside itself."""

    code = "SURROUNDING_PILOT_CYCLE"
    most_told = MOST_PILOTS + 1
    zh = "试点不能位于自身之内：{chain}"
    en = "A pilot cannot lie inside itself: {chain}"

    chain: tuple[str, ...]
    pilot_ids: tuple[PilotId, ...]
    more: int = 0

    @classmethod
    def of(cls, pilots: Sequence[tuple[PilotId, str]], *path: str) -> "SurroundingPilotCycle":
        """The refusal of a chain of pilots (id, code), however long."""
        named, more = pilots[:MOST_PILOTS], max(len(pilots) - MOST_PILOTS, 0)
        chain = tuple(code for _, code in named) + ("…",) * bool(more)
        return cls(
            path=path, chain=chain, pilot_ids=tuple(pilot_id for pilot_id, _ in named), more=more
        )


@dataclass(frozen=True, kw_only=True)
class PilotClosed(Refusal):
    """Days after the pilot's last day of operation."""

    code = "PILOT_CLOSED"
    zh = (
        "试点“{pilot_code}”已停止运营，最后一日为{closed_on}；{starts_on}至{ends_on}含有此后的日期，"
        "请仅填报至该日"
    )
    en = (
        "The pilot “{pilot_code}” is closed: its last day of operation was {closed_on}, and {starts_on} to "
        "{ends_on} has days after it; account for days up to that one"
    )

    pilot_id: PilotId
    pilot_code: str
    closed_on: str
    starts_on: str
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class PeriodNotOfPilot(Refusal):
    """An accounting period that is not one of the pilot's, or was withdrawn."""

    code = "PERIOD_NOT_OF_PILOT"
    most_told = MOST_PERIODS
    zh = "试点“{pilot_code}”没有该核算期，或该核算期已撤回；其核算期为：{earlier}{periods}"
    en = (
        "That accounting period is not of the pilot “{pilot_code}”, or was withdrawn; its periods are: "
        "{earlier}{periods}"
    )

    pilot_code: str
    periods: tuple[str, ...]
    more: int = 0
    earlier: str = ""

    @classmethod
    def of(cls, pilot_code: str, spans: Sequence[DateSpan], *path: str) -> "PeriodNotOfPilot":
        """The refusal of a period that is none of the pilot's, which are over these days."""
        named = tuple(f"{span.starts_on} – {span.ends_on}" for span in spans[-MOST_PERIODS:])
        more = len(spans) - len(named)
        return cls(
            path=path,
            pilot_code=pilot_code,
            periods=named,
            more=more,
            earlier="… " if more else "",
        )


@dataclass(frozen=True, kw_only=True)
class AccountingPeriodWithdrawn(Refusal):
    """An accounting period that was withdrawn before."""

    code = "ACCOUNTING_PERIOD_WITHDRAWN"
    zh = "核算期{starts_on}至{ends_on}已在记录位置{withdrawn_position}撤回，不能再撤回"
    en = "The period {starts_on} to {ends_on} was withdrawn already, at position {withdrawn_position}"

    starts_on: str
    ends_on: str
    withdrawn_position: Position


@dataclass(frozen=True, kw_only=True)
class AccountingPeriodInUse(Refusal):
    """An accounting period that something rests on: inventories, credits retired or requested for it, or baselines
    of targets. Of each the first twenty are named."""

    code = "ACCOUNTING_PERIOD_IN_USE"
    zh = (
        "核算期{starts_on}至{ends_on}不能撤回，以其为依据的有：清单{inventory_count}份、减排量记录{posting_count}笔、"
        "目标{target_count}版；请先放弃草稿、更正注销、取消申请。已提交的清单和目标不能取消，其核算期不能撤回"
    )
    en = (
        "The period {starts_on} to {ends_on} cannot be withdrawn: on it rest {inventory_count} inventories, "
        "{posting_count} postings of credits and {target_count} versions of targets. Discard drafts, correct "
        "retirements and cancel requests first; submitted inventories and targets stay, and so does their period"
    )

    starts_on: str
    ends_on: str
    inventory_count: int
    inventory_ids: tuple[int, ...]
    posting_count: int
    posting_ids: tuple[int, ...]
    target_count: int
    target_ids: tuple[int, ...]

    @classmethod
    def of(
        cls, period: AccountingPeriod, inventories: Resting, postings: Resting, targets: Resting
    ) -> "AccountingPeriodInUse":
        """The refusal to withdraw a period that these rest on."""
        return cls(
            starts_on=str(period.span.starts_on),
            ends_on=str(period.span.ends_on),
            inventory_count=inventories.count,
            inventory_ids=inventories.ids,
            posting_count=postings.count,
            posting_ids=postings.ids,
            target_count=targets.count,
            target_ids=targets.ids,
        )


def pilot_not_found(pilot_id: PilotId, field: str) -> NotFound:
    return NotFound.born_at(pilot_id, "试点", "pilot", field)
