"""The lists that are tables: retirements, batches, projects, pilots, what moved for a pilot, an inventory's lines."""

from nzc_api.files.columns import Column
from nzc_api.packs.verified import verified_columns
from nzc_api.transport.columns import ServedTable

POSITION = Column("position", "position", "日志位置", "position of the log", "integer")

RETIREMENTS = ServedTable(
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
        Column("batchCount", "batches.totalCount", "所属批次数", "how many batches it took from", "integer"),
        Column("batches", "batches.nodes.position", "前20个批次的签发位置：详见/batches.csv",
               "positions of the first 20 of them: /batches.csv says who verified them"),
    ),
    filtered_by="RetirementFilterInput",
)  # fmt: skip

BATCHES = ServedTable(
    "/batches.csv",
    "creditBatches(filter: $filter, {page})",
    (
        POSITION,
        Column("id", "id", "标识", "id"),
        Column("programme", "programme.code", "机制", "programme"),
        Column("project", "project.code", "项目代码", "project"),
        Column("projectZh", "project.name.zh", "项目名称（中文）", "project (Chinese)"),
        Column("projectEn", "project.name.en", "项目名称（英文）", "project (English)"),
        Column("registration", "enrolment.number", "项目登记号", "number of the project in the programme"),
        Column("serials", "serials.text", "序列号", "serials"),
        Column("quantity", "quantity", "吨数", "tonnes", "integer"),
        Column("invalidatedQuantity", "invalidatedQuantity", "作废吨数", "tonnes of it invalidated", "integer"),
        Column("vintage", "vintage", "年份", "vintage", "integer"),
        Column("producedFrom", "producedFrom", "产生首日", "first day of production", "date"),
        Column("producedTo", "producedTo", "产生末日", "last day of production", "date"),
        Column("reductionsRegisteredOn", "reductionsRegisteredOn", "减排量登记日期", "day of registration", "date"),
        Column("corrected", "correction.position", "更正位置", "position of its correction", "integer"),
        *verified_columns(),
    ),
    filtered_by="CreditBatchFilterInput",
)  # fmt: skip

PROJECTS = ServedTable(
    "/projects.csv",
    "projects(filter: $filter, {page})",
    (
        Column("id", "id", "标识", "id"),
        Column("code", "code", "代码", "code"),
        Column("nameZh", "name.zh", "名称（中文）", "name (Chinese)"),
        Column("nameEn", "name.en", "名称（英文）", "name (English)"),
        Column("forestry", "forestry", "是否碳汇", "whether it is a carbon sink", "boolean"),
        Column("pilot", "pilot.code", "所在试点", "pilot that it lies in"),
        Column("programmes", "enrolments.programme.code", "登记的各机制", "programmes that it is registered in"),
        Column("registrations", "enrolments.number", "项目登记号", "its number in each"),
        Column("registeredOn", "enrolments.registeredOn", "项目登记日期", "day of each registration"),
        *(column._replace(path=column.path.replace("enrolment", "enrolments", 1), datatype="string")
          for column in verified_columns() if column.path.startswith("enrolment")),
    ),
    filtered_by="ProjectFilterInput",
)  # fmt: skip

PILOTS = ServedTable(
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

MOVEMENTS = ServedTable(
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
        Column("batch", "movement.batch.position", "批次的签发位置", "position of the batch's issuance", "integer"),
        Column("programme", "movement.batch.programme.code", "机制", "programme"),
        Column("project", "movement.batch.project.code", "项目代码", "project"),
        *verified_columns("movement.batch"),
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

EMISSION_SOURCES = ServedTable(
    "/inventories/{id}/emission-sources.csv", "emissionSources({page})", LINE, parent="Inventory"
)
SINKS = ServedTable("/inventories/{id}/sinks.csv", "sinks({page})", LINE, parent="Inventory")

TABLES = (RETIREMENTS, BATCHES, PROJECTS, PILOTS, MOVEMENTS, EMISSION_SOURCES, SINKS)
