"""The lists that are tables: retirements, pilots, what moved for a pilot, the lines of an inventory."""

from nzc_api.files.columns import Column
from nzc_api.transport.columns import Table

POSITION = Column("position", "position", "日志位置", "position of the log", "integer")

RETIREMENTS = Table(
    "/retirements.csv",
    "retirements(filter: $filter, {page})",
    (
        POSITION,
        Column("id", "id", "标识", "id"),
        Column("postedAt", "postedAt", "登记时间", "when it was posted", "dateTime"),
        Column("retiredOn", "retiredOn", "注销日期", "day of the retirement", "date"),
        Column("programme", "programme.code", "机制", "programme"),
        Column("quantity", "quantity", "注销量，t", "tonnes retired", "integer"),
        Column("quantityInForce", "quantityInForce", "有效量，t", "tonnes of it that count now", "integer"),
        Column("pilot", "pilot.code", "试点代码", "code of the pilot"),
        Column("periodStartsOn", "accountingPeriod.startsOn", "核算期首日", "first day of the period", "date"),
        Column("periodEndsOn", "accountingPeriod.endsOn", "核算期末日", "last day of the period", "date"),
        Column("holderZh", "holder.name.zh", "持有者（中文）", "holder (Chinese)"),
        Column("holderEn", "holder.name.en", "持有者（英文）", "holder (English)"),
        Column("registryReference", "registryReference", "登记机构凭证号", "the registry's reference"),
        Column("corrected", "correction.position", "更正位置", "position of its correction", "integer"),
    ),
    filtered_by="RetirementFilterInput",
)  # fmt: skip

PILOTS = Table(
    "/pilots.csv",
    "pilots(filter: $filter, {page})",
    (
        Column("id", "id", "标识", "id"),
        Column("code", "code", "代码", "code"),
        Column("kind", "kind", "类型", "kind"),
        Column("variant", "variant", "细类", "variant"),
        Column("nameZh", "name.zh", "名称（中文）", "name (Chinese)"),
        Column("nameEn", "name.en", "名称（英文）", "name (English)"),
        Column("administrativeDivision", "administrativeDivision.code", "行政区划代码", "administrative division"),
        Column("operatorZh", "operator.name.zh", "运营单位（中文）", "operator (Chinese)"),
        Column("operatorEn", "operator.name.en", "运营单位（英文）", "operator (English)"),
        Column("surroundingPilots", "surroundingPilots.nodes.code", "所在的各试点", "pilots around it"),
        Column("operationStartsOn", "operationStartsOn", "投入运营日期", "first day of operation", "date"),
        Column("closedOn", "closedOn", "关闭日期", "last day of operation", "date"),
    ),
    filtered_by="PilotFilterInput",
)  # fmt: skip

MOVEMENTS = Table(
    "/pilots/{id}/movements.csv",
    "creditStatement({page})",
    (
        POSITION,
        Column("at", "at", "时间", "when", "dateTime"),
        Column("kind", "kind", "事项", "what happened"),
        Column("quantity", "quantity", "变动量，t；减少为负", "tonnes; below zero: less", "integer"),
        Column("balance", "balance", "余额，t", "tonnes afterwards", "integer"),
        Column("inForceBalance", "inForceBalance", "有效余额，t", "tonnes that count", "integer"),
        Column("invalidatedBalance", "invalidatedBalance", "作废，t", "tonnes invalidated", "integer"),
        Column("exportedBalance", "exportedBalance", "出口，t", "tonnes exported", "integer"),
        Column("frozenBalance", "frozenBalance", "冻结，t", "tonnes frozen", "integer"),
        Column("serials", "movement.serials.text", "序列号", "serials"),
        Column("debit", "movement.debit.kind", "转出账户", "account that they left"),
        Column("credit", "movement.credit.kind", "转入账户", "account that they came to"),
    ),
    parent="Pilot",
    counted=False,
)  # fmt: skip

LINE = (
    POSITION,
    Column("id", "id", "标识", "id"),
    Column("category", "category", "类别", "category"),
    Column("label", "label", "名称", "label"),
    Column("activity", "activity.value", "活动水平", "activity", "decimal"),
    Column("unit", "activity.unit", "单位", "its unit"),
    Column("factor", "factor.code", "因子代码", "factor"),
    Column("factorVersion", "factor.version", "因子版本", "its version", "integer"),
    Column("treatment", "treatment", "计入方式", "how it counts"),
    Column("dataQuality", "dataQuality", "数据质量", "data quality"),
    Column("lifeCycleStage", "lifeCycleStage", "生命周期阶段", "stage of the life cycle"),
    Column("dutyUnit", "dutyUnit", "责任单位", "unit whose duty it counts to"),
    Column("co2e", "co2e", "t CO2e", "t CO2e", "decimal"),
    Column("working", "explain.gases.expression", "计算过程", "the working of each gas"),
)  # fmt: skip

EMISSION_SOURCES = Table(
    "/inventories/{id}/emission-sources.csv", "emissionSources({page})", LINE, parent="Inventory"
)
SINKS = Table("/inventories/{id}/sinks.csv", "sinks({page})", LINE, parent="Inventory")

TABLES = (RETIREMENTS, PILOTS, MOVEMENTS, EMISSION_SOURCES, SINKS)
