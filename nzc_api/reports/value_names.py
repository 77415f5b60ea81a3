"""What values are called in reports, where no message names them; the schema's labels are the same."""

from collections.abc import Mapping
from enum import StrEnum

from nzc_api.guide.terms import Treatment
from nzc_api.inventories.model import AssuranceLevel, Basis, DataQuality, Scope
from nzc_api.refusal import LocalizedText
from nzc_api.statements.coverage import CoverageStatus

VALUE_NAMES: Mapping[type[StrEnum], Mapping[str, LocalizedText]] = {
    Basis: {
        "HISTORICAL": LocalizedText("历史碳排放摸查", "survey of past emissions"),
        "PROJECTED": LocalizedText("投产后碳排放预估", "projection after commissioning"),
        "OPERATIONAL": LocalizedText("运营实测", "measured in operation"),
    },
    DataQuality: {
        "MEASURED": LocalizedText("实测", "measured"),
        "BILLED": LocalizedText("账单", "billed"),
        "ESTIMATED": LocalizedText("估算", "estimated"),
        "DEFAULT": LocalizedText("缺省值", "default"),
    },
    Treatment: {
        "IN_SCOPE": LocalizedText("计入", "in scope"),
        "COUNTED_UNLISTED": LocalizedText("未列明，计入", "counted though unlisted"),
        "DEDUCTED": LocalizedText("输出，扣减", "exported, deducted"),
        "MEMO": LocalizedText("仅列示，不计入", "memo"),
    },
    CoverageStatus: {
        "COMPLETE": LocalizedText("完整", "complete"),
        "PARTIAL": LocalizedText("部分", "partial"),
        "NONE": LocalizedText("无", "none"),
    },
    Scope: {
        "SCOPE_1": LocalizedText("范围一", "scope 1"),
        "SCOPE_2": LocalizedText("范围二", "scope 2"),
        "SCOPE_3": LocalizedText("范围三", "scope 3"),
    },
    AssuranceLevel: {
        "LIMITED": LocalizedText("有限保证", "limited assurance"),
        "REASONABLE": LocalizedText("合理保证", "reasonable assurance"),
    },
}
