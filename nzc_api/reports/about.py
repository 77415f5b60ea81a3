"""The sections of a report that say what was accounted, how, and how sure that is. Pure."""

from nzc_api.accounting.exact import total
from nzc_api.guide.guide import GUIDE
from nzc_api.inventories.rules import list_of
from nzc_api.reports.material import ReportMaterial
from nzc_api.reports.model import ReportSectionCode, ReportTable, Section
from nzc_api.reports.saying import NOTHING, Speaker, number, tonnes


def boundary(material: ReportMaterial, by: Speaker) -> Section:
    """Who and what was accounted, on which days."""
    pilot, inventory, say = material.pilot, material.inventory, by.say
    division = GUIDE.division(pilot.division_code)
    table = by.facts(
        say("试点与核算期", "The pilot and its period"),
        (say("试点", "Pilot"), by.text(pilot.name)),
        (say("代码", "Code"), pilot.code),
        (say("类型", "Kind"), by.text(GUIDE.variant(pilot.variant).name)),
        (say("申报主体", "Applicant"), by.text(pilot.applicant_name)),
        (say("地级市", "City"), by.text(None if division is None else division.name)),
        (say("投入运营", "In operation since"), str(pilot.operation_starts_on or NOTHING)),
        (say("核算期", "Accounting period"), _days(material.period.span.starts_on, material.period.span.ends_on)),
        (say("清单日期", "Days of the inventory"), _days(inventory.span.starts_on, inventory.span.ends_on)),
        (say("阶段", "Phase"), by.word(inventory.phase)),
        (say("口径", "Basis"), by.word(inventory.basis)),
        (say("版本", "Version"), str(inventory.version)),
        (say("状态", "Status"), by.word(inventory.status)),
    )  # fmt: skip
    scope = by.text(GUIDE.variant(pilot.variant).scope)
    return Section(
        code=ReportSectionCode.BOUNDARY,
        heading=say("核算边界", "Boundary"),
        paragraphs=(scope,),
        tables=(table,),
    )


def method(material: ReportMaterial, by: Speaker) -> Section:
    """By which rules it was accounted."""
    terms, inventory, say = GUIDE.variant(material.pilot.variant), material.inventory, by.say
    used = list_of(inventory)
    table = by.facts(
        say("方法与参数", "Method and parameters"),
        (say("参考方法", "Method that the guide names"), by.text(terms.method)),
        (say("计算公式", "Formula"), by.text(GUIDE.formula.text)),
        (say("全球变暖潜势", "Warming potentials"), inventory.gwp_set),
        (say("排放因子列表", "List of factors"), f"{by.text(used.name)} ({used.code}, {used.version})"),
        (say("核算范围内的类别", "Categories in scope"), by.words(tuple(c.category for c in terms.categories))),
        (say("声明不发生的类别", "Declared not to occur"), by.words(inventory.not_occurring)),
    )  # fmt: skip
    each = say(
        "每一行为活动数据乘以排放因子，再按气体乘以全球变暖潜势；按行和气体舍入一次至克，合计为各行之和。",
        "A line is its activity data times its factor, and by gas times the warming potential. It is rounded once a "
        "line and gas, to a gram; totals are the sums of lines.",
    )
    return Section(
        code=ReportSectionCode.METHOD,
        heading=say("核算方法", "Method"),
        paragraphs=(each,),
        tables=(table,),
    )


def data_quality(material: ReportMaterial, by: Speaker) -> Section:
    """What it rests on, what it covers, and what the verifier said."""
    say = by.say
    paragraphs = list(_opinion(material, by))
    tables = []
    if material.statement is not None:
        coverage = material.statement.coverage
        tables.append(
            by.facts(
                say("核算期的完整性", "What the period's inventories cover"),
                (say("完整性", "Coverage"), by.word(coverage.status)),
                (say("核算期天数", "Days of the period"), str(coverage.days_in_period)),
                (say("已覆盖天数", "Days covered"), str(coverage.days_covered)),
            )
        )
        tables.append(_gaps(material, by))
        paragraphs += [by.text(warning.message) for warning in coverage.warnings]
    if material.sees_lines:
        columns = (say("数据质量", "Quality of data"), "t CO2e")
        rows = tuple((by.word(share.quality), tonnes(share.co2e)) for share in material.quality)
        tables.append(ReportTable(say("按数据质量", "By quality of data"), columns, rows))
        unshown = tonnes(total(gas.co2e for line in material.unshown for gas in line.gases))
        paragraphs.append(
            say(
                f"没有文件或计量器具佐证的共{len(material.unshown)}行，{unshown} t CO2e。",
                f"Neither a document nor a meter shows {len(material.unshown)} lines of "
                f"{unshown} t CO2e.",
            )
        )
    heading = say("数据质量", "Quality of data")
    shown = tuple(table for table in tables if table.rows)
    return Section(
        code=ReportSectionCode.DATA_QUALITY,
        heading=heading,
        paragraphs=tuple(paragraphs),
        tables=shown,
    )


def potential(material: ReportMaterial, by: Speaker) -> Section:
    """What was written of the potential to reach zero."""
    say, found = by.say, material.analysis
    heading = say("零碳化潜力", "Potential to reach zero")
    if found is None:
        nothing = say("至此未撰写潜力分析。", "No analysis of the potential was written by then.")
        hidden = say("潜力分析不对您公开。", "You do not see analyses of the potential.")
        told = nothing if material.sees_potential else hidden
        return Section(ReportSectionCode.POTENTIAL, heading, (told,))
    table = by.facts(
        say(f"{found.terms.year}年的潜力，t CO2e", f"The potential of {found.terms.year}, t CO2e"),
        (say("基准排放", "Emissions that it starts from"), tonnes(found.gross)),
        (say("年增长率", "Growth a year"), f"{number(found.terms.growth)} ({found.growth_source})"),
        (say("照常情景", "Business as usual"), tonnes(found.business_as_usual)),
        (say("措施减排", "What measures bring"), tonnes(found.expected)),
        (say("碳汇", "Sinks"), tonnes(found.sinks)),
        (say("剩余排放", "What is left"), tonnes(found.remaining)),
    )
    return Section(
        code=ReportSectionCode.POTENTIAL,
        heading=heading,
        paragraphs=found.paragraphs,
        tables=(table,),
    )


def _opinion(material: ReportMaterial, by: Speaker) -> tuple[str, ...]:
    if material.opinion is None:
        return ()
    level = by.say("核查意见：", "The verifier's opinion: ") + by.word(material.opinion.level)
    return (level, *material.opinion.findings)


def _gaps(material: ReportMaterial, by: Speaker) -> ReportTable:
    assert material.statement is not None
    say = by.say
    columns = (
        say("阶段", "Phase"),
        say("日期", "Days"),
        say("缺少的类别", "Categories that are missing"),
    )
    rows = tuple(
        (by.word(gap.phase), _days(gap.span.starts_on, gap.span.ends_on), by.words(gap.categories))
        for gap in material.statement.coverage.gaps
    )
    return ReportTable(say("缺口", "What is missing"), columns, rows)


def _days(first: object, last: object) -> str:
    return f"{first} – {last}"
