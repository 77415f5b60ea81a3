"""The words of statements, each value described."""

from nzc_api.schema.kit.fields import described_enum
from nzc_api.statements.coverage import CoverageStatus
from nzc_api.statements.model import Assurance
from nzc_api.statements.reasons import CoverageReason, NoteCode, UnknownReason

__all__ = ["Assurance", "CoverageReason", "CoverageStatus", "NoteCode", "UnknownReason"]

described_enum(
    CoverageStatus,
    "How much of the period and of the scope a statement's inventories cover.",
    {
        "COMPLETE": "every day of operation, every category of sources in scope, no days missing of a meter, nothing "
        "implausibly small",
        "PARTIAL": "some: the gaps and warnings say what is missing",
        "NONE": "there is no inventory that you see",
    },
)
described_enum(
    CoverageReason,
    "Why a reader should look at what a statement covers.",
    {
        "PARTLY_IN_OPERATION": "the pilot was not in operation on all days of the period",
        "BEFORE_OPERATION": "an inventory has days from before its operation began",
        "IMPLAUSIBLY_SMALL": "an inventory comes to less than any such pilot plausibly emits in so many "
        "days; the coverage is then partial",
        "METER_DAYS_MISSING": "a line lacks days of the meter that it was drafted from; the coverage is then partial",
    },
)
described_enum(
    UnknownReason,
    "Why a number is not known.",
    {
        "NO_PERIOD": "a portfolio's root has no accounting period of the year",
        "NOT_SHOWN": "you do not see what a portfolio's root, or a pilot of an evaluation's range, states",
        "NO_INVENTORY": "there is no inventory for the period on the basis that you see",
        "NO_SOURCES": "no emission source counts, and not every category in scope is declared not to "
        "occur",
        "GWP_SETS_DIFFER": "the inventories use different warming potentials: their CO2e is not one sum",
        "ELECTRICITY_METHODS_DIFFER": "bought electricity counts by different methods: a net is by one",
        "LESS_THAN_INSIDE": "a portfolio's root states less than the pilots inside it do",
        "LINES_DO_NOT_FIT": "lines of an inventory cannot be accounted anew on another basis",
        "TOO_MANY_LINES": "an inventory has more lines than are accounted anew for one answer",
    },
)
described_enum(
    NoteCode,
    "What a reader of a statement should know, though its numbers stand.",
    {
        "FACTOR_LISTS_DIFFER": "the inventories use fuel factors of different sources",
        "PILOT_REGISTERED_TWICE": "another pilot is at the same site and seems to be the same one",
    },
)
described_enum(
    Assurance,
    "Whether the inventories that a statement rests on are verified. Who sees only what is verified has "
    "statements of that alone.",
    {
        "VERIFIED": "all of them",
        "MIXED": "some of them",
        "SUBMITTED": "none of them",
        "NONE": "there are none",
    },
)
