"""Why something is not known, or should be looked at: a code, its facts, and a bilingual message."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from nzc_api.accounting.exact import plain
from nzc_api.accounting.gases import GwpSet
from nzc_api.guide.terms import Category
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.refusal import LocalizedText, told


class UnknownReason(StrEnum):
    """Why a number is not known."""

    NO_PERIOD = "NO_PERIOD"
    NOT_SHOWN = "NOT_SHOWN"
    NO_INVENTORY = "NO_INVENTORY"
    NO_SOURCES = "NO_SOURCES"
    GWP_SETS_DIFFER = "GWP_SETS_DIFFER"
    ELECTRICITY_METHODS_DIFFER = "ELECTRICITY_METHODS_DIFFER"
    LESS_THAN_INSIDE = "LESS_THAN_INSIDE"
    LINES_DO_NOT_FIT = "LINES_DO_NOT_FIT"
    TOO_MANY_LINES = "TOO_MANY_LINES"


class NoteCode(StrEnum):
    """What a reader of a statement should know, though its numbers stand."""

    FACTOR_LISTS_DIFFER = "FACTOR_LISTS_DIFFER"
    PILOT_REGISTERED_TWICE = "PILOT_REGISTERED_TWICE"


class CoverageReason(StrEnum):
    """Why a reader should look at what a statement covers."""

    PARTLY_IN_OPERATION = "PARTLY_IN_OPERATION"
    BEFORE_OPERATION = "BEFORE_OPERATION"
    IMPLAUSIBLY_SMALL = "IMPLAUSIBLY_SMALL"
    METER_DAYS_MISSING = "METER_DAYS_MISSING"


_UNKNOWN: Mapping[UnknownReason, LocalizedText] = {
    UnknownReason.NO_PERIOD: LocalizedText(
        "试点没有这一日历年的核算期，其排放量未知",
        "The pilot has no accounting period of that calendar year: its emissions are not known",
    ),
    UnknownReason.NOT_SHOWN: LocalizedText(
        "该试点的净排放结果不对外公开，其排放量未知",
        "What the pilot states is not public: its emissions are not known",
    ),
    UnknownReason.NO_INVENTORY: LocalizedText(
        "该核算期没有按此口径提交且您可见的清单，排放量未知",
        "No inventory that you see was submitted for the period on this basis: the emissions are not known",
    ),
    UnknownReason.NO_SOURCES: LocalizedText(
        "清单中没有计入的排放源，又未声明核算范围内的各类别均不发生，排放量未知；未声明的类别：{categories}",
        "No emission source of the inventories counts, and not every category in scope is declared not "
        "to occur, so the emissions are not known; not declared: {categories}",
    ),
    UnknownReason.GWP_SETS_DIFFER: LocalizedText(
        "清单采用不同的全球变暖潜势（{gwp_sets}），其二氧化碳当量不能相加；请用同一套潜势创建新版本",
        "The inventories use different warming potentials ({gwp_sets}), so their CO2e is not one sum; "
        "make new versions that use one set",
    ),
    UnknownReason.ELECTRICITY_METHODS_DIFFER: LocalizedText(
        "清单的外购电力按不同的方法（{electricity_methods}）计入，净排放量不能既基于位置又基于市场；"
        "请用同一种方法（electricityMethod）创建新版本",
        "Bought electricity counts by different methods in the inventories ({electricity_methods}), and a net is by "
        "one; make new versions that use one (`electricityMethod`)",
    ),
    UnknownReason.LESS_THAN_INSIDE: LocalizedText(
        "试点的排放量{gross} t CO2e小于其内部各试点的排放量{inside} t CO2e，两者必有一误",
        "The pilot's emissions of {gross} t CO2e are less than the {inside} t CO2e of the pilots inside "
        "it: one of them is wrong",
    ),
    UnknownReason.LINES_DO_NOT_FIT: LocalizedText(
        "有{lines}行不能按另一因子列表或全球变暖潜势重新核算，清单届时的数值未知",
        "{lines} lines cannot be accounted anew with the other list or potentials: what the inventory would "
        "come to is not known",
    ),
    UnknownReason.TOO_MANY_LINES: LocalizedText(
        "清单有{lines}行，超过此处重新核算的{most}行；请对reviseInventory使用dryRun查看",
        "The inventory has {lines} lines, more than the {most} that are accounted anew here; a dry run of "
        "`reviseInventory` shows what it would come to",
    ),
}

_NOTES: Mapping[NoteCode, LocalizedText] = {
    NoteCode.FACTOR_LISTS_DIFFER: LocalizedText(
        "清单采用不同来源的燃料因子：{families}",
        "The inventories use fuel factors of different sources: {families}",
    ),
    NoteCode.PILOT_REGISTERED_TWICE: LocalizedText(
        "该试点与另一试点（{pilots}）场址相同，疑似同一对象重复登记：管理部门核实前，两者的排放量和抵消量不宜同时采信",
        "The pilot is at one site with another one ({pilots}) and may be the same, registered twice: until an "
        "administrator resolves that, the emissions and offsets of both should not be relied on together",
    ),
}

_COVERAGE: Mapping[CoverageReason, LocalizedText] = {
    CoverageReason.PARTLY_IN_OPERATION: LocalizedText(
        "核算期共{days_in_period}天，试点仅运营{days}天（{starts_on}至{ends_on}）：其数值不是整个核算期的数值",
        "The pilot was in operation for {days} of the period's {days_in_period} days ({starts_on} to "
        "{ends_on}): its figures are not those of the whole period",
    ),
    CoverageReason.BEFORE_OPERATION: LocalizedText(
        "清单含有试点投入运营（{starts_on}）之前的日期：{days}天",
        "The inventories have {days} days from before the pilot's operation, which began on {starts_on}",
    ),
    CoverageReason.IMPLAUSIBLY_SMALL: LocalizedText(
        "清单{days}天的排放量为{co2e} t CO2e，而此类试点同样天数通常不少于{least} t CO2e：请核对单位和遗漏的排放源",
        "The inventories' {days} days come to {co2e} t CO2e, where a pilot of this kind has at least about "
        "{least}: look at the units, and for sources that are missing",
    ),
    CoverageReason.METER_DAYS_MISSING: LocalizedText(
        "清单中有一行所依据的计量点缺{days}天的读数或账单：这些日期的用量未计入，也不作零处理。请补录，或用fillGap注明方法补估，再在新版本中重新起草该行",
        "Of a meter that a line of the inventories was drafted from {days} days have no reading and no bill: what was "
        "used on them is not counted, and is not zero. Record it, or fill the gap (`fillGap`), and draft the line anew "
        "in a new version",
    ),
}


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why numbers of a statement or portfolio are not known.

    ``gwp_sets`` and ``electricity_methods`` are those that differ, ``categories`` those in scope that are not
    declared not to occur, where the reason is about them; ``gross`` and ``inside``, of a portfolio's root, are what it
    states and the least that those inside it come to, t CO2e; ``lines`` are those that do not fit
    another basis, or all of an inventory that has more than ``most``.
    """

    reason: UnknownReason
    gwp_sets: tuple[GwpSet, ...] = ()
    categories: tuple[Category, ...] = ()
    gross: Decimal | None = None
    inside: Decimal | None = None
    lines: int | None = None
    most: int | None = None
    electricity_methods: tuple[ElectricityMethod, ...] = ()

    @property
    def message(self) -> LocalizedText:
        facts = {
            "gwp_sets": self.gwp_sets,
            "categories": self.categories,
            "gross": _number(self.gross),
            "inside": _number(self.inside),
            "lines": self.lines,
            "most": self.most,
            "electricity_methods": self.electricity_methods,
        }
        return told(_UNKNOWN[self.reason], facts)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader should know; ``families`` are the fuel factors' sources that are mixed,
    ``pilots`` the codes of those that seem to be the same, the first twenty."""

    code: NoteCode
    families: tuple[LocalizedText, ...] = ()
    pilots: tuple[str, ...] = ()

    @property
    def message(self) -> LocalizedText:
        return told(_NOTES[self.code], {"families": self.families, "pilots": self.pilots})


@dataclass(frozen=True, slots=True)
class CoverageWarning:
    """Something about what is covered that a reader should look at.

    ``days`` are those that the reason is about; ``co2e`` and ``least`` (t CO2e) what they come to and
    the least that is plausible, where it is about that.
    """

    reason: CoverageReason
    days: int
    days_in_period: int
    starts_on: date | None = None
    ends_on: date | None = None
    co2e: Decimal | None = None
    least: Decimal | None = None

    @property
    def message(self) -> LocalizedText:
        facts = {
            "days": self.days,
            "days_in_period": self.days_in_period,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
            "co2e": _number(self.co2e),
            "least": _number(self.least),
        }
        return told(_COVERAGE[self.reason], facts)


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
