"""The sections of a report that have its numbers: activity data, factors, results, sinks, memo items. Pure."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from nzc_api.accounting.exact import total
from nzc_api.accounting.factors import EmissionFactor, GasFactor
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.line import element_of, shown_value
from nzc_api.accounting.units import unit_name
from nzc_api.guide.terms import Category
from nzc_api.inventories.model import CategoryTotal, Line, LineRole
from nzc_api.reports.material import MOST_NAMED, ReportMaterial
from nzc_api.reports.model import ReportSectionCode, ReportTable, Section
from nzc_api.reports.saying import NOTHING, Speaker, number, tonnes
from nzc_api.statements.gross import is_sink, is_source
from nzc_api.statements.model import NetEmissions


def activity_data(material: ReportMaterial, by: Speaker) -> Section:
    """Each source with its activity, what that rests on, and what it comes to."""
    say = by.say
    heading = say("活动数据及其来源", "Activity data and their sources")
    if not material.sees_lines:
        return Section(ReportSectionCode.ACTIVITY_DATA, heading, (_hidden(by),))
    sources = [line for line in material.lines if line.role is LineRole.SOURCE]
    table = _lines(say("排放源", "Emission sources"), sources, material, by)
    return Section(
        code=ReportSectionCode.ACTIVITY_DATA, heading=heading, paragraphs=(), tables=(table,)
    )


def factors(material: ReportMaterial, by: Speaker) -> Section:
    """The factors as they were used."""
    say = by.say
    heading = say("排放因子", "Emission factors")
    if not material.sees_lines:
        return Section(ReportSectionCode.FACTORS, heading, (_hidden(by),))
    used = {line.factor.code: line.factor for line in material.lines}
    columns = (say("代码", "Code"), say("名称", "Name"), say("取值", "Value"), say("地区、年份", "Region, year"),
               say("来源", "Source"))  # fmt: skip
    rows = tuple(_factor(used[code], by) for code in sorted(used))
    return Section(
        code=ReportSectionCode.FACTORS,
        heading=heading,
        paragraphs=(),
        tables=(ReportTable(say("采用的因子", "Factors used"), columns, rows),),
    )


def results(material: ReportMaterial, by: Speaker) -> Section:
    """What this inventory comes to, and what the period does, with all that it rests on."""
    say = by.say
    counted = [item for item in material.totals if is_source(item)]
    tables = [
        _by_category(
            say("本清单的排放，按类别", "This inventory's emissions by category"), counted, by
        ),
        _by_gas(say("本清单的排放，按气体", "This inventory's emissions by gas"), counted, by),
    ]
    if material.sees_lines:
        rows = tuple((by.word(share.scope), tonnes(share.co2e)) for share in material.shares)
        tables.append(
            ReportTable(say("按范围", "By scope"), (say("范围", "Scope"), "t CO2e"), rows)
        )
    paragraphs: tuple[str, ...]
    if material.statement is None:
        paragraphs = (
            say("该试点的净排放结果不对您公开。", "You do not see what the pilot states."),
        )
    else:
        paragraphs = tuple(by.text(item.message) for item in material.statement.unknown)
        paragraphs += tuple(by.text(note.message) for note in material.statement.notes)
        tables.append(_net(material.statement, by))
    return Section(
        code=ReportSectionCode.RESULTS,
        heading=say("核算结果", "Results"),
        paragraphs=paragraphs,
        tables=tuple(tables),
    )


def sinks(material: ReportMaterial, by: Speaker) -> Section:
    """What is taken up inside the boundary, and on what that rests."""
    say = by.say
    counted = [item for item in material.totals if is_sink(item)]
    tables = [_by_category(say("碳汇，按类别", "Sinks by category"), counted, by)]
    paragraphs = [] if material.sees_lines else [_hidden(by)]
    found = [line for line in material.lines if line.role is LineRole.SINK]
    if found:
        tables.append(_lines(say("碳汇各行", "Sinks, line by line"), found, material, by))
        columns = (say("名称", "Name"), say("方法学", "Methodology"), say("依据", "Evidence"))
        rows = tuple(
            (line.label, line.sink_basis.methodology, line.sink_basis.evidence)
            for line in found
            if line.sink_basis is not None
        )
        tables.append(ReportTable(say("碳汇的依据", "What sinks rest on"), columns, rows))
    if not counted:
        paragraphs.append(say("没有计入的碳汇。", "No sink counts."))
    heading = say("碳汇", "Sinks")
    shown = tuple(table for table in tables if table.rows)
    return Section(
        code=ReportSectionCode.SINKS, heading=heading, paragraphs=tuple(paragraphs), tables=shown
    )


def memo_items(material: ReportMaterial, by: Speaker) -> Section:
    """What is recorded, and outside the net."""
    say = by.say
    memo = [item for item in material.totals if not item.counts]
    heading = say("仅列示的项目", "Memo items")
    if not memo:
        nothing = say("没有仅列示的项目。", "There are no memo items.")
        return Section(ReportSectionCode.MEMO_ITEMS, heading, (nothing,))
    outside = say("以下项目不计入净排放。", "These are outside the net.")
    tables = tuple(
        _by_category(caption, [item for item in memo if item.role is role], by)
        for role, caption in (
            (LineRole.SOURCE, say("排放", "Emissions")),
            (LineRole.SINK, say("碳汇", "Sinks")),
        )
    )
    return Section(
        code=ReportSectionCode.MEMO_ITEMS,
        heading=heading,
        paragraphs=(outside,),
        tables=tuple(table for table in tables if table.rows),
    )


def _net(statement: NetEmissions, by: Speaker) -> ReportTable:
    say = by.say
    return by.facts(
        say("核算期的净排放（全部清单）", "The period's net emissions (all its inventories)"),
        (say("边界内排放，t CO2e", "Emissions inside the boundary, t CO2e"), tonnes(statement.gross_co2e)),
        (say("边界内碳汇（可计入），t CO2e", "Sinks inside (usable), t CO2e"), tonnes(statement.usable_sinks_co2e)),
        (say("购买的自愿减排量，t", "Reductions bought, t"), tonnes(statement.purchased_tonnes)),
        (say("净排放，t CO2e", "Net emissions, t CO2e"), tonnes(statement.net_co2e)),
        (
            say("达到零还需要的减排量，t", "Reductions still missing to zero, t"),
            tonnes(statement.further_credits_to_zero),
        ),
    )  # fmt: skip


def _lines(
    caption: str, lines: Iterable[Line], material: ReportMaterial, by: Speaker
) -> ReportTable:
    say = by.say
    columns = (
        say("类别", "Category"),
        say("名称", "Name"),
        say("活动数据", "Activity"),
        say("因子", "Factor"),
        "t CO2e",
        say("计入方式", "Treatment"),
        say("数据质量", "Quality"),
        say("文件", "Documents"),
    )
    rows = tuple(
        (
            by.word(line.category),
            line.label,
            f"{number(line.activity.value)} {by.text(unit_name(line.activity.unit))}",
            line.factor.code,
            tonnes(total(gas.co2e for gas in line.gases)),
            by.word(line.treatment),
            by.word(line.data_quality),
            _documents(material, line, by),
        )
        for line in lines
    )
    return ReportTable(caption, columns, rows)


def _documents(material: ReportMaterial, line: Line, by: Speaker) -> str:
    evidence = material.evidence.get(line.id, ())
    found = [f"{item.name} (SHA-256 {item.sha256[:12]}…)" for item in evidence[:MOST_NAMED]]
    if len(evidence) > MOST_NAMED:
        found.append(by.say("以及其他文件", "and others"))
    if line.meter_basis is not None:
        found.append(by.say("计量器具", "meter"))
    return "; ".join(found) or NOTHING


def _factor(factor: EmissionFactor, by: Speaker) -> tuple[str, ...]:
    sources = "; ".join(f"{source.title}, {source.locator}" for source in factor.sources)
    values = "; ".join(factor_text(factor, gas) for gas in factor.gases)
    where = f"{factor.region}, {factor.valid_year}"
    return factor.code, by.text(factor.name), values or NOTHING, where, sources or NOTHING


def factor_text(factor: EmissionFactor, gas: GasFactor) -> str:
    """A factor's value of a gas, and where it is a product, its parts."""
    if not gas.parts:
        return f"{gas.gas}: 1"
    value, unit = shown_value(factor, gas)
    element = element_of(gas)
    parts = [f"{number(p.value)} {p.unit.removeprefix('1')}".strip() for p in gas.parts]
    parts += [] if element is None else [element.ratio]
    product = f" = {' × '.join(parts)}" if len(parts) > 1 else ""
    return f"{gas.gas}: {number(value)} {unit}{product}"


def _by_category(caption: str, rows: list[CategoryTotal], by: Speaker) -> ReportTable:
    def co2e(category: Category) -> list[Decimal]:
        return [row.co2e for row in rows if row.category is category]

    found = [(by.word(c), tonnes(total(co2e(c)))) for c in Category if co2e(c)]
    return ReportTable(caption, (by.say("类别", "Category"), "t CO2e"), _with_sum(found, rows, by))


def _by_gas(caption: str, rows: list[CategoryTotal], by: Speaker) -> ReportTable:
    def of_gas(gas: Gas, amount: Callable[[CategoryTotal], Decimal]) -> str:
        return tonnes(total(amount(row) for row in rows if row.gas is gas))

    there = [gas for gas in Gas if any(row.gas is gas for row in rows)]
    found = tuple(
        (gas.value, of_gas(gas, lambda row: row.tonnes), of_gas(gas, lambda row: row.co2e))
        for gas in there
    )
    return ReportTable(caption, (by.say("气体", "Gas"), "t", "t CO2e"), found)


def _with_sum(
    found: list[tuple[str, str]], rows: list[CategoryTotal], by: Speaker
) -> tuple[tuple[str, ...], ...]:
    if not found:
        return ()
    return (*found, (by.say("合计", "Total"), tonnes(total(row.co2e for row in rows))))


def _hidden(by: Speaker) -> str:
    return by.say("各行不对您公开。", "You do not see the lines.")
