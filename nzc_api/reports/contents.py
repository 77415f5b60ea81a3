"""Putting a report together, of what was read. Pure."""

from nzc_api.guide.guide import GUIDE
from nzc_api.reports.about import boundary, data_quality, method, potential
from nzc_api.reports.accounts import activity_data, factors, memo_items, results, sinks
from nzc_api.reports.material import ReportMaterial
from nzc_api.reports.model import Report, ReportKey
from nzc_api.reports.saying import Speaker

# In the order of the document.
SECTIONS = (boundary, method, activity_data, factors, results, sinks, memo_items, data_quality, potential)  # fmt: skip


def report_of(key: ReportKey, material: ReportMaterial) -> Report:
    """The report; the guide says what it is called (清单报告 or 核算报告)."""
    by = Speaker(key.language)
    terms = GUIDE.kind_of(material.pilot.variant)
    name = by.text(terms.document_name)
    pilot, days = material.pilot, material.inventory.span
    return Report(
        key=key,
        kind=terms.document,
        name=f"{pilot.code}-{days.ends_on}-{key.as_of}-{key.language.lower()}",
        title=by.say(f"{pilot.name.zh}{name}", f"{pilot.name.en}: {name}"),
        subtitle=by.say(
            f"{days.starts_on} – {days.ends_on}；依据日志位置{key.as_of}",
            f"{days.starts_on} – {days.ends_on}; as of position {key.as_of} of the log",
        ),
        at=material.at,
        sections=tuple(section(material, by) for section in SECTIONS),
    )
