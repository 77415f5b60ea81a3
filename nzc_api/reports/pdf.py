"""A report as PDF, by Typst: the same bytes each time. Typst and its fonts are the extra ``nzc-api[reports]``."""

import json
from importlib.resources import files
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

from nzc_api.reports.model import Report

TEMPLATE = files("nzc_api.reports") / "data" / "report.typ"
FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent


def pdf_of(report: Report) -> bytes:
    """The report's file. It computes for up to seconds: not in the event loop's thread."""
    given = {
        "language": report.key.language.lower(),
        "title": report.title,
        "subtitle": report.subtitle,
        "sections": [
            {
                "heading": section.heading,
                "paragraphs": section.paragraphs,
                "tables": [
                    {"caption": table.caption, "columns": table.columns, "rows": table.rows}
                    for table in section.tables
                ],
            }
            for section in report.sections
        ],
    }
    sources = {
        "main.typ": TEMPLATE.read_bytes(),
        "report.json": json.dumps(given, ensure_ascii=False).encode(),
    }
    # Its stub does not know that sources may be a dictionary.
    made: bytes = typst.compile(  # type: ignore[call-overload]
        sources,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        timestamp=report.at.replace(microsecond=0),
        pdf_tags=False,
    )
    return made
