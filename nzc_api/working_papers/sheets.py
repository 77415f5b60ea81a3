"""The tables of evidence, each a CSV and a sheet of the workbook: their columns are data. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nzc_api.files.columns import Column, Figure, cells_of
from nzc_api.files.writing import MARK, table_of
from nzc_api.packs.verified import verified_columns


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table by its name, and what a row of it is."""

    name: str
    zh: str
    en: str
    columns: Sequence[Column]

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    def rows_of(self, rows: Iterable[Any]) -> list[list[str | Figure | None]]:
        return [cells_of(row, self.columns) for row in rows]


def csv_of(sheet: Sheet, rows: Iterable[Sequence[object]]) -> bytes:
    """A table as CSV, of which no cell is taken for a formula."""
    return MARK + table_of([[column.name for column in sheet.columns], *rows])


def _column(name: str, zh: str, en: str, datatype: str = "string", path: str = "") -> Column:
    return Column(name=name, path=path or name, zh=zh, en=en, datatype=datatype)


_BOUGHT = "purchasedReductions"
_AS_OF = _column("asOfPosition", "日志位置", "position of the log as of which it is", "integer")
_POSITION = _column("position", "日志位置", "position of the log", "integer")
_CO2E = _column("co2e", "t CO2e", "t CO2e", "decimal")
_QUANTITY = _column("quantity", "吨数", "tonnes", "integer")
_SERIALS = (
    _column("batch", "签发批次的日志位置", "position at which the batch was issued", "integer"),
    _column("first", "首个序列号", "first serial", "integer"),
    _column("last", "末个序列号", "last serial", "integer"),
    _column("serials", "登记机构写法的序列号", "serials as the registry writes them"),
    _QUANTITY,
)

STATEMENTS = Sheet(
    "statements",
    "各位置的净排放核算结果",
    "the statement as of each position",
    (
        _AS_OF,
        _column("basis", "依据", "basis"),
        _column("assurance", "核查情况", "assurance"),
        _column("coverage", "覆盖情况", "coverage", path="coverage.status"),
        _column("daysInPeriod", "核算期天数", "days of the period", "integer", "coverage.daysInPeriod"),
        _column("daysCovered", "已覆盖天数", "days covered", "integer", "coverage.daysCovered"),
        _column("electricityMethod", "外购电力计法", "how bought electricity counts"),
        _column("grossCo2e", "排放总量，t CO2e", "gross, t CO2e", "decimal", "gross.co2e"),
        _column("sinksMeasuredCo2e", "实测碳汇，t CO2e", "sinks measured, t CO2e", "decimal", "sinks.measuredCo2e"),
        _column("sinksSoldCo2e", "已出售碳汇，t CO2e", "sinks sold, t CO2e", "decimal", "sinks.soldCo2e"),
        _column("sinksCo2e", "可用碳汇，t CO2e", "usable sinks, t CO2e", "decimal", "sinks.co2e"),
        _column("retiredQuantity", "已注销且有效，t", "in force, t", "integer", f"{_BOUGHT}.retiredQuantity"),
        _column("purchasedQuantity", "计入的外购减排量，t", "purchases, t", "integer", f"{_BOUGHT}.quantity"),
        _column("shortfallQuantity", "已失效，t", "in force no more, t", "integer", f"{_BOUGHT}.shortfallQuantity"),
        _column("netCo2e", "净排放量，t CO2e", "net, t CO2e", "decimal"),
        _column("unknown", "未知原因", "why it is not known", path="unknown.reason"),
        _column("notes", "提示", "notes", path="notes.code"),
    ),
)  # fmt: skip

CATEGORIES = Sheet(
    "categories",
    "各类别的排放与碳汇",
    "emissions and sinks by category",
    (
        _AS_OF,
        _column("role", "排放源或碳汇", "source or sink"),
        _column("category", "类别", "category"),
        _CO2E,
    ),
)

_TERM_CHANGES = (
    _column("grossCo2e", "排放总量变化，t CO2e", "change of the gross, t CO2e", "decimal", "change.grossCo2e"),
    _column("sinksCo2e", "可用碳汇变化，t CO2e", "change of usable sinks, t CO2e", "decimal", "change.sinksCo2e"),
    _column("purchasedCo2e", "外购减排量变化，t CO2e", "change of them, t CO2e", "decimal", "change.purchasedCo2e"),
    _column("netCo2e", "净排放量变化，t CO2e", "change of the net, t CO2e", "decimal", "change.netCo2e"),
)  # fmt: skip
_FROM_TO = (
    _column("fromPosition", "起始位置", "position before", "integer"),
    _column("toPosition", "结束位置", "position afterwards", "integer"),
)

DIFFERENCES = Sheet(
    "differences",
    "各位置之间按项的差异",
    "the difference between positions, by terms",
    (
        *_FROM_TO,
        *_TERM_CHANGES,
        _column("unknown", "未知原因", "why it is not known", path="change.unknown.reason"),
    ),
)

CHANGES = Sheet(
    "changes",
    "差异由哪些日志造成",
    "which entries of the log made the difference",
    (
        *_FROM_TO,
        _POSITION,
        _column("kind", "事项", "what happened", path="event.kind"),
        *_TERM_CHANGES,
        _column("netAfterCo2e", "其后的净排放量，t CO2e", "the net afterwards, t CO2e", "decimal", "after.netCo2e"),
    ),
)  # fmt: skip

INVENTORIES = Sheet(
    "inventories",
    "所依据的清单",
    "the inventories that it rests on",
    (
        _column("inventory", "序号", "number", "integer"),
        _column("id", "标识", "id"),
        _column("version", "版本", "version", "integer"),
        _column("status", "状态", "status"),
        _column("phase", "阶段", "phase"),
        _column("basis", "依据", "basis"),
        _column("startsOn", "首日", "first day", "date"),
        _column("endsOn", "末日", "last day", "date"),
        _column("gwpSet", "增温潜势", "warming potentials"),
        _column("factorList", "因子表", "factor list", path="factorList.code"),
        _column("factorListVersion", "因子表版本", "its version", "integer", "factorList.version"),
        _column("electricityMethod", "外购电力计法", "how bought electricity counts"),
        _column("submittedPosition", "提交位置", "position at which it was submitted", "integer"),
        _column("verifiedPosition", "核查位置", "position at which it was verified", "integer"),
        _column("opinion", "核查意见", "the verifier's opinion", path="opinion.level"),
        _column("reportHash", "核查报告的SHA-256", "SHA-256 of the verifier's report", path="opinion.reportHash"),
        _column("linesShown", "是否列出各行", "whether its lines are shown"),
    ),
)  # fmt: skip

LINES = Sheet(
    "lines",
    "清单各行及其计算",
    "lines of the inventories, with their working",
    (
        _column("inventory", "清单序号", "number of the inventory", "integer"),
        _POSITION,
        _column("role", "排放源或碳汇", "source or sink"),
        _column("category", "类别", "category"),
        _column("label", "名称", "label"),
        _column("treatment", "计入方式", "how it counts"),
        _column("activity", "活动水平", "activity", "decimal", "activity.value"),
        _column("unit", "单位", "its unit", path="activity.unit"),
        _column("density", "密度、浓度或热值", "density, concentration or heating value", "decimal", "density.value"),
        _column("densityUnit", "单位", "its unit", path="density.unit"),
        _column("factor", "因子代码", "factor", path="factor.code"),
        _column("factorVersion", "因子版本", "its version", "integer", "factor.version"),
        _column("factorRegion", "因子适用地区", "its region", path="factor.region"),
        _column("factorYear", "因子年份", "its year", path="factor.validYear"),
        _column("factorSource", "因子来源", "its source", path="factor.sources.title"),
        _column("factorLocator", "来源中的位置", "where in the source", path="factor.sources.locator"),
        _column("working", "计算过程", "the working of each gas", path="explain.gases.expression"),
        _column("rounding", "修约对象", "what is rounded, to 6 decimals, half to even"),
        _CO2E,
        _column("dataQuality", "数据质量", "data quality"),
        _column("lifeCycleStage", "生命周期阶段", "stage of the life cycle"),
        _column("dutyUnit", "责任单位", "unit whose duty it counts to"),
        _column("warnings", "提示", "warnings"),
        _column("documents", "佐证文件的SHA-256", "SHA-256 of its documents", path="evidence.sha256"),
    ),
)  # fmt: skip

SOLD = Sheet(
    "sold",
    "由边界内碳汇签发的减排量",
    "credits issued for sinks inside the boundary",
    (
        _column("batch", "签发批次的日志位置", "position at which the batch was issued", "integer", "batch.issuedAt"),
        _column("programme", "机制", "programme", path="batch.programme.code"),
        _column("project", "项目代码", "project", path="batch.project.code"),
        _column("vintage", "年份", "vintage", "integer", "batch.vintage"),
        _column("producedFrom", "产生首日", "first day of production", "date", "batch.producedFrom"),
        _column("producedTo", "产生末日", "last day of production", "date", "batch.producedTo"),
        _column("serials", "登记机构写法的序列号", "serials as the registry writes them", path="batch.serials.text"),
        _column("quantity", "归入核算期的吨数", "tonnes of it that fall to the period", "integer"),
        *verified_columns("batch"),
    ),
)  # fmt: skip

RETIREMENTS = Sheet(
    "retirements",
    "注销",
    "retirements",
    (
        _POSITION,
        _column("postedAt", "登记时间", "when it was posted", "dateTime"),
        _column("retiredOn", "注销日期", "day of the retirement", "date"),
        _column("programme", "机制", "programme"),
        _column("registryReference", "登记机构凭证号", "the registry's reference"),
        _column("holder", "持有者登记的日志位置", "position at which the holder was registered", "integer"),
        _column("holderZh", "持有者（中文）", "holder (Chinese)"),
        _column("holderEn", "持有者（英文）", "holder (English)"),
        _QUANTITY,
        _column("quantityInForce", "有效吨数", "tonnes of it in force", "integer"),
        _column("certificate", "注销证明编号", "number of its certificate"),
    ),
)  # fmt: skip

MOVEMENTS = Sheet(
    "movements",
    "各笔注销的减排量变动",
    "what each retirement moved",
    (
        _column("retirement", "注销的日志位置", "position of the retirement", "integer"),
        _column("debit", "转出账户", "account that it left", "integer"),
        _column("credit", "转入账户", "account that it came to", "integer"),
        *_SERIALS,
        _column("programme", "机制", "programme"),
        _column("project", "项目代码", "project"),
        _column("projectZh", "项目名称（中文）", "project (Chinese)"),
        _column("projectEn", "项目名称（英文）", "project (English)"),
        _column("registration", "项目登记号", "number of the project in the programme"),
        _column("vintage", "年份", "vintage", "integer"),
        _column("producedFrom", "产生首日", "first day of production", "date"),
        _column("producedTo", "产生末日", "last day of production", "date"),
        *verified_columns(),
    ),
)

WITHDRAWN = Sheet(
    "withdrawn",
    "更正、作废及使注销失效的指令",
    "corrections, invalidations and orders: what is in force no more",
    (
        _column("retirement", "注销的日志位置", "position of the retirement", "integer"),
        _column("position", "失效的日志位置", "position since which it is in force no more", "integer"),
        _column("at", "时间", "when", "dateTime"),
        _column("kind", "事项", "what happened"),
        _column("reason", "原因", "why"),
        *_SERIALS,
        _column("document", "依据文件", "document that it rests on"),
        _column("grounds", "理由", "the reason in words"),
    ),
)  # fmt: skip

REFUSALS = Sheet(
    "refusals",
    "未获准的事项",
    "what was asked for and came to nothing",
    (
        _POSITION,
        _column("at", "时间", "when", "dateTime"),
        _column("kind", "事项", "what happened"),
        _column("organisation", "办理单位登记的日志位置", "position at which who did it was registered", "integer"),
        _column("asked", "申请的日志位置", "position at which it was asked for", "integer"),
        _column("askedAt", "申请时间", "when that was", "dateTime"),
        _column("askedKind", "所申请的事项", "what was asked"),
        _column("askedBy", "申请单位登记的日志位置", "position at which who asked was registered", "integer"),
        _column("code", "结果代码", "what came of it"),
        _column("codeZh", "结果（中文）", "in words (Chinese)"),
        _column("codeEn", "结果（英文）", "in words (English)"),
        _column("reason", "理由，按原文", "the reason, as it was written"),
    ),
)  # fmt: skip

ENTRIES = Sheet(
    "entries",
    "所涉及的日志",
    "the entries of the log that are named",
    (
        _POSITION,
        _column("at", "时间", "when", "dateTime"),
        _column("kind", "事项", "what happened"),
        _column(
            "organisation",
            "办理单位登记的日志位置",
            "position at which who did it was registered",
            "integer",
        ),
    ),
)

SHEETS = (
    STATEMENTS,
    CATEGORIES,
    DIFFERENCES,
    CHANGES,
    INVENTORIES,
    LINES,
    SOLD,
    RETIREMENTS,
    MOVEMENTS,
    WITHDRAWN,
    REFUSALS,
    ENTRIES,
)
